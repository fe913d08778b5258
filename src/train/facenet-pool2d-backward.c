/* facenet-pool2d-backward.c - the way back through pooling and padding
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Of a window's numbers x, with dy what comes back:
 *
 *   maximum   the first of the largest gets dy
 *   average   each gets dy / k²
 *   L2        y = sqrt (sum x²), so each gets dy x / y; in a window of zeros
 *             y has no gradient, and 0 is one of its subgradients
 *
 * Windows may overlap: everything is added.
 */
#include "train/facenet-backward-private.h"

static void
max_window (const FacenetPoolWindow * win, guint w, const gfloat * x,
    gfloat dy, gfloat * dx)
{
  gsize best = (gsize) win->y0 * w + win->x0;

  for (guint iy = win->y0; iy < win->y1; iy++)
    for (gsize i = (gsize) iy * w + win->x0; i < (gsize) iy * w + win->x1; i++)
      best = x[i] > x[best] ? i : best;
  dx[best] += dy;
}

static void
average_window (const FacenetPoolWindow * win, guint w, gfloat share,
    gfloat * dx)
{
  for (guint iy = win->y0; iy < win->y1; iy++)
    for (gsize i = (gsize) iy * w + win->x0; i < (gsize) iy * w + win->x1; i++)
      dx[i] += share;
}

static void
l2_window (const FacenetPoolWindow * win, guint w, const gfloat * x,
    gfloat share, gfloat * dx)
{
  for (guint iy = win->y0; iy < win->y1; iy++)
    for (gsize i = (gsize) iy * w + win->x0; i < (gsize) iy * w + win->x1; i++)
      dx[i] += share * x[i];
}

void
facenet_pool2d_backward (const FacenetPool2d * pool, guint n_faces,
    const gfloat * x, const gfloat * y, const gfloat * dy, gfloat * dx)
{
  gsize plane = facenet_shape_plane (&pool->in);
  gfloat part = 1.0f / (gfloat) (pool->k * pool->k);
  guint w = pool->in.w;

  for (guint i = 0; i < pool->in.c * n_faces; i++, x += plane, dx += plane) {
    for (guint oy = 0; oy < pool->out.h; oy++) {
      for (guint ox = 0; ox < pool->out.w; ox++, y++, dy++) {
        FacenetPoolWindow win = facenet_pool2d_window (pool, oy, ox);

        switch (pool->kind) {
          case FACENET_POOL_MAX:
            max_window (&win, w, x, *dy, dx);
            break;
          case FACENET_POOL_AVERAGE:
            average_window (&win, w, *dy * part, dx);
            break;
          case FACENET_POOL_L2:
            if (*y > 0.0f)
              l2_window (&win, w, x, *dy / *y, dx);
            break;
        }
      }
    }
  }
}

void
facenet_pad2d_backward (const FacenetShape * in_shape,
    const FacenetShape * out_shape, guint n_faces, const gfloat * dy,
    gfloat * dx)
{
  guint top = (out_shape->h - in_shape->h) / 2;
  guint left = (out_shape->w - in_shape->w) / 2;

  dy += (gsize) top *out_shape->w + left;
  for (guint i = 0; i < in_shape->c * n_faces; i++) {
    for (guint iy = 0; iy < in_shape->h; iy++, dx += in_shape->w)
      for (guint ix = 0; ix < in_shape->w; ix++)
        dx[ix] += dy[(gsize) iy * out_shape->w + ix];
    dy += facenet_shape_plane (out_shape);
  }
}
