/* facenet-schedule-private.h - how fast to learn, over time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "train/facenet-trainer.h"

G_BEGIN_DECLS

/* rate: at its highest, > 0
 * warm_up: steps in which it grows there from almost 0
 * n_steps: of the whole run, more than warm_up
 * kind: what it does after the warm-up */
typedef struct {
  gdouble rate;
  guint64 warm_up;
  guint64 n_steps;
  FacenetSchedule kind;
} FacenetScheduleOptions;

/* Parts of a run after each of which FACENET_SCHEDULE_STEP divides the rate
 * by FACENET_SCHEDULE_DIVISOR. */
#define FACENET_SCHEDULE_PARTS 3
#define FACENET_SCHEDULE_DIVISOR 10.0

/* The rate of a step, which counts from 0; that of the last step for all
 * later ones. */
gdouble facenet_schedule_get_rate (const FacenetScheduleOptions * self,
    guint64 step);

G_END_DECLS
