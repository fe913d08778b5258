/* facenet-jpeg-private.h - what JPEG takes from a picture
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FACENET_JPEG_BLOCK 8

/* Compresses and decompresses face, [3,n,n] of R, G, B in [0,1], in place;
 * quality: 1 (worst) to 100, as libjpeg's scale. n > 0. */
void facenet_jpeg_degrade (gfloat * face, guint n, guint quality);

/* The 64 quantisation steps in rows, of luminance or chrominance. */
void facenet_jpeg_get_table (gboolean chroma, guint quality, guint * table);

G_END_DECLS
