/* profile.c - where the time of a pass goes, block by block
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * One thread; the minimum over many passes of each block (with --phases: of
 * each phase in it), so that what other programs do to the machine drops out.
 * GFLOP/s counts two for each multiply-add of the plain convolution: where
 * Winograd's algorithm runs it may exceed what the processor can multiply.
 */
#include "network/facenet-model-private.h"
#include "network/facenet-team-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static gint n_faces = 1;
static gint n_rounds = 200;
static gboolean by_phase = FALSE;

/* *INDENT-OFF* */
static const GOptionEntry options[] = {
  { "batch", 'b', 0, G_OPTION_ARG_INT, &n_faces,
    "Faces that go through together, 1 to 4 (1)", "N" },
  { "rounds", 'r', 0, G_OPTION_ARG_INT, &n_rounds, "Passes (200)", "N" },
  { "phases", 'p', 0, G_OPTION_ARG_NONE, &by_phase, "Finer than blocks", NULL },
  G_OPTION_ENTRY_NULL
};
/* *INDENT-ON* */

typedef struct
{
  gint64 last;                  /* ns */
  guint n_phases;
  gdouble *now;                 /* [n_phases], seconds of this pass */
  gdouble *best;                /* [n_phases] */
  guint *blocks;                /* [n_phases] */
} Profile;

static gint64
now_ns (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return (gint64) t.tv_sec * 1000000000 + t.tv_nsec;
}

static void
after_phase (gpointer data, const FacenetOp * last)
{
  Profile *profile = data;
  gint64 now = now_ns ();

  profile->now[last->phase] += (gdouble) (now - profile->last) / 1e9;
  profile->blocks[last->phase] = last->block;
  profile->last = now_ns ();
}

static guint64
count_macs (const FacenetPlan * plan, guint block)
{
  guint64 macs = 0;

  for (guint i = 0; i < plan->steps->len; i++)
    if (facenet_plan_get_step (plan, i)->block == block)
      macs += facenet_step_get_macs (facenet_plan_get_step (plan, i));
  return macs;
}

static void
print_profile (const FacenetPlan * plan, const Profile * profile)
{
  gdouble total = 0.0;

  for (guint i = 0; i < profile->n_phases; i++)
    total += profile->best[i];
  printf ("%-14s %8s %8s %6s\n", "", "ms/face", "GFLOP/s", "share");
  for (guint i = 0, first = 0; i < profile->n_phases; i++) {
    guint block = profile->blocks[i];
    gdouble seconds = 0.0;

    if (by_phase)
      printf ("  phase %-6u %8.4f\n", i, profile->best[i] * 1e3 / n_faces);
    if (i + 1 < profile->n_phases && profile->blocks[i + 1] == block)
      continue;
    for (; first <= i; first++)
      seconds += profile->best[first];
    printf ("%-14s %8.4f %8.1f %5.1f%%\n", plan->network->blocks[block].name,
        seconds * 1e3 / n_faces,
        2e-9 * (gdouble) count_macs (plan, block) * n_faces / seconds,
        100.0 * seconds / total);
  }
  printf ("%-14s %8.4f\n", "sum", total * 1e3 / n_faces);
}

static void
run_rounds (FacenetTeam * team, Profile * profile)
{
  team->watch = after_phase;
  team->watch_data = profile;
  for (gint round = 0; round < n_rounds; round++) {
    for (guint i = 0; i < profile->n_phases; i++)
      profile->now[i] = 0.0;
    profile->last = now_ns ();
    facenet_team_run (team, 0);
    for (guint i = 0; i < profile->n_phases; i++)
      if (round == 0 || profile->now[i] < profile->best[i])
        profile->best[i] = profile->now[i];
  }
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FacenetModel) model = NULL;
  const FacenetProgram *program;
  FacenetTeam team = {.n_threads = 1 };
  Profile profile = { 0 };
  gfloat *scratch, *faces;
  gsize n_in;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)
      || (model = facenet_model_load (NULL, NULL, &error)) == NULL) {
    g_printerr ("%s\n", error->message);
    return 2;
  }
  program = model->program;
  if (program == NULL) {
    g_printerr ("no kernels of our own run here\n");
    return 2;
  }
  n_faces = CLAMP (n_faces, 1, FACENET_GROUP);
  n_in = facenet_shape_size (&model->plan->network->input);
  faces = g_new (gfloat, n_in * (gsize) n_faces);
  for (gsize i = 0; i < n_in * (gsize) n_faces; i++)
    faces[i] = (gfloat) (i * 7919 % 256) / 255.0f;
  scratch = facenet_arena_alloc (program->scratch_floats);
  team.program = program;
  team.arena = facenet_arena_alloc (program->arena_floats);
  team.scratch = &scratch;
  team.faces = faces;
  team.n_faces = (guint) n_faces;
  team.embeddings = g_new (gfloat, model->plan->n_dims * (guint) n_faces);
  profile.n_phases =
      facenet_program_get_op (program, program->ops->len - 1)->phase + 1;
  profile.now = g_new0 (gdouble, profile.n_phases);
  profile.best = g_new0 (gdouble, profile.n_phases);
  profile.blocks = g_new0 (guint, profile.n_phases);

  printf ("kernels %s, %d faces\n", program->kernels->name, n_faces);
  run_rounds (&team, &profile);
  print_profile (model->plan, &profile);

  g_free (profile.now);
  g_free (profile.best);
  g_free (profile.blocks);
  g_free (faces);
  g_free (team.embeddings);
  facenet_arena_free (team.arena);
  facenet_arena_free (scratch);
  return 0;
}
