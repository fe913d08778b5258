/* facenet-triplet.c - the loss that pulls a person's faces together
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * FaceNet (Schroff et al. 2015), section 3.1:
 *
 *   J = sum max (|a - p|² - |a - n|² + alpha, 0)
 *
 * A triplet beyond the hinge adds nothing. For any other
 *
 *   dJ/da = 2 (n - p)   dJ/dp = 2 (p - a)   dJ/dn = 2 (a - n)
 *
 * Distances and sums are in double: J is a small difference of large numbers.
 */
#include "train/facenet-triplet.h"

#include <string.h>

static const gfloat *
get_row (const FacenetTripletBatch * batch, guint row)
{
  return batch->embeddings + (gsize) row *batch->n_dims;
}

static gdouble
squared_distance (const FacenetTripletBatch * batch, guint i, guint j)
{
  const gfloat *a = get_row (batch, i), *b = get_row (batch, j);
  gdouble sum = 0.0;

  for (guint k = 0; k < batch->n_dims; k++) {
    gdouble d = (gdouble) a[k] - (gdouble) b[k];

    sum += d * d;
  }
  return sum;
}

/* Adds one triplet's part to gradient, [n, n_dims]. */
static void
add_gradient (const FacenetTripletBatch * batch, const FacenetTriplet * triplet,
    gfloat * gradient)
{
  const gfloat *a = get_row (batch, triplet->anchor);
  const gfloat *p = get_row (batch, triplet->positive);
  const gfloat *n = get_row (batch, triplet->negative);
  gfloat *da = gradient + (gsize) triplet->anchor * batch->n_dims;
  gfloat *dp = gradient + (gsize) triplet->positive * batch->n_dims;
  gfloat *dn = gradient + (gsize) triplet->negative * batch->n_dims;

  for (guint k = 0; k < batch->n_dims; k++) {
    da[k] += 2.0f * (n[k] - p[k]);
    dp[k] += 2.0f * (p[k] - a[k]);
    dn[k] += 2.0f * (a[k] - n[k]);
  }
}

/**
 * facenet_triplet_loss:
 * @batch: the faces; labels are not looked at
 * @triplets: (element-type FacenetTriplet): which of them to compare, all
 *   indices below @batch's n
 * @alpha: the margin, 0 or more; %FACENET_TRIPLET_ALPHA in FaceNet
 * @gradient: (out caller-allocates) (nullable): [n, n_dims], set to dJ by each
 *   number of the embeddings
 * @n_active: (out) (optional): triplets that are not beyond the hinge yet
 *
 * The triplet loss of FaceNet (Schroff et al. 2015, section 3.1), summed, not
 * averaged, over the triplets:
 * J = sum max (|a - p|² - |a - n|² + alpha, 0).
 *
 * A triplet exactly on the hinge adds nothing to @gradient. Embeddings that
 * are not numbers make a J that is none.
 *
 * Returns: J
 */
gdouble
facenet_triplet_loss (const FacenetTripletBatch * batch,
    const GArray * triplets, gdouble alpha, gfloat * gradient, guint * n_active)
{
  gdouble sum = 0.0;
  guint n = 0;

  g_return_val_if_fail (batch != NULL && triplets != NULL, 0.0);

  if (gradient != NULL)
    memset (gradient, 0, (gsize) batch->n * batch->n_dims * sizeof *gradient);
  for (guint i = 0; i < triplets->len; i++) {
    const FacenetTriplet *triplet =
        &g_array_index (triplets, FacenetTriplet, i);
    gdouble hinge =
        squared_distance (batch, triplet->anchor, triplet->positive) -
        squared_distance (batch, triplet->anchor, triplet->negative) + alpha;

    if (hinge <= 0.0)
      continue;
    sum += hinge;
    n++;
    if (gradient != NULL)
      add_gradient (batch, triplet, gradient);
  }
  if (n_active != NULL)
    *n_active = n;
  return sum;
}

/* A search for triplets: all distances of the batch, and what was found. */
typedef struct
{
  const FacenetTripletBatch *batch;
  gdouble *distances;           /* [n, n] */
  GArray *triplets;
  gdouble alpha;
} Mine;

static gdouble
get_distance (const Mine * mine, guint i, guint j)
{
  return mine->distances[(gsize) i * mine->batch->n + j];
}

static gboolean
is_positive (const Mine * mine, guint anchor, guint i)
{
  return i != anchor && mine->batch->labels[i] == mine->batch->labels[anchor];
}

static gboolean
is_negative (const Mine * mine, guint anchor, guint i)
{
  return mine->batch->labels[i] != mine->batch->labels[anchor];
}

static void
add_triplet (const Mine * mine, guint anchor, guint positive, guint negative)
{
  FacenetTriplet triplet = { anchor, positive, negative };

  g_array_append_val (mine->triplets, triplet);
}

static void
mine_all (const Mine * mine, guint anchor)
{
  for (guint p = 0; p < mine->batch->n; p++) {
    if (!is_positive (mine, anchor, p))
      continue;
    for (guint n = 0; n < mine->batch->n; n++)
      if (is_negative (mine, anchor, n))
        add_triplet (mine, anchor, p, n);
  }
}

/* The nearest negative that is farther than `beyond`, n when there is none;
 * the first of those that are equally near. */
static guint
find_negative (const Mine * mine, guint anchor, gdouble beyond)
{
  guint nearest = mine->batch->n;

  for (guint i = 0; i < mine->batch->n; i++) {
    gdouble d = get_distance (mine, anchor, i);

    if (is_negative (mine, anchor, i) && d > beyond
        && (nearest == mine->batch->n
            || d < get_distance (mine, anchor, nearest)))
      nearest = i;
  }
  return nearest;
}

static void
mine_hard (const Mine * mine, guint anchor)
{
  guint n = mine->batch->n, farthest = n;
  guint nearest = find_negative (mine, anchor, -1.0);

  for (guint i = 0; i < n; i++)
    if (is_positive (mine, anchor, i) && (farthest == n
            || get_distance (mine, anchor, i) >
            get_distance (mine, anchor, farthest)))
      farthest = i;
  if (farthest < n && nearest < n)
    add_triplet (mine, anchor, farthest, nearest);
}

static void
mine_semi_hard (const Mine * mine, guint anchor)
{
  for (guint p = 0; p < mine->batch->n; p++) {
    gdouble d = get_distance (mine, anchor, p);
    guint n;

    if (!is_positive (mine, anchor, p))
      continue;
    n = find_negative (mine, anchor, d);
    if (n < mine->batch->n && get_distance (mine, anchor, n) < d + mine->alpha)
      add_triplet (mine, anchor, p, n);
  }
}

/**
 * facenet_triplet_mine:
 * @batch: the faces, with labels
 * @mining: which triplets to take
 * @alpha: the margin, for %FACENET_TRIPLET_MINING_SEMI_HARD
 *
 * Finds the triplets of a batch to learn from, sorted by anchor and then by
 * positive. Of several faces at one distance the first is taken, so the same
 * batch always gives the same triplets.
 *
 * Batch-all and batch-hard are those of Hermans et al. 2017 (section 2),
 * semi-hard is FaceNet's (Schroff et al. 2015, section 3.2): the hardest
 * negatives alone make training collapse early on, so those are taken that are
 * hard but still farther than the positive. An anchor without a positive or a
 * negative has no triplet.
 *
 * Returns: (transfer full) (element-type FacenetTriplet): the triplets
 */
GArray *
facenet_triplet_mine (const FacenetTripletBatch * batch,
    FacenetTripletMining mining, gdouble alpha)
{
  g_autofree gdouble *distances = NULL;
  Mine mine = { batch, NULL, NULL, alpha };

  g_return_val_if_fail (batch != NULL, NULL);
  g_return_val_if_fail (batch->labels != NULL, NULL);

  distances = g_new (gdouble, (gsize) batch->n * batch->n + 1);
  mine.distances = distances;
  mine.triplets = g_array_new (FALSE, FALSE, sizeof (FacenetTriplet));
  for (guint i = 0; i < batch->n; i++)
    for (guint j = 0; j < batch->n; j++)
      distances[(gsize) i * batch->n + j] = squared_distance (batch, i, j);
  for (guint anchor = 0; anchor < batch->n; anchor++) {
    switch (mining) {
      case FACENET_TRIPLET_MINING_BATCH_ALL:
        mine_all (&mine, anchor);
        break;
      case FACENET_TRIPLET_MINING_BATCH_HARD:
        mine_hard (&mine, anchor);
        break;
      case FACENET_TRIPLET_MINING_SEMI_HARD:
        mine_semi_hard (&mine, anchor);
        break;
    }
  }
  return mine.triplets;
}
