/* follow.c - from the faces of frames to tracks
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * FacenetVisits without a gallery follows the faces, and ends a visit where
 * the face changes: at a cut of the film another person stands where one was,
 * and may look somewhat alike. Tracks of one person are joined later by what
 * they look like, so that one too many does no harm.
 */
#include "follow.h"

#include <facenet/facenet-visits.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)
/* For so long a face may be out of sight within a track. */
#define WINDOW (2 * SECOND)
/* A track ends at most so much later than its last face. */
#define MAX_TAIL SECOND
/* Squared L2 distance from which on a face is another one. Pictures of one
 * person on neighbouring frames are 0.1 apart, those of two people 1.4. */
#define SPLIT_DISTANCE 0.8

struct _ToolFollower
{
  guint n_dims;
  FacenetVisits *visits;
  GHashTable *open;             /* number of the visit -> ToolTrack, owned */
  GPtrArray *finished;          /* of ToolTrack, owned */
  GArray *sightings;            /* of FacenetSighting: scratch */
};

ToolFollower *
tool_follower_new (guint n_dims)
{
  const FacenetVisitOptions options = {.follow = TRUE,.window = WINDOW,
    .split_distance = SPLIT_DISTANCE
  };
  ToolFollower *self = g_new0 (ToolFollower, 1);

  self->n_dims = n_dims;
  self->visits = facenet_visits_new ();
  facenet_visits_set_options (self->visits, &options);
  self->open = g_hash_table_new_full (NULL, NULL, NULL,
      (GDestroyNotify) tool_track_free);
  self->finished =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tool_track_free);
  self->sightings = g_array_new (FALSE, FALSE, sizeof (FacenetSighting));
  return self;
}

void
tool_follower_free (ToolFollower * self)
{
  if (self == NULL)
    return;
  facenet_visits_unref (self->visits);
  g_hash_table_unref (self->open);
  g_ptr_array_unref (self->finished);
  g_array_unref (self->sightings);
  g_free (self);
}

/* The track of a visit that goes on. */
static ToolTrack *
get_track (ToolFollower * self, const FacenetVisit * visit)
{
  gpointer key = GUINT_TO_POINTER (visit->number);
  ToolTrack *track = g_hash_table_lookup (self->open, key);

  if (track == NULL) {
    track = tool_track_new (NULL);
    g_hash_table_insert (self->open, key, track);
  }
  track->best = visit->best;
  return track;
}

/* A visit ended: its track is complete. */
static void
finish_track (ToolFollower * self, const FacenetVisit * visit)
{
  ToolTrack *track = get_track (self, visit);

  g_hash_table_steal (self->open, GUINT_TO_POINTER (visit->number));
  track->start = visit->start;
  track->end = CLAMP (visit->gone, visit->end + 1, visit->end + MAX_TAIL);
  track->n_faces = visit->n_faces;
  track->quality = visit->quality;
  track->embedding = g_memdup2 (visit->embedding,
      self->n_dims * sizeof (gfloat));
  g_ptr_array_add (self->finished, track);
}

/* tracks: [n], filled in for the faces of a frame. */
static void
take_events (ToolFollower * self, ToolTrack ** tracks)
{
  const FacenetVisitEvent *event;

  while ((event = facenet_visits_pop (self->visits))) {
    if (event->verdict.event == FACENET_EVENT_LOST)
      finish_track (self, &event->visit);
    else
      tracks[event->face] = get_track (self, &event->visit);
  }
}

static void
fill_sightings (ToolFollower * self, const ToolFaces * faces)
{
  g_array_set_size (self->sightings, faces->n_faces);
  for (guint i = 0; i < faces->n_faces; i++) {
    FacenetSighting *sighting =
        &g_array_index (self->sightings, FacenetSighting, i);
    const ToolBox *box = &faces->boxes[i];

    sighting->embedding = faces->embeddings + (gsize) i *self->n_dims;
    sighting->n_dims = self->n_dims;
    sighting->track_id = -1;
    sighting->x = box->x;
    sighting->y = box->y;
    sighting->width = box->width;
    sighting->height = box->height;
    sighting->quality = faces->qualities[i];
  }
}

void
tool_follower_add (ToolFollower * self, guint64 time, const ToolFaces * faces,
    ToolTrack ** tracks)
{
  fill_sightings (self, faces);
  facenet_visits_advance (self->visits, time, FALSE);
  facenet_visits_see (self->visits,
      (const FacenetSighting *) (gpointer) self->sightings->data,
      faces->n_faces, 0, NULL, NULL);
  take_events (self, tracks);
}

/* By start; sorting is stable, so that others stay in the order in which they
 * were finished. */
static gint
compare_tracks (gconstpointer a, gconstpointer b)
{
  const ToolTrack *left = *(const ToolTrack * const *) a;
  const ToolTrack *right = *(const ToolTrack * const *) b;

  if (left->start != right->start)
    return left->start < right->start ? -1 : 1;
  return left->end < right->end ? -1 : left->end > right->end;
}

GPtrArray *
tool_follower_finish (ToolFollower * self, guint64 end)
{
  facenet_visits_advance (self->visits, end, FALSE);
  facenet_visits_end (self->visits);
  take_events (self, NULL);
  g_ptr_array_sort (self->finished, compare_tracks);
  return g_ptr_array_ref (self->finished);
}
