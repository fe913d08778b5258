/* facenet-pack-private.h - weights in the order in which kernels read them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "kernels/facenet-kernels-private.h"

G_BEGIN_DECLS

/* A convolution's weights [oc, c, k, k]; a dense layer's are those of one
 * whose window is the whole map. */
typedef struct {
  guint oc, c, kh, kw;
} FacenetFilter;

/* Output channels in panel number `panel`, at most kernels->panel. */
guint facenet_pack_get_n_out (const FacenetKernels * kernels, guint oc,
    guint panel);
guint facenet_pack_get_n_panels (const FacenetKernels * kernels, guint oc);

/* oc, rounded up to whole vectors: floats of the packed bias. */
gsize facenet_pack_get_width (const FacenetKernels * kernels, guint oc);

/* Panel after panel, each [kh, kw, c, width of the panel], zeros beyond oc.
 * packed: [kh kw c, facenet_pack_get_width()] floats in all */
void facenet_pack_weights (const FacenetKernels * kernels,
    const FacenetFilter * filter, const gfloat * weights, gfloat * packed);

/* The same for Winograd: each panel [36, c, width of the panel]. */
void facenet_pack_winograd (const FacenetKernels * kernels,
    const FacenetFilter * filter, const gfloat * weights, gfloat * packed);

G_END_DECLS
