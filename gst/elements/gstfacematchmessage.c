/* gstfacematchmessage.c - what facematch says on the bus
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The fields are listed with their types in gstfacematch.c. A field that does
 * not apply is left out: no placeholders that an application might take for
 * values.
 */
#include "gstfacematchmessage.h"

#include <math.h>

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

static void
set_face (GstStructure * structure, const GstFaceEmbeddingMeta * face)
{
  if (face->track_id >= 0)
    gst_structure_set (structure, "track-id", G_TYPE_INT, face->track_id, NULL);
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
set_candidates (GstStructure * structure, const FacenetCandidate * candidates,
    guint n_candidates)
{
  GValue list = G_VALUE_INIT;
  guint i;

  if (n_candidates == 0)
    return;
  gst_value_list_init (&list, n_candidates);
  for (i = 0; i < n_candidates; i++) {
    append_candidate (&list, &candidates[i]);
  }
  gst_structure_take_value (structure, "candidates", &list);
}

static void
set_decision (GstStructure * structure, const GstFaceMatchVerdict * verdict)
{
  const FacenetMatch *match = verdict->match;
  const FacenetCandidate *best = gst_face_match_verdict_get_best (verdict);

  set_string (structure, "event", facenet_event_get_nick (match->event));
  if (best != NULL) {
    set_string (structure, "name", best->name);
    set_string (structure, "id", best->id);
  }
  if (match->n_candidates > 0)
    set_double (structure, "distance", verdict->candidates[0].distance);
  set_double (structure, "threshold", match->threshold);
  set_double (structure, "margin", match->margin);
  set_string (structure, "metric", facenet_metric_get_nick (verdict->metric));
}

const FacenetCandidate *
gst_face_match_verdict_get_best (const GstFaceMatchVerdict * self)
{
  if (self->match->n_candidates == 0
      || self->match->event == FACENET_EVENT_UNKNOWN)
    return NULL;
  return &self->candidates[0];
}

GstMessage *
gst_face_match_message_new (GstElement * source,
    const GstFaceMatchVerdict * verdict)
{
  GstStructure *structure = gst_structure_new_empty ("facematch");

  set_time (structure, "timestamp", verdict->timestamp);
  set_time (structure, "stream-time", verdict->stream_time);
  set_time (structure, "running-time", verdict->running_time);
  set_time (structure, "duration", verdict->duration);
  set_string (structure, "stream-id", verdict->stream_id);
  set_decision (structure, verdict);
  set_face (structure, verdict->face);
  set_candidates (structure, verdict->candidates, verdict->match->n_candidates);
  set_string (structure, "reason", verdict->match->reason);
  set_double (structure, "quality", verdict->face->quality);
  gst_structure_set (structure, "gallery-generation", G_TYPE_UINT,
      verdict->generation, NULL);
  return gst_message_new_element (GST_OBJECT (source), structure);
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
