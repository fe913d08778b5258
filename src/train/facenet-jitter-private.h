/* facenet-jitter-private.h - a face a little beside its frame
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* flip: mirror image
 * shift_x, shift_y: of the frame over the face, in sides of the frame
 * scale: side of the frame, 1 for what it is, > 0
 * rotation: of the frame, in radians */
typedef struct {
  gboolean flip;
  gdouble shift_x, shift_y;
  gdouble scale;
  gdouble rotation;
} FacenetJitter;

/* picture: [3,side,side] bytes that hold the frame [3,n,n] in their middle,
 * side - n even; face: [3,n,n] in [0,1]. A jitter that changes nothing copies
 * the middle. */
void facenet_jitter_apply (const FacenetJitter * self, const guint8 * picture,
    guint side, gfloat * face, guint n);

G_END_DECLS
