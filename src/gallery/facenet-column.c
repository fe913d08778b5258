/* facenet-column.c - strings out of a binary file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * In: bytes of all strings one behind the other, a NUL behind each, and where
 * each begins. They are used where they lie.
 */
#include "gallery/facenet-column-private.h"

/* Whether the two tensors are a column of n strings at all. */
static gboolean
check_tensors (FacenetColumn * self, const FacenetSafetensor * blob,
    const FacenetSafetensor * offsets, guint n, const gchar * location,
    GError ** error)
{
  if (!g_str_equal (blob->dtype, "U8") || blob->rank != 1) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s/%s: is %s of rank %u, expected U8 of rank 1", location, blob->name,
        blob->dtype, blob->rank);
    return FALSE;
  }
  if (!g_str_equal (offsets->dtype, "U64") || offsets->rank != 1
      || offsets->n_values != (gsize) n + 1) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE,
        "%s/%s: %" G_GSIZE_FORMAT " values of %s, expected %u of U64", location,
        offsets->name, offsets->n_values, offsets->dtype, n + 1);
    return FALSE;
  }
  self->offsets = offsets->data;
  if (facenet_column_offset (self, 0) != 0
      || facenet_column_offset (self, n) != blob->size) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s/%s: from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
        ", expected 0 to %" G_GSIZE_FORMAT ", the bytes of %s", location,
        offsets->name, facenet_column_offset (self, 0),
        facenet_column_offset (self, n), blob->size, blob->name);
    return FALSE;
  }
  return TRUE;
}

/* How many bytes are NUL, and whether all are ASCII: nearly always so, and
 * quicker to find out for all strings together than for each. */
static gsize
count_nuls (const guint8 * bytes, gsize size, gboolean * is_ascii)
{
  gsize n = 0, i, j;
  guint8 any = 0;

  for (i = 0; i < size; i += j) {
    /* Few enough for a count of eight bits, which is a vector's. */
    gsize end = MIN (size - i, 255);
    guint8 some = 0;

    for (j = 0; j < end; j++) {
      any |= bytes[i + j];
      some = (guint8) (some + (bytes[i + j] == 0));
    }
    n += some;
  }
  *is_ascii = any < 0x80;
  return n;
}

/* Whether there is a NUL at the end of each string. As there are no more of
 * them than strings, there is none in one. */
static gboolean
check_strings (const FacenetColumn * self, const FacenetSafetensor * blob,
    guint n, const gchar * location, GError ** error)
{
  guint64 begin = 0, end;
  gboolean is_ascii;
  guint i;

  if (count_nuls (blob->data, blob->size, &is_ascii) != n) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s/%s: a string with a NUL in it, or without one behind it", location,
        blob->name);
    return FALSE;
  }
  for (i = 0; i < n; i++, begin = end) {
    end = facenet_column_offset (self, i + 1);
    if (end <= begin || end > blob->size || self->text[end - 1] != '\0') {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
          "%s/%s: string %u does not end with a NUL at byte %" G_GUINT64_FORMAT,
          location, blob->name, i, end);
      return FALSE;
    }
    if (!is_ascii && !g_utf8_validate (self->text + begin,
            (gssize) (end - 1 - begin), NULL)) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
          "%s/%s: string %u is not valid UTF-8", location, blob->name, i);
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
facenet_column_read (FacenetColumn * self, const FacenetSafetensor * blob,
    const FacenetSafetensor * offsets, guint n, const gchar * location,
    GError ** error)
{
  if (blob == NULL && offsets == NULL)
    return TRUE;
  self->text = (const gchar *) blob->data;
  return check_tensors (self, blob, offsets, n, location, error)
      && check_strings (self, blob, n, location, error);
}
