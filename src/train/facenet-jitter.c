/* facenet-jitter.c - a face a little beside its frame
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * With x, y from the centre of the frame, the pixel is taken at
 *   scale * R (rotation) * (x, y) + n * shift
 * from the centre of the picture, by linear interpolation between the four
 * pixels around it. Beyond the picture its edge pixels repeat.
 */
#include "train/facenet-jitter-private.h"

#include <math.h>

/* Where a row of the frame lies: at column x it is (x0 + x dx, y0 + x dy). */
typedef struct
{
  gdouble x0, y0, dx, dy;
} Line;

static void
line_init (Line * self, const FacenetJitter * jitter, guint side, guint n,
    guint y)
{
  const gdouble c = jitter->scale * cos (jitter->rotation);
  const gdouble s = jitter->scale * sin (jitter->rotation);
  const gdouble mirror = jitter->flip ? -1.0 : 1.0;
  const gdouble left = mirror * (0.5 - 0.5 * n), row = y + 0.5 - 0.5 * n;

  self->x0 = 0.5 * side - 0.5 + c * left - s * row + n * jitter->shift_x;
  self->y0 = 0.5 * side - 0.5 + s * left + c * row + n * jitter->shift_y;
  self->dx = mirror * c;
  self->dy = mirror * s;
}

/* plane: [side,side] */
static gfloat
interpolate (const guint8 * plane, guint side, gdouble x, gdouble y)
{
  const gdouble end = side - 1;
  const gdouble cx = CLAMP (x, 0.0, end), cy = CLAMP (y, 0.0, end);
  const guint column = (guint) cx, row = (guint) cy;
  const gfloat wx = (gfloat) (cx - column), wy = (gfloat) (cy - row);
  const guint right = MIN (column + 1, side - 1);
  const guint8 *upper = plane + (gsize) row * side;
  const guint8 *lower = plane + (gsize) MIN (row + 1, side - 1) * side;
  const gfloat above = upper[column] + wx * (upper[right] - upper[column]);
  const gfloat below = lower[column] + wx * (lower[right] - lower[column]);

  return (above + wy * (below - above)) / 255.0f;
}

void
facenet_jitter_apply (const FacenetJitter * self, const guint8 * picture,
    guint side, gfloat * face, guint n)
{
  const gsize plane = (gsize) side * side;

  for (guint y = 0; y < n; y++) {
    Line line;

    line_init (&line, self, side, n, y);
    for (guint x = 0; x < n; x++) {
      for (guint c = 0; c < 3; c++)
        face[((gsize) c * n + y) * n + x] = interpolate (picture + c * plane,
            side, line.x0 + x * line.dx, line.y0 + x * line.dy);
    }
  }
}
