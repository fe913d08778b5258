/* facenet-tracker-private.h - which face of a frame is which of the frame before
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A track is one face, followed from frame to frame. The faces of a frame are
 * told by where they are and what they look like, or by the id that another
 * tracker gave them. A track's embedding is the mean of those of its faces and
 * says better who it is than any one of them.
 */
#pragma once

#include <facenet/facenet-visits.h>

G_BEGIN_DECLS

/* The tracks of one stream. Not thread-safe. */
typedef struct _FacenetTracker FacenetTracker;

/* One face over time. Only data is the caller's to write; it is freed with the
 * track. */
typedef struct {
  gint id;                      /* >= 0: as given, else the tracker's own */
  gboolean given;               /* whether the id was given */
  guint64 first_seen;           /* time of its first face */
  guint64 last_seen;            /* and of its last */
  guint n_faces;
  guint n_dims;
  const gfloat *embedding;      /* [n_dims]: the mean, a unit vector */
  gpointer data;                /* nullable */
} FacenetTrack;

/* A tracker that has seen nothing. window: for how long a track outlives its
 * last face, and how far back its embedding reaches, in the unit of the times.
 * free_data: frees the data of a track, nullable. (transfer full) */
FacenetTracker *facenet_tracker_new (guint64 window, GDestroyNotify free_data);
void facenet_tracker_free (FacenetTracker * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetTracker, facenet_tracker_free)

void facenet_tracker_set_window (FacenetTracker * self, guint64 window);

/* Takes in a frame; now: in any unit, not before that of an earlier frame;
 * tracks: [n_faces], of each face its track, owned by the tracker. A face with
 * a given id belongs to the track of that id; of two in one frame only the
 * first. Any other belongs to the track whose last box it overlaps and whose
 * embedding it resembles, or which it resembles a lot wherever it is; to a new
 * track if there is none. The tracks that have ended should be removed first. */
void facenet_tracker_follow (FacenetTracker * self, guint64 now,
    const FacenetSighting * faces, guint n_faces, FacenetTrack ** tracks);

/* Says that the next faces are of the frame that was followed last: for whom
 * the faces of a frame come one after the other. No track gets two of them. */
void facenet_tracker_resume (FacenetTracker * self);

/* The tracks, ended ones included until removed; those that began earlier come
 * first. */
guint facenet_tracker_get_n_tracks (const FacenetTracker * self);
FacenetTrack *facenet_tracker_get_track (const FacenetTracker * self,
    guint index);

/* The first of those whose last face is longer ago than the window, NULL when
 * none has ended. */
FacenetTrack *facenet_tracker_find_ended (const FacenetTracker * self,
    guint64 now);

/* Forgets a track and frees its data. */
void facenet_tracker_remove (FacenetTracker * self, FacenetTrack * track);

G_END_DECLS
