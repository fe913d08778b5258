/* facenet-visits-judge.c - verdicts over time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Each face is compared twice, by its own embedding and by the mean embedding
 * of its track. The mean is the better evidence, a single face the more
 * independent of the frame before; so the mean says for whom a vote is, and the
 * face has to agree: it may be somewhat beyond that person's threshold, but
 * must not be nearer to somebody else. A person with enough votes is confirmed.
 * Unknown faces are voted on and confirmed the same way.
 */
#include "track/facenet-visits-private.h"

#include <facenet/facenet-metric.h>

/* How far beyond the threshold a face may be and still agree that it is the
 * person whom its track's mean matches, as a factor of squared L2. */
#define AGREEMENT 1.25

/* The id for votes that say "unknown": no person has an empty id. */
#define NOBODY ""

/* A face that is being judged. */
typedef struct
{
  const FacenetSighting *face;
  guint index;
  gconstpointer note;           /* nullable */
} FacenetJudged;

/* The segment of the i'th face. */
static FacenetSegment *
get_segment (const FacenetVisits * self, guint i)
{
  const FacenetTrack *track = g_ptr_array_index (self->tracks, i);

  return ((FacenetSegments *) track->data)->now;
}

/* What a face's track or segment looks like. */
static FacenetProbe
get_mean (const FacenetVisits * self, guint i)
{
  const FacenetTrack *track = g_ptr_array_index (self->tracks, i);
  FacenetSegment *segment = get_segment (self, i);
  FacenetProbe probe = { track->embedding, track->n_dims };

  if (self->options.split_distance > 0) {
    probe.embedding = facenet_segment_get_mean (segment);
    probe.n_dims = segment->mean.n_dims;
  }
  return probe;
}

/* Compares all faces and, in the same search, the means of their tracks. */
static void
compare (FacenetVisits * self, const FacenetSighting * faces, guint n)
{
  const gboolean follows = self->options.follow;
  const guint n_probes = follows ? 2 * n : n;

  g_array_set_size (self->probes, 0);
  for (guint i = 0; i < n; i++)
    g_array_append_vals (self->probes, faces[i].embedding, faces[i].n_dims);
  for (guint i = 0; follows && i < n; i++) {
    FacenetProbe mean = get_mean (self, i);

    g_array_append_vals (self->probes, mean.embedding, mean.n_dims);
  }
  g_array_set_size (self->verdicts, n_probes);
  g_array_set_size (self->candidates, n_probes * self->policy.top_k);
  facenet_gallery_match (self->gallery, &self->policy,
      (const gfloat *) (gpointer) self->probes->data, n_probes,
      (FacenetVerdict *) (gpointer) self->verdicts->data,
      (FacenetCandidate *) (gpointer) self->candidates->data);
}

static void
reject (FacenetVerdict * verdict, const gchar * reason)
{
  verdict->event = FACENET_EVENT_REJECT;
  verdict->reason = reason;
}

/* A face that is too poor to say anything about; one whose quality was not
 * measured (NaN) passes. */
static gboolean
reject_low_quality (const FacenetVisits * self, const FacenetSighting * face,
    FacenetVerdict * verdict)
{
  if (!(face->quality < self->options.min_quality))
    return FALSE;
  reject (verdict, "low-quality");
  return TRUE;
}

/* Whether a face was recognised: votes also say so of somebody expired. */
static gboolean
is_recognised (const FacenetVerdict * verdict)
{
  return verdict->event == FACENET_EVENT_MATCH || verdict->expired;
}

/* Whether a face by itself agrees with what is concluded from its track. */
static gboolean
agrees (const FacenetVisits * self, const FacenetVerdict * own,
    const FacenetVerdict * verdict)
{
  const FacenetMetric metric = self->policy.metric;

  if (verdict->event == FACENET_EVENT_UNKNOWN)
    return !is_recognised (own);
  return own->identity >= 0 && own->identity == verdict->identity
      && facenet_metric_to_squared_l2 (metric, own->distance) <=
      AGREEMENT * facenet_metric_to_squared_l2 (metric, own->threshold);
}

/* A vote, if this face has one; and the votes for the same person so far. */
static gboolean
vote (FacenetVisits * self, FacenetSegment * segment,
    const FacenetVerdict * own, FacenetVisitEvent * event)
{
  const FacenetVerdict *verdict = &event->verdict;
  const gchar *id = verdict->id != NULL ? verdict->id : NOBODY;
  gboolean votes = is_recognised (verdict)
      || verdict->event == FACENET_EVENT_UNKNOWN;

  facenet_votes_expire (segment->votes, self->now.clock, self->options.window);
  votes = votes && agrees (self, own, verdict);
  if (votes)
    facenet_votes_cast (segment->votes, id, self->now.clock);
  event->votes = (gint) facenet_votes_count (segment->votes, id);
  return votes;
}

/* Gives an unknown person an id that stays. */
static void
name_stranger (FacenetVisits * self, guint i, FacenetSegment * segment)
{
  const FacenetProbe mean = get_mean (self, i);

  if (segment->stranger == 0)
    segment->stranger = facenet_strangers_find (&self->strangers, &mean,
        facenet_metric_to_squared_l2 (self->policy.metric,
            facenet_gallery_find_threshold (self->gallery, &self->policy)),
        self->gallery, self->frame);
  facenet_strangers_see (&self->strangers, segment->stranger, &mean,
      self->frame);
}

/* Somebody has enough votes: notes who is there. */
static void
confirm (FacenetVisits * self, FacenetTrack * track, FacenetSegment * segment,
    const FacenetJudged * judged, FacenetVerdict * verdict)
{
  g_autofree gchar *id = NULL;

  if (verdict->event == FACENET_EVENT_UNKNOWN) {
    name_stranger (self, judged->index, segment);
    id = g_strdup_printf ("unknown-%u", segment->stranger);
  } else {
    segment->stranger = 0;
    id = g_strdup (verdict->id);
  }
  if (g_strcmp0 (segment->id, id) != 0) {
    /* Before them somebody else was on this segment, or nobody: then they are
     * there since it began. */
    if (segment->id != NULL) {
      facenet_visits_depart (self, track->id, segment);
      segment->since = self->now.clock;
      segment->visit.n_faces = 0;
      facenet_visits_add_face (self, segment, judged->face);
    }
    segment->id = g_steal_pointer (&id);
    segment->name = g_strdup (verdict->name);
  }
  segment->until = self->now.clock;
  facenet_segment_keep_note (segment, judged->note, self->note_size);
  verdict->id = segment->id;
}

/* What is said of a face that is followed. */
static void
judge_track (FacenetVisits * self, const FacenetJudged * judged,
    FacenetVisitEvent * event)
{
  FacenetTrack *track = g_ptr_array_index (self->tracks, judged->index);
  FacenetSegment *segment = get_segment (self, judged->index);
  FacenetVerdict *verdict = &event->verdict;
  gboolean voted;

  event->track_id = track->id;
  if (reject_low_quality (self, judged->face, verdict))
    return;
  if (self->gallery == NULL) {
    segment->until = self->now.clock;
    return;
  }
  voted = vote (self, segment, &g_array_index (self->verdicts, FacenetVerdict,
          judged->index), event);
  if (!is_recognised (verdict) && verdict->event != FACENET_EVENT_UNKNOWN)
    return;
  if (!voted || event->votes < (gint) self->options.min_matches) {
    reject (verdict, "not-confirmed");
    event->repeated = segment->told || segment->id != NULL;
    segment->told = TRUE;
  } else if (!verdict->expired) {
    confirm (self, track, segment, judged, verdict);
  }
}

/* Takes over what the gallery decided about the i'th probe. */
static void
take_verdict (const FacenetVisits * self, guint i, FacenetVisitEvent * event)
{
  if (self->gallery == NULL) {
    facenet_gallery_describe (NULL, NULL, &event->verdict);
    return;
  }
  event->verdict = g_array_index (self->verdicts, FacenetVerdict, i);
  event->candidates = &g_array_index (self->candidates, FacenetCandidate,
      i * self->policy.top_k);
}

/* Judges a face. The person who was on its track before is lost first. */
static void
judge (FacenetVisits * self, const FacenetJudged * judged, guint n)
{
  FacenetVisitEvent event = {.face = (gint) judged->index,.votes = -1 };

  event.track_id = judged->face->track_id;
  if (self->options.follow) {
    take_verdict (self, n + judged->index, &event);
    judge_track (self, judged, &event);
    event.visit = get_segment (self, judged->index)->visit;
  } else {
    take_verdict (self, judged->index, &event);
    reject_low_quality (self, judged->face, &event.verdict);
  }
  facenet_visit_queue_push (&self->queue, &event);
}

void
facenet_visits_judge (FacenetVisits * self, const FacenetSighting * faces,
    guint n, gconstpointer notes)
{
  if (self->gallery != NULL && n > 0)
    compare (self, faces, n);
  for (guint i = 0; i < n; i++) {
    FacenetJudged judged = { &faces[i], i, NULL };

    if (notes != NULL)
      judged.note = (const gchar *) notes + i * self->note_size;
    judge (self, &judged, n);
  }
}
