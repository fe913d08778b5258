/* facenet-quality-private.h - how fit for recognition a face is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-quality.h>

G_BEGIN_DECLS

/* As facenet_quality_measure(), without allocating anything. luma: scratch,
 * [height,width]. */
void facenet_quality_measure_with (FacenetQuality * quality,
    const gfloat * face, guint height, guint width, gdouble side,
    gfloat * luma);

G_END_DECLS
