/* facenet-conv.c - convolution as a matrix product
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Each window of the input becomes a column ("im2col"), so that a convolution
 * of all oc kernels is one product [oc, ckk] x [ckk, oh ow]. A 1x1 convolution
 * with stride 1 needs no columns: the input already is that matrix.
 */
#include "kernels/facenet-conv-private.h"
#include "kernels/facenet-gemm-private.h"

#include <string.h>

guint
facenet_conv_out_side (guint side, guint k, guint s, guint p)
{
  return (side + 2 * p - k) / s + 1;
}

static guint
depth (const FacenetConv * conv)
{
  return conv->in.c * conv->k * conv->k;
}

gsize
facenet_conv_columns_size (const FacenetConv * conv)
{
  if (conv->k == 1 && conv->s == 1 && conv->p == 0)
    return 0;
  return depth (conv) * facenet_shape_plane (&conv->out);
}

/* One output row of one kernel position: row [ow], from an input row [w] or
 * from the padding above and below (NULL); dx is the position less p. */
static void
fill_row (const FacenetConv * conv, const gfloat * in, gint dx, gfloat * row)
{
  gint s = (gint) conv->s, w = (gint) conv->in.w, ow = (gint) conv->out.w;
  gint lo, hi;

  if (in == NULL) {
    memset (row, 0, (gsize) ow * sizeof *row);
    return;
  }
  /* x s + dx lies inside [0,w) for lo <= x < hi. */
  lo = dx < 0 ? MIN ((-dx + s - 1) / s, ow) : 0;
  hi = w > dx ? CLAMP ((w - dx + s - 1) / s, lo, ow) : lo;
  for (gint x = 0; x < lo; x++)
    row[x] = 0.0f;
  if (s == 1) {
    memcpy (row + lo, in + lo + dx, (gsize) (hi - lo) * sizeof *row);
  } else {
    for (gint x = lo; x < hi; x++)
      row[x] = in[x * s + dx];
  }
  for (gint x = hi; x < ow; x++)
    row[x] = 0.0f;
}

void
facenet_conv_columns (const FacenetConv * conv, const gfloat * in,
    gfloat * columns)
{
  gint s = (gint) conv->s, p = (gint) conv->p, k = (gint) conv->k;
  gint h = (gint) conv->in.h;
  gsize w = conv->in.w, ow = conv->out.w;

  for (guint ci = 0; ci < conv->in.c; ci++) {
    const gfloat *plane = in + ci * facenet_shape_plane (&conv->in);

    for (gint ky = 0; ky < k; ky++) {
      for (gint kx = 0; kx < k; kx++) {
        for (gint y = 0; y < (gint) conv->out.h; y++) {
          gint iy = y * s + ky - p;
          gboolean inside = iy >= 0 && iy < h;

          fill_row (conv, inside ? plane + (gsize) iy * w : NULL, kx - p,
              columns);
          columns += ow;
        }
      }
    }
  }
}

/* map: [oc, plane], becomes map + bias. */
static void
add_bias (gfloat * map, const gfloat * bias, guint oc, gsize plane)
{
  for (guint o = 0; o < oc; o++) {
    for (gsize i = 0; i < plane; i++)
      map[i] += bias[o];
    map += plane;
  }
}

/* map: [oc, plane], becomes relu(map + bias). */
static void
add_bias_relu (gfloat * map, const gfloat * bias, guint oc, gsize plane)
{
  for (guint o = 0; o < oc; o++) {
    gfloat b = bias[o];

    for (gsize i = 0; i < plane; i++) {
      gfloat v = map[i] + b;

      map[i] = v > 0.0f ? v : 0.0f;
    }
    map += plane;
  }
}

void
facenet_conv_apply (const FacenetConv * conv, const gfloat * in,
    const gfloat * weights, const gfloat * bias, gfloat * columns, gfloat * out)
{
  gsize plane = facenet_shape_plane (&conv->out);

  if (facenet_conv_columns_size (conv) > 0) {
    facenet_conv_columns (conv, in, columns);
    in = columns;
  }
  facenet_gemm (conv->out.c, (guint) plane, depth (conv), weights, in, out);
  if (conv->linear)
    add_bias (out, bias, conv->out.c, plane);
  else
    add_bias_relu (out, bias, conv->out.c, plane);
}
