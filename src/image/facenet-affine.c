/* facenet-affine.c - where a crop lies in a picture
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Similarity of two sets of points, in closed form (Umeyama, "Least-squares
 * estimation of transformation parameters between two point patterns", PAMI
 * 1991; in two dimensions and without reflection the singular value
 * decomposition is not needed). With both sets about their means, from p to q,
 * a = sum (p . q) / sum (p . p) and b = sum (p x q) / sum (p . p) make the
 * matrix [a -b; b a].
 */
#include "image/facenet-affine-private.h"

#include <math.h>

void
facenet_affine_from_rect (FacenetAffine * affine, const FacenetRect * rect)
{
  affine->xu = rect->width;
  affine->xv = 0.0;
  affine->x0 = rect->x;
  affine->yu = 0.0;
  affine->yv = rect->height;
  affine->y0 = rect->y;
}

static FacenetPoint
find_mean (const FacenetPoint * points, guint n_points)
{
  FacenetPoint mean = { 0.0, 0.0 };

  for (guint i = 0; i < n_points; i++) {
    mean.x += points[i].x / n_points;
    mean.y += points[i].y / n_points;
  }
  return mean;
}

gboolean
facenet_affine_from_points (FacenetAffine * affine, const FacenetPoint * from,
    const FacenetPoint * to, guint n_points)
{
  gdouble norm = 0.0, dot = 0.0, cross = 0.0, a, b;
  FacenetPoint p, q;

  g_return_val_if_fail (n_points > 1, FALSE);

  p = find_mean (from, n_points);
  q = find_mean (to, n_points);
  for (guint i = 0; i < n_points; i++) {
    const gdouble px = from[i].x - p.x, py = from[i].y - p.y;
    const gdouble qx = to[i].x - q.x, qy = to[i].y - q.y;

    norm += px * px + py * py;
    dot += px * qx + py * qy;
    cross += px * qy - py * qx;
  }
  if (norm <= 0.0 || !(hypot (dot, cross) > 0.0)
      || !isfinite (hypot (dot, cross) / norm))
    return FALSE;
  a = dot / norm;
  b = cross / norm;
  affine->xu = a;
  affine->xv = -b;
  affine->x0 = q.x - (a * p.x - b * p.y);
  affine->yu = b;
  affine->yv = a;
  affine->y0 = q.y - (b * p.x + a * p.y);
  return TRUE;
}

void
facenet_affine_map (const FacenetAffine * affine, const FacenetPoint * from,
    FacenetPoint * to)
{
  const gdouble u = from->x;
  const gdouble v = from->y;

  to->x = affine->xu * u + affine->xv * v + affine->x0;
  to->y = affine->yu * u + affine->yv * v + affine->y0;
}

gdouble
facenet_affine_get_side (const FacenetAffine * affine)
{
  return MIN (hypot (affine->xu, affine->yu), hypot (affine->xv, affine->yv));
}
