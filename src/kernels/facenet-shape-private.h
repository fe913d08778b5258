/* facenet-shape-private.h - the shape of a map, channels first
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A map [c,h,w] of float, row-major: element (ci,y,x) at (ci * h + y) * w + x.
 * Letters as everywhere: c h w in, oc oh ow out, k s p kernel, stride, pad. */
typedef struct {
  guint c, h, w;
} FacenetShape;

static inline gsize
facenet_shape_plane (const FacenetShape * shape)
{
  return (gsize) shape->h * shape->w;
}

static inline gsize
facenet_shape_size (const FacenetShape * shape)
{
  return shape->c * facenet_shape_plane (shape);
}

G_END_DECLS
