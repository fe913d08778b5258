/* plot.c - what is in a drawn plot
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "analysis/facenet-plot.h"
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "analysis/facenet-plot-private.h"

/* An SVG is XML that a strict parser takes. */
static void
assert_is_xml (const gchar * svg)
{
  static const GMarkupParser parser = { NULL, NULL, NULL, NULL, NULL };
  g_autoptr (GMarkupParseContext) context =
      g_markup_parse_context_new (&parser, 0, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_markup_parse_context_parse (context, svg, -1, &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);
  g_assert_null (strstr (svg, "nan"));
  g_assert_null (strstr (svg, "inf"));
}

static guint
count (const gchar * text, const gchar * part)
{
  guint n = 0;

  for (text = strstr (text, part); text; text = strstr (text + 1, part))
    n++;
  return n;
}

static FacenetPlot *
new_loss_plot (void)
{
  static const gdouble epochs[] = { 1, 2, 3, 4 };
  static const gdouble loss[] = { 0.4, 0.2, 0.1, 0.05 };
  static const gdouble validation[] = { 0.5, 0.3, 0.25, 0.26 };
  FacenetPlot *self = facenet_plot_new ("Loss");
  FacenetPlotAxis x = { "epoch", FACENET_PLOT_LINEAR, 0, (gdouble) NAN };

  facenet_plot_set_x_axis (self, &x);
  facenet_plot_add_line (self, "training", epochs, loss, 4);
  facenet_plot_add_line (self, "held out", epochs, validation, 4);
  return self;
}

/* x from 0 to 4 over 552 pixels from 68 on, y from 0 to 0.5 over 312 up from
 * 356. */
static void
test_points_are_where_they_belong (void)
{
  g_autoptr (FacenetPlot) plot = new_loss_plot ();
  g_autofree gchar *svg = facenet_plot_to_svg (plot);

  assert_is_xml (svg);
  g_assert_nonnull (strstr (svg,
          "d=\"M206.00 106.40L344.00 231.20L482.00 293.60L620.00 324.80\""));
  g_assert_nonnull (strstr (svg, ">epoch</text>"));
  g_assert_nonnull (strstr (svg, ">held out</text>"));
  g_assert_nonnull (strstr (svg, ">0.3</text>"));
  g_assert_nonnull (strstr (svg, "prefers-color-scheme:dark"));
}

static void
test_the_same_calls_give_the_same_bytes (void)
{
  g_autoptr (FacenetPlot) a = new_loss_plot ();
  g_autoptr (FacenetPlot) b = new_loss_plot ();
  g_autofree gchar *first = facenet_plot_to_svg (a);
  g_autofree gchar *second = facenet_plot_to_svg (b);

  g_assert_cmpstr (first, ==, second);
}

static void
test_any_text_is_escaped (void)
{
  g_autoptr (FacenetPlot) plot = facenet_plot_new ("a < b & \"c\"\n\xff\x01");
  g_autofree gchar *svg = NULL;

  facenet_plot_add_mark (plot, "</svg>", 0.5);
  svg = facenet_plot_to_svg (plot);
  assert_is_xml (svg);
  g_assert_nonnull (strstr (svg, "a &lt; b &amp;"));
  g_assert_cmpuint (count (svg, "</svg>"), ==, 1);
}

static void
test_a_log_axis_has_powers_of_ten (void)
{
  static const gdouble x[] = { 0, 0.001, 0.1, 1 };
  static const gdouble y[] = { 0, 0.2, 0.6, 1 };
  g_autoptr (FacenetPlot) plot = facenet_plot_new ("ROC");
  FacenetPlotAxis axis = { NULL, FACENET_PLOT_LOG, (gdouble) NAN,
    (gdouble) NAN
  };
  g_autofree gchar *svg = NULL;

  facenet_plot_set_x_axis (plot, &axis);
  facenet_plot_add_line (plot, "roc", x, y, 4);
  svg = facenet_plot_to_svg (plot);
  assert_is_xml (svg);
  /* Three decades of 184 pixels; 0 has no place on it. */
  g_assert_nonnull (strstr (svg,
          "d=\"M68.00 293.60L436.00 168.80L620.00 44.00\""));
  g_assert_nonnull (strstr (svg, ">0.001</text>"));
  g_assert_nonnull (strstr (svg, ">0.01</text>"));
}

static void
test_a_gap_interrupts_a_line (void)
{
  static const gdouble x[] = { 0, 1, 2, 3, 4 };
  static const gdouble y[] = { 0, 1, (gdouble) NAN, 3, 4 };
  g_autoptr (FacenetPlot) plot = facenet_plot_new ("gap");
  g_autofree gchar *svg = NULL;

  facenet_plot_add_line (plot, "with a gap", x, y, 5);
  svg = facenet_plot_to_svg (plot);
  assert_is_xml (svg);
  g_assert_nonnull (strstr (svg,
          "d=\"M68.00 356.00L206.00 278.00M482.00 122.00L620.00 44.00\""));
}

static void
test_a_histogram_has_shares (void)
{
  static const gdouble values[] = { 0.1, 0.2, 0.9, 1.0, 5, (gdouble) NAN };
  FacenetSeries series = { FACENET_SERIES_HISTOGRAM, NULL,
    (gdouble *) values, NULL, 6, 4
  };
  FacenetAxis axis = { NULL, FACENET_PLOT_LINEAR, 0, 1 };
  g_autofree gdouble *bins = facenet_series_count (&series, &axis);
  g_autoptr (FacenetPlot) plot = facenet_plot_new ("histogram");
  g_autofree gchar *svg = NULL;

  g_assert_cmpfloat_with_epsilon (bins[0], 2.0 / 6, 1e-12);
  g_assert_cmpfloat (bins[1], ==, 0);
  g_assert_cmpfloat (bins[2], ==, 0);
  g_assert_cmpfloat_with_epsilon (bins[3], 2.0 / 6, 1e-12);
  facenet_plot_add_histogram (plot, "values", values, 6, 4);
  svg = facenet_plot_to_svg (plot);
  assert_is_xml (svg);
  g_assert_cmpuint (count (svg, "fill-opacity"), ==, 1);
}

static void
test_ends_are_round_numbers (void)
{
  FacenetAxis axis = { NULL, FACENET_PLOT_LINEAR, (gdouble) NAN,
    (gdouble) NAN
  };
  g_autoptr (GArray) ticks = NULL;

  facenet_axis_fit (&axis, 0.013, 0.871);
  g_assert_cmpfloat (axis.min, ==, 0);
  g_assert_cmpfloat_with_epsilon (axis.max, 1, 1e-12);
  ticks = facenet_axis_list_ticks (&axis);
  g_assert_cmpuint (ticks->len, ==, 6);
  g_assert_cmpfloat_with_epsilon (g_array_index (ticks, gdouble, 3), 0.6,
      1e-12);
}

/* 1.2 is six steps of 0.2, though 1.2 / 6 is a little more. */
static void
test_ends_are_on_ticks (void)
{
  FacenetAxis axis = { NULL, FACENET_PLOT_LINEAR, 0, (gdouble) NAN };
  g_autoptr (GArray) ticks = NULL;

  facenet_axis_fit (&axis, 0, 1.186);
  g_assert_cmpfloat_with_epsilon (axis.max, 1.2, 1e-12);
  ticks = facenet_axis_list_ticks (&axis);
  g_assert_cmpuint (ticks->len, ==, 7);
}

static void
test_nothing_to_show_is_no_error (void)
{
  static const gdouble one[] = { 3 };
  static const gdouble bad[] = { (gdouble) NAN, (gdouble) INFINITY };
  FacenetPlotAxis axis = { "x", FACENET_PLOT_LOG, 5, 2 };
  g_autoptr (FacenetPlot) plot = facenet_plot_new ("");
  g_autofree gchar *empty = facenet_plot_to_svg (plot);
  g_autofree gchar *svg = NULL;

  assert_is_xml (empty);
  facenet_plot_set_x_axis (plot, &axis);
  facenet_plot_set_y_axis (plot, &axis);
  facenet_plot_add_line (plot, "none", NULL, NULL, 0);
  facenet_plot_add_line (plot, "one", one, one, 1);
  facenet_plot_add_line (plot, "bad", bad, bad, 2);
  facenet_plot_add_histogram (plot, "bad", bad, 2, 3);
  facenet_plot_add_histogram (plot, "none", NULL, 0, 3);
  facenet_plot_add_mark (plot, "nowhere", (gdouble) NAN);
  svg = facenet_plot_to_svg (plot);
  assert_is_xml (svg);
}

/* A million points are not a million words. */
static void
test_a_long_curve_is_thinned (void)
{
  guint n = 1000000;
  g_autofree gdouble *x = g_new (gdouble, n);
  g_autoptr (FacenetPlot) plot = facenet_plot_new ("long");
  g_autofree gchar *svg = NULL;

  for (guint i = 0; i < n; i++)
    x[i] = (gdouble) i / n;
  facenet_plot_add_line (plot, "long", x, x, n);
  svg = facenet_plot_to_svg (plot);
  assert_is_xml (svg);
  g_assert_cmpuint (strlen (svg), <, 100000);
}

static void
test_a_plot_is_saved_or_says_why_not (void)
{
  g_autoptr (FacenetPlot) plot = new_loss_plot ();
  g_autofree gchar *svg = facenet_plot_to_svg (plot);
  g_autofree gchar *folder = g_dir_make_tmp ("facenet-plot-XXXXXX", NULL);
  g_autofree gchar *location = g_build_filename (folder, "loss.svg", NULL);
  g_autofree gchar *nowhere = g_build_filename (folder, "no", "x.svg", NULL);
  g_autofree gchar *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (facenet_plot_save (plot, location, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (location, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, svg);
  g_assert_false (facenet_plot_save (plot, nowhere, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_OPEN);
  g_assert_nonnull (strstr (error->message, nowhere));
  g_unlink (location);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plot/points-are-where-they-belong",
      test_points_are_where_they_belong);
  g_test_add_func ("/plot/same-calls-give-same-bytes",
      test_the_same_calls_give_the_same_bytes);
  g_test_add_func ("/plot/any-text-is-escaped", test_any_text_is_escaped);
  g_test_add_func ("/plot/log-axis-has-powers-of-ten",
      test_a_log_axis_has_powers_of_ten);
  g_test_add_func ("/plot/gap-interrupts-a-line", test_a_gap_interrupts_a_line);
  g_test_add_func ("/plot/histogram-has-shares", test_a_histogram_has_shares);
  g_test_add_func ("/plot/ends-are-round-numbers", test_ends_are_round_numbers);
  g_test_add_func ("/plot/ends-are-on-ticks", test_ends_are_on_ticks);
  g_test_add_func ("/plot/nothing-to-show-is-no-error",
      test_nothing_to_show_is_no_error);
  g_test_add_func ("/plot/long-curve-is-thinned", test_a_long_curve_is_thinned);
  g_test_add_func ("/plot/saved-or-says-why-not",
      test_a_plot_is_saved_or_says_why_not);
  return g_test_run ();
}
