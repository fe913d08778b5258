/* verification.c - figures of labelled pairs, against hand and numpy
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The numbers of the sample are those that tests/analysis/expected prints.
 */
#include "analysis/facenet-verification.h"
#include <math.h>

#define N_PAIRS 400
#define N_FOLDS 5
#define EPSILON 1e-8
#define FAILED ((gdouble) NAN)

static gdouble
next_uniform (guint32 * state)
{
  *state = *state * 1664525u + 1013904223u;
  return *state / 4294967296.0;
}

/* Pairs of one and of two people in turn, rounded so that some are at one
 * distance, some failed. */
static FacenetVerification *
new_sample (void)
{
  FacenetPair pairs[N_PAIRS];
  guint32 state = 1;

  for (guint i = 0; i < N_PAIRS; i++) {
    gdouble u = next_uniform (&state);
    gdouble distance = (u + next_uniform (&state)) / 2 * 1.6;

    pairs[i].same = i % 2 == 0;
    pairs[i].fold = i / (N_PAIRS / N_FOLDS);
    distance += pairs[i].same ? 0 : 0.5;
    pairs[i].distance = i % 40 == 7 || i % 80 == 20 ? FAILED
        : round (distance * 128) / 128;
  }
  return facenet_verification_new (pairs, N_PAIRS);
}

static void
test_sample_has_the_figures_of_numpy (void)
{
  g_autoptr (FacenetVerification) self = new_sample ();
  gdouble threshold, accuracy;

  threshold = facenet_verification_find_threshold (self, &accuracy);
  g_assert_cmpfloat_with_epsilon (threshold, 1.175781250, EPSILON);
  g_assert_cmpfloat_with_epsilon (accuracy, 0.73, EPSILON);
  g_assert_cmpfloat_with_epsilon (facenet_verification_get_accuracy (self,
          threshold), 0.73, EPSILON);
  g_assert_cmpfloat_with_epsilon (facenet_verification_get_auc (self),
      0.809486842, EPSILON);
  g_assert_cmpfloat_with_epsilon (facenet_verification_get_eer (self,
          &threshold), 0.264103, 1e-6);
  g_assert_cmpfloat_with_epsilon (threshold, 1.078125, EPSILON);
  g_assert_cmpfloat_with_epsilon (facenet_verification_get_tar_at_far (self,
          0.1, NULL), 0.445, EPSILON);
  g_assert_cmpfloat_with_epsilon (facenet_verification_get_tar_at_far (self,
          0.01, NULL), 0.155, EPSILON);
  g_assert_cmpfloat_with_epsilon (facenet_verification_get_tar_at_far (self,
          0.001, NULL), 0.14, EPSILON);
}

static void
test_folds_are_decided_by_the_others (void)
{
  g_autoptr (FacenetVerification) self = new_sample ();
  FacenetFolds folds;

  g_assert_true (facenet_verification_cross_validate (self, &folds));
  g_assert_cmpuint (folds.n_folds, ==, N_FOLDS);
  g_assert_cmpfloat_with_epsilon (folds.accuracy, 0.7125, EPSILON);
  g_assert_cmpfloat_with_epsilon (folds.std, 0.057554322, EPSILON);
  g_assert_cmpfloat_with_epsilon (folds.standard_error, 0.028777161, EPSILON);
  g_assert_cmpfloat_with_epsilon (folds.threshold, 1.15625, EPSILON);
}

/* Two folds that want different thresholds: each is judged by the other's. */
static void
test_a_fold_does_not_choose_its_own_threshold (void)
{
  static const FacenetPair pairs[] = {
    {0.2, TRUE, 0}, {0.4, FALSE, 0}, {0.8, TRUE, 1}, {1.0, FALSE, 1},
  };
  g_autoptr (FacenetVerification) self = facenet_verification_new (pairs, 4);
  FacenetFolds folds;

  /* With 0.9 the second of the first fold is wrong, with 0.3 the first of the
   * second. */
  g_assert_true (facenet_verification_cross_validate (self, &folds));
  g_assert_cmpfloat (folds.accuracy, ==, 0.5);
  g_assert_cmpfloat_with_epsilon (folds.threshold, 0.6, EPSILON);
}

static void
test_separable_pairs_are_told_apart (void)
{
  static const FacenetPair pairs[] = {
    {0.9, FALSE, 0}, {0.3, TRUE, 0}, {0.5, TRUE, 0}, {1.1, FALSE, 0},
  };
  g_autoptr (FacenetVerification) self = facenet_verification_new (pairs, 4);
  gdouble accuracy, threshold;
  FacenetFolds folds;

  g_assert_cmpfloat_with_epsilon (facenet_verification_find_threshold (self,
          &accuracy), 0.7, EPSILON);
  g_assert_cmpfloat (accuracy, ==, 1);
  g_assert_cmpfloat (facenet_verification_get_auc (self), ==, 1);
  g_assert_cmpfloat (facenet_verification_get_eer (self, NULL), ==, 0);
  g_assert_cmpfloat (facenet_verification_get_tar_at_far (self, 0.001,
          &threshold), ==, 1);
  g_assert_cmpfloat_with_epsilon (threshold, 0.7, EPSILON);
  g_assert_false (facenet_verification_cross_validate (self, &folds));
  g_assert_true (isnan (folds.accuracy));
}

/* The curve goes to (1, TAR): one of four of one person failed. */
static void
test_failed_pairs_are_errors (void)
{
  static const FacenetPair pairs[] = {
    {0.1, TRUE, 0}, {0.2, TRUE, 0}, {0.3, TRUE, 0}, {FAILED, TRUE, 0},
    {0.9, FALSE, 0}, {FAILED, FALSE, 0},
  };
  g_autoptr (FacenetVerification) self = facenet_verification_new (pairs, 6);
  const FacenetRocPoint *roc;
  FacenetPairCounts counts;
  guint n;

  facenet_verification_get_counts (self, &counts);
  g_assert_cmpuint (counts.same, ==, 4);
  g_assert_cmpuint (counts.failed_same, ==, 1);
  g_assert_cmpuint (counts.different, ==, 2);
  g_assert_cmpuint (counts.failed_different, ==, 1);
  g_assert_cmpfloat_with_epsilon (facenet_verification_get_accuracy (self,
          0.5), 4.0 / 6, EPSILON);
  g_assert_cmpfloat (facenet_verification_get_auc (self), ==, 0.75);
  g_assert_cmpfloat (facenet_verification_get_tar_at_far (self, 0.01, NULL),
      ==, 0.75);
  g_assert_cmpfloat (facenet_verification_get_eer (self, NULL), ==, 0.25);
  roc = facenet_verification_get_roc (self, &n);
  g_assert_cmpuint (n, ==, 5);
  g_assert_cmpfloat (roc[0].far, ==, 0);
  g_assert_cmpfloat (roc[0].tar, ==, 0);
  g_assert_cmpfloat (roc[4].far, ==, 1);
  g_assert_cmpfloat (roc[4].tar, ==, 0.75);
}

/* Open-set identification: wrong names are at infinity. */
static void
test_an_infinite_distance_is_beyond_any_threshold (void)
{
  static const FacenetPair pairs[] = {
    {0.1, TRUE, 0}, {(gdouble) INFINITY, TRUE, 0}, {0.5, FALSE, 0},
    {(gdouble) INFINITY, FALSE, 0},
  };
  g_autoptr (FacenetVerification) self = facenet_verification_new (pairs, 4);
  gdouble accuracy;
  const FacenetRocPoint *roc;
  guint n;

  g_assert_cmpfloat_with_epsilon (facenet_verification_find_threshold (self,
          &accuracy), 0.3, EPSILON);
  g_assert_cmpfloat (accuracy, ==, 0.75);
  g_assert_cmpfloat (facenet_verification_get_auc (self), ==, 0.5);
  roc = facenet_verification_get_roc (self, &n);
  g_assert_cmpuint (n, ==, 4);
  g_assert_cmpfloat (roc[2].far, ==, 0.5);
  g_assert_cmpfloat (roc[3].far, ==, 1);
  g_assert_cmpfloat (roc[3].tar, ==, 0.5);
}

/* Worse than chance: accepting nobody is best. */
static void
test_accepting_nobody_may_be_best (void)
{
  static const FacenetPair pairs[] = {
    {0.5, FALSE, 0}, {0.6, FALSE, 0}, {0.7, TRUE, 0},
  };
  g_autoptr (FacenetVerification) self = facenet_verification_new (pairs, 3);
  gdouble accuracy, threshold, far_threshold;

  threshold = facenet_verification_find_threshold (self, &accuracy);
  g_assert_cmpfloat (threshold, <, 0.5);
  g_assert_cmpfloat_with_epsilon (accuracy, 2.0 / 3, EPSILON);
  g_assert_cmpfloat (facenet_verification_get_auc (self), ==, 0);
  g_assert_cmpfloat (facenet_verification_get_tar_at_far (self, 0.01,
          &far_threshold), ==, 0);
  g_assert_true (isinf (far_threshold));
}

static void
test_equal_distances_are_accepted_together (void)
{
  static const FacenetPair pairs[] = {
    {0.5, TRUE, 0}, {0.5, FALSE, 0}, {0.5, TRUE, 0}, {0.5, FALSE, 0},
  };
  g_autoptr (FacenetVerification) self = facenet_verification_new (pairs, 4);
  guint n;

  facenet_verification_get_roc (self, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpfloat (facenet_verification_get_auc (self), ==, 0.5);
  g_assert_cmpfloat (facenet_verification_get_eer (self, NULL), ==, 0.5);
}

static void
test_one_kind_of_pairs_has_no_curve (void)
{
  static const FacenetPair pairs[] = {
    {0.5, TRUE, 0}, {0.7, TRUE, 0}, {FAILED, FALSE, 0},
  };
  g_autoptr (FacenetVerification) none = facenet_verification_new (NULL, 0);
  g_autoptr (FacenetVerification) self = facenet_verification_new (pairs, 3);
  FacenetFolds folds;
  guint n;

  g_assert_null (facenet_verification_get_roc (self, &n));
  g_assert_cmpuint (n, ==, 0);
  g_assert_true (isnan (facenet_verification_get_auc (self)));
  g_assert_true (isnan (facenet_verification_get_eer (self, NULL)));
  g_assert_true (isnan (facenet_verification_get_tar_at_far (self, 0.1, NULL)));
  g_assert_true (isnan (facenet_verification_find_threshold (none, NULL)));
  g_assert_true (isnan (facenet_verification_get_accuracy (none, 1)));
  g_assert_false (facenet_verification_cross_validate (none, &folds));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/verification/sample-has-the-figures-of-numpy",
      test_sample_has_the_figures_of_numpy);
  g_test_add_func ("/verification/folds-are-decided-by-the-others",
      test_folds_are_decided_by_the_others);
  g_test_add_func ("/verification/fold-does-not-choose-its-own-threshold",
      test_a_fold_does_not_choose_its_own_threshold);
  g_test_add_func ("/verification/separable-pairs-are-told-apart",
      test_separable_pairs_are_told_apart);
  g_test_add_func ("/verification/failed-pairs-are-errors",
      test_failed_pairs_are_errors);
  g_test_add_func ("/verification/infinite-is-beyond-any-threshold",
      test_an_infinite_distance_is_beyond_any_threshold);
  g_test_add_func ("/verification/accepting-nobody-may-be-best",
      test_accepting_nobody_may_be_best);
  g_test_add_func ("/verification/equal-distances-are-accepted-together",
      test_equal_distances_are_accepted_together);
  g_test_add_func ("/verification/one-kind-of-pairs-has-no-curve",
      test_one_kind_of_pairs_has_no_curve);
  return g_test_run ();
}
