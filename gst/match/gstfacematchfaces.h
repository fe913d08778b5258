/* gstfacematchfaces.h - the faces of one buffer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-visits.h>
#include <gst/facenet/gstfaceembeddingmeta.h>
#include <gst/gst.h>

G_BEGIN_DECLS

/* Where in the stream a buffer is; GST_CLOCK_TIME_NONE for what is unknown. */
typedef struct {
  GstClockTime timestamp;
  GstClockTime stream_time;
  GstClockTime running_time;
  GstClockTime duration;
} GstFaceMatchTimes;

/* A face as it was seen, for the message that somebody is lost: when, and the
 * metadata without what it owns. */
typedef struct {
  GstFaceMatchTimes times;
  GstFaceEmbeddingMeta face;
} GstFaceMatchNote;

/* Scratch of one streaming thread, which grows to the most faces seen on a
 * buffer: from then on nothing is allocated. */
typedef struct {
  GPtrArray *faces;             /* of GstFaceEmbeddingMeta, borrowed */
  GArray *sightings;            /* of FacenetSighting, [n faces] */
  GArray *notes;                /* of GstFaceMatchNote, [n faces] */
  guint n_in_frame;             /* faces of the frame, those that facecrop put
                                 * on buffers of their own counted in */
  guint64 frame;                /* counts frames, as facecrop had them */
} GstFaceMatchFaces;

/* Stream time of a position in a segment, NONE for none. */
GstClockTime gst_face_match_get_stream_time (const GstSegment * segment,
    GstClockTime timestamp);

void gst_face_match_times_init (GstFaceMatchTimes * self,
    const GstSegment * segment, GstBuffer * buffer);

void gst_face_match_faces_init (GstFaceMatchFaces * self);
void gst_face_match_faces_clear (GstFaceMatchFaces * self);

/* Takes the faces of a buffer, each index once; returns how many there are.
 * They are valid as long as the buffer's metadata is. */
guint gst_face_match_faces_collect (GstFaceMatchFaces * self,
    GstBuffer * buffer);

/* Whether all may be compared with the gallery; if not, MISMATCH. */
gboolean gst_face_match_faces_check_model (const GstFaceMatchFaces * self,
    const FacenetGallery * gallery, GError ** error);

/* Has the visits judge them. The gallery must be of their model. */
gboolean gst_face_match_faces_judge (GstFaceMatchFaces * self,
    FacenetVisits * visits, const GstFaceMatchTimes * times, GError ** error);

const GstFaceEmbeddingMeta *gst_face_match_faces_get (const GstFaceMatchFaces *
    self, guint face);

G_END_DECLS
