/* facenet-warper-private.h - crops and resamples a part of a picture
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "image/facenet-affine-private.h"

#include <facenet/facenet-image.h>

G_BEGIN_DECLS

/* Scratch memory of one thread. It grows with the largest crop: 20 bytes for
 * each column of the picture below it, beyond 2048 of them, and for a turned one 16
 * for each pixel, or for each four or more of a large one. */
typedef struct _FacenetWarper FacenetWarper;

/* For crops of height rows and width columns, both > 0. */
FacenetWarper *facenet_warper_new (guint height, guint width);
void facenet_warper_free (FacenetWarper * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetWarper, facenet_warper_free)

/* Crops and resamples. affine: finite numbers; it may reach beyond the picture
 * or lie wholly outside, the edge pixels are repeated. face: [3,h,w] floats,
 * planes R, G, B in [0,1]. The value of an output pixel is the area average of
 * the picture below it when shrinking, the bilinear interpolation between pixel
 * centres when enlarging. */
void facenet_warper_crop (FacenetWarper * self, const FacenetImage * image,
    const FacenetAffine * affine, gfloat * face);

/* The same for an upright crop, width and height > 0. */
void facenet_warper_crop_rect (FacenetWarper * self,
    const FacenetImage * image, const FacenetRect * rect, gfloat * face);

G_END_DECLS
