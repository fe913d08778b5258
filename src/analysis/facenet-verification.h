/* facenet-verification.h - how well distances tell one person from two
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * From the distances of pairs of which one knows whether they show one person:
 * accuracy at a threshold, the protocol of Labeled Faces in the Wild (folds),
 * the ROC curve with its area, the equal error rate, and how many right
 * accepts are left at a given rate of false ones.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FacenetPair:
 * @distance: of the two faces, in any scale where smaller is nearer; NaN when
 *   they could not be compared, because no face was found for example
 * @same: whether the pair shows one person
 * @fold: part of the data it belongs to, below %FACENET_MAX_FOLDS; 0 where
 *   there are no parts
 *
 * One labelled comparison.
 */
typedef struct {
  gdouble distance;
  gboolean same;
  guint fold;
} FacenetPair;

/**
 * FACENET_MAX_FOLDS:
 *
 * How many folds there may be at most.
 */
#define FACENET_MAX_FOLDS 1000

/**
 * FacenetPairCounts:
 * @same: pairs of one person
 * @different: pairs of two people
 * @failed_same: of @same, how many could not be compared
 * @failed_different: of @different, how many could not be compared
 *
 * What a verification was made of.
 */
typedef struct {
  guint same;
  guint different;
  guint failed_same;
  guint failed_different;
} FacenetPairCounts;

/**
 * FacenetRocPoint:
 * @threshold: pairs up to this distance are accepted; -infinity at the first
 *   point, where none is
 * @far: false accept rate, the share of compared pairs of two people that are
 *   accepted
 * @tar: true accept rate, the share of all pairs of one person that are
 *   accepted; 1 - @tar is the false reject rate
 *
 * One operating point.
 */
typedef struct {
  gdouble threshold;
  gdouble far;
  gdouble tar;
} FacenetRocPoint;

/**
 * FacenetFolds:
 * @n_folds: folds with a pair in them
 * @accuracy: mean over the folds of the share of pairs decided rightly
 * @std: standard deviation of the folds' accuracies around it
 * @standard_error: what @accuracy itself may be off by, as the protocol has it
 * @threshold: mean of the thresholds that were chosen
 *
 * Accuracy with thresholds that were chosen on other pairs.
 */
typedef struct {
  guint n_folds;
  gdouble accuracy;
  gdouble std;
  gdouble standard_error;
  gdouble threshold;
} FacenetFolds;

/**
 * FacenetVerification:
 *
 * Labelled comparisons, ready to be asked about. Immutable.
 */
typedef struct _FacenetVerification FacenetVerification;

FacenetVerification *facenet_verification_new (const FacenetPair * pairs,
    guint n_pairs);
void facenet_verification_free (FacenetVerification * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetVerification, facenet_verification_free)

void facenet_verification_get_counts (const FacenetVerification * self,
    FacenetPairCounts * counts);
gdouble facenet_verification_get_accuracy (const FacenetVerification * self,
    gdouble threshold);
gdouble facenet_verification_find_threshold (const FacenetVerification * self,
    gdouble * accuracy);
gboolean facenet_verification_cross_validate (const FacenetVerification * self,
    FacenetFolds * folds);
const FacenetRocPoint *facenet_verification_get_roc (
    const FacenetVerification * self, guint * n_points);
gdouble facenet_verification_get_auc (const FacenetVerification * self);
gdouble facenet_verification_get_eer (const FacenetVerification * self,
    gdouble * threshold);
gdouble facenet_verification_get_tar_at_far (const FacenetVerification * self,
    gdouble far, gdouble * threshold);

G_END_DECLS
