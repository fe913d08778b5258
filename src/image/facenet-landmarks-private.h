/* facenet-landmarks-private.h - an ensemble of regression trees
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "base/facenet-shared-private.h"

#include <facenet/facenet-landmarks.h>

G_BEGIN_DECLS

/* Points of a face that a shape predictor finds, in the order of the iBUG 300-W
 * annotation: 0 to 16 along the jaw, 17 to 26 brows, 27 to 35 nose, 36 to 47
 * eyes, 48 to 67 mouth. */
#define FACENET_N_SHAPE_POINTS 68
#define FACENET_SHAPE_SIZE (2 * FACENET_N_SHAPE_POINTS)

/* Left child 2i+1 when feature first exceeds feature second by more than the
 * threshold, in grey levels of 255; else right child 2i+2. */
typedef struct {
  guint16 first, second;
  gfloat threshold;
} FacenetSplit;

/* A feature is the grey level of a pixel at an offset from a point. */
typedef struct {
  guint16 anchor;               /* < FACENET_N_SHAPE_POINTS */
  gfloat dx, dy;                /* as the points of the mean shape lie */
} FacenetFeature;

typedef struct {
  guint n_features;
  guint n_trees;
  FacenetFeature *features;     /* [n_features] */
  FacenetSplit *splits;         /* [n_trees,n_leaves-1] */
  gfloat *leaves;               /* [n_trees,n_leaves,FACENET_SHAPE_SIZE] */
} FacenetStage;

struct _FacenetLandmarks {
  FacenetShared shared;
  gfloat mean[FACENET_SHAPE_SIZE];      /* x, y of each point, in the box that
                                         * the trees were trained on */
  guint n_leaves;               /* of each tree, a power of 2 */
  guint n_stages;
  FacenetStage *stages;         /* [n_stages] */
};

/* Reads a file's bytes; location is for messages. */
FacenetLandmarks *facenet_landmarks_parse (const void *data, gsize size,
    const gchar * location, GError ** error);

G_END_DECLS
