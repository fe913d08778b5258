/* sheet.h - a picture of everybody who appears
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "report.h"

G_BEGIN_DECLS

/* Whether a sheet of that name can be made: it ends in .svg, or in .png and
 * GStreamer can draw; MISSING when it cannot. */
gboolean tool_sheet_check (const gchar * location, GError ** error);

/* The best shot of each person and stranger with name, how long they were
 * seen and where the shot is from, as SVG; (transfer full). */
GString *tool_sheet_draw (const ToolFindings * findings);

/* Writes a sheet to a file, as PNG or SVG by its name. */
gboolean tool_sheet_save (const gchar * location, const GString * svg,
    GError ** error);

G_END_DECLS
