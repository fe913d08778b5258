/* facenet-half-private.h - numbers as files store them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Arrays of n values; bytes are little-endian and need no alignment.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One half (IEEE 754 binary16) as a float, which holds it exactly. */
gfloat facenet_half_to_float (guint16 half);

/* The nearest half, ties to even; beyond 65519.99 infinite. A NaN stays one. */
guint16 facenet_half_from_float (gfloat value);

void facenet_half_read (gfloat * values, const guint8 * bytes, gsize n);
void facenet_half_write (guint8 * bytes, const gfloat * values, gsize n);
void facenet_float_read (gfloat * values, const guint8 * bytes, gsize n);
void facenet_float_write (guint8 * bytes, const gfloat * values, gsize n);

G_END_DECLS
