/* figures.c - the figures of a verification, to read and to plot
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "figures.h"
#include "common/console.h"
#include "base/facenet-json-writer.h"
#include "common/plot.h"

#include <math.h>

#define N_BINS 60
/* Characters of the table's first column of values. */
#define COLUMN 28

const gdouble tool_rates[TOOL_N_RATES] = { 0.01, 0.001 };

void
tool_figures_compute (ToolFigures * self,
    const FacenetVerification * verification, gdouble threshold)
{
  FacenetPairCounts counts;
  FacenetFolds folds;

  facenet_verification_get_counts (verification, &counts);
  self->n_pairs = counts.same + counts.different;
  self->n_failed = counts.failed_same + counts.failed_different;
  self->n_folds = 0;
  self->std = self->standard_error = (gdouble) NAN;
  if (threshold >= 0) {
    self->threshold = threshold;
    self->accuracy = facenet_verification_get_accuracy (verification,
        threshold);
  } else if (facenet_verification_cross_validate (verification, &folds)) {
    self->n_folds = folds.n_folds;
    self->threshold = folds.threshold;
    self->accuracy = folds.accuracy;
    self->std = folds.std;
    self->standard_error = folds.standard_error;
  } else {
    self->threshold = facenet_verification_find_threshold (verification,
        &self->accuracy);
  }
  self->auc = facenet_verification_get_auc (verification);
  self->eer = facenet_verification_get_eer (verification, NULL);
  for (guint i = 0; i < TOOL_N_RATES; i++)
    self->tar[i] = facenet_verification_get_tar_at_far (verification,
        tool_rates[i], &self->tar_threshold[i]);
}

void
tool_rates_add_json (const gdouble * values, const gchar * key, GString * json)
{
  gchar rate[G_ASCII_DTOSTR_BUF_SIZE];

  facenet_json_open_object (json, key);
  for (guint i = 0; i < TOOL_N_RATES; i++)
    facenet_json_add_double (json, g_ascii_formatd (rate, sizeof rate, "%g",
            tool_rates[i]), values[i]);
  facenet_json_close_object (json);
}

void
tool_figures_add_json (const ToolFigures * self, GString * json)
{
  facenet_json_add_uint (json, "pairs", self->n_pairs);
  facenet_json_add_uint (json, "failed", self->n_failed);
  facenet_json_add_double (json, "accuracy", self->accuracy);
  facenet_json_add_double (json, "std", self->std);
  facenet_json_add_double (json, "standard_error", self->standard_error);
  facenet_json_add_uint (json, "folds", self->n_folds);
  facenet_json_add_double (json, "threshold", self->threshold);
  facenet_json_add_double (json, "auc", self->auc);
  facenet_json_add_double (json, "eer", self->eer);
  tool_rates_add_json (self->tar, "tar_at_far", json);
  tool_rates_add_json (self->tar_threshold, "threshold_at_far", json);
}

/* A row of the table: a value and, where there is a second column, another. */
static void
print_row (const gchar * name, const gchar * value, const gchar * other)
{
  gint room = COLUMN - (gint) g_utf8_strlen (value, -1);
  g_autofree gchar *line = other == NULL ? g_strdup_printf ("  %-16s %s",
      name, value) : g_strdup_printf ("  %-16s %s%*s %s", name, value,
      MAX (room, 0), "", other);

  tool_print_line (line);
}

/* A number, (transfer full); with a second one that it may be off by. */
static gchar *
print_number (gdouble value, gdouble spread)
{
  if (isnan (value))
    return g_strdup ("-");
  if (isnan (spread))
    return g_strdup_printf ("%.4f", value);
  return g_strdup_printf ("%.4f ± %.4f", value, spread);
}

static void
print_numbers (const gchar * name, const gdouble values[2],
    const gdouble spreads[2], gboolean both)
{
  g_autofree gchar *value = print_number (values[0], spreads[0]);
  g_autofree gchar *other = print_number (values[1], spreads[1]);

  print_row (name, value, both ? other : NULL);
}

static gchar *
print_rate (const ToolFigures * self, guint rate)
{
  if (isnan (self->tar[rate]) || isinf (self->tar_threshold[rate]))
    return print_number (self->tar[rate], (gdouble) NAN);
  return g_strdup_printf ("%.4f (at %.3f)", self->tar[rate],
      self->tar_threshold[rate]);
}

void
tool_figures_print (const ToolFigures * self, const ToolFigures * compared)
{
  gboolean both = compared != NULL;
  const ToolFigures *other = both ? compared : self;
  const gdouble none[2] = { (gdouble) NAN, (gdouble) NAN };
  const gdouble accuracy[2] = { self->accuracy, other->accuracy };
  const gdouble std[2] = { self->std, other->std };
  const gdouble threshold[2] = { self->threshold, other->threshold };
  const gdouble auc[2] = { self->auc, other->auc };
  const gdouble eer[2] = { self->eer, other->eer };

  if (both) {
    g_autofree gchar *all =
        g_strdup_printf ("all %u, failed are errors", self->n_pairs);
    g_autofree gchar *rest =
        g_strdup_printf ("%u that were compared", other->n_pairs);

    print_row ("pairs", all, rest);
  }
  print_numbers ("accuracy", accuracy, std, both);
  print_numbers ("threshold", threshold, none, both);
  print_numbers ("AUC", auc, none, both);
  print_numbers ("EER", eer, none, both);
  for (guint i = 0; i < TOOL_N_RATES; i++) {
    g_autofree gchar *name =
        g_strdup_printf ("TAR at FAR %g %%", tool_rates[i] * 100);
    g_autofree gchar *value = print_rate (self, i);
    g_autofree gchar *rest = print_rate (other, i);

    print_row (name, value, both ? rest : NULL);
  }
}

gboolean
tool_figures_save_roc (const FacenetVerification * verification,
    const gchar * title, const gchar * location, GError ** error)
{
  g_autoptr (FacenetPlot) plot = facenet_plot_new (title);
  FacenetPlotAxis x = { "false accept rate", FACENET_PLOT_LOG,
    (gdouble) NAN, 1
  };
  FacenetPlotAxis y = { "true accept rate", FACENET_PLOT_LINEAR, 0, 1 };
  g_autofree gchar *name = NULL;
  g_autofree gdouble *far = NULL;
  g_autofree gdouble *tar = NULL;
  const FacenetRocPoint *roc;
  guint n;

  if (location == NULL)
    return TRUE;
  roc = facenet_verification_get_roc (verification, &n);
  far = g_new (gdouble, n);
  tar = g_new (gdouble, n);
  for (guint i = 0; i < n; i++) {
    far[i] = roc[i].far;
    tar[i] = roc[i].tar;
  }
  name = g_strdup_printf ("AUC %.4f, EER %.4f",
      facenet_verification_get_auc (verification),
      facenet_verification_get_eer (verification, NULL));
  facenet_plot_set_x_axis (plot, &x);
  facenet_plot_set_y_axis (plot, &y);
  facenet_plot_add_line (plot, name, far, tar, n);
  return tool_plot_save (plot, location, error);
}

/* The distances of the pairs of one kind, (transfer full). */
static GArray *
list_distances (const GArray * pairs, gboolean same)
{
  GArray *distances = g_array_new (FALSE, FALSE, sizeof (gdouble));

  for (guint i = 0; i < pairs->len; i++) {
    const FacenetPair *pair = &g_array_index (pairs, FacenetPair, i);

    if (!pair->same == !same && isfinite (pair->distance))
      g_array_append_val (distances, pair->distance);
  }
  return distances;
}

gboolean
tool_figures_save_histogram (const GArray * pairs, const gchar * const names[2],
    gdouble threshold, const gchar * location, GError ** error)
{
  g_autoptr (FacenetPlot) plot = facenet_plot_new ("Distances of the pairs");
  FacenetPlotAxis x = { "distance (squared L2)", FACENET_PLOT_LINEAR, 0,
    (gdouble) NAN
  };
  FacenetPlotAxis y = { "share of the pairs", FACENET_PLOT_LINEAR, 0,
    (gdouble) NAN
  };

  if (location == NULL)
    return TRUE;
  facenet_plot_set_x_axis (plot, &x);
  facenet_plot_set_y_axis (plot, &y);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GArray) distances = list_distances (pairs, i == 0);

    facenet_plot_add_histogram (plot, names[i],
        (const gdouble *) (gpointer) distances->data, distances->len, N_BINS);
  }
  if (isfinite (threshold)) {
    g_autofree gchar *name = g_strdup_printf ("threshold %.3f", threshold);

    facenet_plot_add_mark (plot, name, threshold);
  }
  return tool_plot_save (plot, location, error);
}
