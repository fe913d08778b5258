/* evaluate.c - facenet evaluate: how good a model is on labelled images
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Verification over pairs of images, by the protocol of Labeled Faces in the
 * Wild (facenet-verification.c), or identification over a folder per person
 * (evaluate/identification.c).
 */
#include "common/console.h"
#include "evaluate/figures.h"
#include "evaluate/identification.h"
#include "base/facenet-json-writer.h"
#include "evaluate/pairs.h"
#include "common/plot.h"
#include "evaluate/portraits.h"

#include <math.h>

#define DEFAULT_FOLDS 10

static const gchar description[] =
    "Verification: --pairs is a list of pairs of images in the folder --images.\n"
    "Formats: LFW's (a line \"10 300\", then per fold 300 lines \"NAME 1 2\" and\n"
    "300 lines \"NAME 1 OTHER 2\"; the image is NAME/NAME_0001.jpg), or lines of\n"
    "two images and 1 (same person) or 0, separated by tabs, commas or blanks.\n"
    "Cross-validation: each fold is decided with the best threshold of the\n"
    "others; pairs without folds are split into ten. TAR at FAR: the share of\n"
    "pairs of one person accepted, at the threshold that accepts that share of\n"
    "the pairs of two people.\n\n"
    "Identification: with --identification, --images has one folder per person.\n"
    "Enrols the first --enrol-count images of each person and searches for the\n"
    "others; people without other images are strangers. Rank 1: the nearest\n"
    "person is the right one. DIR at FAR: it is, within the threshold that\n"
    "accepts that share of the strangers.\n\n"
    "If an image has several faces, the one nearest to its middle counts. Names\n"
    "images that cannot be read or show no face; their pairs count as errors,\n"
    "and the figures without them are printed too. Distances and thresholds are\n"
    "squared L2.\n\n"
    "With --json: {\"pairs\":N,\"failed\":N,\"accuracy\":...,\"std\":...,\n"
    "  \"threshold\":...,\"auc\":...,\"eer\":...,\"tar_at_far\":"
    "{\"0.01\":...,\"0.001\":...},\n"
    "  \"compared\":{...},\"failures\":[{\"image\":...,\"reason\":...}]}\n\n"
    "Exit status: 0 if measured, 2 on error.\n\n"
    "Examples:\n"
    "  facenet evaluate --pairs pairs.txt --images lfw --plot roc.svg\n"
    "  facenet evaluate --pairs own.csv --images photos --histogram h.png\n"
    "  facenet evaluate --identification --images photos --enrol-count 3";

typedef struct
{
  ToolOptions shared;
  gchar *pairs;
  gchar *images;
  gchar *plot;
  gchar *histogram;
  gchar *threshold_text;
  gdouble threshold;            /* squared L2, TOOL_UNSET: by the folds */
  gint n_folds;                 /* 0: the list's */
  gint n_enrolled;
  gboolean identification;
} EvaluateOptions;

static void
evaluate_options_clear (EvaluateOptions * self)
{
  tool_options_clear (&self->shared);
  g_free (self->pairs);
  g_free (self->images);
  g_free (self->plot);
  g_free (self->histogram);
  g_free (self->threshold_text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EvaluateOptions, evaluate_options_clear);

static gboolean
check_options (const EvaluateOptions * self, GError ** error)
{
  const gchar *problem = NULL;

  if (self->identification && self->pairs)
    problem = "--pairs and --identification exclude each other";
  else if (self->identification && self->images == NULL)
    problem = "--identification needs --images FOLDER";
  else if (!self->identification && self->pairs == NULL)
    problem = "evaluate needs --pairs FILE or --identification";
  else if (self->n_enrolled < 1)
    problem = "--enrol-count must be 1 or more";
  else if (self->n_folds < 0 || self->n_folds == 1
      || self->n_folds > FACENET_MAX_FOLDS)
    problem = "--folds must be 2 to 1000";
  if (problem)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s",
        problem);
  return problem == NULL && tool_plot_check (self->plot, error)
      && tool_plot_check (self->histogram, error);
}

static gboolean
evaluate_options_parse (EvaluateOptions * self, const ToolCommand * command,
    gint argc, gchar ** argv, GError ** error)
{
  /* *INDENT-OFF* */
  const GOptionEntry entries[] = {
    { "pairs", 'p', 0, G_OPTION_ARG_FILENAME, &self->pairs,
      "List of pairs of images", "FILE" },
    { "images", 'i', 0, G_OPTION_ARG_FILENAME, &self->images,
      "Folder of the images (default: here)", "FOLDER" },
    { "identification", 0, 0, G_OPTION_ARG_NONE, &self->identification,
      "Measure identification on a folder per person", NULL },
    { "enrol-count", 0, 0, G_OPTION_ARG_INT, &self->n_enrolled,
      "Images per person to enrol (default: 1)", "N" },
    { "plot", 0, 0, G_OPTION_ARG_FILENAME, &self->plot,
      "Plot the ROC curve, .svg or .png", "FILE" },
    { "histogram", 0, 0, G_OPTION_ARG_FILENAME, &self->histogram,
      "Plot the distribution of distances, .svg or .png", "FILE" },
    { "threshold", 0, 0, G_OPTION_ARG_STRING, &self->threshold_text,
      "Threshold of the accuracy (default: chosen by the folds)", "DISTANCE" },
    { "folds", 0, 0, G_OPTION_ARG_INT, &self->n_folds,
      "Number of folds (default: the list's, or 10)", "N" },
    G_OPTION_ENTRY_NULL
  };
  /* *INDENT-ON* */

  self->n_enrolled = 1;
  return tool_options_parse (&self->shared, command, entries, argc, argv, error)
      && tool_options_require_paths (&self->shared, command, 0, 0, error)
      && tool_parse_distance ("threshold", self->threshold_text,
      &self->threshold, error)
      && check_options (self, error);
}

/* The pairs with their distances; without failed ones where compared is set;
 * (transfer full) (element-type FacenetPair). */
static GArray *
measure (const ToolPairs * pairs, const ToolPortraits * portraits,
    gboolean compared)
{
  GArray *measured = g_array_new (FALSE, FALSE, sizeof (FacenetPair));

  for (guint i = 0; i < pairs->pairs->len; i++) {
    const ToolPair *pair = &g_array_index (pairs->pairs, ToolPair, i);
    FacenetPair result = {
      tool_portraits_measure (portraits, pair->a, pair->b), pair->same,
      pair->fold
    };

    if (!compared || !isnan (result.distance))
      g_array_append_val (measured, result);
  }
  return measured;
}

static FacenetVerification *
verify_pairs (const GArray * pairs)
{
  return facenet_verification_new ((const FacenetPair *) (gpointer)
      pairs->data, pairs->len);
}

static void
print_json (const ToolPortraits * portraits, const ToolPairs * pairs,
    const ToolFigures * all, const ToolFigures * compared)
{
  g_autoptr (GString) json = g_string_new (NULL);

  facenet_json_open_object (json, NULL);
  tool_figures_add_json (all, json);
  facenet_json_add_uint (json, "images", pairs->locations->len);
  facenet_json_open_object (json, "compared");
  tool_figures_add_json (compared, json);
  facenet_json_close_object (json);
  tool_portraits_report (portraits, json);
  facenet_json_close_object (json);
  tool_print_line (json->str);
}

static void
print_text (const EvaluateOptions * options, const ToolPairs * pairs,
    const ToolFigures * all, const ToolFigures * compared)
{
  g_autofree gchar *name = g_filename_display_name (options->pairs);
  g_autofree gchar *line = NULL;
  guint n_different = 0;

  line = g_strdup_printf ("%s: %u pairs of %u images in %u folds, %u pairs "
      "failed", name, all->n_pairs, pairs->locations->len, pairs->n_folds,
      all->n_failed);
  tool_print_line (line);
  tool_figures_print (all, all->n_failed > 0 ? compared : NULL);
  if (options->threshold < 0 && all->n_folds == 0)
    tool_message ("too few pairs for folds: the threshold was chosen on the "
        "pairs that it is measured on");
  for (guint i = 0; i < pairs->pairs->len; i++)
    n_different += !g_array_index (pairs->pairs, ToolPair, i).same;
  if (n_different > 0 && n_different * tool_rates[TOOL_N_RATES - 1] < 1)
    tool_message ("%u pairs of two people are too few to tell a FAR below "
        "%.2g %%", n_different, 100.0 / n_different);
}

static gboolean
report (const EvaluateOptions * options, const ToolPairs * pairs,
    const ToolPortraits * portraits, GError ** error)
{
  static const gchar *const names[2] = { "one person", "two people" };
  g_autoptr (GArray) measured = measure (pairs, portraits, FALSE);
  g_autoptr (GArray) successes = measure (pairs, portraits, TRUE);
  g_autoptr (FacenetVerification) verification = verify_pairs (measured);
  g_autoptr (FacenetVerification) compared = verify_pairs (successes);
  ToolFigures figures, compared_figures;

  if (successes->len == 0) {
    tool_portraits_report (portraits, NULL);
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "%s: no pair could be compared", options->pairs);
    return FALSE;
  }
  tool_figures_compute (&figures, verification, options->threshold);
  tool_figures_compute (&compared_figures, compared, options->threshold);
  if (options->shared.json) {
    print_json (portraits, pairs, &figures, &compared_figures);
  } else {
    tool_portraits_report (portraits, NULL);
    print_text (options, pairs, &figures, &compared_figures);
  }
  return tool_figures_save_roc (verification, "ROC curve", options->plot, error)
      && tool_figures_save_histogram (measured, names, figures.threshold,
      options->histogram, error);
}

static gboolean
evaluate (const EvaluateOptions * options, GError ** error)
{
  g_autoptr (ToolPortraits) portraits = NULL;
  g_autoptr (ToolPairs) pairs =
      tool_pairs_load (options->pairs, options->images, error);

  if (pairs == NULL)
    return FALSE;
  if (options->n_folds > 0 || pairs->n_folds == 1)
    tool_pairs_fold (pairs, options->n_folds > 0 ? (guint) options->n_folds
        : DEFAULT_FOLDS);
  portraits = tool_portraits_read (&options->shared, pairs->locations, error);
  return portraits && report (options, pairs, portraits, error);
}

static gboolean
identify (const EvaluateOptions * options, GError ** error)
{
  ToolIdentification identification = {
    options->images, (guint) options->n_enrolled, options->plot,
    options->histogram
  };

  return tool_identification_run (&identification, &options->shared, error);
}

static ToolStatus
run (const ToolCommand * command, gint argc, gchar ** argv)
{
  g_auto (EvaluateOptions) options = { 0 };
  g_autoptr (GError) error = NULL;

  if (evaluate_options_parse (&options, command, argc, argv, &error)
      && (options.identification ? identify (&options, &error)
          : evaluate (&options, &error)))
    return TOOL_YES;
  tool_message ("%s", error->message);
  return TOOL_ERROR;
}

const ToolCommand tool_command_evaluate = {
  .name = "evaluate",
  .arguments = "",
  .summary = "Measures how good a model is on labelled images",
  .description = description,
  .reads_faces = TRUE,
  .run = run,
};
