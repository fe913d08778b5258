/* facenet-landmarks.h - where eyes, nose and chin are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-macros.h>

G_BEGIN_DECLS

/**
 * FacenetLandmarks: (skip)
 *
 * What is needed to find the points of a face: a loaded file. Immutable, and
 * shared by all who load the same file.
 */
typedef struct _FacenetLandmarks FacenetLandmarks;

FACENET_API FacenetLandmarks *facenet_landmarks_load (const gchar * location,
    GError ** error);
FACENET_API FacenetLandmarks *facenet_landmarks_ref (FacenetLandmarks * self);
FACENET_API void facenet_landmarks_unref (FacenetLandmarks * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetLandmarks, facenet_landmarks_unref)

G_END_DECLS
