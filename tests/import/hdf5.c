/* hdf5.c - Keras files are read, others refused with a reason
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The files are written with libhdf5, linked here as its users do.
 */
#include "import/facenet-import-private.h"
#include "weights/facenet-format-private.h"

#include <glib/gstdio.h>
#include <hdf5.h>
#include <math.h>
#include <string.h>

typedef struct
{
  gchar *folder;
  gchar *path;
  hid_t file;
} Fixture;

static void
set_up (Fixture * self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("facenet-hdf5-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "m.h5", NULL);
  self->file = H5Fcreate (self->path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
}

static void
tear_down (Fixture * self, gconstpointer data)
{
  g_remove (self->path);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->path);
}

/* Groups on the way are made. plist may be H5P_DEFAULT. */
static hid_t
make_dataset (Fixture * self, const gchar * path, hid_t type, int rank,
    const hsize_t * dims, hid_t plist)
{
  hid_t links = H5Pcreate (H5P_LINK_CREATE);
  hid_t space = H5Screate_simple (rank, dims, NULL);
  hid_t dataset;

  H5Pset_create_intermediate_group (links, 1);
  dataset = H5Dcreate2 (self->file, path, type, space, links, plist,
      H5P_DEFAULT);
  g_assert_cmpint (dataset, >=, 0);
  H5Sclose (space);
  H5Pclose (links);
  return dataset;
}

static void
add (Fixture * self, const gchar * path, hid_t type, int rank,
    const hsize_t * dims, const gfloat * values)
{
  hid_t dataset = make_dataset (self, path, type, rank, dims, H5P_DEFAULT);

  g_assert_cmpint (H5Dwrite (dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL,
          H5P_DEFAULT, values), >=, 0);
  H5Dclose (dataset);
}

static void
add_vector (Fixture * self, const gchar * path)
{
  static const hsize_t dims[] = { 3 };
  static const gfloat values[] = { 1.0f, -2.5f, 1e-9f };

  add (self, path, H5T_IEEE_F32LE, 1, dims, values);
}

static GBytes *
finish (Fixture * self)
{
  gchar *contents;
  gsize size;

  H5Fclose (self->file);
  g_assert_true (g_file_get_contents (self->path, &contents, &size, NULL));
  return g_bytes_new_take (contents, size);
}

static FacenetWeights *
load_bytes (GBytes * bytes, GError ** error)
{
  FacenetSource source = { "m.h5", bytes };

  g_assert_cmpint (facenet_format_sniff (NULL, bytes), ==, FACENET_FORMAT_HDF5);
  return facenet_format_hdf5_load (&source, error);
}

static FacenetWeights *
load (Fixture * self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = finish (self);
  FacenetWeights *weights = load_bytes (bytes, &error);

  g_assert_no_error (error);
  return weights;
}

static void
assert_refused (Fixture * self, FacenetError code, const gchar * words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = finish (self);

  g_assert_null (load_bytes (bytes, &error));
  g_assert_error (error, FACENET_ERROR, (gint) code);
  if (strstr (error->message, words) == NULL) {
    g_error ("no \"%s\" in: %s", words, error->message);
  }
}

static void
assert_tensor (const FacenetWeights * weights, const gchar * name, guint rank,
    const guint32 * dims, const gfloat * values)
{
  const FacenetTensor *tensor = facenet_weights_get (weights, name);

  g_assert (tensor != NULL);
  g_assert_cmpmem (tensor->dims, tensor->rank * sizeof *dims, dims,
      rank * sizeof *dims);
  g_assert_cmpmem (tensor->values, tensor->n_values * sizeof (gfloat), values,
      tensor->n_values * sizeof (gfloat));
}

static void
test_channels_come_first (Fixture * self, gconstpointer data)
{
  static const hsize_t kernel[] = { 1, 2, 3, 2 }, dense[] = { 2, 3 };
  static const gfloat values[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
  /* Channel out, channel in, row, column of where each number was. */
  static const gfloat turned[] = { 0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11 };
  static const gfloat dense_turned[] = { 0, 3, 1, 4, 2, 5 };
  static const guint32 kernel_dims[] = { 2, 3, 1, 2 }, dense_dims[] = { 3, 2 };
  g_autoptr (FacenetWeights) weights = NULL;

  add (self, "conv1/conv1/kernel:0", H5T_IEEE_F32LE, 4, kernel, values);
  add (self, "dense_layer/dense_layer/kernel:0", H5T_IEEE_F32LE, 2, dense,
      values);
  weights = load (self);
  assert_tensor (weights, "conv1_w", 4, kernel_dims, turned);
  assert_tensor (weights, "dense_w", 2, dense_dims, dense_turned);
}

static void
test_names_of_variables (Fixture * self, gconstpointer data)
{
  static const gchar *const names[] = { "bn1_b", "bn1_m", "bn1_v", "bn1_w",
    "conv1/odd:0", "dense_b", "inception_3a_1x1_bn_w", "kernel"
  };
  g_autoptr (FacenetWeights) weights = NULL;
  g_autofree const gchar **found = NULL;

  add_vector (self, "bn1/bn1/gamma:0");
  add_vector (self, "bn1/bn1/beta:0");
  add_vector (self, "bn1/bn1/moving_mean:0");
  add_vector (self, "bn1/model/bn1_1/moving_variance:0");
  add_vector (self, "inception_3a_1x1_bn/gamma");
  add_vector (self, "dense_layer/bias");
  add_vector (self, "conv1/odd:0");
  add_vector (self, "kernel");
  weights = load (self);
  found = facenet_weights_list (weights);
  g_assert_cmpuint (g_strv_length ((gchar **) found), ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_assert_cmpstr (found[i], ==, names[i]);
  }
}

static void
test_file_of_a_whole_model (Fixture * self, gconstpointer data)
{
  g_autoptr (FacenetWeights) weights = NULL;
  g_autofree const gchar **found = NULL;

  add_vector (self, "model_weights/bn1/bn1/gamma:0");
  add_vector (self, "optimizer_weights/Adam/bn1/gamma/m:0");
  weights = load (self);
  found = facenet_weights_list (weights);
  g_assert_cmpstr (found[0], ==, "bn1_w");
  g_assert_null (found[1]);
}

static void
test_types_of_floats (Fixture * self, gconstpointer data)
{
  static const hsize_t dims[] = { 2 };
  static const gfloat values[] = { 1.5f, -0.1f };
  static const guint32 wanted[] = { 2 };
  g_autoptr (FacenetWeights) weights = NULL;

  add (self, "bn1/gamma:0", H5T_IEEE_F64LE, 1, dims, values);
  add (self, "bn1/beta:0", H5T_IEEE_F32BE, 1, dims, values);
  weights = load (self);
  assert_tensor (weights, "bn1_w", 1, wanted, values);
  assert_tensor (weights, "bn1_b", 1, wanted, values);
}

static void
test_cut_at_every_length (Fixture * self, gconstpointer data)
{
  g_autoptr (GBytes) whole = NULL;
  hid_t plist = H5Pcreate (H5P_FILE_ACCESS);
  gsize size;
  const guint8 *bytes;

  /* The newer layout is smaller. */
  H5Fclose (self->file);
  H5Pset_libver_bounds (plist, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  H5Pset_meta_block_size (plist, 0);
  self->file = H5Fcreate (self->path, H5F_ACC_TRUNC, H5P_DEFAULT, plist);
  H5Pclose (plist);
  add_vector (self, "bn1/gamma:0");
  whole = finish (self);
  bytes = g_bytes_get_data (whole, &size);
  for (gsize n = 8; n < size; n++) {
    g_autoptr (GBytes) part = g_bytes_new (bytes, n);
    g_autoptr (GError) error = NULL;

    g_assert_null (load_bytes (part, &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_TRUNCATED);
  }
}

static void
test_numbers_that_are_none (Fixture * self, gconstpointer data)
{
  static const hsize_t dims[] = { 2 };
  static const gfloat values[] = { 1.5f, -INFINITY };

  add (self, "bn1/gamma:0", H5T_IEEE_F32LE, 1, dims, values);
  assert_refused (self, FACENET_ERROR_FORMAT, "m.h5/bn1_w: value 1 is inf");
}

static void
test_integers (Fixture * self, gconstpointer data)
{
  static const hsize_t dims[] = { 2 };
  static const gfloat values[] = { 1, 2 };

  add (self, "bn1/gamma:0", H5T_STD_I32LE, 1, dims, values);
  assert_refused (self, FACENET_ERROR_FORMAT,
      "m.h5/bn1/gamma:0: holds no floats");
}

static void
test_five_dimensions (Fixture * self, gconstpointer data)
{
  static const hsize_t dims[] = { 1, 1, 1, 1, 1 };
  static const gfloat values[] = { 1 };

  add (self, "conv1/kernel:0", H5T_IEEE_F32LE, 5, dims, values);
  assert_refused (self, FACENET_ERROR_LIMIT,
      "5 dimensions, expected at most 4");
}

/* A terabyte that was never written takes no space in the file. */
static void
test_numbers_that_are_not_there (Fixture * self, gconstpointer data)
{
  static const hsize_t dims[] = { 1024, 1024, 1024, 256 };

  H5Dclose (make_dataset (self, "conv1/kernel:0", H5T_IEEE_F32LE, 4, dims,
          H5P_DEFAULT));
  assert_refused (self, FACENET_ERROR_TRUNCATED, "claims 0 bytes for");
}

static void
test_product_beyond_memory (Fixture * self, gconstpointer data)
{
  static const hsize_t dims[] = { 4294967295, 4294967295, 4 };
  hid_t plist = H5Pcreate (H5P_DATASET_CREATE);

  H5Pset_chunk (plist, 3, (hsize_t[3]) {
      1, 1, 4});
  H5Dclose (make_dataset (self, "conv1/kernel:0", H5T_IEEE_F32LE, 3, dims,
          plist));
  H5Pclose (plist);
  assert_refused (self, FACENET_ERROR_LIMIT, "more than memory can hold");
}

/* A few bytes in the file that would become 64 MB. */
static void
test_compressed (Fixture * self, gconstpointer data)
{
  static const hsize_t dims[] = { 4096, 4096 };
  hid_t plist = H5Pcreate (H5P_DATASET_CREATE);

  H5Pset_chunk (plist, 2, dims);
  H5Pset_deflate (plist, 9);
  H5Dclose (make_dataset (self, "conv1/kernel:0", H5T_IEEE_F32LE, 2, dims,
          plist));
  H5Pclose (plist);
  assert_refused (self, FACENET_ERROR_FORMAT, "is chunked, compressed or kept");
}

static void
test_numbers_in_another_file (Fixture * self, gconstpointer data)
{
  static const hsize_t dims[] = { 4 };
  hid_t plist = H5Pcreate (H5P_DATASET_CREATE);

  H5Pset_external (plist, "/etc/passwd", 0, 16);
  H5Dclose (make_dataset (self, "bn1/gamma:0", H5T_IEEE_F32LE, 1, dims, plist));
  H5Pclose (plist);
  assert_refused (self, FACENET_ERROR_FORMAT, "another file, expected plain");
}

static void
test_link_to_another_file (Fixture * self, gconstpointer data)
{
  H5Lcreate_external ("/tmp/other.h5", "/x", self->file, "bn1", H5P_DEFAULT,
      H5P_DEFAULT);
  assert_refused (self, FACENET_ERROR_FORMAT, "m.h5/bn1: is a link to else");
}

static void
test_soft_link (Fixture * self, gconstpointer data)
{
  add_vector (self, "bn1/gamma:0");
  H5Lcreate_soft ("/bn1", self->file, "bn2", H5P_DEFAULT, H5P_DEFAULT);
  assert_refused (self, FACENET_ERROR_FORMAT, "m.h5/bn2: is a link to else");
}

static void
test_group_in_itself (Fixture * self, gconstpointer data)
{
  add_vector (self, "a/b/gamma:0");
  H5Lcreate_hard (self->file, "/a", self->file, "/a/b/c", H5P_DEFAULT,
      H5P_DEFAULT);
  assert_refused (self, FACENET_ERROR_LIMIT, "groups in each other");
}

/* 60 links to each of six groups in each other: 60^6 ways. */
static void
test_many_ways_to_a_group (Fixture * self, gconstpointer data)
{
  for (guint depth = 0; depth < 6; depth++) {
    g_autofree gchar *group = g_strdup_printf ("/model_weights%u", depth);

    H5Gclose (H5Gcreate2 (self->file, group, H5P_DEFAULT, H5P_DEFAULT,
            H5P_DEFAULT));
  }
  for (guint depth = 0; depth < 5; depth++) {
    for (guint i = 0; i < 60; i++) {
      g_autofree gchar *from =
          g_strdup_printf ("/model_weights%u/%u", depth, i);
      g_autofree gchar *to = g_strdup_printf ("/model_weights%u", depth + 1);

      H5Lcreate_hard (self->file, to, self->file, from, H5P_DEFAULT,
          H5P_DEFAULT);
    }
  }
  assert_refused (self, FACENET_ERROR_LIMIT, "more than 10000 objects");
}

static void
test_same_variable_twice (Fixture * self, gconstpointer data)
{
  add_vector (self, "bn1/gamma:0");
  add_vector (self, "bn1/bn1/gamma:0");
  assert_refused (self, FACENET_ERROR_FORMAT, "bn1_w: is there a second time");
}

static void
test_weights_of_keras_3 (Fixture * self, gconstpointer data)
{
  add_vector (self, "layers/conv2d/vars/0");
  assert_refused (self, FACENET_ERROR_FORMAT, "Keras 3's own layout");
}

static void
test_an_empty_file (Fixture * self, gconstpointer data)
{
  g_autoptr (FacenetWeights) weights = load (self);
  g_autofree const gchar **found = facenet_weights_list (weights);

  g_assert_null (found[0]);
}

#define ADD(name, func) \
    g_test_add ("/hdf5/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("channels-come-first", test_channels_come_first);
  ADD ("names-of-variables", test_names_of_variables);
  ADD ("file-of-a-whole-model", test_file_of_a_whole_model);
  ADD ("types-of-floats", test_types_of_floats);
  ADD ("an-empty-file", test_an_empty_file);
  ADD ("cut-at-every-length", test_cut_at_every_length);
  ADD ("numbers-that-are-none", test_numbers_that_are_none);
  ADD ("integers", test_integers);
  ADD ("five-dimensions", test_five_dimensions);
  ADD ("numbers-that-are-not-there", test_numbers_that_are_not_there);
  ADD ("product-beyond-memory", test_product_beyond_memory);
  ADD ("compressed", test_compressed);
  ADD ("numbers-in-another-file", test_numbers_in_another_file);
  ADD ("link-to-another-file", test_link_to_another_file);
  ADD ("soft-link", test_soft_link);
  ADD ("group-in-itself", test_group_in_itself);
  ADD ("many-ways-to-a-group", test_many_ways_to_a_group);
  ADD ("same-variable-twice", test_same_variable_twice);
  ADD ("weights-of-keras-3", test_weights_of_keras_3);
  return g_test_run ();
}
