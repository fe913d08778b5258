/* facenet-triplet.h - the loss that pulls a person's faces together
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * J = sum of max (|f(A) - f(P)|² - |f(A) - f(N)|² + alpha, 0) over triplets of
 * an anchor, a positive of the same person and a negative of another one, by
 * FaceNet (Schroff et al. 2015, section 3.1): a network with a small J holds
 * every face nearer to its own person than to others, by the margin alpha.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FACENET_TRIPLET_ALPHA:
 *
 * The margin that FaceNet trains with, in squared L2 between unit vectors.
 */
#define FACENET_TRIPLET_ALPHA 0.2

/**
 * FacenetTriplet:
 * @anchor: index of a row of the batch
 * @positive: another row of the same person
 * @negative: a row of another person
 *
 * Three faces of a batch.
 */
typedef struct {
  guint anchor;
  guint positive;
  guint negative;
} FacenetTriplet;

/**
 * FacenetTripletBatch:
 * @embeddings: [n, n_dims], usually of length one
 * @labels: (nullable): [n], who each face is; only mining needs them
 * @n: faces
 * @n_dims: numbers of each embedding, 128
 *
 * Labelled faces that went through a network together. Points to memory of
 * the caller.
 */
typedef struct {
  const gfloat *embeddings;
  const guint *labels;
  guint n;
  guint n_dims;
} FacenetTripletBatch;

/**
 * FacenetTripletMining:
 * @FACENET_TRIPLET_MINING_BATCH_ALL: every valid triplet of the batch
 * @FACENET_TRIPLET_MINING_BATCH_HARD: for each anchor its farthest positive
 *   and its nearest negative
 * @FACENET_TRIPLET_MINING_SEMI_HARD: for each anchor and positive the nearest
 *   negative that is farther than the positive, but by less than the margin
 *
 * Which triplets of a batch to learn from.
 */
typedef enum {
  FACENET_TRIPLET_MINING_BATCH_ALL,
  FACENET_TRIPLET_MINING_BATCH_HARD,
  FACENET_TRIPLET_MINING_SEMI_HARD
} FacenetTripletMining;

GArray *facenet_triplet_mine (const FacenetTripletBatch * batch,
    FacenetTripletMining mining, gdouble alpha);
gdouble facenet_triplet_loss (const FacenetTripletBatch * batch,
    const GArray * triplets, gdouble alpha, gfloat * gradient,
    guint * n_active);

G_END_DECLS
