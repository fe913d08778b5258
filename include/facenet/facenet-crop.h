/* facenet-crop.h - from a box in a picture to the network's input
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <facenet/facenet-face.h>
#include <facenet/facenet-image.h>

G_BEGIN_DECLS

/**
 * FACENET_ROI_SCALE:
 *
 * Side of the shipped model's frame over the side of the box that OpenCV's
 * frontal-face cascade finds (mean of 7,421 photographs, σ 0.070).
 */
#define FACENET_ROI_SCALE 0.81

/**
 * FACENET_ROI_OFFSET_Y:
 *
 * Centre of the shipped model's frame below the centre of that box, in sides
 * of the box (same photographs, σ 0.034).
 */
#define FACENET_ROI_OFFSET_Y 0.147

/**
 * FacenetCropper: (skip)
 *
 * Scratch memory of one thread that crops and resamples.
 */
typedef struct _FacenetCropper FacenetCropper;

FACENET_API void facenet_rect_from_box (FacenetRect * rect,
    const FacenetRect * box, gdouble scale, gdouble offset_y);

FACENET_API FacenetCropper *facenet_cropper_new (guint height, guint width);
FACENET_API void facenet_cropper_free (FacenetCropper * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetCropper, facenet_cropper_free)

FACENET_API void facenet_cropper_crop (FacenetCropper * self,
    const FacenetImage * image, const FacenetRect * rect, gfloat * face);

G_END_DECLS
