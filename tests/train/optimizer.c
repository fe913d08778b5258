/* optimizer.c - optimizers and learning rates against worked examples
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "train/facenet-optimizer-private.h"

#include <math.h>
#include <string.h>

#define N 3

static const gfloat start[N] = { 1.0f, -2.0f, 0.5f };

/* Gradient of sum (w - 3)² / 2. */
static void
compute_gradient (const gfloat * values, gfloat * gradient)
{
  for (guint i = 0; i < N; i++)
    gradient[i] = values[i] - 3.0f;
}

/* The formulas of Adam in double, one value. */
static gdouble
adam_by_hand (gdouble w, guint steps, gdouble rate, gdouble decay)
{
  gdouble m = 0.0, v = 0.0;

  for (guint t = 1; t <= steps; t++) {
    gdouble g = w - 3.0;

    w -= rate * decay * w;
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    w -= rate * (m / (1.0 - pow (0.9, t)))
        / (sqrt (v / (1.0 - pow (0.999, t))) + 1e-8);
  }
  return w;
}

static void
test_adam (gconstpointer data)
{
  const gdouble weight_decay = *(const gdouble *) data;
  FacenetOptimizerOptions options = { FACENET_OPTIMIZER_ADAM, 0.9, 0.999,
    1e-8, weight_decay
  };
  gfloat values[N], gradient[N];
  FacenetOptimizerTensor tensor = { N, values, gradient, TRUE };
  g_autoptr (FacenetOptimizerRun) run =
      facenet_optimizer_new (&options, &tensor, 1);

  memcpy (values, start, sizeof start);
  g_assert_cmpuint (facenet_optimizer_get_n_states (run), ==, 2);
  for (guint step = 1; step <= 50; step++) {
    compute_gradient (values, gradient);
    facenet_optimizer_step (run, step, 0.05);
  }
  for (guint i = 0; i < N; i++)
    g_assert_cmpfloat_with_epsilon ((gdouble) values[i],
        adam_by_hand ((gdouble) start[i], 50, 0.05, weight_decay), 1e-4);
}

/* momentum 0.5, rate 0.1: m = g, then 0.5 g1 + g2. */
static void
test_sgd (void)
{
  FacenetOptimizerOptions options = { FACENET_OPTIMIZER_SGD, 0.5, 0, 0, 0 };
  gfloat values[1] = { 1.0f }, gradient[1] = { -2.0f };
  FacenetOptimizerTensor tensor = { 1, values, gradient, TRUE };
  g_autoptr (FacenetOptimizerRun) run =
      facenet_optimizer_new (&options, &tensor, 1);

  g_assert_cmpuint (facenet_optimizer_get_n_states (run), ==, 1);
  facenet_optimizer_step (run, 1, 0.1);
  g_assert_cmpfloat_with_epsilon ((gdouble) values[0], 1.2, 1e-6);
  gradient[0] = 1.0f;
  facenet_optimizer_step (run, 2, 0.1);
  g_assert_cmpfloat_with_epsilon ((gdouble) values[0], 1.2, 1e-6);
  facenet_optimizer_step (run, 3, 0.1);
  g_assert_cmpfloat_with_epsilon ((gdouble) values[0], 1.1, 1e-6);
}

static void
test_biases_do_not_decay (void)
{
  FacenetOptimizerOptions options = { FACENET_OPTIMIZER_SGD, 0, 0, 0, 0.5 };
  gfloat weight = 1.0f, bias = 1.0f, zero = 0.0f;
  FacenetOptimizerTensor tensors[] = {
    {1, &weight, &zero, TRUE}, {1, &bias, &zero, FALSE}
  };
  g_autoptr (FacenetOptimizerRun) run =
      facenet_optimizer_new (&options, tensors, 2);

  facenet_optimizer_step (run, 1, 0.1);
  g_assert_cmpfloat_with_epsilon ((gdouble) weight, 0.95, 1e-6);
  g_assert_cmpfloat ((gdouble) bias, ==, 1.0);
}

/* What is saved is all there is to save. */
static void
test_state_goes_on (gconstpointer data)
{
  FacenetOptimizerOptions options = { *(const FacenetOptimizer *) data, 0.9,
    0.999, 1e-8, 0.01
  };
  gfloat values[N], again[N], gradient[N];
  FacenetOptimizerTensor tensor = { N, values, gradient, TRUE };
  g_autoptr (FacenetOptimizerRun) whole =
      facenet_optimizer_new (&options, &tensor, 1);
  g_autoptr (FacenetOptimizerRun) rest = NULL;

  memcpy (values, start, sizeof start);
  for (guint step = 1; step <= 10; step++) {
    if (step == 6) {
      memcpy (again, values, sizeof again);
      tensor.values = again;
      rest = facenet_optimizer_new (&options, &tensor, 1);
      for (guint i = 0; i < facenet_optimizer_get_n_states (whole); i++)
        memcpy (facenet_optimizer_get_state (rest, 0, i),
            facenet_optimizer_get_state (whole, 0, i), N * sizeof (gfloat));
    }
    compute_gradient (values, gradient);
    facenet_optimizer_step (whole, step, 0.05);
    if (rest != NULL) {
      compute_gradient (again, gradient);
      facenet_optimizer_step (rest, step, 0.05);
    }
  }
  g_assert_cmpmem (values, sizeof values, again, sizeof again);
}

static void
test_schedules (void)
{
  FacenetScheduleOptions options = { 0.8, 4, 34, FACENET_SCHEDULE_COSINE };

  g_assert_cmpfloat_with_epsilon (facenet_schedule_get_rate (&options, 0),
      0.16, 1e-9);
  g_assert_cmpfloat_with_epsilon (facenet_schedule_get_rate (&options, 3),
      0.64, 1e-9);
  g_assert_cmpfloat_with_epsilon (facenet_schedule_get_rate (&options, 4),
      0.8, 1e-9);
  g_assert_cmpfloat_with_epsilon (facenet_schedule_get_rate (&options, 19),
      0.4, 1e-9);
  g_assert_cmpfloat (facenet_schedule_get_rate (&options, 33), <, 0.01);
  g_assert_cmpfloat (facenet_schedule_get_rate (&options, 33), >, 0.0);
  g_assert_cmpfloat (facenet_schedule_get_rate (&options, 99), ==,
      facenet_schedule_get_rate (&options, 33));

  options.kind = FACENET_SCHEDULE_STEP;
  g_assert_cmpfloat_with_epsilon (facenet_schedule_get_rate (&options, 13),
      0.8, 1e-9);
  g_assert_cmpfloat_with_epsilon (facenet_schedule_get_rate (&options, 14),
      0.08, 1e-9);
  g_assert_cmpfloat_with_epsilon (facenet_schedule_get_rate (&options, 33),
      0.008, 1e-9);
  options.kind = FACENET_SCHEDULE_CONSTANT;
  g_assert_cmpfloat_with_epsilon (facenet_schedule_get_rate (&options, 33),
      0.8, 1e-9);
}

int
main (int argc, char **argv)
{
  static const gdouble decays[] = { 0.0, 0.1 };
  static const FacenetOptimizer kinds[] = {
    FACENET_OPTIMIZER_ADAM, FACENET_OPTIMIZER_SGD
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/optimizer/adam", &decays[0], test_adam);
  g_test_add_data_func ("/optimizer/adam-with-decay", &decays[1], test_adam);
  g_test_add_func ("/optimizer/sgd", test_sgd);
  g_test_add_func ("/optimizer/biases-do-not-decay", test_biases_do_not_decay);
  g_test_add_data_func ("/optimizer/adam-goes-on", &kinds[0],
      test_state_goes_on);
  g_test_add_data_func ("/optimizer/sgd-goes-on", &kinds[1],
      test_state_goes_on);
  g_test_add_func ("/optimizer/schedules", test_schedules);
  return g_test_run ();
}
