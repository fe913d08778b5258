/* gstfacematchmessage.h - tells what was decided
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-visits.h>
#include <gst/gst.h>

#include "gstfacematchfaces.h"
#include "gstfacematchlog.h"
#include "gstfacematchsettings.h"

G_BEGIN_DECLS

/* Where events go; nothing is owned. The last three are of the buffer, NULL
 * when there is none and so no events about faces. */
typedef struct {
  GstElement *element;
  GstFaceMatchLog *log;
  FacenetVisits *visits;
  const GstFaceMatchSnapshot *now;
  GstBuffer *buffer;
  const GstFaceMatchFaces *faces;
  const GstFaceMatchTimes *times;
} GstFaceMatchOutput;

/* Takes all events of the visits: what is said of a face is attached to the
 * buffer, and what is to be reported is posted and logged. */
void gst_face_match_output_events (const GstFaceMatchOutput * self);

/* (transfer full): an element message "facematch-gallery". */
GstMessage *gst_face_match_message_new_gallery (GstElement * source,
    const gchar * location, const FacenetGallery * gallery);

G_END_DECLS
