/* facenet-cropper.h - from a face in a picture to the network's input
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-face.h>
#include <facenet/facenet-image.h>
#include <facenet/facenet-landmarks.h>

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
 * FacenetAffine:
 * @xu: x per u
 * @xv: x per v
 * @x0: x at the left upper corner
 * @yu: y per u
 * @yv: y per v
 * @y0: y at the left upper corner
 *
 * Where a crop lies in a picture. With u and v in [0,1] over the width and the
 * height of the crop, the point (u, v) is the point (@xu u + @xv v + @x0,
 * @yu u + @yv v + @y0) of the picture.
 *
 * Since: 0.1
 */
typedef struct {
  gdouble xu, xv, x0;
  gdouble yu, yv, y0;
} FacenetAffine;

/**
 * FacenetCrop:
 * @frame: where it lies in the picture
 * @aligned: whether landmarks say where it lies, and not the box alone
 * @landmarks_ignored: whether the face has landmarks that cannot be those of
 *   a face in its box
 *
 * Where a crop is from.
 *
 * Since: 0.1
 */
typedef struct {
  FacenetAffine frame;
  gboolean aligned;
  gboolean landmarks_ignored;
} FacenetCrop;

/**
 * FacenetCropper: (skip)
 *
 * Decides which pixels of a picture a network sees of a face, and crops them.
 * It holds scratch memory of one thread.
 *
 * Since: 0.1
 */
typedef struct _FacenetCropper FacenetCropper;

FACENET_API void facenet_rect_from_box (FacenetRect * rect,
    const FacenetRect * box, gdouble scale, gdouble offset_y);

FACENET_API FacenetCropper *facenet_cropper_new (guint height, guint width);
FACENET_API void facenet_cropper_free (FacenetCropper * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetCropper, facenet_cropper_free)

FACENET_API void facenet_cropper_set_framing (FacenetCropper * self,
    gdouble scale, gdouble offset_y);
FACENET_API void facenet_cropper_set_align (FacenetCropper * self,
    gboolean align);
FACENET_API void facenet_cropper_set_landmarks (FacenetCropper * self,
    FacenetLandmarks * landmarks);

FACENET_API void facenet_cropper_place_face (FacenetCropper * self,
    const FacenetImage * image, const FacenetFace * face, FacenetCrop * crop);
FACENET_API void facenet_cropper_crop_face (FacenetCropper * self,
    const FacenetImage * image, const FacenetFace * face, gfloat * pixels,
    FacenetCrop * crop);
FACENET_API void facenet_cropper_crop_rect (FacenetCropper * self,
    const FacenetImage * image, const FacenetRect * rect, gfloat * pixels,
    FacenetCrop * crop);

G_END_DECLS
