/* facenet-weights.c - named tensors and what is said about them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Two tables, of tensors and of strings. Whatever a file was, what is in here
 * has distinct names, a bounded rank and finite values: later rooms rely on
 * it and do not look again.
 */
#include "weights/facenet-weights-private.h"

#include <math.h>
#include <string.h>

struct _FacenetWeights
{
  gchar *location;
  GHashTable *tensors;          /* name (in the tensor) to FacenetTensor */
  GHashTable *metadata;         /* string to string */
  gboolean flat;
};

static void
tensor_free (gpointer data)
{
  FacenetTensor *tensor = data;

  g_free (tensor->name);
  g_free (tensor->values);
  g_free (tensor);
}

static gint
compare_strings (gconstpointer a, gconstpointer b)
{
  const gchar *const *one = a, *const *other = b;

  return strcmp (*one, *other);
}

/* (transfer container): the keys in strcmp order, NULL-terminated */
static const gchar **
sorted_keys (GHashTable * table)
{
  guint n;
  gpointer *keys = g_hash_table_get_keys_as_array (table, &n);

  qsort (keys, n, sizeof *keys, compare_strings);
  return (const gchar **) keys;
}

/*
 * facenet_weights_new:
 * @location: the name of the file they are from or for
 */
FacenetWeights *
facenet_weights_new (const gchar * location)
{
  FacenetWeights *self = g_new0 (FacenetWeights, 1);

  self->location = g_strdup (location);
  self->tensors = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
      tensor_free);
  self->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      g_free);
  return self;
}

void
facenet_weights_free (FacenetWeights * self)
{
  if (self == NULL) {
    return;
  }
  g_hash_table_unref (self->tensors);
  g_hash_table_unref (self->metadata);
  g_free (self->location);
  g_free (self);
}

const gchar *
facenet_weights_get_location (const FacenetWeights * self)
{
  return self->location;
}

/* Whether all values are finite: any exponent of all ones is seen without a
 * branch for each value. */
static gboolean
are_finite (const gfloat * values, gsize n)
{
  guint32 bad = 0;

  for (gsize i = 0; i < n; i++) {
    guint32 bits;

    memcpy (&bits, &values[i], sizeof bits);
    bad |= (bits & 0x7f800000u) == 0x7f800000u;
  }
  return bad == 0;
}

static gboolean
fail_not_finite (const FacenetWeights * self, const FacenetTensor * tensor,
    GError ** error)
{
  gsize i = 0;

  while (isfinite (tensor->values[i])) {
    i++;
  }
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s/%s: value %" G_GSIZE_FORMAT " is %s, expected finite numbers",
      self->location, tensor->name, i,
      isnan (tensor->values[i]) ? "not a number" : "infinite");
  return FALSE;
}

static gboolean
set_shape (const FacenetWeights * self, FacenetTensor * tensor, guint rank,
    const guint32 * dims, GError ** error)
{
  if (rank > FACENET_TENSOR_MAX_RANK) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s/%s: %u dimensions, expected at most %d", self->location,
        tensor->name, rank, FACENET_TENSOR_MAX_RANK);
    return FALSE;
  }
  tensor->rank = rank;
  tensor->n_values = 1;
  for (guint i = 0; i < rank; i++) {
    tensor->dims[i] = dims[i];
    if (!g_size_checked_mul (&tensor->n_values, tensor->n_values, dims[i])) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
          "%s/%s: more values than memory can hold", self->location,
          tensor->name);
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
facenet_weights_take (FacenetWeights * self, const gchar * name, guint rank,
    const guint32 * dims, gfloat * values, GError ** error)
{
  FacenetTensor *tensor = g_new0 (FacenetTensor, 1);
  gboolean ok;

  tensor->name = g_strdup (name);
  tensor->values = values;
  ok = set_shape (self, tensor, rank, dims, error);
  if (ok && facenet_weights_get (self, name) != NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s/%s: is there a second time", self->location, name);
    ok = FALSE;
  }
  if (ok && !are_finite (values, tensor->n_values)) {
    ok = fail_not_finite (self, tensor, error);
  }
  if (!ok) {
    tensor_free (tensor);
    return FALSE;
  }
  g_hash_table_insert (self->tensors, tensor->name, tensor);
  return TRUE;
}

const FacenetTensor *
facenet_weights_get (const FacenetWeights * self, const gchar * name)
{
  return g_hash_table_lookup (self->tensors, name);
}

void
facenet_weights_set_flat (FacenetWeights * self, gboolean flat)
{
  self->flat = flat;
}

gboolean
facenet_weights_is_flat (const FacenetWeights * self)
{
  return self->flat;
}

gboolean
facenet_weights_reshape (FacenetWeights * self, const gchar * name,
    guint rank, const guint32 * dims)
{
  FacenetTensor *tensor = g_hash_table_lookup (self->tensors, name);
  gsize n = 1;

  g_return_val_if_fail (tensor != NULL, FALSE);
  g_return_val_if_fail (rank <= FACENET_TENSOR_MAX_RANK, FALSE);

  for (guint i = 0; i < rank; i++) {
    if (!g_size_checked_mul (&n, n, dims[i])) {
      return FALSE;
    }
  }
  if (n != tensor->n_values) {
    return FALSE;
  }
  tensor->rank = rank;
  memcpy (tensor->dims, dims, rank * sizeof *dims);
  return TRUE;
}

const gchar **
facenet_weights_list (const FacenetWeights * self)
{
  return sorted_keys (self->tensors);
}

void
facenet_weights_set_metadata (FacenetWeights * self, const gchar * key,
    const gchar * value)
{
  g_return_if_fail (g_utf8_validate (key, -1, NULL));

  if (value == NULL) {
    g_hash_table_remove (self->metadata, key);
    return;
  }
  g_return_if_fail (g_utf8_validate (value, -1, NULL));
  g_hash_table_insert (self->metadata, g_strdup (key), g_strdup (value));
}

const gchar *
facenet_weights_get_metadata (const FacenetWeights * self, const gchar * key)
{
  return g_hash_table_lookup (self->metadata, key);
}

gchar **
facenet_weights_list_metadata (const FacenetWeights * self)
{
  g_autofree const gchar **keys = sorted_keys (self->metadata);

  return g_strdupv ((gchar **) keys);
}
