/* network.c - what is worked out from the table
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "network/facenet-plan-private.h"

#include <string.h>

static const gchar *const variants[] = { "nn4.small2", "facereco" };

static void
test_unknown_name_gives_nothing (void)
{
  g_assert_null (facenet_network_find ("nn5"));
}

static void
test_parameters_are_those_of_openface (void)
{
  for (guint v = 0; v < G_N_ELEMENTS (variants); v++) {
    g_autoptr (FacenetPlan) plan =
        facenet_plan_new (facenet_network_find (variants[v]));
    guint64 parameters = 0, statistics = 0, macs = 0;

    for (guint i = 0; i < plan->steps->len; i++) {
      const FacenetStep *step = facenet_plan_get_step (plan, i);

      parameters += facenet_step_get_parameters (step);
      statistics += facenet_step_get_statistics (step);
      macs += facenet_step_get_macs (step);
    }
    g_assert_cmpuint (parameters, ==, 3743280);
    g_assert_cmpuint (parameters - statistics, ==, 3733968);
    /* 0.4002 GFLOP, two for a multiply-add. */
    g_assert_cmpuint ((2 * macs + 50000) / 100000, ==, 4002);
  }
}

static void
test_tensors_add_up_to_the_parameters (void)
{
  g_autoptr (FacenetPlan) plan =
      facenet_plan_new (facenet_network_find ("nn4.small2"));
  g_autoptr (GArray) specs = facenet_plan_list_tensors (plan);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  guint64 total = 0;

  for (guint i = 0; i < specs->len; i++) {
    const FacenetTensorSpec *spec =
        &g_array_index (specs, FacenetTensorSpec, i);
    guint64 n = 1;

    for (guint d = 0; d < spec->rank; d++)
      n *= spec->dims[d];
    total += n;
    g_assert_true (g_hash_table_add (names, spec->name));
  }
  g_assert_cmpuint (total, ==, 3743280);
  g_assert_true (g_hash_table_contains (names, "inception_3a_3x3_conv2_w"));
  g_assert_true (g_hash_table_contains (names, "inception_5b_pool_bn_v"));
  g_assert_true (g_hash_table_contains (names, "inception_4a_1x1_bn_m"));
  g_assert_false (g_hash_table_contains (names, "inception_3c_pool_conv_w"));
}

/* Arms fill their block's output: each channel is written exactly once. */
static void
test_arms_tile_their_output (void)
{
  g_autoptr (FacenetPlan) plan =
      facenet_plan_new (facenet_network_find ("nn4.small2"));
  g_autofree guint *written = g_new0 (guint, plan->slots->len);

  for (guint i = 0; i < plan->steps->len; i++) {
    const FacenetStep *step = facenet_plan_get_step (plan, i);

    g_assert_cmpuint (step->channel, ==, written[step->dst]);
    written[step->dst] += step->out.c;
  }
  for (guint i = 0; i < plan->steps->len; i++) {
    const FacenetStep *step = facenet_plan_get_step (plan, i);

    if (step->src != FACENET_INPUT_SLOT)
      g_assert_cmpuint (written[step->src], ==, step->in.c);
  }
}

static void
test_the_arena_is_small (void)
{
  g_autoptr (FacenetPlan) plan =
      facenet_plan_new (facenet_network_find ("nn4.small2"));

  /* The largest two maps and a column matrix, far below all maps together. */
  g_assert_cmpuint (plan->arena_floats * sizeof (gfloat), <, 4 << 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network/unknown-name-gives-nothing",
      test_unknown_name_gives_nothing);
  g_test_add_func ("/network/parameters-are-those-of-openface",
      test_parameters_are_those_of_openface);
  g_test_add_func ("/network/tensors-add-up-to-the-parameters",
      test_tensors_add_up_to_the_parameters);
  g_test_add_func ("/network/arms-tile-their-output",
      test_arms_tile_their_output);
  g_test_add_func ("/network/the-arena-is-small", test_the_arena_is_small);
  return g_test_run ();
}
