/* facenet-winograd.c - the weights of a convolution by Winograd's algorithm
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * F(4x4,3x3) of Lavin and Gray 2016, section 4: a 3x3 kernel g becomes
 * G g G', 36 numbers, one for each point at which a tile's polynomials are
 * multiplied. Computed in double.
 */
#include "kernels/facenet-kernels-private.h"

#define SIDE 6

/* *INDENT-OFF* */
static const gdouble G[SIDE][3] = {
  {  1.0 / 4.0,          0.0,         0.0 },
  { -1.0 / 6.0,   -1.0 / 6.0,  -1.0 / 6.0 },
  { -1.0 / 6.0,    1.0 / 6.0,  -1.0 / 6.0 },
  {  1.0 / 24.0,  1.0 / 12.0,   1.0 / 6.0 },
  {  1.0 / 24.0, -1.0 / 12.0,   1.0 / 6.0 },
  {  0.0,                0.0,         1.0 },
};
/* *INDENT-ON* */

void
facenet_winograd_weights (const gfloat * kernel,
    gfloat points[FACENET_WINOGRAD_POINTS])
{
  gdouble left[SIDE][3];

  for (guint i = 0; i < SIDE; i++) {
    for (guint x = 0; x < 3; x++) {
      left[i][x] = 0.0;
      for (guint y = 0; y < 3; y++)
        left[i][x] += G[i][y] * (gdouble) kernel[y * 3 + x];
    }
  }
  for (guint i = 0; i < SIDE; i++) {
    for (guint j = 0; j < SIDE; j++) {
      gdouble sum = 0.0;

      for (guint x = 0; x < 3; x++)
        sum += left[i][x] * G[j][x];
      points[i * SIDE + j] = (gfloat) sum;
    }
  }
}
