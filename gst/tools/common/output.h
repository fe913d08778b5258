/* output.h - results on stdout or in files
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "scan/report.h"

G_BEGIN_DECLS

/* Replaces a file as a whole or leaves it as it was; writes to a device or a
 * pipe. OPEN on failure. */
gboolean tool_output_save (const gchar * location, gconstpointer data,
    gsize size, GError ** error);

/* Where WebVTT about so many videos goes must be a folder: it tells of one
 * video. Fails when it is not. */
gboolean tool_output_check (const gchar * location, ToolReportFormat format,
    guint n_videos, GError ** error);

/* Writes a report to a file, to a file per video in a folder, or, without a
 * location, to stdout. */
gboolean tool_output_report (const gchar * location,
    ToolReportFormat format, const ToolFindings * findings, GError ** error);

G_END_DECLS
