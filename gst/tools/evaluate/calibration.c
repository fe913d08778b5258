/* calibration.c - what a calibration means
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A table of rates is for those who know them; everybody else gets sentences,
 * and what cannot be told from so few faces is said as well.
 */
#include "calibration.h"
#include "common/console.h"
#include "base/facenet-json-writer.h"
#include "common/plot.h"

#include <math.h>

/* Every how many points the table has a row, and up to where. */
#define ROW_STEP 10
#define LAST_ROW 1.2

/* People below whom the rates are said to be rough. */
#define FEW_PEOPLE 10

#define N_BINS 50

static void
add_rate (GString * json, const gchar * key, const FacenetRate * rate)
{
  g_autofree gchar *low = g_strconcat (key, "_low", NULL);
  g_autofree gchar *high = g_strconcat (key, "_high", NULL);

  facenet_json_add_double (json, key, rate->rate);
  facenet_json_add_double (json, low, rate->low);
  facenet_json_add_double (json, high, rate->high);
}

static void
add_point (const ToolCalibration * self, const FacenetCalibrationPoint * point,
    GString * json)
{
  facenet_json_add_double (json, "threshold", point->threshold);
  add_rate (json, "frr", &point->frr);
  add_rate (json, "far", &point->far);
  add_rate (json, "false_alarm", &point->false_alarm);
  if (self->faces_per_day > 0)
    facenet_json_add_double (json, "false_alarms_per_day",
        point->false_alarm.rate * self->faces_per_day);
}

static const gchar *
get_basis (FacenetCalibrationBasis basis)
{
  switch (basis) {
    case FACENET_CALIBRATION_MEASURED:
      return "measured";
    case FACENET_CALIBRATION_MODEL_CARD:
      return "model-card";
    case FACENET_CALIBRATION_NONE:
    default:
      return "none";
  }
}

static void
add_suggestion (const ToolCalibration * self,
    const FacenetCalibrationSummary * summary, GString * json)
{
  if (isnan (summary->suggested.threshold)) {
    facenet_json_add_double (json, "suggested", (gdouble) NAN);
    return;
  }
  facenet_json_open_object (json, "suggested");
  add_point (self, &summary->suggested, json);
  facenet_json_add_double (json, "margin", summary->margin);
  facenet_json_add_string (json, "basis", get_basis (summary->basis));
  facenet_json_close_object (json);
}

void
tool_calibration_print_json (const ToolCalibration * self)
{
  g_autofree gchar *name = g_filename_display_name (self->location);
  g_autoptr (GString) json = g_string_new (NULL);
  const FacenetCalibrationPoint *points;
  FacenetCalibrationSummary summary;
  guint n;

  facenet_calibration_get_summary (self->calibration, &summary);
  points = facenet_calibration_get_points (self->calibration, &n);
  facenet_json_open_object (json, NULL);
  facenet_json_add_string (json, "gallery", name);
  facenet_json_add_uint (json, "identities", summary.n_identities);
  facenet_json_add_uint (json, "people_with_two", summary.n_people);
  facenet_json_add_uint (json, "genuine", summary.n_genuine);
  facenet_json_add_uint (json, "strangers", summary.n_strangers);
  facenet_json_add_uint (json, "comparisons", summary.n_comparisons);
  facenet_json_open_array (json, "thresholds");
  for (guint i = 0; i < n; i++) {
    facenet_json_open_object (json, NULL);
    add_point (self, &points[i], json);
    facenet_json_close_object (json);
  }
  facenet_json_close_array (json);
  add_suggestion (self, &summary, json);
  facenet_json_add_boolean (json, "written", self->written);
  facenet_json_close_object (json);
  tool_print_line (json->str);
}

/* "12.3 % (9.8 to 15.2)", (transfer full) */
static gchar *
print_rate (const FacenetRate * rate)
{
  if (isnan (rate->rate))
    return g_strdup ("cannot be told");
  return g_strdup_printf ("%5.2f %% (%.2f to %.2f)", rate->rate * 100,
      rate->low * 100, rate->high * 100);
}

static void
print_row (const FacenetCalibrationPoint * point, gboolean suggested)
{
  g_autofree gchar *missed = print_rate (&point->frr);
  g_autofree gchar *taken = print_rate (&point->false_alarm);
  g_autofree gchar *line = g_strdup_printf ("%s %.2f     %-26s %s",
      suggested ? "*" : " ", point->threshold, missed, taken);

  tool_print_line (line);
}

static void
print_table (const ToolCalibration * self,
    const FacenetCalibrationPoint * suggested)
{
  guint n;
  const FacenetCalibrationPoint *points =
      facenet_calibration_get_points (self->calibration, &n);

  tool_print_line ("");
  tool_print_line ("  threshold  somebody enrolled missed   "
      "stranger taken for somebody");
  for (guint i = 0; i < n; i++) {
    gboolean is_suggested = points[i].threshold == suggested->threshold;

    if (is_suggested || ((i + 1) % ROW_STEP == 0
            && points[i].threshold <= LAST_ROW))
      print_row (&points[i], is_suggested);
  }
  tool_print_line ("");
}

/* "1 of 40", or "60 of 100" where that would be 1 of 2; (transfer full). */
static gchar *
tell_share (gdouble share)
{
  if (share > 0.25)
    return g_strdup_printf ("%.0f of 100", share * 100);
  return g_strdup_printf ("1 of %.0f", 1 / share);
}

/* What a threshold does to the faces of strangers; nothing is said of what was
 * not measured. */
static void
tell_strangers (const FacenetCalibrationSummary * summary)
{
  const FacenetRate *rate = &summary->suggested.false_alarm;
  g_autofree gchar *share = tell_share (rate->rate);
  g_autofree gchar *most = tell_share (rate->high);

  if (rate->rate > 0)
    g_print ("With threshold %.2f about %s strangers' faces will be taken for "
        "one of these %u\npeople, at most %s.\n", summary->suggested.threshold,
        share, summary->n_identities, most);
  else if (rate->high >= 0)
    g_print
        ("With threshold %.2f no face here is taken for somebody else's; of "
        "strangers' faces\nat most %s.\n", summary->suggested.threshold, most);
}

static void
tell_people (const FacenetCalibrationSummary * summary)
{
  const FacenetRate *rate = &summary->suggested.frr;
  g_autofree gchar *share = tell_share (rate->rate);
  g_autofree gchar *most = tell_share (rate->high);

  if (rate->rate > 0)
    g_print ("About %s faces of people enrolled will not be recognised, at "
        "most %s.\n", share, most);
  else if (rate->high >= 0)
    g_print ("All faces of people enrolled are recognised; at most %s will not "
        "be.\n", most);
}

/* What is said of the suggested threshold. */
static void
tell_point (const ToolCalibration * self,
    const FacenetCalibrationSummary * summary)
{
  const FacenetCalibrationPoint *point = &summary->suggested;
  gdouble alarms = self->faces_per_day * point->false_alarm.rate;
  gdouble most = self->faces_per_day * point->false_alarm.high;

  tell_strangers (summary);
  tell_people (summary);
  if (alarms > 0)
    g_print ("%.0f faces of strangers a day make about %.2g false alarms a "
        "day, at most %.2g.\n", self->faces_per_day, alarms, most);
  else if (most > 0)
    g_print ("%.0f faces of strangers a day make at most %.2g false alarms a "
        "day.\n", self->faces_per_day, most);
  if (point->frr.rate > 0.25)
    g_print ("That misses many. Enrol more photos of each person, or bear more "
        "false alarms and let\nseveral frames vote (min-matches of "
        "facematch).\n");
}

/* Where the suggestion comes from, and what was too little for it. */
static void
tell_basis (const ToolCalibration * self,
    const FacenetCalibrationSummary * summary)
{
  gdouble far = 1 - pow (1 - self->false_alarm,
      1.0 / MAX (summary->n_identities, 1));

  if (summary->n_people == 0)
    g_print ("Nobody has two embeddings, so that nobody can be looked for: "
        "enrol a second photo of\neach person.\n");
  else if (summary->n_people < FEW_PEOPLE)
    g_print ("Only %u people have two photos or more: take the rates as "
        "rough.\n", summary->n_people);
  if (summary->basis == FACENET_CALIBRATION_MEASURED)
    return;
  g_print ("%" G_GUINT64_FORMAT " comparisons with somebody else are too few "
      "to tell a chance of %.2g %%; that\ntakes %.0f. ",
      summary->n_comparisons, self->false_alarm * 100, ceil (3 / far));
  if (summary->basis == FACENET_CALIBRATION_MODEL_CARD)
    g_print ("So the threshold is that of the shipped model's figures, each "
        "embedding\ntaken for a person of its own, or less. ");
  g_print ("Photos of people who are not enrolled help:\n--strangers "
      "FOLDER.\n");
}

static void
tell_suggestion (const ToolCalibration * self,
    const FacenetCalibrationSummary * summary)
{
  guint n_own = 0;

  if (isnan (summary->suggested.threshold)) {
    g_print ("No threshold is suggested.\n");
    return;
  }
  g_print ("Suggested: threshold %.2f", summary->suggested.threshold);
  if (summary->margin > 0)
    g_print (", margin %.2f", summary->margin);
  g_print ("%s.\n", self->written ? "; the gallery has that threshold now"
      : "; --write puts the threshold into the gallery");
  for (guint i = 0; i < facenet_gallery_get_n_identities (self->gallery); i++)
    n_own += facenet_gallery_get_identity (self->gallery, i)->threshold > 0;
  if (n_own > 0)
    g_print ("%u people have a threshold of their own, which goes before "
        "it.\n", n_own);
}

void
tool_calibration_print_text (const ToolCalibration * self)
{
  g_autofree gchar *name = g_filename_display_name (self->location);
  FacenetCalibrationSummary summary;

  facenet_calibration_get_summary (self->calibration, &summary);
  g_print ("%s: %u people, %u embeddings; %u faces looked for among others of "
      "their person,\n%" G_GUINT64_FORMAT " comparisons with somebody else",
      name, summary.n_identities,
      facenet_gallery_get_n_embeddings (self->gallery), summary.n_genuine,
      summary.n_comparisons);
  if (summary.n_strangers > 0)
    g_print (", %u strangers looked up", summary.n_strangers);
  g_print ("\n");
  if (summary.n_genuine > 0 || summary.n_comparisons > 0)
    print_table (self, &summary.suggested);
  if (!isnan (summary.suggested.threshold))
    tell_point (self, &summary);
  tell_basis (self, &summary);
  tell_suggestion (self, &summary);
}

static gboolean
save_rates (const ToolCalibration * self, const gchar * location,
    GError ** error)
{
  g_autoptr (FacenetPlot) plot = facenet_plot_new ("Errors over the threshold");
  FacenetPlotAxis x = { "threshold (squared L2)", FACENET_PLOT_LINEAR, 0,
    (gdouble) NAN
  };
  FacenetPlotAxis y = { "share", FACENET_PLOT_LINEAR, 0, 1 };
  FacenetCalibrationSummary summary;
  guint n;
  const FacenetCalibrationPoint *points =
      facenet_calibration_get_points (self->calibration, &n);
  g_autofree gdouble *thresholds = g_new (gdouble, n);
  g_autofree gdouble *missed = g_new (gdouble, n);
  g_autofree gdouble *taken = g_new (gdouble, n);

  for (guint i = 0; i < n; i++) {
    thresholds[i] = points[i].threshold;
    missed[i] = points[i].frr.rate;
    taken[i] = points[i].false_alarm.rate;
  }
  facenet_calibration_get_summary (self->calibration, &summary);
  facenet_plot_set_x_axis (plot, &x);
  facenet_plot_set_y_axis (plot, &y);
  facenet_plot_add_line (plot, "somebody enrolled missed", thresholds, missed,
      n);
  facenet_plot_add_line (plot, "stranger taken for somebody", thresholds,
      taken, n);
  facenet_plot_add_mark (plot, "suggested threshold",
      summary.suggested.threshold);
  return tool_plot_save (plot, location, error);
}

static gboolean
save_histogram (const ToolCalibration * self, const gchar * location,
    GError ** error)
{
  g_autoptr (FacenetPlot) plot =
      facenet_plot_new ("Distances to the nearest embedding");
  FacenetPlotAxis x = { "distance (squared L2)", FACENET_PLOT_LINEAR, 0,
    (gdouble) NAN
  };
  FacenetPlotAxis y = { "share of the faces", FACENET_PLOT_LINEAR, 0,
    (gdouble) NAN
  };
  FacenetCalibrationSummary summary;
  const gdouble *distances;
  guint n;

  facenet_calibration_get_summary (self->calibration, &summary);
  facenet_plot_set_x_axis (plot, &x);
  facenet_plot_set_y_axis (plot, &y);
  distances = facenet_calibration_get_within (self->calibration, &n);
  facenet_plot_add_histogram (plot, "of the same person", distances, n, N_BINS);
  distances = facenet_calibration_get_across (self->calibration, &n);
  facenet_plot_add_histogram (plot, "of the nearest other person", distances,
      n, N_BINS);
  facenet_plot_add_mark (plot, "suggested threshold",
      summary.suggested.threshold);
  return tool_plot_save (plot, location, error);
}

gboolean
tool_calibration_save_plots (const ToolCalibration * self, const gchar * plot,
    const gchar * histogram, GError ** error)
{
  return (plot == NULL || save_rates (self, plot, error))
      && (histogram == NULL || save_histogram (self, histogram, error));
}
