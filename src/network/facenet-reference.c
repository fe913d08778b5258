/* facenet-reference.c - a pass step by step, through BLAS
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The plan as it stands, on channels-first maps: what runs where there are no
 * kernels of our own, and what those are measured against. A face never meets
 * another one in a product, so its embedding is the same to the bit whatever
 * the batch and the number of threads.
 */
#include "network/facenet-reference-private.h"

#include <string.h>

/* Where the maps of one face lie. */
typedef struct
{
  const FacenetPlan *plan;
  const gfloat *face;
  gfloat *arena;
} Pass;

gfloat *
facenet_reference_get_map (const FacenetPlan * plan, gfloat * arena, guint slot)
{
  return arena + g_array_index (plan->slots, FacenetSlot, slot).offset;
}

static gfloat *
slot_map (const Pass * pass, guint slot)
{
  if (slot == FACENET_NO_SLOT)
    return NULL;
  return facenet_reference_get_map (pass->plan, pass->arena, slot);
}

static void
run_step (const Pass * pass, const FacenetStep * step,
    const FacenetFolded * folded)
{
  const gfloat *in = step->src == FACENET_INPUT_SLOT ?
      pass->face : slot_map (pass, step->src);
  gfloat *out = slot_map (pass, step->dst) +
      step->channel * facenet_shape_plane (&step->out);

  switch (step->kind) {
    case FACENET_STEP_CONV:
      facenet_conv_apply (&step->conv, in, folded->weights, folded->bias,
          slot_map (pass, step->columns), out);
      break;
    case FACENET_STEP_UPSAMPLE_ADD:
      facenet_add_upsampled (&step->out, in, out);
      break;
    case FACENET_STEP_POOL:
      facenet_pool2d (&step->pool, in, out);
      break;
    case FACENET_STEP_PAD:
      facenet_pad2d (&step->in, &step->out, in, out);
      break;
    case FACENET_STEP_LRN:
      facenet_lrn (&step->lrn, &step->in, in, out);
      break;
    case FACENET_STEP_DENSE:
      facenet_dense (&step->dense, in, folded->weights, folded->bias, out);
      break;
    case FACENET_STEP_L2_NORMALIZE:
      facenet_l2_normalize (step->in.c, in, out);
      break;
  }
}

void
facenet_reference_run_steps (const FacenetPlan * plan,
    const FacenetFolded * folded, const gfloat * in, gfloat * arena,
    FacenetStepFunc watch, gpointer data)
{
  Pass pass = { plan, in, arena };

  for (guint i = 0; i < plan->steps->len; i++) {
    const FacenetStep *step = facenet_plan_get_step (plan, i);

    run_step (&pass, step, &folded[i]);
    if (watch != NULL)
      watch (data, i, slot_map (&pass, step->dst));
  }
}

void
facenet_reference_run (const FacenetModel * model, const gfloat * face,
    gfloat * arena, gfloat * embedding, FacenetStepFunc watch, gpointer data)
{
  const FacenetPlan *plan = model->plan;

  facenet_reference_run_steps (plan, model->folded, face, arena, watch, data);
  memcpy (embedding, facenet_reference_get_map (plan, arena, plan->output),
      plan->n_dims * sizeof *embedding);
}
