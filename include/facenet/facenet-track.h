/* facenet-track.h - which face of a frame is which of the frame before
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A track is one face, followed from frame to frame. The faces of a frame are
 * told by where they are and what they look like, or by the id that somebody
 * else gave them. A track's embedding is the mean of those of its faces and
 * says better who it is than any one of them.
 */
#pragma once

#include <facenet/facenet-visits.h>

G_BEGIN_DECLS

/**
 * FacenetTracker: (skip)
 *
 * The tracks of one stream. Not thread-safe.
 */
typedef struct _FacenetTracker FacenetTracker;

/**
 * FacenetTrack: (skip)
 * @id: of the track, >= 0: what it was given, else one of the tracker's own
 * @given: whether the id was given
 * @first_seen: time of its first face
 * @last_seen: time of its last face
 * @n_faces: how many faces it has
 * @n_dims: length of @embedding
 * @embedding: (array length=n_dims): the mean of its embeddings, a unit vector
 * @data: (nullable): what the caller wants, freed with the track
 *
 * One face over time. Only @data is the caller's to write.
 */
typedef struct {
  gint id;
  gboolean given;
  guint64 first_seen;
  guint64 last_seen;
  guint n_faces;
  guint n_dims;
  const gfloat *embedding;
  gpointer data;
} FacenetTrack;

FACENET_API FacenetTracker *facenet_tracker_new (guint64 window,
    GDestroyNotify free_data);
FACENET_API void facenet_tracker_free (FacenetTracker * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetTracker, facenet_tracker_free)

FACENET_API void facenet_tracker_set_window (FacenetTracker * self,
    guint64 window);
FACENET_API void facenet_tracker_follow (FacenetTracker * self, guint64 now,
    const FacenetSighting * faces, guint n_faces, FacenetTrack ** tracks);
FACENET_API void facenet_tracker_resume (FacenetTracker * self);
FACENET_API guint facenet_tracker_get_n_tracks (const FacenetTracker * self);
FACENET_API FacenetTrack *facenet_tracker_get_track (const FacenetTracker *
    self, guint index);
FACENET_API FacenetTrack *facenet_tracker_find_ended (const FacenetTracker *
    self, guint64 now);
FACENET_API void facenet_tracker_remove (FacenetTracker * self,
    FacenetTrack * track);

G_END_DECLS
