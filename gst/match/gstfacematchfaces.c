/* gstfacematchfaces.c - the faces of one buffer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Some payloaders copy the metadata of a buffer many times over; a face is
 * known by its index, and copies of it are passed over.
 */
#include "gstfacematchfaces.h"

#include <gst/facenet/gstfacecropmeta.h>

GstClockTime
gst_face_match_get_stream_time (const GstSegment * segment,
    GstClockTime timestamp)
{
  if (segment->format != GST_FORMAT_TIME
      || !GST_CLOCK_TIME_IS_VALID (timestamp))
    return GST_CLOCK_TIME_NONE;
  return gst_segment_to_stream_time (segment, GST_FORMAT_TIME, timestamp);
}

void
gst_face_match_times_init (GstFaceMatchTimes * self,
    const GstSegment * segment, GstBuffer * buffer)
{
  self->timestamp = GST_BUFFER_PTS (buffer);
  self->duration = GST_BUFFER_DURATION (buffer);
  self->stream_time = gst_face_match_get_stream_time (segment, self->timestamp);
  self->running_time = GST_CLOCK_TIME_NONE;
  if (segment->format == GST_FORMAT_TIME && GST_BUFFER_PTS_IS_VALID (buffer))
    self->running_time = gst_segment_to_running_time (segment,
        GST_FORMAT_TIME, self->timestamp);
}

void
gst_face_match_faces_init (GstFaceMatchFaces * self)
{
  self->faces = g_ptr_array_new ();
  self->sightings = g_array_new (FALSE, FALSE, sizeof (FacenetSighting));
  self->notes = g_array_new (FALSE, FALSE, sizeof (GstFaceMatchNote));
}

void
gst_face_match_faces_clear (GstFaceMatchFaces * self)
{
  g_ptr_array_unref (self->faces);
  g_array_unref (self->sightings);
  g_array_unref (self->notes);
}

const GstFaceEmbeddingMeta *
gst_face_match_faces_get (const GstFaceMatchFaces * self, guint face)
{
  return g_ptr_array_index (self->faces, face);
}

static gboolean
has_index (const GstFaceMatchFaces * self, guint index)
{
  for (guint i = 0; i < self->faces->len; i++) {
    if (gst_face_match_faces_get (self, i)->index == index)
      return TRUE;
  }
  return FALSE;
}

guint
gst_face_match_faces_collect (GstFaceMatchFaces * self, GstBuffer * buffer)
{
  const GstFaceCropMeta *crop = gst_buffer_get_face_crop_meta (buffer);
  GstFaceEmbeddingMeta *face;
  gpointer state = NULL;

  g_ptr_array_set_size (self->faces, 0);
  while ((face = gst_buffer_iterate_face_embedding_meta (buffer, &state))) {
    if (!has_index (self, face->index))
      g_ptr_array_add (self->faces, face);
  }
  self->n_in_frame = self->faces->len;
  if (crop == NULL || crop->index == 0)
    self->frame++;
  if (crop != NULL)
    self->n_in_frame = MAX (self->n_in_frame, crop->n_faces);
  return self->faces->len;
}

gboolean
gst_face_match_faces_check_model (const GstFaceMatchFaces * self,
    const FacenetGallery * gallery, GError ** error)
{
  for (guint i = 0; i < self->faces->len; i++) {
    const GstFaceEmbeddingMeta *face = gst_face_match_faces_get (self, i);

    if (!facenet_gallery_check_model (gallery, face->model_id, face->n_dims,
            error))
      return FALSE;
  }
  return TRUE;
}

static void
fill_sighting (FacenetSighting * sighting, const GstFaceEmbeddingMeta * face)
{
  sighting->embedding = face->embedding;
  sighting->n_dims = face->n_dims;
  sighting->track_id = face->track_id;
  sighting->x = face->x;
  sighting->y = face->y;
  sighting->width = face->w;
  sighting->height = face->h;
  sighting->quality = face->quality;
}

gboolean
gst_face_match_faces_judge (GstFaceMatchFaces * self, FacenetVisits * visits,
    const GstFaceMatchTimes * times, GError ** error)
{
  const guint n = self->faces->len;

  g_array_set_size (self->sightings, n);
  g_array_set_size (self->notes, n);
  for (guint i = 0; i < n; i++) {
    const GstFaceEmbeddingMeta *face = gst_face_match_faces_get (self, i);
    GstFaceMatchNote *note = &g_array_index (self->notes, GstFaceMatchNote, i);

    fill_sighting (&g_array_index (self->sightings, FacenetSighting, i), face);
    note->times = *times;
    note->face = *face;
    note->face.embedding = NULL;
    note->face.n_dims = 0;
    note->face.model_id = NULL;
  }
  return facenet_visits_see (visits,
      (const FacenetSighting *) (gpointer) self->sightings->data, n,
      self->frame, self->notes->data, error);
}
