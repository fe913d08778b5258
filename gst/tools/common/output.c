/* output.c - results on stdout or in files
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "output.h"
#include "console.h"
#include "files.h"

#include <errno.h>
#include <facenet/facenet-error.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* To a device or a pipe, such as /dev/stdout. */
static gboolean
write_through (const gchar * location, gconstpointer data, gsize size,
    GError ** error)
{
  FILE *file = g_fopen (location, "w");
  gboolean done = file && fwrite (data, 1, size, file) == size;

  if (file)
    done = fclose (file) == 0 && done;
  if (!done)
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN, "%s: %s", location,
        g_strerror (errno));
  return done;
}

gboolean
tool_output_save (const gchar * location, gconstpointer data, gsize size,
    GError ** error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree gchar *name = g_filename_display_name (location);

  if (tool_files_is_special (location))
    return write_through (location, data, size, error);
  if (g_file_set_contents_full (location, data, (gssize) size,
          G_FILE_SET_CONTENTS_CONSISTENT, 0666, &cause))
    return TRUE;
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN, "%s: %s", name,
      cause->message);
  return FALSE;
}

gboolean
tool_output_check (const gchar * location, ToolReportFormat format,
    guint n_videos, GError ** error)
{
  if (format != TOOL_REPORT_WEBVTT || n_videos == 1
      || (location && g_file_test (location, G_FILE_TEST_IS_DIR)))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "--format webvtt is for one video; for %u videos --output must be an "
      "existing folder", n_videos);
  return FALSE;
}

/* The name of a video's file in a folder: players look for the video's name
 * with another ending. Those that are taken get a number. */
static gchar *
name_file (const gchar * folder, const ToolScan * scan, const gchar * ending,
    GHashTable * taken)
{
  g_autofree gchar *base = g_path_get_basename (scan->path);
  gchar *dot = strrchr (base, '.');
  gchar *name;

  if (dot && dot != base)
    *dot = '\0';
  name = g_strconcat (base, ".", ending, NULL);
  for (guint i = 2; g_hash_table_contains (taken, name); i++) {
    g_free (name);
    name = g_strdup_printf ("%s-%u.%s", base, i, ending);
  }
  g_hash_table_add (taken, name);
  return g_build_filename (folder, name, NULL);
}

static gboolean
save_each (const gchar * folder, ToolReportFormat format,
    const ToolFindings * findings, GError ** error)
{
  static const gchar *const endings[] = { "txt", "csv", "json", "vtt" };
  g_autoptr (GHashTable) taken =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < findings->scans->len; i++) {
    g_autofree gchar *file = name_file (folder,
        g_ptr_array_index (findings->scans, i), endings[format], taken);
    g_autoptr (GString) text = tool_report_write (findings, format, i);

    if (!tool_output_save (file, text->str, text->len, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
tool_output_report (const gchar * location, ToolReportFormat format,
    const ToolFindings * findings, GError ** error)
{
  g_autoptr (GString) text = NULL;

  if (location && g_file_test (location, G_FILE_TEST_IS_DIR))
    return save_each (location, format, findings, error);
  text = tool_report_write (findings, format,
      format == TOOL_REPORT_WEBVTT ? 0 : TOOL_ALL_SCANS);
  if (location)
    return tool_output_save (location, text->str, text->len, error);
  tool_progress_end ();
  if (isatty (STDOUT_FILENO)) {
    g_autofree gchar *escaped = tool_escape_lines (text->str);

    fputs (escaped, stdout);
    return TRUE;
  }
  fputs (text->str, stdout);
  return TRUE;
}
