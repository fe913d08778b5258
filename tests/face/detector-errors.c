/* detector-errors.c - files that are no detector
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "detector-weights.h"
#include "face/facenet-detector-model-private.h"

#include <facenet/facenet-detector.h>
#include <facenet/facenet-model.h>
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
  fixture->folder = g_dir_make_tmp ("facenet-detector-XXXXXX", NULL);
  fixture->file = g_build_filename (fixture->folder, "d.safetensors", NULL);
  fixture->weights = detector_weights_new (fixture->file, "facenet-detect");
}

static void
tear_down (Fixture * fixture, gconstpointer data)
{
  facenet_weights_free (fixture->weights);
  g_unlink (fixture->file);
  g_rmdir (fixture->folder);
  g_free (fixture->file);
  g_free (fixture->folder);
}

static void
save (Fixture * fixture)
{
  g_autoptr (GError) error = NULL;

  facenet_weights_save (fixture->weights, fixture->file, FACENET_DTYPE_F32,
      &error);
  g_assert_no_error (error);
}

static void
assert_refused (const gchar * file, FacenetError code, const gchar * text)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (facenet_detector_new (file, 1, &error));
  g_assert_error (error, FACENET_ERROR, (gint) code);
  g_assert_nonnull (strstr (error->message, file));
  if (strstr (error->message, text) == NULL)
    g_error ("\"%s\" is not in \"%s\"", text, error->message);
}

static void
test_a_model_is_not_a_detector (Fixture * fixture, gconstpointer data)
{
  const gchar *model = g_getenv ("FACENET_MODEL");

  assert_refused (model, FACENET_ERROR_MISMATCH, "nn4.small2");
  assert_refused (model, FACENET_ERROR_MISMATCH,
      "expected a face detector: facenet-detect");
}

static void
test_a_detector_is_not_a_model (Fixture * fixture, gconstpointer data)
{
  static const gchar *const networks[] = { NULL, "nn4.small2", "facereco",
    "facenet-detect"
  };

  save (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (networks); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (facenet_model_load (fixture->file, networks[i], &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH);
    g_assert_nonnull (strstr (error->message, "is a face detector"));
    g_assert_nonnull (strstr (error->message, "facenet-detect"));
    g_assert_nonnull (strstr (error->message, "nn4.small2"));
  }
}

static void
test_unknown_network (Fixture * fixture, gconstpointer data)
{
  facenet_weights_set_metadata (fixture->weights, "network", "yolo");
  save (fixture);
  assert_refused (fixture->file, FACENET_ERROR_MISMATCH, "\"yolo\"");
}

static void
test_not_finite (Fixture * fixture, gconstpointer data)
{
  const gfloat bad[] = { NAN, INFINITY };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    detector_weights_get (fixture->weights, "c4b_w")[7] = bad[i];
    save (fixture);
    assert_refused (fixture->file, FACENET_ERROR_FORMAT, "c4b_w");
  }
}

static void
test_missing_tensor (Fixture * fixture, gconstpointer data)
{
  g_autoptr (FacenetWeights) other = facenet_weights_new (fixture->file);
  g_autofree const gchar **names = facenet_weights_list (fixture->weights);

  facenet_weights_set_metadata (other, "network", "facenet-detect");
  for (guint i = 0; names[i] != NULL; i++) {
    const FacenetTensor *tensor =
        facenet_weights_get (fixture->weights, names[i]);

    if (strcmp (names[i], "c3b_w") != 0)
      facenet_weights_take (other, names[i], tensor->rank, tensor->dims,
          g_memdup2 (tensor->values, tensor->n_values * sizeof (gfloat)), NULL);
  }
  facenet_weights_save (other, fixture->file, FACENET_DTYPE_F32, NULL);
  assert_refused (fixture->file, FACENET_ERROR_MISSING, "c3b_w");
}

static void
test_extra_tensor (Fixture * fixture, gconstpointer data)
{
  guint32 n = 1;

  facenet_weights_take (fixture->weights, "extra", 1, &n, g_new0 (gfloat, 1),
      NULL);
  save (fixture);
  assert_refused (fixture->file, FACENET_ERROR_FORMAT, "extra");
}

/* Of the second network a part. */
static void
test_incomplete_points (Fixture * fixture, gconstpointer data)
{
  guint32 dims[] = { 11, 32 };

  facenet_weights_take (fixture->weights, "points_w", 2, dims,
      g_new0 (gfloat, 11 * 32), NULL);
  save (fixture);
  assert_refused (fixture->file, FACENET_ERROR_MISSING, "p1_w");
}

static void
test_wrong_shape (Fixture * fixture, gconstpointer data)
{
  guint32 dims[] = { 3, 3, 9 };

  facenet_weights_reshape (fixture->weights, "c4b_w", 3, dims);
  save (fixture);
  assert_refused (fixture->file, FACENET_ERROR_SHAPE, "c4b_w");
}

/* Sums of maps of other widths. */
static void
test_widths_that_do_not_fit (Fixture * fixture, gconstpointer data)
{
  g_autoptr (FacenetWeights) weights = facenet_weights_new (fixture->file);
  g_autofree const gchar **names = facenet_weights_list (fixture->weights);

  for (guint i = 0; names[i] != NULL; i++) {
    const FacenetTensor *tensor =
        facenet_weights_get (fixture->weights, names[i]);
    guint32 dims[4];
    gsize n = tensor->n_values;

    memcpy (dims, tensor->dims, sizeof dims);
    if (g_str_has_prefix (names[i], "l4_")) {
      n = n / 3 * 2;
      dims[0] = 2;
    }
    facenet_weights_take (weights, names[i], tensor->rank, dims,
        g_new0 (gfloat, n), NULL);
  }
  facenet_weights_set_metadata (weights, "network", "facenet-detect");
  facenet_weights_save (weights, fixture->file, FACENET_DTYPE_F32, NULL);
  assert_refused (fixture->file, FACENET_ERROR_SHAPE, "p4");
}

/* A map of thousands of channels would take gigabytes for a picture. */
static void
test_too_wide (Fixture * fixture, gconstpointer data)
{
  g_autoptr (FacenetWeights) weights = facenet_weights_new (fixture->file);

  detector_weights_add (weights, "facenet-detect", 3);
  facenet_weights_set_metadata (weights, "network", "facenet-detect");
  {
    guint32 n = 257;
    g_autoptr (FacenetWeights) wide = facenet_weights_new (fixture->file);
    g_autofree const gchar **names = facenet_weights_list (weights);

    for (guint i = 0; names[i] != NULL; i++) {
      const FacenetTensor *tensor = facenet_weights_get (weights, names[i]);

      if (g_str_equal (names[i], "c2_b"))
        facenet_weights_take (wide, names[i], 1, &n, g_new0 (gfloat, n), NULL);
      else
        facenet_weights_take (wide, names[i], tensor->rank, tensor->dims,
            g_new0 (gfloat, tensor->n_values), NULL);
    }
    facenet_weights_set_metadata (wide, "network", "facenet-detect");
    facenet_weights_save (wide, fixture->file, FACENET_DTYPE_F32, NULL);
  }
  assert_refused (fixture->file, FACENET_ERROR_LIMIT, "c2_b");
}

static void
test_bad_threshold (Fixture * fixture, gconstpointer data)
{
  static const gchar *const bad[] = { "0,7", "nan", "0", "1", "" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    facenet_weights_set_metadata (fixture->weights, "threshold", bad[i]);
    save (fixture);
    assert_refused (fixture->file, FACENET_ERROR_FORMAT, "threshold");
  }
}

static void
test_truncated (Fixture * fixture, gconstpointer data)
{
  g_autofree gchar *contents = NULL;
  gsize size;

  save (fixture);
  g_assert_true (g_file_get_contents (fixture->file, &contents, &size, NULL));
  g_assert_true (g_file_set_contents (fixture->file, contents,
          (gssize) size - 100, NULL));
  assert_refused (fixture->file, FACENET_ERROR_TRUNCATED, "");
}

static void
test_missing_file (Fixture * fixture, gconstpointer data)
{
  assert_refused (fixture->file, FACENET_ERROR_OPEN, "");
}

static void
test_one_file_is_loaded_once (Fixture * fixture, gconstpointer data)
{
  FacenetDetectorModel *a, *b;

  save (fixture);
  a = facenet_detector_model_load (fixture->file, NULL);
  b = facenet_detector_model_load (fixture->file, NULL);
  g_assert_true (a == b);
  facenet_detector_model_unref (a);
  facenet_detector_model_unref (b);
}

static void
test_default_is_what_the_environment_names (Fixture * fixture,
    gconstpointer data)
{
  g_autofree gchar *old = g_strdup (g_getenv ("FACENET_DETECTOR"));
  g_autofree gchar *found = NULL;

  g_setenv ("FACENET_DETECTOR", fixture->file, TRUE);
  found = facenet_detector_find_default (NULL);
  g_assert_cmpstr (found, ==, fixture->file);
  g_setenv ("FACENET_DETECTOR", old, TRUE);
}

static void
test_the_shipped_detector_loads (Fixture * fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FacenetDetector) detector = facenet_detector_new (NULL, 1, &error);
  g_autoptr (FacenetWeights) weights = NULL;
  g_autofree const gchar **names = NULL;
  g_autofree gchar *id = NULL;

  g_assert_no_error (error);
  weights = facenet_weights_load (facenet_detector_get_location (detector),
      NULL);
  names = facenet_weights_list (weights);
  id = facenet_weights_compute_id (weights,
      facenet_weights_get_metadata (weights, "network"),
      facenet_weights_get_metadata (weights, "preprocess"), names, NULL);
  g_assert_cmpstr (facenet_detector_get_id (detector), ==, id);
  g_assert_nonnull (facenet_detector_get_name (detector));
}

#define ADD(name, func) \
    g_test_add ("/detector-errors/" name, Fixture, NULL, set_up, func, \
        tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-model-is-not-a-detector", test_a_model_is_not_a_detector);
  ADD ("a-detector-is-not-a-model", test_a_detector_is_not_a_model);
  ADD ("unknown-network", test_unknown_network);
  ADD ("not-finite", test_not_finite);
  ADD ("missing-tensor", test_missing_tensor);
  ADD ("extra-tensor", test_extra_tensor);
  ADD ("incomplete-points", test_incomplete_points);
  ADD ("wrong-shape", test_wrong_shape);
  ADD ("widths-that-do-not-fit", test_widths_that_do_not_fit);
  ADD ("too-wide", test_too_wide);
  ADD ("bad-threshold", test_bad_threshold);
  ADD ("truncated", test_truncated);
  ADD ("missing-file", test_missing_file);
  ADD ("one-file-is-loaded-once", test_one_file_is_loaded_once);
  ADD ("default-is-what-the-environment-names",
      test_default_is_what_the_environment_names);
  ADD ("the-shipped-detector-loads", test_the_shipped_detector_loads);
  return g_test_run ();
}
