/* facenet-weights-save.c - weights into a safetensors file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Out: tensors in strcmp order, those of rank 2 and more as F16 when that is
 * asked for. Vectors (biases, statistics of batch normalisation) stay F32:
 * they are few, and a variance reaches below what a half can hold.
 */
#include "weights/facenet-weights-private.h"

#include "base/facenet-safetensors-private.h"
#include "base/facenet-half-private.h"

#include <math.h>
#include <string.h>

static gboolean
is_half (const FacenetTensor * tensor, FacenetDtype dtype)
{
  return dtype == FACENET_DTYPE_F16 && tensor->rank >= 2;
}

static gfloat
round_half (gfloat value)
{
  return facenet_half_to_float (facenet_half_from_float (value));
}

/* FALSE with LIMIT when a value is beyond the range of a half. changed becomes
 * TRUE when rounding is not exact. */
static gboolean
check_rounding (const FacenetWeights * self, const FacenetTensor * tensor,
    gboolean * changed, GError ** error)
{
  for (gsize i = 0; i < tensor->n_values; i++) {
    gfloat value = round_half (tensor->values[i]);

    if (isinf (value)) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
          "%s/%s: value %" G_GSIZE_FORMAT " is %g, expected at most 65504 for "
          "F16", facenet_weights_get_location (self), tensor->name, i,
          (gdouble) tensor->values[i]);
      return FALSE;
    }
    *changed |= memcmp (&value, &tensor->values[i], sizeof value) != 0;
  }
  return TRUE;
}

static gboolean
check_all (const FacenetWeights * self, const gchar ** names,
    FacenetDtype dtype, gboolean * changed, GError ** error)
{
  *changed = FALSE;
  for (guint i = 0; names[i] != NULL; i++) {
    const FacenetTensor *tensor = facenet_weights_get (self, names[i]);

    if (is_half (tensor, dtype)
        && !check_rounding (self, tensor, changed, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
facenet_weights_round (FacenetWeights * self, FacenetDtype dtype,
    GError ** error)
{
  g_autofree const gchar **names = facenet_weights_list (self);
  gboolean changed;

  if (!check_all (self, names, dtype, &changed, error)) {
    return FALSE;
  }
  for (guint i = 0; names[i] != NULL; i++) {
    const FacenetTensor *tensor = facenet_weights_get (self, names[i]);

    if (is_half (tensor, dtype)) {
      for (gsize k = 0; k < tensor->n_values; k++) {
        tensor->values[k] = round_half (tensor->values[k]);
      }
    }
  }
  if (changed) {
    facenet_weights_set_metadata (self, "id", NULL);
  }
  return TRUE;
}

/* Fills row; its name belongs to the tensor, its data to the caller. */
static void
encode (FacenetSafetensor * row, const FacenetTensor * tensor, gboolean half)
{
  guint8 *data;

  row->name = tensor->name;
  row->dtype = half ? "F16" : "F32";
  row->rank = tensor->rank;
  for (guint i = 0; i < tensor->rank; i++) {
    row->dims[i] = tensor->dims[i];
  }
  row->n_values = tensor->n_values;
  row->size = tensor->n_values * (half ? 2 : 4);
  data = g_malloc (row->size);
  if (half) {
    facenet_half_write (data, tensor->values, tensor->n_values);
  } else {
    facenet_float_write (data, tensor->values, tensor->n_values);
  }
  row->data = data;
}

/* (transfer full): the metadata of the file */
static GHashTable *
copy_metadata (const FacenetWeights * self, gboolean with_id)
{
  g_auto (GStrv) keys = facenet_weights_list_metadata (self);
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      g_free);

  for (guint i = 0; keys[i] != NULL; i++) {
    if (with_id || !g_str_equal (keys[i], "id")) {
      g_hash_table_insert (copy, g_strdup (keys[i]),
          g_strdup (facenet_weights_get_metadata (self, keys[i])));
    }
  }
  return copy;
}

gboolean
facenet_weights_save (const FacenetWeights * self, const gchar * location,
    FacenetDtype dtype, GError ** error)
{
  g_autofree const gchar **names = facenet_weights_list (self);
  guint n = g_strv_length ((gchar **) names);
  g_autofree FacenetSafetensor *rows = NULL;
  g_autoptr (GHashTable) metadata = NULL;
  gboolean changed, ok;

  if (facenet_weights_is_flat (self)) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE,
        "%s: its tensors have no shapes, expected those of a network",
        facenet_weights_get_location (self));
    return FALSE;
  }
  if (!check_all (self, names, dtype, &changed, error)) {
    return FALSE;
  }
  metadata = copy_metadata (self, !changed);
  rows = g_new0 (FacenetSafetensor, n);
  for (guint i = 0; i < n; i++) {
    const FacenetTensor *tensor = facenet_weights_get (self, names[i]);

    encode (&rows[i], tensor, is_half (tensor, dtype));
  }
  ok = facenet_safetensors_write (location, rows, n, metadata, error);
  for (guint i = 0; i < n; i++) {
    g_free ((gpointer) rows[i].data);
  }
  return ok;
}
