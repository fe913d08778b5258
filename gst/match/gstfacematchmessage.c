/* gstfacematchmessage.c - tells what was decided
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Metadata tells everything. A message and a line of the log are for an event
 * that is among those to be reported, about somebody of whom it may be said,
 * and that was not told a moment ago.
 *
 * The fields are listed with their types in gstfacematch.c. A field that does
 * not apply is left out: no placeholders that an application might take for
 * values.
 */
#include "gstfacematchmessage.h"

#include <gst/facenet/gstfacematchmeta.h>
#include <math.h>

#include "gstfacematchcrop.h"
#include "common/gstfaceneterror.h"

GST_DEBUG_CATEGORY_EXTERN (gst_face_match_debug);
#define GST_CAT_DEFAULT gst_face_match_debug

/* An event and what belongs to it; nothing is owned. */
typedef struct
{
  const GstFaceMatchOutput *output;
  const FacenetVisitEvent *event;
  const GstFaceEmbeddingMeta *face;
  const GstFaceMatchTimes *times;
  gint64 suppressed;            /* -1: does not apply */
} GstFaceMatchTelling;

static void
set_time (GstStructure * structure, const gchar * field, GstClockTime time)
{
  if (GST_CLOCK_TIME_IS_VALID (time))
    gst_structure_set (structure, field, G_TYPE_UINT64, time, NULL);
}

/* A structure takes only UTF-8, and a file name may be anything. */
static void
set_string (GstStructure * structure, const gchar * field, const gchar * string)
{
  g_autofree gchar *valid = NULL;

  if (string == NULL)
    return;
  valid = g_utf8_make_valid (string, -1);
  gst_structure_set (structure, field, G_TYPE_STRING, valid, NULL);
}

static void
set_double (GstStructure * structure, const gchar * field, gdouble number)
{
  if (!isnan (number))
    gst_structure_set (structure, field, G_TYPE_DOUBLE, number, NULL);
}

/* A number that is -1 when it does not apply. */
static void
set_count (GstStructure * structure, const gchar * field, gint64 number)
{
  if (number >= 0)
    gst_structure_set (structure, field, G_TYPE_UINT,
        (guint) MIN (number, G_MAXUINT), NULL);
}

static void
set_face (GstStructure * structure, const GstFaceEmbeddingMeta * face)
{
  if (face->w > 0 && face->h > 0) {
    GstStructure *box = gst_structure_new ("face",
        "x", G_TYPE_UINT, face->x, "y", G_TYPE_UINT, face->y,
        "width", G_TYPE_UINT, face->w, "height", G_TYPE_UINT, face->h, NULL);

    gst_structure_set (structure, "face", GST_TYPE_STRUCTURE, box, NULL);
    gst_structure_free (box);
  }
  if (face->frame_width > 0 && face->frame_height > 0)
    gst_structure_set (structure,
        "frame-width", G_TYPE_UINT, face->frame_width,
        "frame-height", G_TYPE_UINT, face->frame_height, NULL);
}

static void
append_candidate (GValue * list, const FacenetCandidate * candidate)
{
  GValue value = G_VALUE_INIT;
  GstStructure *structure = gst_structure_new ("candidate",
      "id", G_TYPE_STRING, candidate->id,
      "name", G_TYPE_STRING, candidate->name,
      "distance", G_TYPE_DOUBLE, candidate->distance, NULL);

  g_value_init (&value, GST_TYPE_STRUCTURE);
  g_value_take_boxed (&value, structure);
  gst_value_list_append_and_take_value (list, &value);
}

static void
set_candidates (GstStructure * structure, const FacenetVisitEvent * event)
{
  GValue list = G_VALUE_INIT;

  if (event->verdict.n_candidates == 0)
    return;
  gst_value_list_init (&list, event->verdict.n_candidates);
  for (guint i = 0; i < event->verdict.n_candidates; i++)
    append_candidate (&list, &event->candidates[i]);
  gst_structure_take_value (structure, "candidates", &list);
}

/* What the gallery says is to be done about the person. */
static void
set_rule (GstStructure * structure, const FacenetVerdict * verdict,
    const FacenetGallery * gallery)
{
  GValue list = G_VALUE_INIT;
  FacenetRule rule;

  if (verdict->identity < 0 || verdict->id == NULL
      || verdict->event == FACENET_EVENT_UNKNOWN)
    return;
  facenet_gallery_get_rule (gallery, (guint) verdict->identity, &rule);
  set_string (structure, "action", rule.action_name);
  if (rule.n_tags == 0)
    return;
  gst_value_list_init (&list, rule.n_tags);
  for (guint i = 0; i < rule.n_tags; i++) {
    GValue tag = G_VALUE_INIT;

    g_value_init (&tag, G_TYPE_STRING);
    g_value_set_string (&tag, facenet_gallery_get_tag (gallery,
            (guint) verdict->identity, i));
    gst_value_list_append_and_take_value (&list, &tag);
  }
  gst_structure_take_value (structure, "tags", &list);
}

static void
set_decision (GstStructure * structure, const FacenetVerdict * verdict,
    FacenetMetric metric)
{
  set_string (structure, "event", facenet_event_get_nick (verdict->event));
  set_string (structure, "name", verdict->name);
  set_string (structure, "id", verdict->id);
  if (verdict->event == FACENET_EVENT_LOST)
    return;
  set_double (structure, "distance", verdict->distance);
  set_double (structure, "threshold", verdict->threshold);
  set_double (structure, "margin", verdict->margin);
  set_string (structure, "metric", facenet_metric_get_nick (metric));
}

static void
set_stream_id (GstStructure * structure, const GstFaceMatchOutput * output)
{
  g_autoptr (GstPad) pad = NULL;
  g_autofree gchar *id = NULL;

  if (output->now->settings.stream_id != NULL) {
    set_string (structure, "stream-id", output->now->settings.stream_id);
    return;
  }
  pad = gst_element_get_static_pad (output->element, "sink");
  id = gst_pad_get_stream_id (pad);
  set_string (structure, "stream-id", id);
}

static GstStructure *
new_structure (const GstFaceMatchTelling * telling)
{
  const FacenetVisitEvent *event = telling->event;
  const GstFaceMatchSnapshot *now = telling->output->now;
  GstStructure *structure = gst_structure_new_empty ("facematch");

  set_time (structure, "timestamp", telling->times->timestamp);
  set_time (structure, "stream-time", telling->times->stream_time);
  set_time (structure, "running-time", telling->times->running_time);
  set_time (structure, "duration", telling->times->duration);
  set_stream_id (structure, telling->output);
  set_decision (structure, &event->verdict, now->settings.metric);
  set_rule (structure, &event->verdict, now->gallery);
  if (event->track_id >= 0)
    gst_structure_set (structure, "track-id", G_TYPE_INT, event->track_id,
        NULL);
  set_face (structure, telling->face);
  set_candidates (structure, event);
  set_string (structure, "reason", event->verdict.reason);
  set_double (structure, "quality", telling->face->quality);
  set_count (structure, "votes", event->votes);
  set_count (structure, "suppressed", telling->suppressed);
  if (event->verdict.event == FACENET_EVENT_LOST)
    set_time (structure, "dwell", event->visit.dwell);
  set_count (structure, "gallery-generation", now->generation);
  return structure;
}

static void
write_log (const GstFaceMatchTelling * telling, const GstStructure * structure)
{
  const GstFaceMatchOutput *output = telling->output;
  gboolean biometrics = output->now->settings.log_biometrics;
  g_autoptr (GError) error = NULL;

  if (!gst_face_match_log_write (output->log, structure,
          biometrics ? telling->face : NULL, &error) && error != NULL)
    gst_facenet_post_warning (output->element, error);
}

/* The face as it is on the buffer, if there is one that can be read. */
static void
attach_frame (const GstFaceMatchTelling * telling, GstStructure * structure)
{
  const GstFaceMatchOutput *output = telling->output;
  g_autoptr (GstPad) pad = NULL;
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstSample) sample = NULL;

  if (telling->event->face < 0 || !output->now->settings.attach_frame)
    return;
  pad = gst_element_get_static_pad (output->element, "sink");
  caps = gst_pad_get_current_caps (pad);
  sample = gst_face_match_crop_new_sample (output->buffer, caps, telling->face);
  if (sample != NULL)
    gst_structure_set (structure, "frame", GST_TYPE_SAMPLE, sample, NULL);
}

/* Tells of an event, if it is to be told. */
static void
tell (GstFaceMatchTelling * telling)
{
  const GstFaceMatchOutput *output = telling->output;
  const GstFaceMatchSettings *settings = &output->now->settings;
  const FacenetVerdict *verdict = &telling->event->verdict;
  gboolean posts = settings->post_messages
      && verdict->action == FACENET_ACTION_ALERT;
  gboolean logs = verdict->reportable
      && gst_face_match_log_is_wanted (output->log);
  GstStructure *structure;

  if (!(posts || logs)
      || !gst_face_match_settings_reports (settings, verdict->event)
      || !facenet_visits_admit (output->visits, telling->event,
          &telling->suppressed))
    return;
  structure = new_structure (telling);
  if (logs)
    write_log (telling, structure);
  if (!posts) {
    gst_structure_free (structure);
    return;
  }
  attach_frame (telling, structure);
  gst_element_post_message (output->element,
      gst_message_new_element (GST_OBJECT (output->element), structure));
}

static void
attach (const GstFaceMatchTelling * telling)
{
  const FacenetVerdict *verdict = &telling->event->verdict;
  GstFaceMatchMeta *meta =
      gst_buffer_add_face_match_meta (telling->output->buffer,
      telling->face->index, verdict->event, verdict->id, verdict->name);

  meta->distance = verdict->distance;
  meta->margin = verdict->margin;
  GST_LOG_OBJECT (telling->output->element, "face %u: %s %s",
      telling->face->index, facenet_event_get_nick (verdict->event),
      verdict->reason != NULL ? verdict->reason : "");
}

void
gst_face_match_output_events (const GstFaceMatchOutput * self)
{
  const FacenetVisitEvent *event;

  while ((event = facenet_visits_pop (self->visits)) != NULL) {
    GstFaceMatchTelling telling = { self, event, NULL, self->times, -1 };

    if (event->face >= 0) {
      telling.face = gst_face_match_faces_get (self->faces,
          (guint) event->face);
      attach (&telling);
    } else {
      const GstFaceMatchNote *note = event->note;

      telling.face = &note->face;
      telling.times = &note->times;
    }
    if (!event->repeated)
      tell (&telling);
  }
}

GstMessage *
gst_face_match_message_new_gallery (GstElement * source,
    const gchar * location, const FacenetGallery * gallery)
{
  GstStructure *structure = gst_structure_new_empty ("facematch-gallery");

  set_string (structure, "location", location);
  gst_structure_set (structure,
      "identities", G_TYPE_UINT, facenet_gallery_get_n_identities (gallery),
      "embeddings", G_TYPE_UINT, facenet_gallery_get_n_embeddings (gallery),
      NULL);
  return gst_message_new_element (GST_OBJECT (source), structure);
}
