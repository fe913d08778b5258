/* pool.c - every task is done once, by one thread at a time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "base/facenet-pool-private.h"

#define MAX_TASKS 100
#define N_THREADS 4

typedef struct
{
  gint done[MAX_TASKS];         /* atomic */
  gint inside[N_THREADS];       /* atomic: calls under way per worker */
} Counts;

static void
count (gpointer data, guint task, guint worker)
{
  Counts *counts = data;

  g_assert_cmpuint (worker, <, N_THREADS);
  g_assert_cmpint (g_atomic_int_add (&counts->inside[worker], 1), ==, 0);
  g_atomic_int_inc (&counts->done[task]);
  g_atomic_int_add (&counts->inside[worker], -1);
}

static void
test_every_task_is_done_once (void)
{
  g_autoptr (FacenetPool) pool = facenet_pool_new (N_THREADS);

  for (guint round = 0; round < 2000; round++) {
    Counts counts = { 0 };
    guint n_tasks = round % MAX_TASKS;

    facenet_pool_run (pool, count, &counts, n_tasks);
    for (guint i = 0; i < MAX_TASKS; i++)
      g_assert_cmpint (g_atomic_int_get (&counts.done[i]), ==, i < n_tasks);
  }
}

static void
test_zero_threads_means_one_per_core (void)
{
  g_autoptr (FacenetPool) pool = facenet_pool_new (0);

  g_assert_cmpuint (facenet_pool_get_n_threads (pool), ==,
      g_get_num_processors ());
}

static void
test_a_pool_that_never_ran_ends (void)
{
  facenet_pool_free (facenet_pool_new (N_THREADS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool/every-task-is-done-once",
      test_every_task_is_done_once);
  g_test_add_func ("/pool/zero-threads-means-one-per-core",
      test_zero_threads_means_one_per_core);
  g_test_add_func ("/pool/a-pool-that-never-ran-ends",
      test_a_pool_that_never_ran_ends);
  return g_test_run ();
}
