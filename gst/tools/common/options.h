/* options.h - the options that commands share
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "command.h"

#include <facenet/facenet.h>

G_BEGIN_DECLS

/* Distance that was not given on the command line. */
#define TOOL_UNSET (-1.0)

/* model: file, NULL for the shipped one
 * network: NULL for the one the file names
 * detector: file, NULL for the shipped weights
 * detector_threshold: 0 = what the weights recommend
 * min_face_size: pixels of the image, 0 = automatic
 * threads: 0 = cores
 * paths: NULL-terminated, NULL when there are none */
typedef struct {
  gchar *model;
  gchar *network;
  gchar *detector;
  gdouble detector_threshold;
  gint min_face_size;
  gint threads;
  gboolean cropped;
  gboolean align;               /* of older scripts; nothing reads it */
  gboolean json;
  gchar **paths;
} ToolOptions;

void tool_options_clear (ToolOptions * self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ToolOptions, tool_options_clear)

/* Parses the arguments of a command: the shared options and entries (NULL when
 * it has none of its own). --help prints and ends the process, as does
 * TOOL_LISTING_OPTION. */
gboolean tool_options_parse (ToolOptions * self, const ToolCommand * command,
    const GOptionEntry * entries, gint argc, gchar ** argv, GError ** error);

/* Fails unless there are min to max paths. */
gboolean tool_options_require_paths (const ToolOptions * self,
    const ToolCommand * command, guint min, guint max, GError ** error);

/* The model these options name. */
FacenetModel *tool_options_load_model (const ToolOptions * self,
    GError ** error);

/* Reads a metric's nick; NULL is squared-l2. */
gboolean tool_parse_metric (const gchar * nick, FacenetMetric * metric,
    GError ** error);

/* For --threshold=1.2 and its kind: a distance, finite and not negative. */
gboolean tool_parse_distance (const gchar * option, const gchar * text,
    gdouble * distance, GError ** error);

G_END_DECLS
