/* facenet-resample-private.h - a window over source pixels per output pixel
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The weights of the source pixels of one output pixel: w_first for pixel
 * first, w_last for pixel last, w_middle for each one between. They add up to
 * 1; with first == last, w_first is 1 and w_last 0. */
typedef struct {
  gint first, last;
  gfloat w_first, w_middle, w_last;
} FacenetWindow;

/* Ignored, c0, c1, c2 as one register. */
typedef gfloat FacenetPixel __attribute__ ((vector_size (16)));

/* One axis of a crop: n output pixels cover [start, start + length) of a
 * source of n_source pixels, > 0. Writes windows[n], ordered: neither first
 * nor last ever decreases. */
void facenet_resample_plan (FacenetWindow * windows, guint n, gint n_source,
    gdouble start, gdouble length);

/* Horizontal pass over one row. bytes: [n_pixels,4] (ignored, c0, c1, c2),
 * pixel 0 is source pixel x; pixels: scratch, [n_pixels]; line: [3,n]. */
void facenet_resample_row (const FacenetWindow * windows, guint n, gint x,
    gint n_pixels, const guint8 * bytes, FacenetPixel * pixels, gfloat * line);

/* sum[i] += weight * line[i] for n values. */
void facenet_resample_add (gfloat * sum, const gfloat * line, gfloat weight,
    guint n);

/* sum[i] = weight * bytes[i], or += if `add`; n: bytes of a row, a multiple
 * of 4. */
void facenet_resample_add_bytes (gfloat * sum, const guint8 * bytes,
    gfloat weight, gboolean add, guint n);

/* A row of n pixels from one of summed source pixels, to R, G, B in [-1,1] by
 * to_rgb.  sums: [n_source]  line: [n], the last of a pixel's four values
 * means nothing */
void facenet_resample_symmetric (const FacenetWindow * windows, guint n,
    const FacenetPixel * sums, const gfloat to_rgb[3][4], FacenetPixel * line);

/* In place, planes: [3,n] channels -> RGB by to_rgb, clamped to [0,1]. */
void facenet_resample_to_rgb (gfloat * planes, guint n,
    const gfloat to_rgb[3][4]);

G_END_DECLS
