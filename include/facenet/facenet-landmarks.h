/* facenet-landmarks.h - where eyes, nose and chin are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <facenet/facenet-warp.h>

G_BEGIN_DECLS

/**
 * FACENET_N_SHAPE_POINTS:
 *
 * Points of a face that a shape predictor finds, in the order of the iBUG 300-W
 * annotation: 0 to 16 along the jaw, 17 to 26 brows, 27 to 35 nose, 36 to 47
 * eyes, 48 to 67 mouth.
 */
#define FACENET_N_SHAPE_POINTS 68

/**
 * FacenetLandmarks: (skip)
 *
 * What is needed to find the points of a face: a loaded file. Immutable, and
 * shared by all who load the same file.
 */
typedef struct _FacenetLandmarks FacenetLandmarks;

/**
 * FacenetAligner: (skip)
 *
 * Scratch memory of one thread that finds the points of faces.
 */
typedef struct _FacenetAligner FacenetAligner;

FACENET_API FacenetLandmarks *facenet_landmarks_load (const gchar * location,
    GError ** error);
FACENET_API FacenetLandmarks *facenet_landmarks_ref (FacenetLandmarks * self);
FACENET_API void facenet_landmarks_unref (FacenetLandmarks * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetLandmarks, facenet_landmarks_unref)

FACENET_API FacenetAligner *facenet_aligner_new (FacenetLandmarks * landmarks);
FACENET_API void facenet_aligner_free (FacenetAligner * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetAligner, facenet_aligner_free)

FACENET_API void facenet_aligner_align (FacenetAligner * self,
    const FacenetImage * image, const FacenetRect * guess,
    FacenetAffine * affine, FacenetPoint * points);

G_END_DECLS
