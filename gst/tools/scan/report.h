/* report.h - appearances as text, CSV, JSON lines and WebVTT
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "appearances.h"
#include "subjects.h"

G_BEGIN_DECLS

typedef enum {
  TOOL_REPORT_TEXT,
  TOOL_REPORT_CSV,
  TOOL_REPORT_JSON,
  TOOL_REPORT_WEBVTT
} ToolReportFormat;

/* scans: (element-type ToolScan)
 * subjects: (element-type ToolSubject), all that appear have names
 * appearances: (element-type ToolAppearance)
 * None is owned. */
typedef struct {
  GPtrArray *scans;
  GPtrArray *subjects;
  GArray *appearances;
} ToolFindings;

/* Reads "text", "csv", "json" or "webvtt"; NULL is text. */
gboolean tool_report_parse_format (const gchar * nick,
    ToolReportFormat * format, GError ** error);

/* Everything in this format, every line with its newline. WebVTT is about one
 * video: only scan number only is told of; TOOL_ALL_SCANS: all of them.
 * (transfer full) */
#define TOOL_ALL_SCANS G_MAXUINT
GString *tool_report_write (const ToolFindings * self,
    ToolReportFormat format, guint only);

G_END_DECLS
