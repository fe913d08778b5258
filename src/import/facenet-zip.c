/* facenet-zip.c - a zip archive of files that are stored as they are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * In: the bytes of an archive. Out: where in them each file lies. Layout as in
 * PKWARE's APPNOTE 6.3, sections 4.3 and 4.4: files, each behind a local
 * header, then a directory of them, then a record that says where that is.
 *
 * torch.save() leaves sizes and checksum out of the local headers and writes
 * them behind the data (4.3.9), and it adds the zip64 form of the end record
 * (4.3.14) although the plain one says it all; both are checked and accepted.
 */
#include "import/facenet-zip-private.h"

#include "base/facenet-reader-private.h"

#include <string.h>

#define LOCAL_HEADER 0x04034b50u
#define DESCRIPTOR 0x08074b50u
#define DIRECTORY_HEADER 0x02014b50u
#define END_RECORD 0x06054b50u
#define END_RECORD_64 0x06064b50u
#define END_LOCATOR_64 0x07064b50u

#define END_RECORD_SIZE 22      /* bytes, without a comment */
#define END_64_SIZE (56 + 20)   /* zip64 record and its locator */

#define HAS_DESCRIPTOR 0x0008u  /* sizes come behind the data */
#define KNOWN_FLAGS (HAS_DESCRIPTOR | 0x0800u)  /* 0x0800: names are UTF-8 */

/* What the end record says. */
typedef struct
{
  gsize offset;                 /* of the record itself */
  guint n_entries;
  gsize directory, directory_size;      /* offset and bytes */
} End;

/* What directory and local header both say. */
typedef struct
{
  guint16 flags, method;
  guint32 crc, stored, size;
  guint16 name_size, extra_size;
} Header;

static void
entry_clear (gpointer data)
{
  FacenetZipEntry *entry = data;

  g_free (entry->name);
}

void
facenet_zip_free (FacenetZip * self)
{
  if (self == NULL) {
    return;
  }
  g_hash_table_unref (self->names);
  g_array_unref (self->entries);
  g_bytes_unref (self->bytes);
  g_free (self->location);
  g_free (self);
}

const FacenetZipEntry *
facenet_zip_find (const FacenetZip * self, const gchar * name)
{
  return g_hash_table_lookup (self->names, name);
}

static gboolean
fail (const FacenetZip * self, GError ** error, const gchar * format, ...)
G_GNUC_PRINTF (3, 4);

     static gboolean
         fail (const FacenetZip * self, GError ** error, const gchar * format,
    ...)
{
  g_autofree gchar *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT, "%s: %s",
      self->location, text);
  return FALSE;
}

static void
init_reader (const FacenetZip * self, FacenetReader * reader)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (self->bytes, &size);

  facenet_reader_init (reader, data, size);
}

/* CRC-32 of IEEE 802.3 with the bits of each byte reversed (APPNOTE 4.4.7). */
static guint32
compute_crc (const guint8 * data, gsize size)
{
  static gsize is_ready;
  static guint32 table[256];
  guint32 crc = 0xffffffffu;

  if (g_once_init_enter (&is_ready)) {
    for (guint32 i = 0; i < 256; i++) {
      guint32 value = i;

      for (guint bit = 0; bit < 8; bit++) {
        value = (value >> 1) ^ ((value & 1) != 0 ? 0xedb88320u : 0);
      }
      table[i] = value;
    }
    g_once_init_leave (&is_ready, 1);
  }
  for (gsize i = 0; i < size; i++) {
    crc = (crc >> 8) ^ table[(crc ^ data[i]) & 0xff];
  }
  return ~crc;
}

/* Why there is no end record at the very end: a comment behind it, in which
 * another could hide, or a file that was cut. */
static gboolean
fail_no_end (const FacenetZip * self, GError ** error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (self->bytes, &size);

  for (gsize n = 1; n <= 65535 && n + END_RECORD_SIZE <= size; n++) {
    const guint8 *record = data + size - n - END_RECORD_SIZE;

    if (memcmp (record, "PK\5\6", 4) == 0
        && (record[20] | (gsize) record[21] << 8) == n) {
      return fail (self, error, "an archive comment of %" G_GSIZE_FORMAT
          " bytes, expected none", n);
    }
  }
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_TRUNCATED,
      "%s: no directory at the end of this zip archive, expected one: the file "
      "is cut short", self->location);
  return FALSE;
}

/* The zip64 form must say what the plain one says. */
static gboolean
check_end_64 (const FacenetZip * self, const End * end, GError ** error)
{
  gsize directory_end = end->directory + end->directory_size;
  FacenetReader reader;
  gboolean ok;

  init_reader (self, &reader);
  facenet_reader_seek (&reader, directory_end);
  ok = facenet_reader_u32 (&reader) == END_RECORD_64;
  ok &= facenet_reader_u64 (&reader) == 44;     /* bytes that follow */
  facenet_reader_slice (&reader, 2 + 2);        /* versions */
  ok &= facenet_reader_u64 (&reader) == 0;      /* disks */
  ok &= facenet_reader_u64 (&reader) == end->n_entries;
  ok &= facenet_reader_u64 (&reader) == end->n_entries;
  ok &= facenet_reader_u64 (&reader) == end->directory_size;
  ok &= facenet_reader_u64 (&reader) == end->directory;
  ok &= facenet_reader_u32 (&reader) == END_LOCATOR_64;
  ok &= facenet_reader_u32 (&reader) == 0;
  ok &= facenet_reader_u64 (&reader) == directory_end;
  ok &= facenet_reader_u32 (&reader) == 1;
  return ok || fail (self, error,
      "the zip64 end record contradicts the plain one");
}

static gboolean
check_end (const FacenetZip * self, const End * end, GError ** error)
{
  gsize gap;

  if (end->n_entries == 0xffff || end->directory == 0xffffffffu
      || end->directory_size == 0xffffffffu) {
    return fail (self, error, "a zip64 archive, expected one below 4 GiB");
  }
  if (end->directory > end->offset
      || end->directory_size > end->offset - end->directory) {
    return fail (self, error, "a directory of %" G_GSIZE_FORMAT " bytes at %"
        G_GSIZE_FORMAT ", must be before its end record at %" G_GSIZE_FORMAT,
        end->directory_size, end->directory, end->offset);
  }
  gap = end->offset - end->directory - end->directory_size;
  if (gap == END_64_SIZE) {
    return check_end_64 (self, end, error);
  }
  return gap == 0 || fail (self, error, "%" G_GSIZE_FORMAT
      " bytes between the directory and its end record, expected none", gap);
}

static gboolean
read_end (const FacenetZip * self, End * end, GError ** error)
{
  gsize size = g_bytes_get_size (self->bytes);
  FacenetReader reader;
  guint32 disks;
  guint n_here;

  if (size < END_RECORD_SIZE) {
    return fail_no_end (self, error);
  }
  end->offset = size - END_RECORD_SIZE;
  init_reader (self, &reader);
  facenet_reader_seek (&reader, end->offset);
  if (facenet_reader_u32 (&reader) != END_RECORD) {
    return fail_no_end (self, error);
  }
  disks = facenet_reader_u32 (&reader);
  n_here = facenet_reader_u16 (&reader);
  end->n_entries = facenet_reader_u16 (&reader);
  end->directory_size = facenet_reader_u32 (&reader);
  end->directory = facenet_reader_u32 (&reader);
  if (facenet_reader_u16 (&reader) != 0) {
    return fail_no_end (self, error);
  }
  if (disks != 0 || n_here != end->n_entries) {
    return fail (self, error, "one part of an archive, expected a whole one");
  }
  return check_end (self, end, error);
}

/* The fields that stand in both headers in the same order. */
static void
read_header (FacenetReader * reader, Header * header)
{
  header->flags = facenet_reader_u16 (reader);
  header->method = facenet_reader_u16 (reader);
  facenet_reader_u32 (reader);  /* time and date */
  header->crc = facenet_reader_u32 (reader);
  header->stored = facenet_reader_u32 (reader);
  header->size = facenet_reader_u32 (reader);
  header->name_size = facenet_reader_u16 (reader);
  header->extra_size = facenet_reader_u16 (reader);
}

static gboolean
check_header (const FacenetZip * self, const Header * header,
    const gchar * name, GError ** error)
{
  if (header->method != 0) {
    return fail (self, error,
        "%s is compressed (method %u), must be stored as "
        "torch.save (model.state_dict (), …) does", name, header->method);
  }
  if ((header->flags & ~KNOWN_FLAGS) != 0) {
    return fail (self, error, "%s has flags 0x%04x, must be neither encrypted "
        "nor patched", name, header->flags);
  }
  if (header->stored == 0xffffffffu || header->size == 0xffffffffu) {
    return fail (self, error, "%s has zip64 sizes, must be below 4 GiB", name);
  }
  return header->stored == header->size || fail (self, error,
      "%s is stored in %u bytes and has %u, expected as many", name,
      header->stored, header->size);
}

/* Sizes and checksum behind the data. */
static gboolean
check_descriptor (const FacenetZip * self, FacenetReader * reader,
    const Header * header, const gchar * name, GError ** error)
{
  gboolean ok = facenet_reader_u32 (reader) == DESCRIPTOR;

  ok &= facenet_reader_u32 (reader) == header->crc;
  ok &= facenet_reader_u32 (reader) == header->stored;
  ok &= facenet_reader_u32 (reader) == header->size;
  return ok || fail (self, error, "the descriptor behind %s contradicts the "
      "directory", name);
}

/* The local header and the directory must agree; with a descriptor the local
 * one may leave sizes and checksum 0. */
static gboolean
check_local (const FacenetZip * self, const Header * local,
    const Header * header, const gchar * name, GError ** error)
{
  gboolean left_out = (header->flags & HAS_DESCRIPTOR) != 0
      && local->crc == 0 && local->stored == 0 && local->size == 0;
  gboolean same = local->crc == header->crc && local->stored == header->stored
      && local->size == header->size;

  return (local->flags == header->flags && local->method == header->method
      && local->name_size == header->name_size && (same || left_out))
      || fail (self, error, "the header of %s contradicts the directory", name);
}

/* Fills entry, whose name, crc and begin are known, from the local header. */
static gboolean
read_local (const FacenetZip * self, const Header * header,
    FacenetZipEntry * entry, GError ** error)
{
  g_autofree gchar *item =
      g_strdup_printf ("%s/%s", self->location, entry->name);
  FacenetReader reader;
  Header local;
  const guint8 *name;
  guint32 signature;

  init_reader (self, &reader);
  facenet_reader_seek (&reader, entry->begin);
  signature = facenet_reader_u32 (&reader);
  facenet_reader_u16 (&reader); /* version */
  read_header (&reader, &local);
  name = facenet_reader_slice (&reader, local.name_size);
  facenet_reader_slice (&reader, local.extra_size);
  entry->size = header->size;
  entry->data = facenet_reader_slice (&reader, entry->size);
  if (!facenet_reader_check (&reader, item, error)) {
    return FALSE;
  }
  if (signature != LOCAL_HEADER) {
    return fail (self, error, "no header of %s at offset %" G_GSIZE_FORMAT,
        entry->name, entry->begin);
  }
  if (!check_local (self, &local, header, entry->name, error)) {
    return FALSE;
  }
  if (memcmp (name, entry->name, local.name_size) != 0) {
    return fail (self, error, "the header of %s has another name", entry->name);
  }
  if ((header->flags & HAS_DESCRIPTOR) != 0
      && !check_descriptor (self, &reader, header, entry->name, error)) {
    return FALSE;
  }
  entry->end = reader.offset;
  return TRUE;
}

/* One row of the directory, and the file it is about; adds it to entries. */
static gboolean
read_entry (FacenetZip * self, FacenetReader * reader, GError ** error)
{
  FacenetZipEntry entry = { 0 };
  Header header;
  const guint8 *name;
  guint32 signature = facenet_reader_u32 (reader);
  guint comment_size, disk;

  facenet_reader_u32 (reader);  /* versions */
  read_header (reader, &header);
  comment_size = facenet_reader_u16 (reader);
  disk = facenet_reader_u16 (reader);
  facenet_reader_slice (reader, 2 + 4); /* attributes */
  entry.begin = facenet_reader_u32 (reader);
  name = facenet_reader_slice (reader, header.name_size);
  facenet_reader_slice (reader, (guint64) header.extra_size + comment_size);
  if (!facenet_reader_check (reader, self->location, error)) {
    return FALSE;
  }
  if (signature != DIRECTORY_HEADER || disk != 0) {
    return fail (self, error, "entry %u of the directory is none",
        self->entries->len);
  }
  if (header.name_size == 0
      || !g_utf8_validate ((const gchar *) name, header.name_size, NULL)) {
    return fail (self, error, "entry %u of the directory has no UTF-8 name",
        self->entries->len);
  }
  entry.name = g_strndup ((const gchar *) name, header.name_size);
  entry.crc = header.crc;
  if (!check_header (self, &header, entry.name, error)
      || !read_local (self, &header, &entry, error)) {
    g_free (entry.name);
    return FALSE;
  }
  g_array_append_val (self->entries, entry);
  return TRUE;
}

static gint
compare_begin (gconstpointer a, gconstpointer b)
{
  const FacenetZipEntry *one = a, *other = b;

  return (one->begin > other->begin) - (one->begin < other->begin);
}

/* No two files share bytes or a name, none reaches into the directory, and
 * each has its checksum. */
static gboolean
check_entries (FacenetZip * self, const End * end, GError ** error)
{
  g_array_sort (self->entries, compare_begin);
  for (guint i = 0; i < self->entries->len; i++) {
    FacenetZipEntry *entry = &g_array_index (self->entries, FacenetZipEntry, i);
    gsize limit = i + 1 < self->entries->len ?
        (entry + 1)->begin : end->directory;

    if (entry->end > limit) {
      return fail (self, error, "%s overlaps %s", entry->name,
          i + 1 < self->entries->len ? (entry + 1)->name : "the directory");
    }
    if (!g_hash_table_insert (self->names, entry->name, entry)) {
      return fail (self, error, "%s is there a second time", entry->name);
    }
  }
  for (guint i = 0; i < self->entries->len; i++) {
    const FacenetZipEntry *entry =
        &g_array_index (self->entries, FacenetZipEntry, i);
    guint32 crc = compute_crc (entry->data, entry->size);

    if (crc != entry->crc) {
      return fail (self, error,
          "%s has checksum %08x, expected %08x: the file is " "damaged",
          entry->name, crc, entry->crc);
    }
  }
  return TRUE;
}

static gboolean
read_archive (FacenetZip * self, GError ** error)
{
  FacenetReader reader;
  const guint8 *directory;
  End end = { 0 };

  if (!read_end (self, &end, error)) {
    return FALSE;
  }
  directory = g_bytes_get_data (self->bytes, NULL);
  facenet_reader_init (&reader, directory + end.directory, end.directory_size);
  for (guint i = 0; i < end.n_entries; i++) {
    if (!read_entry (self, &reader, error)) {
      return FALSE;
    }
  }
  if (facenet_reader_remaining (&reader) > 0) {
    return fail (self, error, "%" G_GSIZE_FORMAT " bytes behind the last of %u "
        "entries in the directory", facenet_reader_remaining (&reader),
        end.n_entries);
  }
  return check_entries (self, &end, error);
}

FacenetZip *
facenet_zip_open (GBytes * bytes, const gchar * location, GError ** error)
{
  g_autoptr (FacenetZip) self = g_new0 (FacenetZip, 1);

  self->bytes = g_bytes_ref (bytes);
  self->location = g_strdup (location);
  self->entries = g_array_new (FALSE, FALSE, sizeof (FacenetZipEntry));
  g_array_set_clear_func (self->entries, entry_clear);
  self->names = g_hash_table_new (g_str_hash, g_str_equal);
  return read_archive (self, error) ? g_steal_pointer (&self) : NULL;
}
