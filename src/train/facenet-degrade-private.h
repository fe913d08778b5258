/* facenet-degrade-private.h - a face as a worse camera shows it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Each of these changes face, [3,n,n] values in [0,1], in place and leaves it
 * in that range.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Contrast is a factor on the distance from the mean, > 0, and 1 is none;
 * brightness is added, and 0 is none. */
void facenet_degrade_light (gfloat * face, guint n, gdouble contrast,
    gdouble brightness);

/* Gaussian blur; sigma in pixels, > 0. */
void facenet_degrade_blur (gfloat * face, guint n, gdouble sigma);

/* Shrinks to side x side pixels, 1 <= side <= n, and enlarges again. */
void facenet_degrade_shrink (gfloat * face, guint n, guint side);

/* Adds noise that is normal and independent for every value. */
void facenet_degrade_noise (gfloat * face, guint n, gdouble sigma,
    GRand * rand);

G_END_DECLS
