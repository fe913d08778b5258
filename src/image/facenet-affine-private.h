/* facenet-affine-private.h - where a crop lies in a picture
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-cropper.h>

G_BEGIN_DECLS

/* An upright crop. */
void facenet_affine_from_rect (FacenetAffine * affine,
    const FacenetRect * rect);

/* The rotation, scale and shift that takes n_points > 1 points of the crop, u
 * and v, as near as it can to points of the picture, in the sense of least
 * squares there. FALSE, and affine is left as it was, if all points of one side
 * are the same or a number is not finite. */
gboolean facenet_affine_from_points (FacenetAffine * affine,
    const FacenetPoint * from, const FacenetPoint * to, guint n_points);

/* Finds a point of the crop, u and v, in the picture; to may be from. */
void facenet_affine_map (const FacenetAffine * affine,
    const FacenetPoint * from, FacenetPoint * to);

/* The shorter side of a crop, in pixels of the picture. */
gdouble facenet_affine_get_side (const FacenetAffine * affine);

G_END_DECLS
