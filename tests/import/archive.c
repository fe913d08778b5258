/* archive.c - a writer of zip archives and pickles, for tests
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "archive.h"

#include <string.h>

static void
add_u16 (GByteArray * bytes, guint value)
{
  guint16 raw = GUINT16_TO_LE ((guint16) value);

  g_byte_array_append (bytes, (const guint8 *) &raw, sizeof raw);
}

static void
add_u32 (GByteArray * bytes, guint32 value)
{
  guint32 raw = GUINT32_TO_LE (value);

  g_byte_array_append (bytes, (const guint8 *) &raw, sizeof raw);
}

static void
add_u64 (GByteArray * bytes, guint64 value)
{
  guint64 raw = GUINT64_TO_LE (value);

  g_byte_array_append (bytes, (const guint8 *) &raw, sizeof raw);
}

/* Bit by bit, not by the table of the reader. */
static guint32
crc_of (const guint8 * data, gsize size)
{
  guint32 crc = ~0u;

  for (gsize i = 0; i < size; i++) {
    for (guint bit = 0; bit < 8; bit++) {
      guint32 top = (crc ^ (guint32) (data[i] >> bit)) & 1;

      crc = (crc >> 1) ^ (top != 0 ? 0xedb88320u : 0);
    }
  }
  return ~crc;
}

Archive *
archive_new (ArchiveFlags flags)
{
  Archive *self = g_new0 (Archive, 1);

  self->flags = flags;
  self->bytes = g_byte_array_new ();
  self->directory = g_byte_array_new ();
  return self;
}

static void
add_header (GByteArray * bytes, gboolean descriptor, guint32 crc, guint32 size)
{
  add_u16 (bytes, descriptor ? 0x0808 : 0x0800);
  add_u16 (bytes, 0);
  add_u32 (bytes, 0);
  add_u32 (bytes, crc);
  add_u32 (bytes, size);
  add_u32 (bytes, size);
}

guint
archive_add (Archive * self, const gchar * name, gconstpointer data, gsize size)
{
  gboolean late = (self->flags & ARCHIVE_DESCRIPTORS) != 0;
  guint32 crc = crc_of (data, size), n = (guint32) size;
  guint begin = self->bytes->len, length = (guint) strlen (name);

  g_byte_array_append (self->bytes, (const guint8 *) "PK\3\4\0\0", 6);
  add_header (self->bytes, late, late ? 0 : crc, late ? 0 : n);
  add_u16 (self->bytes, length);
  add_u16 (self->bytes, 0);
  g_byte_array_append (self->bytes, (const guint8 *) name, length);
  g_byte_array_append (self->bytes, data, n);
  if (late) {
    g_byte_array_append (self->bytes, (const guint8 *) "PK\7\10", 4);
    add_u32 (self->bytes, crc);
    add_u32 (self->bytes, n);
    add_u32 (self->bytes, n);
  }

  g_byte_array_append (self->directory, (const guint8 *) "PK\1\2\0\0\0\0", 8);
  add_header (self->directory, late, crc, n);
  add_u16 (self->directory, length);
  for (guint i = 0; i < 6; i++) {
    add_u16 (self->directory, 0);
  }
  add_u32 (self->directory, begin);
  g_byte_array_append (self->directory, (const guint8 *) name, length);
  self->n_entries++;
  return begin;
}

static void
add_end_64 (GByteArray * bytes, guint n, guint size, guint offset)
{
  g_byte_array_append (bytes, (const guint8 *) "PK\6\6", 4);
  add_u64 (bytes, 44);
  add_u32 (bytes, 0);
  add_u64 (bytes, 0);
  add_u64 (bytes, n);
  add_u64 (bytes, n);
  add_u64 (bytes, size);
  add_u64 (bytes, offset);
  g_byte_array_append (bytes, (const guint8 *) "PK\6\7", 4);
  add_u32 (bytes, 0);
  add_u64 (bytes, offset + size);
  add_u32 (bytes, 1);
}

GByteArray *
archive_end (Archive * self)
{
  GByteArray *bytes = self->bytes;
  guint offset = bytes->len, size = self->directory->len;

  g_byte_array_append (bytes, self->directory->data, size);
  if ((self->flags & ARCHIVE_END_64) != 0) {
    add_end_64 (bytes, self->n_entries, size, offset);
  }
  g_byte_array_append (bytes, (const guint8 *) "PK\5\6\0\0\0\0", 8);
  add_u16 (bytes, self->n_entries);
  add_u16 (bytes, self->n_entries);
  add_u32 (bytes, size);
  add_u32 (bytes, offset);
  add_u16 (bytes, 0);
  g_byte_array_unref (self->directory);
  g_free (self);
  return bytes;
}

void
pickle_bytes (GByteArray * pickle, const gchar * bytes, gsize size)
{
  g_byte_array_append (pickle, (const guint8 *) bytes, (guint) size);
}

void
pickle_op (GByteArray * pickle, gchar op)
{
  pickle_bytes (pickle, &op, 1);
}

void
pickle_int (GByteArray * pickle, gint32 number)
{
  pickle_op (pickle, 'J');
  add_u32 (pickle, (guint32) number);
}

void
pickle_string (GByteArray * pickle, const gchar * text)
{
  pickle_op (pickle, 'X');
  add_u32 (pickle, (guint32) strlen (text));
  pickle_bytes (pickle, text, strlen (text));
}

void
pickle_global (GByteArray * pickle, const gchar * module, const gchar * name)
{
  g_autofree gchar *text = g_strdup_printf ("c%s\n%s\n", module, name);

  pickle_bytes (pickle, text, strlen (text));
}

GByteArray *
pickle_new (void)
{
  GByteArray *pickle = g_byte_array_new ();

  pickle_bytes (pickle, "\x80\2}", 3);
  return pickle;
}

static void
pickle_ints (GByteArray * pickle, guint n, const gint32 * numbers)
{
  pickle_op (pickle, '(');
  for (guint i = 0; i < n; i++) {
    pickle_int (pickle, numbers[i]);
  }
  pickle_op (pickle, 't');
}

void
pickle_tensor (GByteArray * pickle, const gchar * name, const gchar * type,
    const gchar * key, gint32 n, gint32 offset, guint rank,
    const gint32 * sizes, const gint32 * strides)
{
  pickle_string (pickle, name);
  pickle_global (pickle, "torch._utils", "_rebuild_tensor_v2");
  pickle_op (pickle, '(');
  pickle_op (pickle, '(');
  pickle_string (pickle, "storage");
  pickle_global (pickle, "torch", type);
  pickle_string (pickle, key);
  pickle_string (pickle, "cpu");
  pickle_int (pickle, n);
  pickle_op (pickle, 't');
  pickle_op (pickle, 'Q');
  pickle_int (pickle, offset);
  pickle_ints (pickle, rank, sizes);
  pickle_ints (pickle, rank, strides);
  pickle_op (pickle, '\x89');
  pickle_global (pickle, "collections", "OrderedDict");
  pickle_bytes (pickle, ")R", 2);
  pickle_op (pickle, 't');
  pickle_op (pickle, 'R');
  pickle_op (pickle, 's');
}
