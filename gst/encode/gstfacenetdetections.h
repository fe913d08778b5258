/* gstfacenetdetections.h - what detectors say of a buffer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/gst.h>
#include <facenet/facenet-face.h>

G_BEGIN_DECLS

/* Something that a detector found, in pixels of the frame; it may reach beyond
 * it. */
typedef struct {
  gint64 x, y;
  guint w, h;
  GQuark type;
  gint track_id;                /* -1: none */
  gdouble confidence;           /* NaN: none */
  gboolean has_landmarks;
  FacenetPoint landmarks[FACENET_N_LANDMARKS];  /* as of FacenetFace */
} GstFacenetDetection;

/* Where an iteration is; all zero at the beginning. */
typedef struct {
  guint kind;
  gpointer state;
} GstFacenetDetectionIter;

/* Gives the next detection on a buffer, of whatever kind; FALSE after the
 * last. */
gboolean gst_facenet_detections_next (GstFacenetDetectionIter * iter,
    GstBuffer * buffer, GstFacenetDetection * detection);

G_END_DECLS
