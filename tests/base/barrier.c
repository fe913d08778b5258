/* barrier.c - nobody passes before everybody is there
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "base/facenet-barrier-private.h"

#define N_THREADS 4
#define N_ROUNDS 2000

static FacenetBarrier barrier;
static guint counts[N_THREADS]; /* not atomic: the barrier orders them */

static gpointer
count (gpointer data)
{
  guint self = GPOINTER_TO_UINT (data);

  for (guint round = 1; round <= N_ROUNDS; round++) {
    counts[self] = round;
    facenet_barrier_wait (&barrier, N_THREADS);
    for (guint i = 0; i < N_THREADS; i++)
      g_assert_cmpuint (counts[i], ==, round);
    facenet_barrier_wait (&barrier, N_THREADS);
  }
  return NULL;
}

static void
test_all_are_there (void)
{
  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new (NULL, count, GUINT_TO_POINTER (i));
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
}

static void
test_one_alone_does_not_wait (void)
{
  FacenetBarrier alone = { 0, 0 };

  facenet_barrier_wait (&alone, 1);
  facenet_barrier_wait (&alone, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/barrier/all-are-there", test_all_are_there);
  g_test_add_func ("/barrier/one-alone-does-not-wait",
      test_one_alone_does_not_wait);
  return g_test_run ();
}
