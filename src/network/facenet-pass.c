/* facenet-pass.c - a network that reads a picture of any size
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "network/facenet-pass-private.h"

#include "network/facenet-job-private.h"
#include "network/facenet-reference-private.h"

struct _FacenetPass
{
  const FacenetCompiled *compiled;
  FacenetPlan *plan;
  FacenetProgram *program;      /* NULL with the reference */
  gfloat *arena;
  gfloat *input;                /* [3,h,w] of the reference */
};

void
facenet_compiled_init (FacenetCompiled * self, FacenetPlan * plan,
    const FacenetWeights * weights)
{
  const FacenetKernels *kernels = facenet_kernels_get ();

  self->plan = plan;
  if (kernels != NULL)
    self->program = facenet_program_new (plan, weights, kernels);
  else
    self->folded = facenet_fold_new (plan, weights, &self->memory);
}

void
facenet_compiled_clear (FacenetCompiled * self)
{
  g_clear_pointer (&self->program, facenet_program_free);
  g_clear_pointer (&self->plan, facenet_plan_free);
  g_clear_pointer (&self->folded, g_free);
  g_clear_pointer (&self->memory, facenet_arena_free);
}

gsize
facenet_compiled_get_scratch_size (const FacenetCompiled * self)
{
  return self->program != NULL ? self->program->scratch_floats : 0;
}

FacenetPass *
facenet_pass_new (const FacenetCompiled * compiled, guint h, guint w)
{
  FacenetPass *self = g_new0 (FacenetPass, 1);

  self->compiled = compiled;
  self->plan = facenet_plan_new_resized (compiled->plan, h, w);
  if (compiled->program != NULL) {
    self->program = facenet_program_new_resized (compiled->program, self->plan);
    self->arena = facenet_arena_alloc (self->program->arena_floats);
  } else {
    self->arena = facenet_arena_alloc (self->plan->arena_floats);
    self->input = facenet_arena_alloc (facenet_shape_size (&self->plan->input));
  }
  return self;
}

void
facenet_pass_free (FacenetPass * self)
{
  g_clear_pointer (&self->program, facenet_program_free);
  facenet_plan_free (self->plan);
  facenet_arena_free (self->arena);
  g_clear_pointer (&self->input, facenet_arena_free);
  g_free (self);
}

static FacenetMapView
get_planar (gfloat * data, const FacenetShape * shape)
{
  FacenetMapView view = { data, shape->w, 1, facenet_shape_plane (shape),
    *shape
  };

  return view;
}

static FacenetMapView
get_pixel_major (const FacenetPass * self, guint slot,
    const FacenetShape * shape)
{
  FacenetTeam team = {.program = self->program,.arena = self->arena };
  FacenetPlace place = {.map = slot };
  FacenetView view = facenet_team_get_view (&team, &place, 0);
  FacenetMapView map = { view.data, view.row, view.pixel, 1, *shape };

  return map;
}

FacenetMapView
facenet_pass_get_input (const FacenetPass * self)
{
  if (self->program == NULL)
    return get_planar (self->input, &self->plan->input);
  return get_pixel_major (self, FACENET_INPUT_SLOT, &self->plan->input);
}

FacenetMapView
facenet_pass_get_map (const FacenetPass * self, guint block)
{
  const FacenetPlan *plan = self->plan;
  guint slot = plan->block_slots[block];
  const FacenetShape *shape = &plan->block_shapes[block];

  if (self->program == NULL)
    return get_planar (facenet_reference_get_map (plan, self->arena, slot),
        shape);
  return get_pixel_major (self, slot, shape);
}

static void
run_together (gpointer data, guint task, guint worker)
{
  facenet_team_run (data, task);
}

void
facenet_pass_run (FacenetPass * self, FacenetPool * pool, gfloat ** scratch)
{
  FacenetTeam team = {.program = self->program,.arena = self->arena,
    .n_threads = facenet_pool_get_n_threads (pool),.scratch = scratch,
    .n_faces = 1
  };

  if (self->program == NULL)
    facenet_reference_run_steps (self->plan, self->compiled->folded,
        self->input, self->arena, NULL, NULL);
  else
    facenet_pool_run (pool, run_together, &team, team.n_threads);
}
