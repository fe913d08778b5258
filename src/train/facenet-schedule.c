/* facenet-schedule.c - how fast to learn, over time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A warm-up that is linear (Goyal et al. 2017, section 2.2): the first means
 * of Adam are of few gradients. Then, with t from 0 to 1 over the rest of the
 * run: half a cosine, rate (1 + cos (pi t)) / 2 (Loshchilov and Hutter 2017,
 * equation 5 without restarts), steps of a tenth, or no change.
 */
#include "train/facenet-schedule-private.h"

#include <math.h>

gdouble
facenet_schedule_get_rate (const FacenetScheduleOptions * self, guint64 step)
{
  const guint64 rest = self->n_steps - self->warm_up;
  gdouble t;

  if (step < self->warm_up)
    return self->rate * (gdouble) (step + 1) / (gdouble) (self->warm_up + 1);
  t = (gdouble) MIN (step - self->warm_up, rest - 1) / (gdouble) rest;
  switch (self->kind) {
    case FACENET_SCHEDULE_COSINE:
      return 0.5 * self->rate * (1.0 + cos (G_PI * t));
    case FACENET_SCHEDULE_STEP:
      return self->rate / pow (FACENET_SCHEDULE_DIVISOR,
          floor (t * FACENET_SCHEDULE_PARTS));
    case FACENET_SCHEDULE_CONSTANT:
    default:
      return self->rate;
  }
}
