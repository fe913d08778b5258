/* facenet-column.c - strings out of a binary file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: bytes of all strings one behind the other, and where each begins and
 * ends. They are copied once, with room for the NUL that ends a C string.
 */
#include "gallery/facenet-column-private.h"

#include <string.h>

void
facenet_column_clear (FacenetColumn * self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->starts, g_free);
}

static guint64
offset_at (const FacenetSafetensor * offsets, gsize i)
{
  guint64 offset;

  memcpy (&offset, offsets->data + i * sizeof offset, sizeof offset);
  return GUINT64_FROM_LE (offset);
}

/* Whether the two tensors are a column of n strings at all. */
static gboolean
check_tensors (const FacenetSafetensor * blob,
    const FacenetSafetensor * offsets, guint n, const gchar * location,
    GError ** error)
{
  if (!g_str_equal (blob->dtype, "U8") || blob->rank != 1) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s/%s: is %s of rank %u, wants U8 of rank 1", location, blob->name,
        blob->dtype, blob->rank);
    return FALSE;
  }
  if (!g_str_equal (offsets->dtype, "U64") || offsets->rank != 1
      || offsets->n_values != (gsize) n + 1) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE,
        "%s/%s: %" G_GSIZE_FORMAT " values of %s, wants %u of U64", location,
        offsets->name, offsets->n_values, offsets->dtype, n + 1);
    return FALSE;
  }
  if (offset_at (offsets, 0) != 0 || offset_at (offsets, n) != blob->size) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s/%s: from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
        ", wants 0 to %" G_GSIZE_FORMAT ", the bytes of %s", location,
        offsets->name, offset_at (offsets, 0), offset_at (offsets, n),
        blob->size, blob->name);
    return FALSE;
  }
  return TRUE;
}

/* Whether all bytes are ASCII and none is NUL: nearly always so, and quicker
 * to find out for all strings together than for each. */
static gboolean
is_plain (const guint8 * bytes, gsize size)
{
  guint8 any = 0;
  gsize i;

  /* The highest bit is set by 0 (which wraps), and kept by 0x81 to 0xff. */
  for (i = 0; i < size; i++) {
    any |= bytes[i] | (guint8) (bytes[i] - 1);
  }
  return any < 0x80;
}

gboolean
facenet_column_read (FacenetColumn * self, const FacenetSafetensor * blob,
    const FacenetSafetensor * offsets, guint n, const gchar * location,
    GError ** error)
{
  guint64 begin = 0, end;
  gboolean plain;
  guint i;

  self->n = n;
  if (blob == NULL && offsets == NULL)
    return TRUE;
  if (!check_tensors (blob, offsets, n, location, error))
    return FALSE;
  self->text = g_malloc (blob->size + n + 1);
  self->starts = g_new (gsize, (gsize) n + 1);
  plain = is_plain (blob->data, blob->size);
  for (i = 0; i < n; i++, begin = end) {
    gchar *text = self->text + begin + i;

    end = offset_at (offsets, (gsize) i + 1);
    if (end < begin || end > blob->size) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
          "%s/%s[%u]: is %" G_GUINT64_FORMAT ", wants %" G_GUINT64_FORMAT
          " to %" G_GSIZE_FORMAT, location, offsets->name, i + 1, end, begin,
          blob->size);
      return FALSE;
    }
    memcpy (text, blob->data + begin, end - begin);
    text[end - begin] = '\0';
    self->starts[i] = begin + i;
    if (!plain && !g_utf8_validate (text, (gssize) (end - begin), NULL)) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
          "%s/%s: string %u is not valid UTF-8", location, blob->name, i);
      return FALSE;
    }
  }
  return TRUE;
}
