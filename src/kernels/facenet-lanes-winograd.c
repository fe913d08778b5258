/* facenet-lanes-winograd.c - 3x3 convolutions with a quarter of the products
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * F(4x4,3x3) of Lavin and Gray 2016, section 4: a tile of 6x6 inputs d
 * becomes B' d B, 36 points that are each multiplied with a matrix of
 * weights, [c] times [c,oc]; the 36 products m of an output channel become
 * 4x4 outputs A' m A. Vectors run along channels.
 */
#include "kernels/facenet-lanes-private.h"

#define SIDE 6
#define OUT FACENET_WINOGRAD_TILE
#define UNROLL _Pragma ("GCC unroll 8")

/* out = B' x */
LANES_INLINE void
transform_in (const Lanes x[SIDE], Lanes out[SIDE])
{
  const Lanes two = lanes_set1 (2.0f), four = lanes_set1 (4.0f);
  const Lanes minus_four = lanes_set1 (-4.0f), minus_five = lanes_set1 (-5.0f);
  Lanes even = lanes_fma (minus_four, x[2], x[4]);
  Lanes odd = lanes_fma (minus_four, x[1], x[3]);
  Lanes even2 = x[4] - x[2];
  Lanes odd2 = two * (x[3] - x[1]);

  out[0] = lanes_fma (four, x[0], lanes_fma (minus_five, x[2], x[4]));
  out[1] = even + odd;
  out[2] = even - odd;
  out[3] = even2 + odd2;
  out[4] = even2 - odd2;
  out[5] = lanes_fma (four, x[1], lanes_fma (minus_five, x[3], x[5]));
}

/* out = A' m */
LANES_INLINE void
transform_out (const Lanes m[SIDE], Lanes out[OUT])
{
  const Lanes two = lanes_set1 (2.0f), four = lanes_set1 (4.0f);
  const Lanes eight = lanes_set1 (8.0f);
  Lanes sum1 = m[1] + m[2], sum2 = m[3] + m[4];
  Lanes diff1 = m[1] - m[2], diff2 = m[3] - m[4];

  out[0] = m[0] + sum1 + sum2;
  out[1] = lanes_fma (two, diff2, diff1);
  out[2] = lanes_fma (four, sum2, sum1);
  out[3] = lanes_fma (eight, diff2, diff1) + m[5];
}

void
lanes_winograd_in (guint c, const FacenetView * in, gfloat * out, gsize stride)
{
  for (guint ci = 0; ci < c; ci += LANES) {
    guint n = MIN (LANES, c - ci);
    Lanes columns[SIDE][SIDE];  /* by x, then transformed y */

    for (guint x = 0; x < SIDE; x++) {
      const gfloat *top = in->data + x * in->pixel + ci;
      Lanes d[SIDE];

      UNROLL for (guint y = 0; y < SIDE; y++)
        d[y] = lanes_load_n (top + y * in->row, n);
      transform_in (d, columns[x]);
    }
    for (guint y = 0; y < SIDE; y++) {
      Lanes d[SIDE], points[SIDE];

      UNROLL for (guint x = 0; x < SIDE; x++)
        d[x] = columns[x][y];
      transform_in (d, points);
      UNROLL for (guint x = 0; x < SIDE; x++)
        lanes_store_n (out + (y * SIDE + x) * stride + ci, points[x], n);
    }
  }
}

/* n <= LANES output channels. columns: products of a tile by x, y transformed
 * already  out: h x w pixels */
LANES_INLINE void
store_tile (Lanes columns[SIDE][OUT], Lanes bias, guint n, gfloat * out,
    const FacenetWinogradTile * tile, const guint h, const guint w)
{
  const Lanes zero = lanes_set1 (0.0f);

  for (guint y = 0; y < h; y++) {
    gfloat *row = out + y * tile->view.row;
    Lanes m[SIDE], sums[OUT];

    UNROLL for (guint x = 0; x < SIDE; x++)
      m[x] = columns[x][y];
    transform_out (m, sums);
    UNROLL for (guint x = 0; x < OUT; x++)
      if (x < w)
        lanes_store_n (row + x * tile->view.pixel,
            lanes_max (sums[x] + bias, zero), n);
  }
}

void
lanes_winograd_out (guint n_out, const gfloat * in, gsize stride,
    const gfloat * bias, const FacenetWinogradTile * out)
{
  gboolean whole = out->h == OUT && out->w == OUT;

  for (guint o = 0; o < n_out; o += LANES) {
    guint n = MIN (LANES, n_out - o);
    Lanes b = lanes_load_n (bias + o, n);
    Lanes columns[SIDE][OUT];   /* by x, then transformed y */

    for (guint x = 0; x < SIDE; x++) {
      Lanes m[SIDE];

      UNROLL for (guint y = 0; y < SIDE; y++)
        m[y] = lanes_load_n (in + (y * SIDE + x) * stride + o, n);
      transform_out (m, columns[x]);
    }
    if (whole)
      store_tile (columns, b, n, out->view.data + o, out, OUT, OUT);
    else
      store_tile (columns, b, n, out->view.data + o, out, out->h, out->w);
  }
}
