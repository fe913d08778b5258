/* facenet-backward-private.h - the way back through what has no weights
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Each function adds to the gradient of its input what the gradient of its
 * output, `dy`, makes of it. Maps are those of n_faces faces, [c,n,h,w].
 */
#pragma once

#include "kernels/facenet-norm-private.h"
#include "kernels/facenet-pool2d-private.h"

G_BEGIN_DECLS

/* x: [c,n,h,w], the input  y, dy: [c,n,oh,ow]  dx: like x */
void facenet_pool2d_backward (const FacenetPool2d * pool, guint n_faces,
    const gfloat * x, const gfloat * y, const gfloat * dy, gfloat * dx);

/* dy: [c,n,oh,ow]  dx: [c,n,h,w], of facenet_pad2d()'s input */
void facenet_pad2d_backward (const FacenetShape * in_shape,
    const FacenetShape * out_shape, guint n_faces, const gfloat * dy,
    gfloat * dx);

/* x, dy, dx: [c, n_pixels], pixels of all faces
 * scratch: facenet_lrn_backward_size() floats */
void facenet_lrn_backward (const FacenetLrn * lrn, guint c, gsize n_pixels,
    const gfloat * x, const gfloat * dy, gfloat * dx, gfloat * scratch);
gsize facenet_lrn_backward_size (guint c);

/* x, y, dx, dy: [c, n_pixels]; y is x over the length of each column, as
 * facenet_l2_normalize() makes it. */
void facenet_l2_columns_forward (guint c, guint n_pixels, const gfloat * x,
    gfloat * y);
void facenet_l2_columns_backward (guint c, guint n_pixels, const gfloat * x,
    const gfloat * dy, gfloat * dx);

G_END_DECLS
