/* facenet-weights-load.c - weights out of a safetensors file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * In: tensors of F32 and F16 under their names, and the metadata strings.
 * Which bytes are whose, base/facenet-safetensors.c has checked; here they
 * become floats.
 */
#include "weights/facenet-weights-private.h"

#include "base/facenet-file-private.h"
#include "base/facenet-half-private.h"
#include "weights/facenet-format-private.h"

#include <string.h>

G_STATIC_ASSERT (FACENET_TENSOR_MAX_RANK == FACENET_SAFETENSORS_MAX_RANK);

/* (transfer full): the values as floats, or NULL */
static gfloat *
widen (const FacenetSafetensor * tensor, const gchar * location,
    GError ** error)
{
  gfloat *values;

  if (!g_str_equal (tensor->dtype, "F32")
      && !g_str_equal (tensor->dtype, "F16")) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s/%s: dtype %s, expected F32 or F16", location, tensor->name,
        tensor->dtype);
    return NULL;
  }
  /* One more, so that an empty tensor is not NULL. */
  values = g_try_new (gfloat, tensor->n_values + 1);
  if (values == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s/%s: no memory for its %" G_GSIZE_FORMAT " values", location,
        tensor->name, tensor->n_values);
    return NULL;
  }
  if (g_str_equal (tensor->dtype, "F16")) {
    facenet_half_read (values, tensor->data, tensor->n_values);
  } else {
    facenet_float_read (values, tensor->data, tensor->n_values);
  }
  return values;
}

static gboolean
load_tensor (FacenetWeights * self, const FacenetSafetensor * tensor,
    GError ** error)
{
  const gchar *location = facenet_weights_get_location (self);
  guint32 dims[FACENET_TENSOR_MAX_RANK];
  gfloat *values;

  for (guint i = 0; i < tensor->rank; i++) {
    if (tensor->dims[i] > G_MAXUINT32) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
          "%s/%s: dimension %u is %" G_GSIZE_FORMAT ", must be at most %u",
          location, tensor->name, i, tensor->dims[i], G_MAXUINT32);
      return FALSE;
    }
    dims[i] = (guint32) tensor->dims[i];
  }
  values = widen (tensor, location, error);
  return values != NULL && facenet_weights_take (self, tensor->name,
      tensor->rank, dims, values, error);
}

FacenetWeights *
facenet_weights_parse (GBytes * bytes, const gchar * location, GError ** error)
{
  g_autoptr (FacenetWeights) self = NULL;
  g_autoptr (FacenetSafetensors) file =
      facenet_safetensors_parse (bytes, location, error);
  GHashTableIter iter;
  gpointer key, value;

  if (file == NULL) {
    return NULL;
  }
  self = facenet_weights_new (location);
  for (guint i = 0; i < file->tensors->len; i++) {
    if (!load_tensor (self, &g_array_index (file->tensors, FacenetSafetensor,
                i), error)) {
      return NULL;
    }
  }
  g_hash_table_iter_init (&iter, file->metadata);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    facenet_weights_set_metadata (self, key, value);
  }
  return g_steal_pointer (&self);
}

/* Says what a file is that is no safetensors file. */
static void
fail (const gchar * location, GBytes * bytes, GError ** error)
{
  const gchar *name =
      facenet_format_get_name (facenet_format_sniff (location, bytes));

  if (name == NULL) {
    facenet_format_fail (location, bytes, "a model: safetensors", error);
    return;
  }
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: %s, not safetensors; run: facenet convert %s OUT.safetensors",
      location, name, location);
}

FacenetWeights *
facenet_weights_load (const gchar * location, GError ** error)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (location != NULL, NULL);

  if (g_file_test (location, G_FILE_TEST_IS_DIR)) {
    fail (location, NULL, error);
    return NULL;
  }
  bytes = facenet_file_read (location, FACENET_MAX_MODEL_SIZE, error);
  if (bytes == NULL)
    return NULL;
  if (facenet_safetensors_sniff (bytes))
    return facenet_weights_parse (bytes, location, error);
  fail (location, bytes, error);
  return NULL;
}
