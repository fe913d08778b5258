/* facenet-fold-private.h - batch normalisation folded into the weights
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "network/facenet-plan-private.h"
#include "weights/facenet-weights-private.h"

G_BEGIN_DECLS

/* Weights of one step with the batch norm folded in, NULL without. */
typedef struct {
  gfloat *weights;              /* [oc, c k k] or [n_out, n_in] */
  gfloat *bias;                 /* [oc] or [n_out] */
} FacenetFolded;

/* Gives flat weights the shapes of the plan; a tensor that is missing or has
 * another number of values is left for facenet_fold_check() to name. */
void facenet_fold_shape (const FacenetPlan * plan, FacenetWeights * weights);

/* Checks that the weights are those of the plan, by name and shape and with
 * none left over. MISSING, SHAPE, FORMAT name the tensor. */
gboolean facenet_fold_check (const FacenetPlan * plan,
    const FacenetWeights * weights, GError ** error);

/* The same for a file with the weights of two networks; other: or NULL. */
gboolean facenet_fold_check_both (const FacenetPlan * plan,
    const FacenetPlan * other, const FacenetWeights * weights,
    GError ** error);

/* Numbers of a step's weights, without its bias. */
gsize facenet_fold_get_size (const FacenetStep * step);

/* One step, into memory that folded points to. weights must have passed
 * facenet_fold_check(). */
void facenet_fold_step (const FacenetStep * step,
    const FacenetWeights * weights, FacenetFolded * folded);

/* Weights for every step of the plan, in one block of memory that the caller
 * frees with facenet_arena_free(). weights must have passed
 * facenet_fold_check(). (transfer full) */
FacenetFolded *facenet_fold_new (const FacenetPlan * plan,
    const FacenetWeights * weights, gfloat ** memory);

G_END_DECLS
