/* generator.h - the golden network's weights and images, rebuilt from integers
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "weights/facenet-weights-private.h"

#define GENERATOR_FACE (3 * 96 * 96)

/* Weights of nn4.small2 for a seed, as tests/data/reference.py makes them. */
FacenetWeights *generator_weights (guint64 seed);

/* face: [3,96,96]; returns the sum of its bytes. */
guint64 generator_image (guint64 seed, guint number, gfloat * face);

/* values: [n], set to the numbers u(i) in [-1,1) of a stream. */
void generator_uniform (const gchar * name, guint64 seed, gfloat * values,
    gsize n);

/* Whether the processor lacks the kernels that FACENET_KERNELS names; then
 * says in TAP that there is nothing to test. */
gboolean generator_skip_kernels (void);
