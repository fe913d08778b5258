/* facenet-mean.c - the mean direction of some embeddings
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Embeddings e of weights w have the mean sum (w e) / |sum (w e)|, the unit
 * vector with the least weighted sum of squared distances to them. The sum is
 * kept, so that embeddings may come one by one and lose weight over time.
 */
#include "track/facenet-mean-private.h"

#include <math.h>
#include <string.h>

/* A sum shorter than this has no direction to speak of. */
#define MIN_LENGTH 1e-6

void
facenet_mean_clear (FacenetMean * self)
{
  g_clear_pointer (&self->sum, g_free);
  g_clear_pointer (&self->direction, g_free);
  self->n_dims = 0;
  self->length = 0;
}

void
facenet_mean_reset (FacenetMean * self)
{
  if (self->n_dims > 0)
    memset (self->sum, 0, self->n_dims * sizeof *self->sum);
  self->length = 0;
}

static void
resize (FacenetMean * self, guint n_dims)
{
  if (self->n_dims == n_dims)
    return;
  facenet_mean_clear (self);
  self->n_dims = n_dims;
  self->sum = g_new0 (gdouble, n_dims);
  self->direction = g_new0 (gfloat, n_dims);
}

/* Whether all numbers are finite; their squares are, then. */
static gboolean
is_finite (const gfloat * embedding, guint n_dims)
{
  gdouble sum = 0;

  for (guint i = 0; i < n_dims; i++)
    sum += (gdouble) embedding[i] * (gdouble) embedding[i];
  return isfinite (sum);
}

void
facenet_mean_add (FacenetMean * self, const gfloat * embedding, guint n_dims,
    gdouble keep, gdouble weight)
{
  const gboolean counts = weight > 0 && is_finite (embedding, n_dims);

  resize (self, n_dims);
  for (guint i = 0; i < n_dims; i++) {
    self->sum[i] *= keep;
    if (counts)
      self->sum[i] += weight * (gdouble) embedding[i];
  }
}

void
facenet_mean_join (FacenetMean * self, const FacenetMean * other)
{
  if (other->n_dims == 0 || (self->n_dims > 0 && self->n_dims != other->n_dims))
    return;
  resize (self, other->n_dims);
  for (guint i = 0; i < self->n_dims; i++)
    self->sum[i] += other->sum[i];
}

gboolean
facenet_mean_update (FacenetMean * self, const gfloat * fallback)
{
  gdouble squared = 0;

  for (guint i = 0; i < self->n_dims; i++)
    squared += self->sum[i] * self->sum[i];
  self->length = sqrt (squared);
  if (!(self->length < MIN_LENGTH)) {
    for (guint i = 0; i < self->n_dims; i++)
      self->direction[i] = (gfloat) (self->sum[i] / self->length);
    return TRUE;
  }
  if (fallback != NULL)
    memcpy (self->direction, fallback, self->n_dims * sizeof (gfloat));
  else if (self->n_dims > 0)
    memset (self->direction, 0, self->n_dims * sizeof (gfloat));
  return FALSE;
}
