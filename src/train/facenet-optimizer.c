/* facenet-optimizer.c - how gradients change the weights
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Adam (Kingma and Ba 2015, algorithm 1), step t from 1:
 *   m = b1 m + (1 - b1) g     v = b2 v + (1 - b2) g²
 *   w -= rate (m / (1 - b1^t)) / (sqrt (v / (1 - b2^t)) + epsilon)
 * SGD with momentum (Polyak 1964):
 *   m = momentum m + g        w -= rate m
 * Weight decay is apart from the gradient (Loshchilov and Hutter 2019,
 * algorithms 1 and 2): w -= rate weight_decay w, before the step.
 *
 * The rate: a warm-up that is linear (Goyal et al. 2017, section 2.2), as the
 * first means of Adam are of few gradients. Then, with t from 0 to 1 over the
 * rest of the run: half a cosine, rate (1 + cos (pi t)) / 2 (Loshchilov and
 * Hutter 2017, equation 5 without restarts), steps of a tenth, or no change.
 */
#include "train/facenet-optimizer-private.h"

#include <math.h>

enum
{
  MEAN,
  SQUARE
};

static const gchar *const state_names[FACENET_OPTIMIZER_MAX_STATES] = {
  "mean", "square"
};

struct _FacenetOptimizerRun
{
  FacenetOptimizerOptions options;
  FacenetOptimizerTensor *tensors;      /* [n] */
  guint n;
  guint n_states;
  gfloat **states;              /* [n, n_states] of [n_values] */
};

FacenetOptimizerRun *
facenet_optimizer_new (const FacenetOptimizerOptions * options,
    const FacenetOptimizerTensor * tensors, guint n)
{
  FacenetOptimizerRun *self = g_new0 (FacenetOptimizerRun, 1);

  self->options = *options;
  self->tensors = g_memdup2 (tensors, n * sizeof *tensors);
  self->n = n;
  self->n_states = options->kind == FACENET_OPTIMIZER_ADAM ? 2 : 1;
  self->states = g_new (gfloat *, (gsize) n * self->n_states);
  for (guint i = 0; i < n * self->n_states; i++)
    self->states[i] = g_new0 (gfloat, tensors[i / self->n_states].n_values);
  return self;
}

void
facenet_optimizer_free (FacenetOptimizerRun * self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n * self->n_states; i++)
    g_free (self->states[i]);
  g_free (self->states);
  g_free (self->tensors);
  g_free (self);
}

static void
decay_weights (const FacenetOptimizerTensor * tensor, gdouble amount)
{
  const gfloat keep = (gfloat) (1.0 - amount);

  for (gsize i = 0; i < tensor->n_values; i++)
    tensor->values[i] *= keep;
}

static void
step_adam (const FacenetOptimizerRun * self, guint index, guint64 step,
    gdouble rate)
{
  const FacenetOptimizerOptions *options = &self->options;
  const FacenetOptimizerTensor *tensor = &self->tensors[index];
  gfloat *mean = self->states[index * self->n_states + MEAN];
  gfloat *square = self->states[index * self->n_states + SQUARE];
  const gfloat b1 = (gfloat) options->momentum, b2 = (gfloat) options->decay;
  const gfloat epsilon = (gfloat) options->epsilon;
  /* The two corrections, taken out of the loop. */
  const gfloat scale =
      (gfloat) (rate / (1.0 - pow (options->momentum, (gdouble) step)));
  const gfloat unbias =
      (gfloat) (1.0 / (1.0 - pow (options->decay, (gdouble) step)));

  for (gsize i = 0; i < tensor->n_values; i++) {
    const gfloat g = tensor->gradient[i];

    mean[i] = b1 * mean[i] + (1.0f - b1) * g;
    square[i] = b2 * square[i] + (1.0f - b2) * g * g;
    tensor->values[i] -= scale * mean[i]
        / (sqrtf (square[i] * unbias) + epsilon);
  }
}

static void
step_sgd (const FacenetOptimizerRun * self, guint index, gdouble rate)
{
  const FacenetOptimizerTensor *tensor = &self->tensors[index];
  gfloat *mean = self->states[index * self->n_states + MEAN];
  const gfloat momentum = (gfloat) self->options.momentum;
  const gfloat scale = (gfloat) rate;

  for (gsize i = 0; i < tensor->n_values; i++) {
    mean[i] = momentum * mean[i] + tensor->gradient[i];
    tensor->values[i] -= scale * mean[i];
  }
}

void
facenet_optimizer_step (FacenetOptimizerRun * self, guint64 step, gdouble rate)
{
  const gdouble decay = rate * self->options.weight_decay;

  for (guint i = 0; i < self->n; i++) {
    if (decay > 0.0 && self->tensors[i].decays)
      decay_weights (&self->tensors[i], decay);
    if (self->options.kind == FACENET_OPTIMIZER_ADAM)
      step_adam (self, i, step, rate);
    else
      step_sgd (self, i, rate);
  }
}

guint
facenet_optimizer_get_n_states (const FacenetOptimizerRun * self)
{
  return self->n_states;
}

const gchar *
facenet_optimizer_get_state_name (guint state)
{
  return state_names[state];
}

gfloat *
facenet_optimizer_get_state (FacenetOptimizerRun * self, guint tensor,
    guint state)
{
  return self->states[tensor * self->n_states + state];
}

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
