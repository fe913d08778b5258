/* t7-errors.c - Torch7 files that are no model
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "t7-parts.h"

#include <math.h>
#include <string.h>

static GBytes *
make_conv (T7Flags flags)
{
  T7Writer *writer = t7_begin_conv (flags, 1);
  const guint32 dims[] = { 2, 1, 1, 1 };
  const gfloat values[] = { 1.25f, -1e-7f };

  t7_tensor (writer, values, 4, dims);
  return t7_end_conv (writer);
}

static void
test_every_truncation_is_refused (void)
{
  const T7Flags kinds[] = { T7_PLAIN, T7_ASCII, T7_OLD, T7_ASCII | T7_DOUBLE };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autoptr (GBytes) whole = make_conv (kinds[i]);

    for (gsize n = 8; n < g_bytes_get_size (whole); n++) {
      /* A copy, so that a sanitizer sees a read beyond it. */
      g_autoptr (GBytes) cut = g_bytes_new (g_bytes_get_data (whole, NULL), n);
      g_autoptr (GError) error = NULL;

      g_assert_null (t7_load (cut, &error));
      g_assert_error (error, FACENET_ERROR, FACENET_ERROR_TRUNCATED);
    }
  }
}

static void
test_any_changed_byte_is_read_or_refused (void)
{
  const T7Flags kinds[] = { T7_PLAIN, T7_ASCII };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autoptr (GBytes) whole = make_conv (kinds[i]);
    gsize size;
    const guint8 *data = g_bytes_get_data (whole, &size);
    g_autofree guint8 *copy = g_memdup2 (data, size);

    for (gsize n = 8; n < size; n++) {
      g_autoptr (GBytes) bytes = g_bytes_new_static (copy, size);
      g_autoptr (FacenetWeights) found = NULL;
      g_autoptr (GError) error = NULL;

      copy[n] ^= (guint8) g_test_rand_int_range (1, 256);
      found = t7_load (bytes, &error);
      g_assert_true ((found == NULL) == (error != NULL));
      copy[n] = data[n];
    }
  }
}

/* What a tensor of two dimensions says of itself. */
typedef struct
{
  gint64 dims[2], strides[2];
  gint64 offset;
  gint64 n_values;              /* of its storage, which has 4 */
  gint code;                    /* of the error, -1 for none */
  const gchar *words;
} View;

static GBytes *
make_view (const View * view, const gchar * tensor, const gchar * storage)
{
  T7Writer *writer = t7_begin_conv (T7_PLAIN, 1);

  t7_reference (writer, 100);
  t7_class (writer, tensor);
  t7_int (writer, 2);
  for (guint i = 0; i < 2; i++) {
    t7_long (writer, view->dims[i]);
  }
  for (guint i = 0; i < 2; i++) {
    t7_long (writer, view->strides[i]);
  }
  t7_long (writer, view->offset);
  t7_reference (writer, 101);
  t7_class (writer, storage);
  t7_long (writer, view->n_values);
  for (guint i = 0; i < 4; i++) {
    const gfloat value = (gfloat) (i + 1);
    guint32 bits;

    memcpy (&bits, &value, sizeof bits);
    t7_int (writer, (gint32) bits);
  }
  return t7_end_conv (writer);
}

static void
test_views_are_followed_and_bounded (void)
{
  const gchar *beyond = "a.t7/conv1_w: reaches beyond its storage";
  const gchar *too_many = "a.t7/conv1_w: has dimensions that its storage";
  const View views[] = {
    {{2, 2}, {2, 1}, 1, 4, -1, NULL},
    {{1, 3}, {4, 1}, 2, 4, -1, NULL},
    {{1, 2}, {0, 3}, 1, 4, -1, NULL},
    {{2, 2}, {0, 0}, 4, 4, -1, NULL},
    {{2, 2}, {2, 1}, 2, 4, FACENET_ERROR_FORMAT, beyond},
    {{2, 2}, {3, 1}, 1, 4, FACENET_ERROR_FORMAT, beyond},
    {{2, 2}, {2, 1}, 0, 4, FACENET_ERROR_FORMAT, beyond},
    {{1, 1}, {1, 1}, 5, 4, FACENET_ERROR_FORMAT, beyond},
    {{2, 2}, {2, 1}, G_MININT64, 4, FACENET_ERROR_FORMAT, beyond},
    {{2, 2}, {2, 1}, G_MAXINT64, 4, FACENET_ERROR_FORMAT, beyond},
    {{2, 2}, {-1, 1}, 4, 4, FACENET_ERROR_FORMAT, beyond},
    {{2, 2}, {G_MAXINT64, 1}, 1, 4, FACENET_ERROR_FORMAT, beyond},
    {{2, 3}, {1, 1}, 1, 4, FACENET_ERROR_FORMAT, too_many},
    {{5, 1}, {0, 0}, 1, 4, FACENET_ERROR_FORMAT, too_many},
    {{0, 2}, {2, 1}, 1, 4, FACENET_ERROR_FORMAT, too_many},
    {{-2, -2}, {2, 1}, 1, 4, FACENET_ERROR_FORMAT, too_many},
    {{G_MAXINT64, G_MAXINT64}, {0, 0}, 1, 4, FACENET_ERROR_FORMAT, too_many},
    {{2, 2}, {2, 1}, 1, G_MAXINT64, FACENET_ERROR_TRUNCATED, ""},
    {{2, 2}, {2, 1}, 1, (gint64) 1 << 62, FACENET_ERROR_TRUNCATED, ""},
    {{2, 2}, {2, 1}, 1, 1000000, FACENET_ERROR_TRUNCATED, ""},
    {{2, 2}, {2, 1}, 1, -1, FACENET_ERROR_FORMAT, "less than no values"},
  };
  const gfloat wanted[] = { 1, 2, 3, 4 };

  for (guint i = 0; i < G_N_ELEMENTS (views); i++) {
    const View *view = &views[i];
    GBytes *bytes = make_view (view, "torch.FloatTensor",
        "torch.FloatStorage");

    if (view->code >= 0) {
      t7_assert_refused (bytes, view->code, view->words);
    } else {
      g_autoptr (FacenetWeights) weights = t7_load_well (bytes);
      const FacenetTensor *tensor = facenet_weights_get (weights, "conv1_w");

      g_assert_cmpuint (tensor->rank, ==, 4);
      for (guint j = 0; j < tensor->n_values; j++) {
        g_assert_true (tensor->values[j] == wanted[view->offset - 1
                + j / view->dims[1] * view->strides[0]
                + j % view->dims[1] * view->strides[1]]);
      }
      g_bytes_unref (bytes);
    }
  }
}

static void
test_other_types_are_refused_by_name (void)
{
  const View view = { {2, 2}, {2, 1}, 1, 4, -1, NULL };

  t7_assert_refused (make_view (&view, "torch.CudaTensor", "torch.CudaStorage"),
      FACENET_ERROR_FORMAT, "a.t7: holds a torch.CudaTensor, expected");
  t7_assert_refused (make_view (&view, "torch.CudaHalfTensor", ""),
      FACENET_ERROR_FORMAT, "a.t7: holds a torch.CudaHalfTensor, expected");
  t7_assert_refused (make_view (&view, "torch.IntTensor", "torch.IntStorage"),
      FACENET_ERROR_FORMAT, "a.t7/conv1_w: is a torch.IntTensor, expected");
  t7_assert_refused (make_view (&view, "torch.FloatTensor", "torch.IntStorage"),
      FACENET_ERROR_FORMAT,
      "a.t7/conv1_w: is a torch.FloatTensor in a torch.IntStorage");
  t7_assert_refused (make_view (&view, "torch.Timer", ""), FACENET_ERROR_FORMAT,
      "a.t7: holds a torch.Timer, expected");
  t7_assert_refused (make_view (&view, "torch.Float\nTensor", ""),
      FACENET_ERROR_FORMAT, "no name of a class");
}

static void
test_weights_must_be_tensors (void)
{
  T7Writer *writer = t7_begin_conv (T7_PLAIN, 1);

  t7_number (writer, 3);
  t7_assert_refused (t7_end_conv (writer), FACENET_ERROR_FORMAT,
      "a.t7/conv1_w: is not a tensor");
  writer = t7_begin_conv (T7_PLAIN, 1);
  t7_empty_tensor (writer);
  t7_assert_refused (t7_end_conv (writer), FACENET_ERROR_FORMAT,
      "a.t7/conv1_w: is an empty tensor");
  writer = t7_begin_conv (T7_PLAIN, 1);
  t7_reference (writer, 2);
  t7_assert_refused (t7_end_conv (writer), FACENET_ERROR_FORMAT,
      "an index stands for two objects");
}

static void
test_nan_and_inf_are_refused (void)
{
  const gfloat bad[] = { NAN, INFINITY, -INFINITY };
  const T7Flags kinds[] = { T7_PLAIN, T7_ASCII, T7_DOUBLE };

  for (guint i = 0; i < 9; i++) {
    g_autoptr (FacenetWeights) weights = t7_make_few_weights ();

    facenet_weights_get (weights, "dense_w")->values[1] = bad[i / 3];
    t7_assert_refused (t7_write_model (weights, kinds[i % 3]),
        FACENET_ERROR_FORMAT, "a.t7/dense_w: value 1 is ");
  }
}

static void
test_kernels_must_be_square (void)
{
  const gdouble bad[] = { 0, -1, 1.5, 65, 1e300, NAN };
  const guint32 dims[] = { 1, 1, 1, 1 };
  const gfloat value = 1.0f;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    T7Writer *writer = t7_begin_conv (T7_PLAIN, bad[i]);

    t7_tensor (writer, &value, 4, dims);
    t7_assert_refused (t7_end_conv (writer), FACENET_ERROR_FORMAT,
        "a.t7/conv1: kernel of ");
  }
}

static void
test_modules_that_are_no_list_are_refused (void)
{
  const gdouble bad[] = { 0, 2, -1, 1.5, 1e300, NAN };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    T7Writer *writer = t7_begin_model (T7_PLAIN);

    t7_next (writer);
    g_byte_array_set_size (writer->bytes, writer->bytes->len - 12);
    t7_number (writer, bad[i]);
    t7_put_module (writer, "nn.ReLU");
    t7_assert_refused (t7_end_model (writer), FACENET_ERROR_FORMAT,
        "a nn.Sequential without a list of modules");
  }
}

static void
test_containers_are_walked_once (void)
{
  T7Writer *writer = t7_begin_model (T7_PLAIN);

  t7_next (writer);
  t7_reference (writer, 1);
  t7_assert_refused (t7_end_model (writer), FACENET_ERROR_FORMAT,
      "a container is in the model twice");

  writer = t7_begin_model (T7_PLAIN);
  t7_next (writer);
  t7_begin_class (writer, "nn.Sequential");
  t7_key (writer, "modules");
  t7_int (writer, 3);
  t7_int (writer, 3);           /* the list that this is in */
  t7_end (writer);
  t7_assert_refused (t7_end_model (writer), FACENET_ERROR_FORMAT,
      "a container is in the model twice");
}

static void
test_nesting_is_bounded (void)
{
  T7Writer *writer = t7_writer_new (T7_PLAIN);

  for (guint i = 0; i < 2000; i++) {
    t7_int (writer, 3);
    t7_int (writer, (gint32) i + 1);
    t7_int (writer, 1);
  }
  t7_assert_refused (t7_writer_end (writer), FACENET_ERROR_LIMIT,
      "more than 64 objects in each other");
}

/* Each container of a chain is in the file before the one that holds it, so
 * that the file nests little and the model much. */
static void
test_depth_by_references_is_bounded (void)
{
  T7Writer *writer = t7_writer_new (T7_PLAIN);
  gint32 last = 0;

  t7_begin_class (writer, "nn.Sequential");
  t7_key (writer, "kept");
  t7_begin_table (writer);
  for (guint i = 0; i < 2000; i++) {
    gint32 index;

    t7_next (writer);
    index = t7_begin_class (writer, "nn.Decorator");
    t7_key (writer, "module");
    if (i == 0) {
      t7_put_module (writer, "nn.ReLU");
    } else {
      t7_reference (writer, last);
    }
    t7_end (writer);
    last = index;
  }
  t7_end (writer);
  t7_key (writer, "modules");
  t7_begin_table (writer);
  t7_next (writer);
  t7_reference (writer, last);
  t7_end (writer);
  t7_end (writer);
  t7_assert_refused (t7_writer_end (writer), FACENET_ERROR_LIMIT,
      "more than 64 containers in each other");
}

static void
test_counts_take_no_memory_before_their_values (void)
{
  const gint32 counts[] = { G_MAXINT32, 1 << 30, 1 << 21, -1, G_MININT32 };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++) {
    T7Writer *writer = t7_writer_new (T7_PLAIN);
    gint code = counts[i] < 0 ? FACENET_ERROR_FORMAT : FACENET_ERROR_TRUNCATED;

    t7_int (writer, 3);
    t7_int (writer, 1);
    t7_int (writer, counts[i]);
    t7_assert_refused (t7_writer_end (writer), code, "a.t7");
    writer = t7_writer_new (T7_PLAIN);
    t7_reference (writer, 1);
    t7_int (writer, counts[i]);
    t7_assert_refused (t7_writer_end (writer), code, "a.t7");
    writer = t7_writer_new (T7_ASCII);
    t7_reference (writer, 1);
    t7_class (writer, "torch.FloatStorage");
    t7_long (writer, counts[i]);
    t7_assert_refused (t7_writer_end (writer), code, "a.t7");
  }
}

/* Many tensors may view one storage, but a model holds each value once. */
static void
test_tensors_have_no_more_values_than_the_file (void)
{
  T7Writer *writer = t7_begin_model (T7_PLAIN);
  const guint32 dims[] = { 1, 1, 1, 1 };
  const gfloat value = 1.0f;
  gint32 tensor = 0;

  for (guint i = 0; i < 2; i++) {
    t7_next (writer);
    t7_begin_class (writer, "nn.SpatialConvolution");
    t7_number_field (writer, "kW", 1);
    t7_number_field (writer, "kH", 1);
    t7_key (writer, "weight");
    if (i == 0) {
      tensor = writer->n_objects + 1;
      t7_tensor (writer, &value, 4, dims);
    } else {
      t7_reference (writer, tensor);
    }
    t7_end (writer);
  }
  t7_assert_refused (t7_end_model (writer), FACENET_ERROR_LIMIT,
      "a.t7/conv2_w: the tensors have more values than the file");
}

static void
test_what_is_no_model_is_refused (void)
{
  T7Writer *writer = t7_writer_new (T7_PLAIN);
  g_autoptr (FacenetWeights) weights = t7_make_few_weights ();
  g_autoptr (GBytes) whole = t7_write_model (weights, T7_PLAIN);
  g_autoptr (GByteArray) more = g_byte_array_new ();

  t7_begin_table (writer);
  t7_end (writer);
  t7_assert_refused (t7_writer_end (writer), FACENET_ERROR_FORMAT,
      "a.t7: holds something that is not an nn module");
  writer = t7_writer_new (T7_PLAIN);
  t7_reference (writer, 1);
  t7_class (writer, "nn.Sequential");
  t7_int (writer, 0);
  t7_assert_refused (t7_writer_end (writer), FACENET_ERROR_FORMAT,
      "a.t7: a nn.Sequential without a table of fields");
  writer = t7_begin_model (T7_PLAIN);
  t7_next (writer);
  t7_int (writer, 9);
  t7_assert_refused (t7_end_model (writer), FACENET_ERROR_FORMAT,
      "object of no type that Torch has");
  g_byte_array_append (more, g_bytes_get_data (whole, NULL),
      (guint) g_bytes_get_size (whole));
  g_byte_array_append (more, (const guint8 *) "x", 1);
  t7_assert_refused (g_bytes_new (more->data, more->len), FACENET_ERROR_FORMAT,
      "expected nothing after the model");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/t7-errors/every-truncation-is-refused",
      test_every_truncation_is_refused);
  g_test_add_func ("/t7-errors/any-changed-byte-is-read-or-refused",
      test_any_changed_byte_is_read_or_refused);
  g_test_add_func ("/t7-errors/views-are-followed-and-bounded",
      test_views_are_followed_and_bounded);
  g_test_add_func ("/t7-errors/other-types-are-refused-by-name",
      test_other_types_are_refused_by_name);
  g_test_add_func ("/t7-errors/weights-must-be-tensors",
      test_weights_must_be_tensors);
  g_test_add_func ("/t7-errors/nan-and-inf-are-refused",
      test_nan_and_inf_are_refused);
  g_test_add_func ("/t7-errors/kernels-must-be-square",
      test_kernels_must_be_square);
  g_test_add_func ("/t7-errors/modules-that-are-no-list-are-refused",
      test_modules_that_are_no_list_are_refused);
  g_test_add_func ("/t7-errors/containers-are-walked-once",
      test_containers_are_walked_once);
  g_test_add_func ("/t7-errors/nesting-is-bounded", test_nesting_is_bounded);
  g_test_add_func ("/t7-errors/depth-by-references-is-bounded",
      test_depth_by_references_is_bounded);
  g_test_add_func ("/t7-errors/counts-take-no-memory-before-their-values",
      test_counts_take_no_memory_before_their_values);
  g_test_add_func ("/t7-errors/tensors-have-no-more-values-than-the-file",
      test_tensors_have_no_more_values_than_the_file);
  g_test_add_func ("/t7-errors/what-is-no-model-is-refused",
      test_what_is_no_model_is_refused);
  return g_test_run ();
}
