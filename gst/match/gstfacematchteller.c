/* gstfacematchteller.c - tells what was decided
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Metadata tells everything. A message and a line of the log are for an event
 * that is to be reported, about somebody who is not to be ignored, and that
 * was not told a moment ago.
 */
#include "gstfacematchteller.h"

#include <facenet/facenet-rule.h>
#include <gst/facenet/gstfacematchmeta.h>
#include <math.h>

#include "gstfacematchcrop.h"
#include "gstfacematchmessage.h"
#include "common/gstfaceneterror.h"

/* One occasion to tell something. */
typedef struct
{
  GstFaceMatchTeller *teller;
  GstBaseTransform *element;
  const GstFaceMatchSnapshot *now;
  GstBuffer *buffer;            /* NULL when there is none */
  gchar *stream_id;             /* owned, nullable */
} GstFaceMatchOccasion;

static void
occasion_init (GstFaceMatchOccasion * occasion, GstFaceMatchTeller * self,
    GstBaseTransform * element, const GstFaceMatchSnapshot * now,
    GstBuffer * buffer)
{
  occasion->teller = self;
  occasion->element = element;
  occasion->now = now;
  occasion->buffer = buffer;
  if (now->settings.stream_id != NULL)
    occasion->stream_id = g_strdup (now->settings.stream_id);
  else
    occasion->stream_id =
        gst_pad_get_stream_id (GST_BASE_TRANSFORM_SINK_PAD (element));
}

static void
occasion_clear (GstFaceMatchOccasion * occasion)
{
  g_free (occasion->stream_id);
}

void
gst_face_match_teller_init (GstFaceMatchTeller * self)
{
  gst_face_match_tracks_init (&self->tracks);
  gst_face_match_intervals_init (&self->intervals);
  gst_face_match_log_init (&self->log);
}

void
gst_face_match_teller_clear (GstFaceMatchTeller * self)
{
  gst_face_match_tracks_clear (&self->tracks);
  gst_face_match_intervals_clear (&self->intervals);
  gst_face_match_log_clear (&self->log);
}

GstClockTime
gst_face_match_teller_get_stream_time (GstBaseTransform * element,
    GstClockTime timestamp)
{
  const GstSegment *segment = &element->segment;

  if (segment->format != GST_FORMAT_TIME
      || !GST_CLOCK_TIME_IS_VALID (timestamp))
    return GST_CLOCK_TIME_NONE;
  return gst_segment_to_stream_time (segment, GST_FORMAT_TIME, timestamp);
}

static void
get_times (GstBaseTransform * element, GstBuffer * buffer,
    GstFaceMatchTimes * times)
{
  const GstSegment *segment = &element->segment;

  times->timestamp = GST_BUFFER_PTS (buffer);
  times->duration = GST_BUFFER_DURATION (buffer);
  times->stream_time = gst_face_match_teller_get_stream_time (element,
      times->timestamp);
  times->running_time = GST_CLOCK_TIME_NONE;
  if (segment->format == GST_FORMAT_TIME && GST_BUFFER_PTS_IS_VALID (buffer))
    times->running_time = gst_segment_to_running_time (segment,
        GST_FORMAT_TIME, times->timestamp);
}

static void
write_log (const GstFaceMatchOccasion * occasion,
    const GstFaceMatchVerdict * verdict, const GstStructure * structure)
{
  gboolean biometrics = occasion->now->settings.log_biometrics;
  g_autoptr (GError) error = NULL;

  if (!gst_face_match_log_write (&occasion->teller->log, structure,
          biometrics ? verdict->face : NULL, &error) && error != NULL)
    gst_facenet_post_warning (GST_ELEMENT (occasion->element), error);
}

/* The face as it is on the buffer, if there is one that can be read. */
static void
attach_frame (const GstFaceMatchOccasion * occasion,
    const GstFaceMatchVerdict * verdict, GstStructure * structure)
{
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstSample) sample = NULL;

  if (occasion->buffer == NULL || !occasion->now->settings.attach_frame)
    return;
  caps = gst_pad_get_current_caps
      (GST_BASE_TRANSFORM_SINK_PAD (occasion->element));
  sample = gst_face_match_crop_new_sample (occasion->buffer, caps,
      verdict->face);
  if (sample != NULL)
    gst_structure_set (structure, "frame", GST_TYPE_SAMPLE, sample, NULL);
}

/* Posts a message with these fields (transfer full). */
static void
post (const GstFaceMatchOccasion * occasion,
    const GstFaceMatchVerdict * verdict, GstStructure * structure)
{
  GstElement *element = GST_ELEMENT (occasion->element);

  attach_frame (occasion, verdict, structure);
  gst_element_post_message (element,
      gst_message_new_element (GST_OBJECT (element), structure));
}

/* Tells one verdict, if it is to be told. */
static void
tell (const GstFaceMatchOccasion * occasion, GstFaceMatchVerdict * verdict)
{
  const GstFaceMatchSettings *settings = &occasion->now->settings;
  const FacenetAction action = verdict->match->action;
  GstFaceMatchTeller *self = occasion->teller;
  gboolean posts = settings->post_messages && action == FACENET_ACTION_ALERT;
  gboolean logs = verdict->match->reportable
      && gst_face_match_log_is_wanted (&self->log);
  GstStructure *structure;

  if (!(posts || logs)
      || !gst_face_match_settings_reports (settings, verdict->match->event))
    return;
  if (settings->message_interval > 0
      && !gst_face_match_intervals_admit (&self->intervals, verdict->match,
          verdict->id, self->tracks.now, settings->message_interval,
          &verdict->suppressed))
    return;
  structure = gst_face_match_message_new_structure (verdict);
  if (logs)
    write_log (occasion, verdict, structure);
  if (posts)
    post (occasion, verdict, structure);
  else
    gst_structure_free (structure);
}

/* What all verdicts of an occasion have in common. */
static void
init_verdict (const GstFaceMatchOccasion * occasion,
    GstFaceMatchVerdict * verdict)
{
  verdict->gallery = occasion->now->gallery;
  verdict->generation = occasion->now->generation;
  verdict->metric = occasion->now->settings.metric;
  verdict->stream_id = occasion->stream_id;
  verdict->suppressed = -1;
  verdict->dwell = GST_CLOCK_TIME_NONE;
}

static void
tell_departure (const GstFaceMatchOccasion * occasion,
    const GstFaceMatchDeparture * departure)
{
  GstFaceMatchVerdict verdict;
  FacenetVerdict lost;

  facenet_gallery_describe (occasion->now->gallery, departure->id, &lost);
  lost.event = FACENET_EVENT_LOST;
  init_verdict (occasion, &verdict);
  verdict.face = &departure->face;
  verdict.match = &lost;
  verdict.candidates = NULL;
  verdict.id = departure->id;
  verdict.name = departure->name;
  verdict.identity = lost.identity;
  verdict.track_id = departure->track_id;
  verdict.votes = -1;
  verdict.dwell = departure->dwell;
  verdict.times = departure->times;
  tell (occasion, &verdict);
}

static void
tell_departures (GstFaceMatchTeller * self, GstBaseTransform * element,
    const GstFaceMatchSnapshot * now)
{
  GstFaceMatchDeparture *departure;
  GstFaceMatchOccasion occasion;

  if (g_queue_is_empty (&self->tracks.departures))
    return;
  occasion_init (&occasion, self, element, now, NULL);
  while ((departure = gst_face_match_tracks_pop_departure (&self->tracks))) {
    if (now->gallery != NULL)
      tell_departure (&occasion, departure);
    gst_face_match_departure_free (departure);
  }
  occasion_clear (&occasion);
}

void
gst_face_match_teller_end (GstFaceMatchTeller * self,
    GstBaseTransform * element, const GstFaceMatchSnapshot * now)
{
  gst_face_match_tracks_end_all (&self->tracks);
  tell_departures (self, element, now);
  gst_face_match_intervals_reset (&self->intervals);
}

void
gst_face_match_teller_begin (GstFaceMatchTeller * self,
    GstBaseTransform * element, const GstFaceMatchSnapshot * now)
{
  gst_face_match_teller_end (self, element, now);
  gst_face_match_strangers_reset (&self->tracks.strangers);
}

void
gst_face_match_teller_pass (GstFaceMatchTeller * self,
    GstBaseTransform * element, const GstFaceMatchSnapshot * now,
    GstClockTime stream_time)
{
  if (!gst_face_match_tracks_advance (&self->tracks, stream_time,
          element->segment.rate)) {
    GST_DEBUG_OBJECT (element, "stream time went back to %" GST_TIME_FORMAT,
        GST_TIME_ARGS (stream_time));
    gst_face_match_teller_end (self, element, now);
    gst_face_match_tracks_advance (&self->tracks, stream_time,
        element->segment.rate);
  }
  if (!gst_face_match_settings_follows (&now->settings))
    gst_face_match_tracks_end_all (&self->tracks);
  else
    gst_face_match_tracks_end_old (&self->tracks, now->settings.match_window);
  tell_departures (self, element, now);
}

static void
attach (const GstFaceMatchConclusion * conclusion,
    const GstFaceEmbeddingMeta * face, GstBuffer * buffer)
{
  GstFaceMatchMeta *meta = gst_buffer_add_face_match_meta (buffer,
      face->index, conclusion->match.event, conclusion->id, conclusion->name);

  meta->distance = conclusion->match.distance;
  meta->margin = conclusion->match.margin;
}

static void
tell_conclusion (const GstFaceMatchOccasion * occasion,
    const GstFaceMatchConclusion * conclusion,
    const GstFaceEmbeddingMeta * face, const GstFaceMatchTimes * times)
{
  GstFaceMatchVerdict verdict;

  GST_LOG_OBJECT (occasion->element, "face %u: %s %s", face->index,
      facenet_event_get_nick (conclusion->match.event),
      conclusion->match.reason != NULL ? conclusion->match.reason : "");
  attach (conclusion, face, occasion->buffer);
  if (conclusion->again)
    return;
  init_verdict (occasion, &verdict);
  verdict.face = face;
  verdict.match = &conclusion->match;
  verdict.candidates = conclusion->candidates;
  verdict.id = conclusion->id;
  verdict.name = conclusion->name;
  verdict.identity = conclusion->identity;
  verdict.track_id = conclusion->track_id;
  verdict.votes = conclusion->votes;
  verdict.times = *times;
  tell (occasion, &verdict);
}

void
gst_face_match_teller_judge (GstFaceMatchTeller * self,
    GstBaseTransform * element, const GstFaceMatchSnapshot * now,
    GstFaceMatchBatch * batch, GstBuffer * buffer)
{
  gboolean follows = gst_face_match_settings_follows (&now->settings);
  const GArray *means = NULL;
  GstFaceMatchOccasion occasion;
  FacenetMatchPolicy policy;
  GstFaceMatchTimes times;
  guint i;

  if (follows)
    means = gst_face_match_tracks_follow (&self->tracks, batch);
  gst_face_match_settings_get_policy (&now->settings, &policy);
  gst_face_match_batch_decide (batch, now->gallery, &policy, means);
  get_times (element, buffer, &times);
  occasion_init (&occasion, self, element, now, buffer);
  for (i = 0; i < batch->faces->len; i++) {
    GstFaceMatchConclusion conclusion;

    if (follows)
      gst_face_match_tracks_conclude (&self->tracks, batch, now, &times, i,
          &conclusion);
    else
      gst_face_match_conclude_alone (batch, now, i, &conclusion);
    /* Whoever was on the track before is told first. */
    tell_departures (self, element, now);
    tell_conclusion (&occasion, &conclusion,
        gst_face_match_batch_get_face (batch, i), &times);
  }
  occasion_clear (&occasion);
}
