/* facenet-degrade.c - a face as a worse camera shows it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Blur and resampling are separable: rows first, then columns. Resampling is
 * that of the crop (facenet-resample.c). Noise is made by the transform of
 * Box and Muller (1958): sqrt (-2 ln u) cos (2 pi v) of u, v uniform in (0,1].
 */
#include "train/facenet-degrade-private.h"

#include "image/facenet-resample-private.h"

#include <math.h>
#include <string.h>

static void
clamp_face (gfloat * face, guint n)
{
  for (gsize i = 0; i < (gsize) 3 * n * n; i++)
    face[i] = CLAMP (face[i], 0.0f, 1.0f);
}

void
facenet_degrade_light (gfloat * face, guint n, gdouble contrast,
    gdouble brightness)
{
  const gsize size = (gsize) 3 * n * n;
  gdouble sum = 0.0;
  gfloat factor = (gfloat) contrast, offset;

  for (gsize i = 0; i < size; i++)
    sum += (gdouble) face[i];
  offset = (gfloat) (sum / (gdouble) size * (1.0 - contrast) + brightness);
  for (gsize i = 0; i < size; i++)
    face[i] = face[i] * factor + offset;
  clamp_face (face, n);
}

/* out[i] = sum of weights[k] in[i + k - radius], edges repeated; step: from
 * one value to the next. */
static void
blur_line (gfloat * line, guint n, guint step, const gfloat * weights,
    gint radius)
{
  g_autofree gfloat *in = g_new (gfloat, n);

  for (guint i = 0; i < n; i++)
    in[i] = line[(gsize) i * step];
  for (gint i = 0; i < (gint) n; i++) {
    gfloat sum = 0.0f;

    for (gint k = -radius; k <= radius; k++)
      sum += weights[k + radius] * in[CLAMP (i + k, 0, (gint) n - 1)];
    line[(gsize) i * step] = sum;
  }
}

void
facenet_degrade_blur (gfloat * face, guint n, gdouble sigma)
{
  const gint radius = MAX (1, (gint) ceil (3.0 * sigma));
  g_autofree gfloat *weights = g_new (gfloat, 2 * (gsize) radius + 1);
  gdouble sum = 0.0;

  for (gint k = -radius; k <= radius; k++)
    sum += exp (-0.5 * k * k / (sigma * sigma));
  for (gint k = -radius; k <= radius; k++)
    weights[k + radius] = (gfloat) (exp (-0.5 * k * k / (sigma * sigma)) / sum);
  for (guint c = 0; c < 3; c++) {
    gfloat *plane = face + (gsize) c * n * n;

    for (guint i = 0; i < n; i++)
      blur_line (plane + (gsize) i * n, n, 1, weights, radius);
    for (guint i = 0; i < n; i++)
      blur_line (plane + i, n, n, weights, radius);
  }
  clamp_face (face, n);
}

/* One output pixel of a line whose values are step apart. */
static gfloat
gather (const FacenetWindow * window, const gfloat * line, guint step)
{
  gfloat middle = 0.0f;

  for (gint k = window->first + 1; k < window->last; k++)
    middle += line[(gsize) k * step];
  return window->w_first * line[(gsize) window->first * step]
      + window->w_middle * middle
      + window->w_last * line[(gsize) window->last * step];
}

/* in: [n,n]; half: scratch, [n,m]; out: [m,m] */
static void
resample_plane (const gfloat * in, guint n, gfloat * half, gfloat * out,
    guint m)
{
  g_autofree FacenetWindow *windows = g_new (FacenetWindow, m);

  facenet_resample_plan (windows, m, (gint) n, 0.0, n);
  for (guint y = 0; y < n; y++) {
    for (guint x = 0; x < m; x++)
      half[(gsize) y * m + x] = gather (&windows[x], in + (gsize) y * n, 1);
  }
  for (guint y = 0; y < m; y++) {
    for (guint x = 0; x < m; x++)
      out[(gsize) y * m + x] = gather (&windows[y], half + x, m);
  }
}

void
facenet_degrade_shrink (gfloat * face, guint n, guint side)
{
  g_autofree gfloat *half = g_new (gfloat, (gsize) n * n);
  g_autofree gfloat *small = g_new (gfloat, (gsize) side * side);

  for (guint c = 0; c < 3; c++) {
    gfloat *plane = face + (gsize) c * n * n;

    resample_plane (plane, n, half, small, side);
    resample_plane (small, side, half, plane, n);
  }
  clamp_face (face, n);
}

void
facenet_degrade_noise (gfloat * face, guint n, gdouble sigma, GRand * rand)
{
  for (gsize i = 0; i < (gsize) 3 * n * n; i++) {
    const gdouble u = 1.0 - g_rand_double (rand);
    const gdouble v = g_rand_double (rand);

    face[i] += (gfloat) (sigma * sqrt (-2.0 * log (u)) * cos (2.0 * G_PI * v));
  }
  clamp_face (face, n);
}
