/* gstfacematchenrolment.c - the face that may be enrolled
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Enrolling from a running stream is pointing at who stands there: that is
 * refused when no face is seen, or more than one, or when the picture is too bad
 * to compare others with.
 */
#include "gstfacematchenrolment.h"

#include <facenet/facenet-model.h>

/* Score that a face must have to be enrolled: an embedding in a gallery is
 * compared with for years. 4 of 55 ordinary portraits have less than 0.5, none
 * less than 0.4. */
#define ENROL_QUALITY 0.4

/* For how long a face may be enrolled after it was seen, in stream time. */
#define ENROL_TIME GST_SECOND

/* What the gallery says of where such an embedding is from. */
#define ENROL_SOURCE "live"

void
gst_face_match_enrollable_init (GstFaceMatchEnrollable * self)
{
  self->embedding = g_array_new (FALSE, FALSE, sizeof (gfloat));
}

void
gst_face_match_enrollable_clear (GstFaceMatchEnrollable * self)
{
  g_clear_pointer (&self->model_id, g_free);
  g_array_unref (self->embedding);
}

void
gst_face_match_enrollable_reset (GstFaceMatchEnrollable * self)
{
  self->n_faces = 0;
  g_clear_pointer (&self->model_id, g_free);
}

void
gst_face_match_enrollable_pass (GstFaceMatchEnrollable * self,
    GstClockTime time)
{
  self->now = time;
  self->is_last = FALSE;
}

void
gst_face_match_enrollable_see (GstFaceMatchEnrollable * self,
    const GstFaceMatchFaces * faces, guint n_faces, GstClockTime time)
{
  const GstFaceEmbeddingMeta *face;

  gst_face_match_enrollable_pass (self, time);
  if (n_faces == 0)
    return;
  self->is_last = TRUE;
  self->time = time;
  self->n_faces = faces->n_in_frame;
  face = gst_face_match_faces_get (faces, 0);
  self->quality = face->quality;
  g_array_set_size (self->embedding, 0);
  g_array_append_vals (self->embedding, face->embedding, face->n_dims);
  if (g_strcmp0 (self->model_id, face->model_id) != 0) {
    g_free (self->model_id);
    self->model_id = g_strdup (face->model_id);
  }
}

/* Whether so much time has passed that somebody else may stand there. */
static gboolean
is_old (const GstFaceMatchEnrollable * self)
{
  if (self->is_last)
    return FALSE;
  if (!GST_CLOCK_TIME_IS_VALID (self->time)
      || !GST_CLOCK_TIME_IS_VALID (self->now))
    return TRUE;
  return ABS (GST_CLOCK_DIFF (self->time, self->now)) >
      (GstClockTimeDiff) ENROL_TIME;
}

static gboolean
check_face (const GstFaceMatchEnrollable * self, GError ** error)
{
  gchar score[G_ASCII_DTOSTR_BUF_SIZE];

  if (self->n_faces == 0 || is_old (self)) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
        "no face is seen, expected one within the last second");
    return FALSE;
  }
  if (self->n_faces > 1) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
        "%u faces are seen, expected one", self->n_faces);
    return FALSE;
  }
  /* A quality that was not measured is NaN, and passes. */
  if (self->quality < ENROL_QUALITY) {
    g_ascii_formatd (score, sizeof score, "%.2f", self->quality);
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
        "the face has quality %s, expected " G_STRINGIFY (ENROL_QUALITY)
        ": a sharper, lighter, larger or more frontal picture", score);
    return FALSE;
  }
  return TRUE;
}

gboolean
gst_face_match_enrollable_get (const GstFaceMatchEnrollable * self,
    GstFaceMatchEnrolment * enrolment, GError ** error)
{
  if (!check_face (self, error))
    return FALSE;
  enrolment->n_dims = self->embedding->len;
  enrolment->embedding = g_memdup2 (self->embedding->data,
      enrolment->n_dims * sizeof (gfloat));
  enrolment->model_id = g_strdup (self->model_id);
  enrolment->quality = self->quality;
  return TRUE;
}

void
gst_face_match_enrolment_clear (GstFaceMatchEnrolment * self)
{
  g_free (self->embedding);
  g_free (self->model_id);
}

/* The first person of a gallery decides on its model. What that recommends is
 * known of the default one, which an encoder in this process has loaded. */
static FacenetGallery *
new_gallery (const GstFaceMatchEnrolment * self)
{
  FacenetGalleryModel description = { self->model_id, NULL, NULL,
    self->n_dims
  };
  FacenetGallery *gallery = facenet_gallery_new (&description);
  g_autoptr (FacenetModel) model = facenet_model_load (NULL, NULL, NULL);

  if (model != NULL
      && g_strcmp0 (facenet_model_get_id (model), self->model_id) == 0)
    facenet_gallery_set_threshold (gallery,
        facenet_model_get_threshold (model));
  return gallery;
}

gboolean
gst_face_match_enrolment_add (FacenetGallery ** gallery, gpointer data,
    GError ** error)
{
  const GstFaceMatchEnrolment *self = data;
  FacenetEnrolment enrolment = { self->embedding, self->n_dims, ENROL_SOURCE,
    self->quality
  };
  FacenetGalleryModel model;
  g_autofree gchar *id = NULL;

  facenet_gallery_get_model (*gallery, &model);
  if (model.id == NULL) {
    facenet_gallery_unref (*gallery);
    *gallery = new_gallery (self);
  }
  if (!facenet_gallery_check_model (*gallery, self->model_id, self->n_dims,
          error))
    return FALSE;
  id = facenet_gallery_make_id (*gallery, self->name);
  if (facenet_gallery_has_embedding (*gallery, id, self->embedding,
          self->n_dims)) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
        "this very picture is enrolled already");
    return FALSE;
  }
  return facenet_gallery_add (*gallery, id, self->name, &enrolment, error);
}
