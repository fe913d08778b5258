/* plot.h - plots as files
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "analysis/facenet-plot.h"

G_BEGIN_DECLS

/* FORMAT unless a plot can be written under that name: .svg, or .png where
 * GStreamer's rsvgdec and pngenc are installed, which MISSING says otherwise.
 * NULL is fine. To be asked before the work is done. */
gboolean tool_plot_check (const gchar * location, GError ** error);

/* Writes a plot, as SVG or as PNG as the name has it. */
gboolean tool_plot_save (const FacenetPlot * plot, const gchar * location,
    GError ** error);

G_END_DECLS
