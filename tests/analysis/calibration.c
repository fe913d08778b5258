/* calibration.c - thresholds for a gallery, against numpy
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The numbers of the sample are those that tests/analysis/expected prints.
 */
#include "analysis/facenet-calibration.h"
#include <math.h>
#include <string.h>

#include "analysis/facenet-impostors-private.h"
#include "analysis/facenet-tally-private.h"
#include "gallery/facenet-gallery-private.h"

#define N_PEOPLE 8
#define N_FACES 6
#define N_STRANGERS 30
#define N_DIMS 6
#define EPSILON 1e-6
/* Versions 0.1 and 0.2. */
#define OLDER \
    "543aa5702856cebd5a5f0ac4623b67fd51ceb0bb4a0230bc9f23110f05407510"
#define SHIPPED \
    "f554b13bf0b7e2c65ef89283a124840d0c50181fb55970c40424f98f3ddc32b9"

static gdouble
next_uniform (guint32 * state)
{
  *state = *state * 1664525u + 1013904223u;
  return *state / 4294967296.0;
}

static void
add_face (FacenetGallery * gallery, const gchar * id, const gfloat * vector,
    guint n_dims)
{
  FacenetEnrolment enrolment = { vector, n_dims, NULL, (gdouble) NAN };
  g_autoptr (GError) error = NULL;

  facenet_gallery_add (gallery, id, NULL, &enrolment, &error);
  g_assert_no_error (error);
}

/* People with faces around a centre each, and strangers [N_STRANGERS, N_DIMS]
 * of length one. */
static FacenetGallery *
new_sample (const gchar * model, gfloat * strangers)
{
  FacenetGalleryModel description = { model, NULL, NULL, N_DIMS };
  FacenetGallery *gallery = facenet_gallery_new (&description);
  guint32 state = 7;

  for (guint i = 0; i < N_PEOPLE; i++) {
    gdouble centre[N_DIMS];
    gchar id[] = { (gchar) ('a' + i), '\0' };

    for (guint d = 0; d < N_DIMS; d++)
      centre[d] = next_uniform (&state) - 0.5;
    for (guint k = 0; k < N_FACES; k++) {
      gfloat face[N_DIMS];

      for (guint d = 0; d < N_DIMS; d++)
        face[d] = (gfloat) (centre[d] + 0.5 * (next_uniform (&state) - 0.5));
      add_face (gallery, id, face, N_DIMS);
    }
  }
  for (guint i = 0; i < N_STRANGERS; i++) {
    gfloat *stranger = strangers + i * N_DIMS;

    for (guint d = 0; d < N_DIMS; d++)
      stranger[d] = (gfloat) (next_uniform (&state) - 0.5);
    g_assert_null (facenet_gallery_normalise (stranger, N_DIMS));
  }
  return gallery;
}

static FacenetCalibration *
calibrate_sample (const gchar * model, gdouble false_alarm)
{
  gfloat strangers[N_STRANGERS * N_DIMS];
  g_autoptr (FacenetGallery) gallery = new_sample (model, strangers);
  FacenetCalibrationOptions options = { false_alarm, strangers, N_STRANGERS };

  return facenet_gallery_calibrate (gallery, &options);
}

static void
assert_rate (const FacenetRate * rate, gdouble wanted, gdouble low,
    gdouble high)
{
  g_assert_cmpfloat_with_epsilon (rate->rate, wanted, EPSILON);
  g_assert_cmpfloat_with_epsilon (rate->low, low, EPSILON);
  g_assert_cmpfloat_with_epsilon (rate->high, high, EPSILON);
}

static void
test_rates_are_those_of_numpy (void)
{
  g_autoptr (FacenetCalibration) self = calibrate_sample ("m", 0.01);
  FacenetCalibrationSummary summary;
  const FacenetCalibrationPoint *points;
  guint n;

  facenet_calibration_get_summary (self, &summary);
  g_assert_cmpuint (summary.n_identities, ==, N_PEOPLE);
  g_assert_cmpuint (summary.n_people, ==, N_PEOPLE);
  g_assert_cmpuint (summary.n_genuine, ==, 48);
  g_assert_cmpuint (summary.n_strangers, ==, N_STRANGERS);
  g_assert_cmpuint (summary.n_comparisons, ==, 576);
  points = facenet_calibration_get_points (self, &n);
  g_assert_cmpuint (n, ==, 200);
  g_assert_cmpfloat_with_epsilon (points[4].threshold, 0.05, 1e-12);
  assert_rate (&points[4].frr, 0.916666667, 0.703579358, 0.980761001);
  assert_rate (&points[4].far, 0.001736111, 0.000282450, 0.010591928);
  assert_rate (&points[4].false_alarm, 0.013804787, 0.002257370, 0.081659803);
  assert_rate (&points[19].frr, 0.458333333, 0.214786631, 0.723562505);
  assert_rate (&points[19].far, 0.008680556, 0.003415725, 0.021882159);
  assert_rate (&points[19].false_alarm, 0.067370822, 0.027001338, 0.162221047);
  facenet_calibration_get_within (self, &n);
  g_assert_cmpuint (n, ==, 48);
  facenet_calibration_get_across (self, &n);
  g_assert_cmpuint (n, ==, 78);
}

/* 240 comparisons of strangers are enough for a chance of 0.3. */
static void
test_enough_strangers_count_alone (void)
{
  g_autoptr (FacenetCalibration) self = calibrate_sample ("m", 0.3);
  FacenetCalibrationSummary summary;
  const FacenetCalibrationPoint *points;
  guint n;

  facenet_calibration_get_summary (self, &summary);
  g_assert_cmpuint (summary.n_genuine, ==, 48);
  g_assert_cmpuint (summary.n_comparisons, ==, 240);
  points = facenet_calibration_get_points (self, &n);
  assert_rate (&points[19].frr, 0.458333333, 0.214786631, 0.723562505);
  assert_rate (&points[19].far, 0.020833333, 0.008625361, 0.049457951);
  assert_rate (&points[19].false_alarm, 0.155007286, 0.066955329, 0.333545252);
}

static void
test_the_threshold_keeps_to_the_false_alarms_asked_for (void)
{
  g_autoptr (FacenetCalibration) many = calibrate_sample ("m", 0.3);
  g_autoptr (FacenetCalibration) few = calibrate_sample ("m", 0.1);
  FacenetCalibrationSummary summary;

  facenet_calibration_get_summary (many, &summary);
  g_assert_cmpint (summary.basis, ==, FACENET_CALIBRATION_MEASURED);
  g_assert_cmpfloat_with_epsilon (summary.suggested.threshold, 0.32, 1e-9);
  g_assert_cmpfloat (summary.suggested.false_alarm.rate, <=, 0.3);
  g_assert_cmpfloat (summary.margin, ==, 0);
  facenet_calibration_get_summary (few, &summary);
  g_assert_cmpfloat_with_epsilon (summary.suggested.threshold, 0.16, 1e-9);
  g_assert_cmpfloat_with_epsilon (summary.margin, 0.10, 1e-9);
  g_assert_cmpfloat (summary.suggested.false_alarm.rate, <=, 0.1);
}

/* 576 comparisons do not tell a chance of 1 in 800 from none. */
static void
test_too_few_comparisons_are_not_trusted (void)
{
  g_autoptr (FacenetCalibration) unknown = calibrate_sample ("m", 0.01);
  g_autoptr (FacenetCalibration) shipped = calibrate_sample (SHIPPED, 0.01);
  FacenetCalibrationSummary summary;

  facenet_calibration_get_summary (unknown, &summary);
  g_assert_cmpint (summary.basis, ==, FACENET_CALIBRATION_NONE);
  g_assert_true (isnan (summary.suggested.threshold));
  /* Nor is the card trusted more than the faces that are there. */
  facenet_calibration_get_summary (shipped, &summary);
  g_assert_cmpint (summary.basis, ==, FACENET_CALIBRATION_MODEL_CARD);
  g_assert_cmpfloat (summary.suggested.threshold, <, 0.05);
  g_assert_cmpfloat (summary.suggested.false_alarm.rate, <=, 0.01);
}

/* Two people at right angles, in a gallery of version 0.1: with 4
 * embeddings a stranger has 4 chances of 0.0025, which the model's card has at
 * 0.602. */
static void
test_a_small_gallery_falls_back_on_the_model_card (void)
{
  static const gfloat faces[4][4] = {
    {1, 0, 0, 0}, {0.98f, 0.199f, 0, 0}, {0, 0, 1, 0}, {0, 0, 0.98f, 0.199f},
  };
  FacenetGalleryModel description = { OLDER, NULL, NULL, 4 };
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&description);
  FacenetCalibrationOptions options = { 0, NULL, 0 };
  g_autoptr (FacenetCalibration) self = NULL;
  FacenetCalibrationSummary summary;

  for (guint i = 0; i < 4; i++)
    add_face (gallery, i < 2 ? "ann" : "bob", faces[i], 4);
  self = facenet_gallery_calibrate (gallery, &options);
  facenet_calibration_get_summary (self, &summary);
  g_assert_cmpint (summary.basis, ==, FACENET_CALIBRATION_MODEL_CARD);
  /* All own distances are 0.04: the middle between that and 0.6. */
  g_assert_cmpfloat_with_epsilon (summary.suggested.threshold, 0.32, 1e-9);
  g_assert_cmpfloat (summary.suggested.frr.rate, ==, 0);
  g_assert_cmpfloat (summary.suggested.false_alarm.rate, ==, 0);
  g_assert_cmpfloat_with_epsilon (summary.margin, 0.2, 1e-9);
}

static void
test_one_photo_each_says_nothing_of_rejects (void)
{
  static const gfloat faces[2][2] = { {1, 0}, {0, 1} };
  FacenetGalleryModel description = { "m", NULL, NULL, 2 };
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&description);
  g_autoptr (FacenetGallery) empty = facenet_gallery_new (&description);
  FacenetCalibrationOptions options = { 0, NULL, 0 };
  g_autoptr (FacenetCalibration) none = NULL;
  g_autoptr (FacenetCalibration) self = NULL;
  FacenetCalibrationSummary summary;
  const FacenetCalibrationPoint *points;
  guint n;

  none = facenet_gallery_calibrate (empty, &options);
  facenet_calibration_get_summary (none, &summary);
  g_assert_cmpuint (summary.n_identities, ==, 0);
  g_assert_cmpint (summary.basis, ==, FACENET_CALIBRATION_NONE);

  add_face (gallery, "ann", faces[0], 2);
  add_face (gallery, "bob", faces[1], 2);
  self = facenet_gallery_calibrate (gallery, &options);
  facenet_calibration_get_summary (self, &summary);
  g_assert_cmpuint (summary.n_people, ==, 0);
  g_assert_cmpuint (summary.n_genuine, ==, 0);
  g_assert_cmpuint (summary.n_comparisons, ==, 2);
  g_assert_cmpint (summary.basis, ==, FACENET_CALIBRATION_NONE);
  points = facenet_calibration_get_points (self, &n);
  g_assert_true (isnan (points[50].frr.rate));
  g_assert_cmpfloat (points[50].far.rate, ==, 0);
  g_assert_cmpfloat (points[50].far.high, <=, 1);
}

/* A decoy is nobody: neither found nor looked for. */
static void
test_a_decoy_is_nobody (void)
{
  static const gchar text[] = "{\"format\":\"facenet-gallery\",\"version\":1,"
      "\"model\":{\"id\":\"m\",\"dims\":2},\"identities\":["
      "{\"id\":\"ann\",\"embeddings\":[{\"vector\":[1,0]},"
      "{\"vector\":[0.8,0.6]}]},{\"id\":\"poster\",\"decoy\":true,"
      "\"embeddings\":[{\"vector\":[1,0]},{\"vector\":[0,1]}]}]}";
  g_autoptr (FacenetGallery) gallery =
      facenet_gallery_parse (text, strlen (text), "decoy", NULL);
  FacenetCalibrationOptions options = { 0, NULL, 0 };
  g_autoptr (FacenetCalibration) self =
      facenet_gallery_calibrate (gallery, &options);
  FacenetCalibrationSummary summary;

  facenet_calibration_get_summary (self, &summary);
  g_assert_cmpuint (summary.n_identities, ==, 1);
  g_assert_cmpuint (summary.n_genuine, ==, 2);
  g_assert_cmpuint (summary.n_comparisons, ==, 0);
}

/* Groups that are all alike inside are worth one observation each. */
static void
test_alike_groups_widen_the_interval (void)
{
  g_autoptr (FacenetTally) alike = facenet_tally_new (20);
  g_autoptr (FacenetTally) mixed = facenet_tally_new (20);
  FacenetRate a[FACENET_TALLY_POINTS], b[FACENET_TALLY_POINTS];

  for (guint i = 0; i < 20; i++) {
    for (guint k = 0; k < 10; k++) {
      facenet_tally_add (alike, i, i < 10 ? 0.5 : 1.5);
      facenet_tally_add (mixed, i, k < 5 ? 0.5 : 1.5);
    }
  }
  facenet_tally_rate (alike, FALSE, a);
  facenet_tally_rate (mixed, FALSE, b);
  g_assert_cmpfloat (a[99].rate, ==, 0.5);
  g_assert_cmpfloat (b[99].rate, ==, 0.5);
  g_assert_cmpfloat (a[99].high - a[99].low, >, 0.35);
  g_assert_cmpfloat (b[99].high - b[99].low, <, 0.16);
  /* Beyond the last and before the first there is doubt as well. */
  g_assert_cmpfloat (a[199].rate, ==, 1);
  g_assert_cmpfloat (a[199].low, <, 0.85);
  g_assert_cmpfloat (a[0].rate, ==, 0);
  g_assert_cmpfloat (a[0].high, >, 0.15);
}

static void
test_the_model_card_is_of_known_models (void)
{
  g_assert_true (isnan (facenet_impostors_find_threshold ("m", 0.01)));
  g_assert_true (isnan (facenet_impostors_find_threshold (NULL, 0.01)));
  g_assert_cmpfloat_with_epsilon (facenet_impostors_find_threshold (OLDER,
          0.01), 0.76, 1e-9);
  g_assert_cmpfloat_with_epsilon (facenet_impostors_find_threshold (SHIPPED,
          0.01), 1.21, 1e-9);
  g_assert_cmpfloat_with_epsilon (facenet_impostors_find_threshold (SHIPPED,
          0.001), 0.97, 1e-9);
  g_assert_cmpfloat_with_epsilon (facenet_impostors_find_threshold (SHIPPED,
          sqrt (1e-7)), 0.88, 1e-9);
  g_assert_cmpfloat (facenet_impostors_find_threshold (SHIPPED, 1e-30), ==,
      0.1);
  g_assert_cmpfloat (facenet_impostors_find_threshold (SHIPPED, 0.9), ==, 1.30);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/calibration/rates-are-those-of-numpy",
      test_rates_are_those_of_numpy);
  g_test_add_func ("/calibration/enough-strangers-count-alone",
      test_enough_strangers_count_alone);
  g_test_add_func ("/calibration/threshold-keeps-to-false-alarms",
      test_the_threshold_keeps_to_the_false_alarms_asked_for);
  g_test_add_func ("/calibration/too-few-comparisons-are-not-trusted",
      test_too_few_comparisons_are_not_trusted);
  g_test_add_func ("/calibration/small-gallery-falls-back-on-the-model-card",
      test_a_small_gallery_falls_back_on_the_model_card);
  g_test_add_func ("/calibration/one-photo-each-says-nothing-of-rejects",
      test_one_photo_each_says_nothing_of_rejects);
  g_test_add_func ("/calibration/decoy-is-nobody", test_a_decoy_is_nobody);
  g_test_add_func ("/calibration/alike-groups-widen-the-interval",
      test_alike_groups_widen_the_interval);
  g_test_add_func ("/calibration/model-card-is-of-one-model",
      test_the_model_card_is_of_known_models);
  return g_test_run ();
}
