/* weights.c - named tensors, in memory and in files
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "weights/facenet-weights-private.h"

#include "base/facenet-file-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* SHA-256 by an independent program over the shipped file's numbers. */
#define SHIPPED_ID \
  "f554b13bf0b7e2c65ef89283a124840d0c50181fb55970c40424f98f3ddc32b9"

typedef struct
{
  gchar *folder;
  gchar *path;                  /* of "a.st" in it */
  FacenetWeights *weights;
} Fixture;

static void
add (FacenetWeights * weights, const gchar * name, guint rank,
    const guint32 * dims, const gfloat * values, gsize n)
{
  g_autoptr (GError) error = NULL;

  facenet_weights_take (weights, name, rank, dims,
      g_memdup2 (values, n * sizeof *values), &error);
  g_assert_no_error (error);
}

/* A matrix that halves cannot hold, a vector, and a string. */
static void
set_up (Fixture * self, gconstpointer data)
{
  const guint32 matrix[] = { 2, 3 }, vector[] = { 2 };
  const gfloat w[] = { 0.1f, -1.0f, 3e-5f, 0.0f, 1234.567f, -0.0f };
  const gfloat b[] = { 0.1f, 1e-9f };

  self->folder = g_dir_make_tmp ("facenet-weights-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "a.st", NULL);
  self->weights = facenet_weights_new ("w.st");
  add (self->weights, "dense_w", 2, matrix, w, 6);
  add (self->weights, "dense_b", 1, vector, b, 2);
  facenet_weights_set_metadata (self->weights, "network", "nn4.small2");
}

static void
tear_down (Fixture * self, gconstpointer data)
{
  g_remove (self->path);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  facenet_weights_free (self->weights);
  g_free (self->folder);
  g_free (self->path);
}

static void
assert_equal (const FacenetWeights * a, const FacenetWeights * b,
    const gchar * name)
{
  const FacenetTensor *one = facenet_weights_get (a, name);
  const FacenetTensor *other = facenet_weights_get (b, name);

  g_assert_nonnull (one);
  g_assert_nonnull (other);
  g_assert_cmpmem (one->dims, one->rank * sizeof *one->dims, other->dims,
      other->rank * sizeof *other->dims);
  g_assert_cmpmem (one->values, one->n_values * sizeof (gfloat),
      other->values, other->n_values * sizeof (gfloat));
}

static FacenetWeights *
save_and_load (Fixture * self, FacenetDtype dtype)
{
  g_autoptr (GError) error = NULL;
  FacenetWeights *back;

  facenet_weights_save (self->weights, self->path, dtype, &error);
  g_assert_no_error (error);
  back = facenet_weights_load (self->path, &error);
  g_assert_no_error (error);
  return back;
}

static void
put (const gchar * path, const gchar * header, const void *data, gsize size)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  guint64 length = GUINT64_TO_LE ((guint64) strlen (header));

  g_byte_array_append (file, (const guint8 *) &length, sizeof length);
  g_byte_array_append (file, (const guint8 *) header, (guint) strlen (header));
  g_byte_array_append (file, data, (guint) size);
  g_assert_true (facenet_file_write (path, file->data, file->len, NULL));
}

static void
test_f32_comes_back (Fixture * self, gconstpointer data)
{
  g_autoptr (FacenetWeights) back = NULL;

  facenet_weights_set_metadata (self->weights, "id", "abc");
  back = save_and_load (self, FACENET_DTYPE_F32);
  assert_equal (self->weights, back, "dense_w");
  assert_equal (self->weights, back, "dense_b");
  g_assert_cmpstr (facenet_weights_get_location (back), ==, self->path);
  g_assert_cmpstr (facenet_weights_get_metadata (back, "network"), ==,
      "nn4.small2");
  g_assert_cmpstr (facenet_weights_get_metadata (back, "id"), ==, "abc");
}

static void
test_f16_rounds_matrices_only (Fixture * self, gconstpointer data)
{
  g_autoptr (FacenetWeights) back = save_and_load (self, FACENET_DTYPE_F16);
  const FacenetTensor *w = facenet_weights_get (back, "dense_w");

  assert_equal (self->weights, back, "dense_b");
  /* The halves next to 0.1 and 1234.567. */
  g_assert_true (w->values[0] == 0.0999755859375f);
  g_assert_true (w->values[4] == 1235.0f);
  g_assert_true (w->values[1] == -1.0f);
}

static void
test_f16_of_another_model_has_no_id (Fixture * self, gconstpointer data)
{
  g_autoptr (FacenetWeights) rounded = NULL;
  g_autoptr (FacenetWeights) exact = NULL;
  g_autoptr (GError) error = NULL;

  facenet_weights_set_metadata (self->weights, "id", "abc");
  rounded = save_and_load (self, FACENET_DTYPE_F16);
  g_assert_null (facenet_weights_get_metadata (rounded, "id"));

  facenet_weights_round (self->weights, FACENET_DTYPE_F16, &error);
  g_assert_no_error (error);
  g_assert_null (facenet_weights_get_metadata (self->weights, "id"));
  assert_equal (self->weights, rounded, "dense_w");
  facenet_weights_set_metadata (self->weights, "id", "def");
  exact = save_and_load (self, FACENET_DTYPE_F16);
  g_assert_cmpstr (facenet_weights_get_metadata (exact, "id"), ==, "def");
}

static void
test_f16_refuses_what_is_beyond_it (Fixture * self, gconstpointer data)
{
  const guint32 dims[] = { 1, 2 };
  const gfloat values[] = { 1.0f, 7e4f };
  g_autoptr (GError) error = NULL;

  add (self->weights, "big_w", 2, dims, values, 2);
  g_assert_false (facenet_weights_save (self->weights, self->path,
          FACENET_DTYPE_F16, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, "big_w: value 1 is 70000"));
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
  g_clear_error (&error);
  g_assert_false (facenet_weights_round (self->weights, FACENET_DTYPE_F16,
          &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT);
  g_assert_true (facenet_weights_get (self->weights, "dense_w")->values[0]
      == 0.1f);
}

static void
test_saving_twice_gives_the_same_bytes (Fixture * self, gconstpointer data)
{
  g_autoptr (FacenetWeights) back = save_and_load (self, FACENET_DTYPE_F32);
  g_autoptr (GBytes) first = facenet_file_read (self->path, 1000, NULL);
  g_autoptr (GBytes) second = NULL;

  g_assert_true (facenet_weights_save (back, self->path, FACENET_DTYPE_F32,
          NULL));
  second = facenet_file_read (self->path, 1000, NULL);
  g_assert_true (g_bytes_equal (first, second));
}

static void
test_every_truncation_is_refused (Fixture * self, gconstpointer data)
{
  g_autoptr (FacenetWeights) back = save_and_load (self, FACENET_DTYPE_F16);
  g_autoptr (GBytes) whole = facenet_file_read (self->path, 1000, NULL);

  g_assert_nonnull (back);

  for (gsize n = 0; n < g_bytes_get_size (whole); n++) {
    g_autoptr (GError) error = NULL;
    gint code = n > 0 && n < 9 ? FACENET_ERROR_FORMAT : FACENET_ERROR_TRUNCATED;

    g_assert_true (facenet_file_write (self->path, g_bytes_get_data (whole,
                NULL), n, NULL));
    g_assert_null (facenet_weights_load (self->path, &error));
    g_assert_error (error, FACENET_ERROR, code);
    g_assert_true (g_str_has_prefix (error->message, self->path));
  }
}

static void
test_nan_and_inf_in_a_file_are_refused (Fixture * self, gconstpointer data)
{
  const gfloat floats[] = { NAN, -NAN, INFINITY, -INFINITY };
  const guint16 halves[] = { 0x7c00, 0xfc00, 0x7c01, 0xffff };

  for (guint i = 0; i < 4; i++) {
    gfloat wide[3] = { 1.0f, 2.0f, floats[i] };
    guint16 narrow[3] = { 0, GUINT16_TO_LE (halves[i]), 0 };
    g_autoptr (GError) error = NULL;

    put (self->path, "{\"bn1_v\":{\"dtype\":\"F32\",\"shape\":[3],"
        "\"data_offsets\":[0,12]}}", wide, sizeof wide);
    g_assert_null (facenet_weights_load (self->path, &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
    g_assert_nonnull (strstr (error->message, "/bn1_v: value 2 is "));
    g_clear_error (&error);
    put (self->path, "{\"bn1_v\":{\"dtype\":\"F16\",\"shape\":[3],"
        "\"data_offsets\":[0,6]}}", narrow, sizeof narrow);
    g_assert_null (facenet_weights_load (self->path, &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
    g_assert_nonnull (strstr (error->message, "/bn1_v: value 1 is "));
  }
}

static void
test_other_dtypes_are_refused_by_name (Fixture * self, gconstpointer data)
{
  const gchar *dtypes[] = { "BF16", "I16", "U16" };

  for (guint i = 0; i < G_N_ELEMENTS (dtypes); i++) {
    g_autofree gchar *header = g_strdup_printf ("{\"a\":{\"dtype\":\"%s\","
        "\"shape\":[1],\"data_offsets\":[0,2]}}", dtypes[i]);
    g_autofree gchar *wanted = g_strdup_printf ("%s/a: dtype %s, expected F32 "
        "or F16", self->path, dtypes[i]);
    g_autoptr (GError) error = NULL;

    put (self->path, header, "xx", 2);
    g_assert_null (facenet_weights_load (self->path, &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
    g_assert_cmpstr (error->message, ==, wanted);
  }
}

static void
test_dimension_beyond_32_bits_is_refused (Fixture * self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  put (self->path, "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,4294967296],"
      "\"data_offsets\":[0,0]}}", "", 0);
  g_assert_null (facenet_weights_load (self->path, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT);
}

static void
test_what_is_no_model_is_named (Fixture * self, gconstpointer data)
{
  const struct
  {
    const gchar *bytes;
    gsize size;
    gint code;
    const gchar *words;
  } rows[] = {
    {"", 0, FACENET_ERROR_TRUNCATED, "is empty"},
    {"\1\2\3\4", 4, FACENET_ERROR_FORMAT, "begins with bytes 01 02 03 04,"},
    {"\x89PNG\r\n\x1a\n....", 12, FACENET_ERROR_FORMAT, "a PNG image"},
    {"{\"format\":1}", 12, FACENET_ERROR_FORMAT, "JSON"},
    {"version https://git-lfs.github.com/spec/v1\n", 43,
        FACENET_ERROR_FORMAT, "git-lfs"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_true (facenet_file_write (self->path, rows[i].bytes,
            rows[i].size, NULL));
    g_assert_null (facenet_weights_load (self->path, &error));
    g_assert_error (error, FACENET_ERROR, rows[i].code);
    g_assert_nonnull (strstr (error->message, rows[i].words));
    g_assert_nonnull (strstr (error->message, "safetensors"));
  }
}

static void
assert_named (const gchar * location, const gchar * name)
{
  g_autofree gchar *expected = g_strdup_printf ("%s: %s, not safetensors; "
      "run: facenet convert %s OUT.safetensors", location, name, location);
  g_autoptr (GError) error = NULL;

  g_assert_null (facenet_weights_load (location, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
  g_assert_cmpstr (error->message, ==, expected);
}

static void
test_other_formats_are_for_convert (Fixture * self, gconstpointer data)
{
  const struct
  {
    const gchar *bytes;
    gsize size;
    const gchar *name;
  } rows[] = {
    {"PK\3\4....", 8, "a PyTorch file"},
    {"PK\5\6....", 8, "a PyTorch file"},
    {"\x80\2\x8a\nl\xfc\x9c\x46\xf9\x20\x6a\xa8P\x19.", 15, "a PyTorch file"},
    {"\4\0\0\0\1\0\0\0.", 9, "a Torch7 file"},
    {"\3\0\0\0\1\0\0\0.", 9, "a Torch7 file"},
    {"4\n1\n3\n", 6, "a Torch7 file"},
    {"3\n1\n3\n", 6, "a Torch7 file"},
    {"\x89HDF\r\n\x1a\n", 8, "a Keras file (HDF5)"},
  };
  g_autofree gchar *csv = g_build_filename (self->folder, "conv1_b.csv", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_assert_true (facenet_file_write (self->path, rows[i].bytes,
            rows[i].size, NULL));
    assert_named (self->path, rows[i].name);
  }
  g_assert_true (facenet_file_write (csv, "1", 1, NULL));
  assert_named (self->folder, "a folder of CSV files");
  g_remove (csv);
}

static void
test_folder_and_missing_file_cannot_be_opened (Fixture * self,
    gconstpointer data)
{
  const gchar *places[] = { self->folder, self->path, "/dev/null" };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (facenet_weights_load (places[i], &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_OPEN);
    g_assert_true (g_str_has_prefix (error->message, places[i]));
  }
}

static void
test_take_refuses (Fixture * self, gconstpointer data)
{
  const guint32 dims[] = { 2, 1, 1, 1, 1 };
  const guint32 huge[] = { G_MAXUINT32, G_MAXUINT32, G_MAXUINT32 };
  g_autoptr (GError) error = NULL;

  g_assert_false (facenet_weights_take (self->weights, "dense_w", 1, dims,
          g_new0 (gfloat, 2), &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
  g_clear_error (&error);
  g_assert_false (facenet_weights_take (self->weights, "a", 5, dims,
          g_new0 (gfloat, 2), &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_false (facenet_weights_take (self->weights, "a", 3, huge,
          g_new0 (gfloat, 2), &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT);
  g_assert_null (facenet_weights_get (self->weights, "a"));
}

static void
test_flat_tensors_take_a_shape_of_as_many_values (Fixture * self,
    gconstpointer data)
{
  const guint32 shape[] = { 3, 1, 2 }, too_few[] = { 5 };
  const guint32 huge[] = { G_MAXUINT32, G_MAXUINT32, G_MAXUINT32 };
  g_autoptr (FacenetWeights) back = NULL;
  g_autoptr (GError) error = NULL;

  facenet_weights_set_flat (self->weights, TRUE);
  g_assert_false (facenet_weights_save (self->weights, self->path,
          FACENET_DTYPE_F32, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE);
  g_assert_false (facenet_weights_reshape (self->weights, "dense_w", 1,
          too_few));
  g_assert_false (facenet_weights_reshape (self->weights, "dense_w", 3, huge));
  g_assert_cmpuint (facenet_weights_get (self->weights, "dense_w")->rank, ==,
      2);
  g_assert_true (facenet_weights_reshape (self->weights, "dense_w", 3, shape));
  facenet_weights_set_flat (self->weights, FALSE);
  back = save_and_load (self, FACENET_DTYPE_F32);
  g_assert_cmpuint (facenet_weights_get (back, "dense_w")->dims[2], ==, 2);
  assert_equal (self->weights, back, "dense_w");
}

static void
test_lists_are_sorted (Fixture * self, gconstpointer data)
{
  g_autofree const gchar **names = NULL;
  g_auto (GStrv) keys = NULL;
  const gfloat one = 1.0f;

  /* strcmp order: upper case, underscore, lower case. */
  add (self->weights, "denseX", 0, NULL, &one, 1);
  names = facenet_weights_list (self->weights);
  g_assert_cmpstr (names[0], ==, "denseX");
  g_assert_cmpstr (names[1], ==, "dense_b");
  g_assert_cmpstr (names[2], ==, "dense_w");
  g_assert_null (names[3]);
  facenet_weights_set_metadata (self->weights, "license", "x");
  facenet_weights_set_metadata (self->weights, "license", "y");
  keys = facenet_weights_list_metadata (self->weights);
  g_assert_cmpuint (g_strv_length (keys), ==, 2);
  g_assert_cmpstr (keys[0], ==, "license");
  g_assert_cmpstr (facenet_weights_get_metadata (self->weights, "license"),
      ==, "y");
  facenet_weights_set_metadata (self->weights, "license", NULL);
  g_assert_null (facenet_weights_get_metadata (self->weights, "license"));
}

static gchar *
id_of (const FacenetWeights * weights, const gchar * first,
    const gchar * second)
{
  const gchar *names[] = { first, second, NULL };
  g_autoptr (GError) error = NULL;
  gchar *id = facenet_weights_compute_id (weights, "net", "pre", names,
      &error);

  g_assert_no_error (error);
  return id;
}

static void
test_id_is_that_of_its_definition (Fixture * self, gconstpointer data)
{
  const guint8 bytes[] = "net\0pre\0dense_b\0\1\0\0\0\2\0\0\0"
      "\xcd\xcc\xcc\x3d\x5f\x70\x89\x30";
  g_autofree gchar *wanted = g_compute_checksum_for_data (G_CHECKSUM_SHA256,
      bytes, sizeof bytes - 1);
  const gchar *names[] = { "dense_b", NULL };
  g_autofree gchar *found = facenet_weights_compute_id (self->weights, "net",
      "pre", names, NULL);

  g_assert_cmpstr (found, ==, wanted);
}

static void
test_id_depends_on_the_numbers_alone (Fixture * self, gconstpointer data)
{
  g_autofree gchar *id = id_of (self->weights, "dense_b", "dense_w");
  g_autofree gchar *other_order = id_of (self->weights, "dense_w", "dense_b");
  g_autoptr (FacenetWeights) exact = save_and_load (self, FACENET_DTYPE_F32);
  g_autofree gchar *in_file = id_of (exact, "dense_w", "dense_b");
  g_autoptr (FacenetWeights) half = save_and_load (self, FACENET_DTYPE_F16);
  g_autofree gchar *rounded = id_of (half, "dense_w", "dense_b");

  g_assert_cmpuint (strlen (id), ==, 64);
  g_assert_cmpstr (other_order, ==, id);
  g_assert_cmpstr (in_file, ==, id);
  g_assert_cmpstr (rounded, !=, id);
}

static void
test_id_misses_a_tensor_by_name (Fixture * self, gconstpointer data)
{
  const gchar *names[] = { "dense_w", "conv1_w", NULL };
  g_autoptr (GError) error = NULL;

  g_assert_null (facenet_weights_compute_id (self->weights, "net", "pre",
          names, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISSING);
  g_assert_cmpstr (error->message, ==, "w.st: no tensor conv1_w");
}

static void
test_shipped_model_has_its_id (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FacenetWeights) weights =
      facenet_weights_load (g_getenv ("FACENET_MODEL"), &error);
  g_autofree const gchar **names = NULL;
  g_autofree gchar *id = NULL;
  gsize n_values = 0;

  g_assert_no_error (error);
  names = facenet_weights_list (weights);
  for (guint i = 0; names[i] != NULL; i++) {
    n_values += facenet_weights_get (weights, names[i])->n_values;
  }
  g_assert_cmpuint (n_values, ==, 3743280);
  id = facenet_weights_compute_id (weights,
      facenet_weights_get_metadata (weights, "network"),
      facenet_weights_get_metadata (weights, "preprocess"), names, &error);
  g_assert_cmpstr (id, ==, SHIPPED_ID);
  g_assert_cmpstr (facenet_weights_get_metadata (weights, "id"), ==, id);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/weights/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("f32-comes-back", test_f32_comes_back);
  ADD ("f16-rounds-matrices-only", test_f16_rounds_matrices_only);
  ADD ("f16-of-another-model-has-no-id", test_f16_of_another_model_has_no_id);
  ADD ("f16-refuses-what-is-beyond-it", test_f16_refuses_what_is_beyond_it);
  ADD ("saving-twice-gives-the-same-bytes",
      test_saving_twice_gives_the_same_bytes);
  ADD ("every-truncation-is-refused", test_every_truncation_is_refused);
  ADD ("nan-and-inf-in-a-file-are-refused",
      test_nan_and_inf_in_a_file_are_refused);
  ADD ("other-dtypes-are-refused-by-name",
      test_other_dtypes_are_refused_by_name);
  ADD ("dimension-beyond-32-bits-is-refused",
      test_dimension_beyond_32_bits_is_refused);
  ADD ("what-is-no-model-is-named", test_what_is_no_model_is_named);
  ADD ("other-formats-are-for-convert", test_other_formats_are_for_convert);
  ADD ("folder-and-missing-file-cannot-be-opened",
      test_folder_and_missing_file_cannot_be_opened);
  ADD ("take-refuses", test_take_refuses);
  ADD ("flat-tensors-take-a-shape-of-as-many-values",
      test_flat_tensors_take_a_shape_of_as_many_values);
  ADD ("lists-are-sorted", test_lists_are_sorted);
  ADD ("id-is-that-of-its-definition", test_id_is_that_of_its_definition);
  ADD ("id-depends-on-the-numbers-alone", test_id_depends_on_the_numbers_alone);
  ADD ("id-misses-a-tensor-by-name", test_id_misses_a_tensor_by_name);
#undef ADD
  g_test_add_func ("/weights/shipped-model-has-its-id",
      test_shipped_model_has_its_id);
  return g_test_run ();
}
