/* facenet-gemm-private.h - the one door to BLAS
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <facenet/facenet-error.h>

G_BEGIN_DECLS

/* Opens the BLAS library on the first call. OPEN when none is installed. */
gboolean facenet_gemm_open (GError ** error);

/* c = a b with a: [m,k], b: [k,n], c: [m,n], all row-major and dense.
 * facenet_gemm_open() must have succeeded. Thread-safe. */
void facenet_gemm (guint m, guint n, guint k, const gfloat * a,
    const gfloat * b, gfloat * c);

G_END_DECLS
