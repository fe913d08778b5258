/* gstfacematchteller.h - tells what was decided
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/base/gstbasetransform.h>

#include "gstfacematchbatch.h"
#include "gstfacematchintervals.h"
#include "gstfacematchlog.h"
#include "gstfacematchsnapshot.h"
#include "gstfacematchtracks.h"

G_BEGIN_DECLS

/* Of the streaming thread, but for the log, which any thread may call. */
typedef struct {
  GstFaceMatchTracks tracks;
  GstFaceMatchIntervals intervals;
  GstFaceMatchLog log;
} GstFaceMatchTeller;

void gst_face_match_teller_init (GstFaceMatchTeller * self);
void gst_face_match_teller_clear (GstFaceMatchTeller * self);

/* Another stream: the people of the old one have left, and whoever nobody
 * knows is numbered anew. */
void gst_face_match_teller_begin (GstFaceMatchTeller * self,
    GstBaseTransform * element, const GstFaceMatchSnapshot * now);

/* The stream ends or jumps: everybody has left, and what was told may be told
 * again. */
void gst_face_match_teller_end (GstFaceMatchTeller * self,
    GstBaseTransform * element, const GstFaceMatchSnapshot * now);

/* A time, NONE if unknown, has come, with or without faces: some have left. */
void gst_face_match_teller_pass (GstFaceMatchTeller * self,
    GstBaseTransform * element, const GstFaceMatchSnapshot * now,
    GstClockTime stream_time);

/* Decides about the faces of a buffer, attaches what was decided and tells
 * what is to be reported. The gallery must be of their model. */
void gst_face_match_teller_judge (GstFaceMatchTeller * self,
    GstBaseTransform * element, const GstFaceMatchSnapshot * now,
    GstFaceMatchBatch * batch, GstBuffer * buffer);

/* Stream time of a position in the segment, NONE for none. */
GstClockTime gst_face_match_teller_get_stream_time (GstBaseTransform * element,
    GstClockTime timestamp);

G_END_DECLS
