/* report.c - appearances as text, CSV, JSON lines and WebVTT
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * CSV is that of RFC 4180 with plain newlines. WebVTT (W3C) plays as
 * subtitles and, since its cues do not overlap, as chapters: a cue begins
 * whenever somebody comes or goes and names all who are there.
 */
#include "report.h"
#include "base/facenet-json-writer.h"

#include <facenet/facenet-error.h>
#include <math.h>
#include <string.h>

#define SECOND 1e9
/* Cues shorter than this, in ns, are left to those beside them: nobody reads
 * a name in a tenth of a second. */
#define MIN_CUE G_GUINT64_CONSTANT (300000000)

gboolean
tool_report_parse_format (const gchar * nick, ToolReportFormat * format,
    GError ** error)
{
  static const gchar *const nicks[] = { "text", "csv", "json", "webvtt" };

  *format = TOOL_REPORT_TEXT;
  if (nick == NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (nicks); i++) {
    if (g_str_equal (nick, nicks[i])) {
      *format = (ToolReportFormat) i;
      return TRUE;
    }
  }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "--format: expected text, csv, json or webvtt, got %s", nick);
  return FALSE;
}

static const ToolScan *
get_scan (const ToolFindings * self, const ToolAppearance * appearance)
{
  return g_ptr_array_index (self->scans, appearance->scan);
}

static const ToolSubject *
get_subject (const ToolFindings * self, const ToolAppearance * appearance)
{
  return g_ptr_array_index (self->subjects, appearance->subject);
}

/* Milliseconds are all that the times of frames are worth. */
static gdouble
to_seconds (guint64 time)
{
  return round ((gdouble) time / SECOND * 1000) / 1000;
}

static void
append_text (const ToolFindings * self, const ToolAppearance * appearance,
    GString * text)
{
  const ToolSubject *subject = get_subject (self, appearance);
  g_autofree gchar *start = tool_format_time (appearance->start);
  g_autofree gchar *end = tool_format_time (appearance->end);

  g_string_append_printf (text, "%s: %s - %s: %s",
      get_scan (self, appearance)->name, start, end, subject->name);
  if (subject->known)
    g_string_append_printf (text, " (%s), distance %.4f", subject->id,
        appearance->distance);
  g_string_append_printf (text, ", %u %s\n", appearance->n_faces,
      appearance->n_faces == 1 ? "face" : "faces");
}

static void
append_csv_field (GString * csv, const gchar * text, gchar separator)
{
  if (strpbrk (text, ",\"\r\n") == NULL) {
    g_string_append (csv, text);
  } else {
    g_string_append_c (csv, '"');
    for (const gchar * p = text; *p; p++) {
      if (*p == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *p);
    }
    g_string_append_c (csv, '"');
  }
  g_string_append_c (csv, separator);
}

static void
append_csv (const ToolFindings * self, const ToolAppearance * appearance,
    GString * csv)
{
  const ToolSubject *subject = get_subject (self, appearance);

  append_csv_field (csv, get_scan (self, appearance)->name, ',');
  append_csv_field (csv, subject->id, ',');
  append_csv_field (csv, subject->name, ',');
  g_string_append_printf (csv, "%.3f,%.3f,%u,",
      to_seconds (appearance->start), to_seconds (appearance->end),
      appearance->n_faces);
  if (!isnan (appearance->distance))
    g_string_append_printf (csv, "%.4f", appearance->distance);
  g_string_append_c (csv, '\n');
}

static void
append_json (const ToolFindings * self, const ToolAppearance * appearance,
    GString * json)
{
  const ToolSubject *subject = get_subject (self, appearance);
  g_autoptr (GString) line = g_string_new (NULL);

  facenet_json_open_object (line, NULL);
  facenet_json_add_string (line, "file", get_scan (self, appearance)->name);
  facenet_json_add_string (line, "event", subject->known ? "match" : "unknown");
  facenet_json_add_string (line, "id", subject->id);
  facenet_json_add_string (line, "name", subject->name);
  facenet_json_add_double (line, "start", to_seconds (appearance->start));
  facenet_json_add_double (line, "end", to_seconds (appearance->end));
  facenet_json_add_uint (line, "faces", appearance->n_faces);
  facenet_json_add_double (line, "best_distance", appearance->distance);
  facenet_json_close_object (line);
  g_string_append_printf (json, "%s\n", line->str);
}

/* A video that was not looked at to its end. */
static void
append_json_error (const ToolScan * scan, GString * json)
{
  g_autoptr (GString) line = g_string_new (NULL);

  facenet_json_open_object (line, NULL);
  facenet_json_add_string (line, "file", scan->name);
  facenet_json_add_string (line, "error", scan->error->message);
  facenet_json_close_object (line);
  g_string_append_printf (json, "%s\n", line->str);
}

static gint
compare_times (gconstpointer a, gconstpointer b)
{
  const guint64 *left = a, *right = b;

  return *left < *right ? -1 : *left > *right;
}

/* When somebody comes or goes, ascending; of times close to each other only
 * the first. (transfer full) */
static GArray *
list_changes (const ToolFindings * self, guint scan)
{
  GArray *times = g_array_new (FALSE, FALSE, sizeof (guint64));

  for (guint i = 0; i < self->appearances->len; i++) {
    const ToolAppearance *appearance =
        &g_array_index (self->appearances, ToolAppearance, i);

    if (appearance->scan == scan) {
      g_array_append_val (times, appearance->start);
      g_array_append_val (times, appearance->end);
    }
  }
  g_array_sort (times, compare_times);
  for (guint i = times->len; i > 1; i--) {
    if (g_array_index (times, guint64, i - 1)
        - g_array_index (times, guint64, i - 2) < MIN_CUE && i < times->len)
      g_array_remove_index (times, i - 1);
  }
  return times;
}

/* The names of those who are there most of the time, a line each. */
static gchar *
list_names (const ToolFindings * self, guint scan, guint64 start, guint64 end)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < self->appearances->len; i++) {
    const ToolAppearance *appearance =
        &g_array_index (self->appearances, ToolAppearance, i);
    guint64 middle = start + (end - start) / 2;

    if (appearance->scan == scan && appearance->start <= middle
        && appearance->end > middle)
      g_ptr_array_add (names, get_subject (self, appearance)->name);
  }
  if (names->len == 0)
    return NULL;
  g_ptr_array_add (names, NULL);
  return g_strjoinv (", ", (gchar **) names->pdata);
}

/* A cue's text is one line without markup, WebVTT section 6.4. */
static void
append_cue_text (GString * text, const gchar * names)
{
  for (const gchar * p = names; *p; p++) {
    if (*p == '&')
      g_string_append (text, "&amp;");
    else if (*p == '<')
      g_string_append (text, "&lt;");
    else if (*p == '>')
      g_string_append (text, "&gt;");
    else
      g_string_append_c (text, *p == '\n' || *p == '\r' ? ' ' : *p);
  }
  g_string_append_c (text, '\n');
}

static void
append_webvtt (const ToolFindings * self, guint scan, GString * text)
{
  g_autoptr (GArray) times = list_changes (self, scan);
  guint n = 0;

  g_string_append (text, "WEBVTT\n");
  for (guint i = 1; i < times->len; i++) {
    guint64 from = g_array_index (times, guint64, i - 1);
    guint64 to = g_array_index (times, guint64, i);
    g_autofree gchar *start = tool_format_time (from);
    g_autofree gchar *end = tool_format_time (to);
    g_autofree gchar *names = list_names (self, scan, from, to);

    if (names == NULL || g_str_equal (start, end))
      continue;
    g_string_append_printf (text, "\n%u\n%s --> %s\n", ++n, start, end);
    append_cue_text (text, names);
  }
}

/* The appearances of one video, or of all, in their order. */
static void
append_all (const ToolFindings * self, ToolReportFormat format, guint only,
    GString * text)
{
  for (guint i = 0; i < self->appearances->len; i++) {
    const ToolAppearance *appearance =
        &g_array_index (self->appearances, ToolAppearance, i);

    if (only != TOOL_ALL_SCANS && appearance->scan != only)
      continue;
    if (format == TOOL_REPORT_CSV)
      append_csv (self, appearance, text);
    else if (format == TOOL_REPORT_JSON)
      append_json (self, appearance, text);
    else
      append_text (self, appearance, text);
  }
}

GString *
tool_report_write (const ToolFindings * self, ToolReportFormat format,
    guint only)
{
  GString *text = g_string_new (NULL);

  if (format == TOOL_REPORT_WEBVTT) {
    append_webvtt (self, only, text);
    return text;
  }
  if (format == TOOL_REPORT_CSV)
    g_string_append (text, "file,id,name,start,end,faces,best_distance\n");
  append_all (self, format, only, text);
  for (guint i = 0; i < self->scans->len; i++) {
    const ToolScan *scan = g_ptr_array_index (self->scans, i);

    if (format == TOOL_REPORT_JSON && scan->error
        && (only == TOOL_ALL_SCANS || only == i))
      append_json_error (scan, text);
  }
  return text;
}
