/* subjects.h - who the tracks of videos are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "track.h"

#include <facenet/facenet.h>

G_BEGIN_DECLS

/* id, name: owned; NULL for a stranger until tool_subject_name()
 * known: from the gallery */
typedef struct {
  gchar *id;
  gchar *name;
  gboolean known;
} ToolSubject;

/* gallery: whom to look for, NULL for nobody
 * policy: when a track is somebody of the gallery, squared L2
 * strangers: whether people who are not in the gallery are of interest
 * stranger_distance: squared L2 up to which two tracks are one stranger
 * min_quality: tracks with less are nobody
 * min_faces: as many faces make a stranger */
typedef struct {
  const FacenetGallery *gallery;
  FacenetMatchPolicy policy;
  gboolean strangers;
  gdouble stranger_distance;
  gdouble min_quality;
  guint min_faces;
} ToolSubjectRules;

/* Finds out who each track of these scans is and sets its subject, an index
 * into the result, and distance; (transfer full) (element-type ToolSubject). */
GPtrArray *tool_subjects_new (GPtrArray * scans, guint n_dims,
    const ToolSubjectRules * rules);

/* Names the next stranger, "unknown 1" and so on; number: counts them. */
void tool_subject_name (ToolSubject * self, guint * number);

G_END_DECLS
