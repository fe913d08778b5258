/* facenet-plot-axis.c - where on a plot a number is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Ticks are 1, 2 or 5 times a power of ten apart on a linear scale; on a log
 * scale they are the powers of ten, and twice and five times those where there
 * are few.
 */
#include <math.h>

#include "analysis/facenet-plot-private.h"

/* About how many steps between ticks an axis gets. */
#define N_STEPS 6

/* Decades up to which a log axis has ticks between the powers of ten. */
#define FEW_DECADES 2.5

/* Ends this much of a step off a tick are on it. */
#define ROUNDING 1e-6

static gboolean
can_show (const FacenetAxis * self, gdouble value)
{
  return isfinite (value) && (self->scale == FACENET_PLOT_LINEAR || value > 0);
}

void
facenet_axis_include (const FacenetAxis * self, gdouble value, gdouble * min,
    gdouble * max)
{
  if (!can_show (self, value))
    return;
  *min = isnan (*min) ? value : MIN (*min, value);
  *max = isnan (*max) ? value : MAX (*max, value);
}

/* The distance of ticks on a linear axis of this length. */
static gdouble
find_step (gdouble length)
{
  gdouble rough = length / N_STEPS;
  gdouble power = pow (10, floor (log10 (rough)));
  gdouble factor = rough / power;

  if (factor <= 1 + ROUNDING)
    return power;
  if (factor <= 2 + ROUNDING)
    return 2 * power;
  return factor <= 5 + ROUNDING ? 5 * power : 10 * power;
}

void
facenet_axis_fit (FacenetAxis * self, gdouble min, gdouble max)
{
  gboolean log_scale = self->scale == FACENET_PLOT_LOG;
  gboolean free_min = !can_show (self, self->min);
  gboolean free_max = !can_show (self, self->max);
  gdouble step;

  if (isnan (min) || !isfinite (max - min))
    min = max = log_scale ? 1 : 0;
  self->min = free_min ? min : self->min;
  self->max = free_max ? max : self->max;
  /* One end alone may have been set beyond all there is. */
  if (!(self->min < self->max)) {
    self->min = MIN (self->min, self->max);
    self->max = log_scale ? self->min * 10 : self->min + 1;
  }
  if (log_scale) {
    if (free_min)
      self->min = pow (10, floor (log10 (self->min) + ROUNDING));
    if (free_max)
      self->max = pow (10, ceil (log10 (self->max) - ROUNDING));
    return;
  }
  step = find_step (self->max - self->min);
  if (free_min)
    self->min = floor (self->min / step + ROUNDING) * step;
  if (free_max)
    self->max = ceil (self->max / step - ROUNDING) * step;
}

gdouble
facenet_axis_place (const FacenetAxis * self, gdouble value)
{
  if (!can_show (self, value))
    return (gdouble) NAN;
  if (self->scale == FACENET_PLOT_LOG)
    return log (value / self->min) / log (self->max / self->min);
  return (value - self->min) / (self->max - self->min);
}

static void
add_tick (const FacenetAxis * self, GArray * ticks, gdouble value)
{
  gdouble place = facenet_axis_place (self, value);

  if (place > -ROUNDING && place < 1 + ROUNDING)
    g_array_append_val (ticks, value);
}

GArray *
facenet_axis_list_ticks (const FacenetAxis * self)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (gdouble));
  gdouble step, i;

  if (self->scale == FACENET_PLOT_LINEAR) {
    step = find_step (self->max - self->min);
    /* Multiples, not sums: 0 is 0, and 0.3 has no tail. */
    for (i = floor (self->min / step); i <= ceil (self->max / step); i++) {
      add_tick (self, ticks, i * step + 0.0);
    }
    return ticks;
  }
  for (i = floor (log10 (self->min)); i <= ceil (log10 (self->max)); i++) {
    add_tick (self, ticks, pow (10, i));
    if (log10 (self->max / self->min) > FEW_DECADES)
      continue;
    add_tick (self, ticks, 2 * pow (10, i));
    add_tick (self, ticks, 5 * pow (10, i));
  }
  return ticks;
}

gdouble *
facenet_series_count (const FacenetSeries * self, const FacenetAxis * x)
{
  gdouble *bins = g_new0 (gdouble, self->n_bins);
  guint i;

  for (i = 0; i < self->n; i++) {
    gdouble place = facenet_axis_place (x, self->x[i]);

    /* The last bin has its upper end in it. */
    if (place >= 0 && place <= 1)
      bins[MIN ((guint) (place * self->n_bins), self->n_bins - 1)] +=
          1.0 / self->n;
  }
  return bins;
}
