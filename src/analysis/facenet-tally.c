/* facenet-tally.c - how many distances are within each threshold
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The distances of one person's faces are alike: a hundred of them say less
 * than a hundred of as many people. With e_i of n_i distances of group i
 * within a threshold, k groups and p = sum e_i / sum n_i, the variance of p
 * over the groups is (Cochran, Sampling Techniques, 3rd edition, section 9A,
 * for clusters of unequal size)
 *
 *   v = k / (k - 1) * sum (e_i - p n_i)^2 / n^2,
 *
 * and n' = p (1 - p) / v independent distances would know p as well. As Korn
 * and Graubard (Confidence intervals for proportions with small expected
 * number of positive counts, 1998) have it, n' is lowered by (z / t)^2, with t
 * the quantile of Student's distribution of k - 1 degrees of freedom. From p
 * and n' comes the interval of Wilson (Probable inference, 1927). Where no
 * distance is within, or all are, n' is that of the nearest threshold where
 * some are.
 */
#include <math.h>

#include "analysis/facenet-tally-private.h"

/* 97.5 % of the normal distribution lie below. */
#define Z 1.959963984540054

struct _FacenetTally
{
  guint n_groups;
  guint32 *counts;              /* [n_groups, POINTS]: in each step */
  guint64 *totals;              /* [n_groups] */
  guint64 n;
};

FacenetTally *
facenet_tally_new (guint n_groups)
{
  FacenetTally *self = g_new0 (FacenetTally, 1);

  self->n_groups = n_groups;
  self->counts = g_new0 (guint32, (gsize) n_groups * FACENET_TALLY_POINTS);
  self->totals = g_new0 (guint64, n_groups);
  return self;
}

void
facenet_tally_free (FacenetTally * self)
{
  if (self == NULL)
    return;
  g_free (self->counts);
  g_free (self->totals);
  g_free (self);
}

void
facenet_tally_add (FacenetTally * self, guint group, gdouble distance)
{
  /* The first threshold that has it within. */
  gdouble step = ceil (distance * FACENET_TALLY_PER_UNIT) - 1;

  self->totals[group]++;
  self->n++;
  if (step < FACENET_TALLY_POINTS)
    self->counts[(gsize) group * FACENET_TALLY_POINTS
        + (guint) MAX (step, 0)]++;
}

guint64
facenet_tally_get_n (const FacenetTally * self)
{
  return self->n;
}

/* The 97.5 % quantile of Student's distribution (Abramowitz and Stegun,
 * Handbook of Mathematical Functions, 26.7.5). */
static gdouble
student (guint degrees)
{
  gdouble z2 = Z * Z, n = degrees;

  return Z * (1 + (z2 + 1) / (4 * n)
      + ((5 * z2 + 16) * z2 + 3) / (96 * n * n)
      + (((3 * z2 + 19) * z2 + 17) * z2 - 15) / (384 * n * n * n));
}

/* n' of the counts within a threshold; NaN when p is 0 or 1. */
static gdouble
find_effective (const FacenetTally * self, guint n_used, const guint64 * within,
    gdouble p)
{
  gdouble squares = 0, variance, shrink;
  guint i;

  if (!(p > 0 && p < 1) || n_used < 2)
    return (gdouble) NAN;
  for (i = 0; i < self->n_groups; i++) {
    gdouble off = (gdouble) within[i] - p * (gdouble) self->totals[i];

    squares += off * off;
  }
  variance = squares * n_used / (n_used - 1) / ((gdouble) self->n
      * (gdouble) self->n);
  shrink = Z / student (n_used - 1);
  return CLAMP (p * (1 - p) / variance, 1, (gdouble) self->n)
      * shrink * shrink;
}

/* Gives thresholds without n' that of the nearest that has one; failing all,
 * one distance of each group. */
static void
fill_gaps (gdouble * effective, guint n_used)
{
  gdouble known = (gdouble) NAN;
  gint i;

  for (i = 0; i < FACENET_TALLY_POINTS; i++) {
    if (!isnan (effective[i]))
      known = effective[i];
    else
      effective[i] = known;
  }
  for (i = FACENET_TALLY_POINTS - 1; i >= 0; i--) {
    if (!isnan (effective[i]))
      known = effective[i];
    else
      effective[i] = isnan (known) ? n_used : known;
  }
}

static void
set_interval (FacenetRate * rate, gdouble n)
{
  gdouble p = rate->rate, z2 = Z * Z;
  gdouble middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  gdouble half = Z / (1 + z2 / n) * sqrt (p * (1 - p) / n + z2 / (4 * n * n));

  rate->low = MAX (middle - half, 0);
  rate->high = MIN (middle + half, 1);
}

void
facenet_tally_rate (FacenetTally * self, gboolean beyond, FacenetRate * rates)
{
  g_autofree guint64 *within = g_new0 (guint64, self->n_groups);
  gdouble effective[FACENET_TALLY_POINTS];
  guint n_used = 0, i, j;

  for (i = 0; i < self->n_groups; i++) {
    n_used += self->totals[i] > 0;
  }
  for (j = 0; j < FACENET_TALLY_POINTS; j++) {
    guint64 sum = 0;

    for (i = 0; i < self->n_groups; i++) {
      within[i] += self->counts[(gsize) i * FACENET_TALLY_POINTS + j];
      sum += within[i];
    }
    rates[j].rate = (gdouble) sum / (gdouble) self->n;
    effective[j] = find_effective (self, n_used, within, rates[j].rate);
  }
  fill_gaps (effective, n_used);
  for (j = 0; j < FACENET_TALLY_POINTS; j++) {
    if (beyond)
      rates[j].rate = 1 - rates[j].rate;
    if (self->n == 0)
      rates[j].rate = rates[j].low = rates[j].high = (gdouble) NAN;
    else if (n_used < 2)
      rates[j].low = 0, rates[j].high = 1;
    else
      set_interval (&rates[j], effective[j]);
  }
}
