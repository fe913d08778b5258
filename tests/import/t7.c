/* t7.c - weights in files as Torch7 saves them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The networks here have the names of the shipped one, or some of them, and a
 * few numbers for each.
 */
#include "t7-parts.h"

#include "import/facenet-import.h"
#include "network/facenet-model-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static void
assert_equal (const FacenetWeights * found, const FacenetWeights * wanted,
    gdouble tolerance)
{
  g_autofree const gchar **names = facenet_weights_list (wanted);
  g_autofree const gchar **found_names = facenet_weights_list (found);

  g_assert_cmpuint (g_strv_length ((gchar **) found_names), ==,
      g_strv_length ((gchar **) names));
  for (guint i = 0; names[i] != NULL; i++) {
    const FacenetTensor *a = facenet_weights_get (found, names[i]);
    const FacenetTensor *b = facenet_weights_get (wanted, names[i]);
    gboolean near = g_str_has_suffix (names[i], "_v");

    g_assert_nonnull (a);
    g_assert_cmpmem (a->dims, a->rank * sizeof *a->dims, b->dims,
        b->rank * sizeof *b->dims);
    for (gsize j = 0; j < a->n_values; j++) {
      g_assert_cmpfloat (fabs ((gdouble) a->values[j]
              - (gdouble) b->values[j]), <=, near ? tolerance : 0.0);
    }
  }
}

static void
test_every_way_to_save_gives_the_same_tensors (void)
{
  const gchar *prefixes[] = { "conv1", "bn1", "inception_3a", "dense", NULL };
  g_autoptr (FacenetWeights) wanted = t7_make_weights (prefixes);

  for (guint flags = 0; flags < 2 * T7_OLD; flags++) {
    g_autoptr (FacenetWeights) found = NULL;
    g_autoptr (GBytes) bytes = NULL;

    if ((flags & T7_SHARED) && (flags & T7_STRIDED)) {
      continue;
    }
    bytes = t7_write_model (wanted, flags);
    found = t7_load_well (bytes);
    assert_equal (found, wanted, flags & T7_STD ? 1e-6 : 0.0);
  }
}

static void
test_all_layers_have_their_names (void)
{
  g_autoptr (FacenetWeights) wanted = t7_make_weights (NULL);
  g_autoptr (GBytes) bytes = t7_write_model (wanted, T7_PLAIN);
  g_autoptr (FacenetWeights) found = t7_load_well (bytes);

  assert_equal (found, wanted, 0.0);
}

/* Old files have 1 / sqrt (variance + eps). */
static void
test_variance_of_nothing_comes_back_from_its_root (void)
{
  g_autoptr (FacenetWeights) weights = t7_make_few_weights ();
  g_autoptr (FacenetWeights) found = NULL;
  g_autoptr (GBytes) bytes = NULL;

  facenet_weights_get (weights, "inception_3a_1x1_bn_v")->values[0] = 0.0f;
  facenet_weights_get (weights, "inception_3a_1x1_bn_v")->values[1] = 1e-3f;
  bytes = t7_write_model (weights, T7_STD);
  found = t7_load_well (bytes);
  g_assert_true (facenet_weights_get (found,
          "inception_3a_1x1_bn_v")->values[0] == 0.0f);
  g_assert_cmpfloat_with_epsilon (facenet_weights_get (found,
          "inception_3a_1x1_bn_v")->values[1], 1e-3f, 1e-9f);
}

/* names: of modules, NULL at the end. */
static GBytes *
make_sequence (const gchar * const *names)
{
  T7Writer *writer = t7_begin_model (T7_PLAIN);

  for (guint i = 0; names[i] != NULL; i++) {
    t7_next (writer);
    t7_put_module (writer, names[i]);
  }
  return t7_end_model (writer);
}

static void
test_layers_of_no_such_network_are_named (void)
{
  const gchar *tanh[] = { "nn.SpatialConvolution", "nn.Tanh", NULL };
  const gchar *prefix[] = { "my.SpatialConvolution", NULL };
  const gchar *norm[] = { "nn.SpatialBatchNormalization", NULL };
  const gchar *empty[] = { "nn.DepthConcat", NULL };

  t7_assert_refused (make_sequence (tanh), FACENET_ERROR_FORMAT,
      "a.t7: has a nn.Tanh, expected");
  t7_assert_refused (make_sequence (prefix), FACENET_ERROR_FORMAT,
      "a.t7: has a my.SpatialConvolution, expected");
  t7_assert_refused (make_sequence (norm), FACENET_ERROR_FORMAT,
      "a.t7: has a batch norm that follows no convolution");
  t7_assert_refused (make_sequence (empty), FACENET_ERROR_FORMAT,
      "a.t7: a nn.DepthConcat without a list of modules");
}

static void
test_epsilon_must_be_that_of_the_network (void)
{
  T7Writer *writer = t7_begin_model (T7_PLAIN);

  t7_next (writer);
  t7_put_module (writer, "nn.SpatialConvolution");
  t7_next (writer);
  t7_begin_class (writer, "nn.SpatialBatchNormalization");
  t7_number_field (writer, "eps", 1e-3);
  t7_end (writer);
  t7_assert_refused (t7_end_model (writer), FACENET_ERROR_FORMAT,
      "a.t7/bn1: eps is 0.001, expected 1e-05");
}

/* Arms: a letter for each module, c convolution, p pooling, d DepthConcat,
 * l linear; a blank between arms. */
static GBytes *
make_block (const gchar * arms)
{
  T7Writer *writer = t7_begin_model (T7_PLAIN);
  g_auto (GStrv) list = g_strsplit (arms, " ", -1);

  t7_next (writer);
  t7_begin_class (writer, "nn.DepthConcat");
  t7_key (writer, "modules");
  t7_begin_table (writer);
  for (guint i = 0; list[i] != NULL; i++) {
    t7_next (writer);
    t7_begin_class (writer, "nn.Sequential");
    t7_key (writer, "modules");
    t7_begin_table (writer);
    for (const gchar * c = list[i]; *c != '\0'; c++) {
      t7_next (writer);
      t7_put_module (writer, *c == 'c' ? "nn.SpatialConvolution" : *c == 'p' ?
          "nn.SpatialMaxPooling" : *c == 'd' ? "nn.DepthConcat" : "nn.Linear");
    }
    t7_end (writer);
    t7_end (writer);
  }
  t7_end (writer);
  t7_end (writer);
  return t7_end_model (writer);
}

static gboolean
has (const FacenetWeights * weights, const gchar * name)
{
  return facenet_weights_get (weights, name) != NULL;
}

static void
test_arms_are_told_by_what_is_in_them (void)
{
  const struct
  {
    const gchar *arms;
    gboolean both, pool, one;   /* which of them have weights */
  } good[] = {
    {"cc pc c", TRUE, TRUE, TRUE}, {"cc p", TRUE, FALSE, FALSE},
    {"pc", FALSE, TRUE, FALSE}, {"c", FALSE, FALSE, TRUE},
  };
  const gchar *bad[] = { "pc cc c", "cc c pc", "cc cc", "c c", "ccc", "pcc",
    "ppc", "cc  c"
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autoptr (GBytes) bytes = make_block (good[i].arms);
    g_autoptr (FacenetWeights) weights = t7_load_well (bytes);

    /* The kernels here are 1x1. */
    g_assert_true (has (weights, "inception_3a_1x1_conv1_w") == good[i].both);
    g_assert_true (has (weights, "inception_3a_1x1_conv2_w") == good[i].both);
    g_assert_true (has (weights, "inception_3a_pool_conv_w") == good[i].pool);
    g_assert_true (has (weights, "inception_3a_1x1_conv_w") == good[i].one);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    t7_assert_refused (make_block (bad[i]), FACENET_ERROR_FORMAT,
        "a.t7/inception_3a: expected the arms 3x3, 5x5, pool, 1x1");
  }
  t7_assert_refused (make_block ("cdc"), FACENET_ERROR_FORMAT,
      "a.t7: has a nn.DepthConcat in an arm");
  t7_assert_refused (make_block ("cl"), FACENET_ERROR_FORMAT,
      "a.t7: has a nn.Linear in an arm");
}

static void
test_modules_come_in_the_order_of_their_keys (void)
{
  T7Writer *writer = t7_begin_model (T7_PLAIN);
  const gdouble keys[] = { 3, 1, 2 };
  const guint32 dims[] = { 1, 1, 1, 1 };
  g_autoptr (FacenetWeights) weights = NULL;
  g_autoptr (GBytes) bytes = NULL;

  for (guint i = 0; i < 3; i++) {
    const gfloat value = (gfloat) keys[i];

    t7_next (writer);
    /* The key that t7_next() wrote is replaced. */
    g_byte_array_set_size (writer->bytes, writer->bytes->len - 12);
    t7_number (writer, keys[i]);
    t7_begin_class (writer, "nn.SpatialConvolution");
    t7_number_field (writer, "kW", 1);
    t7_number_field (writer, "kH", 1);
    t7_key (writer, "weight");
    t7_tensor (writer, &value, 4, dims);
    t7_end (writer);
  }
  bytes = t7_end_model (writer);
  weights = t7_load_well (bytes);
  g_assert_true (facenet_weights_get (weights, "conv1_w")->values[0] == 1.0f);
  g_assert_true (facenet_weights_get (weights, "conv2_w")->values[0] == 2.0f);
  g_assert_true (facenet_weights_get (weights, "conv3_w")->values[0] == 3.0f);
}

static void
test_functions_and_other_fields_are_skipped (void)
{
  T7Writer *writer = t7_begin_conv (T7_PLAIN, 1);
  const guint32 dims[] = { 1, 1, 1, 1 };
  const gfloat value = 1.0f;
  g_autoptr (FacenetWeights) weights = NULL;
  g_autoptr (GBytes) bytes = NULL;

  t7_tensor (writer, &value, 4, dims);
  for (gint32 type = 6; type <= 8; type++) {
    t7_key (writer, "hook");
    t7_int (writer, type);
    if (type > 6) {
      t7_int (writer, 200 + type);
    }
    t7_text (writer, "\x1bLua");
    t7_begin_table (writer);
    t7_end (writer);
  }
  t7_key (writer, "nothing");
  t7_int (writer, 0);
  bytes = t7_end_conv (writer);
  weights = t7_load_well (bytes);
  g_assert_nonnull (facenet_weights_get (weights, "conv1_w"));
}

/* The loader gives names; sizes are for the network to check. */
static void
test_tensors_are_checked_against_the_network (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("facenet-t7-XXXXXX", NULL);
  g_autofree gchar *path = g_build_filename (folder, "a.jpeg", NULL);
  g_autoptr (FacenetWeights) weights = t7_make_weights (NULL);
  g_autoptr (GBytes) bytes = t7_write_model (weights, T7_PLAIN);
  g_autofree gchar *wanted = g_strdup_printf ("%s/conv1_w: shape [2,3,7,7], "
      "nn4.small2 needs [64,3,7,7]", path);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
          (gssize) g_bytes_get_size (bytes), NULL));
  g_assert_null (facenet_import_model (path, NULL, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE);
  g_assert_cmpstr (error->message, ==, wanted);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/t7/every-way-to-save-gives-the-same-tensors",
      test_every_way_to_save_gives_the_same_tensors);
  g_test_add_func ("/t7/all-layers-have-their-names",
      test_all_layers_have_their_names);
  g_test_add_func ("/t7/variance-of-nothing-comes-back-from-its-root",
      test_variance_of_nothing_comes_back_from_its_root);
  g_test_add_func ("/t7/layers-of-no-such-network-are-named",
      test_layers_of_no_such_network_are_named);
  g_test_add_func ("/t7/epsilon-must-be-that-of-the-network",
      test_epsilon_must_be_that_of_the_network);
  g_test_add_func ("/t7/arms-are-told-by-what-is-in-them",
      test_arms_are_told_by_what_is_in_them);
  g_test_add_func ("/t7/modules-come-in-the-order-of-their-keys",
      test_modules_come_in_the_order_of_their_keys);
  g_test_add_func ("/t7/functions-and-other-fields-are-skipped",
      test_functions_and_other_fields_are_skipped);
  g_test_add_func ("/t7/tensors-are-checked-against-the-network",
      test_tensors_are_checked_against_the_network);
  return g_test_run ();
}
