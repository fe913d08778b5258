/* facenet-face.h - a face in a picture: box, confidence, five landmarks
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-macros.h>

G_BEGIN_DECLS

/**
 * FacenetPoint:
 * @x: to the right
 * @y: downwards
 *
 * A point of a picture, in pixels; pixel i covers [i, i+1).
 *
 * Since: 0.1
 */
typedef struct {
  gdouble x, y;
} FacenetPoint;

/**
 * FacenetRect:
 * @x: left edge
 * @y: top edge
 * @width: width, > 0
 * @height: height, > 0
 *
 * A rectangle in pixels; pixel i covers [i, i+1). It may reach beyond the
 * picture, whose edge pixels are then repeated.
 *
 * Since: 0.1
 */
typedef struct {
  gdouble x, y, width, height;
} FacenetRect;

/**
 * FACENET_N_LANDMARKS:
 *
 * Landmarks of a #FacenetFace: right eye, left eye, nose tip, right and left
 * corner of the mouth. "Right" is the person's: in an upright picture that is
 * not mirrored, the right eye is on the left.
 *
 * Since: 0.1
 */
#define FACENET_N_LANDMARKS 5

/**
 * FacenetFace:
 * @box: where it is, in pixels of the picture; it may reach beyond the picture
 * @confidence: how certain the detector is, in (0,1]
 * @has_landmarks: whether @landmarks are valid
 * @landmarks: where eyes, nose and mouth are, in pixels of the picture, in the
 *   order of %FACENET_N_LANDMARKS
 *
 * A face that a detector found.
 *
 * Since: 0.1
 */
typedef struct {
  FacenetRect box;
  gdouble confidence;
  gboolean has_landmarks;
  FacenetPoint landmarks[FACENET_N_LANDMARKS];
} FacenetFace;

#define FACENET_TYPE_FACE (facenet_face_get_type ())

FACENET_API GType facenet_face_get_type (void);
FACENET_API void facenet_face_get_box (const FacenetFace * self,
    FacenetRect * box);
FACENET_API gboolean facenet_face_get_landmark (const FacenetFace * self,
    guint index, FacenetPoint * point);

G_END_DECLS
