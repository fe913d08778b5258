/* facenet-lower.c - from the steps of a plan to operations
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Each slot of the plan becomes a map, with a border as wide as the padding of
 * the convolutions that read it. Each step becomes an operation, in the first
 * phase in which everything it reads is there. A padding step becomes a frame
 * of zeros, and what it would have padded is written straight into the frame.
 */
#include "network/facenet-program-private.h"

/* Maps up to this size are worked on for all faces of a group at once. */
#define GROUPED_PIXELS 256

/* What compiling carries from step to step. */
typedef struct
{
  FacenetProgram *program;
  const FacenetPlan *plan;
  FacenetPlace *places;         /* [n_slots], where writes to a slot go */
  GArray *ready;                /* of guint by map, phase after its last write */
  guint step;                   /* index of the current one */
} Compiler;

static FacenetMap *
get_map (const Compiler * compiler, guint index)
{
  return &g_array_index (compiler->program->maps, FacenetMap, index);
}

static gboolean
is_grouped (const FacenetPlan * plan, const FacenetStep * step)
{
  return plan->network->task != FACENET_TASK_DETECT
      && facenet_shape_plane (&plan->block_inputs[step->block]) <=
      GROUPED_PIXELS;
}

/* A convolution that Winograd's algorithm fits: in whole tiles, where the
 * input has one size; with the same weights for all sizes, where it has
 * any. */
static gboolean
is_winograd (const FacenetPlan * plan, const FacenetStep * step)
{
  const FacenetConv *conv = &step->conv;

  if (step->kind != FACENET_STEP_CONV || conv->k != 3 || conv->s != 1
      || conv->p != 1 || conv->linear)
    return FALSE;
  return plan->network->task == FACENET_TASK_DETECT
      || (conv->out.h % FACENET_WINOGRAD_TILE == 0
      && conv->out.w % FACENET_WINOGRAD_TILE == 0);
}

static guint
divide_up (guint n, guint by)
{
  return (n + by - 1) / by;
}

/* From n to a multiple of a tile's side. */
static guint
tile_slack (guint n)
{
  return divide_up (n, FACENET_WINOGRAD_TILE) * FACENET_WINOGRAD_TILE - n;
}

static guint
add_map (Compiler * compiler)
{
  FacenetMap map = {.slot.last = FACENET_NO_PHASE };
  guint ready = 0;

  g_array_append_val (compiler->program->maps, map);
  g_array_append_val (compiler->ready, ready);
  return compiler->program->maps->len - 1;
}

/* Slots become maps with the shape of what is read from them, or, for those
 * that nobody reads, written to them. */
static void
make_maps (Compiler * compiler)
{
  const FacenetPlan *plan = compiler->plan;

  for (guint i = 0; i < plan->slots->len; i++)
    compiler->places[i].map = add_map (compiler);
  for (guint i = 0; i < plan->steps->len; i++) {
    const FacenetStep *step = facenet_plan_get_step (plan, i);
    FacenetMap *src = get_map (compiler, step->src);
    FacenetMap *dst = get_map (compiler, step->dst);

    src->h = step->in.h;
    src->w = step->in.w;
    src->c = step->in.c;
    if (step->kind == FACENET_STEP_CONV)
      src->border = MAX (src->border, step->conv.p);
    if (is_winograd (plan, step)) {
      src->slack_h = tile_slack (step->in.h);
      src->slack_w = tile_slack (step->in.w);
    }
    dst->h = step->out.h;
    dst->w = step->out.w;
    dst->c = MAX (dst->c, step->channel + step->out.c);
    if (step->kind == FACENET_STEP_PAD) {
      FacenetPlace *place = &compiler->places[step->src];

      place->map = step->dst;
      place->channel = step->channel;
      place->top = (step->out.h - step->in.h) / 2;
      place->left = (step->out.w - step->in.w) / 2;
    }
  }
}

/* The map that a step writes to, and where. */
static FacenetPlace
find_place (const Compiler * compiler, const FacenetStep * step)
{
  FacenetPlace place = compiler->places[step->dst];

  place.channel += step->channel;
  return place;
}

static FacenetOp
make_op (const Compiler * compiler, const FacenetStep * step,
    FacenetOpKind kind)
{
  FacenetOp op = {.kind = kind,.block = step->block,
    .grouped = is_grouped (compiler->plan, step),
    .in = step->in,.out = step->out
  };

  op.src = compiler->places[step->src];
  op.dst = find_place (compiler, step);
  op.step = compiler->step;
  op.phase = g_array_index (compiler->ready, guint, op.src.map);
  return op;
}

static void
use_map (Compiler * compiler, guint index, const FacenetOp * op)
{
  FacenetMap *map = get_map (compiler, index);
  gboolean is_new = map->slot.last == FACENET_NO_PHASE;

  map->grouped = map->grouped || op->grouped;
  map->slot.first = is_new ? op->phase : MIN (map->slot.first, op->phase);
  map->slot.last = is_new ? op->phase : MAX (map->slot.last, op->phase);
}

static void
add_op (Compiler * compiler, const FacenetOp * op)
{
  guint *ready = &g_array_index (compiler->ready, guint, op->dst.map);

  use_map (compiler, op->src.map, op);
  use_map (compiler, op->dst.map, op);
  *ready = MAX (*ready, op->phase + 1);
  g_array_append_val (compiler->program->ops, *op);
}

/* Zeros around the rectangle that op writes, in its channels. */
static void
add_frame (Compiler * compiler, const FacenetOp * op)
{
  FacenetOp frame = *op;

  frame.kind = FACENET_OP_FRAME;
  frame.src = frame.dst;
  frame.from = frame.to = NULL;
  add_op (compiler, &frame);
}

/* Adds the operation, and zeros where its map has a border or it fills less
 * than the map. */
static void
add_framed (Compiler * compiler, const FacenetOp * op)
{
  const FacenetMap *dst = get_map (compiler, op->dst.map);

  if (dst->border > 0 || op->out.h < dst->h || op->out.w < dst->w)
    add_frame (compiler, op);
  add_op (compiler, op);
}

/* A row of windows and outputs: `step` pixels of output apart, each window
 * `pad` pixels before and above `stride` times its output. */
typedef struct
{
  guint step, stride, pad;
} Walk;

static void
make_offsets (const Compiler * compiler, FacenetOp * op, const Walk * walk)
{
  const FacenetMap *src = get_map (compiler, op->src.map);
  const FacenetMap *dst = get_map (compiler, op->dst.map);
  gint pad = (gint) walk->pad;
  guint32 *from, *to;

  op->n_points = divide_up (op->out.h, walk->step) *
      divide_up (op->out.w, walk->step);
  from = op->from = g_new (guint32, op->n_points);
  to = op->to = g_new (guint32, op->n_points);
  for (guint y = 0; y < op->out.h; y += walk->step) {
    for (guint x = 0; x < op->out.w; x += walk->step) {
      *from++ = (guint32) facenet_map_get_offset (src, &op->src,
          (gint) (y * walk->stride) - pad, (gint) (x * walk->stride) - pad);
      *to++ = (guint32) facenet_map_get_offset (dst, &op->dst, (gint) y,
          (gint) x);
    }
  }
}

/* kh rows of kw pixels; one run when the rows follow each other. */
static FacenetProduct
make_product (const FacenetMap * src, guint c, guint kh, guint kw,
    gboolean relu)
{
  gsize row = (gsize) facenet_map_get_row (src) * src->c;
  FacenetProduct product = { kh, (gsize) kw * c, row, relu };

  if (product.run_length == row) {
    product.run_length *= kh;
    product.n_runs = 1;
  }
  return product;
}

static void
compile_conv (Compiler * compiler, const FacenetStep * step)
{
  FacenetOp op = make_op (compiler, step, FACENET_OP_PRODUCT);
  Walk walk = { 1, step->conv.s, step->conv.p };

  op.product = make_product (get_map (compiler, op.src.map), op.in.c,
      step->conv.k, step->conv.k, !step->conv.linear);
  make_offsets (compiler, &op, &walk);
  add_framed (compiler, &op);
}

/* A convolution whose window is the whole map. */
static void
compile_dense (Compiler * compiler, const FacenetStep * step)
{
  FacenetOp op = make_op (compiler, step, FACENET_OP_PRODUCT);
  Walk walk = { 1, 0, 0 };

  op.product = make_product (get_map (compiler, op.src.map), op.in.c, op.in.h,
      op.in.w, FALSE);
  make_offsets (compiler, &op, &walk);
  add_framed (compiler, &op);
}

/* Two operations with the transformed input between them, a map of 36 rows
 * of tiles. */
static void
compile_winograd (Compiler * compiler, const FacenetStep * step)
{
  FacenetOp op = make_op (compiler, step, FACENET_OP_WINOGRAD);
  FacenetPlace place = { add_map (compiler), 0, 0, 0 };
  FacenetMap *map = get_map (compiler, place.map);
  Walk walk = { FACENET_WINOGRAD_TILE, 1, step->conv.p };
  FacenetOp in;

  make_offsets (compiler, &op, &walk);
  map->h = FACENET_WINOGRAD_POINTS;
  map->w = op.n_points;
  map->c = op.in.c;
  in = op;
  in.kind = FACENET_OP_WINOGRAD_IN;
  in.to = op.from = NULL;
  in.dst = op.src = place;
  add_op (compiler, &in);
  op.phase = in.phase + 1;
  op.product.n_runs = 1;
  op.product.run_length = op.in.c;
  add_framed (compiler, &op);
}

/* Once both maps are there. */
static void
compile_upsample_add (Compiler * compiler, const FacenetStep * step)
{
  FacenetOp op = make_op (compiler, step, FACENET_OP_UPSAMPLE_ADD);

  op.phase = MAX (op.phase, g_array_index (compiler->ready, guint, op.dst.map));
  add_op (compiler, &op);
}

static void
compile_other (Compiler * compiler, const FacenetStep * step)
{
  FacenetOp op = make_op (compiler, step, FACENET_OP_L2_NORMALIZE);

  if (step->kind == FACENET_STEP_POOL) {
    op.kind = FACENET_OP_POOL;
    op.pool = step->pool;
  } else if (step->kind == FACENET_STEP_LRN) {
    op.kind = FACENET_OP_LRN;
    op.lrn = step->lrn;
  }
  add_framed (compiler, &op);
}

/* The caller's face, with a border, pixel by pixel. A picture to detect in is
 * written there by the caller, and only the border is left. */
static void
compile_input (Compiler * compiler)
{
  FacenetOp op = {.kind = FACENET_OP_INTERLEAVE,
    .in = compiler->plan->input,
    .out = compiler->plan->input,
  };

  op.src.map = op.dst.map = FACENET_INPUT_SLOT;
  if (compiler->plan->network->task == FACENET_TASK_DETECT)
    add_frame (compiler, &op);
  else
    add_framed (compiler, &op);
}

/* The last map is what the caller gets. */
static void
compile_output (Compiler * compiler)
{
  const FacenetPlan *plan = compiler->plan;
  guint last = plan->steps->len - 1;
  FacenetOp op = make_op (compiler, facenet_plan_get_step (plan, last),
      FACENET_OP_COPY_OUT);

  op.src = op.dst;
  op.in = op.out;
  op.phase = g_array_index (compiler->ready, guint, op.src.map);
  add_op (compiler, &op);
}

static void
compile_step (Compiler * compiler, const FacenetStep * step)
{
  if (step->kind == FACENET_STEP_CONV) {
    if (is_winograd (compiler->plan, step))
      compile_winograd (compiler, step);
    else
      compile_conv (compiler, step);
  } else if (step->kind == FACENET_STEP_DENSE) {
    compile_dense (compiler, step);
  } else if (step->kind == FACENET_STEP_UPSAMPLE_ADD) {
    compile_upsample_add (compiler, step);
  } else if (step->kind != FACENET_STEP_PAD) {
    compile_other (compiler, step);
  }
}

/* The caller reads these after the pass. */
static void
keep_maps (Compiler * compiler)
{
  const FacenetPlan *plan = compiler->plan;
  const GArray *ops = compiler->program->ops;
  guint last = g_array_index (ops, FacenetOp, ops->len - 1).phase;

  for (guint i = 0; i < plan->network->n_blocks; i++)
    if (plan->network->blocks[i].kept)
      get_map (compiler, plan->block_slots[i])->slot.last = last;
}

static gint
compare_phases (gconstpointer a, gconstpointer b)
{
  const FacenetOp *op_a = a, *op_b = b;

  return op_a->phase < op_b->phase ? -1 : op_a->phase > op_b->phase;
}

void
facenet_program_lower (FacenetProgram * self)
{
  Compiler compiler = {.program = self,.plan = self->plan };

  compiler.ready = g_array_new (FALSE, TRUE, sizeof (guint));
  compiler.places = g_new0 (FacenetPlace, self->plan->slots->len);
  make_maps (&compiler);
  compile_input (&compiler);
  for (guint i = 0; i < self->plan->steps->len; i++) {
    compiler.step = i;
    compile_step (&compiler, facenet_plan_get_step (self->plan, i));
  }
  if (self->plan->network->task == FACENET_TASK_POINTS)
    compile_output (&compiler);
  g_array_sort (self->ops, compare_phases);
  keep_maps (&compiler);
  while (self->first_grouped < self->ops->len
      && !facenet_program_get_op (self, self->first_grouped)->grouped)
    self->first_grouped++;
  g_array_unref (compiler.ready);
  g_free (compiler.places);
}
