/* facenet-resample.c - weights and passes of separable resampling
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * An output pixel is the mean of its source over a window of max(scale, 1)
 * pixels about its centre, a source pixel cut by the edge of the window
 * counting with the part inside. Shrinking, the windows tile the source, so
 * this is its exact area average (no source pixel is skipped, no pattern
 * aliases into another); enlarging, a window one pixel wide touches two source
 * pixels with the weights of linear interpolation. At scale 1 on whole pixels
 * it copies.
 *
 * Measured on 24 photographs against ideal band-limited shrinking, RMS error in
 * grey levels of 255, window / triangle filter of twice its width / linear
 * interpolation of single pixels: scale 1.2: 1.4 / 1.6 / 1.2; 1.6: 1.7 / 2.2 /
 * 1.4; 2: 1.7 / 3.2 / 1.7; 3: 3.2 / 4.4 / 3.9; 4: 4.1 / 5.5 / 5.9. The
 * triangle blurs more than it saves from aliasing and costs twice the sums.
 *
 * Beyond the edge the edge pixel repeats: what the window holds outside adds
 * to the weight of that pixel, whatever the distance.
 */
#include "facenet-resample-private.h"

#include <math.h>
#include <string.h>

/* Built a second time for AVX2 and chosen when the library is loaded, before a
 * sanitizer could watch. Clang 14 gives the chosen one a name of its own that
 * no other file can call. */
#if defined(__x86_64__) && !defined(__clang__) && !defined(FACENET_SANITIZE)
#define CLONES __attribute__ ((target_clones ("avx2", "default")))
#else
#define CLONES
#endif

void
facenet_resample_plan (FacenetWindow * windows, guint n, gint n_source,
    gdouble start, gdouble length)
{
  const gdouble scale = length / n;
  const gdouble width = MAX (scale, 1.0);
  const gdouble end = n_source - 1;
  guint i;

  for (i = 0; i < n; i++) {
    FacenetWindow *window = &windows[i];
    const gdouble lo = start + (i + 0.5) * scale - 0.5 * width;
    const gdouble hi = lo + width;

    window->first = (gint) CLAMP (floor (lo), 0.0, end);
    window->last = (gint) CLAMP (ceil (hi) - 1.0, 0.0, end);
    if (window->last <= window->first) {
      window->last = window->first;
      window->w_first = 1.0f;
      window->w_middle = window->w_last = 0.0f;
    } else {
      window->w_first = (gfloat) ((window->first + 1 - lo) / width);
      window->w_middle = (gfloat) (1.0 / width);
      window->w_last = (gfloat) ((hi - window->last) / width);
    }
  }
}

CLONES void
facenet_resample_row (const FacenetWindow * windows, guint n, gint x,
    gint n_pixels, const guint8 * bytes, FacenetPixel * pixels, gfloat * line)
{
  gfloat *floats = (gfloat *) pixels;
  gint p;
  guint i;

  for (p = 0; p < 4 * n_pixels; p++)
    floats[p] = bytes[p];
  for (i = 0; i < n; i++) {
    const FacenetWindow *window = &windows[i];
    const gint first = window->first - x;
    const gint last = window->last - x;
    FacenetPixel sum = { 0.0f, 0.0f, 0.0f, 0.0f };

    for (p = first + 1; p < last; p++)
      sum += pixels[p];
    sum = window->w_first * pixels[first] + window->w_middle * sum
        + window->w_last * pixels[last];
    line[i] = sum[1];
    line[n + i] = sum[2];
    line[2 * n + i] = sum[3];
  }
}

CLONES void
facenet_resample_add (gfloat * restrict sum, const gfloat * restrict line,
    gfloat weight, guint n)
{
  guint i;

  for (i = 0; i < n; i++)
    sum[i] += weight * line[i];
}

static inline gfloat
clamp_unit (gfloat value)
{
  value = value > 0.0f ? value : 0.0f;
  return value < 1.0f ? value : 1.0f;
}

CLONES void
facenet_resample_to_rgb (gfloat * planes, guint n, const gfloat to_rgb[3][4])
{
  gfloat *restrict r = planes;
  gfloat *restrict g = planes + n;
  gfloat *restrict b = planes + 2 * n;
  gfloat m[3][4];
  guint i, j;

  for (i = 0; i < 3; i++) {
    for (j = 0; j < 4; j++)
      m[i][j] = to_rgb[i][j];
  }
  for (i = 0; i < n; i++) {
    const gfloat c0 = r[i];
    const gfloat c1 = g[i];
    const gfloat c2 = b[i];

    r[i] = clamp_unit (m[0][0] * c0 + m[0][1] * c1 + m[0][2] * c2 + m[0][3]);
    g[i] = clamp_unit (m[1][0] * c0 + m[1][1] * c1 + m[1][2] * c2 + m[1][3]);
    b[i] = clamp_unit (m[2][0] * c0 + m[2][1] * c1 + m[2][2] * c2 + m[2][3]);
  }
}

/* Eight floats, and the bytes that become them. */
typedef gfloat Floats __attribute__((vector_size (32)));
typedef gint32 Ints __attribute__((vector_size (32)));
typedef guint8 Bytes __attribute__((vector_size (8)));

#define N_FLOATS 8

CLONES void
facenet_resample_add_bytes (gfloat * sum, const guint8 * bytes, gfloat weight,
    gboolean add, guint n)
{
  guint i = 0;

  for (; i + N_FLOATS <= n; i += N_FLOATS) {
    Floats before = { 0.0f };
    Bytes from;
    Floats value;

    memcpy (&from, bytes + i, sizeof from);
    if (add)
      memcpy (&before, sum + i, sizeof before);
    value = before + weight *
        __builtin_convertvector (__builtin_convertvector (from, Ints), Floats);
    memcpy (sum + i, &value, sizeof value);
  }
  for (; i < n; i++)
    sum[i] = (add ? sum[i] : 0.0f) + weight * (gfloat) bytes[i];
}

typedef gint32 Mask __attribute__((vector_size (16)));

/* a where the mask is set, else b */
static inline FacenetPixel
choose (Mask mask, FacenetPixel a, FacenetPixel b)
{
  return (FacenetPixel) ((mask & (Mask) a) | (~mask & (Mask) b));
}

static inline FacenetPixel
weigh_window (const FacenetWindow * window, const FacenetPixel * pixels)
{
  FacenetPixel sum = { 0.0f, 0.0f, 0.0f, 0.0f };

  if (window->first == window->last)
    return pixels[window->first];
  for (gint p = window->first + 1; p < window->last; p++)
    sum += pixels[p];
  return window->w_first * pixels[window->first] + window->w_middle * sum
      + window->w_last * pixels[window->last];
}

CLONES void
facenet_resample_symmetric (const FacenetWindow * windows, guint n,
    const FacenetPixel * sums, const gfloat to_rgb[3][4], FacenetPixel * line)
{
  const FacenetPixel zero = { 0.0f, 0.0f, 0.0f, 0.0f };
  const FacenetPixel one = { 1.0f, 1.0f, 1.0f, 1.0f };
  FacenetPixel columns[4];

  for (guint j = 0; j < 4; j++) {
    const FacenetPixel column = { to_rgb[0][j], to_rgb[1][j], to_rgb[2][j],
      0.0f
    };

    columns[j] = column;
  }
  for (guint i = 0; i < n; i++) {
    const FacenetPixel x = weigh_window (&windows[i], sums);
    FacenetPixel rgb = columns[0] * x[1] + columns[1] * x[2] +
        columns[2] * x[3] + columns[3];

    rgb = choose (rgb > zero, rgb, zero);
    rgb = choose (rgb < one, rgb, one);
    line[i] = rgb + rgb - one;
  }
}
