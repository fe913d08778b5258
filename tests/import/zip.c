/* zip.c - an archive is read in one way or refused
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "import/facenet-zip-private.h"

#include "archive.h"

#include <string.h>

/* Two files: "a/x" with "hello", "a/y" with 300 bytes. */
static GByteArray *
make (ArchiveFlags flags)
{
  Archive *archive = archive_new (flags);
  guint8 data[300];

  for (guint i = 0; i < sizeof data; i++) {
    data[i] = (guint8) (i * 7);
  }
  archive_add (archive, "a/x", "hello", 5);
  archive_add (archive, "a/y", data, sizeof data);
  return archive_end (archive);
}

static FacenetZip *
open_bytes (GByteArray * array, guint size, GError ** error)
{
  /* A copy of just that size, so that sanitizers see what reads beyond. */
  g_autoptr (GBytes) bytes = g_bytes_new (array->data, size);

  return facenet_zip_open (bytes, "z.pt", error);
}

static void
assert_refused (GByteArray * array, FacenetError code, const gchar * words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (open_bytes (array, array->len, &error));
  g_assert_error (error, FACENET_ERROR, (gint) code);
  if (strstr (error->message, words) == NULL) {
    g_error ("no \"%s\" in: %s", words, error->message);
  }
  g_assert_true (g_str_has_prefix (error->message, "z.pt"));
}

/* Offset of the row of the directory about the n-th file. */
static guint
find_row (GByteArray * array, guint n)
{
  for (guint i = 0; i + 4 <= array->len; i++) {
    if (memcmp (array->data + i, "PK\1\2", 4) == 0 && n-- == 0) {
      return i;
    }
  }
  g_assert_not_reached ();
}

static guint
find_end (GByteArray * array)
{
  return array->len - 22;
}

static void
test_files_are_found (gconstpointer data)
{
  g_autoptr (GByteArray) array = make (GPOINTER_TO_UINT (data));
  g_autoptr (GError) error = NULL;
  g_autoptr (FacenetZip) zip = open_bytes (array, array->len, &error);
  const FacenetZipEntry *entry;

  g_assert_no_error (error);
  entry = facenet_zip_find (zip, "a/x");
  g_assert_nonnull (entry);
  g_assert_cmpmem (entry->data, entry->size, "hello", 5);
  g_assert_cmpuint (facenet_zip_find (zip, "a/y")->size, ==, 300);
  g_assert_null (facenet_zip_find (zip, "x"));
}

static void
test_empty_archive (void)
{
  g_autoptr (GByteArray) array = archive_end (archive_new (ARCHIVE_PLAIN));
  g_autoptr (FacenetZip) zip = open_bytes (array, array->len, NULL);

  g_assert_nonnull (zip);
  g_assert_cmpuint (zip->entries->len, ==, 0);
}

static void
test_cut_at_every_length (gconstpointer data)
{
  g_autoptr (GByteArray) array = make (GPOINTER_TO_UINT (data));

  for (guint size = 0; size < array->len; size++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (open_bytes (array, size, &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_TRUNCATED);
  }
}

/* Nothing that is changed goes unnoticed, but times, versions, attributes. */
static void
test_every_changed_byte (gconstpointer data)
{
  g_autoptr (GByteArray) array = make (GPOINTER_TO_UINT (data));
  guint n_read = 0;

  for (guint i = 0; i < array->len; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FacenetZip) zip = NULL;

    array->data[i] ^= 0x41;
    zip = open_bytes (array, array->len, &error);
    array->data[i] ^= 0x41;
    g_assert_true ((zip == NULL) == (error != NULL));
    n_read += zip != NULL;
  }
  /* Version 2 and time 4 in each local header; versions 4, time 4, attributes
   * 6 in each row; versions 4 in the zip64 record. */
  g_assert_cmpuint (n_read, ==, 2 * 6 + 2 * 14
      + ((GPOINTER_TO_UINT (data) & ARCHIVE_END_64) != 0 ? 4 : 0));
}

static void
test_damaged_data (void)
{
  g_autoptr (GByteArray) array = make (ARCHIVE_PLAIN);

  array->data[30 + 3] ^= 1;     /* the h of hello */
  assert_refused (array, FACENET_ERROR_FORMAT, "a/x has checksum");
}

static void
test_compressed (void)
{
  g_autoptr (GByteArray) array = make (ARCHIVE_PLAIN);

  array->data[8] = 8;
  array->data[find_row (array, 0) + 10] = 8;
  assert_refused (array, FACENET_ERROR_FORMAT,
      "a/x is compressed (method 8), must be stored");
}

static void
test_encrypted (void)
{
  g_autoptr (GByteArray) array = make (ARCHIVE_PLAIN);

  array->data[6] |= 1;
  array->data[find_row (array, 0) + 8] |= 1;
  assert_refused (array, FACENET_ERROR_FORMAT, "encrypted");
}

static void
test_sizes_that_differ (void)
{
  g_autoptr (GByteArray) array = make (ARCHIVE_PLAIN);
  guint row = find_row (array, 0);

  array->data[row + 24] = 4;    /* uncompressed only */
  assert_refused (array, FACENET_ERROR_FORMAT, "a/x is stored in 5 bytes");
  array->data[row + 20] = 4;    /* both, and the local header has 5 */
  assert_refused (array, FACENET_ERROR_FORMAT, "header of a/x contradicts");
}

static void
test_size_beyond_the_end (void)
{
  g_autoptr (GByteArray) array = make (ARCHIVE_PLAIN);
  guint row = find_row (array, 1), local = 30 + 3 + 5;

  for (guint i = 0; i < 8; i++) {
    array->data[row + 20 + i] = array->data[local + 18 + i] = 0x7f;
  }
  assert_refused (array, FACENET_ERROR_TRUNCATED, "z.pt/a/y");
}

/* The second file is part of the first one's data. */
static void
test_overlap (void)
{
  Archive *archive = archive_new (ARCHIVE_PLAIN);
  g_autoptr (GByteArray) inner = NULL, outer = NULL;

  archive_add (archive, "in", "1234", 4);
  inner = archive_end (archive);
  archive = archive_new (ARCHIVE_PLAIN);
  archive_add (archive, "out", inner->data, 30 + 2 + 4);
  archive_add (archive, "in", "1234", 4);
  outer = archive_end (archive);
  /* Offset of the header that is data of "out". */
  outer->data[find_row (outer, 1) + 42] = 30 + 3;
  assert_refused (outer, FACENET_ERROR_FORMAT, "out overlaps in");
}

static void
test_file_in_the_directory (void)
{
  g_autoptr (GByteArray) array = make (ARCHIVE_PLAIN);
  guint end = find_end (array);

  /* The directory is said to begin where the second file does. */
  array->data[end + 16] = 30 + 3 + 5;
  array->data[end + 17] = 0;
  assert_refused (array, FACENET_ERROR_FORMAT, "between the directory and");
}

static void
test_second_of_a_name (void)
{
  Archive *archive = archive_new (ARCHIVE_DESCRIPTORS);
  g_autoptr (GByteArray) array = NULL;

  archive_add (archive, "a/data.pkl", "one", 3);
  archive_add (archive, "a/data.pkl", "two", 3);
  array = archive_end (archive);
  assert_refused (array, FACENET_ERROR_FORMAT,
      "a/data.pkl is there a second time");
}

static void
test_another_name_in_the_header (void)
{
  g_autoptr (GByteArray) array = make (ARCHIVE_PLAIN);

  array->data[30 + 2] = 'z';
  assert_refused (array, FACENET_ERROR_FORMAT, "header of a/x has another");
}

static void
test_names_that_are_none (void)
{
  Archive *archive = archive_new (ARCHIVE_PLAIN);
  g_autoptr (GByteArray) array = NULL, empty = NULL;

  archive_add (archive, "\xff\xfe", "one", 3);
  array = archive_end (archive);
  assert_refused (array, FACENET_ERROR_FORMAT, "no UTF-8 name");
  archive = archive_new (ARCHIVE_PLAIN);
  archive_add (archive, "", "one", 3);
  empty = archive_end (archive);
  assert_refused (empty, FACENET_ERROR_FORMAT, "no UTF-8 name");
}

static void
test_descriptor_that_differs (void)
{
  g_autoptr (GByteArray) array = make (ARCHIVE_DESCRIPTORS);

  array->data[30 + 3 + 5 + 8] ^= 1;     /* its size */
  assert_refused (array, FACENET_ERROR_FORMAT, "descriptor behind a/x");
}

static void
test_comment (void)
{
  g_autoptr (GByteArray) array = make (ARCHIVE_PLAIN);

  array->data[array->len - 2] = 7;
  g_byte_array_append (array, (const guint8 *) "comment", 7);
  assert_refused (array, FACENET_ERROR_FORMAT, "an archive comment of 7 bytes");
}

/* A comment that is itself the end of an archive, with another directory. */
static void
test_archive_in_the_comment (void)
{
  g_autoptr (GByteArray) array = make (ARCHIVE_PLAIN);
  g_autoptr (GByteArray) other = archive_end (archive_new (ARCHIVE_PLAIN));

  array->data[array->len - 2] = (guint8) other->len;
  g_byte_array_append (array, other->data, other->len);
  assert_refused (array, FACENET_ERROR_FORMAT, "between the directory and");
}

static void
test_zip64 (void)
{
  g_autoptr (GByteArray) end = make (ARCHIVE_PLAIN);
  g_autoptr (GByteArray) entry = make (ARCHIVE_PLAIN);

  memset (end->data + find_end (end) + 16, 0xff, 4);
  assert_refused (end, FACENET_ERROR_FORMAT, "a zip64 archive");
  memset (entry->data + find_row (entry, 1) + 20, 0xff, 8);
  assert_refused (entry, FACENET_ERROR_FORMAT, "a/y has zip64 sizes");
}

static void
test_zip64_end_that_differs (void)
{
  g_autoptr (GByteArray) array = make (ARCHIVE_END_64);

  array->data[find_end (array) - 76 + 24]++;    /* entries on this disk */
  assert_refused (array, FACENET_ERROR_FORMAT, "zip64 end record contradicts");
}

static void
test_absurd_count (void)
{
  g_autoptr (GByteArray) array = make (ARCHIVE_PLAIN);
  guint end = find_end (array);

  memset (array->data + end + 8, 0xf0, 4);
  assert_refused (array, FACENET_ERROR_TRUNCATED, "expected 4");
}

static void
test_more_rows_than_counted (void)
{
  g_autoptr (GByteArray) array = make (ARCHIVE_PLAIN);
  guint end = find_end (array);

  array->data[end + 8] = array->data[end + 10] = 1;
  assert_refused (array, FACENET_ERROR_FORMAT, "behind the last of 1 entries");
}

#define ADD(name, func) g_test_add_func ("/zip/" name, func)

/* A test for each way to write an archive. */
static void
add_for_all (const gchar * name, GTestDataFunc func)
{
  static const gchar *const kinds[] = { "plain", "descriptors", "end-64",
    "as-torch"
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autofree gchar *path = g_strdup_printf ("/zip/%s/%s", name, kinds[i]);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), func);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_for_all ("files-are-found", test_files_are_found);
  add_for_all ("cut-at-every-length", test_cut_at_every_length);
  add_for_all ("every-changed-byte", test_every_changed_byte);
  ADD ("empty-archive", test_empty_archive);
  ADD ("damaged-data", test_damaged_data);
  ADD ("compressed", test_compressed);
  ADD ("encrypted", test_encrypted);
  ADD ("sizes-that-differ", test_sizes_that_differ);
  ADD ("size-beyond-the-end", test_size_beyond_the_end);
  ADD ("overlap", test_overlap);
  ADD ("file-in-the-directory", test_file_in_the_directory);
  ADD ("second-of-a-name", test_second_of_a_name);
  ADD ("another-name-in-the-header", test_another_name_in_the_header);
  ADD ("names-that-are-none", test_names_that_are_none);
  ADD ("descriptor-that-differs", test_descriptor_that_differs);
  ADD ("comment", test_comment);
  ADD ("archive-in-the-comment", test_archive_in_the_comment);
  ADD ("zip64", test_zip64);
  ADD ("zip64-end-that-differs", test_zip64_end_that_differs);
  ADD ("absurd-count", test_absurd_count);
  ADD ("more-rows-than-counted", test_more_rows_than_counted);
  return g_test_run ();
}
