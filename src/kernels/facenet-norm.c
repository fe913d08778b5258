/* facenet-norm.c - normalisations
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Local response normalisation (Krizhevsky et al. 2012, section 3.3, in
 * Torch's form): y = x (1 + (alpha / size) sum x'^2)^-0.75, the sum over the
 * channels within size / 2 of x's own. The power is taken without pow():
 * with r = 1 / sqrt(scale), scale^-0.75 = r sqrt(r).
 */
#include "kernels/facenet-norm-private.h"

#include <math.h>

#define NORM_EPSILON 1e-10

/* in: [n_channels, plane]  sum: [plane]. Each window is summed afresh: adding
 * the channel that comes in and taking off the one that leaves loses digits. */
static void
sum_squares (const gfloat * in, gsize plane, guint n_channels, gfloat * sum)
{
  for (gsize i = 0; i < plane; i++)
    sum[i] = in[i] * in[i];
  for (guint ci = 1; ci < n_channels; ci++) {
    in += plane;
    for (gsize i = 0; i < plane; i++)
      sum[i] += in[i] * in[i];
  }
}

void
facenet_lrn (const FacenetLrn * lrn, const FacenetShape * shape,
    const gfloat * in, gfloat * out)
{
  gsize plane = facenet_shape_plane (shape);
  gfloat alpha = lrn->alpha / (gfloat) lrn->size;
  guint half = lrn->size / 2;

  for (guint ci = 0; ci < shape->c; ci++) {
    guint lo = ci > half ? ci - half : 0;
    guint hi = MIN (ci + half + 1, shape->c);
    const gfloat *x = in + ci * plane;
    gfloat *y = out + ci * plane;

    sum_squares (in + lo * plane, plane, hi - lo, y);
    for (gsize i = 0; i < plane; i++) {
      gfloat r = 1.0f / sqrtf (1.0f + alpha * y[i]);

      y[i] = x[i] * r * sqrtf (r);
    }
  }
}

void
facenet_l2_normalize (guint n, const gfloat * in, gfloat * out)
{
  gdouble sum = 0.0, scale;

  for (guint i = 0; i < n; i++)
    sum += (gdouble) in[i] * (gdouble) in[i];
  scale = 1.0 / MAX (sqrt (sum), NORM_EPSILON);
  for (guint i = 0; i < n; i++)
    out[i] = (gfloat) ((gdouble) in[i] * scale);
}

/* Eight partial sums, so that the compiler may use vectors without changing
 * the order of additions. */
static gfloat
dot (guint n, const gfloat * a, const gfloat * b)
{
  gfloat part[8] = { 0.0f };
  gfloat sum = 0.0f;
  guint i = 0;

  for (; i + 8 <= n; i += 8)
    for (guint j = 0; j < 8; j++)
      part[j] += a[i + j] * b[i + j];
  for (; i < n; i++)
    sum += a[i] * b[i];
  for (guint j = 0; j < 8; j++)
    sum += part[j];
  return sum;
}

void
facenet_dense (const FacenetDense * dense, const gfloat * in,
    const gfloat * weights, const gfloat * bias, gfloat * out)
{
  for (guint o = 0; o < dense->n_out; o++)
    out[o] = bias[o] + dot (dense->n_in, weights + (gsize) o * dense->n_in, in);
}
