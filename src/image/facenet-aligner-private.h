/* facenet-aligner-private.h - how a face lies, by a shape predictor of dlib's
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "image/facenet-affine-private.h"

#include <facenet/facenet-image.h>
#include <facenet/facenet-landmarks.h>

G_BEGIN_DECLS

/* Scratch memory of one thread, about 1.3 MB. */
typedef struct _FacenetAligner FacenetAligner;

/* Keeps a reference to landmarks. */
FacenetAligner *facenet_aligner_new (FacenetLandmarks * landmarks);
void facenet_aligner_free (FacenetAligner * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetAligner, facenet_aligner_free)

/* Finds out how a face lies. There is always an answer, also where there is no
 * face.
 * guess: where the face is, roughly: the square to crop around a detector's
 *   box, see facenet_rect_from_box(); finite numbers, sides > 0
 * affine: where OpenFace's frame of that face is: the rotation, scale and shift
 *   that puts the outer corners of the eyes and the base of the nose as near as
 *   it can to its places for them
 * points: [FACENET_N_SHAPE_POINTS], in pixels of image, or NULL */
void facenet_aligner_align (FacenetAligner * self, const FacenetImage * image,
    const FacenetRect * guess, FacenetAffine * affine, FacenetPoint * points);

G_END_DECLS
