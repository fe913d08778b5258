/* facenet-lanes-maps.c - pooling, upsampling, local response normalisation
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The definitions are those of facenet-pool2d.c and facenet-norm.c; here
 * vectors run along the channels of a pixel.
 */
#include "kernels/facenet-lanes-private.h"

#include <math.h>

LANES_INLINE Lanes
add_value (FacenetPoolKind kind, Lanes sum, Lanes x)
{
  switch (kind) {
    case FACENET_POOL_MAX:
      return lanes_max (sum, x);
    case FACENET_POOL_AVERAGE:
      return sum + x;
    case FACENET_POOL_L2:
      return lanes_fma (x, x, sum);
  }
  return sum;
}

LANES_INLINE Lanes
finish_value (const FacenetPool2d * pool, FacenetPoolKind kind, Lanes sum)
{
  switch (kind) {
    case FACENET_POOL_MAX:
      return sum;
    case FACENET_POOL_AVERAGE:
      return sum / lanes_set1 ((gfloat) (pool->k * pool->k));
    case FACENET_POOL_L2:
      return lanes_sqrt (sum);
  }
  return sum;
}

/* n <= LANES channels of one output pixel. in: first channel of pixel (0,0) */
LANES_INLINE Lanes
pool_window (const FacenetPool2d * pool, FacenetPoolKind kind,
    const FacenetView * in, const FacenetPoolWindow * win, guint n)
{
  const gfloat *row = in->data + win->y0 * in->row + win->x0 * in->pixel;
  Lanes sum = kind == FACENET_POOL_MAX ?
      lanes_load_n (row, n) : lanes_set1 (0.0f);

  for (guint y = win->y0; y < win->y1; y++) {
    const gfloat *x = row;

    for (guint i = win->x0; i < win->x1; i++) {
      sum = add_value (kind, sum, lanes_load_n (x, n));
      x += in->pixel;
    }
    row += in->row;
  }
  return finish_value (pool, kind, sum);
}

/* All channels of one output pixel; whole vectors first, without a test. */
LANES_INLINE void
pool_pixel (const FacenetPool2d * pool, FacenetPoolKind kind,
    const FacenetView * in, const FacenetPoolWindow * win, gfloat * out)
{
  FacenetView at = *in;
  guint ci = 0;

  for (; ci + LANES <= pool->in.c; ci += LANES) {
    lanes_store (out + ci, pool_window (pool, kind, &at, win, LANES));
    at.data += LANES;
  }
  if (ci < pool->in.c)
    lanes_store_n (out + ci,
        pool_window (pool, kind, &at, win, pool->in.c - ci), pool->in.c - ci);
}

LANES_INLINE void
pool_rows (const FacenetPool2d * pool, FacenetPoolKind kind,
    const FacenetView * in, const FacenetView * out, guint y0, guint y1)
{
  for (guint y = y0; y < y1; y++) {
    for (guint x = 0; x < pool->out.w; x++) {
      FacenetPoolWindow win = facenet_pool2d_window (pool, y, x);

      pool_pixel (pool, kind, in, &win,
          out->data + y * out->row + x * out->pixel);
    }
  }
}

void
lanes_pool2d (const FacenetPool2d * pool, const FacenetView * in,
    const FacenetView * out, guint y0, guint y1)
{
  switch (pool->kind) {
    case FACENET_POOL_MAX:
      pool_rows (pool, FACENET_POOL_MAX, in, out, y0, y1);
      break;
    case FACENET_POOL_AVERAGE:
      pool_rows (pool, FACENET_POOL_AVERAGE, in, out, y0, y1);
      break;
    case FACENET_POOL_L2:
      pool_rows (pool, FACENET_POOL_L2, in, out, y0, y1);
      break;
  }
}

/* c channels of one pixel. */
LANES_INLINE void
add_pixel (guint c, const gfloat * in, gfloat * out)
{
  guint ci = 0;

  for (; ci + LANES <= c; ci += LANES)
    lanes_store (out + ci, lanes_load (out + ci) + lanes_load (in + ci));
  if (ci < c)
    lanes_store_n (out + ci, lanes_load_n (out + ci, c - ci) +
        lanes_load_n (in + ci, c - ci), c - ci);
}

void
lanes_add_upsampled (const FacenetShape * shape, const FacenetView * half,
    const FacenetView * out, guint y0, guint y1)
{
  for (guint y = y0; y < y1; y++) {
    const gfloat *in = half->data + y / 2 * half->row;
    gfloat *row = out->data + y * out->row;

    for (guint x = 0; x < shape->w; x++)
      add_pixel (shape->c, in + x / 2 * half->pixel, row + x * out->pixel);
  }
}

/* Squares of the channels ci to ci + LANES - 1, zeros beyond the last. */
LANES_INLINE Lanes
squares_at (const gfloat * in, guint c, guint ci)
{
  Lanes x;

  if (ci >= c)
    return lanes_set1 (0.0f);
  x = lanes_load_n (in + ci, MIN (LANES, c - ci));
  return x * x;
}

/* size is 5: two channels before and two after. */
static void
lrn_pixel_5 (Lanes alpha, guint c, const gfloat * in, gfloat * out)
{
  const Lanes one = lanes_set1 (1.0f);
  Lanes before = lanes_set1 (0.0f);
  Lanes here = squares_at (in, c, 0);

  for (guint ci = 0; ci < c; ci += LANES) {
    guint n = MIN (LANES, c - ci);
    Lanes after = squares_at (in, c, ci + LANES);
    Lanes sum = here + lanes_concat (before, here, 2);
    Lanes scale;

    sum += lanes_concat (before, here, 1);
    sum += lanes_concat (here, after, (LANES - 1));
    sum += lanes_concat (here, after, (LANES - 2));
    scale = lanes_pow_minus_3_4 (lanes_fma (alpha, sum, one));
    lanes_store_n (out + ci, lanes_load_n (in + ci, n) * scale, n);
    before = here;
    here = after;
  }
}

static void
lrn_pixel (const FacenetLrn * lrn, gfloat alpha, guint c, const gfloat * in,
    gfloat * out)
{
  guint half = lrn->size / 2;

  for (guint ci = 0; ci < c; ci++) {
    guint lo = ci > half ? ci - half : 0;
    guint hi = MIN (ci + half + 1, c);
    gfloat sum = 0.0f, r;

    for (guint i = lo; i < hi; i++)
      sum += in[i] * in[i];
    r = 1.0f / sqrtf (1.0f + alpha * sum);
    out[ci] = in[ci] * r * sqrtf (r);
  }
}

void
lanes_lrn (const FacenetLrn * lrn, guint c, guint n_pixels, const gfloat * in,
    gfloat * out)
{
  gfloat alpha = lrn->alpha / (gfloat) lrn->size;

  for (guint i = 0; i < n_pixels; i++) {
    if (lrn->size == 5)
      lrn_pixel_5 (lanes_set1 (alpha), c, in, out);
    else
      lrn_pixel (lrn, alpha, c, in, out);
    in += c;
    out += c;
  }
}
