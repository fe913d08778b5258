/* options.h - the options of facenet scan
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "common/options.h"
#include "report.h"

G_BEGIN_DECLS

/* gallery, state, output, sheet: files and folders, NULL when not given
 * find: photographs, NULL-terminated, NULL when not given
 * threshold: 0 for the gallery's default
 * The rest is as ToolScanSettings and ToolSubjectRules have it. */
typedef struct {
  ToolOptions shared;
  gchar *gallery;
  gchar **find;
  gchar *state;
  gchar *output;
  gchar *sheet;
  gchar *format_nick;
  gchar *threshold_text;
  gchar *margin_text;
  ToolReportFormat format;
  gdouble threshold;
  gdouble margin;
  gdouble rate;
  gdouble gap;
  gdouble min_quality;
  gint min_faces;
  gint jobs;
  gboolean known_only;
} ToolScanOptions;

void tool_scan_options_clear (ToolScanOptions * self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ToolScanOptions, tool_scan_options_clear)

gboolean tool_scan_options_parse (ToolScanOptions * self,
    const ToolCommand * command, gint argc, gchar ** argv, GError ** error);

/* The videos of the command line: files, and the videos in folders;
 * (transfer full) (element-type filename). */
GPtrArray *tool_scan_options_list_videos (const ToolScanOptions * self);

G_END_DECLS
