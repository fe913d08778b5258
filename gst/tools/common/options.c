/* options.c - the options that commands share
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "options.h"
#include "listing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_THREADS 1024

void
tool_options_clear (ToolOptions * self)
{
  g_clear_pointer (&self->model, g_free);
  g_clear_pointer (&self->network, g_free);
  g_clear_pointer (&self->detector, g_free);
  g_clear_pointer (&self->paths, g_strfreev);
}

static GOptionContext *
new_context (const ToolCommand * command, const GOptionEntry * entries)
{
  GOptionContext *context = g_option_context_new (command->arguments);

  g_option_context_set_summary (context, command->summary);
  g_option_context_set_description (context, command->description);
  if (entries)
    g_option_context_add_main_entries (context, entries, NULL);
  return context;
}

static gboolean
check_ranges (const ToolOptions * self, GError ** error)
{
  if (self->threads < 0 || self->threads > MAX_THREADS)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--threads: expected 0 to %d, got %d", MAX_THREADS, self->threads);
  else if (!(self->detector_threshold >= 0 && self->detector_threshold <= 1))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--detector-threshold: expected 0 to 1, got %g",
        self->detector_threshold);
  else if (self->min_face_size < 0)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--min-face-size: expected 0 or more, got %d", self->min_face_size);
  else
    return TRUE;
  return FALSE;
}

gboolean
tool_options_parse (ToolOptions * self, const ToolCommand * command,
    const GOptionEntry * entries, gint argc, gchar ** argv, GError ** error)
{
  g_autoptr (GOptionContext) context = new_context (command, entries);
  g_autofree gchar *program = g_strconcat ("facenet ", command->name, NULL);
  /* *INDENT-OFF* */
  const GOptionEntry models[] = {
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &self->model,
      "Model file (default: $FACENET_MODEL, else the shipped model)", "FILE" },
    { "network", 0, 0, G_OPTION_ARG_STRING, &self->network,
      "Network of the model, overrides what the file says", "NAME" },
    G_OPTION_ENTRY_NULL
  };
  const GOptionEntry shared[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, &self->json,
      "Print JSON, one object per line", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->paths,
      NULL, NULL },
    G_OPTION_ENTRY_NULL
  };
  const GOptionEntry faces[] = {
    { "cropped", 'c', 0, G_OPTION_ARG_NONE, &self->cropped,
      "Each image is one face, already cut as the model expects", NULL },
    /* What it asked for is done with every face now. */
    { "align", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &self->align,
      "Faces are aligned in any case", NULL },
    { "threads", 't', 0, G_OPTION_ARG_INT, &self->threads,
      "Number of threads (default: 0, one per core)", "N" },
    G_OPTION_ENTRY_NULL
  };
  const GOptionEntry detection[] = {
    { "detector", 0, 0, G_OPTION_ARG_FILENAME, &self->detector,
      "Weights of the face detector (default: $FACENET_DETECTOR, else the "
      "shipped ones)", "FILE" },
    { "detector-threshold", 0, 0, G_OPTION_ARG_DOUBLE,
      &self->detector_threshold,
      "Smallest confidence of a face, up to 1 (default: 0, what the weights "
      "recommend)", "N" },
    { "min-face-size", 0, 0, G_OPTION_ARG_INT, &self->min_face_size,
      "Smallest face to find, in pixels of the image (default: 0, automatic)",
      "PIXELS" },
    G_OPTION_ENTRY_NULL
  };
  /* *INDENT-ON* */
  const GOptionEntry *const tables[] = {
    entries, command->no_model ? NULL : models, shared,
    command->reads_faces ? faces : NULL,
    command->reads_faces || command->detects ? detection : NULL
  };

  if (argc == 2 && g_str_equal (argv[1], TOOL_LISTING_OPTION)) {
    tool_listing_print (command, tables, G_N_ELEMENTS (tables));
    exit (fflush (stdout) == 0 ? TOOL_YES : TOOL_ERROR);
  }
  for (guint i = 1; i < G_N_ELEMENTS (tables); i++)
    if (tables[i] != NULL)
      g_option_context_add_main_entries (context, tables[i], NULL);
  g_set_prgname (program);
  if (!g_option_context_parse (context, &argc, &argv, error))
    return FALSE;
  return check_ranges (self, error);
}

gboolean
tool_options_require_paths (const ToolOptions * self,
    const ToolCommand * command, guint min, guint max, GError ** error)
{
  guint n = self->paths ? g_strv_length (self->paths) : 0;

  if (n >= min && n <= max)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "%s: expected %s, got %u arguments; see facenet %s --help", command->name,
      *command->arguments ? command->arguments : "no arguments", n,
      command->name);
  return FALSE;
}

FacenetModel *
tool_options_load_model (const ToolOptions * self, GError ** error)
{
  return facenet_model_load (self->model, self->network, error);
}

gboolean
tool_parse_metric (const gchar * nick, FacenetMetric * metric, GError ** error)
{
  static const FacenetMetric metrics[] = {
    FACENET_METRIC_SQUARED_L2, FACENET_METRIC_L2, FACENET_METRIC_COSINE
  };

  *metric = FACENET_METRIC_SQUARED_L2;
  if (nick == NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (metrics); i++) {
    if (g_str_equal (nick, facenet_metric_get_nick (metrics[i]))) {
      *metric = metrics[i];
      return TRUE;
    }
  }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "--metric: expected squared-l2, l2 or cosine, got %s", nick);
  return FALSE;
}

gboolean
tool_parse_distance (const gchar * option, const gchar * text,
    gdouble * distance, GError ** error)
{
  gchar *end = NULL;

  *distance = TOOL_UNSET;
  if (text == NULL)
    return TRUE;
  *distance = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && isfinite (*distance) && *distance >= 0)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "--%s: expected a number >= 0 such as 0.7, got %s", option, text);
  return FALSE;
}
