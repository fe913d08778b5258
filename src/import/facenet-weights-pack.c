/* facenet-weights-pack.c - weights on their way between two processes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * u32 number of tensors; then of each: u32 length of its name, the name, u32
 * rank, u32 dimensions, its values. Little-endian. Never leaves the machine,
 * but is read as if it came from a stranger: the process that wrote it may
 * have been led astray by a file.
 */
#include "import/facenet-weights-pack-private.h"

#include "base/facenet-reader-private.h"
#include "base/facenet-half-private.h"

#include <string.h>

static void
pack_u32 (GByteArray * out, guint32 value)
{
  guint32 raw = GUINT32_TO_LE (value);

  g_byte_array_append (out, (const guint8 *) &raw, sizeof raw);
}

void
facenet_weights_pack (const FacenetWeights * self, GByteArray * out)
{
  g_autofree const gchar **names = facenet_weights_list (self);

  pack_u32 (out, g_strv_length ((gchar **) names));
  for (guint i = 0; names[i] != NULL; i++) {
    const FacenetTensor *tensor = facenet_weights_get (self, names[i]);
    guint start;

    pack_u32 (out, (guint32) strlen (names[i]));
    g_byte_array_append (out, (const guint8 *) names[i],
        (guint) strlen (names[i]));
    pack_u32 (out, tensor->rank);
    for (guint k = 0; k < tensor->rank; k++) {
      pack_u32 (out, tensor->dims[k]);
    }
    start = out->len;
    g_byte_array_set_size (out,
        start + (guint) (tensor->n_values * sizeof (gfloat)));
    facenet_float_write (out->data + start, tensor->values, tensor->n_values);
  }
}

static gboolean
unpack_tensor (FacenetWeights * self, FacenetReader * reader, GError ** error)
{
  const gchar *location = facenet_weights_get_location (self);
  guint32 length = facenet_reader_u32 (reader);
  const guint8 *text = facenet_reader_slice (reader, length);
  guint32 rank = facenet_reader_u32 (reader);
  guint32 dims[FACENET_TENSOR_MAX_RANK];
  g_autofree gchar *name = NULL;
  const guint8 *bytes;
  gfloat *values;
  guint64 n = sizeof (gfloat);

  for (guint i = 0; i < MIN (rank, FACENET_TENSOR_MAX_RANK); i++) {
    dims[i] = facenet_reader_u32 (reader);
    if (!g_uint64_checked_mul (&n, n, dims[i])) {
      n = G_MAXUINT64;
    }
  }
  bytes = facenet_reader_slice (reader, n);
  if (!facenet_reader_check (reader, location, error)) {
    return FALSE;
  }
  name = g_strndup ((const gchar *) text, length);
  values = g_new (gfloat, n / sizeof (gfloat) + 1);
  facenet_float_read (values, bytes, n / sizeof (gfloat));
  return facenet_weights_take (self, name, rank, dims, values, error);
}

FacenetWeights *
facenet_weights_unpack (const guint8 * data, gsize size,
    const gchar * location, GError ** error)
{
  g_autoptr (FacenetWeights) self = facenet_weights_new (location);
  FacenetReader reader;
  guint32 n;

  facenet_reader_init (&reader, data, size);
  n = facenet_reader_u32 (&reader);
  if (!facenet_reader_check (&reader, location, error)) {
    return NULL;
  }
  for (guint32 i = 0; i < n; i++) {
    if (!unpack_tensor (self, &reader, error)) {
      return NULL;
    }
  }
  return g_steal_pointer (&self);
}
