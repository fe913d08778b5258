/* facenet-pool2d-private.h - pooling
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "tensor/facenet-shape-private.h"

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

/* in: [c,h,w]  out: [c,oh,ow] */
void facenet_pool2d (const FacenetPool2d * pool, const gfloat * in,
    gfloat * out);

/* Sets the map into the middle of zeros: lo = (oh - h) / 2 rows above and
 * (ow - w) / 2 columns before it.  in: [c,h,w]  out: [c,oh,ow], not smaller */
void facenet_pad2d (const FacenetShape * in_shape,
    const FacenetShape * out_shape, const gfloat * in, gfloat * out);

G_END_DECLS
