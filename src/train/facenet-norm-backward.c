/* facenet-norm-backward.c - the way back through normalisations
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Local response normalisation, y_i = x_i s_i^-b with s_i = 1 + a sum x_j²
 * over the channels j near i, a = alpha / size and b = 0.75. As j is near i
 * exactly when i is near j,
 *
 *   dJ/dx_j = dy_j s_j^-b - 2 a b x_j sum dy_i x_i s_i^(-b - 1)
 *
 * with the sum over the channels i near j. L2 normalisation, y = x / |x|:
 *
 *   dJ/dx = (dy - y (y dy)) / |x|
 *
 * what is along x has no effect. A vector shorter than 1e-10 is divided by
 * that, as in facenet_l2_normalize().
 */
#include "train/facenet-backward-private.h"

#include <math.h>

#define NORM_EPSILON 1e-10
#define BLOCK 256               /* pixels that go through together */

gsize
facenet_lrn_backward_size (guint c)
{
  return (gsize) (c + 1) * BLOCK;
}

/* For channel ci of n pixels: adds the first term to dx, sets t to what the
 * sum of the second is over. sum: [n], of the squares near ci */
static void
lrn_first (gfloat a, gsize n, const gfloat * x, const gfloat * dy,
    gfloat * restrict dx, gfloat * restrict t, const gfloat * restrict sum)
{
  for (gsize i = 0; i < n; i++) {
    gfloat r = 1.0f / sqrtf (1.0f + a * sum[i]);
    gfloat y = dy[i] * r * sqrtf (r);

    dx[i] += y;
    t[i] = y * x[i] * r * r;
  }
}

static void
add_squares (gsize n, const gfloat * x, gfloat * restrict sum)
{
  for (gsize i = 0; i < n; i++)
    sum[i] += x[i] * x[i];
}

static void
clear (gsize n, gfloat * sum)
{
  for (gsize i = 0; i < n; i++)
    sum[i] = 0.0f;
}

/* The same for n <= BLOCK of the pixels. t: [c, BLOCK]  sum: [BLOCK] */
static void
lrn_block (const FacenetLrn * lrn, guint c, gsize n_pixels, gsize n,
    const gfloat * x, const gfloat * dy, gfloat * dx, gfloat * t)
{
  gfloat *sum = t + (gsize) c * BLOCK;
  gfloat a = lrn->alpha / (gfloat) lrn->size;
  guint half = lrn->size / 2;

  for (guint ci = 0; ci < c; ci++) {
    clear (n, sum);
    for (guint j = ci > half ? ci - half : 0; j < MIN (ci + half + 1, c); j++)
      add_squares (n, x + j * n_pixels, sum);
    lrn_first (a, n, x + ci * n_pixels, dy + ci * n_pixels,
        dx + ci * n_pixels, t + (gsize) ci * BLOCK, sum);
  }
  for (guint ci = 0; ci < c; ci++) {
    const gfloat *xi = x + ci * n_pixels;
    gfloat *restrict di = dx + ci * n_pixels;

    clear (n, sum);
    for (guint j = ci > half ? ci - half : 0; j < MIN (ci + half + 1, c); j++)
      for (gsize i = 0; i < n; i++)
        sum[i] += t[(gsize) j * BLOCK + i];
    for (gsize i = 0; i < n; i++)
      di[i] -= 1.5f * a * xi[i] * sum[i];
  }
}

void
facenet_lrn_backward (const FacenetLrn * lrn, guint c, gsize n_pixels,
    const gfloat * x, const gfloat * dy, gfloat * dx, gfloat * scratch)
{
  for (gsize at = 0; at < n_pixels; at += BLOCK)
    lrn_block (lrn, c, n_pixels, MIN (BLOCK, n_pixels - at), x + at, dy + at,
        dx + at, scratch);
}

/* The length of column i of x [c, n_pixels], or what it is divided by. */
static gdouble
column_length (guint c, guint n_pixels, const gfloat * x, guint i)
{
  gdouble sum = 0.0;

  for (guint ci = 0; ci < c; ci++) {
    gdouble v = (gdouble) x[(gsize) ci * n_pixels + i];

    sum += v * v;
  }
  return MAX (sqrt (sum), NORM_EPSILON);
}

void
facenet_l2_columns_forward (guint c, guint n_pixels, const gfloat * x,
    gfloat * y)
{
  for (guint i = 0; i < n_pixels; i++) {
    gdouble scale = 1.0 / column_length (c, n_pixels, x, i);

    for (gsize k = i; k < (gsize) c * n_pixels; k += n_pixels)
      y[k] = (gfloat) ((gdouble) x[k] * scale);
  }
}

void
facenet_l2_columns_backward (guint c, guint n_pixels, const gfloat * x,
    const gfloat * dy, gfloat * dx)
{
  for (guint i = 0; i < n_pixels; i++) {
    gdouble length = column_length (c, n_pixels, x, i), along = 0.0;

    /* A vector that is divided by a constant has a gradient along itself. */
    for (gsize k = i; length > NORM_EPSILON && k < (gsize) c * n_pixels;
        k += n_pixels)
      along += (gdouble) x[k] * (gdouble) dy[k];
    along /= length * length;
    for (gsize k = i; k < (gsize) c * n_pixels; k += n_pixels)
      dx[k] += (gfloat) (((gdouble) dy[k] - (gdouble) x[k] * along) / length);
  }
}
