/* gstfacematchenrolment.h - the face that may be enrolled
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "gstfacematchfaces.h"

G_BEGIN_DECLS

/* The faces of the buffer that last had some. The owner guards it. */
typedef struct {
  guint n_faces;                /* 0: none was seen yet */
  GArray *embedding;            /* of gfloat, [n_dims], of the first of them */
  gchar *model_id;
  gdouble quality;              /* NaN: not measured */
  GstClockTime time;            /* stream time of that buffer */
  GstClockTime now;             /* and of the last one or gap, with or without
                                 * faces */
  gboolean is_last;             /* nothing came since */
} GstFaceMatchEnrollable;

/* A face to enrol under a name; all owned but the name. */
typedef struct {
  const gchar *name;
  gfloat *embedding;            /* [n_dims] */
  guint n_dims;
  gchar *model_id;
  gdouble quality;
} GstFaceMatchEnrolment;

void gst_face_match_enrollable_init (GstFaceMatchEnrollable * self);
void gst_face_match_enrollable_clear (GstFaceMatchEnrollable * self);

/* Forgets what was seen. */
void gst_face_match_enrollable_reset (GstFaceMatchEnrollable * self);

/* Time passes without a buffer: a gap up to a stream time. */
void gst_face_match_enrollable_pass (GstFaceMatchEnrollable * self,
    GstClockTime time);

/* A buffer passes, with so many faces; time: its stream time. */
void gst_face_match_enrollable_see (GstFaceMatchEnrollable * self,
    const GstFaceMatchFaces * faces, guint n_faces, GstClockTime time);

/* Copies the face that is seen. FALSE, with the reason, unless there is exactly
 * one, just now and of good quality. */
gboolean gst_face_match_enrollable_get (const GstFaceMatchEnrollable * self,
    GstFaceMatchEnrolment * enrolment, GError ** error);

void gst_face_match_enrolment_clear (GstFaceMatchEnrolment * self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GstFaceMatchEnrolment,
    gst_face_match_enrolment_clear)

/* A FacenetGalleryEditFunc with the enrolment as its data. */
gboolean gst_face_match_enrolment_add (FacenetGallery ** gallery,
    gpointer data, GError ** error);

G_END_DECLS
