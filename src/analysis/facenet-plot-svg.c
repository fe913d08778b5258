/* facenet-plot-svg.c - a plot drawn as SVG
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * out: an SVG 1.1 document without scripts or outside parts. Colours are
 * attributes, for viewers that know no style sheets; one that does, and that
 * says its user likes dark, gets others by the media query of CSS
 * (prefers-color-scheme). Lines differ in their dashes, too, not in colour
 * only.
 */
#include <math.h>

#include "analysis/facenet-plot-private.h"

/* In pixels: the picture, and the area inside of the axes. */
#define WIDTH 640
#define LEFT 68.0
#define RIGHT 620.0
#define TOP 44.0
#define BOTTOM 356.0
#define LEGEND_TOP 418
#define LEGEND_ROW 18
#define LEGEND_COLUMN 290
#define LEGEND_COLUMNS 2

/* Points nearer to the one before than this are not drawn: a curve of a
 * million points is as many as can be seen. */
#define MIN_STEP 0.25

/* *INDENT-OFF* */
static const gchar style[] =
    "<style>\n"
    "text{font-family:sans-serif;font-size:12px}\n"
    "@media (prefers-color-scheme:dark){\n"
    ".page{fill:#16181c}.text{fill:#e4e6ea}.grid{stroke:#3a3f47}"
    ".frame{stroke:#9aa0aa}\n"
    ".line0{stroke:#5cb8f0}.line1{stroke:#ff8f4a}.line2{stroke:#3fd6a6}"
    ".line3{stroke:#e79cc6}.line4{stroke:#f2c14e}.line5{stroke:#b5bbc4}\n"
    ".fill0{fill:#5cb8f0}.fill1{fill:#ff8f4a}.fill2{fill:#3fd6a6}"
    ".fill3{fill:#e79cc6}.fill4{fill:#f2c14e}.fill5{fill:#b5bbc4}\n"
    "}\n"
    "</style>\n";

/* Tell apart for the colour-blind as well (after Okabe and Ito, 2008). */
static const gchar *const colours[] = {
  "#0072b2", "#d55e00", "#00805c", "#b04a8a", "#a87000", "#555b66",
};

static const gchar *const dashes[] = {
  "", " stroke-dasharray=\"7 3\"", " stroke-dasharray=\"2 3\"",
  " stroke-dasharray=\"9 3 2 3\"", " stroke-dasharray=\"12 4\"",
  " stroke-dasharray=\"4 4\"",
};
/* *INDENT-ON* */

/* A drawing on its way. */
typedef struct
{
  GString *svg;
  FacenetAxis x, y;             /* fitted; labels borrowed */
} FacenetDrawing;

static void
append_number (GString * svg, const gchar * format, gdouble value)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (svg, g_ascii_formatd (text, sizeof text, format, value));
}

/* before, then a coordinate to a hundredth of a pixel */
static void
append_place (GString * svg, const gchar * before, gdouble value)
{
  g_string_append (svg, before);
  append_number (svg, "%.2f", value);
}

/* What any text may hold, as XML may hold it. */
static void
append_text (GString * svg, const gchar * text)
{
  g_autofree gchar *valid = g_utf8_make_valid (text, -1);
  g_autofree gchar *escaped = NULL;
  gchar *p;

  for (p = valid; *p != '\0'; p++) {
    if ((guchar) * p < ' ' || *p == 0x7f)
      *p = ' ';
  }
  escaped = g_markup_escape_text (valid, -1);
  g_string_append (svg, escaped);
}

static gdouble
place_x (const FacenetDrawing * self, gdouble value)
{
  return LEFT + (RIGHT - LEFT) * facenet_axis_place (&self->x, value);
}

static gdouble
place_y (const FacenetDrawing * self, gdouble value)
{
  return BOTTOM - (BOTTOM - TOP) * facenet_axis_place (&self->y, value);
}

/* A text whose anchor ("start", "middle", "end") is at x, y. */
static void
draw_text (GString * svg, gdouble x, gdouble y, const gchar * more,
    const gchar * text)
{
  append_place (svg, "<text class=\"text\" fill=\"#1c1f24\" x=\"", x);
  append_place (svg, "\" y=\"", y);
  g_string_append_printf (svg, "\"%s>", more);
  append_text (svg, text);
  g_string_append (svg, "</text>\n");
}

static void
draw_segment (GString * svg, const gchar * attributes, const gdouble from[2],
    const gdouble to[2])
{
  g_string_append_printf (svg, "<path %s", attributes);
  append_place (svg, " d=\"M", from[0]);
  append_place (svg, " ", from[1]);
  append_place (svg, "L", to[0]);
  append_place (svg, " ", to[1]);
  g_string_append (svg, "\"/>\n");
}

static void
draw_tick (FacenetDrawing * self, gboolean along_x, gdouble value)
{
  static const gchar grid[] = "class=\"grid\" stroke=\"#d9dce1\" fill=\"none\"";
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];
  gdouble at = along_x ? place_x (self, value) : place_y (self, value);
  gdouble from[2] = { LEFT, at }, to[2] = { RIGHT, at };

  g_ascii_formatd (text, sizeof text, "%.6g", value);
  if (!along_x) {
    draw_segment (self->svg, grid, from, to);
    draw_text (self->svg, LEFT - 8, at + 4, " text-anchor=\"end\"", text);
    return;
  }
  from[0] = to[0] = at;
  from[1] = TOP;
  to[1] = BOTTOM;
  draw_segment (self->svg, grid, from, to);
  draw_text (self->svg, at, BOTTOM + 18, " text-anchor=\"middle\"", text);
}

static void
draw_axes (FacenetDrawing * self)
{
  g_autoptr (GArray) x = facenet_axis_list_ticks (&self->x);
  g_autoptr (GArray) y = facenet_axis_list_ticks (&self->y);
  g_autofree gchar *turned = g_strdup_printf (" text-anchor=\"middle\" "
      "transform=\"rotate(-90 18 %d)\"", (gint) ((TOP + BOTTOM) / 2));
  guint i;

  for (i = 0; i < x->len; i++) {
    draw_tick (self, TRUE, g_array_index (x, gdouble, i));
  }
  for (i = 0; i < y->len; i++) {
    draw_tick (self, FALSE, g_array_index (y, gdouble, i));
  }
  g_string_append_printf (self->svg, "<path class=\"frame\" "
      "stroke=\"#4a4f58\" fill=\"none\" d=\"M%d %dV%dH%d\"/>\n", (gint) LEFT,
      (gint) TOP, (gint) BOTTOM, (gint) RIGHT);
  if (self->x.label != NULL)
    draw_text (self->svg, (LEFT + RIGHT) / 2, BOTTOM + 40,
        " text-anchor=\"middle\"", self->x.label);
  if (self->y.label != NULL)
    draw_text (self->svg, 18, (TOP + BOTTOM) / 2, turned, self->y.label);
}

static void
begin_path (GString * svg, guint index, const gchar * more)
{
  guint colour = index % G_N_ELEMENTS (colours);

  g_string_append_printf (svg, "<path class=\"line%u\" stroke=\"%s\" "
      "stroke-width=\"2\" stroke-linejoin=\"round\" fill=\"none\"%s%s d=\"",
      colour, colours[colour], dashes[colour], more);
}

static void
draw_line (FacenetDrawing * self, const FacenetSeries * series, guint index)
{
  gdouble last_x = 0, last_y = 0;
  const gchar *command = "M";
  guint i;

  begin_path (self->svg, index, " clip-path=\"url(#area)\"");
  for (i = 0; i < series->n; i++) {
    gdouble x = place_x (self, series->x[i]), y = place_y (self, series->y[i]);

    if (!isfinite (series->x[i]) || !isfinite (series->y[i]))
      command = "M";
    if (isnan (x) || isnan (y) || (*command == 'L' && i + 1 < series->n
            && fabs (x - last_x) < MIN_STEP && fabs (y - last_y) < MIN_STEP))
      continue;
    append_place (self->svg, command, x);
    append_place (self->svg, " ", y);
    command = "L";
    last_x = x;
    last_y = y;
  }
  g_string_append (self->svg, "\"/>\n");
}

static void
draw_histogram (FacenetDrawing * self, const FacenetSeries * series,
    guint index)
{
  g_autofree gdouble *bins = facenet_series_count (series, &self->x);
  g_autoptr (GString) path = g_string_new (NULL);
  guint colour = index % G_N_ELEMENTS (colours), i;

  append_place (path, "M", LEFT);
  append_place (path, " ", BOTTOM);
  for (i = 0; i < series->n_bins; i++) {
    gdouble height = place_y (self, bins[i]);

    append_place (path, "V", isnan (height) ? BOTTOM : height);
    append_place (path, "H", LEFT + (RIGHT - LEFT) * (i + 1) / series->n_bins);
  }
  append_place (path, "V", BOTTOM);
  g_string_append_printf (self->svg, "<path class=\"fill%u\" fill=\"%s\" "
      "fill-opacity=\"0.3\" clip-path=\"url(#area)\" d=\"%sZ\"/>\n", colour,
      colours[colour], path->str);
  begin_path (self->svg, index, " clip-path=\"url(#area)\"");
  g_string_append_printf (self->svg, "%s\"/>\n", path->str);
}

static void
draw_mark (FacenetDrawing * self, const FacenetSeries * series, guint index)
{
  gdouble x = place_x (self, series->x[0]);

  if (!(x >= LEFT && x <= RIGHT))
    return;
  begin_path (self->svg, index, "");
  append_place (self->svg, "M", x);
  append_place (self->svg, " ", TOP);
  append_place (self->svg, "V", BOTTOM);
  g_string_append (self->svg, "\"/>\n");
}

static void
draw_legend (FacenetDrawing * self, const FacenetSeries * series, guint index)
{
  gint x = (gint) LEFT + (gint) (index % LEGEND_COLUMNS) * LEGEND_COLUMN;
  gint y = LEGEND_TOP + (gint) (index / LEGEND_COLUMNS) * LEGEND_ROW;

  begin_path (self->svg, index, "");
  g_string_append_printf (self->svg, "M%d %dh28\"/>\n", x, y - 4);
  draw_text (self->svg, x + 36, y, "", series->name);
}

/* What a series needs of the y axis, once the x axis is known. */
static void
include_height (const FacenetDrawing * self, const FacenetSeries * series,
    gdouble * min, gdouble * max)
{
  guint i;

  if (series->kind == FACENET_SERIES_LINE) {
    for (i = 0; i < series->n; i++) {
      facenet_axis_include (&self->y, series->y[i], min, max);
    }
  } else if (series->kind == FACENET_SERIES_HISTOGRAM) {
    g_autofree gdouble *bins = facenet_series_count (series, &self->x);

    facenet_axis_include (&self->y, 0, min, max);
    for (i = 0; i < series->n_bins; i++) {
      facenet_axis_include (&self->y, bins[i], min, max);
    }
  }
}

static void
fit_axes (FacenetDrawing * self, const GArray * all)
{
  gdouble min = (gdouble) NAN, max = (gdouble) NAN;
  guint i, k;

  for (i = 0; i < all->len; i++) {
    const FacenetSeries *series = &g_array_index (all, FacenetSeries, i);

    for (k = 0; k < series->n; k++) {
      facenet_axis_include (&self->x, series->x[k], &min, &max);
    }
  }
  facenet_axis_fit (&self->x, min, max);
  min = max = (gdouble) NAN;
  for (i = 0; i < all->len; i++) {
    include_height (self, &g_array_index (all, FacenetSeries, i), &min, &max);
  }
  facenet_axis_fit (&self->y, min, max);
}

static void
draw_frame (FacenetDrawing * self, const FacenetPlot * plot)
{
  guint rows = (plot->series->len + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS;
  guint height = LEGEND_TOP + rows * LEGEND_ROW;

  g_string_append_printf (self->svg, "<svg xmlns=\"http://www.w3.org/2000/svg\""
      " width=\"%d\" height=\"%u\" viewBox=\"0 0 %d %u\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n<title>", WIDTH, height,
      WIDTH, height);
  append_text (self->svg, plot->title);
  g_string_append_printf (self->svg, "</title>\n%s"
      "<rect class=\"page\" width=\"%d\" height=\"%u\" fill=\"#ffffff\"/>\n"
      "<clipPath id=\"area\"><rect x=\"%d\" y=\"%d\" width=\"%d\" "
      "height=\"%d\"/></clipPath>\n", style, WIDTH, height, (gint) LEFT,
      (gint) TOP - 1, (gint) (RIGHT - LEFT) + 1, (gint) (BOTTOM - TOP) + 2);
  draw_text (self->svg, (LEFT + RIGHT) / 2, 26,
      " text-anchor=\"middle\" style=\"font-size:15px\" font-size=\"15\"",
      plot->title);
}

/**
 * facenet_plot_to_svg:
 * @self: a plot
 *
 * Draws a plot.
 *
 * Returns: (transfer full): an SVG document, UTF-8
 */
gchar *
facenet_plot_to_svg (const FacenetPlot * self)
{
  static void (*const draw[]) (FacenetDrawing *, const FacenetSeries *, guint)
  = { draw_line, draw_histogram, draw_mark };
  FacenetDrawing drawing = { g_string_new (NULL), self->x, self->y };
  guint i;

  fit_axes (&drawing, self->series);
  draw_frame (&drawing, self);
  draw_axes (&drawing);
  for (i = 0; i < self->series->len; i++) {
    const FacenetSeries *series =
        &g_array_index (self->series, FacenetSeries, i);

    draw[series->kind] (&drawing, series, i);
    draw_legend (&drawing, series, i);
  }
  g_string_append (drawing.svg, "</svg>\n");
  return g_string_free (drawing.svg, FALSE);
}
