/* facenet-norm-private.h - normalisations
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "kernels/facenet-shape-private.h"

G_BEGIN_DECLS

/* Local response normalisation across channels; size is odd.
 * in: [c,h,w]  out: [c,h,w], not the same memory */
typedef struct {
  guint size;
  gfloat alpha;
} FacenetLrn;

void facenet_lrn (const FacenetLrn * lrn, const FacenetShape * shape,
    const gfloat * in, gfloat * out);

/* out = in / max(|in|, 1e-10)   in, out: [n], may be the same memory */
void facenet_l2_normalize (guint n, const gfloat * in, gfloat * out);

/* out = weights in + bias   weights: [n_out, n_in]  in: [n_in]  out: [n_out] */
typedef struct {
  guint n_in, n_out;
} FacenetDense;

void facenet_dense (const FacenetDense * dense, const gfloat * in,
    const gfloat * weights, const gfloat * bias, gfloat * out);

G_END_DECLS
