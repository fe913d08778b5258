/* rtsp-watch.c - says who is seen by network cameras
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * usage: rtsp-watch [OPTION…] -g GALLERY [NAME=]URL…
 *
 * Prints a line per event, e.g.
 *   09:30:00 door match Ann Smith, 0.31 of 1.00
 * and goes on until Ctrl-C, whatever the cameras do. docs/tutorial-rtsp.md
 * begins at the beginning.
 *
 * pipeline.c has the pipeline, camera.c what to do when a
 * camera goes, print.c what is printed; here are the options.
 */
#include "camera.h"
#include "print.h"

#include <glib-unix.h>
#include <locale.h>

typedef struct
{
  WatchOptions options;
  gchar *list;                  /* file with more cameras */
  gdouble seconds;              /* 0: until a signal */
  GPtrArray *cameras;           /* of WatchCamera */
  GMainLoop *loop;
  gboolean failed;
} Program;

static void
on_failed (gpointer user_data)
{
  Program *self = user_data;

  self->failed = TRUE;
  g_main_loop_quit (self->loop);
}

static gboolean
on_quit (gpointer user_data)
{
  Program *self = user_data;

  g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
parse_options (Program * self, gint * argc, gchar *** argv, GError ** error)
{
  WatchOptions *options = &self->options;
  /* *INDENT-OFF* */
  const GOptionEntry entries[] = {
    {"gallery", 'g', 0, G_OPTION_ARG_FILENAME, &options->gallery,
        "The people to look for; taken up again when it changes", "FILE"},
    {"cameras", 'c', 0, G_OPTION_ARG_FILENAME, &self->list,
        "Watch these too: a line NAME=URL for each", "FILE"},
    {"transport", 0, 0, G_OPTION_ARG_STRING, &options->transport,
        "tcp, udp, or auto to try both (tcp)", "HOW"},
    {"latency", 0, 0, G_OPTION_ARG_INT, &options->latency,
        "Wait so long for packets that are late (200)", "MS"},
    {"rate", 0, 0, G_OPTION_ARG_INT, &options->rate,
        "Look at no more frames per second (8)", "N"},
    {"min-face-size", 0, 0, G_OPTION_ARG_INT, &options->min_face_size,
        "Smallest face, in pixels of the frame (0: automatic)", "PIXELS"},
    {"detector-threshold", 0, 0, G_OPTION_ARG_DOUBLE,
        &options->detector_threshold,
        "Smallest confidence of a face (0: what the model recommends)", "N"},
    {"threshold", 't', 0, G_OPTION_ARG_DOUBLE, &options->threshold,
        "Largest distance of a match (the gallery's)", "N"},
    {"margin", 'm', 0, G_OPTION_ARG_DOUBLE, &options->margin,
        "Everybody else must be so much farther (0)", "N"},
    {"min-matches", 0, 0, G_OPTION_ARG_INT, &options->min_matches,
        "Frames within two seconds that must agree (3)", "N"},
    {"message-interval", 0, 0, G_OPTION_ARG_DOUBLE,
        &options->message_interval,
        "Tell of a person once in that time (10)", "SECONDS"},
    {"report", 0, 0, G_OPTION_ARG_STRING, &options->report,
        "What to tell of (match+unknown+lost)", "EVENTS"},
    {"stall-timeout", 0, 0, G_OPTION_ARG_DOUBLE, &options->stall_timeout,
        "Connect again when no frame came for that time (10)", "SECONDS"},
    {"max-delay", 0, 0, G_OPTION_ARG_DOUBLE, &options->max_delay,
        "Longest time between two tries to connect (30)", "SECONDS"},
    {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &self->seconds,
        "End after that time", "SECONDS"},
    {"json", 0, 0, G_OPTION_ARG_NONE, &options->json,
        "Print JSON lines", NULL},
    {"stats", 0, 0, G_OPTION_ARG_NONE, &options->stats,
        "Print frame rates and the delay every ten seconds", NULL},
    {"window", 'w', 0, G_OPTION_ARG_NONE, &options->window,
        "Show the frames that are looked at", NULL},
    G_OPTION_ENTRY_NULL
  };
  /* *INDENT-ON* */
  g_autoptr (GOptionContext) context =
      g_option_context_new ("[NAME=]URL… - say who is seen by cameras");

  g_option_context_set_summary (context,
      "rtsp:// cameras, or any other URL that GStreamer can play, such as\n"
      "v4l2:///dev/video0. A password in a URL is never printed, but others\n"
      "can see the command line: put it into the file of --cameras.");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  return g_option_context_parse (context, argc, argv, error);
}

static void
set_defaults (WatchOptions * options)
{
  options->latency = 200;
  options->rate = 8;
  options->min_matches = 3;
  options->message_interval = 10;
  options->stall_timeout = 10;
  options->max_delay = 30;
}

static gboolean
check_options (WatchOptions * self, GError ** error)
{
  const gchar *wrong = NULL;

  if (self->transport == NULL)
    self->transport = g_strdup ("tcp");
  if (self->report == NULL)
    self->report = g_strdup ("match+unknown+lost");
  if (!g_regex_match_simple ("^(tcp|udp|auto)$", self->transport, 0, 0))
    wrong = "--transport is tcp, udp or auto";
  else if (!g_regex_match_simple
      ("^(\\+?(match|unknown|uncertain|lost|reject))+$", self->report, 0, 0))
    wrong = "--report is some of match+unknown+uncertain+lost+reject";
  else if (self->gallery == NULL)
    wrong = "--gallery is missing";
  else if (self->rate < 1 || self->min_face_size < 0)
    wrong = "--rate or --min-face-size is out of range";
  else if (!(self->detector_threshold >= 0 && self->detector_threshold <= 1))
    wrong = "--detector-threshold must be between 0 and 1";
  else if (self->latency < 0 || self->min_matches < 1
      || !(self->message_interval >= 0) || !(self->stall_timeout > 0)
      || !(self->max_delay > 0) || !(self->threshold >= 0)
      || !(self->margin >= 0))
    wrong = "an option is negative";
  if (wrong)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        wrong);
  return wrong == NULL;
}

/* NAME=URL, or a URL, which may have a = further on. */
static gboolean
add_camera (Program * self, const gchar * text, GError ** error)
{
  gsize length = strcspn (text, "=:/?");
  g_autofree gchar *name = NULL;
  const gchar *uri = text;

  if (text[length] == '=' && length > 0) {
    name = g_strndup (text, length);
    uri = text + length + 1;
  } else {
    name = g_strdup_printf ("camera-%u", self->cameras->len + 1);
  }
  if (!gst_uri_is_valid (uri)) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "%s is not given as a URL", name);
    return FALSE;
  }
  g_ptr_array_add (self->cameras, watch_camera_new (name, uri, &self->options,
          on_failed, self));
  return TRUE;
}

/* Empty lines and those that begin with # count for nothing. */
static gboolean
add_listed_cameras (Program * self, GError ** error)
{
  g_autofree gchar *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (self->list == NULL)
    return TRUE;
  if (!g_file_get_contents (self->list, &text, NULL, error))
    return FALSE;
  /* Editors of Windows begin a file with a byte order mark. */
  lines = g_strsplit (g_str_has_prefix (text, "\357\273\277") ? text + 3 : text,
      "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    const gchar *line = g_strstrip (lines[i]);

    if (*line && *line != '#' && !add_camera (self, line, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
set_up (Program * self, gint * argc, gchar *** argv, GError ** error)
{
  set_defaults (&self->options);
  if (!parse_options (self, argc, argv, error)
      || !check_options (&self->options, error)
      || !add_listed_cameras (self, error))
    return FALSE;
  for (gint i = 1; i < *argc; i++) {
    if (!add_camera (self, (*argv)[i], error))
      return FALSE;
  }
  if (self->cameras->len == 0) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
        "no camera to watch");
    return FALSE;
  }
  return TRUE;
}

static void
run (Program * self)
{
  guint interrupt = g_unix_signal_add (SIGINT, on_quit, self);
  guint terminate = g_unix_signal_add (SIGTERM, on_quit, self);
  guint timer = 0;

  if (self->seconds > 0)
    timer = g_timeout_add ((guint) (self->seconds * 1000), on_quit, self);
  for (guint i = 0; i < self->cameras->len && !self->failed; i++)
    watch_camera_start (g_ptr_array_index (self->cameras, i));
  if (!self->failed)
    g_main_loop_run (self->loop);
  g_clear_handle_id (&timer, g_source_remove);
  g_source_remove (interrupt);
  g_source_remove (terminate);
}

static void
program_clear (Program * self)
{
  g_clear_pointer (&self->cameras, g_ptr_array_unref);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_free (self->list);
  g_free (self->options.gallery);
  g_free (self->options.transport);
  g_free (self->options.report);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  Program program = { 0 };
  gint status = 2;

  /* Names in the user's language, numbers with a point. */
  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");
  program.loop = g_main_loop_new (NULL, FALSE);
  program.cameras =
      g_ptr_array_new_with_free_func ((GDestroyNotify) watch_camera_free);

  if (set_up (&program, &argc, &argv, &error)) {
    run (&program);
    status = program.failed ? 1 : 0;
  } else {
    g_autofree gchar *text = watch_hide_passwords (error->message);

    gst_printerr ("rtsp-watch: %s; --help says more\n", text);
  }
  program_clear (&program);
  return status;
}
