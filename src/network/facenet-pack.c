/* facenet-pack.c - weights in the order in which kernels read them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A panel holds as many output channels as two vectors; the last one may be a
 * single vector. Within a panel the weights of one input value lie together,
 * so that a tile reads its panel once, from front to back.
 */
#include "network/facenet-pack-private.h"

#include <string.h>

guint
facenet_pack_get_n_panels (const FacenetKernels * kernels, guint oc)
{
  return (oc + kernels->panel - 1) / kernels->panel;
}

guint
facenet_pack_get_n_out (const FacenetKernels * kernels, guint oc, guint panel)
{
  return MIN (kernels->panel, oc - panel * kernels->panel);
}

gsize
facenet_pack_get_width (const FacenetKernels * kernels, guint oc)
{
  return (oc + kernels->lanes - 1) / kernels->lanes * kernels->lanes;
}

/* Output channel o of the panel that starts at packed. */
static void
pack_channel (const FacenetFilter * filter, const gfloat * weights,
    gsize width, gfloat * packed)
{
  guint window = filter->kh * filter->kw;

  for (guint i = 0; i < window; i++) {
    for (guint ci = 0; ci < filter->c; ci++) {
      *packed = weights[ci * window + i];
      packed += width;
    }
  }
}

void
facenet_pack_weights (const FacenetKernels * kernels,
    const FacenetFilter * filter, const gfloat * weights, gfloat * packed)
{
  gsize depth = (gsize) filter->c * filter->kh * filter->kw;

  for (guint o = 0; o < filter->oc; o += kernels->panel) {
    guint n = MIN (kernels->panel, filter->oc - o);
    gsize width = facenet_pack_get_width (kernels, n);

    if (n < width)
      memset (packed, 0, depth * width * sizeof *packed);
    for (guint i = 0; i < n; i++)
      pack_channel (filter, weights + (o + i) * depth, width, packed + i);
    packed += depth * width;
  }
}

void
facenet_pack_winograd (const FacenetKernels * kernels,
    const FacenetFilter * filter, const gfloat * weights, gfloat * packed)
{
  for (guint o = 0; o < filter->oc; o += kernels->panel) {
    guint n = MIN (kernels->panel, filter->oc - o);
    gsize width = facenet_pack_get_width (kernels, n);
    gsize point = filter->c * width;

    if (n < width)
      memset (packed, 0, FACENET_WINOGRAD_POINTS * point * sizeof *packed);
    for (guint i = 0; i < n; i++) {
      for (guint ci = 0; ci < filter->c; ci++) {
        gfloat points[FACENET_WINOGRAD_POINTS];

        facenet_winograd_weights (weights, points);
        weights += 9;
        for (guint j = 0; j < FACENET_WINOGRAD_POINTS; j++)
          packed[j * point + ci * width + i] = points[j];
      }
    }
    packed += FACENET_WINOGRAD_POINTS * point;
  }
}
