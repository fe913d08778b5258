/* identification.h - how well people are found among many
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "common/options.h"

G_BEGIN_DECLS

/* images: a folder per person
 * n_enrolled: images of each person to enrol
 * plot: file for a plot, nullable */
typedef struct {
  const gchar *images;
  guint n_enrolled;
  const gchar *plot;
  const gchar *histogram;
} ToolIdentification;

/* Enrols some images of each person and looks for the others; prints the share
 * found. */
gboolean tool_identification_run (const ToolIdentification * self,
    const ToolOptions * options, GError ** error);

G_END_DECLS
