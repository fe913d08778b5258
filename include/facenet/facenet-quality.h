/* facenet-quality.h - how fit for recognition a face is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-macros.h>

G_BEGIN_DECLS

/**
 * FacenetQuality:
 * @sharpness: how much fine detail there is, for the contrast there is
 * @exposure: how much of the range from black to white is used
 * @size: how many pixels of the picture the face had
 * @pose: how alike the two halves of the face are
 * @score: all of them, their geometric mean
 *
 * Measures of one face, each in [0,1], more is better. facenet_quality_measure()
 * says how they are defined.
 *
 * Since: 0.1
 */
typedef struct {
  gdouble sharpness;
  gdouble exposure;
  gdouble size;
  gdouble pose;
  gdouble score;
} FacenetQuality;

FACENET_API void facenet_quality_measure (FacenetQuality * quality,
    const gfloat * face, guint height, guint width, gdouble side);

G_END_DECLS
