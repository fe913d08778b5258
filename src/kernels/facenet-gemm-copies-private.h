/* facenet-gemm-copies-private.h - one BLAS library for each thread
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "kernels/facenet-gemm-private.h"

#include <cblas.h>

G_BEGIN_DECLS

/* *INDENT-OFF* */
typedef __typeof__ (cblas_sgemm) FacenetSgemm;
/* *INDENT-ON* */

typedef struct {
  FacenetSgemm *sgemm;
  GMutex lock;                  /* around each product */
} FacenetGemmCopy;

/* Opens a library, alone among its like, with the kernels for this CPU. */
void *facenet_gemm_dlopen (const gchar * path);

/* Makes copies of a library until there are n; returns how many there are. */
guint facenet_gemm_copies_open (const gchar * path, guint n);

/* NULL when there are not that many. */
FacenetGemmCopy *facenet_gemm_copies_get (guint index);

G_END_DECLS
