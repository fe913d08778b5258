/* facenet-plot-private.h - what a plot shows, and where
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "analysis/facenet-plot.h"

G_BEGIN_DECLS

typedef enum {
  FACENET_SERIES_LINE,
  FACENET_SERIES_HISTOGRAM,
  FACENET_SERIES_MARK
} FacenetSeriesKind;

/* One entry of the legend.
 * x: [n]; of a histogram the values, of a mark the place
 * y: [n] of a line, otherwise NULL */
typedef struct {
  FacenetSeriesKind kind;
  gchar *name;                  /* owned */
  gdouble *x, *y;               /* owned */
  guint n;
  guint n_bins;                 /* of a histogram */
} FacenetSeries;

/* An axis with ends that are numbers, min < max, above 0 on a log scale. */
typedef struct {
  gchar *label;                 /* owned, nullable */
  FacenetPlotScale scale;
  gdouble min, max;
} FacenetAxis;

struct _FacenetPlot {
  gchar *title;                 /* owned */
  FacenetAxis x, y;             /* ends NaN where they fit the data */
  GArray *series;               /* of FacenetSeries */
};

/* Widens [min, max] to value, if the axis can show it; NaN: nothing yet. */
void facenet_axis_include (const FacenetAxis * self, gdouble value,
    gdouble * min, gdouble * max);

/* Takes the ends it does not have from what it shall show, and round numbers
 * around it. */
void facenet_axis_fit (FacenetAxis * self, gdouble min, gdouble max);

/* Where a value is: 0 at min, 1 at max; NaN when it cannot be shown. */
gdouble facenet_axis_place (const FacenetAxis * self, gdouble value);

/* The values to write along it, (transfer full) (element-type gdouble). */
GArray *facenet_axis_list_ticks (const FacenetAxis * self);

/* The share of a histogram's values in each of its bins along an axis,
 * [n_bins], (transfer full). */
gdouble *facenet_series_count (const FacenetSeries * self,
    const FacenetAxis * x);

G_END_DECLS
