/* facenet-lanes-private.h - a vector of floats, as wide as the build allows
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The facenet-lanes-*.c files are built once for each instruction set, with
 * the compiler flags of that set; this header gives them its vector, the
 * names of their functions and the size of a tile. The operators + - * / work
 * on vectors. Multiply-adds are written out, so that no compiler decides
 * which of them are fused.
 */
#pragma once

#include "kernels/facenet-kernels-private.h"

#include <immintrin.h>
#include <string.h>

G_BEGIN_DECLS

#define LANES_INLINE static inline __attribute__ ((always_inline))

/* As many rows as leave registers for two vectors of weights and one of
 * pixels: 2 * 12 + 3 of 32, 2 * 6 + 3 of 16. */
#if defined(__AVX512F__)

#define LANES 16
#define LANES_ROWS 12
#define LANES_SET "avx512"
#define LANES_NAME(name) facenet_avx512_##name
typedef __m512 Lanes;

#define lanes_load(p) _mm512_loadu_ps (p)
#define lanes_store(p, v) _mm512_storeu_ps (p, v)
#define lanes_set1(x) _mm512_set1_ps (x)
#define lanes_fma(a, b, c) _mm512_fmadd_ps (a, b, c)
#define lanes_max(a, b) _mm512_max_ps (a, b)
#define lanes_sqrt(a) _mm512_sqrt_ps (a)

/* 1 / sqrt(x): the processor's 14 bits, and a Newton step that doubles them. */
LANES_INLINE Lanes
lanes_rsqrt (Lanes x)
{
  Lanes r = _mm512_rsqrt14_ps (x);
  Lanes half = x * r * lanes_set1 (0.5f);

  return r * _mm512_fnmadd_ps (half, r, lanes_set1 (1.5f));
}

/* x^-0.75. Two roots and a division take longer than all the rest. */
LANES_INLINE Lanes
lanes_pow_minus_3_4 (Lanes x)
{
  Lanes r = lanes_rsqrt (x);

  return r * r * lanes_rsqrt (r);
}

/* The last n lanes of a, then all but the last n of b. */
#define lanes_concat(a, b, n) \
    __builtin_shufflevector (a, b, 16 - n, 17 - n, 18 - n, 19 - n, 20 - n, \
        21 - n, 22 - n, 23 - n, 24 - n, 25 - n, 26 - n, 27 - n, 28 - n, \
        29 - n, 30 - n, 31 - n)

#else

#define LANES 8
#define LANES_ROWS 6
#define LANES_SET "avx2"
#define LANES_NAME(name) facenet_avx2_##name
typedef __m256 Lanes;

#define lanes_load(p) _mm256_loadu_ps (p)
#define lanes_store(p, v) _mm256_storeu_ps (p, v)
#define lanes_set1(x) _mm256_set1_ps (x)
#define lanes_fma(a, b, c) _mm256_fmadd_ps (a, b, c)
#define lanes_max(a, b) _mm256_max_ps (a, b)
#define lanes_sqrt(a) _mm256_sqrt_ps (a)

/* x^-0.75. The processor's estimates differ from maker to maker here. */
LANES_INLINE Lanes
lanes_pow_minus_3_4 (Lanes x)
{
  Lanes r = lanes_set1 (1.0f) / lanes_sqrt (x);

  return r * lanes_sqrt (r);
}

#define lanes_concat(a, b, n) \
    __builtin_shufflevector (a, b, 8 - n, 9 - n, 10 - n, 11 - n, 12 - n, \
        13 - n, 14 - n, 15 - n)

#endif

#define LANES_PANEL (2 * LANES)

/* The first n <= LANES floats at p, then zeros. */
LANES_INLINE Lanes
lanes_load_n (const gfloat * p, guint n)
{
  Lanes v = lanes_set1 (0.0f);

  if (n == LANES)
    return lanes_load (p);
  memcpy (&v, p, n * sizeof *p);
  return v;
}

LANES_INLINE void
lanes_store_n (gfloat * p, Lanes v, guint n)
{
  if (n == LANES)
    lanes_store (p, v);
  else
    memcpy (p, &v, n * sizeof *p);
}

/* The functions behind a FacenetKernels; each set's have names of their own. */
#define lanes_product LANES_NAME (product)
#define lanes_pool2d LANES_NAME (pool2d)
#define lanes_lrn LANES_NAME (lrn)
#define lanes_add_upsampled LANES_NAME (add_upsampled)
#define lanes_winograd_in LANES_NAME (winograd_in)
#define lanes_winograd_out LANES_NAME (winograd_out)
#define lanes_kernels LANES_NAME (kernels)

void lanes_product (const FacenetProduct * product,
    const FacenetPanel * panel, const FacenetTile * tile);
void lanes_pool2d (const FacenetPool2d * pool, const FacenetView * in,
    const FacenetView * out, guint y0, guint y1);
void lanes_lrn (const FacenetLrn * lrn, guint c, guint n_pixels,
    const gfloat * in, gfloat * out);
void lanes_add_upsampled (const FacenetShape * shape, const FacenetView * half,
    const FacenetView * out, guint y0, guint y1);
void lanes_winograd_in (guint c, const FacenetView * in, gfloat * out,
    gsize stride);
void lanes_winograd_out (guint n_out, const gfloat * in, gsize stride,
    const gfloat * bias, const FacenetWinogradTile * out);

extern const FacenetKernels lanes_kernels;

G_END_DECLS
