/* bench.c - facenet bench: how fast the network or the matcher is here
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "bench/gallery.h"
#include "bench/network.h"
#include "common/console.h"

static const gchar description[] =
    "Without --gallery: times the network. Prints milliseconds per face for each\n"
    "number of faces per call and each number of threads. Settings take turns, so\n"
    "that a busy machine slows all of them alike; compare the minima.\n\n"
    "With --gallery: times the matcher on N random embeddings. Searches for one\n"
    "and for 16 faces at a time, with one thread and with --threads; compares with\n"
    "plain reads of the same memory.\n\n"
    "With --json, network: {\"batch\":N,\"threads\":N,\"ms_min\":...,\n"
    "\"ms_median\":...,\"faces_per_second\":...,\"kernels\":...} for each setting;\n"
    "matcher: {\"gallery\":N,\"kernels\":...,\"searches\":[{\"faces\":N,\n"
    "\"threads\":N,\"ms_min\":...,\"ms_median\":...,\"read_ms_min\":...,\n"
    "\"read_ratio\":...,\"faces_per_second\":...}]}; read_ratio is the time of a\n"
    "read divided by that of the search.\n\n"
    "Exit status: 0, or 2 on error.\n\n"
    "Examples:\n"
    "  facenet bench --batch 1,8 --threads 1,2\n"
    "  facenet bench --gallery 1000000 --seconds 5";

/* The one number of --threads that the matcher takes; 0 without the option. */
static gboolean
parse_threads (const gchar * text, guint * n_threads, GError ** error)
{
  guint64 number = 0;

  if (text != NULL
      && !g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT, &number, NULL)) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--threads: expected one number with --gallery, got \"%s\"", text);
    return FALSE;
  }
  *n_threads = (guint) number;
  return TRUE;
}

static gboolean
bench (const ToolOptions * options, ToolBenchGallery * gallery,
    const ToolBenchNetwork * network, GError ** error)
{
  if (!(network->seconds >= 0.0 && network->seconds <= 3600.0)) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--seconds: expected 0 to 3600, got %g", network->seconds);
    return FALSE;
  }
  if (gallery->n_embeddings == 0)
    return tool_bench_network (network, options, error);
  gallery->seconds = network->seconds;
  return parse_threads (network->threads, &gallery->n_threads, error)
      && tool_bench_gallery (gallery, options, error);
}

static ToolStatus
run (const ToolCommand * command, gint argc, gchar ** argv)
{
  g_auto (ToolOptions) options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree gchar *batches = NULL;
  g_autofree gchar *threads = NULL;
  ToolBenchGallery gallery = { 0 };
  ToolBenchNetwork network = {.seconds = 2 };
  gboolean ok = FALSE;
  /* *INDENT-OFF* */
  const GOptionEntry entries[] = {
    { "batch", 'b', 0, G_OPTION_ARG_STRING, &batches,
      "Faces per call (default: 1,8,32)", "N,..." },
    { "gallery", 'g', 0, G_OPTION_ARG_INT, &gallery.n_embeddings,
      "Time the matcher on N embeddings", "N" },
    { "seconds", 's', 0, G_OPTION_ARG_DOUBLE, &network.seconds,
      "Duration; of the matcher, for each search (default: 2)", "S" },
    { "threads", 't', 0, G_OPTION_ARG_STRING, &threads,
      "Numbers of threads (default: 1 and one per core)", "N,..." },
    G_OPTION_ENTRY_NULL
  };
  /* *INDENT-ON* */

  if (tool_options_parse (&options, command, entries, argc, argv, &error)
      && tool_options_require_paths (&options, command, 0, 0, &error)) {
    network.batches = batches;
    network.threads = threads;
    ok = bench (&options, &gallery, &network, &error);
  }
  if (error)
    tool_message ("%s", error->message);
  return ok ? TOOL_YES : TOOL_ERROR;
}

const ToolCommand tool_command_bench = {
  .name = "bench",
  .arguments = "",
  .summary = "Times the network or the matcher on this machine",
  .description = description,
  .reads_faces = FALSE,
  .run = run,
};
