/* calibrate.c - facenet calibrate: the threshold that fits a gallery
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * facenet-calibration.c measures; this reads the strangers, and says in words
 * what the numbers mean (evaluate/calibration.c).
 */
#include "evaluate/calibration.h"
#include "common/console.h"
#include "media/encoder.h"
#include "common/files.h"
#include "common/gallery.h"
#include "common/plot.h"

#include <math.h>

#define DEFAULT_FALSE_ALARM 0.01

static const gchar description[] =
    "Searches the gallery for each of its own embeddings, as if it were new,\n"
    "and for the faces of --strangers. For each threshold, prints how often an\n"
    "enrolled person is missed (FRR) and how often a stranger matches somebody\n"
    "(FAR), with 95 % confidence intervals. Distances are squared L2.\n\n"
    "Suggests the largest threshold at which a stranger's face matches somebody\n"
    "with at most the probability --false-alarm or, with --faces-per-day, at\n"
    "most --alarms-per-day times a day. --write stores it in the gallery;\n"
    "thresholds of single people stay as they are.\n\n"
    "With --json: {\"gallery\":...,\"thresholds\":[{\"threshold\":...,"
    "\"frr\":...,\n"
    "  \"far\":...,\"false_alarm\":...,...}],\"suggested\":{\"threshold\":...,"
    "\n  \"margin\":...,\"basis\":...}}; suggested is null if there is none.\n\n"
    "Exit status: 0 if a threshold is suggested, 1 if there are too few faces,\n"
    "2 on error.\n\n"
    "Examples:\n"
    "  facenet calibrate --gallery staff.json\n"
    "  facenet calibrate -g staff.json --strangers visitors/ "
    "--faces-per-day 500\n"
    "  facenet calibrate -g staff.json --false-alarm 0.001 --write";

typedef struct
{
  ToolOptions shared;
  gchar *gallery;
  gchar *strangers;
  gchar *plot;
  gchar *histogram;
  gchar *chance_text;
  gchar *faces_text;
  gchar *alarms_text;
  gdouble faces_per_day;        /* 0: not given */
  gdouble false_alarm;          /* wanted at most */
  gboolean write;
} CalibrateOptions;

static void
calibrate_options_clear (CalibrateOptions * self)
{
  tool_options_clear (&self->shared);
  g_free (self->gallery);
  g_free (self->strangers);
  g_free (self->plot);
  g_free (self->histogram);
  g_free (self->chance_text);
  g_free (self->faces_text);
  g_free (self->alarms_text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CalibrateOptions, calibrate_options_clear);

/* The chance that is borne: given, or made of the numbers of a day. */
static gboolean
fill_chance (CalibrateOptions * self, GError ** error)
{
  const gchar *problem = NULL;
  gdouble alarms;

  if (!tool_parse_distance ("false-alarm", self->chance_text,
          &self->false_alarm, error)
      || !tool_parse_distance ("faces-per-day", self->faces_text,
          &self->faces_per_day, error)
      || !tool_parse_distance ("alarms-per-day", self->alarms_text, &alarms,
          error))
    return FALSE;
  if (self->chance_text && !(self->false_alarm > 0 && self->false_alarm < 1))
    problem = "--false-alarm must be above 0 and below 1, such as 0.01";
  else if (self->faces_text && !(self->faces_per_day > 0))
    problem = "--faces-per-day must be above 0";
  else if (self->alarms_text && !(alarms > 0))
    problem = "--alarms-per-day must be above 0";
  else if (self->alarms_text && self->faces_text == NULL)
    problem = "--alarms-per-day needs --faces-per-day";
  else if (self->alarms_text && self->chance_text)
    problem = "--alarms-per-day and --false-alarm exclude each other";
  if (problem) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s",
        problem);
    return FALSE;
  }
  self->faces_per_day = MAX (self->faces_per_day, 0);
  if (self->chance_text == NULL)
    self->false_alarm = self->faces_per_day > 0
        ? MIN ((self->alarms_text ? alarms : 1) / self->faces_per_day, 0.5)
        : DEFAULT_FALSE_ALARM;
  return TRUE;
}

static gboolean
calibrate_options_parse (CalibrateOptions * self, const ToolCommand * command,
    gint argc, gchar ** argv, GError ** error)
{
  /* *INDENT-OFF* */
  const GOptionEntry entries[] = {
    { "gallery", 'g', 0, G_OPTION_ARG_FILENAME, &self->gallery,
      "Gallery file to calibrate", "FILE" },
    { "strangers", 's', 0, G_OPTION_ARG_FILENAME, &self->strangers,
      "Photos of people who are not in the gallery", "FOLDER" },
    { "false-alarm", 0, 0, G_OPTION_ARG_STRING, &self->chance_text,
      "Probability that a stranger's face matches somebody (default: 0.01)",
      "P" },
    { "faces-per-day", 0, 0, G_OPTION_ARG_STRING, &self->faces_text,
      "Number of strangers' faces per day", "N" },
    { "alarms-per-day", 0, 0, G_OPTION_ARG_STRING, &self->alarms_text,
      "Accepted false alarms per day (default: 1)", "N" },
    { "write", 'w', 0, G_OPTION_ARG_NONE, &self->write,
      "Store the suggested threshold in the gallery", NULL },
    { "plot", 0, 0, G_OPTION_ARG_FILENAME, &self->plot,
      "Plot the rates over the threshold, .svg or .png", "FILE" },
    { "histogram", 0, 0, G_OPTION_ARG_FILENAME, &self->histogram,
      "Plot the distribution of distances, .svg or .png", "FILE" },
    G_OPTION_ENTRY_NULL
  };
  /* *INDENT-ON* */

  if (!tool_options_parse (&self->shared, command, entries, argc, argv, error)
      || !tool_options_require_paths (&self->shared, command, 0, 0, error)
      || !fill_chance (self, error) || !tool_plot_check (self->plot, error)
      || !tool_plot_check (self->histogram, error))
    return FALSE;
  if (self->gallery)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "calibrate needs --gallery FILE");
  return FALSE;
}

/* The embeddings of all faces in the photos of strangers; (transfer full)
 * (element-type gfloat). */
static GArray *
read_strangers (const CalibrateOptions * options, ToolEncoder * encoder,
    GError ** error)
{
  const gchar *paths[] = { options->strangers, NULL };
  g_autoptr (GPtrArray) images = tool_files_expand (paths);
  g_autoptr (GArray) embeddings = g_array_new (FALSE, FALSE, sizeof (gfloat));

  for (guint i = 0; i < images->len; i++) {
    const gchar *location = g_ptr_array_index (images, i);
    g_autofree gchar *name = g_filename_display_name (location);
    g_autoptr (GError) cause = NULL;
    g_autoptr (ToolFaces) faces = NULL;

    tool_progress (i, images->len, location);
    faces = tool_encoder_read (encoder, location, 0, &cause);
    if (faces == NULL)
      tool_message ("%s", cause->message);
    else if (faces->n_faces == 0)
      tool_message ("%s: no face found", name);
    else
      g_array_append_vals (embeddings, faces->embeddings,
          faces->n_faces * faces->n_dims);
  }
  tool_progress_end ();
  if (embeddings->len > 0)
    return g_steal_pointer (&embeddings);
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
      "%s: no face found", options->strangers);
  return NULL;
}

/* The gallery and, where there are some, its strangers. */
static FacenetGallery *
load (const CalibrateOptions * options, GArray ** strangers, GError ** error)
{
  g_autoptr (ToolEncoder) encoder = NULL;
  g_autoptr (FacenetGallery) gallery = NULL;

  if (options->write
      && !facenet_gallery_check_writable (options->gallery, error))
    return NULL;
  if (options->strangers == NULL)
    return facenet_gallery_load (options->gallery, error);
  encoder = tool_encoder_new (&options->shared, error);
  if (encoder == NULL)
    return NULL;
  gallery = tool_gallery_load (tool_encoder_get_model (encoder),
      options->gallery, error);
  if (gallery == NULL)
    return NULL;
  *strangers = read_strangers (options, encoder, error);
  return *strangers ? g_steal_pointer (&gallery) : NULL;
}

static FacenetCalibration *
measure (const CalibrateOptions * options, const FacenetGallery * gallery,
    const GArray * strangers)
{
  FacenetCalibrationOptions wanted = { options->false_alarm, NULL, 0 };
  FacenetGalleryModel model;

  facenet_gallery_get_model (gallery, &model);
  if (strangers) {
    wanted.strangers = (const gfloat *) (gpointer) strangers->data;
    wanted.n_strangers = strangers->len / model.n_dims;
  }
  return facenet_gallery_calibrate (gallery, &wanted);
}

static ToolStatus
calibrate (const CalibrateOptions * options, GError ** error)
{
  g_autoptr (GArray) strangers = NULL;
  g_autoptr (FacenetGallery) gallery = load (options, &strangers, error);
  g_autoptr (FacenetCalibration) calibration = NULL;
  ToolCalibration result = { options->gallery, gallery, NULL,
    options->false_alarm, options->faces_per_day, FALSE
  };
  FacenetCalibrationSummary summary;

  if (gallery == NULL)
    return TOOL_ERROR;
  result.calibration = calibration = measure (options, gallery, strangers);
  facenet_calibration_get_summary (calibration, &summary);
  if (options->write && isfinite (summary.suggested.threshold)) {
    facenet_gallery_set_threshold (gallery, summary.suggested.threshold);
    if (!facenet_gallery_save (gallery, options->gallery, error))
      return TOOL_ERROR;
    result.written = TRUE;
  }
  if (options->shared.json)
    tool_calibration_print_json (&result);
  else
    tool_calibration_print_text (&result);
  if (!tool_calibration_save_plots (&result, options->plot,
          options->histogram, error))
    return TOOL_ERROR;
  return isfinite (summary.suggested.threshold) ? TOOL_YES : TOOL_NO;
}

static ToolStatus
run (const ToolCommand * command, gint argc, gchar ** argv)
{
  g_auto (CalibrateOptions) options = { 0 };
  g_autoptr (GError) error = NULL;
  ToolStatus status = TOOL_ERROR;

  if (calibrate_options_parse (&options, command, argc, argv, &error))
    status = calibrate (&options, &error);
  if (error)
    tool_message ("%s", error->message);
  return status;
}

const ToolCommand tool_command_calibrate = {
  .name = "calibrate",
  .arguments = "",
  .summary = "Finds the threshold that fits a gallery",
  .description = description,
  .reads_faces = TRUE,
  .run = run,
};
