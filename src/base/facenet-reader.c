/* facenet-reader.c - bytes read in order, never past their end
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The sticky failure keeps callers short: n is compared with what is left,
 * never added to an offset, so a hostile length cannot wrap around.
 */
#include "base/facenet-reader-private.h"

#include <string.h>

void
facenet_reader_init (FacenetReader * self, const void *data, gsize size)
{
  g_return_if_fail (data != NULL || size == 0);

  /* A pointer into nothing would make a slice of no bytes look failed. */
  self->data = data != NULL ? data : (const guint8 *) "";
  self->size = size;
  self->offset = 0;
  self->wanted = 0;
}

gsize
facenet_reader_remaining (const FacenetReader * self)
{
  return self->wanted > 0 ? 0 : self->size - self->offset;
}

const guint8 *
facenet_reader_slice (FacenetReader * self, guint64 n)
{
  const guint8 *slice;

  if (self->wanted > 0) {
    return NULL;
  }
  if (n > self->size - self->offset) {
    self->wanted = n < G_MAXSIZE ? (gsize) n : G_MAXSIZE;
    return NULL;
  }
  slice = self->data + self->offset;
  self->offset += (gsize) n;
  return slice;
}

void
facenet_reader_seek (FacenetReader * self, guint64 offset)
{
  if (self->wanted > 0) {
    return;
  }
  self->offset = 0;
  facenet_reader_slice (self, offset);
}

guint8
facenet_reader_u8 (FacenetReader * self)
{
  const guint8 *bytes = facenet_reader_slice (self, 1);

  return bytes != NULL ? bytes[0] : 0;
}

guint16
facenet_reader_u16 (FacenetReader * self)
{
  const guint8 *bytes = facenet_reader_slice (self, sizeof (guint16));
  guint16 value = 0;

  if (bytes != NULL) {
    memcpy (&value, bytes, sizeof value);
  }
  return GUINT16_FROM_LE (value);
}

guint32
facenet_reader_u32 (FacenetReader * self)
{
  const guint8 *bytes = facenet_reader_slice (self, sizeof (guint32));
  guint32 value = 0;

  if (bytes != NULL) {
    memcpy (&value, bytes, sizeof value);
  }
  return GUINT32_FROM_LE (value);
}

guint64
facenet_reader_u64 (FacenetReader * self)
{
  const guint8 *bytes = facenet_reader_slice (self, sizeof (guint64));
  guint64 value = 0;

  if (bytes != NULL) {
    memcpy (&value, bytes, sizeof value);
  }
  return GUINT64_FROM_LE (value);
}

gboolean
facenet_reader_check (const FacenetReader * self, const gchar * item,
    GError ** error)
{
  if (self->wanted == 0) {
    return TRUE;
  }
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_TRUNCATED,
      "%s: %" G_GSIZE_FORMAT " bytes are left at offset %" G_GSIZE_FORMAT
      ", expected %" G_GSIZE_FORMAT, item, self->size - self->offset,
      self->offset, self->wanted);
  return FALSE;
}
