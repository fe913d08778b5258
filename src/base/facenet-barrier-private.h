/* facenet-barrier-private.h - where threads wait for each other
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All zeros at first. */
typedef struct {
  gint n_arrived;               /* atomic */
  gint generation;              /* atomic; counts how often it opened */
} FacenetBarrier;

/* Returns when all n_threads have called it; what they wrote before is then
 * seen by all. Waits awake, since the others are microseconds away. */
void facenet_barrier_wait (FacenetBarrier * self, guint n_threads);

G_END_DECLS
