/* facenet-barrier.c - where threads wait for each other
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The steps of a pass last tens of microseconds, less than it takes to sleep
 * and be woken. So a thread looks again and again, and only when the others
 * seem to have lost their processor does it offer them its own.
 */
#include "base/facenet-barrier-private.h"

#define N_LOOKS 4000            /* some tens of microseconds */

static inline void
relax (void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause ();
#endif
}

void
facenet_barrier_wait (FacenetBarrier * self, guint n_threads)
{
  gint generation = g_atomic_int_get (&self->generation);

  if (n_threads == 1)
    return;
  if (g_atomic_int_add (&self->n_arrived, 1) + 1 == (gint) n_threads) {
    g_atomic_int_set (&self->n_arrived, 0);
    g_atomic_int_inc (&self->generation);
    return;
  }
  for (guint i = 0; g_atomic_int_get (&self->generation) == generation; i++) {
    if (i < N_LOOKS)
      relax ();
    else
      g_thread_yield ();
  }
}
