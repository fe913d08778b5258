/* sheet.c - a picture of everybody who appears
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * An SVG picture with the shots in it; stock GStreamer elements (rsvgdec, or
 * gdkpixbufdec with librsvg's loader) turn it into PNG where that is wanted.
 */
#include "sheet.h"
#include "common/output.h"

#include <gst/app/app.h>
#include <gst/gst.h>
#include <string.h>

#define COLUMNS 6
#define CELL_WIDTH 176
#define CELL_HEIGHT 224
#define PADDING 8
#define SHOT_SIDE (CELL_WIDTH - 2 * PADDING)
/* More would make a picture that programs refuse to open. */
#define MAX_CELLS 600
/* Letters that fit below a shot, in a name and in smaller print. */
#define MAX_NAME 19
#define MAX_NOTE 26
#define TIMEOUT (60 * GST_SECOND)
#define HEAD "<svg xmlns=\"http://www.w3.org/2000/svg\" " \
    "xmlns:xlink=\"http://www.w3.org/1999/xlink\" "

/* One person on the sheet. */
typedef struct
{
  guint subject;
  guint n_times;
  guint64 total;                /* ns */
  const ToolAppearance *best;
} Cell;

/* Who appears, in the order of their first appearances, strangers last;
 * (transfer full) (element-type Cell). */
static GArray *
list_cells (const ToolFindings * self, gboolean known)
{
  GArray *cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  g_autofree gint *places = g_new (gint, self->subjects->len + 1);

  memset (places, -1, sizeof (gint) * (self->subjects->len + 1));
  for (guint i = 0; i < self->appearances->len; i++) {
    const ToolAppearance *seen =
        &g_array_index (self->appearances, ToolAppearance, i);
    const ToolSubject *subject =
        g_ptr_array_index (self->subjects, seen->subject);
    Cell *cell;

    if (subject->known != known)
      continue;
    if (places[seen->subject] < 0) {
      Cell fresh = { seen->subject, 0, 0, seen };

      places[seen->subject] = (gint) cells->len;
      g_array_append_val (cells, fresh);
    }
    cell = &g_array_index (cells, Cell, places[seen->subject]);
    cell->n_times++;
    cell->total += seen->end - seen->start;
    if (seen->best->quality > cell->best->best->quality)
      cell->best = seen;
  }
  return cells;
}

static void
append_line (GString * svg, guint x, guint y, const gchar * style,
    const gchar * text, glong max_letters)
{
  g_autofree gchar *valid = g_utf8_make_valid (text, -1);
  g_autofree gchar *fitting = NULL;
  g_autofree gchar *escaped = NULL;

  if (g_utf8_strlen (valid, -1) > max_letters) {
    g_autofree gchar *start = g_utf8_substring (valid, 0, max_letters - 1);

    fitting = g_strconcat (start, "\342\200\246", NULL);
  }
  escaped = g_markup_escape_text (fitting ? fitting : valid, -1);
  g_string_append_printf (svg, "<text x=\"%u\" y=\"%u\" %s>%s</text>\n", x, y,
      style, escaped);
}

static void
append_shot (GString * svg, guint x, guint y, GBytes * shot)
{
  gsize size;
  g_autofree gchar *text = NULL;

  g_string_append_printf (svg, "<rect x=\"%u\" y=\"%u\" width=\"%d\" "
      "height=\"%d\" fill=\"#cccccc\"/>\n", x, y, SHOT_SIDE, SHOT_SIDE);
  if (shot == NULL)
    return;
  text = g_base64_encode (g_bytes_get_data (shot, &size),
      g_bytes_get_size (shot));
  g_string_append_printf (svg, "<image x=\"%u\" y=\"%u\" width=\"%d\" "
      "height=\"%d\" xlink:href=\"data:image/jpeg;base64,%s\"/>\n", x, y,
      SHOT_SIDE, SHOT_SIDE, text);
}

static void
append_cell (const ToolFindings * self, const Cell * cell, guint place,
    GString * svg)
{
  guint x = PADDING + place % COLUMNS * CELL_WIDTH + PADDING;
  guint y = PADDING + place / COLUMNS * CELL_HEIGHT + PADDING;
  guint below = y + SHOT_SIDE;
  const ToolSubject *subject =
      g_ptr_array_index (self->subjects, cell->subject);
  const ToolScan *scan = g_ptr_array_index (self->scans, cell->best->scan);
  g_autofree gchar *total = tool_format_time (cell->total);
  g_autofree gchar *time = tool_format_time (cell->best->best->best);
  g_autofree gchar *file = g_path_get_basename (scan->name);
  g_autofree gchar *times = NULL;
  g_autofree gchar *source = NULL;

  /* Whole seconds are enough here. */
  *strrchr (total, '.') = '\0';
  *strrchr (time, '.') = '\0';
  times = g_strdup_printf ("%u %s, %s", cell->n_times,
      cell->n_times == 1 ? "time" : "times", total);
  source = g_strdup_printf ("%s %s", time, file);
  append_shot (svg, x, y, cell->best->best->shot);
  append_line (svg, x, below + 17, subject->known
      ? "font-size=\"15\" font-weight=\"bold\""
      : "font-size=\"15\" fill=\"#a02020\"", subject->name, MAX_NAME);
  append_line (svg, x, below + 33, "font-size=\"11\"", times, MAX_NOTE);
  append_line (svg, x, below + 48, "font-size=\"11\" fill=\"#606060\"",
      source, MAX_NOTE);
}

GString *
tool_sheet_draw (const ToolFindings * findings)
{
  GString *svg = g_string_new (HEAD);
  g_autoptr (GArray) cells = list_cells (findings, TRUE);
  g_autoptr (GArray) strangers = list_cells (findings, FALSE);
  guint n, rows;

  if (strangers->len > 0)
    g_array_append_vals (cells, strangers->data, strangers->len);
  n = MIN (cells->len, MAX_CELLS);
  rows = MAX (1, (n + COLUMNS - 1) / COLUMNS);
  g_string_append_printf (svg, "width=\"%d\" height=\"%d\" "
      "font-family=\"sans-serif\">\n"
      "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
      2 * PADDING + COLUMNS * CELL_WIDTH,
      2 * PADDING + (gint) rows * CELL_HEIGHT);
  for (guint i = 0; i < n; i++)
    append_cell (findings, &g_array_index (cells, Cell, i), i, svg);
  g_string_append (svg, "</svg>\n");
  return svg;
}

/* The picture as PNG by this decoder, NULL when that cannot be done;
 * (transfer full). */
static GBytes *
convert_with (const gchar * decoder, const GString * svg)
{
  g_autofree gchar *text = g_strdup_printf ("appsrc name=source format=time "
      "caps=image/svg+xml ! %s ! videoconvert ! pngenc snapshot=false "
      "! appsink name=sink sync=false", decoder);
  g_autoptr (GstElement) pipeline = gst_parse_launch (text, NULL);
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstSample) sample = NULL;
  gpointer data;
  gsize size;

  if (pipeline == NULL)
    return NULL;
  source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  if (source && sink) {
    gst_element_set_state (pipeline, GST_STATE_PLAYING);
    gst_app_src_push_buffer (GST_APP_SRC (source),
        gst_buffer_new_memdup (svg->str, svg->len));
    gst_app_src_end_of_stream (GST_APP_SRC (source));
    sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), TIMEOUT);
    gst_element_set_state (pipeline, GST_STATE_NULL);
  }
  if (sample == NULL)
    return NULL;
  gst_buffer_extract_dup (gst_sample_get_buffer (sample), 0, (gsize) - 1,
      &data, &size);
  return g_bytes_new_take (data, size);
}

/* The picture as PNG; (transfer full). */
static GBytes *
convert (const GString * svg, GError ** error)
{
  GBytes *png = convert_with ("rsvgdec", svg);

  if (png == NULL)
    png = convert_with ("gdkpixbufdec", svg);
  if (png == NULL)
    g_set_error_literal (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "cannot draw a .png sheet: it needs GStreamer's pngenc, and rsvgdec "
        "(package gstreamer1.0-plugins-bad) or gdkpixbufdec with the loader "
        "of package librsvg2-common; an .svg sheet needs none");
  return png;
}

gboolean
tool_sheet_check (const gchar * location, GError ** error)
{
  g_autoptr (GString) svg =
      g_string_new (HEAD "width=\"8\" height=\"8\"></svg>");
  g_autoptr (GBytes) png = NULL;

  if (g_str_has_suffix (location, ".svg"))
    return TRUE;
  if (!g_str_has_suffix (location, ".png")) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--sheet: the name must end in .png or .svg, got %s", location);
    return FALSE;
  }
  png = convert (svg, error);
  return png != NULL;
}

gboolean
tool_sheet_save (const gchar * location, const GString * svg, GError ** error)
{
  g_autoptr (GBytes) png = NULL;
  gsize size;
  gconstpointer data;

  if (g_str_has_suffix (location, ".svg"))
    return tool_output_save (location, svg->str, svg->len, error);
  png = convert (svg, error);
  if (png == NULL)
    return FALSE;
  data = g_bytes_get_data (png, &size);
  return tool_output_save (location, data, size, error);
}
