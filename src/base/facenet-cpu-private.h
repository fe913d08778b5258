/* facenet-cpu-private.h - what this processor can do
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Vectors of 8 floats with fused multiply-add (AVX2 and FMA). */
gboolean facenet_cpu_has_avx2 (void);

/* Vectors of 16 floats (AVX-512 F, BW, DQ and VL). */
gboolean facenet_cpu_has_avx512 (void);

G_END_DECLS
