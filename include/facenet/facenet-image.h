/* facenet-image.h - a picture that gives its pixels row by row
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The crop reads only the pixels of a face, whatever the format of the frame:
 * an image is a function that unpacks a stretch of a row into four bytes per
 * pixel (one that is ignored, then three channels; GStreamer's ARGB and AYUV
 * unpack formats have this shape) and the affine map from those channels to
 * RGB in [0,1]. The map is applied after resampling.
 */
#pragma once

#include <facenet/facenet-macros.h>

G_BEGIN_DECLS

/**
 * FacenetImageReadRow: (skip)
 * @user_data: what the image holds for it
 * @x: first pixel, even, 0 <= @x
 * @y: row, 0 <= @y < height
 * @n_pixels: how many, @x + @n_pixels <= width
 * @pixels: (out caller-allocates): [@n_pixels, 4] bytes: ignored, c0, c1, c2
 *
 * Unpacks a stretch of one row.
 */
typedef void (*FacenetImageReadRow) (gpointer user_data, gint x, gint y,
    gint n_pixels, guint8 * pixels);

/**
 * FacenetImage:
 * @width: pixels in a row
 * @height: rows
 * @read_row: gives the pixels
 * @user_data: for @read_row
 * @to_rgb: rows R, G, B of the map: value = m0 c0 + m1 c1 + m2 c2 + m3 with
 *   channels in [0,255] and the result clamped to [0,1]
 *
 * A picture to crop from. The caller keeps what lies behind it alive.
 */
typedef struct {
  gint width;
  gint height;
  FacenetImageReadRow read_row;
  gpointer user_data;
  gfloat to_rgb[3][4];
} FacenetImage;

/**
 * FacenetPixels: (skip)
 * @data: first byte of the first row, 3 bytes R, G, B per pixel
 * @stride: bytes from one row to the next
 *
 * Plain RGB memory behind a #FacenetImage, see facenet_image_init_rgb().
 */
typedef struct {
  const guint8 *data;
  gsize stride;
} FacenetPixels;

FACENET_API void facenet_image_init_rgb (FacenetImage * image,
    const FacenetPixels * pixels, gint width, gint height);

G_END_DECLS
