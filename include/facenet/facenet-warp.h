/* facenet-warp.h - crops that are turned as well as moved and scaled
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <facenet/facenet-crop.h>

G_BEGIN_DECLS

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
 */
typedef struct {
  gdouble xu, xv, x0;
  gdouble yu, yv, y0;
} FacenetAffine;

/**
 * FacenetWarper: (skip)
 *
 * Scratch memory of one thread that crops and turns.
 */
typedef struct _FacenetWarper FacenetWarper;

FACENET_API void facenet_affine_from_rect (FacenetAffine * affine,
    const FacenetRect * rect);
FACENET_API gboolean facenet_affine_from_points (FacenetAffine * affine,
    const FacenetPoint * from, const FacenetPoint * to, guint n_points);
FACENET_API void facenet_affine_map (const FacenetAffine * affine,
    const FacenetPoint * from, FacenetPoint * to);

FACENET_API FacenetWarper *facenet_warper_new (guint height, guint width);
FACENET_API void facenet_warper_free (FacenetWarper * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetWarper, facenet_warper_free)

FACENET_API void facenet_warper_crop (FacenetWarper * self,
    const FacenetImage * image, const FacenetAffine * affine, gfloat * face);

G_END_DECLS
