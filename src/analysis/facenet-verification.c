/* facenet-verification.c - how well distances tell one person from two
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A pair is accepted at a threshold t when its distance is at most t. The
 * pairs are sorted by distance once; every figure is a walk along them.
 *
 * Folds: Huang, Ramesh, Berg, Learned-Miller, Labeled Faces in the Wild (2007),
 * sections 3 and 6. ROC and its area: Fawcett, An introduction to ROC analysis
 * (2006), algorithms 1 and 2. False accept, false reject and equal error rate:
 * ISO/IEC 19795-1; in its sense a face that was not found is a false reject.
 *
 * A failed pair never helps. To the accuracy it is an error at any threshold;
 * of one person it is never accepted; of two people it is left out of the
 * false accept rate, which it would only embellish.
 */
#include "analysis/facenet-verification.h"

#include <math.h>
#include <string.h>

/* How many pairs one fold has, and how many of two people were compared. */
typedef struct
{
  guint n_pairs;
  guint n_compared_different;
} FacenetFold;

struct _FacenetVerification
{
  FacenetPair *pairs;           /* [n_compared], by distance, owned */
  guint n_compared;
  FacenetPairCounts counts;
  FacenetFold *folds;           /* [n_folds], owned; some may be empty */
  guint n_folds;
  FacenetRocPoint *roc;         /* [n_points], owned; NULL without two kinds */
  guint n_points;
};

static gint
compare_pairs (gconstpointer a, gconstpointer b, gpointer data)
{
  const FacenetPair *left = a, *right = b;

  return left->distance < right->distance ? -1
      : left->distance > right->distance;
}

/* Whether pair i is the last of its distance. */
static gboolean
is_last (const FacenetVerification * self, guint i)
{
  return i + 1 == self->n_compared
      || self->pairs[i + 1].distance > self->pairs[i].distance;
}

/* Whether no threshold accepts a pair. */
static gboolean
is_beyond (const FacenetPair * pair)
{
  return pair->distance >= (gdouble) INFINITY;
}

static void
count_pair (FacenetVerification * self, const FacenetPair * pair)
{
  gboolean failed = isnan (pair->distance) != 0;
  FacenetFold *fold = &self->folds[pair->fold];

  fold->n_pairs++;
  if (pair->same) {
    self->counts.same++;
    self->counts.failed_same += failed;
  } else {
    self->counts.different++;
    self->counts.failed_different += failed;
    fold->n_compared_different += !failed;
  }
  if (!failed)
    self->pairs[self->n_compared++] = *pair;
}

static void
draw_roc (FacenetVerification * self)
{
  guint n_different = self->counts.different - self->counts.failed_different;
  guint accepted = 0, mistaken = 0, i;
  FacenetRocPoint *point;

  if (self->counts.same == 0 || n_different == 0)
    return;
  self->roc = g_new (FacenetRocPoint, (gsize) self->n_compared + 2);
  point = self->roc;
  point->threshold = (gdouble) - INFINITY;
  point->far = point->tar = 0;
  for (i = 0; i < self->n_compared && !is_beyond (&self->pairs[i]); i++) {
    accepted += self->pairs[i].same;
    mistaken += !self->pairs[i].same;
    if (!is_last (self, i))
      continue;
    point++;
    point->threshold = self->pairs[i].distance;
    point->far = (gdouble) mistaken / n_different;
    point->tar = (gdouble) accepted / self->counts.same;
  }
  if (mistaken < n_different) {
    point[1].threshold = (gdouble) INFINITY;
    point[1].far = 1;
    point[1].tar = point->tar;
    point++;
  }
  self->n_points = (guint) (point - self->roc) + 1;
}

/**
 * facenet_verification_new:
 * @pairs: (array length=n_pairs): labelled comparisons, which are copied
 * @n_pairs: how many, may be 0
 *
 * Makes comparisons ready to be asked about, which takes the time of sorting
 * them. A distance that is NaN is a comparison that failed, see #FacenetPair;
 * an infinite one is beyond every threshold.
 *
 * Identification in an open set is asked about in the same way (detection and
 * identification rate at a false alarm rate: Phillips, Grother, Micheals,
 * Handbook of Face Recognition, 2nd edition, chapter 21): a probe of somebody
 * enrolled is a pair of one person at the distance of its nearest identity, or
 * at an infinite one when that is another's; a probe of a stranger is a pair
 * of two people at the distance of its nearest identity. The true accept rate
 * is then the detection and identification rate at rank 1, the false accept
 * rate the false alarm rate.
 *
 * Returns: (transfer full): the verification, to be freed with
 *   facenet_verification_free()
 */
FacenetVerification *
facenet_verification_new (const FacenetPair * pairs, guint n_pairs)
{
  FacenetVerification *self = g_new0 (FacenetVerification, 1);
  guint i;

  self->pairs = g_new (FacenetPair, n_pairs);
  for (i = 0; i < n_pairs; i++) {
    g_return_val_if_fail (pairs[i].fold < FACENET_MAX_FOLDS, self);
    self->n_folds = MAX (self->n_folds, pairs[i].fold + 1);
  }
  self->folds = g_new0 (FacenetFold, self->n_folds);
  for (i = 0; i < n_pairs; i++) {
    count_pair (self, &pairs[i]);
  }
  g_qsort_with_data (self->pairs, (gint) self->n_compared,
      sizeof (FacenetPair), compare_pairs, NULL);
  draw_roc (self);
  return self;
}

/**
 * facenet_verification_free:
 * @self: (nullable) (transfer full): a verification
 *
 * Frees a verification.
 */
void
facenet_verification_free (FacenetVerification * self)
{
  if (self == NULL)
    return;
  g_free (self->pairs);
  g_free (self->folds);
  g_free (self->roc);
  g_free (self);
}

/**
 * facenet_verification_get_counts:
 * @self: a verification
 * @counts: (out caller-allocates): how many pairs of each kind there are
 *
 * Tells what a verification was made of.
 */
void
facenet_verification_get_counts (const FacenetVerification * self,
    FacenetPairCounts * counts)
{
  *counts = self->counts;
}

/**
 * facenet_verification_get_accuracy:
 * @self: a verification
 * @threshold: in the scale of the pairs' distances
 *
 * The share of all pairs that are decided rightly when those up to @threshold
 * are accepted. A failed pair is decided wrongly.
 *
 * Returns: in [0,1], NaN without pairs
 */
gdouble
facenet_verification_get_accuracy (const FacenetVerification * self,
    gdouble threshold)
{
  guint right = 0, i;

  for (i = 0; i < self->n_compared; i++) {
    right += (self->pairs[i].distance <= threshold) == self->pairs[i].same;
  }
  return (gdouble) right / (self->counts.same + self->counts.different);
}

/* A threshold that accepts pair i (-1: none) and refuses the next of those
 * that are not left out: in the middle between them. */
static gdouble
threshold_behind (const FacenetVerification * self, gint i, gint left_out)
{
  gdouble distance, next_distance;
  guint next = (guint) (i + 1);

  while (next < self->n_compared && (gint) self->pairs[next].fold == left_out)
    next++;
  next_distance = next < self->n_compared ? self->pairs[next].distance
      : (gdouble) INFINITY;
  if (i < 0)
    return nextafter (next_distance, (gdouble) - INFINITY);
  distance = self->pairs[i].distance;
  return isinf (next_distance) ? distance
      : distance + (next_distance - distance) / 2;
}

/* The threshold with most right decisions on all folds but one (-1: on all),
 * the smallest of several. right: how many pairs it decides rightly. */
static gdouble
find_best (const FacenetVerification * self, gint left_out, guint * right)
{
  guint n_different = self->counts.different - self->counts.failed_different;
  gint gain = 0, best_gain = 0;
  gint last = -1, best = -1;
  guint i;

  if (left_out >= 0)
    n_different -= self->folds[left_out].n_compared_different;
  /* The gain is right accepts less false ones up to the last pair; it counts
   * once all pairs of one distance are in. */
  for (i = 0; i < self->n_compared; i++) {
    const FacenetPair *pair = &self->pairs[i];

    if ((gint) pair->fold == left_out)
      continue;
    if (gain > best_gain && pair->distance > self->pairs[last].distance) {
      best_gain = gain;
      best = last;
    }
    if (is_beyond (pair))
      break;
    gain += pair->same ? 1 : -1;
    last = (gint) i;
  }
  if (gain > best_gain && i == self->n_compared) {
    best_gain = gain;
    best = last;
  }
  *right = n_different + (guint) best_gain;
  return threshold_behind (self, best, left_out);
}

/**
 * facenet_verification_find_threshold:
 * @self: a verification
 * @accuracy: (out) (optional): the share of all pairs that it decides rightly
 *
 * Finds the threshold with the best accuracy, in the middle between the
 * farthest pair it accepts and the nearest it refuses; the smallest when
 * several are equally good. An accuracy on the very pairs the threshold was
 * chosen by is a little too good: see facenet_verification_cross_validate().
 *
 * Returns: the threshold in the scale of the distances, NaN when no pair could
 *   be compared
 */
gdouble
facenet_verification_find_threshold (const FacenetVerification * self,
    gdouble * accuracy)
{
  guint right = 0;
  gdouble threshold = (gdouble) NAN;

  if (self->n_compared > 0)
    threshold = find_best (self, -1, &right);
  if (accuracy != NULL)
    *accuracy = (gdouble) right / (self->counts.same + self->counts.different);
  return threshold;
}

/* Right decisions on the pairs of one fold. */
static guint
count_right (const FacenetVerification * self, guint fold, gdouble threshold)
{
  guint right = 0, i;

  for (i = 0; i < self->n_compared; i++) {
    const FacenetPair *pair = &self->pairs[i];

    right += pair->fold == fold && (pair->distance <= threshold) == pair->same;
  }
  return right;
}

/**
 * facenet_verification_cross_validate:
 * @self: a verification with pairs in several folds
 * @folds: (out caller-allocates): its accuracy
 *
 * The protocol of Labeled Faces in the Wild: each fold is decided with the
 * threshold that facenet_verification_find_threshold() finds on the others.
 * With p the accuracies of k folds and m their mean,
 *
 *   std = sqrt (sum (p - m)^2 / k),
 *   standard_error = sqrt (sum (p - m)^2 / (k - 1)) / sqrt (k).
 *
 * Failed pairs are errors of their fold.
 *
 * Returns: %FALSE, with all figures NaN, when fewer than two folds have pairs
 *   or none could be compared
 */
gboolean
facenet_verification_cross_validate (const FacenetVerification * self,
    FacenetFolds * folds)
{
  gdouble sum = 0, squares = 0, thresholds = 0;
  guint n = 0, i, right;

  for (i = 0; i < self->n_folds && self->n_compared > 0; i++) {
    const FacenetFold *fold = &self->folds[i];
    gdouble threshold, accuracy;

    if (fold->n_pairs == 0)
      continue;
    threshold = find_best (self, (gint) i, &right);
    accuracy = (gdouble) count_right (self, i, threshold) / fold->n_pairs;
    n++;
    sum += accuracy;
    squares += accuracy * accuracy;
    thresholds += threshold;
  }
  folds->n_folds = n;
  folds->accuracy = folds->std = folds->standard_error = (gdouble) NAN;
  folds->threshold = (gdouble) NAN;
  if (n < 2)
    return FALSE;
  folds->accuracy = sum / n;
  folds->threshold = thresholds / n;
  squares = MAX (squares - sum * sum / n, 0);
  folds->std = sqrt (squares / n);
  folds->standard_error = sqrt (squares / (n - 1) / n);
  return TRUE;
}

/**
 * facenet_verification_get_roc:
 * @self: a verification
 * @n_points: (out): how many points
 *
 * The ROC curve: the first point accepts nothing, then one for each distance
 * there is, smallest first; the last has a false accept rate of 1. A true
 * accept rate of 1 is reached only when no pair of one person failed.
 *
 * Returns: (array length=n_points) (nullable): the points, owned by @self;
 *   %NULL when there is no pair of one person, or none of two people that
 *   could be compared
 */
const FacenetRocPoint *
facenet_verification_get_roc (const FacenetVerification * self,
    guint * n_points)
{
  *n_points = self->n_points;
  return self->roc;
}

/**
 * facenet_verification_get_auc:
 * @self: a verification
 *
 * The area under the ROC curve by trapezoids, which is the chance that a pair
 * of one person is nearer than one of two people, ties counting half.
 *
 * Returns: in [0,1], NaN where there is no ROC curve
 */
gdouble
facenet_verification_get_auc (const FacenetVerification * self)
{
  gdouble area = 0;
  guint i;

  for (i = 1; i < self->n_points; i++) {
    const FacenetRocPoint *from = &self->roc[i - 1], *to = &self->roc[i];

    area += (to->far - from->far) * (to->tar + from->tar) / 2;
  }
  return self->n_points > 0 ? area : (gdouble) NAN;
}

/**
 * facenet_verification_get_eer:
 * @self: a verification
 * @threshold: (out) (optional): where, the first point at which the false
 *   accept rate is not below the false reject rate
 *
 * The equal error rate: where false accept and false reject rate are the same,
 * on the straight line between the two points around it.
 *
 * Returns: in [0,1], NaN where there is no ROC curve
 */
gdouble
facenet_verification_get_eer (const FacenetVerification * self,
    gdouble * threshold)
{
  const FacenetRocPoint *to = self->roc, *from;
  gdouble before, after;

  if (threshold != NULL)
    *threshold = (gdouble) NAN;
  if (to == NULL)
    return (gdouble) NAN;
  /* It begins with false rejects only and ends with a false accept rate of
   * 1, so that this ends. */
  while (to->far < 1 - to->tar)
    to++;
  if (threshold != NULL)
    *threshold = to->threshold;
  from = to - 1;
  before = 1 - from->tar - from->far;
  after = to->far + to->tar - 1;
  return from->far + (to->far - from->far) * before / (before + after);
}

/**
 * facenet_verification_get_tar_at_far:
 * @self: a verification
 * @far: the false accept rate that is borne, in [0,1]
 * @threshold: (out) (optional): the largest threshold that keeps to it, in the
 *   middle before the distance that would not; -infinity when none does but to
 *   accept nothing
 *
 * The best true accept rate at a false accept rate of at most @far. With fewer
 * than 1 / @far pairs of two people it is the rate without any false accept.
 *
 * Returns: in [0,1], NaN where there is no ROC curve
 */
gdouble
facenet_verification_get_tar_at_far (const FacenetVerification * self,
    gdouble far, gdouble * threshold)
{
  guint i = 0;

  if (threshold != NULL)
    *threshold = (gdouble) NAN;
  if (self->roc == NULL)
    return (gdouble) NAN;
  while (i + 1 < self->n_points && self->roc[i + 1].far <= far)
    i++;
  if (threshold == NULL)
    return self->roc[i].tar;
  *threshold = self->roc[i].threshold;
  if (i > 0 && i + 1 < self->n_points && !isinf (self->roc[i + 1].threshold))
    *threshold += (self->roc[i + 1].threshold - *threshold) / 2;
  return self->roc[i].tar;
}
