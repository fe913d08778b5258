/* gstfacematchmessage.h - what facematch says on the bus
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <facenet/facenet-match.h>
#include <gst/facenet/gstfaceembeddingmeta.h>
#include <gst/gst.h>

G_BEGIN_DECLS

/* All that a message tells of one face. Times that are not known are
 * GST_CLOCK_TIME_NONE; nothing is owned. */
typedef struct {
  const GstFaceEmbeddingMeta *face;
  const FacenetMatch *match;
  const FacenetCandidate *candidates;   /* [match->n_candidates] */
  FacenetMetric metric;
  guint generation;
  const gchar *stream_id;               /* nullable */
  GstClockTime timestamp;
  GstClockTime stream_time;
  GstClockTime running_time;
  GstClockTime duration;
} GstFaceMatchVerdict;

/* The nearest identity if the face is, or might be, that person; NULL when it
 * is unknown. */
const FacenetCandidate *gst_face_match_verdict_get_best (const
    GstFaceMatchVerdict * self);

/* (transfer full): element messages, "facematch" and "facematch-gallery". */
GstMessage *gst_face_match_message_new (GstElement * source,
    const GstFaceMatchVerdict * verdict);
GstMessage *gst_face_match_message_new_gallery (GstElement * source,
    const gchar * location, const FacenetGallery * gallery);

G_END_DECLS
