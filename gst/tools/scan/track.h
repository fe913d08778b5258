/* track.h - one face of a video from when it comes to when it goes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Nobody in particular: what ToolTrack.subject is before it is found out. */
#define TOOL_NOBODY (-1)

/* start, end: in ns from the begin of the video, start < end
 * best: time of its best face, start <= best < end
 * n_faces: in how many of the frames looked at it was seen, at least 1
 * quality: of its best face, in [0,1]
 * embedding: [n_dims], the mean of its faces by quality, a unit vector, owned
 * shot: its best face as a JPEG picture, owned; NULL without one
 * subject, distance: who it is and how far from the gallery's nearest
 *   embedding of that person (NaN: not in the gallery); tool_subjects_new()
 *   fills them in */
typedef struct {
  guint64 start;
  guint64 end;
  guint64 best;
  guint n_faces;
  gdouble quality;
  gfloat *embedding;
  GBytes *shot;
  gint subject;
  gdouble distance;
} ToolTrack;

/* embedding: as above; (transfer full). */
ToolTrack *tool_track_new (gfloat * embedding);
void tool_track_free (ToolTrack * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolTrack, tool_track_free)

/* name: of the video for people, as the command line had it
 * path: of the video, absolute, in the file system's encoding
 * size, changed: of the file when the scan began, bytes and microseconds since
 *   1970; 0 when it was not there
 * duration: up to where it was looked at, in ns
 * length: how long it is as the file says, in ns, 0 when it does not
 * tracks: in the order of their starts, owned (element-type ToolTrack)
 * error: why the video was not looked at to its end, owned, or NULL */
typedef struct {
  gchar *name;
  gchar *path;
  guint64 size;
  gint64 changed;
  guint64 duration;
  guint64 length;
  GPtrArray *tracks;
  GError *error;
} ToolScan;

/* An empty scan of the file as it is now; (transfer full). */
ToolScan *tool_scan_new (const gchar * name, const gchar * path);
void tool_scan_free (ToolScan * self);

/* Sets an error (TRUNCATED) when the video ended long before its end. */
void tool_scan_check_length (ToolScan * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolScan, tool_scan_free)

G_END_DECLS
