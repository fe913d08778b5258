/* facenet-training-weights.c - from the file's weights to the pass's, and back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * With the batch norm y = g z + h of each output channel, z = w x + b, a pass
 * uses W = g w and B = g b + h. By the chain rule
 *
 *   dJ/dw = g dJ/dW   dJ/db = g dJ/dB
 */
#include "train/facenet-training-private.h"

#include "network/facenet-fold-private.h"

#include <string.h>

/* Numbers in a row of the weights. */
static gsize
get_depth (const FacenetTrainingStep * step)
{
  return facenet_columns_get_depth (&step->window);
}

void
facenet_training_fold (const FacenetTrainingStep * step)
{
  guint oc = step->step->out.c;
  gsize depth = get_depth (step);

  if (step->scale == NULL) {
    memcpy (step->weights, step->raw_weights, oc * depth * sizeof (gfloat));
    memcpy (step->bias, step->raw_bias, oc * sizeof (gfloat));
    return;
  }
  for (guint o = 0; o < oc; o++) {
    gdouble g = step->scale[o];
    gfloat *row = step->weights + o * depth;
    const gfloat *raw = step->raw_weights + o * depth;

    for (gsize i = 0; i < depth; i++)
      row[i] = (gfloat) (g * (gdouble) raw[i]);
    step->bias[o] = (gfloat) (g * (gdouble) step->raw_bias[o] + step->shift[o]);
  }
}

/* out = scale times the sum over chunks of n numbers that lie stride apart. */
static void
sum_chunks (const gfloat * sums, gsize stride, guint n_chunks, gsize n,
    gfloat scale, gfloat * restrict out)
{
  for (gsize i = 0; i < n; i++)
    out[i] = sums[i];
  for (guint k = 1; k < n_chunks; k++) {
    const gfloat *more = sums + k * stride;

    for (gsize i = 0; i < n; i++)
      out[i] += more[i];
  }
  for (gsize i = 0; i < n; i++)
    out[i] *= scale;
}

void
facenet_training_sum (const FacenetTrainable * self,
    const FacenetTrainingStep * step)
{
  const FacenetParameter *parameters =
      &g_array_index (self->parameters, FacenetParameter, step->parameter);
  guint n_chunks = facenet_training_n_chunks (self->n);
  gsize stride = self->sums_floats, depth = get_depth (step);
  const gfloat *weights = self->sums + step->sums;
  const gfloat *bias = weights + (step->bias - step->weights);

  for (guint o = 0; o < step->step->out.c; o++) {
    gfloat scale = step->scale != NULL ? (gfloat) step->scale[o] : 1.0f;

    sum_chunks (weights + o * depth, stride, n_chunks, depth, scale,
        (gfloat *) parameters[0].gradient + o * depth);
    sum_chunks (bias + o, stride, n_chunks, 1, scale,
        (gfloat *) parameters[1].gradient + o);
  }
}
