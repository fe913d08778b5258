/* appearances.h - from when to when somebody is to be seen in a video
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "track.h"

G_BEGIN_DECLS

/* scan: index of the video
 * subject: index of who it is
 * start, end: in ns, start < end
 * n_faces: of the tracks in it
 * distance: the smallest of them, NaN for a stranger
 * best: the track with the best face, not owned */
typedef struct {
  guint scan;
  guint subject;
  guint64 start;
  guint64 end;
  guint n_faces;
  gdouble distance;
  const ToolTrack *best;
} ToolAppearance;

/* Joins the tracks of one subject in one video that are at most gap ns apart
 * and leaves out what has fewer than min_faces faces then. In the order of the
 * videos, in each of the starts; (transfer full) (element-type
 * ToolAppearance). */
GArray *tool_appearances_new (GPtrArray * scans, guint64 gap,
    guint min_faces);

/* Orders them by distance, the nearest first. */
void tool_appearances_sort_by_distance (GArray * appearances);

/* hours:minutes:seconds.milliseconds; (transfer full). */
gchar *tool_format_time (guint64 time);

G_END_DECLS
