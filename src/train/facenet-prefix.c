/* facenet-prefix.c - the frozen blocks, with the kernels of inference
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * What is not trained needs no way back, and the way there is a network of its
 * own: the table without its last blocks. It runs as any model does, on
 * pixel-major maps, of which only the last is turned into what training reads.
 */
#include "train/facenet-prefix-private.h"

#include "network/facenet-job-private.h"

struct _FacenetPrefix
{
  FacenetNetwork network;       /* the first blocks of the table */
  FacenetPlan *plan;
  FacenetProgram *program;
};

FacenetPrefix *
facenet_prefix_new (const FacenetNetwork * network, guint n_blocks,
    const FacenetWeights * weights)
{
  const FacenetKernels *kernels = facenet_kernels_get ();
  FacenetPrefix *self;

  if (kernels == NULL)
    return NULL;
  self = g_new0 (FacenetPrefix, 1);
  self->network = *network;
  self->network.n_blocks = n_blocks;
  self->plan = facenet_plan_new (&self->network);
  self->program = facenet_program_new (self->plan, weights, kernels);
  return self;
}

void
facenet_prefix_free (FacenetPrefix * self)
{
  facenet_program_free (self->program);
  facenet_plan_free (self->plan);
  g_free (self);
}

gsize
facenet_prefix_get_arena_size (const FacenetPrefix * self)
{
  return self->program->arena_floats;
}

gsize
facenet_prefix_get_scratch_size (const FacenetPrefix * self)
{
  return self->program->scratch_floats;
}

guint
facenet_prefix_get_slot (const FacenetPrefix * self)
{
  return self->plan->output;
}

/* The output of one face of a team, from pixel-major to plane after plane,
 * stride floats apart. */
static void
read_output (const FacenetPrefix * self, const FacenetTeam * team, guint face,
    gfloat * out, gsize stride)
{
  const FacenetShape *shape = &self->plan->block_shapes[self->network.n_blocks -
      1];
  FacenetPlace place = {.map = self->plan->output };
  FacenetView view = facenet_team_get_view (team, &place, face);

  for (guint y = 0; y < shape->h; y++) {
    for (guint x = 0; x < shape->w; x++, out++) {
      const gfloat *pixel = view.data + y * view.row + x * view.pixel;

      for (guint ci = 0; ci < shape->c; ci++)
        out[ci * stride] = pixel[ci];
    }
  }
}

void
facenet_prefix_run (const FacenetPrefix * self,
    const FacenetPrefixMemory * memory, const gfloat * faces, guint n_faces,
    gfloat * out)
{
  const FacenetMap *map =
      facenet_program_get_map (self->program, self->plan->output);
  gsize n_in = facenet_shape_size (&self->network.input);
  gsize plane =
      facenet_shape_plane (&self->plan->block_shapes[self->network.n_blocks -
          1]);
  gfloat *scratch = memory->scratch;

  for (guint first = 0; first < n_faces;) {
    FacenetTeam team = {.program = self->program,.arena = memory->arena,
      .n_threads = 1,.scratch = &scratch,.faces = faces + first * n_in
    };

    /* Large maps hold one face, and the next one takes its place. */
    team.n_faces = map->grouped ? MIN (FACENET_GROUP, n_faces - first) : 1;
    facenet_team_run (&team, 0);
    for (guint i = 0; i < team.n_faces; i++)
      read_output (self, &team, i, out + (first + i) * plane, n_faces * plane);
    first += team.n_faces;
  }
}
