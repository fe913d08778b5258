/* facenet-t7-stream.c - the numbers and strings of a Torch7 file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A binary file has int (4 bytes), long (8) and double (8), little-endian, as
 * a 64-bit machine writes them. In an ASCII file every number is followed by a
 * blank or a line end, and every array and string that is not empty by one
 * line end that is not part of it.
 */
#include "import/facenet-t7-stream-private.h"

#include "import/facenet-number-private.h"

#include <string.h>

#define MAX_INTEGER 9007199254740992.0  /* 2^53, exact as a double */

static inline gboolean
is_space (guint8 c)
{
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline gboolean
has_failed (const FacenetT7Stream * self)
{
  return self->is_malformed || self->reader.wanted > 0;
}

/* Makes the reader fail as if one more byte was read. */
static void
fail_truncated (FacenetT7Stream * self)
{
  facenet_reader_slice (&self->reader,
      (guint64) facenet_reader_remaining (&self->reader) + 1);
}

static void
skip_spaces (FacenetT7Stream * self)
{
  FacenetReader *reader = &self->reader;

  while (reader->offset < reader->size
      && is_space (reader->data[reader->offset])) {
    reader->offset++;
  }
}

static void
skip_line_end (FacenetT7Stream * self)
{
  FacenetReader *reader = &self->reader;

  if (!has_failed (self) && reader->offset < reader->size
      && reader->data[reader->offset] == '\n') {
    reader->offset++;
  }
}

/* Where the next number of an ASCII file stands, NULL after a failure. */
static const gchar *
next_number (FacenetT7Stream * self, gsize * size)
{
  if (has_failed (self)) {
    return NULL;
  }
  skip_spaces (self);
  *size = facenet_reader_remaining (&self->reader);
  return (const gchar *) self->reader.data + self->reader.offset;
}

/* Steps over a number of so many characters, 0 when there is none. What ends
 * with the file may have been longer. */
static gboolean
accept_number (FacenetT7Stream * self, gsize length, gsize size)
{
  FacenetReader *reader = &self->reader;
  const guint8 *text = reader->data + reader->offset;
  gsize end = length;

  while (length == 0 && end < size && !is_space (text[end])) {
    end++;
  }
  if (end == size) {
    fail_truncated (self);
  } else if (length == 0 || !is_space (text[end])) {
    self->is_malformed = TRUE;
  } else {
    reader->offset += length;
  }
  return !has_failed (self);
}

static gdouble
read_number (FacenetT7Stream * self)
{
  gdouble value = 0.0;
  gsize size, length;
  const gchar *text = next_number (self, &size);

  if (text == NULL) {
    return 0.0;
  }
  length = facenet_number_read (text, size, &value);
  return accept_number (self, length, size) ? value : 0.0;
}

static gint64
read_integer (FacenetT7Stream * self, gdouble limit)
{
  gdouble value = read_number (self);

  skip_line_end (self);
  if (value >= -limit && value < limit && value == (gdouble) (gint64) value) {
    return (gint64) value;
  }
  self->is_malformed = TRUE;
  return 0;
}

gint32
facenet_t7_stream_int (FacenetT7Stream * self)
{
  guint32 bits;
  gint32 value;

  if (self->is_ascii) {
    return (gint32) read_integer (self, 2147483648.0);
  }
  bits = facenet_reader_u32 (&self->reader);
  memcpy (&value, &bits, sizeof value);
  return value;
}

gint64
facenet_t7_stream_long (FacenetT7Stream * self)
{
  guint64 bits;
  gint64 value;

  if (self->is_ascii) {
    return read_integer (self, MAX_INTEGER);
  }
  bits = facenet_reader_u64 (&self->reader);
  memcpy (&value, &bits, sizeof value);
  return value;
}

gdouble
facenet_t7_stream_double (FacenetT7Stream * self)
{
  guint64 bits;
  gdouble value;

  if (self->is_ascii) {
    value = read_number (self);
    skip_line_end (self);
    return value;
  }
  bits = facenet_reader_u64 (&self->reader);
  memcpy (&value, &bits, sizeof value);
  return value;
}

const guint8 *
facenet_t7_stream_bytes (FacenetT7Stream * self, guint64 n)
{
  const guint8 *bytes;

  if (has_failed (self)) {
    return NULL;
  }
  bytes = facenet_reader_slice (&self->reader, n);
  if (self->is_ascii && n > 0) {
    skip_line_end (self);
  }
  return bytes;
}

const gchar *
facenet_t7_stream_string (FacenetT7Stream * self, gsize * length)
{
  gint32 n = facenet_t7_stream_int (self);

  if (n < 0) {
    self->is_malformed = TRUE;
    return NULL;
  }
  *length = (gsize) n;
  return (const gchar *) facenet_t7_stream_bytes (self, (guint64) n);
}

void
facenet_t7_stream_numbers (FacenetT7Stream * self, gfloat * values, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    gfloat value;
    gsize size, length;
    const gchar *text = next_number (self, &size);

    if (text == NULL) {
      return;
    }
    length = facenet_number_read_float (text, size, &value);
    if (!accept_number (self, length, size)) {
      return;
    }
    if (values != NULL) {
      values[i] = value;
    }
  }
  if (n > 0) {
    skip_line_end (self);
  }
}

gboolean
facenet_t7_stream_may_have (FacenetT7Stream * self, guint64 n)
{
  /* A digit and what ends it. */
  if (!has_failed (self)
      && n > facenet_reader_remaining (&self->reader) / 2) {
    facenet_reader_slice (&self->reader, n > G_MAXUINT64 / 2 ? n : 2 * n);
  }
  return !has_failed (self);
}

gboolean
facenet_t7_stream_is_at_end (FacenetT7Stream * self)
{
  if (self->is_ascii && !has_failed (self)) {
    skip_spaces (self);
  }
  return facenet_reader_remaining (&self->reader) == 0;
}

gboolean
facenet_t7_stream_check (const FacenetT7Stream * self, const gchar * location,
    GError ** error)
{
  if (self->is_malformed) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: no number or length that fits at byte %" G_GSIZE_FORMAT, location,
        self->reader.offset);
    return FALSE;
  }
  return facenet_reader_check (&self->reader, location, error);
}
