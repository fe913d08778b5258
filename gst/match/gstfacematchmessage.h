/* gstfacematchmessage.h - what facematch says on the bus
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <facenet/facenet-match.h>
#include <gst/facenet/gstfaceembeddingmeta.h>
#include <gst/gst.h>

#include "gstfacematchsnapshot.h"

G_BEGIN_DECLS

/* All that is told of one face. Times that are not known are
 * GST_CLOCK_TIME_NONE, numbers that do not apply -1; nothing is owned. */
typedef struct {
  const GstFaceEmbeddingMeta *face;
  const FacenetVerdict *match;
  const FacenetCandidate *candidates;   /* [match->n_candidates] */
  const FacenetGallery *gallery;
  const gchar *id;                      /* nullable */
  const gchar *name;                    /* nullable */
  gint identity;                        /* that person in the gallery */
  gint track_id;
  gint votes;
  gint64 suppressed;
  GstClockTime dwell;                   /* of lost */
  FacenetMetric metric;
  guint generation;
  const gchar *stream_id;               /* nullable */
  GstFaceMatchTimes times;
} GstFaceMatchVerdict;

/* (transfer full): the fields of a message, and of a line of the log. */
GstStructure *gst_face_match_message_new_structure (const GstFaceMatchVerdict *
    verdict);

/* (transfer full): an element message "facematch-gallery". */
GstMessage *gst_face_match_message_new_gallery (GstElement * source,
    const gchar * location, const FacenetGallery * gallery);

G_END_DECLS
