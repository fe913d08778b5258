/* gstfacematchtracks.c - faces judged over time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each face is compared twice, by its own embedding and by the mean embedding
 * of its track. The mean knows better who it is, a single face is more
 * independent of the one before; so the mean says whom a vote is for, and the
 * face has to be in favour: it may be somewhat beyond that person's threshold,
 * but must not be nearer to somebody else. Somebody with enough votes is
 * confirmed. Nobody's faces are voted for and confirmed in the same way.
 */
#include "gstfacematchtracks.h"

#include <facenet/facenet-metric.h>
#include <facenet/facenet-rule.h>
#include <facenet/facenet-votes.h>
#include <string.h>

/* How far beyond the threshold a face may be and still be in favour of the
 * person whom its track's mean matches, as a factor of squared L2. */
#define FAVOUR 1.25

/* For whom votes are that say "nobody I know": nobody has an empty id. */
#define NOBODY ""

/* Steps back in time of up to this are jitter of the source. */
#define JITTER GST_SECOND

/* What is kept of a track. */
typedef struct
{
  FacenetVotes *votes;
  gchar *id;                    /* whoever was confirmed, NULL: nobody yet */
  gchar *name;                  /* nullable */
  guint stranger;               /* their number, 0: none */
  guint64 since;                /* when they came */
  guint64 until;                /* when they were last confirmed */
  gboolean told;                /* that nobody is confirmed yet */
  GstFaceMatchTimes times;      /* of the last face that was confirmed */
  GstFaceEmbeddingMeta face;    /* that face, without what it owns */
} GstFaceMatchTrack;

static GstFaceMatchTrack *
track_new (guint64 now)
{
  GstFaceMatchTrack *self = g_new0 (GstFaceMatchTrack, 1);

  self->votes = facenet_votes_new ();
  self->since = now;
  return self;
}

static void
track_free (gpointer data)
{
  GstFaceMatchTrack *self = data;

  facenet_votes_free (self->votes);
  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

void
gst_face_match_departure_free (GstFaceMatchDeparture * self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

void
gst_face_match_tracks_init (GstFaceMatchTracks * self)
{
  self->tracker = facenet_tracker_new (0, track_free);
  gst_face_match_strangers_init (&self->strangers);
  self->sightings = g_array_new (FALSE, FALSE, sizeof (FacenetSighting));
  self->tracks = g_ptr_array_new ();
  self->means = g_array_new (FALSE, FALSE, sizeof (gfloat));
  g_queue_init (&self->departures);
  self->now = 0;
  self->frame = 0;
  self->last = GST_CLOCK_TIME_NONE;
}

void
gst_face_match_tracks_clear (GstFaceMatchTracks * self)
{
  facenet_tracker_free (self->tracker);
  gst_face_match_strangers_clear (&self->strangers);
  g_array_unref (self->sightings);
  g_ptr_array_unref (self->tracks);
  g_array_unref (self->means);
  g_queue_clear_full (&self->departures,
      (GDestroyNotify) gst_face_match_departure_free);
}

gboolean
gst_face_match_tracks_advance (GstFaceMatchTracks * self,
    GstClockTime stream_time, gdouble rate)
{
  GstClockTimeDiff step;

  if (!GST_CLOCK_TIME_IS_VALID (stream_time))
    return TRUE;
  if (!GST_CLOCK_TIME_IS_VALID (self->last)) {
    self->last = stream_time;
    return TRUE;
  }
  step = GST_CLOCK_DIFF (self->last, stream_time);
  if (rate < 0)
    step = -step;
  if (step < -JITTER)
    return FALSE;
  if (step > 0) {
    self->now += (guint64) step;
    self->last = stream_time;
  }
  return TRUE;
}

/* Another track on which the same person still is. */
static GstFaceMatchTrack *
find_elsewhere (GstFaceMatchTracks * self, const GstFaceMatchTrack * track)
{
  guint i;

  for (i = 0; i < facenet_tracker_get_n_tracks (self->tracker); i++) {
    GstFaceMatchTrack *other =
        facenet_tracker_get_track (self->tracker, i)->data;

    if (other != NULL && other != track
        && g_strcmp0 (other->id, track->id) == 0)
      return other;
  }
  return NULL;
}

/* Whoever was confirmed on a track is there no longer. Somebody who is also on
 * another track has only lost the first: the visit goes on. */
static void
depart (GstFaceMatchTracks * self, gint track_id, GstFaceMatchTrack * track)
{
  GstFaceMatchTrack *elsewhere;
  GstFaceMatchDeparture *departure;

  if (track->id == NULL)
    return;
  elsewhere = find_elsewhere (self, track);
  if (elsewhere != NULL) {
    elsewhere->since = MIN (elsewhere->since, track->since);
  } else {
    departure = g_new0 (GstFaceMatchDeparture, 1);
    departure->id = g_strdup (track->id);
    departure->name = g_strdup (track->name);
    departure->track_id = track_id;
    departure->dwell = track->until - track->since;
    departure->times = track->times;
    departure->face = track->face;
    g_queue_push_tail (&self->departures, departure);
  }
  g_clear_pointer (&track->id, g_free);
  g_clear_pointer (&track->name, g_free);
}

static void
end_track (GstFaceMatchTracks * self, FacenetTrack * track)
{
  if (track->data != NULL)
    depart (self, track->id, track->data);
  facenet_tracker_remove (self->tracker, track);
}

void
gst_face_match_tracks_end_old (GstFaceMatchTracks * self, guint64 window)
{
  FacenetTrack *track;

  facenet_tracker_set_window (self->tracker, window);
  while ((track = facenet_tracker_find_ended (self->tracker, self->now)))
    end_track (self, track);
}

void
gst_face_match_tracks_end_all (GstFaceMatchTracks * self)
{
  while (facenet_tracker_get_n_tracks (self->tracker) > 0)
    end_track (self, facenet_tracker_get_track (self->tracker, 0));
  self->last = GST_CLOCK_TIME_NONE;
}

GstFaceMatchDeparture *
gst_face_match_tracks_pop_departure (GstFaceMatchTracks * self)
{
  return g_queue_pop_head (&self->departures);
}

static void
collect_sightings (GstFaceMatchTracks * self, const GstFaceMatchBatch * batch)
{
  guint i;

  g_array_set_size (self->sightings, 0);
  for (i = 0; i < batch->faces->len; i++) {
    const GstFaceEmbeddingMeta *face = gst_face_match_batch_get_face (batch, i);
    FacenetSighting sighting;

    sighting.embedding = face->embedding;
    sighting.n_dims = face->n_dims;
    sighting.track_id = face->track_id;
    sighting.x = face->x;
    sighting.y = face->y;
    sighting.width = face->w;
    sighting.height = face->h;
    sighting.quality = face->quality;
    g_array_append_val (self->sightings, sighting);
  }
}

/* Faces that facecrop put on buffers of their own are of one frame still. A
 * first one that was lost on the way is made up for by the time. */
static void
begin_frame (GstFaceMatchTracks * self, const GstFaceMatchBatch * batch)
{
  if (batch->frame == self->batch_frame && self->now == self->followed)
    facenet_tracker_resume (self->tracker);
  else
    self->frame++;
  self->batch_frame = batch->frame;
  self->followed = self->now;
}

const GArray *
gst_face_match_tracks_follow (GstFaceMatchTracks * self,
    const GstFaceMatchBatch * batch)
{
  guint i;

  begin_frame (self, batch);
  collect_sightings (self, batch);
  g_ptr_array_set_size (self->tracks, (gint) batch->faces->len);
  facenet_tracker_follow (self->tracker, self->now,
      (const FacenetSighting *) (gpointer) self->sightings->data,
      batch->faces->len, (FacenetTrack **) self->tracks->pdata);
  g_array_set_size (self->means, 0);
  for (i = 0; i < batch->faces->len; i++) {
    FacenetTrack *track = g_ptr_array_index (self->tracks, i);
    GstFaceMatchTrack *data;

    if (track->data == NULL)
      track->data = track_new (self->now);
    data = track->data;
    if (data->stranger > 0)
      gst_face_match_strangers_see (&self->strangers, data->stranger, NULL,
          self->frame);
    g_array_append_vals (self->means, track->embedding, track->n_dims);
  }
  return self->means;
}

/* Takes over what the matcher decided. */
static void
set_match (GstFaceMatchConclusion * conclusion, const GstFaceMatchBatch * batch,
    guint decision)
{
  conclusion->match = *gst_face_match_batch_get_match (batch, decision);
  conclusion->candidates = gst_face_match_batch_get_candidates (batch,
      decision);
  conclusion->identity = -1;
  conclusion->track_id = -1;
  conclusion->votes = -1;
  conclusion->again = FALSE;
  conclusion->id = conclusion->match.id;
  conclusion->name = conclusion->match.name;
  if (conclusion->match.event != FACENET_EVENT_UNKNOWN)
    conclusion->identity = conclusion->match.identity;
}

static void
reject (GstFaceMatchConclusion * conclusion, const gchar * reason)
{
  conclusion->match.event = FACENET_EVENT_REJECT;
  conclusion->match.reason = reason;
}

/* A face that is too poor to say anything about; one that nobody has measured
 * (NaN) may pass. */
static gboolean
reject_low_quality (GstFaceMatchConclusion * conclusion,
    const GstFaceEmbeddingMeta * face, const GstFaceMatchSettings * settings)
{
  if (!(face->quality < settings->min_quality))
    return FALSE;
  reject (conclusion, "low-quality");
  return TRUE;
}

void
gst_face_match_conclude_alone (const GstFaceMatchBatch * batch,
    const GstFaceMatchSnapshot * now, guint i,
    GstFaceMatchConclusion * conclusion)
{
  const GstFaceEmbeddingMeta *face = gst_face_match_batch_get_face (batch, i);

  set_match (conclusion, batch, i);
  conclusion->track_id = face->track_id;
  reject_low_quality (conclusion, face, &now->settings);
}

/* Whether a face was recognised: votes also say so of somebody expired. */
static gboolean
is_recognised (const FacenetVerdict * match)
{
  return match->event == FACENET_EVENT_MATCH || match->expired;
}

/* Whether a face by itself is in favour of what is concluded from its track. */
static gboolean
is_in_favour (const GstFaceMatchBatch * batch, guint i,
    const GstFaceMatchConclusion * conclusion, FacenetMetric metric)
{
  const FacenetVerdict *own = gst_face_match_batch_get_match (batch, i);

  if (conclusion->match.event == FACENET_EVENT_UNKNOWN)
    return !is_recognised (own);
  return own->identity >= 0 && own->identity == conclusion->identity
      && facenet_metric_to_squared_l2 (metric, own->distance) <=
      FAVOUR * facenet_metric_to_squared_l2 (metric, own->threshold);
}

/* A vote, if this face has one; the votes for the same so far. */
static gboolean
vote (GstFaceMatchTracks * self, GstFaceMatchTrack * track,
    const GstFaceMatchBatch * batch, const GstFaceMatchSnapshot * now, guint i,
    GstFaceMatchConclusion * conclusion)
{
  const gchar *id = conclusion->id != NULL ? conclusion->id : NOBODY;
  gboolean votes = is_recognised (&conclusion->match)
      || conclusion->match.event == FACENET_EVENT_UNKNOWN;

  facenet_votes_expire (track->votes, self->now, now->settings.match_window);
  votes = votes && is_in_favour (batch, i, conclusion, now->settings.metric);
  if (votes)
    facenet_votes_cast (track->votes, id, self->now);
  conclusion->votes = (gint) facenet_votes_count (track->votes, id);
  return votes;
}

/* Gives somebody unknown an id that stays. */
static void
name_stranger (GstFaceMatchTracks * self, const FacenetTrack * track,
    const GstFaceMatchSnapshot * now, GstFaceMatchTrack * data)
{
  const gdouble threshold = facenet_metric_to_squared_l2 (now->settings.metric,
      gst_face_match_settings_find_threshold (&now->settings, now->gallery));

  if (data->stranger == 0)
    data->stranger = gst_face_match_strangers_find (&self->strangers, track,
        threshold, now->gallery, self->frame);
  gst_face_match_strangers_see (&self->strangers, data->stranger, track,
      self->frame);
}

/* Somebody has enough votes: notes who is there. */
static void
confirm (GstFaceMatchTracks * self, FacenetTrack * track,
    const GstFaceMatchSnapshot * now, GstFaceMatchConclusion * conclusion)
{
  GstFaceMatchTrack *data = track->data;
  g_autofree gchar *id = NULL;

  if (conclusion->match.event == FACENET_EVENT_UNKNOWN) {
    name_stranger (self, track, now, data);
    id = g_strdup_printf ("unknown-%u", data->stranger);
  } else {
    data->stranger = 0;
    id = g_strdup (conclusion->id);
  }
  if (g_strcmp0 (data->id, id) != 0) {
    /* Before them there was somebody else on this track, or nobody: then
     * they are there since it began. */
    if (data->id != NULL) {
      depart (self, track->id, data);
      data->since = self->now;
    }
    data->id = g_steal_pointer (&id);
    data->name = g_strdup (conclusion->name);
  }
  data->until = self->now;
  conclusion->id = data->id;
}

/* The last face of whoever is confirmed, for when they leave. */
static void
keep_face (GstFaceMatchTrack * data, const GstFaceEmbeddingMeta * face,
    const GstFaceMatchTimes * times)
{
  data->times = *times;
  data->face = *face;
  data->face.embedding = NULL;
  data->face.n_dims = 0;
  data->face.model_id = NULL;
}

void
gst_face_match_tracks_conclude (GstFaceMatchTracks * self,
    const GstFaceMatchBatch * batch, const GstFaceMatchSnapshot * now,
    const GstFaceMatchTimes * times, guint i,
    GstFaceMatchConclusion * conclusion)
{
  FacenetTrack *track = g_ptr_array_index (self->tracks, i);
  GstFaceMatchTrack *data = track->data;
  gboolean voted;

  set_match (conclusion, batch, batch->faces->len + i);
  conclusion->track_id = track->id;
  if (reject_low_quality (conclusion,
          gst_face_match_batch_get_face (batch, i), &now->settings))
    return;
  voted = vote (self, data, batch, now, i, conclusion);
  if (!is_recognised (&conclusion->match)
      && conclusion->match.event != FACENET_EVENT_UNKNOWN)
    return;
  if (!voted || conclusion->votes < (gint) now->settings.min_matches) {
    reject (conclusion, "not-confirmed");
    conclusion->again = data->told || data->id != NULL;
    data->told = TRUE;
    return;
  }
  if (conclusion->match.event != FACENET_EVENT_REJECT) {
    confirm (self, track, now, conclusion);
    keep_face (data, gst_face_match_batch_get_face (batch, i), times);
  }
}
