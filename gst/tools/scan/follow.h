/* follow.h - from the faces of frames to tracks
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "media/encoder.h"
#include "track.h"

G_BEGIN_DECLS

/* Follows the faces of one video. */
typedef struct _ToolFollower ToolFollower;

ToolFollower *tool_follower_new (guint n_dims);
void tool_follower_free (ToolFollower * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolFollower, tool_follower_free)

/* Takes in a frame; time: in ns, later than that of the frame before.
 * tracks: [faces->n_faces], to each face its track so far, owned by the
 * follower; one whose best is this time has its best face here. The
 * caller may set its shot. */
void tool_follower_add (ToolFollower * self, guint64 time,
    const ToolFaces * faces, ToolTrack ** tracks);

/* At the end of the video, at this time: all its tracks in the order of their
 * starts; (transfer full) (element-type ToolTrack). */
GPtrArray *tool_follower_finish (ToolFollower * self, guint64 end);

G_END_DECLS
