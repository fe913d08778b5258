/* facenet-optimizer-private.h - how gradients change the weights
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "train/facenet-trainer.h"

G_BEGIN_DECLS

/* kind: Adam or SGD with momentum
 * momentum: [0,1), of the mean of gradients; 0.9
 * decay: [0,1), of the mean of their squares, Adam only; 0.999
 * epsilon: > 0, added to the root of that mean, Adam only; 1e-8
 * weight_decay: >= 0, how strongly weights are pulled towards 0 */
typedef struct {
  FacenetOptimizer kind;
  gdouble momentum;
  gdouble decay;
  gdouble epsilon;
  gdouble weight_decay;
} FacenetOptimizerOptions;

/* One tensor that an optimizer changes. */
typedef struct {
  gsize n_values;
  gfloat *values;               /* [n_values], the caller's */
  const gfloat *gradient;       /* [n_values], the caller's */
  gboolean decays;              /* whether weight decay touches it */
} FacenetOptimizerTensor;

/* Arrays that an optimizer remembers for each tensor: "mean" for both kinds,
 * "square" for Adam. */
#define FACENET_OPTIMIZER_MAX_STATES 2

typedef struct _FacenetOptimizerRun FacenetOptimizerRun;

/* Copies options and tensors, of which there are n; all that it remembers is
 * 0. (transfer full) */
FacenetOptimizerRun *facenet_optimizer_new (const FacenetOptimizerOptions *
    options, const FacenetOptimizerTensor * tensors, guint n);
void facenet_optimizer_free (FacenetOptimizerRun * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetOptimizerRun, facenet_optimizer_free)

/* Changes the values of all tensors. step: counts from 1; rate: of learning,
 * >= 0. The same bytes for the same values, gradients, state and step. */
void facenet_optimizer_step (FacenetOptimizerRun * self, guint64 step,
    gdouble rate);

/* How many arrays it remembers for each tensor, and what they are called. */
guint facenet_optimizer_get_n_states (const FacenetOptimizerRun * self);
const gchar *facenet_optimizer_get_state_name (guint state);

/* [n_values] of that tensor, for saving and restoring. */
gfloat *facenet_optimizer_get_state (FacenetOptimizerRun * self, guint tensor,
    guint state);

/* rate: at its highest, > 0
 * warm_up: steps in which it grows there from almost 0
 * n_steps: of the whole run, more than warm_up
 * kind: what it does after the warm-up */
typedef struct {
  gdouble rate;
  guint64 warm_up;
  guint64 n_steps;
  FacenetSchedule kind;
} FacenetScheduleOptions;

/* Parts of a run after each of which FACENET_SCHEDULE_STEP divides the rate
 * by FACENET_SCHEDULE_DIVISOR. */
#define FACENET_SCHEDULE_PARTS 3
#define FACENET_SCHEDULE_DIVISOR 10.0

/* The rate of a step, which counts from 0; that of the last step for all
 * later ones. */
gdouble facenet_schedule_get_rate (const FacenetScheduleOptions * self,
    guint64 step);

G_END_DECLS
