/* facenet-plot.h - curves and histograms as a picture
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A small plot, written as an SVG file that any browser shows, on light and
 * on dark ground: lines (an ROC curve, the loss over the epochs), histograms
 * (distances of pairs) and upright marks (a threshold). The same calls give
 * the same bytes on every machine and in every locale.
 */
#pragma once

#include <facenet/facenet-error.h>

G_BEGIN_DECLS

/**
 * FacenetPlotScale:
 * @FACENET_PLOT_LINEAR: equal steps are equally far apart
 * @FACENET_PLOT_LOG: equal factors are; numbers that are not above 0 are not
 *   shown
 *
 * How an axis is divided.
 */
typedef enum {
  FACENET_PLOT_LINEAR,
  FACENET_PLOT_LOG
} FacenetPlotScale;

/**
 * FacenetPlotAxis:
 * @label: (nullable): what is measured, UTF-8
 * @scale: how it is divided
 * @min: where it begins, NaN to fit what is shown
 * @max: where it ends, NaN to fit what is shown
 *
 * One axis of a plot.
 */
typedef struct {
  const gchar *label;
  FacenetPlotScale scale;
  gdouble min;
  gdouble max;
} FacenetPlotAxis;

/**
 * FacenetPlot:
 *
 * A plot that is being put together. Not thread-safe.
 */
typedef struct _FacenetPlot FacenetPlot;

FacenetPlot *facenet_plot_new (const gchar * title);
void facenet_plot_free (FacenetPlot * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetPlot, facenet_plot_free)

void facenet_plot_set_x_axis (FacenetPlot * self, const FacenetPlotAxis * axis);
void facenet_plot_set_y_axis (FacenetPlot * self, const FacenetPlotAxis * axis);
void facenet_plot_add_line (FacenetPlot * self, const gchar * name,
    const gdouble * x, const gdouble * y, guint n);
void facenet_plot_add_histogram (FacenetPlot * self, const gchar * name,
    const gdouble * values, guint n, guint n_bins);
void facenet_plot_add_mark (FacenetPlot * self, const gchar * name, gdouble x);

gchar *facenet_plot_to_svg (const FacenetPlot * self);
gboolean facenet_plot_save (const FacenetPlot * self, const gchar * location,
    GError ** error);

G_END_DECLS
