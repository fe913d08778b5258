/* facenet-plan-private.h - the steps of one pass, from a network's table
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Every step reads one map and writes one, or a slice of channels of one:
 * the arms of an inception block write side by side into its output, so that
 * nothing is concatenated.
 */
#pragma once

#include "kernels/facenet-conv-private.h"
#include "kernels/facenet-norm-private.h"
#include "kernels/facenet-pool2d-private.h"
#include "network/facenet-network-private.h"
#include "network/facenet-arena-private.h"
#include "weights/facenet-weights-private.h"

G_BEGIN_DECLS

typedef enum {
  FACENET_STEP_CONV,
  FACENET_STEP_POOL,
  FACENET_STEP_PAD,
  FACENET_STEP_UPSAMPLE_ADD,    /* to what is in dst already */
  FACENET_STEP_LRN,
  FACENET_STEP_DENSE,
  FACENET_STEP_L2_NORMALIZE
} FacenetStepKind;

#define FACENET_INPUT_SLOT 0    /* the caller's face, takes no memory of ours */
#define FACENET_NO_SLOT G_MAXUINT

typedef struct {
  FacenetStepKind kind;
  guint block;                  /* index in the network's table */
  gchar *weights;               /* "conv1", "dense"; NULL without weights */
  gchar *norm;                  /* its batch norm, "bn1"; NULL without */
  gdouble epsilon;              /* of the batch norm */
  FacenetShape in, out;
  guint src, dst;               /* slots */
  guint channel;                /* first channel of dst that it writes */
  guint columns;                /* scratch slot or FACENET_NO_SLOT */
  union
  {
    FacenetConv conv;
    FacenetPool2d pool;
    FacenetLrn lrn;
    FacenetDense dense;
  };
} FacenetStep;

/* Channels of a map, at most, where the file decides. */
#define FACENET_PLAN_MAX_WIDTH 256

typedef struct {
  const FacenetNetwork *network;
  FacenetShape input;
  GArray *steps;                /* of FacenetStep */
  GArray *slots;                /* of FacenetSlot */
  FacenetShape *block_shapes;   /* [n_blocks], output of each */
  FacenetShape *block_inputs;   /* [n_blocks], what each reads */
  guint *block_slots;           /* [n_blocks], where its output lies */
  guint output;                 /* slot of the embedding */
  guint n_dims;                 /* its length */
  gsize arena_floats;
} FacenetPlan;

FacenetPlan *facenet_plan_new (const FacenetNetwork * network);

/* For a network whose widths are those of a file; of a width that is not
 * there facenet_fold_check() tells. */
FacenetPlan *facenet_plan_new_for_weights (const FacenetNetwork * network,
    const FacenetWeights * weights);

/* The same network for an input of h x w, with the widths of a plan of it. */
FacenetPlan *facenet_plan_new_resized (const FacenetPlan * plan, guint h,
    guint w);
void facenet_plan_free (FacenetPlan * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetPlan, facenet_plan_free)

static inline const FacenetStep *
facenet_plan_get_step (const FacenetPlan * self, guint index)
{
  return &g_array_index (self->steps, FacenetStep, index);
}

/* Index of a block of the network's table; it must be there. */
guint facenet_plan_find_block (const FacenetPlan * self, const gchar * name);

/* One tensor of a model file that a step needs, e.g. "conv1_w" [64,3,7,7]. */
typedef struct {
  gchar *name;
  guint rank;
  guint32 dims[4];
} FacenetTensorSpec;

/* All tensors of the network in the order of the steps, for each step weights
 * and bias, then gamma, beta, mean and variance of its batch norm.
 * (element-type FacenetTensorSpec) (transfer full) */
GArray *facenet_plan_list_tensors (const FacenetPlan * self);

/* Numbers stored for a step; of these, moving statistics that training does
 * not touch; and multiply-adds for one face. */
guint64 facenet_step_get_parameters (const FacenetStep * step);
guint64 facenet_step_get_statistics (const FacenetStep * step);
guint64 facenet_step_get_macs (const FacenetStep * step);

G_END_DECLS
