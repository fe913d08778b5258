/* facenet-linear-private.h - convolutions and dense layers, there and back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "train/facenet-columns-private.h"

G_BEGIN_DECLS

/* One layer over the maps of n_faces faces, [c,n,h,w] and [oc,n,oh,ow]. */
typedef struct {
  const FacenetGeometry *window;
  guint n_faces;
  gboolean relu;
  guint copy;                   /* of BLAS, see facenet_gemm_multiply() */
  gfloat *columns;              /* facenet_columns_get_size() floats */
} FacenetLinear;

/* out = weights * windows of in + bias, then ReLU when the layer has one
 * weights: [oc, c kh kw]  bias: [oc] */
void facenet_linear_forward (const FacenetLinear * self, const gfloat * in,
    const gfloat * weights, const gfloat * bias, gfloat * out);

/* Where the gradients are. */
typedef struct {
  gfloat *out;                  /* [oc,n,oh,ow]; ReLU is undone in place */
  gfloat *in;                   /* [c,n,h,w], or NULL: not needed */
  gboolean add;                 /* to what is in `in` already */
  gfloat *weights, *bias;       /* set */
} FacenetLinearGradient;

/* in, out: what forward() read and wrote */
void facenet_linear_backward (const FacenetLinear * self, const gfloat * in,
    const gfloat * weights, const gfloat * out,
    const FacenetLinearGradient * gradient);

G_END_DECLS
