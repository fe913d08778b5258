/* model.c - a model loads whole, is shared, or is refused with a reason
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "generator.h"
#include "network/facenet-model-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

typedef struct
{
  gchar *folder;
  gchar *file;
  FacenetWeights *weights;
} Fixture;

static void
set_up (Fixture * fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("facenet-model-XXXXXX", NULL);
  fixture->file = g_build_filename (fixture->folder, "m.safetensors", NULL);
  fixture->weights = generator_weights (1);
}

static void
tear_down (Fixture * fixture, gconstpointer data)
{
  g_remove (fixture->file);
  g_rmdir (fixture->folder);
  g_free (fixture->file);
  g_free (fixture->folder);
  facenet_weights_free (fixture->weights);
}

static void
save (Fixture * fixture)
{
  g_assert_true (facenet_weights_save (fixture->weights, fixture->file,
          FACENET_DTYPE_F32, NULL));
}

/* Replaces the values of a tensor with zeros of another shape. */
static void
reshape (Fixture * fixture, const gchar * name, guint32 n)
{
  FacenetWeights *copy = facenet_weights_new ("golden");
  g_autofree const gchar **names = facenet_weights_list (fixture->weights);

  for (guint i = 0; names[i] != NULL; i++) {
    const FacenetTensor *t = facenet_weights_get (fixture->weights, names[i]);

    if (strcmp (name, names[i]) != 0)
      facenet_weights_take (copy, t->name, t->rank, t->dims,
          g_memdup2 (t->values, t->n_values * sizeof (gfloat)), NULL);
    else if (n > 0)
      facenet_weights_take (copy, t->name, 1, &n, g_new0 (gfloat, n), NULL);
  }
  facenet_weights_free (fixture->weights);
  fixture->weights = copy;
}

static void
assert_refused (Fixture * fixture, FacenetError code, const gchar * item)
{
  g_autoptr (GError) error = NULL;

  save (fixture);
  g_assert_null (facenet_model_load (fixture->file, NULL, &error));
  g_assert_error (error, FACENET_ERROR, (gint) code);
  g_assert_nonnull (strstr (error->message, fixture->file));
  g_assert_nonnull (strstr (error->message, item));
}

static void
test_layers_and_totals (Fixture * fixture, gconstpointer data)
{
  g_autoptr (FacenetModel) model = NULL;
  const FacenetLayer *layers;
  guint n_layers, c, h, w;
  guint64 parameters = 0, macs = 0;

  save (fixture);
  model = facenet_model_load (fixture->file, NULL, NULL);
  layers = facenet_model_get_layers (model, &n_layers);
  for (guint i = 0; i < n_layers; i++) {
    parameters += layers[i].parameters;
    macs += layers[i].macs;
  }
  g_assert_cmpuint (n_layers, ==, 17);
  g_assert_cmpstr (layers[7].name, ==, "inception_3a");
  g_assert_cmpstr (layers[7].kind, ==, "inception");
  g_assert_cmpuint (layers[7].c, ==, 256);
  g_assert_cmpuint (layers[7].h, ==, 12);
  g_assert_cmpuint (facenet_model_get_parameters (model), ==, 3743280);
  g_assert_cmpuint (facenet_model_get_trainable (model), ==, 3733968);
  g_assert_cmpuint (parameters, ==, 3743280);
  g_assert_cmpuint (facenet_model_get_macs (model), ==, macs);
  g_assert_cmpuint (facenet_model_get_dims (model), ==, 128);
  facenet_model_get_input_shape (model, &c, &h, &w);
  g_assert_cmpuint (c * h * w, ==, 3 * 96 * 96);
}

static void
test_one_file_is_loaded_once (Fixture * fixture, gconstpointer data)
{
  g_autoptr (FacenetModel) a = NULL, b = NULL, other = NULL;

  save (fixture);
  a = facenet_model_load (fixture->file, NULL, NULL);
  b = facenet_model_load (fixture->file, NULL, NULL);
  other = facenet_model_load (fixture->file, "facereco", NULL);
  g_assert_nonnull (a);
  g_assert_true (a == b);
  g_assert_true (a != other);
  g_assert_cmpstr (facenet_model_get_network (other), ==, "facereco");
}

static void
test_a_changed_file_is_loaded_again (Fixture * fixture, gconstpointer data)
{
  g_autoptr (FacenetModel) a = NULL, b = NULL;

  save (fixture);
  a = facenet_model_load (fixture->file, NULL, NULL);
  facenet_weights_set_metadata (fixture->weights, "name", "other");
  save (fixture);
  b = facenet_model_load (fixture->file, NULL, NULL);
  g_assert_true (a != b);
  g_assert_cmpstr (facenet_model_get_name (b), ==, "other");
}

static void
test_id_is_of_network_and_tensors (Fixture * fixture, gconstpointer data)
{
  g_autoptr (FacenetModel) a = NULL, b = NULL, other = NULL;
  g_autofree gchar *computed = NULL;

  save (fixture);
  a = facenet_model_load (fixture->file, NULL, NULL);
  other = facenet_model_load (fixture->file, "facereco", NULL);
  facenet_weights_set_metadata (fixture->weights, "license", "any");
  save (fixture);
  b = facenet_model_load (fixture->file, NULL, NULL);
  g_assert_cmpstr (facenet_model_get_id (a), ==, facenet_model_get_id (b));
  g_assert_cmpstr (facenet_model_get_id (a), !=, facenet_model_get_id (other));
  computed = facenet_model_compute_id (b, NULL);
  g_assert_cmpstr (computed, ==, facenet_model_get_id (b));
}

static void
test_stated_id_is_trusted (Fixture * fixture, gconstpointer data)
{
  g_autoptr (FacenetModel) model = NULL, other = NULL;
  g_autofree gchar *computed = NULL;
  g_autofree gchar *id = g_strnfill (64, 'a');

  facenet_weights_set_metadata (fixture->weights, "id", id);
  save (fixture);
  model = facenet_model_load (fixture->file, NULL, NULL);
  g_assert_cmpstr (facenet_model_get_id (model), ==, id);
  computed = facenet_model_compute_id (model, NULL);
  g_assert_cmpstr (computed, !=, id);
  /* It is stated for the network of the file, not for any other. */
  other = facenet_model_load (fixture->file, "facereco", NULL);
  g_assert_cmpstr (facenet_model_get_id (other), !=, id);
}

static void
test_metadata (Fixture * fixture, gconstpointer data)
{
  g_autoptr (FacenetModel) model = NULL;
  g_auto (GStrv) keys = NULL;

  facenet_weights_set_metadata (fixture->weights, "threshold", "0.25");
  facenet_weights_set_metadata (fixture->weights, "license", "any");
  save (fixture);
  model = facenet_model_load (fixture->file, NULL, NULL);
  keys = facenet_model_list_metadata (model);
  g_assert_cmpfloat (facenet_model_get_threshold (model), ==, 0.25);
  g_assert_cmpstr (keys[0], ==, "license");
  g_assert_cmpstr (facenet_model_get_metadata (model, "license"), ==, "any");
  g_assert_null (facenet_model_get_metadata (model, "other"));
  g_assert_cmpstr (facenet_model_get_preprocess (model), ==, "rgb-96-unit");
  g_assert_cmpstr (facenet_model_get_name (model), ==, "nn4.small2");
}

static void
test_missing_tensor (Fixture * fixture, gconstpointer data)
{
  reshape (fixture, "inception_4a_3x3_conv2_w", 0);
  assert_refused (fixture, FACENET_ERROR_MISSING, "inception_4a_3x3_conv2_w");
}

static void
test_wrong_shape (Fixture * fixture, gconstpointer data)
{
  reshape (fixture, "bn2_m", 63);
  assert_refused (fixture, FACENET_ERROR_SHAPE, "bn2_m: shape [63]");
}

static void
test_extra_tensor (Fixture * fixture, gconstpointer data)
{
  guint32 n = 1;

  facenet_weights_take (fixture->weights, "extra", 1, &n, g_new0 (gfloat, 1),
      NULL);
  assert_refused (fixture, FACENET_ERROR_FORMAT, "extra");
}

static void
test_negative_variance (Fixture * fixture, gconstpointer data)
{
  const FacenetTensor *tensor = facenet_weights_get (fixture->weights, "bn1_v");

  tensor->values[5] = -1.0f;
  assert_refused (fixture, FACENET_ERROR_FORMAT, "bn1_v: variance 5");
}

static void
test_unknown_network (Fixture * fixture, gconstpointer data)
{
  facenet_weights_set_metadata (fixture->weights, "network", "nn5");
  assert_refused (fixture, FACENET_ERROR_MISMATCH, "nn5");
}

static void
test_bad_threshold (Fixture * fixture, gconstpointer data)
{
  facenet_weights_set_metadata (fixture->weights, "threshold", "0,7");
  assert_refused (fixture, FACENET_ERROR_FORMAT, "0,7");
  facenet_weights_set_metadata (fixture->weights, "threshold", "nan");
  assert_refused (fixture, FACENET_ERROR_FORMAT, "nan");
}

static void
test_bad_id (Fixture * fixture, gconstpointer data)
{
  facenet_weights_set_metadata (fixture->weights, "id", "1234");
  assert_refused (fixture, FACENET_ERROR_FORMAT, "1234");
}

static void
test_missing_file (Fixture * fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (facenet_model_load (fixture->file, NULL, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_OPEN);
}

static void
test_default_is_what_the_environment_names (Fixture * fixture,
    gconstpointer data)
{
  g_autofree gchar *found = NULL;
  g_autofree gchar *old = g_strdup (g_getenv ("FACENET_MODEL"));

  g_setenv ("FACENET_MODEL", fixture->file, TRUE);
  found = facenet_model_find_default (NULL);
  g_assert_cmpstr (found, ==, fixture->file);
  if (old != NULL)
    g_setenv ("FACENET_MODEL", old, TRUE);
}

static void
test_the_shipped_model_loads (Fixture * fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FacenetModel) model = facenet_model_load (NULL, NULL, &error);
  g_autofree gchar *computed = NULL;

  g_assert_no_error (error);
  computed = facenet_model_compute_id (model, NULL);
  g_assert_cmpstr (facenet_model_get_network (model), ==, "nn4.small2");
  g_assert_cmpstr (facenet_model_get_metadata (model, "id"), ==, computed);
  g_assert_cmpstr (facenet_model_get_metadata (model, "crop"), ==, "openface");
}

#define ADD(name, func) \
    g_test_add ("/model/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("layers-and-totals", test_layers_and_totals);
  ADD ("one-file-is-loaded-once", test_one_file_is_loaded_once);
  ADD ("a-changed-file-is-loaded-again", test_a_changed_file_is_loaded_again);
  ADD ("id-is-of-network-and-tensors", test_id_is_of_network_and_tensors);
  ADD ("stated-id-is-trusted", test_stated_id_is_trusted);
  ADD ("metadata", test_metadata);
  ADD ("refuses/missing-tensor", test_missing_tensor);
  ADD ("refuses/wrong-shape", test_wrong_shape);
  ADD ("refuses/extra-tensor", test_extra_tensor);
  ADD ("refuses/negative-variance", test_negative_variance);
  ADD ("refuses/unknown-network", test_unknown_network);
  ADD ("refuses/bad-threshold", test_bad_threshold);
  ADD ("refuses/bad-id", test_bad_id);
  ADD ("refuses/missing-file", test_missing_file);
  ADD ("default-is-what-the-environment-names",
      test_default_is_what_the_environment_names);
  ADD ("the-shipped-model-loads", test_the_shipped_model_loads);
  return g_test_run ();
}
