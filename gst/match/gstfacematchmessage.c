/* gstfacematchmessage.c - what facematch says on the bus
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The fields are listed with their types in gstfacematch.c. A field that does
 * not apply is left out: no placeholders that an application might take for
 * values.
 */
#include "gstfacematchmessage.h"

#include <facenet/facenet-rule.h>
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
set_candidates (GstStructure * structure, const GstFaceMatchVerdict * verdict)
{
  GValue list = G_VALUE_INIT;
  guint i;

  gst_value_list_init (&list, verdict->match->n_candidates);
  for (i = 0; i < verdict->match->n_candidates; i++) {
    append_candidate (&list, &verdict->candidates[i]);
  }
  if (gst_value_list_get_size (&list) > 0)
    gst_structure_take_value (structure, "candidates", &list);
  else
    g_value_unset (&list);
}

/* What the gallery says is to be done about the person. */
static void
set_rule (GstStructure * structure, const GstFaceMatchVerdict * verdict)
{
  GValue list = G_VALUE_INIT;
  FacenetRule rule;
  guint i;

  if (verdict->identity < 0)
    return;
  facenet_gallery_get_rule (verdict->gallery, (guint) verdict->identity, &rule);
  set_string (structure, "action", rule.action_name);
  if (rule.n_tags == 0)
    return;
  gst_value_list_init (&list, rule.n_tags);
  for (i = 0; i < rule.n_tags; i++) {
    GValue tag = G_VALUE_INIT;

    g_value_init (&tag, G_TYPE_STRING);
    g_value_set_string (&tag, facenet_gallery_get_tag (verdict->gallery,
            (guint) verdict->identity, i));
    gst_value_list_append_and_take_value (&list, &tag);
  }
  gst_structure_take_value (structure, "tags", &list);
}

static void
set_decision (GstStructure * structure, const GstFaceMatchVerdict * verdict)
{
  const FacenetVerdict *match = verdict->match;

  set_string (structure, "event", facenet_event_get_nick (match->event));
  set_string (structure, "name", verdict->name);
  set_string (structure, "id", verdict->id);
  if (match->event == FACENET_EVENT_LOST)
    return;
  set_double (structure, "distance", match->distance);
  set_double (structure, "threshold", match->threshold);
  set_double (structure, "margin", match->margin);
  set_string (structure, "metric", facenet_metric_get_nick (verdict->metric));
}

GstStructure *
gst_face_match_message_new_structure (const GstFaceMatchVerdict * verdict)
{
  GstStructure *structure = gst_structure_new_empty ("facematch");

  set_time (structure, "timestamp", verdict->times.timestamp);
  set_time (structure, "stream-time", verdict->times.stream_time);
  set_time (structure, "running-time", verdict->times.running_time);
  set_time (structure, "duration", verdict->times.duration);
  set_string (structure, "stream-id", verdict->stream_id);
  set_decision (structure, verdict);
  set_rule (structure, verdict);
  if (verdict->track_id >= 0)
    gst_structure_set (structure, "track-id", G_TYPE_INT, verdict->track_id,
        NULL);
  set_face (structure, verdict->face);
  set_candidates (structure, verdict);
  set_string (structure, "reason", verdict->match->reason);
  set_double (structure, "quality", verdict->face->quality);
  set_count (structure, "votes", verdict->votes);
  set_count (structure, "suppressed", verdict->suppressed);
  set_time (structure, "dwell", verdict->dwell);
  set_count (structure, "gallery-generation", verdict->generation);
  return structure;
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
