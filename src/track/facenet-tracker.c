/* facenet-tracker.c - which face of a frame is which of the frame before
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Every pair of a track and a face that may belong together has a cost, the
 * squared L2 distance of the face to the track's embedding less the overlap of
 * the boxes (area shared over area covered, in [0,1]); the cheapest pairs are
 * joined first, and no track gets two faces of one frame. Faces that are left
 * begin tracks.
 *
 * A track's embedding is the direction of its sum s. A face e of quality q
 * that comes dt after the one before makes it s exp (-dt / window) + q e:
 * better pictures weigh more, and what is older than the window weighs little,
 * so that a track that another person got hold of becomes theirs.
 */
#include "track/facenet-tracker-private.h"

#include <facenet/facenet-gallery.h>
#include <facenet/facenet-metric.h>
#include <math.h>

#include "track/facenet-mean-private.h"

/* Boxes that overlap this much may be the same face, if it looks no more
 * different than poor pictures of one person do. */
#define MIN_OVERLAP 0.3
#define MAX_DISTANCE_OVERLAPPING 1.4

/* Elsewhere in the frame a face must look as much alike as one that is
 * recognised. */
#define MAX_DISTANCE FACENET_GALLERY_THRESHOLD

/* A track and what the caller need not see of it. */
typedef struct
{
  FacenetTrack view;
  gdouble x, y, width, height;  /* box of its last face */
  FacenetMean mean;             /* its direction is view.embedding */
  guint64 frame;                /* of its last face */
} FacenetTrail;

struct _FacenetTracker
{
  guint64 window;
  GDestroyNotify free_data;
  GPtrArray *trails;            /* of FacenetTrail, owned, in order of age */
  GArray *pairs;                /* of FacenetPairing: scratch */
  gint next_id;
  guint64 frame;                /* frames followed so far */
  gboolean is_resumed;          /* the next faces are of that frame too */
};

/* A track and a face that may belong together. */
typedef struct
{
  FacenetTrail *trail;
  guint face;
  gdouble cost;
} FacenetPairing;

static FacenetTrail *
get_trail (const FacenetTracker * self, guint index)
{
  return g_ptr_array_index (self->trails, index);
}

static void
trail_free (FacenetTracker * self, FacenetTrail * trail)
{
  if (trail->view.data != NULL && self->free_data != NULL)
    self->free_data (trail->view.data);
  facenet_mean_clear (&trail->mean);
  g_free (trail);
}

/* Area that two boxes share over the area they cover, 0 without a box. */
static gdouble
get_overlap (const FacenetTrail * trail, const FacenetSighting * face)
{
  gdouble w = MIN (trail->x + trail->width, face->x + face->width)
      - MAX (trail->x, face->x);
  gdouble h = MIN (trail->y + trail->height, face->y + face->height)
      - MAX (trail->y, face->y);
  gdouble shared;

  if (!(w > 0 && h > 0))
    return 0;
  shared = w * h;
  return shared / (trail->width * trail->height + face->width * face->height
      - shared);
}

/* Whether a face may be that of a track, and how well they go together. */
static gboolean
find_cost (const FacenetTrail * trail, const FacenetSighting * face,
    gdouble * cost)
{
  gdouble overlap, distance;

  if (trail->view.n_dims != face->n_dims)
    return FALSE;
  overlap = get_overlap (trail, face);
  distance =
      facenet_squared_l2 (trail->mean.direction, face->embedding, face->n_dims);
  *cost = distance - overlap;
  return distance <= (overlap >= MIN_OVERLAP ? MAX_DISTANCE_OVERLAPPING
      : MAX_DISTANCE);
}

/* Cheapest first; among equals the older track and the earlier face, so that
 * the same stream always gives the same tracks. */
static gint
compare_pairs (gconstpointer a, gconstpointer b)
{
  const FacenetPairing *first = a, *second = b;

  if (first->cost < second->cost)
    return -1;
  if (first->cost > second->cost)
    return 1;
  if (first->trail != second->trail)
    return first->trail->view.id < second->trail->view.id ? -1 : 1;
  return first->face < second->face ? -1 : 1;
}

static void
fuse (FacenetTracker * self, FacenetTrail * trail,
    const FacenetSighting * face, guint64 now)
{
  gdouble keep = 0;

  if (self->window > 0 && now >= trail->view.last_seen)
    keep = exp (-(gdouble) (now - trail->view.last_seen) /
        (gdouble) self->window);
  facenet_mean_add (&trail->mean, face->embedding, face->n_dims, keep,
      isnan (face->quality) ? 1 : CLAMP (face->quality, 0, 1));
  facenet_mean_update (&trail->mean, face->embedding);
  trail->view.embedding = trail->mean.direction;
  trail->view.n_dims = face->n_dims;
}

static void
extend (FacenetTracker * self, FacenetTrail * trail,
    const FacenetSighting * face, guint64 now)
{
  fuse (self, trail, face, now);
  trail->x = face->x;
  trail->y = face->y;
  trail->width = face->width;
  trail->height = face->height;
  trail->frame = self->frame;
  trail->view.last_seen = now;
  trail->view.n_faces++;
}

static FacenetTrail *
add_trail (FacenetTracker * self, gint given_id, guint64 now)
{
  FacenetTrail *trail = g_new0 (FacenetTrail, 1);

  trail->view.given = given_id >= 0;
  trail->view.id = given_id;
  if (!trail->view.given) {
    trail->view.id = self->next_id;
    self->next_id = self->next_id < G_MAXINT ? self->next_id + 1 : 0;
  } else if (given_id >= self->next_id && given_id < G_MAXINT) {
    self->next_id = given_id + 1;
  }
  trail->view.first_seen = trail->view.last_seen = now;
  g_ptr_array_add (self->trails, trail);
  return trail;
}

/* A given id says it all, unless it was given twice in this frame. */
static FacenetTrail *
find_given (FacenetTracker * self, gint id, guint64 now)
{
  guint i;

  for (i = 0; i < self->trails->len; i++) {
    FacenetTrail *trail = get_trail (self, i);

    if (trail->view.given && trail->view.id == id)
      return trail->frame != self->frame ? trail : NULL;
  }
  return add_trail (self, id, now);
}

static void
follow_given (FacenetTracker * self, guint64 now,
    const FacenetSighting * faces, guint n, FacenetTrack ** tracks)
{
  guint i;

  for (i = 0; i < n; i++) {
    FacenetTrail *trail = NULL;

    tracks[i] = NULL;
    if (faces[i].track_id >= 0)
      trail = find_given (self, faces[i].track_id, now);
    if (trail != NULL) {
      extend (self, trail, &faces[i], now);
      tracks[i] = &trail->view;
    }
  }
}

static void
collect_pairs (FacenetTracker * self, const FacenetSighting * faces, guint n,
    FacenetTrack ** tracks)
{
  FacenetPairing pair;
  guint i;

  g_array_set_size (self->pairs, 0);
  for (i = 0; i < self->trails->len; i++) {
    pair.trail = get_trail (self, i);
    if (pair.trail->view.given)
      continue;
    for (pair.face = 0; pair.face < n; pair.face++) {
      if (tracks[pair.face] == NULL
          && find_cost (pair.trail, &faces[pair.face], &pair.cost))
        g_array_append_val (self->pairs, pair);
    }
  }
  g_array_sort (self->pairs, compare_pairs);
}

FacenetTracker *
facenet_tracker_new (guint64 window, GDestroyNotify free_data)
{
  FacenetTracker *self = g_new0 (FacenetTracker, 1);

  self->window = window;
  self->free_data = free_data;
  self->trails = g_ptr_array_new ();
  self->pairs = g_array_new (FALSE, FALSE, sizeof (FacenetPairing));
  return self;
}

void
facenet_tracker_free (FacenetTracker * self)
{
  guint i;

  for (i = 0; i < self->trails->len; i++) {
    trail_free (self, get_trail (self, i));
  }
  g_ptr_array_unref (self->trails);
  g_array_unref (self->pairs);
  g_free (self);
}

void
facenet_tracker_set_window (FacenetTracker * self, guint64 window)
{
  self->window = window;
}

void
facenet_tracker_follow (FacenetTracker * self, guint64 now,
    const FacenetSighting * faces, guint n_faces, FacenetTrack ** tracks)
{
  guint i;

  if (!self->is_resumed)
    self->frame++;
  self->is_resumed = FALSE;
  follow_given (self, now, faces, n_faces, tracks);
  collect_pairs (self, faces, n_faces, tracks);
  for (i = 0; i < self->pairs->len; i++) {
    const FacenetPairing *pair =
        &g_array_index (self->pairs, FacenetPairing, i);

    if (tracks[pair->face] != NULL || pair->trail->frame == self->frame)
      continue;
    extend (self, pair->trail, &faces[pair->face], now);
    tracks[pair->face] = &pair->trail->view;
  }
  for (i = 0; i < n_faces; i++) {
    if (tracks[i] == NULL) {
      FacenetTrail *trail = add_trail (self, -1, now);

      extend (self, trail, &faces[i], now);
      tracks[i] = &trail->view;
    }
  }
}

void
facenet_tracker_resume (FacenetTracker * self)
{
  self->is_resumed = TRUE;
}

guint
facenet_tracker_get_n_tracks (const FacenetTracker * self)
{
  return self->trails->len;
}

FacenetTrack *
facenet_tracker_get_track (const FacenetTracker * self, guint index)
{
  g_return_val_if_fail (index < self->trails->len, NULL);

  return &get_trail (self, index)->view;
}

FacenetTrack *
facenet_tracker_find_ended (const FacenetTracker * self, guint64 now)
{
  guint i;

  for (i = 0; i < self->trails->len; i++) {
    FacenetTrack *track = &get_trail (self, i)->view;

    if (now > track->last_seen && now - track->last_seen > self->window)
      return track;
  }
  return NULL;
}

void
facenet_tracker_remove (FacenetTracker * self, FacenetTrack * track)
{
  guint i;

  for (i = 0; i < self->trails->len; i++) {
    FacenetTrail *trail = get_trail (self, i);

    if (&trail->view == track) {
      g_ptr_array_remove_index (self->trails, i);
      trail_free (self, trail);
      return;
    }
  }
  g_return_if_reached ();
}
