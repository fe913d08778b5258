/* options.c - the options of facenet scan
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "options.h"
#include "common/files.h"

#include <math.h>
#include <string.h>

#define DEFAULT_RATE 5
#define MAX_RATE 1000
#define DEFAULT_GAP 2
#define MAX_GAP 86400
#define DEFAULT_MIN_FACES 3
#define MAX_FACES 1000000
#define DEFAULT_MIN_QUALITY 0.3
#define MAX_JOBS 256
/* Its square is still above 0 and below any distance but 0. */
#define SMALLEST_THRESHOLD 1e-9

void
tool_scan_options_clear (ToolScanOptions * self)
{
  tool_options_clear (&self->shared);
  g_free (self->gallery);
  g_strfreev (self->find);
  g_free (self->state);
  g_free (self->output);
  g_free (self->sheet);
  g_free (self->format_nick);
  g_free (self->threshold_text);
  g_free (self->margin_text);
}

static gboolean
check_range (const gchar * option, gdouble value, gdouble min, gdouble max,
    GError ** error)
{
  if (value >= min && value <= max)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "--%s: expected %g to %g, got %g", option, min, max, value);
  return FALSE;
}

static gboolean
check_values (ToolScanOptions * self, GError ** error)
{
  if (self->shared.json && self->format_nick
      && !g_str_equal (self->format_nick, "json")) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--json and --format %s exclude each other", self->format_nick);
    return FALSE;
  }
  if (!tool_report_parse_format (self->shared.json ? "json"
          : self->format_nick, &self->format, error)
      || !tool_parse_distance ("threshold", self->threshold_text,
          &self->threshold, error)
      || !tool_parse_distance ("margin", self->margin_text, &self->margin,
          error))
    return FALSE;
  /* To the library 0 is the gallery's default, to a user it is 0. */
  self->threshold = self->threshold_text
      ? MAX (self->threshold, SMALLEST_THRESHOLD) : 0;
  self->margin = MAX (self->margin, 0);
  return check_range ("rate", self->rate, 0, MAX_RATE, error)
      && check_range ("gap", self->gap, 0, MAX_GAP, error)
      && check_range ("min-quality", self->min_quality, 0, 1, error)
      && check_range ("min-faces", self->min_faces, 1, MAX_FACES, error)
      && check_range ("jobs", self->jobs, 0, MAX_JOBS, error);
}

static gboolean
check_combination (const ToolScanOptions * self, const ToolCommand * command,
    GError ** error)
{
  const gchar *problem = NULL;

  if (self->find && self->gallery)
    problem = "--find and --gallery exclude each other";
  else if (self->known_only && self->gallery == NULL)
    problem = "--known-only needs --gallery FILE";
  if (problem) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        problem);
    return FALSE;
  }
  /* A folder of kept scans is something to look at, too. */
  return self->state || tool_options_require_paths (&self->shared, command, 1,
      G_MAXUINT, error);
}

gboolean
tool_scan_options_parse (ToolScanOptions * self, const ToolCommand * command,
    gint argc, gchar ** argv, GError ** error)
{
  /* *INDENT-OFF* */
  const GOptionEntry entries[] = {
    { "gallery", 'g', 0, G_OPTION_ARG_FILENAME, &self->gallery,
      "Gallery file of the people to look for", "FILE" },
    { "find", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->find,
      "Search for the face of this photo, nearest first; may be repeated",
      "PHOTO" },
    { "state", 's', 0, G_OPTION_ARG_FILENAME, &self->state,
      "Keep results there; do not scan a kept video again",
      "FOLDER" },
    { "format", 'f', 0, G_OPTION_ARG_STRING, &self->format_nick,
      "text (default), csv, json or webvtt", "FORMAT" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self->output,
      "Output file (default: stdout); in a folder, a file per video",
      "PATH" },
    { "sheet", 0, 0, G_OPTION_ARG_FILENAME, &self->sheet,
      "Write a contact sheet of everybody seen, .png or .svg", "FILE" },
    { "threshold", 0, 0, G_OPTION_ARG_STRING, &self->threshold_text,
      "Largest distance of a match (default: the gallery's)", "DISTANCE" },
    { "margin", 0, 0, G_OPTION_ARG_STRING, &self->margin_text,
      "Minimum lead over the second-nearest person (default: 0)", "DISTANCE" },
    { "rate", 'r', 0, G_OPTION_ARG_DOUBLE, &self->rate,
      "Frames to analyse per second; 0: all (default: 5)", "N" },
    { "align", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &self->shared.align,
      "Faces are aligned in any case", NULL },
    { "gap", 0, 0, G_OPTION_ARG_DOUBLE, &self->gap,
      "Join appearances that are less apart (default: 2)", "SECONDS" },
    { "min-faces", 0, 0, G_OPTION_ARG_INT, &self->min_faces,
      "Omit appearances with fewer faces (default: 3)", "N" },
    { "min-quality", 0, 0, G_OPTION_ARG_DOUBLE, &self->min_quality,
      "Omit appearances whose best quality is lower, 0 to 1 (default: 0.3)", "Q" },
    { "known-only", 0, 0, G_OPTION_ARG_NONE, &self->known_only,
      "Omit people who are not in the gallery", NULL },
    { "jobs", 'J', 0, G_OPTION_ARG_INT, &self->jobs,
      "Videos to scan in parallel (default: 0, one per core)", "N" },
    G_OPTION_ENTRY_NULL
  };
  /* *INDENT-ON* */

  self->rate = DEFAULT_RATE;
  self->gap = DEFAULT_GAP;
  self->min_faces = DEFAULT_MIN_FACES;
  self->min_quality = DEFAULT_MIN_QUALITY;
  return tool_options_parse (&self->shared, command, entries, argc, argv,
      error) && check_values (self, error)
      && check_combination (self, command, error);
}

/* By their names: opening each file of a folder would take long. */
static gboolean
is_video (const gchar * path)
{
  static const gchar *const endings[] = {
    "3gp", "asf", "avi", "flv", "m2ts", "m4v", "mkv", "mov", "mp4", "mpeg",
    "mpg", "mts", "mxf", "ogg", "ogv", "ts", "vob", "webm", "wmv", "y4m"
  };
  const gchar *dot = strrchr (path, '.');

  for (guint i = 0; dot && i < G_N_ELEMENTS (endings); i++) {
    if (g_ascii_strcasecmp (dot + 1, endings[i]) == 0)
      return TRUE;
  }
  return FALSE;
}

GPtrArray *
tool_scan_options_list_videos (const ToolScanOptions * self)
{
  GPtrArray *videos = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; self->shared.paths && self->shared.paths[i]; i++) {
    const gchar *paths[] = { self->shared.paths[i], NULL };
    gboolean is_folder = g_file_test (paths[0], G_FILE_TEST_IS_DIR);
    g_autoptr (GPtrArray) files = tool_files_expand (paths);

    for (guint k = 0; k < files->len; k++) {
      gchar *file = g_ptr_array_index (files, k);

      if ((is_folder && !is_video (file))
          || g_hash_table_contains (seen, file))
        continue;
      file = g_strdup (file);
      g_ptr_array_add (videos, file);
      g_hash_table_add (seen, file);
    }
  }
  return videos;
}
