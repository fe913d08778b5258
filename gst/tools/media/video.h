/* video.h - the frames of a video file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "image.h"

G_BEGIN_DECLS

typedef struct _ToolVideo ToolVideo;

/* Opens the first video stream of a file and begins to decode it. rate: frames
 * wanted per second, 0 for every one. Errors are those of
 * tool_image_load(); (transfer full). */
ToolVideo *tool_video_open (const gchar * location, gdouble rate,
    GError ** error);
void tool_video_close (ToolVideo * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolVideo, tool_video_close)

/* The next frame: upright, square pixels, at most 1920 a side; time is its
 * stream time in ns, later than that of the frame before. NULL at the end,
 * with an error when that comes before the end of the video;
 * (transfer full). */
ToolImage *tool_video_next (ToolVideo * self, guint64 * time, GError ** error);

/* Length of the video in ns as the file says, 0 when it does not. */
guint64 tool_video_get_duration (ToolVideo * self);

/* Up to where the video was decoded, in ns: the end of its last frame. */
guint64 tool_video_get_position (ToolVideo * self);

/* How many of the frames so far were left out because they have no time. */
guint tool_video_get_n_timeless (ToolVideo * self, guint * n_frames);

/* Video tracks of the file beside the one that is read, so far. */
guint tool_video_get_n_ignored (ToolVideo * self);

G_END_DECLS
