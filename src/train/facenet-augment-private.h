/* facenet-augment-private.h - one photo, as if taken many times
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Pictures are kept as bytes [3,SIDE,SIDE] around a face of SIDE - 2 MARGIN:
 * room to shift and to turn. */
#define FACENET_AUGMENT_FACE 96
#define FACENET_AUGMENT_MARGIN 12
#define FACENET_AUGMENT_SIDE (FACENET_AUGMENT_FACE + 2 * FACENET_AUGMENT_MARGIN)
#define FACENET_AUGMENT_BYTES ((gsize) 3 * FACENET_AUGMENT_SIDE \
    * FACENET_AUGMENT_SIDE)
#define FACENET_AUGMENT_FLOATS ((gsize) 3 * FACENET_AUGMENT_FACE \
    * FACENET_AUGMENT_FACE)

/* How far the changes go. chance: in [0,1], of each of those that not every
 * picture has.
 * flip: its chance
 * shift: most, in sides of the face, in each direction
 * scale: most, as a part of the side
 * rotation: most, in degrees
 * brightness: most, added to values in [0,1]
 * contrast: most, as a part of it
 * blur: largest sigma, in pixels
 * shrink: smallest side a face is shrunk to, in pixels
 * noise: largest sigma
 * quality: lowest of JPEG */
typedef struct {
  gdouble chance;
  gdouble flip;
  gdouble shift;
  gdouble scale;
  gdouble rotation;
  gdouble brightness;
  gdouble contrast;
  gdouble blur;
  gdouble shrink;
  gdouble noise;
  gdouble quality;
} FacenetAugment;

/* strength: 0 changes nothing, 1 is what cameras and detectors differ by,
 * 2 twice that; in [0,2] */
void facenet_augment_init (FacenetAugment * self, gdouble strength);

/* picture: [3,SIDE,SIDE] bytes; face: [3,FACE,FACE] in [0,1]. Draws from rand
 * alone, so the same rand gives the same face. */
void facenet_augment_apply (const FacenetAugment * self,
    const guint8 * picture, GRand * rand, gfloat * face);

G_END_DECLS
