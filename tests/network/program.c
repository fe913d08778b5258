/* program.c - a program does what its plan says, in memory that nobody shares
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "../face/detector-weights.h"
#include "generator.h"
#include "network/facenet-pack-private.h"
#include "network/facenet-program-private.h"

#include <facenet/facenet-runtime.h>

static const gchar *const variants[] = { "nn4.small2", "facereco" };

typedef struct
{
  FacenetPlan *plan;
  FacenetProgram *program;
} Fixture;

static void
set_up (Fixture * fixture, gconstpointer network)
{
  FacenetWeights *weights = generator_weights (1);
  const FacenetKernels *kernels = facenet_kernels_find ("avx512");

  if (kernels == NULL)
    kernels = facenet_kernels_find ("avx2");
  fixture->plan = facenet_plan_new (facenet_network_find (network));
  if (kernels != NULL)
    fixture->program = facenet_program_new (fixture->plan, weights, kernels);
  facenet_weights_free (weights);
}

static void
tear_down (Fixture * fixture, gconstpointer network)
{
  g_clear_pointer (&fixture->program, facenet_program_free);
  facenet_plan_free (fixture->plan);
}

static void
test_nothing_is_read_before_it_is_written (Fixture * fixture,
    gconstpointer network)
{
  const FacenetProgram *program = fixture->program;
  g_autofree guint *last = g_new0 (guint, program->maps->len);
  guint phase = 0;

  for (guint i = 0; i < program->ops->len; i++) {
    const FacenetOp *op = facenet_program_get_op (program, i);

    g_assert_cmpuint (op->phase, >=, phase);
    phase = op->phase;
    last[op->dst.map] = MAX (last[op->dst.map], phase);
  }
  for (guint i = 0; i < program->ops->len; i++) {
    const FacenetOp *op = facenet_program_get_op (program, i);

    if (op->kind != FACENET_OP_INTERLEAVE && op->kind != FACENET_OP_FRAME)
      g_assert_cmpuint (op->phase, >, last[op->src.map]);
    g_assert_cmpint (op->grouped, ==, i >= program->first_grouped);
  }
}

/* When a map is in use: from its first to its last operation, and through all
 * early phases once it holds faces of a group. */
static void
find_life (const FacenetProgram * program, guint map, guint * first,
    guint * last)
{
  *first = G_MAXUINT;
  *last = 0;
  for (guint i = 0; i < program->ops->len; i++) {
    const FacenetOp *op = facenet_program_get_op (program, i);

    if (op->src.map != map && op->dst.map != map)
      continue;
    *first = MIN (*first, op->phase);
    *last = MAX (*last, op->phase);
    if (facenet_program_get_map (program, map)->grouped && !op->grouped)
      *first = 0;
  }
}

static void
test_living_maps_do_not_overlap (Fixture * fixture, gconstpointer network)
{
  const FacenetProgram *program = fixture->program;

  for (guint i = 0; i < program->maps->len; i++) {
    const FacenetSlot *a = &facenet_program_get_map (program, i)->slot;
    guint first_a, last_a, first_b, last_b;

    g_assert_cmpuint (a->offset + a->n_floats, <=, program->arena_floats);
    find_life (program, i, &first_a, &last_a);
    for (guint j = 0; j < i; j++) {
      const FacenetSlot *b = &facenet_program_get_map (program, j)->slot;

      find_life (program, j, &first_b, &last_b);
      if (first_a <= last_b && first_b <= last_a)
        g_assert_true (a->offset + a->n_floats <= b->offset
            || b->offset + b->n_floats <= a->offset);
    }
  }
}

static void
test_large_3x3_convolutions_are_winograds (Fixture * fixture,
    gconstpointer network)
{
  guint n = 0;

  for (guint i = 0; i < fixture->program->ops->len; i++)
    n += facenet_program_get_op (fixture->program, i)->kind ==
        FACENET_OP_WINOGRAD;
  /* conv3, and the 3x3 arms of 3a and 3b. */
  g_assert_cmpuint (n, ==, 3);
}

static void
test_the_arena_is_small (Fixture * fixture, gconstpointer network)
{
  g_assert_cmpuint (fixture->program->arena_floats * sizeof (gfloat), <,
      4 << 20);
}

/* A tile of 6 x 6 pixels lies in the memory of its map, and none of its rows
 * goes on in the next one of the map, whatever the sides are. */
static void
check_tiles (const FacenetProgram * program)
{
  for (guint i = 0; i < program->ops->len; i++) {
    const FacenetOp *op = facenet_program_get_op (program, i);
    const FacenetMap *map = facenet_program_get_map (program, op->src.map);

    if (op->kind != FACENET_OP_WINOGRAD_IN)
      continue;
    for (guint k = 0; k < op->n_points; k++) {
      guint pixel = (op->from[k] - op->src.channel) / map->c;

      g_assert_cmpuint (pixel % facenet_map_get_row (map) + 6, <=,
          facenet_map_get_row (map));
      g_assert_cmpuint (pixel / facenet_map_get_row (map) + 6, <=,
          facenet_map_get_n_rows (map));
    }
  }
}

static void
test_tiles_lie_in_their_maps (void)
{
  g_autoptr (FacenetWeights) weights =
      detector_weights_new ("tiles", "facenet-detect");
  g_autoptr (FacenetPlan) plan =
      facenet_plan_new_for_weights (facenet_network_find ("facenet-detect"),
      weights);
  const FacenetKernels *kernels = facenet_kernels_find ("avx2");
  FacenetProgram *model;

  if (kernels == NULL) {
    g_test_skip ("no AVX2 on this processor");
    return;
  }
  model = facenet_program_new (plan, weights, kernels);
  for (guint h = 1; h <= 5; h++) {
    for (guint w = 1; w <= 5; w++) {
      g_autoptr (FacenetPlan) resized =
          facenet_plan_new_resized (plan, 32 * h, 32 * w);
      FacenetProgram *program = facenet_program_new_resized (model, resized);

      check_tiles (program);
      facenet_program_free (program);
    }
  }
  facenet_program_free (model);
}

static void
test_packing_keeps_every_weight (void)
{
  FacenetKernels set = {.lanes = 4,.panel = 8 };
  FacenetFilter filter = { 13, 3, 2, 2 };
  gfloat weights[13 * 12], packed[16 * 12];

  for (guint i = 0; i < G_N_ELEMENTS (weights); i++)
    weights[i] = (gfloat) (i + 1);
  g_assert_cmpuint (facenet_pack_get_n_panels (&set, 13), ==, 2);
  g_assert_cmpuint (facenet_pack_get_n_out (&set, 13, 1), ==, 5);
  g_assert_cmpuint (facenet_pack_get_width (&set, 13), ==, 16);
  facenet_pack_weights (&set, &filter, weights, packed);
  for (guint o = 0; o < 16; o++)
    for (guint c = 0; c < 3; c++)
      for (guint i = 0; i < 4; i++)
        g_assert_cmpfloat (packed[(o / 8 * 12 + i * 3 + c) * 8 + o % 8], ==,
            o < 13 ? weights[(o * 3 + c) * 4 + i] : 0.0f);
}

static void
load_in_subprocess (const gchar * kernels)
{
  g_setenv ("FACENET_KERNELS", kernels, TRUE);
  g_print ("runs %s\n", facenet_runtime_get_kernels ());
}

static void
test_cblas_can_be_asked_for (void)
{
  if (g_test_subprocess ()) {
    load_in_subprocess ("cblas");
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*runs cblas*");
}

static void
test_kernels_that_are_not_there_are_refused (void)
{
  if (g_test_subprocess ()) {
    g_log_set_always_fatal (G_LOG_LEVEL_ERROR);
    load_in_subprocess ("sse9");
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*FACENET_KERNELS=sse9*");
}

int
main (int argc, char **argv)
{
  const struct
  {
    const gchar *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    {"nothing-is-read-before-it-is-written",
        test_nothing_is_read_before_it_is_written},
    {"living-maps-do-not-overlap", test_living_maps_do_not_overlap},
    {"large-3x3-convolutions-are-winograds",
        test_large_3x3_convolutions_are_winograds},
    {"the-arena-is-small", test_the_arena_is_small},
  };
  gboolean any = facenet_kernels_find ("avx2") != NULL;

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; any && i < G_N_ELEMENTS (tests); i++) {
    for (guint v = 0; v < G_N_ELEMENTS (variants); v++) {
      g_autofree gchar *path =
          g_strdup_printf ("/program/%s/%s", variants[v], tests[i].name);

      g_test_add (path, Fixture, variants[v], set_up, tests[i].func, tear_down);
    }
  }
  g_test_add_func ("/program/tiles-lie-in-their-maps",
      test_tiles_lie_in_their_maps);
  g_test_add_func ("/program/packing-keeps-every-weight",
      test_packing_keeps_every_weight);
  g_test_add_func ("/program/cblas-can-be-asked-for",
      test_cblas_can_be_asked_for);
  g_test_add_func ("/program/kernels-that-are-not-there-are-refused",
      test_kernels_that_are_not_there_are_refused);
  return g_test_run ();
}
