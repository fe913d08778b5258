/* facenet-pool2d-private.h - pooling
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "kernels/facenet-shape-private.h"

G_BEGIN_DECLS

typedef enum {
  FACENET_POOL_MAX,             /* padding never wins */
  FACENET_POOL_AVERAGE,         /* sum / k², no padding */
  FACENET_POOL_L2               /* sqrt of the sum of squares, no padding */
} FacenetPoolKind;

/* Window k x k, stride s; p pixels of padding, for max pooling only. */
typedef struct {
  FacenetPoolKind kind;
  FacenetShape in;
  FacenetShape out;
  guint k, s, p;
} FacenetPool2d;

/* The part of a window that lies inside the map: x0 <= x < x1, y0 <= y < y1. */
typedef struct {
  guint x0, x1, y0, y1;
} FacenetPoolWindow;

static inline FacenetPoolWindow
facenet_pool2d_window (const FacenetPool2d * pool, guint y, guint x)
{
  guint top = y * pool->s, left = x * pool->s;
  FacenetPoolWindow win;

  win.y0 = top > pool->p ? top - pool->p : 0;
  win.x0 = left > pool->p ? left - pool->p : 0;
  win.y1 = MIN (top + pool->k - pool->p, pool->in.h);
  win.x1 = MIN (left + pool->k - pool->p, pool->in.w);
  return win;
}

/* in: [c,h,w]  out: [c,oh,ow] */
void facenet_pool2d (const FacenetPool2d * pool, const gfloat * in,
    gfloat * out);

/* Sets the map into the middle of zeros: lo = (oh - h) / 2 rows above and
 * (ow - w) / 2 columns before it.  in: [c,h,w]  out: [c,oh,ow], not smaller */
void facenet_pad2d (const FacenetShape * in_shape,
    const FacenetShape * out_shape, const gfloat * in, gfloat * out);

/* map += half, twice as large: each of its values goes to 2 x 2 pixels.
 * map: [c,h,w]  half: [c,h/2,w/2] */
void facenet_add_upsampled (const FacenetShape * shape, const gfloat * half,
    gfloat * map);

G_END_DECLS
