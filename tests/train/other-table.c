/* other-table.c - a network of another table trains without other code
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Faces that are not square, a table that begins with a pool, and a dense
 * layer over a map of several pixels.
 */
#include "network/facenet-reference-private.h"
#include "train/facenet-training-private.h"

#include <math.h>
#include <string.h>

#define N 5
#define N_DIMS 16
#define FACE (3 * 21 * 17)
#define RISE 2e-4               /* of J to either side, in test steps */

/* *INDENT-OFF* */
static const FacenetBlock blocks[] = {
  { .name = "shrink", .kind = FACENET_BLOCK_POOL, .pool = FACENET_POOL_AVERAGE,
    .k = 2, .s = 1 },
  { .name = "lrn", .kind = FACENET_BLOCK_LRN },
  { .name = "conv1", .kind = FACENET_BLOCK_CONV, .out = 10, .k = 5, .s = 2,
    .p = 1 },
  { .name = "inception_a", .kind = FACENET_BLOCK_INCEPTION,
    .arm3 = { 6, 8, 1 }, .arm5 = { 5, 4, 1 },
    .arm_pool = { FACENET_POOL_L2, 3, 7 }, .arm1 = 9 },
  { .name = "inception_b", .kind = FACENET_BLOCK_INCEPTION,
    .arm3 = { 6, 8, 2 }, .arm_pool = { FACENET_POOL_MAX, 2, 0 } },
  { .name = "dense", .kind = FACENET_BLOCK_DENSE, .out = N_DIMS },
  { .name = "norm", .kind = FACENET_BLOCK_L2_NORMALIZE },
};

static const FacenetNetwork network = {
  "other", { 3, 21, 17 }, TRUE, FACENET_POOL_L2, 1e-3, 1e-5,
  G_N_ELEMENTS (blocks), blocks, FACENET_TASK_EMBED, FALSE
};
/* *INDENT-ON* */

static gfloat
roll (GRand * dice, gdouble scale, gdouble offset)
{
  return (gfloat) (offset + g_rand_double_range (dice, -scale, scale));
}

static FacenetWeights *
make_weights (void)
{
  g_autoptr (GRand) dice = g_rand_new_with_seed (3);
  g_autoptr (FacenetPlan) plan = facenet_plan_new (&network);
  g_autoptr (GArray) specs = facenet_plan_list_tensors (plan);
  FacenetWeights *weights = facenet_weights_new ("other");

  for (guint i = 0; i < specs->len; i++) {
    FacenetTensorSpec *spec = &g_array_index (specs, FacenetTensorSpec, i);
    gboolean is_norm = strstr (spec->name, "bn") != NULL;
    guint n = 1;
    gfloat *values;

    for (guint k = 0; k < spec->rank; k++)
      n *= spec->dims[k];
    values = g_new (gfloat, n);
    for (guint k = 0; k < n; k++)
      values[k] = roll (dice, spec->rank > 1 ? sqrt (3.0 * spec->dims[0] / n) :
          0.3, is_norm ? 1.0 : 0.0);
    facenet_weights_take (weights, spec->name, spec->rank, spec->dims, values,
        NULL);
  }
  return weights;
}

static gfloat *
make_numbers (guint32 seed, gsize n)
{
  g_autoptr (GRand) dice = g_rand_new_with_seed (seed);
  gfloat *numbers = g_new (gfloat, n);

  for (gsize i = 0; i < n; i++)
    numbers[i] = roll (dice, 1.0, 0.0);
  return numbers;
}

static FacenetTrainable *
make_trainable (const gchar * from)
{
  FacenetTrainableOptions options = { NULL, from, N, 2 };
  FacenetTrainable *trainable =
      facenet_trainable_new_from_table (make_weights (), &network, &options,
      NULL);

  g_assert_nonnull (trainable);
  return trainable;
}

static void
test_forward_is_the_reference (void)
{
  g_autoptr (FacenetTrainable) trainable = make_trainable (NULL);
  g_autofree gfloat *faces = make_numbers (5, N * FACE);
  const gfloat *found = facenet_trainable_forward (trainable, faces, N);
  FacenetModel model = {.plan = trainable->plan };
  gfloat *arena = facenet_arena_alloc (trainable->plan->arena_floats);
  gfloat wanted[N_DIMS];

  model.folded = facenet_fold_new (trainable->plan, trainable->weights,
      &model.memory);
  for (guint i = 0; i < N; i++) {
    facenet_reference_run (&model, faces + i * FACE, arena, wanted, NULL, NULL);
    for (guint k = 0; k < N_DIMS; k++)
      g_assert_cmpfloat_with_epsilon (found[i * N_DIMS + k], wanted[k], 1e-5f);
  }
  facenet_arena_free (arena);
  facenet_arena_free (model.memory);
  g_free (model.folded);
}

static gdouble
evaluate (FacenetTrainable * trainable, const gfloat * faces, const gfloat * c)
{
  const gfloat *e = facenet_trainable_forward (trainable, faces, N);
  gdouble sum = 0.0;

  for (guint i = 0; i < N * N_DIMS; i++)
    sum += (gdouble) c[i] * (gdouble) e[i];
  return sum;
}

/* Along its gradient, J of every tensor rises by the square of its length.
 * float32 and kinks leave a few parts in a thousand. */
static void
test_every_tensor_has_its_gradient (gconstpointer data)
{
  g_autoptr (FacenetTrainable) trainable = make_trainable (data);
  g_autofree gfloat *faces = make_numbers (5, N * FACE);
  g_autofree gfloat *c = make_numbers (6, N * N_DIMS);

  for (guint i = 0; i < facenet_trainable_get_n_parameters (trainable); i++) {
    const FacenetParameter *p = facenet_trainable_get_parameter (trainable, i);
    g_autofree gfloat *before =
        g_memdup2 (p->values, p->n_values * sizeof (gfloat));
    gdouble squares = 0.0, step, up, down;

    evaluate (trainable, faces, c);
    facenet_trainable_backward (trainable, c);
    for (gsize k = 0; k < p->n_values; k++)
      squares += (gdouble) p->gradient[k] * (gdouble) p->gradient[k];
    g_assert_cmpfloat (squares, >, 0.0);
    step = RISE / squares;
    for (gsize k = 0; k < p->n_values; k++)
      p->values[k] = before[k] + (gfloat) step *p->gradient[k];
    up = evaluate (trainable, faces, c);
    for (gsize k = 0; k < p->n_values; k++)
      p->values[k] = before[k] - (gfloat) step *p->gradient[k];
    down = evaluate (trainable, faces, c);
    memcpy (p->values, before, p->n_values * sizeof (gfloat));
    g_test_message ("%s %g", p->name, (up - down) / (2 * RISE));
    g_assert_cmpfloat_with_epsilon ((up - down) / (2 * RISE), 1.0, 0.02);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/other-table/forward-is-the-reference",
      test_forward_is_the_reference);
  g_test_add_data_func ("/other-table/every-tensor-has-its-gradient", NULL,
      test_every_tensor_has_its_gradient);
  g_test_add_data_func ("/other-table/every-tensor-has-its-gradient/frozen",
      "inception_b", test_every_tensor_has_its_gradient);
  return g_test_run ();
}
