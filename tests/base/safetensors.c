/* safetensors.c - the safetensors container
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A header and a number of data bytes for each line of two tables: y_ is
 * read, n_ is refused with that code.
 */
#include "base/facenet-safetensors-private.h"

#include "base/facenet-file-private.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  const gchar *name;
  const gchar *header;
  gsize n_data;                 /* bytes after it */
  gint code;                    /* of the error, or READ */
} Case;

#define READ (-1)
#define BAD FACENET_ERROR_FORMAT
#define CUT FACENET_ERROR_TRUNCATED
#define BIG FACENET_ERROR_LIMIT

#define T(dtype, shape, begin, end) "{\"dtype\":\"" dtype "\",\"shape\":" \
  shape ",\"data_offsets\":[" #begin "," #end "]}"

/* *INDENT-OFF* */
static const Case cases[] = {
  { "y_nothing", "{}", 0, READ },
  { "y_padding", "{}      ", 0, READ },
  { "y_metadata_only", "{\"__metadata__\":{\"a\":\"b\"}}", 0, READ },
  { "y_scalar", "{\"a\":" T ("F32", "[]", 0, 4) "}", 4, READ },
  { "y_rank_4", "{\"a\":" T ("F16", "[1,2,3,1]", 0, 12) "}", 12, READ },
  { "y_empty_tensors", "{\"a\":" T ("F32", "[0]", 0, 0) ",\"b\":"
    T ("U8", "[2]", 0, 2) ",\"c\":" T ("U8", "[9,0]", 2, 2) "}", 2, READ },
  { "y_any_order", "{\"a\":" T ("U8", "[2]", 3, 5) ",\"b\":"
    T ("U8", "[3]", 0, 3) "}", 5, READ },
  { "y_every_dtype", "{\"a\":" T ("F32", "[1]", 0, 4)
    ",\"b\":" T ("F16", "[1]", 4, 6) ",\"c\":" T ("F64", "[1]", 6, 14)
    ",\"d\":" T ("BF16", "[1]", 14, 16) ",\"e\":" T ("U8", "[1]", 16, 17)
    ",\"f\":" T ("U16", "[1]", 17, 19) ",\"g\":" T ("U32", "[1]", 19, 23)
    ",\"h\":" T ("U64", "[1]", 23, 31) ",\"i\":" T ("I8", "[1]", 31, 32)
    ",\"j\":" T ("I16", "[1]", 32, 34) ",\"k\":" T ("I32", "[1]", 34, 38)
    ",\"l\":" T ("I64", "[1]", 38, 46) ",\"m\":" T ("BOOL", "[1]", 46, 47)
    "}", 47, READ },
  { "y_unknown_key_of_a_tensor", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],"
    "\"data_offsets\":[0,1],\"note\":[]}}", 1, READ },
  { "n_header_empty", "", 0, BAD },
  { "n_header_array", "[]", 0, BAD },
  { "n_header_space_first", " {}", 0, BAD },
  { "n_header_not_json", "{a}", 0, BAD },
  { "n_header_unfinished", "{\"a\":", 0, CUT },
  { "n_header_two_values", "{}{}", 0, BAD },
  { "n_header_nul_padding", "{}\0", 0, BAD },
  { "n_tensor_twice", "{\"a\":" T ("U8", "[1]", 0, 1) ",\"a\":"
    T ("U8", "[1]", 1, 2) "}", 2, BAD },
  { "n_tensor_no_object", "{\"a\":1}", 0, BAD },
  { "n_tensor_null", "{\"a\":null}", 0, BAD },
  { "n_tensor_empty", "{\"a\":{}}", 0, BAD },
  { "n_tensor_no_name", "{\"\":" T ("U8", "[1]", 0, 1) "}", 1, BAD },
  { "n_tensor_control_in_name", "{\"a\\u001b\":" T ("U8", "[1]", 0, 1) "}", 1,
    BAD },
  { "n_metadata_no_object", "{\"__metadata__\":[]}", 0, BAD },
  { "n_metadata_number", "{\"__metadata__\":{\"a\":1}}", 0, BAD },
  { "n_metadata_nested", "{\"__metadata__\":{\"a\":{}}}", 0, BAD },
  { "n_dtype_missing", "{\"a\":{\"shape\":[1],\"data_offsets\":[0,1]}}", 1,
    BAD },
  { "n_dtype_number", "{\"a\":{\"dtype\":1,\"shape\":[1],"
    "\"data_offsets\":[0,1]}}", 1, BAD },
  { "n_dtype_unknown", "{\"a\":" T ("F8", "[1]", 0, 1) "}", 1, BAD },
  { "n_dtype_lower_case", "{\"a\":" T ("u8", "[1]", 0, 1) "}", 1, BAD },
  { "n_shape_missing", "{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,1]}}", 1,
    BAD },
  { "n_shape_number", "{\"a\":" T ("U8", "1", 0, 1) "}", 1, BAD },
  { "n_shape_negative", "{\"a\":" T ("U8", "[-1]", 0, 1) "}", 1, BAD },
  { "n_shape_two_negatives", "{\"a\":" T ("U8", "[-1,-1]", 0, 1) "}", 1,
    BAD },
  { "n_shape_fraction", "{\"a\":" T ("U8", "[1.5]", 0, 1) "}", 1, BAD },
  { "n_shape_double", "{\"a\":" T ("U8", "[1.0]", 0, 1) "}", 1, BAD },
  { "n_shape_string", "{\"a\":" T ("U8", "[\"1\"]", 0, 1) "}", 1, BAD },
  { "n_shape_bool", "{\"a\":" T ("U8", "[true]", 0, 1) "}", 1, BAD },
  { "n_shape_nested", "{\"a\":" T ("U8", "[[1]]", 0, 1) "}", 1, BAD },
  { "n_shape_null", "{\"a\":" T ("U8", "[null]", 0, 1) "}", 1, BAD },
  { "n_shape_rank_5", "{\"a\":" T ("U8", "[1,1,1,1,1]", 0, 1) "}", 1, BIG },
  { "n_shape_beyond_2_53", "{\"a\":" T ("U8", "[9007199254740993]", 0, 1)
    "}", 1, BAD },
  { "n_shape_product_overflows_to_1", "{\"a\":"
    T ("U8", "[4294967297,4294967297,4294967297,4294967297]", 0, 1) "}", 1,
    BIG },
  { "n_shape_product_overflows_to_0", "{\"a\":"
    T ("U8", "[4294967296,4294967296]", 0, 0) "}", 0, BIG },
  { "n_shape_bytes_overflow_to_4", "{\"a\":"
    T ("F32", "[2147483648,2147483648]", 0, 0) "}", 0, BIG },
  { "n_shape_beyond_the_file", "{\"a\":" T ("U8", "[1000000000000]", 0, 1)
    "}", 1, BAD },
  { "n_shape_short", "{\"a\":" T ("F32", "[1]", 0, 8) "}", 8, BAD },
  { "n_offsets_missing", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1]}}", 1, BAD },
  { "n_offsets_one", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],"
    "\"data_offsets\":[1]}}", 1, BAD },
  { "n_offsets_three", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],"
    "\"data_offsets\":[0,1,2]}}", 1, BIG },
  { "n_offsets_reversed", "{\"a\":" T ("U8", "[1]", 1, 0) "}", 1, BAD },
  { "n_offsets_negative", "{\"a\":" T ("U8", "[1]", -1, 0) "}", 1, BAD },
  { "n_offsets_beyond_the_file", "{\"a\":" T ("U8", "[2]", 0, 2) "}", 1,
    CUT },
  { "n_offsets_far_beyond", "{\"a\":" T ("U8", "[1]", 9007199254740991,
    9007199254740992) "}", 1, CUT },
  { "n_overlap", "{\"a\":" T ("U8", "[2]", 0, 2) ",\"b\":"
    T ("U8", "[2]", 1, 3) "}", 3, BAD },
  { "n_same_bytes", "{\"a\":" T ("U8", "[2]", 0, 2) ",\"b\":"
    T ("U8", "[2]", 0, 2) "}", 2, BAD },
  { "n_hole_first", "{\"a\":" T ("U8", "[1]", 1, 2) "}", 2, BAD },
  { "n_hole_between", "{\"a\":" T ("U8", "[1]", 0, 1) ",\"b\":"
    T ("U8", "[1]", 2, 3) "}", 3, BAD },
  { "n_rest", "{\"a\":" T ("U8", "[1]", 0, 1) "}", 2, BAD },
  { "n_rest_of_nothing", "{}", 1, BAD },
  { "n_empty_tensor_in_another", "{\"a\":" T ("U8", "[0]", 1, 1) ",\"b\":"
    T ("U8", "[2]", 0, 2) "}", 2, BAD },
};
/* *INDENT-ON* */

/* A file with that header; claimed is its length as the file tells it. */
static GBytes *
make_file (const gchar * header, gsize n_header, guint64 claimed, gsize n_data)
{
  GByteArray *file = g_byte_array_new ();
  guint64 length = GUINT64_TO_LE (claimed);
  g_autofree gchar *data = g_strnfill (n_data, 'd');

  g_byte_array_append (file, (const guint8 *) &length, sizeof length);
  g_byte_array_append (file, (const guint8 *) header, (guint) n_header);
  g_byte_array_append (file, (const guint8 *) data, (guint) n_data);
  return g_byte_array_free_to_bytes (file);
}

static void
test_case (gconstpointer data)
{
  const Case *row = data;
  g_autoptr (GError) error = NULL;
  /* This one ends in a NUL that belongs to it. */
  gsize length = strlen (row->header)
      + (strstr (row->name, "nul_padding") != NULL ? 1 : 0);
  g_autoptr (GBytes) bytes = make_file (row->header, length, length,
      row->n_data);
  g_autoptr (FacenetSafetensors) file =
      facenet_safetensors_parse (bytes, "a.st", &error);

  if (row->code == READ) {
    g_assert_no_error (error);
    g_assert_nonnull (file);
    g_assert_true (facenet_safetensors_sniff (bytes));
  } else {
    g_assert_null (file);
    g_assert_error (error, FACENET_ERROR, row->code);
    g_assert_true (g_str_has_prefix (error->message, "a.st"));
  }
}

static void
test_header_length_is_not_believed (void)
{
  const struct
  {
    guint64 length;
    gint code;
  } rows[] = {
    {3, CUT}, {100, CUT}, {FACENET_SAFETENSORS_MAX_HEADER, CUT},
    {FACENET_SAFETENSORS_MAX_HEADER + 1, BIG}, {G_MAXUINT32, BIG},
    {G_MAXINT64, BIG}, {G_MAXUINT64, BIG}, {G_MAXUINT64 - 7, BIG}
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = make_file ("{}", 2, rows[i].length, 0);

    g_assert_null (facenet_safetensors_parse (bytes, "a.st", &error));
    g_assert_error (error, FACENET_ERROR, rows[i].code);
  }
}

static void
test_header_of_the_largest_size_is_read (void)
{
  gsize n = FACENET_SAFETENSORS_MAX_HEADER;
  g_autofree gchar *header = g_strnfill (n, ' ');
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FacenetSafetensors) file = NULL;

  header[0] = '{';
  header[1] = '}';
  bytes = make_file (header, n, n, 0);
  file = facenet_safetensors_parse (bytes, "a.st", &error);
  g_assert_no_error (error);
  g_assert_nonnull (file);
}

static void
test_every_truncation_is_refused (void)
{
  const gchar *header = "{\"__metadata__\":{\"x\":\"y\"},\"a\":"
      T ("F32", "[2]", 0, 8) ",\"b\":" T ("F16", "[1,1]", 8, 10) "}";
  gsize length = strlen (header);
  g_autoptr (GBytes) whole = make_file (header, length, length, 10);

  for (gsize n = 0; n < g_bytes_get_size (whole); n++) {
    /* A copy of just these bytes: sanitizers see a read that goes too far. */
    g_autoptr (GBytes) cut = g_bytes_new (g_bytes_get_data (whole, NULL), n);
    g_autoptr (GError) error = NULL;

    g_assert_null (facenet_safetensors_parse (cut, "a.st", &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_TRUNCATED);
  }
}

static void
test_tensors_come_as_they_lie (void)
{
  const gchar *header = "{\"b\":" T ("U8", "[2]", 3, 5) ",\"a\":"
      T ("U8", "[1,3]", 0, 3) ",\"__metadata__\":{\"k\":\"v\"}}";
  gsize length = strlen (header);
  g_autoptr (GBytes) bytes = make_file (header, length, length, 5);
  g_autoptr (FacenetSafetensors) file =
      facenet_safetensors_parse (bytes, "a.st", NULL);
  const guint8 *data = g_bytes_get_data (bytes, NULL);
  const FacenetSafetensor *first, *second;

  g_assert_nonnull (file);
  g_assert_cmpuint (file->tensors->len, ==, 2);
  first = &g_array_index (file->tensors, FacenetSafetensor, 0);
  second = &g_array_index (file->tensors, FacenetSafetensor, 1);
  g_assert_cmpstr (first->name, ==, "a");
  g_assert_cmpuint (first->rank, ==, 2);
  g_assert_cmpuint (first->dims[1], ==, 3);
  g_assert_cmpuint (first->n_values, ==, 3);
  g_assert_true (first->data == data + 8 + length);
  g_assert_cmpstr (second->name, ==, "b");
  g_assert_true (second->data == first->data + 3);
  g_assert_cmpuint (second->size, ==, 2);
  g_assert_cmpstr (g_hash_table_lookup (file->metadata, "k"), ==, "v");
}

static void
test_errors_name_file_and_tensor (void)
{
  const gchar *header = "{\"conv1_w\":" T ("F32", "[2,3]", 0, 20) "}";
  gsize length = strlen (header);
  g_autoptr (GBytes) bytes = make_file (header, length, length, 20);
  g_autoptr (GError) error = NULL;

  g_assert_null (facenet_safetensors_parse (bytes, "a.st", &error));
  g_assert_cmpstr (error->message, ==,
      "a.st/conv1_w: 20 bytes by \"data_offsets\", expected 24 by its shape");
}

static void
test_what_is_written_is_read (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("facenet-XXXXXX", NULL);
  g_autofree gchar *path = g_build_filename (folder, "a.st", NULL);
  g_autoptr (GHashTable) metadata = g_hash_table_new (g_str_hash, g_str_equal);
  FacenetSafetensor rows[2] = {
    {(gchar *) "z \"\xc3\xa9\"", "U8", 1, {3}, 3, (const guint8 *) "abc", 3},
    {(gchar *) "a", "U16", 2, {2, 1}, 2, (const guint8 *) "defg", 4},
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FacenetSafetensors) file = NULL;
  const FacenetSafetensor *tensor;
  gsize n_header;

  g_hash_table_insert (metadata, (gpointer) "k\n", (gpointer) "\\v\x7f");
  facenet_safetensors_write (path, rows, 2, metadata, &error);
  g_assert_no_error (error);
  bytes = facenet_file_read (path, 1000, &error);
  file = facenet_safetensors_parse (bytes, path, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++) {
    tensor = &g_array_index (file->tensors, FacenetSafetensor, i);
    g_assert_cmpstr (tensor->name, ==, rows[i].name);
    g_assert_cmpstr (tensor->dtype, ==, rows[i].dtype);
    g_assert_cmpmem (tensor->dims, tensor->rank * sizeof (gsize),
        rows[i].dims, rows[i].rank * sizeof (gsize));
    g_assert_cmpmem (tensor->data, tensor->size, rows[i].data, rows[i].size);
  }
  g_assert_cmpstr (g_hash_table_lookup (file->metadata, "k\n"), ==, "\\v\x7f");
  n_header = g_bytes_get_size (bytes) - 8 - 7;
  g_assert_cmpuint (n_header % 8, ==, 0);
  g_remove (path);
  g_rmdir (folder);
}

static void
test_header_too_long_to_read_is_not_written (void)
{
  g_autoptr (GHashTable) metadata = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree gchar *value = g_strnfill (FACENET_SAFETENSORS_MAX_HEADER, 'x');
  g_autoptr (GError) error = NULL;

  g_hash_table_insert (metadata, (gpointer) "k", value);
  g_assert_false (facenet_safetensors_write ("/nowhere/a.st", NULL, 0,
          metadata, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *path = g_strconcat ("/safetensors/", cases[i].name,
        NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/safetensors/header-length-is-not-believed",
      test_header_length_is_not_believed);
  g_test_add_func ("/safetensors/header-of-the-largest-size-is-read",
      test_header_of_the_largest_size_is_read);
  g_test_add_func ("/safetensors/every-truncation-is-refused",
      test_every_truncation_is_refused);
  g_test_add_func ("/safetensors/tensors-come-as-they-lie",
      test_tensors_come_as_they_lie);
  g_test_add_func ("/safetensors/errors-name-file-and-tensor",
      test_errors_name_file_and_tensor);
  g_test_add_func ("/safetensors/what-is-written-is-read",
      test_what_is_written_is_read);
  g_test_add_func ("/safetensors/header-too-long-to-read-is-not-written",
      test_header_too_long_to_read_is_not_written);
  return g_test_run ();
}
