/* spin.c - whoever waits goes on when the counter is there, not before
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "base/facenet-spin-private.h"

#define N_THREADS 4
#define N_ROUNDS 2000

static gint counter;
static guint counts[N_THREADS]; /* not atomic: the counter orders them */

static gpointer
count (gpointer data)
{
  guint self = GPOINTER_TO_UINT (data);

  for (guint round = 1; round <= N_ROUNDS; round++) {
    counts[self] = round;
    g_atomic_int_inc (&counter);
    facenet_spin_until (&counter, (gint) ((2 * round - 1) * N_THREADS));
    for (guint i = 0; i < N_THREADS; i++)
      g_assert_cmpuint (counts[i], ==, round);
    g_atomic_int_inc (&counter);
    facenet_spin_until (&counter, (gint) (2 * round * N_THREADS));
  }
  return NULL;
}

static void
test_threads_meet (void)
{
  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new (NULL, count, GUINT_TO_POINTER (i));
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
}

static void
test_a_counter_that_is_there_is_no_wait (void)
{
  gint there = 7;

  facenet_spin_until (&there, 7);
  facenet_spin_until (&there, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spin/threads-meet", test_threads_meet);
  g_test_add_func ("/spin/a-counter-that-is-there-is-no-wait",
      test_a_counter_that_is_there_is_no_wait);
  return g_test_run ();
}
