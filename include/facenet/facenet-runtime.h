/* facenet-runtime.h - which matrix products run on this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-macros.h>

G_BEGIN_DECLS

FACENET_API const gchar *facenet_runtime_get_blas_library (void);
FACENET_API const gchar *facenet_runtime_get_blas_core (void);
FACENET_API const gchar *facenet_runtime_get_kernels (void);

G_END_DECLS
