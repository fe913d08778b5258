/* facenet-detector-model-private.h - the weights of a detector
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "base/facenet-shared-private.h"
#include "network/facenet-pass-private.h"

G_BEGIN_DECLS

#define FACENET_N_LEVELS 3      /* maps with candidates: 1/8, 1/16, 1/32 */
#define FACENET_N_CHANNELS 16   /* of each: two scores, box, landmarks */
#define FACENET_N_POINT_VALUES 11       /* a score, five landmarks */
#define FACENET_POINTS_SIDE 64  /* pixels of a face to find landmarks in */

/* A file with two networks: one that finds faces and, unless points.plan is
 * NULL, one that finds the landmarks of each. Immutable, and shared by all who
 * name the same file. */
typedef struct {
  FacenetShared shared;
  gchar *location;
  gchar *id;
  gchar *name;
  gdouble threshold;            /* recommended, in (0,1) */
  FacenetCompiled detect;
  FacenetCompiled points;
  guint levels[FACENET_N_LEVELS];       /* blocks of the three maps */
} FacenetDetectorModel;

FacenetDetectorModel *facenet_detector_model_load (const gchar * location,
    GError ** error);
void facenet_detector_model_unref (FacenetDetectorModel * self);

/* Of weights that are in memory already; nobody else can find it. */
FacenetDetectorModel *facenet_detector_model_new (FacenetWeights * weights,
    GError ** error);

G_END_DECLS
