/* facenet-conv-private.h - convolution as a matrix product
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "kernels/facenet-shape-private.h"

G_BEGIN_DECLS

/* in [c,h,w], kernel k x k, stride s, padding p (zeros), out [oc,oh,ow];
 * followed by ReLU unless it is linear. */
typedef struct {
  FacenetShape in;
  FacenetShape out;
  guint k, s, p;
  gboolean linear;
} FacenetConv;

/* Side of the output of a k x k window with stride s over side, padded by p:
 * floor((side + 2p - k) / s) + 1. */
guint facenet_conv_out_side (guint side, guint k, guint s, guint p);

/* Floats of the column matrix [c k k, oh ow]; 0 when the input itself is it. */
gsize facenet_conv_columns_size (const FacenetConv * conv);

/* columns: [c k k, oh ow], column y ow + x holds the window of pixel (y,x). */
void facenet_conv_columns (const FacenetConv * conv, const gfloat * in,
    gfloat * columns);

/* out = relu(weights * columns(in) + bias), without relu if it is linear
 * in: [c,h,w]  weights: [oc, c k k]  bias: [oc]
 * columns: scratch, see facenet_conv_columns_size()  out: [oc,oh,ow] */
void facenet_conv_apply (const FacenetConv * conv, const gfloat * in,
    const gfloat * weights, const gfloat * bias, gfloat * columns,
    gfloat * out);

G_END_DECLS
