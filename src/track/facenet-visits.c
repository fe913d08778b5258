/* facenet-visits.c - who comes and goes in a stream of faces
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A track of the tracker has one segment, of one person, unless it is split:
 * a face that does not look like what its segment lately showed begins another,
 * or goes on with the one before if it looks like that, so that one bad picture
 * does not tear a segment in two.
 */
#include "track/facenet-visits-private.h"

#include <string.h>

/* Steps back in time of up to this, in ns, are jitter of the source. */
#define JITTER G_GINT64_CONSTANT (1000000000)

#define DEFAULT_WINDOW G_GUINT64_CONSTANT (2000000000)

G_DEFINE_BOXED_TYPE (FacenetVisits, facenet_visits, facenet_visits_ref,
    facenet_visits_unref);

static FacenetSegments *
get_segments (const FacenetVisits * self, guint index)
{
  return facenet_tracker_get_track (self->tracker, index)->data;
}

/* Another segment on which the same person still is. */
static FacenetSegment *
find_elsewhere (FacenetVisits * self, const FacenetSegment * segment)
{
  for (guint i = 0; i < facenet_tracker_get_n_tracks (self->tracker); i++) {
    FacenetSegments *other = get_segments (self, i);

    if (other == NULL)
      continue;
    if (other->now != segment && g_strcmp0 (other->now->id, segment->id) == 0)
      return other->now;
    if (other->before != NULL && other->before != segment
        && g_strcmp0 (other->before->id, segment->id) == 0)
      return other->before;
  }
  return NULL;
}

static void
push_lost (FacenetVisits * self, gint track_id, FacenetSegment * segment)
{
  FacenetVisitEvent event = {.face = -1,.track_id = track_id,.votes = -1 };

  facenet_gallery_describe (self->gallery, segment->id, &event.verdict);
  facenet_visit_queue_push_lost (&self->queue, &event, segment,
      self->note_size);
}

/* The person who was confirmed on a segment is there no longer. If they are also
 * on another one, only the first is lost: the visit goes on. Without a gallery
 * each segment is a visit. */
void
facenet_visits_depart (FacenetVisits * self, gint track_id,
    FacenetSegment * segment)
{
  FacenetSegment *elsewhere = NULL;

  if (self->gallery != NULL && segment->id == NULL)
    return;
  if (segment->id != NULL)
    elsewhere = find_elsewhere (self, segment);
  if (elsewhere != NULL)
    facenet_segment_join (elsewhere, segment);
  else
    push_lost (self, track_id, segment);
  g_clear_pointer (&segment->id, g_free);
  g_clear_pointer (&segment->name, g_free);
}

static void
end_segment (FacenetVisits * self, gint track_id, FacenetSegment * segment)
{
  if (segment == NULL)
    return;
  facenet_visits_depart (self, track_id, segment);
  facenet_segment_free (segment);
}

static void
end_track (FacenetVisits * self, FacenetTrack * track)
{
  FacenetSegments *segments = track->data;

  track->data = NULL;
  if (segments != NULL) {
    end_segment (self, track->id, segments->now);
    end_segment (self, track->id, segments->before);
    g_free (segments);
  }
  facenet_tracker_remove (self->tracker, track);
}

static void
end_all (FacenetVisits * self)
{
  while (facenet_tracker_get_n_tracks (self->tracker) > 0)
    end_track (self, facenet_tracker_get_track (self->tracker, 0));
}

static void
end_old (FacenetVisits * self)
{
  FacenetTrack *track;

  facenet_tracker_set_window (self->tracker, self->options.window);
  while ((track = facenet_tracker_find_ended (self->tracker, self->now.clock)))
    end_track (self, track);
}

/* Those who were seen until now are not seen at this time, so far. */
static void
mark_gone (FacenetVisits * self, guint64 time)
{
  for (guint i = 0; i < facenet_tracker_get_n_tracks (self->tracker); i++) {
    FacenetSegments *segments = get_segments (self, i);

    if (segments->now->visit.gone == FACENET_TIME_NONE)
      segments->now->visit.gone = time;
    if (segments->before != NULL
        && segments->before->visit.gone == FACENET_TIME_NONE)
      segments->before->visit.gone = time;
  }
}

/* The segment of a track that a face goes on with. */
static FacenetSegment *
choose_segment (FacenetVisits * self, FacenetTrack * track,
    const FacenetSighting * face)
{
  const gdouble split = self->options.split_distance;
  FacenetSegments *segments = track->data;
  FacenetSegment *now;

  if (segments == NULL) {
    track->data = segments = g_new0 (FacenetSegments, 1);
    segments->now = facenet_segment_new (&self->now);
    return segments->now;
  }
  now = segments->now;
  if (!(split > 0) || now->lately.n_dims == 0
      || facenet_segment_looks_like (now, face, split))
    return now;
  if (segments->before != NULL
      && self->now.clock - segments->before->last <= self->options.window
      && facenet_segment_looks_like (segments->before, face, split)) {
    segments->now = segments->before;
  } else {
    end_segment (self, track->id, segments->before);
    segments->now = facenet_segment_new (&self->now);
  }
  segments->before = now;
  return segments->now;
}

void
facenet_visits_add_face (FacenetVisits * self, FacenetSegment * segment,
    const FacenetSighting * face)
{
  if (segment->visit.n_faces == 0)
    facenet_segment_begin_visit (segment, ++self->n_visits, &self->now);
  facenet_segment_add (segment, face, &self->now,
      self->options.split_distance > 0);
}

/* Finds the tracks and segments of the faces. Parts of one frame are told by
 * its number; a first part that was lost on the way shows in the time. */
static void
follow (FacenetVisits * self, const FacenetSighting * faces, guint n,
    guint64 frame)
{
  if (frame != 0 && frame == self->part_of
      && self->now.clock == self->part_clock)
    facenet_tracker_resume (self->tracker);
  else
    self->frame++;
  self->part_of = frame;
  self->part_clock = self->now.clock;
  g_ptr_array_set_size (self->tracks, (gint) n);
  facenet_tracker_follow (self->tracker, self->now.clock, faces, n,
      (FacenetTrack **) self->tracks->pdata);
  for (guint i = 0; i < n; i++) {
    FacenetSegment *segment =
        choose_segment (self, g_ptr_array_index (self->tracks, i), &faces[i]);

    facenet_visits_add_face (self, segment, &faces[i]);
    if (segment->stranger > 0)
      facenet_strangers_see (&self->strangers, segment->stranger, NULL,
          self->frame);
  }
}

/* Whether these faces may be compared with the gallery. */
static gboolean
check_faces (const FacenetVisits * self, const FacenetSighting * faces,
    guint n, GError ** error)
{
  FacenetGalleryModel model = { 0 };

  if (self->gallery != NULL)
    facenet_gallery_get_model (self->gallery, &model);
  for (guint i = 0; i < n; i++) {
    if (faces[i].n_dims == 0 || (model.n_dims > 0
            && faces[i].n_dims != model.n_dims)) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE,
          "the embedding of face %u has %u numbers, expected %u as in the "
          "gallery", i, faces[i].n_dims, model.n_dims);
      return FALSE;
    }
  }
  return TRUE;
}

/**
 * facenet_visits_new:
 *
 * Makes an object that has seen no face yet. It has no gallery, asks by the
 * gallery's own rules, and follows faces with one vote and a window of two
 * seconds.
 *
 * Returns: (transfer full): no visits
 *
 * Since: 0.1
 */
FacenetVisits *
facenet_visits_new (void)
{
  return facenet_visits_new_with_notes (0);
}

/**
 * facenet_visits_new_with_notes: (skip)
 * @note_size: bytes of a note
 *
 * Makes the same, with room for a note about each face, which is handed back
 * when the visit ends: where and when somebody was seen last. Notes are copied
 * by memcpy() and not looked at.
 *
 * Returns: (transfer full): no visits
 *
 * Since: 0.1
 */
FacenetVisits *
facenet_visits_new_with_notes (gsize note_size)
{
  FacenetVisits *self = g_atomic_rc_box_new0 (FacenetVisits);

  g_rec_mutex_init (&self->lock);
  self->note_size = note_size;
  self->policy.top_k = 1;
  self->options.follow = TRUE;
  self->options.min_matches = 1;
  self->options.window = DEFAULT_WINDOW;
  self->tracker = facenet_tracker_new (DEFAULT_WINDOW, NULL);
  facenet_strangers_init (&self->strangers);
  facenet_rate_limit_init (&self->rate_limit);
  facenet_visit_queue_init (&self->queue);
  self->now.time = FACENET_TIME_NONE;
  self->tracks = g_ptr_array_new ();
  self->probes = g_array_new (FALSE, FALSE, sizeof (gfloat));
  self->verdicts = g_array_new (FALSE, FALSE, sizeof (FacenetVerdict));
  self->candidates = g_array_new (FALSE, FALSE, sizeof (FacenetCandidate));
  return self;
}

static void
visits_clear (gpointer data)
{
  FacenetVisits *self = data;

  end_all (self);
  facenet_tracker_free (self->tracker);
  facenet_strangers_clear (&self->strangers);
  facenet_rate_limit_clear (&self->rate_limit);
  facenet_visit_queue_clear (&self->queue);
  g_clear_pointer (&self->gallery, facenet_gallery_unref);
  g_free ((gchar *) self->policy.claimed_id);
  g_ptr_array_unref (self->tracks);
  g_array_unref (self->probes);
  g_array_unref (self->verdicts);
  g_array_unref (self->candidates);
  g_rec_mutex_clear (&self->lock);
}

/**
 * facenet_visits_ref: (skip)
 * @self: visits
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
FacenetVisits *
facenet_visits_ref (FacenetVisits * self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * facenet_visits_unref: (skip)
 * @self: (transfer full): visits
 *
 * Drops a reference; the last one frees the visits.
 *
 * Since: 0.1
 */
void
facenet_visits_unref (FacenetVisits * self)
{
  g_atomic_rc_box_release_full (self, visits_clear);
}

/**
 * facenet_visits_set_gallery:
 * @self: visits
 * @gallery: (nullable): whom to recognise; it must not be changed any more, see
 *   facenet_gallery_copy(). %NULL: no person, and each track is a visit of its
 *   own without an id
 *
 * Chooses the gallery that the next faces are compared with. Visits go on with
 * another gallery.
 *
 * Since: 0.1
 */
void
facenet_visits_set_gallery (FacenetVisits * self, FacenetGallery * gallery)
{
  FacenetGallery *old;

  g_rec_mutex_lock (&self->lock);
  old = self->gallery;
  if (gallery != old) {
    facenet_visit_queue_drop (&self->queue);
    self->gallery = gallery != NULL ? facenet_gallery_ref (gallery) : NULL;
    g_clear_pointer (&old, facenet_gallery_unref);
  }
  g_rec_mutex_unlock (&self->lock);
}

/**
 * facenet_visits_set_policy:
 * @self: visits
 * @policy: the rules of facenet_gallery_match(), copied; a top_k of 0 counts as
 *   1
 *
 * Chooses by which rules the next faces are judged.
 *
 * Since: 0.1
 */
void
facenet_visits_set_policy (FacenetVisits * self,
    const FacenetMatchPolicy * policy)
{
  gchar *claimed_id;

  g_rec_mutex_lock (&self->lock);
  claimed_id = (gchar *) self->policy.claimed_id;
  if (g_strcmp0 (claimed_id, policy->claimed_id) != 0) {
    g_free (claimed_id);
    claimed_id = g_strdup (policy->claimed_id);
  }
  self->policy = *policy;
  self->policy.claimed_id = claimed_id;
  self->policy.top_k = MAX (policy->top_k, 1);
  g_rec_mutex_unlock (&self->lock);
}

/**
 * facenet_visits_set_options:
 * @self: visits
 * @options: how faces become visits, copied
 *
 * Chooses how the next faces are followed.
 *
 * Since: 0.1
 */
void
facenet_visits_set_options (FacenetVisits * self,
    const FacenetVisitOptions * options)
{
  g_rec_mutex_lock (&self->lock);
  self->options = *options;
  g_rec_mutex_unlock (&self->lock);
}

/**
 * facenet_visits_advance:
 * @self: visits
 * @time: the time of the stream, in ns; %FACENET_TIME_NONE when it is not
 *   known: no time passes then
 * @backwards: whether the stream is played backwards
 *
 * Moves on to a time, with or without faces: visits end whose last face is
 * longer ago than the window. A time more than a second before the last one
 * begins anew, as facenet_visits_end() does.
 *
 * Returns: %FALSE when it began anew
 *
 * Since: 0.1
 */
gboolean
facenet_visits_advance (FacenetVisits * self, guint64 time, gboolean backwards)
{
  gboolean goes_on = TRUE;
  gint64 step = 0;

  g_rec_mutex_lock (&self->lock);
  facenet_visit_queue_drop (&self->queue);
  if (time != FACENET_TIME_NONE && self->now.time != FACENET_TIME_NONE) {
    step = (gint64) (time - self->now.time);
    if (backwards)
      step = -step;
  }
  if (step < -JITTER) {
    facenet_visits_end (self);
    goes_on = FALSE;
    step = 0;
  }
  if (time != FACENET_TIME_NONE && (step > 0
          || self->now.time == FACENET_TIME_NONE)) {
    self->now.clock += (guint64) step;
    self->now.time = time;
    mark_gone (self, time);
  }
  if (self->options.follow)
    end_old (self);
  else
    end_all (self);
  g_rec_mutex_unlock (&self->lock);
  return goes_on;
}

/**
 * facenet_visits_see: (skip)
 * @self: visits
 * @faces: (array length=n_faces): the faces of a frame, of the gallery's model
 * @n_faces: how many
 * @frame: number of the frame; the faces of one frame may come in parts, one
 *   after the other and without time passing, under one number. 0: these are
 *   all of them
 * @notes: (nullable): a note for each face, one behind the other
 * @error: return location for a #GError
 *
 * Judges the faces of the present time. What is to be said of them and of the
 * visits that end is for facenet_visits_pop(): of each face in its order one
 * event. Nothing is allocated once that many faces were seen, but for people
 * who come and go.
 *
 * Returns: %TRUE, or %FALSE with %FACENET_ERROR_SHAPE, and nothing done, when an
 *   embedding is of another length than the gallery's
 *
 * Since: 0.1
 */
gboolean
facenet_visits_see (FacenetVisits * self, const FacenetSighting * faces,
    guint n_faces, guint64 frame, gconstpointer notes, GError ** error)
{
  if (!check_faces (self, faces, n_faces, error))
    return FALSE;
  facenet_visit_queue_drop (&self->queue);
  if (self->options.follow)
    follow (self, faces, n_faces, frame);
  facenet_visits_judge (self, faces, n_faces, notes);
  return TRUE;
}

/**
 * facenet_visits_end: (skip)
 * @self: visits
 *
 * The stream ends or jumps: all visits end, reports may be made again, and the
 * next time may be any. Unknown people keep their ids.
 *
 * Since: 0.1
 */
void
facenet_visits_end (FacenetVisits * self)
{
  facenet_visit_queue_drop (&self->queue);
  end_all (self);
  facenet_rate_limit_reset (&self->rate_limit);
  self->now.time = FACENET_TIME_NONE;
}

/**
 * facenet_visits_reset:
 * @self: visits
 *
 * Another stream begins: forgets the unknown people, who are numbered anew.
 * Visits should have been ended, see facenet_visits_end().
 *
 * Since: 0.1
 */
void
facenet_visits_reset (FacenetVisits * self)
{
  g_rec_mutex_lock (&self->lock);
  facenet_strangers_reset (&self->strangers);
  g_rec_mutex_unlock (&self->lock);
}

/**
 * facenet_visits_pop: (skip)
 * @self: visits
 *
 * Takes the next event of those that facenet_visits_advance(),
 * facenet_visits_see() and facenet_visits_end() left. Events about faces that
 * were not taken are dropped by the next of these calls, those about visits
 * that ended are kept.
 *
 * Returns: (transfer none) (nullable): the event, %NULL when there is none
 *
 * Since: 0.1
 */
const FacenetVisitEvent *
facenet_visits_pop (FacenetVisits * self)
{
  return facenet_visit_queue_pop (&self->queue);
}

/**
 * facenet_visits_admit: (skip)
 * @self: visits
 * @event: an event that was just popped and is about to be told
 * @suppressed: (inout): set to how often the same was suppressed since it was
 *   last admitted; unchanged without an interval
 *
 * Limits how often the same is told: an event (of a reject, with a reason)
 * about a person at most once in the interval of the options. Ask only when
 * the event is really to be told, since that begins an interval.
 *
 * Returns: whether to tell it
 *
 * Since: 0.1
 */
gboolean
facenet_visits_admit (FacenetVisits * self, const FacenetVisitEvent * event,
    gint64 * suppressed)
{
  return self->options.interval == 0
      || facenet_rate_limit_admit (&self->rate_limit, &event->verdict,
      self->now.clock, self->options.interval, suppressed);
}
