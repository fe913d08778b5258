/* facenet-plan.c - the steps of one pass, from a network's table
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Walks the table once, block by block. Each map gets a slot with the steps
 * between which it lives; the arena planner then lets maps of different times
 * share memory.
 */
#include "network/facenet-plan-private.h"

#include <string.h>

#define LRN_SIZE 5
#define LRN_ALPHA 1e-4f

/* What the walk carries from block to block. */
typedef struct
{
  FacenetPlan *plan;
  const guint *widths;          /* [n_blocks], where the table has none */
  guint block;                  /* index of the current block */
  guint slot;                   /* where its input lies */
  FacenetShape shape;           /* and the shape of that */
} PlanWalk;

static guint
add_slot (FacenetPlan * plan, gsize n_floats)
{
  FacenetSlot slot = { n_floats, plan->steps->len, plan->steps->len, 0 };

  g_array_append_val (plan->slots, slot);
  return plan->slots->len - 1;
}

static guint
add_map (FacenetPlan * plan, const FacenetShape * shape)
{
  return add_slot (plan, facenet_shape_size (shape));
}

static void
extend_slot (FacenetPlan * plan, guint slot)
{
  g_array_index (plan->slots, FacenetSlot, slot).last = plan->steps->len;
}

/* Enters a step; takes the strings in it. */
static void
add_step (PlanWalk * walk, FacenetStep * step)
{
  FacenetPlan *plan = walk->plan;

  step->block = walk->block;
  extend_slot (plan, step->src);
  extend_slot (plan, step->dst);
  g_array_append_val (plan->steps, *step);
}

/* "inception_3a_3x3_conv1" has the batch norm "inception_3a_3x3_bn1". */
static gchar *
norm_name (const gchar * conv)
{
  const gchar *at = g_strrstr (conv, "conv");

  return g_strdup_printf ("%.*sbn%s", (int) (at - conv), conv, at + 4);
}

/* A convolution of src into channels of dst; takes name. */
static void
add_conv (PlanWalk * walk, gchar * name, const FacenetConv * conv, guint src,
    guint dst, guint channel)
{
  FacenetPlan *plan = walk->plan;
  const FacenetNetwork *network = plan->network;
  gsize columns = facenet_conv_columns_size (conv);
  FacenetStep step = {.kind = FACENET_STEP_CONV,.weights = name,
    .in = conv->in,.out = conv->out,.src = src,.dst = dst,.channel = channel,
    .conv = *conv
  };

  if (!network->has_no_norm)
    step.norm = norm_name (name);
  step.epsilon = plan->steps->len == 0 ?
      network->first_bn_epsilon : network->bn_epsilon;
  step.columns = columns > 0 ? add_slot (plan, columns) : FACENET_NO_SLOT;
  add_step (walk, &step);
}

static FacenetConv
make_conv (const FacenetShape * in, guint oc, guint k, guint s, guint p)
{
  FacenetConv conv = { *in, {oc, facenet_conv_out_side (in->h, k, s, p),
      facenet_conv_out_side (in->w, k, s, p)}, k, s, p, FALSE
  };

  return conv;
}

static FacenetPool2d
make_pool (const FacenetPlan * plan, FacenetPoolKind kind,
    const FacenetShape * in, guint k, guint s)
{
  FacenetPool2d pool = { kind, *in, {in->c,
          facenet_conv_out_side (in->h, k, s, 0),
      facenet_conv_out_side (in->w, k, s, 0)}, k, s, 0
  };

  if (kind == FACENET_POOL_L2)
    pool.kind = plan->network->l2_pool;
  return pool;
}

static void
add_pool (PlanWalk * walk, const FacenetPool2d * pool, guint src, guint dst)
{
  FacenetStep step = {.kind = FACENET_STEP_POOL,.in = pool->in,
    .out = pool->out,.src = src,.dst = dst,.columns = FACENET_NO_SLOT,
    .pool = *pool
  };

  add_step (walk, &step);
}

static void
add_pad (PlanWalk * walk, const FacenetShape * in, const FacenetShape * out,
    guint src, guint dst, guint channel)
{
  FacenetStep step = {.kind = FACENET_STEP_PAD,.in = *in,.out = *out,
    .src = src,.dst = dst,.channel = channel,.columns = FACENET_NO_SLOT
  };

  add_step (walk, &step);
}

/* The block's output becomes the input of the next one. */
static void
go_on (PlanWalk * walk, guint slot, const FacenetShape * shape)
{
  walk->slot = slot;
  walk->shape = *shape;
}

static void
walk_conv (PlanWalk * walk, const FacenetBlock * block)
{
  guint oc = block->out > 0 ? block->out : walk->widths[walk->block];
  FacenetConv conv = make_conv (&walk->shape, oc, block->k, block->s, block->p);
  guint dst = add_map (walk->plan, &conv.out);

  conv.linear = block->linear;
  add_conv (walk, g_strdup (block->name), &conv, walk->slot, dst, 0);
  go_on (walk, dst, &conv.out);
}

static void
walk_pool (PlanWalk * walk, const FacenetBlock * block)
{
  FacenetPool2d pool =
      make_pool (walk->plan, block->pool, &walk->shape, block->k, block->s);
  guint dst;

  pool.p = block->p;
  pool.out.h = facenet_conv_out_side (pool.in.h, block->k, block->s, block->p);
  pool.out.w = facenet_conv_out_side (pool.in.w, block->k, block->s, block->p);
  dst = add_map (walk->plan, &pool.out);
  add_pool (walk, &pool, walk->slot, dst);
  go_on (walk, dst, &pool.out);
}

static void
walk_upsample_add (PlanWalk * walk, const FacenetBlock * block)
{
  guint with = facenet_plan_find_block (walk->plan, block->with);
  FacenetStep step = {.kind = FACENET_STEP_UPSAMPLE_ADD,
    .in = walk->plan->block_shapes[with],.out = walk->shape,
    .src = walk->plan->block_slots[with],.dst = walk->slot,
    .columns = FACENET_NO_SLOT
  };

  add_step (walk, &step);
}

static void
walk_lrn (PlanWalk * walk)
{
  FacenetStep step = {.kind = FACENET_STEP_LRN,.in = walk->shape,
    .out = walk->shape,.src = walk->slot,.columns = FACENET_NO_SLOT,
    .lrn = {LRN_SIZE, LRN_ALPHA}
  };

  if (!walk->plan->network->has_lrn)
    return;
  step.dst = add_map (walk->plan, &walk->shape);
  add_step (walk, &step);
  go_on (walk, step.dst, &walk->shape);
}

static void
walk_dense (PlanWalk * walk, const FacenetBlock * block)
{
  FacenetShape out = { block->out, 1, 1 };
  FacenetStep step = {.kind = FACENET_STEP_DENSE,
    .weights = g_strdup (block->name),.in = walk->shape,.out = out,
    .src = walk->slot,.columns = FACENET_NO_SLOT
  };

  step.dense.n_in = (guint) facenet_shape_size (&walk->shape);
  step.dense.n_out = block->out;
  step.dst = add_map (walk->plan, &out);
  add_step (walk, &step);
  go_on (walk, step.dst, &out);
}

static void
walk_l2_normalize (PlanWalk * walk)
{
  FacenetStep step = {.kind = FACENET_STEP_L2_NORMALIZE,.in = walk->shape,
    .out = walk->shape,.src = walk->slot,.columns = FACENET_NO_SLOT
  };

  step.dst = add_map (walk->plan, &walk->shape);
  add_step (walk, &step);
  go_on (walk, step.dst, &walk->shape);
}

/* 1x1 to arm->reduce channels, then k x k to arm->out channels of dst. */
static void
walk_arm (PlanWalk * walk, const gchar * block, guint k, const FacenetArm * arm,
    guint dst, guint channel)
{
  FacenetConv reduce = make_conv (&walk->shape, arm->reduce, 1, 1, 0);
  FacenetConv conv = make_conv (&reduce.out, arm->out, k, arm->s, k / 2);
  guint map = add_map (walk->plan, &reduce.out);

  add_conv (walk, g_strdup_printf ("%s_%ux%u_conv1", block, k, k), &reduce,
      walk->slot, map, 0);
  add_conv (walk, g_strdup_printf ("%s_%ux%u_conv2", block, k, k), &conv, map,
      dst, channel);
}

/* Pool, projection, padding to the size of the block's output. */
static void
walk_pool_arm (PlanWalk * walk, const gchar * block, const FacenetPoolArm * arm,
    const FacenetShape * out, guint dst, guint channel)
{
  FacenetPool2d pool =
      make_pool (walk->plan, arm->kind, &walk->shape, 3, arm->s);
  FacenetShape shape = pool.out, padded;
  guint map = add_map (walk->plan, &shape);

  add_pool (walk, &pool, walk->slot, map);
  if (arm->project > 0) {
    FacenetConv conv = make_conv (&shape, arm->project, 1, 1, 0);
    guint projected = add_map (walk->plan, &conv.out);

    add_conv (walk, g_strdup_printf ("%s_pool_conv", block), &conv, map,
        projected, 0);
    map = projected;
    shape = conv.out;
  }
  padded = *out;
  padded.c = shape.c;
  add_pad (walk, &shape, &padded, map, dst, channel);
}

/* Output in the order 3x3, 5x5, pool, 1x1. */
static void
walk_inception (PlanWalk * walk, const FacenetBlock * block)
{
  const FacenetArm *arm3 = &block->arm3, *arm5 = &block->arm5;
  const FacenetPoolArm *pool = &block->arm_pool;
  guint c_pool = pool->project > 0 ? pool->project : walk->shape.c;
  FacenetShape out = {
    arm3->out + arm5->out + c_pool + block->arm1,
    facenet_conv_out_side (walk->shape.h, 3, arm3->s, 1),
    facenet_conv_out_side (walk->shape.w, 3, arm3->s, 1)
  };
  guint dst = add_map (walk->plan, &out);
  guint channel = 0;

  walk_arm (walk, block->name, 3, arm3, dst, channel);
  channel += arm3->out;
  if (arm5->out > 0)
    walk_arm (walk, block->name, 5, arm5, dst, channel);
  channel += arm5->out;
  walk_pool_arm (walk, block->name, pool, &out, dst, channel);
  channel += c_pool;
  if (block->arm1 > 0) {
    FacenetConv conv = make_conv (&walk->shape, block->arm1, 1, 1, 0);

    add_conv (walk, g_strdup_printf ("%s_1x1_conv", block->name), &conv,
        walk->slot, dst, channel);
  }
  go_on (walk, dst, &out);
}

static void
walk_block (PlanWalk * walk, const FacenetBlock * block)
{
  switch (block->kind) {
    case FACENET_BLOCK_CONV:
      walk_conv (walk, block);
      break;
    case FACENET_BLOCK_UPSAMPLE_ADD:
      walk_upsample_add (walk, block);
      break;
    case FACENET_BLOCK_POOL:
      walk_pool (walk, block);
      break;
    case FACENET_BLOCK_LRN:
      walk_lrn (walk);
      break;
    case FACENET_BLOCK_INCEPTION:
      walk_inception (walk, block);
      break;
    case FACENET_BLOCK_DENSE:
      walk_dense (walk, block);
      break;
    case FACENET_BLOCK_L2_NORMALIZE:
      walk_l2_normalize (walk);
      break;
  }
}

static void
step_clear (gpointer data)
{
  FacenetStep *step = data;

  g_free (step->weights);
  g_free (step->norm);
}

/* From the block before, or from the one that is named. */
static void
find_input (PlanWalk * walk, const FacenetBlock * block)
{
  guint from;

  if (block->from == NULL)
    return;
  from = facenet_plan_find_block (walk->plan, block->from);
  go_on (walk, walk->plan->block_slots[from], &walk->plan->block_shapes[from]);
}

/* widths: [n_blocks], for blocks to which the table gives none */
static FacenetPlan *
plan_new (const FacenetNetwork * network, const FacenetShape * input,
    const guint * widths)
{
  FacenetPlan *self = g_new0 (FacenetPlan, 1);
  PlanWalk walk = { self, widths, 0, 0, *input };

  self->network = network;
  self->input = *input;
  self->steps = g_array_new (FALSE, TRUE, sizeof (FacenetStep));
  g_array_set_clear_func (self->steps, step_clear);
  self->slots = g_array_new (FALSE, TRUE, sizeof (FacenetSlot));
  self->block_shapes = g_new0 (FacenetShape, network->n_blocks);
  self->block_inputs = g_new0 (FacenetShape, network->n_blocks);
  self->block_slots = g_new0 (guint, network->n_blocks);

  walk.slot = add_slot (self, 0);       /* lies with the caller */
  for (guint i = 0; i < network->n_blocks; i++) {
    walk.block = i;
    find_input (&walk, &network->blocks[i]);
    self->block_inputs[i] = walk.shape;
    walk_block (&walk, &network->blocks[i]);
    self->block_shapes[i] = walk.shape;
    self->block_slots[i] = walk.slot;
  }
  for (guint i = 0; i < network->n_blocks; i++)
    if (network->blocks[i].kept)
      extend_slot (self, self->block_slots[i]);
  self->output = walk.slot;
  self->n_dims = (guint) facenet_shape_size (&walk.shape);
  self->arena_floats =
      facenet_arena_plan ((FacenetSlot *) (gpointer) self->slots->data,
      self->slots->len);
  return self;
}

FacenetPlan *
facenet_plan_new (const FacenetNetwork * network)
{
  return plan_new (network, &network->input, NULL);
}

/* Output channels of a convolution in the file; 1 where it is missing. */
static guint
find_width (const FacenetBlock * block, const FacenetWeights * weights)
{
  g_autofree gchar *name = g_strdup_printf ("%s_b", block->name);
  const FacenetTensor *bias = facenet_weights_get (weights, name);

  return bias != NULL && bias->n_values > 0
      && bias->n_values <= FACENET_PLAN_MAX_WIDTH ? (guint) bias->n_values : 1;
}

FacenetPlan *
facenet_plan_new_for_weights (const FacenetNetwork * network,
    const FacenetWeights * weights)
{
  g_autofree guint *widths = g_new (guint, network->n_blocks);

  for (guint i = 0; i < network->n_blocks; i++)
    widths[i] = find_width (&network->blocks[i], weights);
  return plan_new (network, &network->input, widths);
}

FacenetPlan *
facenet_plan_new_resized (const FacenetPlan * plan, guint h, guint w)
{
  const FacenetNetwork *network = plan->network;
  FacenetShape input = { network->input.c, h, w };
  g_autofree guint *widths = g_new (guint, network->n_blocks);

  for (guint i = 0; i < network->n_blocks; i++)
    widths[i] = plan->block_shapes[i].c;
  return plan_new (network, &input, widths);
}

void
facenet_plan_free (FacenetPlan * self)
{
  g_array_unref (self->steps);
  g_array_unref (self->slots);
  g_free (self->block_shapes);
  g_free (self->block_inputs);
  g_free (self->block_slots);
  g_free (self);
}

guint
facenet_plan_find_block (const FacenetPlan * self, const gchar * name)
{
  guint i = 0;

  while (strcmp (self->network->blocks[i].name, name) != 0)
    i++;
  return i;
}
