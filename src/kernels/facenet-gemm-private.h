/* facenet-gemm-private.h - the one door to BLAS
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
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

/* Opens up to n copies of the library, so that as many threads can multiply at
 * once. Returns how many there are, which may be more or fewer; 0 when one
 * library serves all threads well or no copy can be made. */
guint facenet_gemm_open_copies (guint n);

/* c = op (a) op (b), and what was in c when `add`; op (a): [m,k], op (b):
 * [k,n], c: [m,n], row-major. */
typedef struct {
  guint m, n, k;
  gboolean turn_a, turn_b;      /* a is [k,m], b is [n,k] */
  gsize row_a, row_b, row_c;    /* floats from one row to the next */
  gboolean add;
} FacenetMatmul;

/* With that copy, or under the lock of them all when there are fewer. The
 * result does not depend on which it is. Thread-safe; threads that use one
 * copy wait for each other. */
void facenet_gemm_multiply (const FacenetMatmul * product, guint copy,
    const gfloat * a, const gfloat * b, gfloat * c);

G_END_DECLS
