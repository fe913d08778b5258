/* facenet-program.c - a plan made ready for kernels of our own
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The operations come from facenet-lower.c; here they get their weights, in
 * the order in which the kernels read them, and their maps get memory.
 */
#include "network/facenet-program-private.h"

#include "network/facenet-pack-private.h"

#include <string.h>

static gboolean
has_weights (const FacenetOp * op)
{
  return op->kind == FACENET_OP_PRODUCT || op->kind == FACENET_OP_WINOGRAD;
}

static FacenetFilter
get_filter (const FacenetOp * op, const FacenetStep * step)
{
  gboolean conv = step->kind == FACENET_STEP_CONV;
  FacenetFilter filter = { op->out.c, op->in.c,
    conv ? step->conv.k : op->in.h, conv ? step->conv.k : op->in.w
  };

  return filter;
}

/* Whole cache lines. */
static gsize
round_up (gsize n_floats)
{
  gsize align = FACENET_ARENA_ALIGN / sizeof (gfloat);

  return (n_floats + align - 1) / align * align;
}

static gsize
packed_size (const FacenetOp * op, const FacenetFilter * filter, gsize width)
{
  guint window = op->kind == FACENET_OP_WINOGRAD ?
      FACENET_WINOGRAD_POINTS : filter->kh * filter->kw;

  return round_up ((gsize) window * filter->c * width);
}

/* Weights and bias of one operation go to next; returns what is after them.
 * next NULL: only counts. */
static gsize
pack_op (const FacenetProgram * self, FacenetOp * op,
    const FacenetFolded * folded, gfloat * next)
{
  const FacenetKernels *kernels = self->kernels;
  FacenetFilter filter =
      get_filter (op, facenet_plan_get_step (self->plan, op->step));
  gsize width = facenet_pack_get_width (kernels, filter.oc);
  gsize size = packed_size (op, &filter, width);

  if (next == NULL)
    return size + round_up (width);
  if (op->kind == FACENET_OP_WINOGRAD)
    facenet_pack_winograd (kernels, &filter, folded->weights, next);
  else
    facenet_pack_weights (kernels, &filter, folded->weights, next);
  op->weights = next;
  op->bias = next + size;
  memset (next + size, 0, width * sizeof *next);
  memcpy (next + size, folded->bias, filter.oc * sizeof *next);
  return size + round_up (width);
}

/* Folds and packs one step after the other: memory that is touched for the
 * first time costs more than all the arithmetic of loading. */
static void
pack_ops (FacenetProgram * self, const FacenetWeights * weights)
{
  gsize total = 0, offset = 0, most = 0;
  g_autofree gfloat *buffer = NULL;

  for (guint i = 0; i < self->ops->len; i++) {
    FacenetOp *op = &g_array_index (self->ops, FacenetOp, i);

    if (has_weights (op)) {
      const FacenetStep *step = facenet_plan_get_step (self->plan, op->step);

      total += pack_op (self, op, NULL, NULL);
      most = MAX (most, facenet_fold_get_size (step) + step->out.c);
    }
  }
  self->weights = facenet_arena_alloc (total);
  buffer = g_new (gfloat, most);
  for (guint i = 0; i < self->ops->len; i++) {
    FacenetOp *op = &g_array_index (self->ops, FacenetOp, i);

    if (has_weights (op)) {
      const FacenetStep *step = facenet_plan_get_step (self->plan, op->step);
      FacenetFolded folded = { buffer, buffer + facenet_fold_get_size (step) };

      facenet_fold_step (step, weights, &folded);
      offset += pack_op (self, op, &folded, self->weights + offset);
    }
  }
}

/* Offsets for all maps. A map that is filled face by face and then read as a
 * group must outlive the whole of the early phases. */
static void
plan_arena (FacenetProgram * self)
{
  guint n_maps = self->maps->len;
  g_autofree FacenetSlot *slots = g_new (FacenetSlot, n_maps);

  for (guint i = 0; i < n_maps; i++) {
    FacenetMap *map = &g_array_index (self->maps, FacenetMap, i);
    guint first_grouped = self->first_grouped < self->ops->len ?
        facenet_program_get_op (self, self->first_grouped)->phase : 0;

    if (map->slot.last == FACENET_NO_PHASE) {
      map->slot.last = 0;
      map->c = 0;
    }
    map->face_floats = round_up ((gsize) facenet_map_get_n_rows (map) *
        facenet_map_get_row (map) * map->c);
    map->slot.n_floats = map->face_floats * (map->grouped ? FACENET_GROUP : 1);
    if (map->grouped && map->slot.first < first_grouped)
      map->slot.first = 0;
    slots[i] = map->slot;
  }
  self->arena_floats = facenet_arena_plan (slots, n_maps);
  for (guint i = 0; i < n_maps; i++)
    g_array_index (self->maps, FacenetMap, i).slot = slots[i];
}

static void
op_clear (gpointer data)
{
  FacenetOp *op = data;

  g_free (op->from);
  g_free (op->to);
}

/* Everything but weights. */
static FacenetProgram *
program_new (const FacenetPlan * plan, const FacenetKernels * kernels)
{
  FacenetProgram *self = g_new0 (FacenetProgram, 1);

  self->kernels = kernels;
  self->plan = plan;
  self->ops = g_array_new (FALSE, TRUE, sizeof (FacenetOp));
  g_array_set_clear_func (self->ops, op_clear);
  self->maps = g_array_new (FALSE, TRUE, sizeof (FacenetMap));
  facenet_program_lower (self);
  plan_arena (self);
  self->scratch_floats =
      (gsize) FACENET_WINOGRAD_POINTS *kernels->tile_rows * kernels->panel;
  return self;
}

FacenetProgram *
facenet_program_new (const FacenetPlan * plan, const FacenetWeights * weights,
    const FacenetKernels * kernels)
{
  FacenetProgram *self = program_new (plan, kernels);

  pack_ops (self, weights);
  return self;
}

/* The operation of a step that has weights. */
static const FacenetOp *
find_op (const FacenetProgram * self, guint step)
{
  for (guint i = 0; i < self->ops->len; i++) {
    const FacenetOp *op = facenet_program_get_op (self, i);

    if (op->step == step && has_weights (op))
      return op;
  }
  return NULL;
}

FacenetProgram *
facenet_program_new_resized (const FacenetProgram * model,
    const FacenetPlan * plan)
{
  FacenetProgram *self = program_new (plan, model->kernels);

  for (guint i = 0; i < self->ops->len; i++) {
    FacenetOp *op = &g_array_index (self->ops, FacenetOp, i);
    const FacenetOp *packed;

    if (!has_weights (op))
      continue;
    packed = find_op (model, op->step);
    /* Weights for Winograd are not those of a plain product. */
    g_assert (packed != NULL && packed->kind == op->kind);
    op->weights = packed->weights;
    op->bias = packed->bias;
  }
  return self;
}

void
facenet_program_free (FacenetProgram * self)
{
  g_clear_pointer (&self->weights, facenet_arena_free);
  g_array_unref (self->ops);
  g_array_unref (self->maps);
  g_free (self);
}
