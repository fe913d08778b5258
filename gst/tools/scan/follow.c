/* follow.c - from the faces of frames to tracks
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * FacenetTracker joins faces that lie on each other and look somewhat alike,
 * which at a cut of the film may be two people. A face that does not look like
 * what its track has lately shown therefore begins a new track here, or goes
 * on with the one before if it looks like that: one bad picture does not tear
 * a track in two. Tracks of one person are joined later by what they look
 * like, so that one too many does no harm.
 *
 * A track's embedding is the direction of the sum of its faces' embeddings,
 * each weighed with its quality.
 */
#include "follow.h"

#include <facenet/facenet-track.h>
#include <math.h>
#include <string.h>

/* For so long a face may be out of sight within a track. */
#define WINDOW (2 * G_GUINT64_CONSTANT (1000000000))
/* A track ends at most so much later than its last face. */
#define MAX_TAIL G_GUINT64_CONSTANT (1000000000)
/* Squared L2 distance from which on a face is another one. Pictures of one
 * person on neighbouring frames are 0.1 apart, those of two people 1.4. */
#define SPLIT_DISTANCE 0.8
/* Weight of a face of no quality: it is still seen. */
#define MIN_WEIGHT 1e-3

/* A track that is being made. */
typedef struct
{
  ToolTrack *track;             /* owned until it is finished */
  gdouble *sum;                 /* [n_dims] */
  gfloat *recent;               /* [n_dims], what it has looked like lately */
  guint64 last;                 /* time of its last face */
} Thread;

/* What hangs on a track of the tracker. */
typedef struct
{
  ToolFollower *owner;
  Thread *now;                  /* owned */
  Thread *before;               /* owned, NULL if there was none lately */
} Strand;

struct _ToolFollower
{
  guint n_dims;
  FacenetTracker *tracker;
  GPtrArray *open;              /* of Thread, not owned: seen on last frame */
  GPtrArray *finished;          /* of ToolTrack, owned */
};

static Thread *
thread_new (ToolFollower * owner, guint64 time)
{
  Thread *self = g_new0 (Thread, 1);

  self->track = tool_track_new (g_new0 (gfloat, owner->n_dims));
  self->track->start = time;
  self->track->quality = -1;
  self->sum = g_new0 (gdouble, owner->n_dims);
  self->recent = g_new0 (gfloat, owner->n_dims);
  return self;
}

/* Its track is complete: the sum becomes the embedding. */
static void
thread_finish (Thread * self, ToolFollower * owner)
{
  gdouble length = 0;

  for (guint i = 0; i < owner->n_dims; i++)
    length += self->sum[i] * self->sum[i];
  length = sqrt (length);
  for (guint i = 0; i < owner->n_dims; i++)
    self->track->embedding[i] =
        length > 0 ? (gfloat) (self->sum[i] / length) : self->recent[i];
  g_ptr_array_remove (owner->open, self);
  g_ptr_array_add (owner->finished, self->track);
  g_free (self->sum);
  g_free (self->recent);
  g_free (self);
}

static void
strand_free (gpointer data)
{
  Strand *self = data;

  thread_finish (self->now, self->owner);
  if (self->before)
    thread_finish (self->before, self->owner);
  g_free (self);
}

ToolFollower *
tool_follower_new (guint n_dims)
{
  ToolFollower *self = g_new0 (ToolFollower, 1);

  self->n_dims = n_dims;
  self->tracker = facenet_tracker_new (WINDOW, strand_free);
  self->open = g_ptr_array_new ();
  self->finished =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tool_track_free);
  return self;
}

void
tool_follower_free (ToolFollower * self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->tracker, facenet_tracker_free);
  g_ptr_array_unref (self->open);
  g_ptr_array_unref (self->finished);
  g_free (self);
}

static gboolean
looks_like (const ToolFollower * self, const Thread * thread,
    const gfloat * embedding)
{
  return facenet_squared_l2 (thread->recent, embedding, self->n_dims)
      <= SPLIT_DISTANCE;
}

/* Which thread of a strand a face belongs to. */
static Thread *
choose_thread (ToolFollower * self, Strand * strand, guint64 time,
    const gfloat * embedding)
{
  Thread *now = strand->now;

  if (now && looks_like (self, now, embedding))
    return now;
  if (strand->before && time - strand->before->last <= WINDOW
      && looks_like (self, strand->before, embedding)) {
    strand->now = strand->before;
    strand->before = now;
    return strand->now;
  }
  if (strand->before)
    thread_finish (strand->before, self);
  strand->before = now;
  strand->now = thread_new (self, time);
  return strand->now;
}

/* What it has looked like lately: half the new face, half what was before. */
static void
update_recent (Thread * self, const gfloat * embedding, guint n)
{
  gdouble length = 0;

  for (guint i = 0; i < n; i++) {
    self->recent[i] += embedding[i];
    length += (gdouble) self->recent[i] * (gdouble) self->recent[i];
  }
  length = sqrt (length);
  for (guint i = 0; i < n; i++)
    self->recent[i] = length > 0 ? (gfloat) ((gdouble) self->recent[i]
        / length) : embedding[i];
}

static void
thread_add (Thread * self, ToolFollower * owner, guint64 time,
    const FacenetSighting * face)
{
  ToolTrack *track = self->track;
  gdouble weight = MAX (face->quality, MIN_WEIGHT);

  for (guint i = 0; i < owner->n_dims; i++)
    self->sum[i] += weight * (gdouble) face->embedding[i];
  update_recent (self, face->embedding, owner->n_dims);
  if (face->quality > track->quality) {
    track->quality = face->quality;
    track->best = time;
  }
  track->n_faces++;
  track->end = time + 1;
  self->last = time;
  g_ptr_array_add (owner->open, self);
}

/* Those that were seen on the last frame were there until now. */
static void
extend_open (ToolFollower * self, guint64 now)
{
  for (guint i = 0; i < self->open->len; i++) {
    Thread *thread = g_ptr_array_index (self->open, i);

    thread->track->end = CLAMP (now, thread->last + 1, thread->last + MAX_TAIL);
  }
  g_ptr_array_set_size (self->open, 0);
}

static void
remove_ended (ToolFollower * self, guint64 now)
{
  FacenetTrack *ended;

  while ((ended = facenet_tracker_find_ended (self->tracker, now)))
    facenet_tracker_remove (self->tracker, ended);
}

void
tool_follower_add (ToolFollower * self, guint64 time, const ToolFaces * faces,
    ToolTrack ** tracks)
{
  g_autofree FacenetSighting *sightings =
      g_new0 (FacenetSighting, faces->n_faces);
  g_autofree FacenetTrack **seen = g_new0 (FacenetTrack *, faces->n_faces);

  extend_open (self, time);
  remove_ended (self, time);
  for (guint i = 0; i < faces->n_faces; i++) {
    const ToolBox *box = &faces->boxes[i];

    sightings[i].embedding = faces->embeddings + (gsize) i *self->n_dims;
    sightings[i].n_dims = self->n_dims;
    sightings[i].track_id = -1;
    sightings[i].x = box->x;
    sightings[i].y = box->y;
    sightings[i].width = box->width;
    sightings[i].height = box->height;
    sightings[i].quality = faces->qualities[i];
  }
  facenet_tracker_follow (self->tracker, time, sightings, faces->n_faces, seen);
  for (guint i = 0; i < faces->n_faces; i++) {
    Strand *strand = seen[i]->data;
    Thread *thread;

    if (strand == NULL) {
      strand = g_new0 (Strand, 1);
      strand->owner = self;
      seen[i]->data = strand;
    }
    thread = choose_thread (self, strand, time, sightings[i].embedding);
    thread_add (thread, self, time, &sightings[i]);
    tracks[i] = thread->track;
  }
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
  extend_open (self, end);
  while (facenet_tracker_get_n_tracks (self->tracker) > 0)
    facenet_tracker_remove (self->tracker,
        facenet_tracker_get_track (self->tracker, 0));
  g_ptr_array_sort (self->finished, compare_tracks);
  return g_ptr_array_ref (self->finished);
}
