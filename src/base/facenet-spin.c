/* facenet-spin.c - waiting awake for other threads
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The phases of a pass last tens of microseconds, less than it takes to sleep
 * and be woken. So a thread looks again and again, and only when another one
 * seems to have lost its processor does it offer its own.
 */
#include "base/facenet-spin-private.h"

#define N_LOOKS 1000            /* some tens of microseconds */

static inline void
relax (void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause ();
#endif
}

void
facenet_spin_until (const gint * counter, gint least)
{
  for (guint i = 0; g_atomic_int_get (counter) < least; i++) {
    if (i < N_LOOKS)
      relax ();
    else
      g_thread_yield ();
  }
}
