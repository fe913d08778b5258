/* facenet-pool2d.c - pooling
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Max, average and L2 pooling. L2 pooling is Torch's SpatialLPPooling as nn4
 * uses it: the square root of the sum, not the mean, of the squares.
 */
#include "kernels/facenet-pool2d-private.h"

#include <math.h>
#include <string.h>

static gfloat
window_max (const gfloat * plane, guint w, const FacenetPoolWindow * win)
{
  gfloat best = plane[win->y0 * w + win->x0];

  for (guint y = win->y0; y < win->y1; y++)
    for (guint x = win->x0; x < win->x1; x++)
      best = MAX (best, plane[y * w + x]);
  return best;
}

static gfloat
window_sum (const gfloat * plane, guint w, const FacenetPoolWindow * win)
{
  gfloat sum = 0.0f;

  for (guint y = win->y0; y < win->y1; y++)
    for (guint x = win->x0; x < win->x1; x++)
      sum += plane[y * w + x];
  return sum;
}

static gfloat
window_sum_squares (const gfloat * plane, guint w,
    const FacenetPoolWindow * win)
{
  gfloat sum = 0.0f;

  for (guint y = win->y0; y < win->y1; y++)
    for (guint x = win->x0; x < win->x1; x++)
      sum += plane[y * w + x] * plane[y * w + x];
  return sum;
}

static gfloat
pool_window (const FacenetPool2d * pool, const gfloat * plane,
    const FacenetPoolWindow * win)
{
  switch (pool->kind) {
    case FACENET_POOL_MAX:
      return window_max (plane, pool->in.w, win);
    case FACENET_POOL_AVERAGE:
      return window_sum (plane, pool->in.w, win) / (gfloat) (pool->k * pool->k);
    case FACENET_POOL_L2:
      return sqrtf (window_sum_squares (plane, pool->in.w, win));
  }
  g_return_val_if_reached (0.0f);
}

void
facenet_pool2d (const FacenetPool2d * pool, const gfloat * in, gfloat * out)
{
  gsize plane = facenet_shape_plane (&pool->in);

  for (guint ci = 0; ci < pool->in.c; ci++) {
    for (guint y = 0; y < pool->out.h; y++) {
      for (guint x = 0; x < pool->out.w; x++) {
        FacenetPoolWindow win = facenet_pool2d_window (pool, y, x);

        *out++ = pool_window (pool, in, &win);
      }
    }
    in += plane;
  }
}

void
facenet_pad2d (const FacenetShape * in_shape, const FacenetShape * out_shape,
    const gfloat * in, gfloat * out)
{
  guint top = (out_shape->h - in_shape->h) / 2;
  guint left = (out_shape->w - in_shape->w) / 2;

  memset (out, 0, facenet_shape_size (out_shape) * sizeof *out);
  for (guint ci = 0; ci < in_shape->c; ci++) {
    gfloat *plane = out + ci * facenet_shape_plane (out_shape);

    for (guint y = 0; y < in_shape->h; y++) {
      memcpy (plane + (gsize) (top + y) * out_shape->w + left, in,
          in_shape->w * sizeof *out);
      in += in_shape->w;
    }
  }
}

void
facenet_add_upsampled (const FacenetShape * shape, const gfloat * half,
    gfloat * map)
{
  guint w = shape->w / 2;

  for (guint ci = 0; ci < shape->c; ci++) {
    for (guint y = 0; y < shape->h; y++) {
      const gfloat *row = half + ((gsize) ci * (shape->h / 2) + y / 2) * w;

      for (guint x = 0; x < shape->w; x++)
        *map++ += row[x / 2];
    }
  }
}
