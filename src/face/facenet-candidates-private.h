/* facenet-candidates-private.h - from the maps of a detector to boxes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "face/facenet-detector-model-private.h"

#include <facenet/facenet-detector.h>

G_BEGIN_DECLS

/* The most that are compared with each other: a face has five to ten. */
#define FACENET_MAX_CANDIDATES 8192

/* Numbers are in pixels of the network's input. */
typedef struct {
  gdouble score;                /* (0,1] */
  guint32 index;                /* of its cell, over all levels */
  gfloat x0, y0, x1, y1;
} FacenetFaceCandidate;

typedef struct {
  FacenetFaceCandidate *items;      /* [FACENET_MAX_CANDIDATES] */
  guint n;
} FacenetCandidates;

void facenet_candidates_init (FacenetCandidates * self);
void facenet_candidates_clear (FacenetCandidates * self);

/* Replaces what is there by the cells of the maps (finest first) whose score
 * is at least `threshold` and whose centre is in the picture, [0,w] x [0,h];
 * of more than FACENET_MAX_CANDIDATES the best. A cell with a number that is
 * not finite is none. */
void facenet_candidates_decode (FacenetCandidates * self,
    const FacenetMapView levels[FACENET_N_LEVELS], gdouble threshold,
    guint w, guint h);

/* Best first, without those that overlap a better one (IoU > 0.4), at most
 * max_n; equal scores in the order of the cells. */
void facenet_candidates_suppress (FacenetCandidates * self, guint max_n);

/* The landmarks of a candidate. Returns FALSE when one is not finite. */
gboolean facenet_candidate_get_landmarks (const FacenetFaceCandidate * self,
    const FacenetMapView levels[FACENET_N_LEVELS],
    FacenetPoint points[FACENET_N_LANDMARKS]);

G_END_DECLS
