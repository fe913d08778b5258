/* verify.c - facenet verify: whether two images show one person
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Same when the squared L2 distance of the two embeddings is at most the
 * threshold (FaceNet, Schroff et al. 2015, section 4). Comparing two faces
 * bears a larger threshold than searching many people: a model may name one of
 * its own for this, "threshold-verification" in its metadata.
 */
#include "common/console.h"
#include "media/encoder.h"
#include "base/facenet-json-writer.h"

static const gchar description[] =
    "Compares the largest face of A with the largest face of B. It is the same\n"
    "person if the distance is at most the threshold. The default threshold is\n"
    "the one that the model recommends.\n\n"
    "Distance and threshold are in the scale of --metric: squared-l2 (0 to 4),\n"
    "l2 (its square root) or cosine (its half).\n\n"
    "With --json: {\"distance\":...,\"threshold\":...,\"same\":true}\n\n"
    "Exit status: 0 the same person, 1 different people, 2 if an image cannot be\n"
    "read or shows no face.\n\n"
    "Examples:\n"
    "  facenet verify passport.jpg visitor.jpg\n"
    "  facenet verify --threshold 0.6 --json a.png b.png";

typedef struct
{
  ToolOptions shared;
  gchar *metric_nick;
  gchar *threshold_text;
  FacenetMetric metric;
  gdouble threshold;            /* in metric, TOOL_UNSET: the model's */
} VerifyOptions;

static void
verify_options_clear (VerifyOptions * self)
{
  tool_options_clear (&self->shared);
  g_free (self->metric_nick);
  g_free (self->threshold_text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VerifyOptions, verify_options_clear);

static gboolean
verify_options_parse (VerifyOptions * self, const ToolCommand * command,
    gint argc, gchar ** argv, GError ** error)
{
  /* *INDENT-OFF* */
  const GOptionEntry entries[] = {
    { "threshold", 0, 0, G_OPTION_ARG_STRING, &self->threshold_text,
      "Largest distance of the same person (default: the model's)",
      "DISTANCE" },
    { "metric", 0, 0, G_OPTION_ARG_STRING, &self->metric_nick,
      "squared-l2 (default), l2 or cosine", "METRIC" },
    G_OPTION_ENTRY_NULL
  };
  /* *INDENT-ON* */

  return tool_options_parse (&self->shared, command, entries, argc, argv, error)
      && tool_parse_metric (self->metric_nick, &self->metric, error)
      && tool_parse_distance ("threshold", self->threshold_text,
      &self->threshold, error)
      && tool_options_require_paths (&self->shared, command, 2, 2, error);
}

/* Squared L2 up to which this model's faces are one person. */
static gdouble
model_threshold (const FacenetModel * model)
{
  const gchar *text =
      facenet_model_get_metadata (model, "threshold-verification");
  gdouble value = text ? g_ascii_strtod (text, NULL) : 0;

  return value > 0 && value <= 4 ? value : facenet_model_get_threshold (model);
}

static void
print_result (const VerifyOptions * options, gdouble distance,
    gdouble threshold, gboolean same)
{
  g_autoptr (GString) line = g_string_new (NULL);

  if (options->shared.json) {
    facenet_json_open_object (line, NULL);
    facenet_json_add_double (line, "distance", distance);
    facenet_json_add_double (line, "threshold", threshold);
    facenet_json_add_boolean (line, "same", same);
    facenet_json_add_string (line, "metric",
        facenet_metric_get_nick (options->metric));
    facenet_json_close_object (line);
  } else {
    g_string_printf (line, "%s: distance %.4f, threshold %.4f (%s)",
        same ? "same person" : "different people", distance, threshold,
        facenet_metric_get_nick (options->metric));
  }
  tool_print_line (line->str);
}

static ToolStatus
verify (ToolEncoder * encoder, const VerifyOptions * options, GError ** error)
{
  g_autoptr (ToolFaces) a = NULL;
  g_autoptr (ToolFaces) b = NULL;
  gdouble distance, threshold;

  a = tool_encoder_read_one (encoder, options->shared.paths[0], error);
  if (a == NULL)
    return TOOL_ERROR;
  b = tool_encoder_read_one (encoder, options->shared.paths[1], error);
  if (b == NULL)
    return TOOL_ERROR;

  distance = facenet_metric_from_squared_l2 (options->metric,
      facenet_squared_l2 (a->embeddings, b->embeddings, a->n_dims));
  threshold = options->threshold;
  if (threshold < 0)
    threshold = facenet_metric_from_squared_l2 (options->metric,
        model_threshold (tool_encoder_get_model (encoder)));
  print_result (options, distance, threshold, distance <= threshold);
  return distance <= threshold ? TOOL_YES : TOOL_NO;
}

static ToolStatus
run (const ToolCommand * command, gint argc, gchar ** argv)
{
  g_auto (VerifyOptions) options = { 0 };
  g_autoptr (ToolEncoder) encoder = NULL;
  g_autoptr (GError) error = NULL;
  ToolStatus status = TOOL_ERROR;

  if (verify_options_parse (&options, command, argc, argv, &error)
      && (encoder = tool_encoder_new (&options.shared, &error)))
    status = verify (encoder, &options, &error);
  if (error)
    tool_message ("%s", error->message);
  return status;
}

const ToolCommand tool_command_verify = {
  .name = "verify",
  .arguments = "A B",
  .summary = "Compares two images: the same person?",
  .description = description,
  .reads_faces = TRUE,
  .run = run,
};
