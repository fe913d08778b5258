/* facenet-plot.c - curves and histograms as a picture
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * What a plot shows is kept until it is drawn, by facenet-plot-svg.c.
 */
#include "analysis/facenet-plot.h"

#include <math.h>
#include <string.h>

#include "analysis/facenet-plot-private.h"
#include "base/facenet-file-private.h"

#define MAX_BINS 10000

static void
clear_series (gpointer data)
{
  FacenetSeries *series = data;

  g_free (series->name);
  g_free (series->x);
  g_free (series->y);
}

/**
 * facenet_plot_new:
 * @title: above the plot, UTF-8
 *
 * Begins a plot, with linear axes without labels that fit what is shown.
 *
 * Returns: (transfer full): the plot, to be freed with facenet_plot_free()
 */
FacenetPlot *
facenet_plot_new (const gchar * title)
{
  FacenetPlot *self = g_new0 (FacenetPlot, 1);

  self->title = g_strdup (title);
  self->x.min = self->x.max = (gdouble) NAN;
  self->y = self->x;
  self->series = g_array_new (FALSE, FALSE, sizeof (FacenetSeries));
  g_array_set_clear_func (self->series, clear_series);
  return self;
}

/**
 * facenet_plot_free:
 * @self: (nullable) (transfer full): a plot
 *
 * Frees a plot.
 */
void
facenet_plot_free (FacenetPlot * self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->x.label);
  g_free (self->y.label);
  g_array_unref (self->series);
  g_free (self);
}

static void
set_axis (FacenetAxis * self, const FacenetPlotAxis * axis)
{
  g_free (self->label);
  self->label = g_strdup (axis->label);
  self->scale = axis->scale;
  self->min = axis->min;
  self->max = axis->max;
}

/**
 * facenet_plot_set_x_axis:
 * @self: a plot
 * @axis: the axis, which is copied
 *
 * Says what lies along the plot.
 */
void
facenet_plot_set_x_axis (FacenetPlot * self, const FacenetPlotAxis * axis)
{
  set_axis (&self->x, axis);
}

/**
 * facenet_plot_set_y_axis:
 * @self: a plot
 * @axis: the axis, which is copied
 *
 * Says what rises from the bottom of the plot.
 */
void
facenet_plot_set_y_axis (FacenetPlot * self, const FacenetPlotAxis * axis)
{
  set_axis (&self->y, axis);
}

static FacenetSeries *
add_series (FacenetPlot * self, FacenetSeriesKind kind, const gchar * name,
    const gdouble * x, guint n)
{
  FacenetSeries series = { kind, g_strdup (name), NULL, NULL, n, 0 };

  series.x = g_new (gdouble, n);
  if (n > 0)
    memcpy (series.x, x, n * sizeof (gdouble));
  g_array_append_val (self->series, series);
  return &g_array_index (self->series, FacenetSeries, self->series->len - 1);
}

/**
 * facenet_plot_add_line:
 * @self: a plot
 * @name: its name in the legend, UTF-8
 * @x: (array length=n): where each point is along the plot
 * @y: (array length=n): and how high
 * @n: how many points, may be 0
 *
 * Adds a line through points, which are copied. A point that is not finite
 * interrupts it; one that a log scale cannot show is left out.
 */
void
facenet_plot_add_line (FacenetPlot * self, const gchar * name,
    const gdouble * x, const gdouble * y, guint n)
{
  FacenetSeries *series = add_series (self, FACENET_SERIES_LINE, name, x, n);

  series->y = g_new (gdouble, n);
  if (n > 0)
    memcpy (series->y, y, n * sizeof (gdouble));
}

/**
 * facenet_plot_add_histogram:
 * @self: a plot
 * @name: its name in the legend, UTF-8
 * @values: (array length=n): the numbers to count
 * @n: how many, may be 0
 * @n_bins: into how many parts the x axis is divided, 1 to 10,000
 *
 * Adds a histogram of numbers, which are copied: what share of them is in each
 * part of the x axis, so that those of many and of few numbers compare.
 * Numbers that are not on the axis count as numbers, but are not shown.
 */
void
facenet_plot_add_histogram (FacenetPlot * self, const gchar * name,
    const gdouble * values, guint n, guint n_bins)
{
  g_return_if_fail (n_bins > 0 && n_bins <= MAX_BINS);

  add_series (self, FACENET_SERIES_HISTOGRAM, name, values, n)->n_bins = n_bins;
}

/**
 * facenet_plot_add_mark:
 * @self: a plot
 * @name: its name in the legend, UTF-8
 * @x: where
 *
 * Adds an upright line that marks a place on the x axis, such as a threshold.
 */
void
facenet_plot_add_mark (FacenetPlot * self, const gchar * name, gdouble x)
{
  add_series (self, FACENET_SERIES_MARK, name, &x, 1);
}

/**
 * facenet_plot_save:
 * @self: a plot
 * @location: file to write, replaced as a whole
 * @error: return location for an error
 *
 * Writes a plot as SVG.
 *
 * Returns: %FALSE with %FACENET_ERROR_OPEN when the file cannot be written
 */
gboolean
facenet_plot_save (const FacenetPlot * self, const gchar * location,
    GError ** error)
{
  g_autofree gchar *svg = facenet_plot_to_svg (self);

  return facenet_file_write (location, svg, strlen (svg), error);
}
