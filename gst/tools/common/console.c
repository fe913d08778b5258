/* console.c - messages and the progress line of a terminal
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Results go to stdout, everything said about them to stderr. The progress
 * line is the last line of the terminal, so whatever else is written takes it
 * away first; it comes back with the next step. A process has one terminal,
 * which is why the state is static.
 *
 * Names come from folders and from other people's galleries. What a terminal
 * would obey in them, such as ESC, is written as \x1b.
 */
#include "console.h"
#include "base/facenet-json-writer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PROGRESS_DELAY G_USEC_PER_SEC
#define PROGRESS_CELLS 24
/* From here on the time that is left can be told. */
#define MIN_SHARE 0.01

static gboolean progress_shown = FALSE;
static gint64 progress_start = 0;

static void
clear_progress (void)
{
  if (progress_shown)
    fputs ("\r\033[K", stderr);
  progress_shown = FALSE;
}

/* C0, DEL and C1: what a terminal obeys. */
static gboolean
is_control (gunichar letter)
{
  return letter < 0x20 || (letter >= 0x7f && letter < 0xa0);
}

/* kept: control characters that stay. */
static gchar *
escape (const gchar * text, const gchar * kept)
{
  g_autofree gchar *valid = g_utf8_make_valid (text, -1);
  GString *escaped = g_string_sized_new (strlen (valid));

  for (const gchar * p = valid; *p; p = g_utf8_next_char (p)) {
    gunichar letter = g_utf8_get_char (p);

    if (!is_control (letter) || strchr (kept, *p))
      g_string_append_unichar (escaped, letter);
    else if (letter == '\n')
      g_string_append (escaped, "\\n");
    else
      g_string_append_printf (escaped, "\\x%02x", letter);
  }
  return g_string_free (escaped, FALSE);
}

gchar *
tool_escape (const gchar * text)
{
  return escape (text, "");
}

gchar *
tool_escape_lines (const gchar * text)
{
  return escape (text, "\n\t");
}

/* What is printed with g_print(). */
static void
print_escaped (const gchar * text)
{
  g_autofree gchar *escaped = tool_escape_lines (text);

  fputs (escaped, stdout);
}

void
tool_console_init (void)
{
  g_set_print_handler (print_escaped);
}

void
tool_message (const gchar * format, ...)
{
  g_autofree gchar *text = NULL;
  g_autofree gchar *escaped = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  escaped = tool_escape (text);

  clear_progress ();
  g_printerr ("facenet: %s\n", escaped);
}

void
tool_print_line (const gchar * line)
{
  g_autofree gchar *escaped = escape (line, "\t");

  clear_progress ();
  fputs (escaped, stdout);
  fputc ('\n', stdout);
  /* Whoever reads through a pipe gets each result when it is there. */
  fflush (stdout);
}

void
tool_print (const gchar * format, ...)
{
  g_autofree gchar *line = NULL;
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  tool_print_line (line);
}

void
tool_report_failed_image (const gchar * name, const GError * error,
    gboolean json)
{
  g_autoptr (GString) line = NULL;

  tool_message ("%s", error->message);
  if (!json)
    return;
  line = g_string_new (NULL);
  facenet_json_open_object (line, NULL);
  facenet_json_add_string (line, "image", name);
  facenet_json_add_string (line, "error", error->message);
  facenet_json_close_object (line);
  tool_print_line (line->str);
}

/* Whether it is time to show anything; fills in the bar of a share in [0,1]. */
static gboolean
draw_bar (gdouble share, gchar bar[PROGRESS_CELLS + 1])
{
  if (!isatty (STDERR_FILENO))
    return FALSE;
  if (progress_start == 0)
    progress_start = g_get_monotonic_time ();
  if (g_get_monotonic_time () - progress_start < PROGRESS_DELAY)
    return FALSE;

  for (guint i = 0; i < PROGRESS_CELLS; i++)
    bar[i] = i < share * PROGRESS_CELLS ? '#' : '.';
  bar[PROGRESS_CELLS] = '\0';
  return TRUE;
}

void
tool_progress (guint done, guint total, const gchar * item)
{
  gchar bar[PROGRESS_CELLS + 1];
  g_autofree gchar *base = NULL;
  g_autofree gchar *name = NULL;

  if (!draw_bar ((gdouble) done / MAX (total, 1), bar))
    return;
  base = g_filename_display_basename (item);
  name = tool_escape (base);
  g_printerr ("\r\033[K[%s] %u/%u %.40s", bar, done, total, name);
  progress_shown = TRUE;
}

void
tool_progress_share (gdouble share, guint done, guint total)
{
  gchar bar[PROGRESS_CELLS + 1];
  gdouble left;

  if (!draw_bar (share, bar))
    return;
  g_printerr ("\r\033[K[%s] %.0f %%, %u/%u files", bar, share * 100, done,
      total);
  left = (gdouble) (g_get_monotonic_time () - progress_start)
      / G_USEC_PER_SEC * (1 - share) / MAX (share, 1e-9);
  if (share >= MIN_SHARE)
    g_printerr (", %.0f:%02.0f to go", floor (left / 60), floor (fmod (left,
                60)));
  progress_shown = TRUE;
}

void
tool_progress_end (void)
{
  clear_progress ();
  progress_start = 0;
}
