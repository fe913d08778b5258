/* facenet-search-avx2.c - search loops for vectors of eight floats
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * As facenet-search-avx512.c, with two vectors where that has one.
 */
#include "kernels/facenet-search-private.h"

#include <immintrin.h>

/* Rows of a step of the group's loop: two sums each, twelve of sixteen
 * registers. */
#define STEP 6

/* Bytes ahead that memory is asked for. */
#define AHEAD 4096

static inline __m256
add_square (__m256 sum, const gfloat * a, const gfloat * b)
{
  __m256 x = _mm256_sub_ps (_mm256_loadu_ps (a), _mm256_loadu_ps (b));

  return _mm256_add_ps (sum, _mm256_mul_ps (x, x));
}

/* sum0 + sum1 of the reference, from the two halves of a vector. */
static inline __m128
add_halves (__m256 sum)
{
  return _mm_add_ps (_mm256_castps256_ps128 (sum),
      _mm256_extractf128_ps (sum, 1));
}

static inline gfloat
measure (const gfloat * probe, const gfloat * row, guint n_dims)
{
  __m256 low = _mm256_setzero_ps (), high = low;
  gfloat rest = 0.0f;
  __m128 sum;
  guint i;

  for (i = 0; i + 16 <= n_dims; i += 16) {
    _mm_prefetch ((const char *) (row + i) + AHEAD, _MM_HINT_T0);
    low = add_square (low, probe + i, row + i);
    high = add_square (high, probe + i + 8, row + i + 8);
  }
  for (; i < n_dims; i++) {
    rest += (probe[i] - row[i]) * (probe[i] - row[i]);
  }
  sum = _mm_add_ps (add_halves (low), add_halves (high));
  sum = _mm_hadd_ps (sum, sum);
  sum = _mm_hadd_ps (sum, sum);
  return _mm_cvtss_f32 (sum) + rest;
}

static gsize
next_near (const gfloat * probe, const FacenetSearchRows * rows, gfloat cut,
    gfloat * distance)
{
  const gfloat *row = rows->data;
  gsize i;

  for (i = 0; i < rows->n_rows; i++, row += rows->n_dims) {
    *distance = measure (probe, row, rows->n_dims);
    if (G_UNLIKELY (*distance <= cut))
      break;
  }
  return i;
}

static gsize
next_odd (const gfloat * probe, const FacenetSearchRows * rows, gfloat low,
    gfloat high)
{
  const gfloat *row = rows->data;
  gsize i;

  for (i = 0; i < rows->n_rows; i++, row += rows->n_dims) {
    gfloat distance = measure (probe, row, rows->n_dims);

    if (!(distance >= low && distance <= high))
      break;
  }
  return i;
}

/* in: row [n, stride], n <= STEP; sums: [n, 2] of half the LANES. */
static inline void
multiply (const gfloat * lanes, const gfloat * row, guint n, guint n_dims,
    __m256 * sums)
{
  const gsize stride = n_dims;
  guint i, r;

  for (r = 0; r < 2 * n; r++) {
    sums[r] = _mm256_setzero_ps ();
  }
  for (i = 0; i < n_dims; i++) {
    const gfloat *probes = lanes + (gsize) i * FACENET_SEARCH_LANES;
    __m256 low = _mm256_loadu_ps (probes), high = _mm256_loadu_ps (probes + 8);

    if (i % 16 == 0) {
      for (r = 0; r < n; r++) {
        _mm_prefetch ((const char *) (row + (r + n) * stride + i), _MM_HINT_T0);
      }
    }
    for (r = 0; r < n; r++) {
      __m256 x = _mm256_set1_ps (row[r * stride + i]);

      sums[2 * r] = _mm256_fmadd_ps (low, x, sums[2 * r]);
      sums[2 * r + 1] = _mm256_fmadd_ps (high, x, sums[2 * r + 1]);
    }
  }
}

/* Bit l is set when lane l of the sums [2] is at least its bound. */
static inline guint16
compare (const __m256 * sums, const gfloat * bounds)
{
  gint low = _mm256_movemask_ps (_mm256_cmp_ps (sums[0],
          _mm256_loadu_ps (bounds), _CMP_GE_OQ));
  gint high = _mm256_movemask_ps (_mm256_cmp_ps (sums[1],
          _mm256_loadu_ps (bounds + 8), _CMP_GE_OQ));

  return (guint16) (low | high << 8);
}

static gsize
next_step (const gfloat * lanes, const gfloat * bounds,
    const FacenetSearchRows * rows, guint16 * masks)
{
  const gfloat *row = rows->data;
  const gsize n = rows->n_rows;
  __m256 sums[2 * STEP];
  guint any = 0, r;
  gsize i;

  for (i = 0; i + STEP <= n; i += STEP, row += STEP * (gsize) rows->n_dims) {
    multiply (lanes, row, STEP, rows->n_dims, sums);
    for (r = 0; r < STEP; r++) {
      masks[r] = compare (sums + 2 * r, bounds);
      any |= masks[r];
    }
    if (G_UNLIKELY (any != 0))
      return i;
  }
  for (r = 0; r < STEP; r++) {
    masks[r] = 0;
    if (i + r < n) {
      multiply (lanes, row + r * (gsize) rows->n_dims, 1, rows->n_dims, sums);
      masks[r] = compare (sums, bounds);
    }
    any |= masks[r];
  }
  return any != 0 ? i : n;
}

const FacenetSearchLoops facenet_search_avx2 = {
  "avx2", next_near, next_odd, STEP, next_step
};
