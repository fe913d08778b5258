/* identify.c - facenet identify: who of a gallery is in images
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "common/console.h"
#include "media/encoder.h"
#include "common/files.h"
#include "common/gallery.h"
#include "evaluate/verdicts.h"

#define MAX_TOP_K 1000
/* Its square is still above 0 and below any distance but 0. */
#define SMALLEST_THRESHOLD 1e-9

static const gchar description[] =
    "Searches the gallery for each face of each image.\n"
    "  match      the nearest person is within the threshold, and nearer than\n"
    "             the next person by the margin\n"
    "  uncertain  between the thresholds, or too close to two people\n"
    "  unknown    nobody is near\n"
    "  reject     the person has expired (\"valid-until\") or is a decoy\n"
    "A person's own threshold in the gallery takes precedence over --threshold.\n"
    "\n"
    "Distances and options are in the scale of --metric: squared-l2 (0 to 4),\n"
    "l2 (its square root) or cosine (its half). A folder means all images in it\n"
    "and its subfolders.\n\n"
    "With --json each image is a line\n"
    "  {\"image\":...,\"faces\":[{\"box\":{...},\"quality\":...,"
    "\"event\":\"match\",\n"
    "   \"id\":...,\"name\":...,\"distance\":...,\"margin\":...,\n"
    "   \"candidates\":[{\"id\":...,\"name\":...,\"distance\":...}]}]}\n"
    "or, if it cannot be read, {\"image\":...,\"error\":...}. id and name are\n"
    "those of the nearest person, whatever the event.\n\n"
    "Exit status: 0 if a face is a match, 1 if none is, 2 if no image could be\n"
    "read or on another error.\n\n"
    "Examples:\n"
    "  facenet identify --gallery staff.json visitor.jpg\n"
    "  facenet identify -g staff.json --margin 0.1 --top-k 3 --json photos/";

typedef struct
{
  ToolOptions shared;
  gchar *gallery;
  gchar *metric_nick;
  gchar *threshold_text;
  gchar *unknown_text;
  gchar *margin_text;
  gint top_k;
  FacenetMatchPolicy policy;
} IdentifyOptions;

static void
identify_options_clear (IdentifyOptions * self)
{
  tool_options_clear (&self->shared);
  g_free (self->gallery);
  g_free (self->metric_nick);
  g_free (self->threshold_text);
  g_free (self->unknown_text);
  g_free (self->margin_text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IdentifyOptions, identify_options_clear);

/* Fills the policy; a distance that was not given is 0 there. */
static gboolean
fill_policy (IdentifyOptions * self, GError ** error)
{
  FacenetMatchPolicy *policy = &self->policy;

  if (!tool_parse_metric (self->metric_nick, &policy->metric, error)
      || !tool_parse_distance ("threshold", self->threshold_text,
          &policy->threshold, error)
      || !tool_parse_distance ("unknown-threshold", self->unknown_text,
          &policy->unknown_threshold, error)
      || !tool_parse_distance ("margin", self->margin_text, &policy->margin,
          error))
    return FALSE;
  if (self->top_k < 1 || self->top_k > MAX_TOP_K) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--top-k: expected 1 to %d, got %d", MAX_TOP_K, self->top_k);
    return FALSE;
  }
  /* To the library 0 is the gallery's default, to a user it is 0. */
  policy->threshold = self->threshold_text
      ? MAX (policy->threshold, SMALLEST_THRESHOLD) : 0;
  policy->unknown_threshold = MAX (policy->unknown_threshold, 0);
  policy->margin = MAX (policy->margin, 0);
  policy->top_k = (guint) self->top_k;
  return TRUE;
}

static gboolean
identify_options_parse (IdentifyOptions * self, const ToolCommand * command,
    gint argc, gchar ** argv, GError ** error)
{
  /* *INDENT-OFF* */
  const GOptionEntry entries[] = {
    { "gallery", 'g', 0, G_OPTION_ARG_FILENAME, &self->gallery,
      "Gallery file to search", "FILE" },
    { "threshold", 0, 0, G_OPTION_ARG_STRING, &self->threshold_text,
      "Largest distance of a match (default: the gallery's)", "DISTANCE" },
    { "unknown-threshold", 0, 0, G_OPTION_ARG_STRING, &self->unknown_text,
      "Distance beyond which a face is unknown (default: the threshold)",
      "DISTANCE" },
    { "margin", 0, 0, G_OPTION_ARG_STRING, &self->margin_text,
      "Minimum lead over the second-nearest person (default: 0)", "DISTANCE" },
    { "metric", 0, 0, G_OPTION_ARG_STRING, &self->metric_nick,
      "squared-l2 (default), l2 or cosine", "METRIC" },
    { "top-k", 'k', 0, G_OPTION_ARG_INT, &self->top_k,
      "Number of nearest people to list per face (default: 1)", "N" },
    G_OPTION_ENTRY_NULL
  };
  /* *INDENT-ON* */

  self->top_k = 1;
  if (!tool_options_parse (&self->shared, command, entries, argc, argv, error)
      || !fill_policy (self, error)
      || !tool_options_require_paths (&self->shared, command, 1, G_MAXUINT,
          error))
    return FALSE;
  if (self->gallery)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "identify needs --gallery FILE");
  return FALSE;
}

static ToolStatus
identify_images (ToolEncoder * encoder, const FacenetGallery * gallery,
    const IdentifyOptions * options)
{
  g_autoptr (GPtrArray) images =
      tool_files_expand ((const gchar * const *) options->shared.paths);
  guint n_read = 0, n_matches = 0;

  for (guint i = 0; i < images->len; i++) {
    const gchar *location = g_ptr_array_index (images, i);
    g_autofree gchar *name = g_filename_display_name (location);
    g_autoptr (ToolFaces) faces = NULL;
    g_autoptr (ToolVerdicts) verdicts = NULL;
    g_autoptr (GError) error = NULL;

    tool_progress (i, images->len, location);
    faces = tool_encoder_read (encoder, location, 0, &error);
    if (faces == NULL) {
      tool_report_failed_image (name, error, options->shared.json);
      continue;
    }
    n_read++;
    verdicts = tool_verdicts_new (faces, gallery, &options->policy);
    n_matches += tool_verdicts_count_matches (verdicts);
    if (options->shared.json)
      tool_verdicts_print_json (verdicts, name);
    else
      tool_verdicts_print_text (verdicts, name);
  }
  if (n_read == 0)
    return TOOL_ERROR;
  return n_matches > 0 ? TOOL_YES : TOOL_NO;
}

static ToolStatus
run (const ToolCommand * command, gint argc, gchar ** argv)
{
  g_auto (IdentifyOptions) options = { 0 };
  g_autoptr (ToolEncoder) encoder = NULL;
  g_autoptr (FacenetGallery) gallery = NULL;
  g_autoptr (GError) error = NULL;

  if (identify_options_parse (&options, command, argc, argv, &error)
      && (encoder = tool_encoder_new (&options.shared, &error))
      && (gallery = tool_gallery_load (tool_encoder_get_model (encoder),
              options.gallery, &error)))
    return identify_images (encoder, gallery, &options);
  tool_message ("%s", error->message);
  return TOOL_ERROR;
}

const ToolCommand tool_command_identify = {
  .name = "identify",
  .arguments = "IMAGE...",
  .summary = "Identifies people in images",
  .description = description,
  .reads_faces = TRUE,
  .run = run,
};
