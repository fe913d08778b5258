/* facenet-search-avx512.c - search loops for vectors of sixteen floats
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A distance has to be that of facenet_squared_l2() to the last bit: its four
 * sums of four are the sixteen lanes of one vector here, multiplied and added
 * in two roundings, and added up in the same order. That keeps up with memory
 * for one probe. Many probes are compared by dot products, sixteen of them
 * side by side in a vector: one multiply-add for sixteen numbers, and no sum
 * across a vector.
 */
#include "kernels/facenet-search-private.h"

#include <immintrin.h>

/* Rows whose distances are summed up together. */
#define ROWS 4

/* Rows of a step of the group's loop: enough multiply-adds in flight to hide
 * their latency, and few enough to stay in registers. */
#define STEP 12

/* Bytes ahead that memory is asked for. */
#define AHEAD 4096

static inline __m512
add_square (__m512 sum, __m512 a, const gfloat * b)
{
  __m512 x = _mm512_sub_ps (a, _mm512_loadu_ps (b));

  return _mm512_add_ps (sum, _mm512_mul_ps (x, x));
}

/* (sum0 + sum1) + (sum2 + sum3) of the reference, four numbers. */
static inline __m128
fold (__m512 sum)
{
  __m512 pairs = _mm512_add_ps (sum, _mm512_shuffle_f32x4 (sum, sum,
          _MM_SHUFFLE (2, 3, 0, 1)));

  return _mm_add_ps (_mm512_castps512_ps128 (pairs),
      _mm512_extractf32x4_ps (pairs, 2));
}

/* What is left of a row behind the last whole vector. */
static inline gfloat
square_rest (const gfloat * probe, const gfloat * row, guint from, guint to)
{
  gfloat rest = 0.0f;
  guint i;

  for (i = from; i < to; i++) {
    rest += (probe[i] - row[i]) * (probe[i] - row[i]);
  }
  return rest;
}

/* Distances of ROWS rows; stride: floats from one to the next. */
static inline __m128
measure (const gfloat * probe, const gfloat * row, gsize stride, guint n_dims)
{
  __m512 sum0 = _mm512_setzero_ps (), sum1 = sum0, sum2 = sum0, sum3 = sum0;
  const gfloat *row1 = row + stride, *row2 = row1 + stride;
  const gfloat *row3 = row2 + stride;
  __m128 a, b, c, d;
  guint i;

  for (i = 0; i + 16 <= n_dims; i += 16) {
    __m512 x = _mm512_loadu_ps (probe + i);

    _mm_prefetch ((const char *) (row + i) + AHEAD, _MM_HINT_T0);
    _mm_prefetch ((const char *) (row1 + i) + AHEAD, _MM_HINT_T0);
    _mm_prefetch ((const char *) (row2 + i) + AHEAD, _MM_HINT_T0);
    _mm_prefetch ((const char *) (row3 + i) + AHEAD, _MM_HINT_T0);
    sum0 = add_square (sum0, x, row + i);
    sum1 = add_square (sum1, x, row1 + i);
    sum2 = add_square (sum2, x, row2 + i);
    sum3 = add_square (sum3, x, row3 + i);
  }
  a = fold (sum0);
  b = fold (sum1);
  c = fold (sum2);
  d = fold (sum3);
  _MM_TRANSPOSE4_PS (a, b, c, d);
  a = _mm_add_ps (_mm_add_ps (a, b), _mm_add_ps (c, d));
  if (i == n_dims)
    return a;
  return _mm_add_ps (a, _mm_setr_ps (square_rest (probe, row, i, n_dims),
          square_rest (probe, row1, i, n_dims),
          square_rest (probe, row2, i, n_dims),
          square_rest (probe, row3, i, n_dims)));
}

static gsize
next_near (const gfloat * probe, const FacenetSearchRows * rows, gfloat cut,
    gfloat * distance)
{
  const gfloat *row = rows->data;
  const gsize n_dims = rows->n_dims, n = rows->n_rows;
  const __m128 limit = _mm_set1_ps (cut);
  gfloat found[ROWS];
  gsize i;

  for (i = 0; i + ROWS <= n; i += ROWS, row += ROWS * n_dims) {
    __m128 distances = measure (probe, row, n_dims, rows->n_dims);
    gint hits = _mm_movemask_ps (_mm_cmple_ps (distances, limit));

    if (G_UNLIKELY (hits != 0)) {
      _mm_storeu_ps (found, distances);
      *distance = found[__builtin_ctz ((guint) hits)];
      return i + (gsize) __builtin_ctz ((guint) hits);
    }
  }
  for (; i < n; i++, row += n_dims) {
    *distance = _mm_cvtss_f32 (measure (probe, row, 0, rows->n_dims));
    if (*distance <= cut)
      return i;
  }
  return n;
}

static gsize
next_odd (const gfloat * probe, const FacenetSearchRows * rows, gfloat low,
    gfloat high)
{
  const gfloat *row = rows->data;
  const gsize n_dims = rows->n_dims, n = rows->n_rows;
  const __m128 least = _mm_set1_ps (low), most = _mm_set1_ps (high);
  gsize i;

  for (i = 0; i + ROWS <= n; i += ROWS, row += ROWS * n_dims) {
    __m128 distances = measure (probe, row, n_dims, rows->n_dims);
    gint even = _mm_movemask_ps (_mm_and_ps (_mm_cmpge_ps (distances, least),
            _mm_cmple_ps (distances, most)));

    if (G_UNLIKELY (even != (1 << ROWS) - 1))
      return i + (gsize) __builtin_ctz (~(guint) even);
  }
  for (; i < n; i++, row += n_dims) {
    gfloat distance = _mm_cvtss_f32 (measure (probe, row, 0, rows->n_dims));

    if (!(distance >= low && distance <= high))
      return i;
  }
  return n;
}

/* in: row [STEP rows, stride]; sums: [STEP] of LANES dot products. */
static inline void
multiply (const gfloat * lanes, const gfloat * row, gsize stride, guint n_dims,
    __m512 * sums)
{
  guint i, r;

  for (r = 0; r < STEP; r++) {
    sums[r] = _mm512_setzero_ps ();
  }
  for (i = 0; i < n_dims; i++) {
    __m512 probe = _mm512_loadu_ps (lanes + (gsize) i * FACENET_SEARCH_LANES);

    if (i % 16 == 0) {
      for (r = 0; r < STEP; r++) {
        _mm_prefetch ((const char *) (row + (r + STEP) * stride + i),
            _MM_HINT_T0);
      }
    }
    for (r = 0; r < STEP; r++) {
      sums[r] = _mm512_fmadd_ps (probe, _mm512_set1_ps (row[r * stride + i]),
          sums[r]);
    }
  }
}

/* What is left of the rows behind the last whole step, one by one. */
static gboolean
multiply_rest (const gfloat * lanes, __m512 bounds, const gfloat * row,
    const FacenetSearchRows * rows, gsize n, guint16 * masks)
{
  guint any = 0, i;
  gsize r;

  for (r = 0; r < n; r++, row += rows->n_dims) {
    __m512 sum = _mm512_setzero_ps ();

    for (i = 0; i < rows->n_dims; i++) {
      sum = _mm512_fmadd_ps (_mm512_loadu_ps (lanes +
              (gsize) i * FACENET_SEARCH_LANES), _mm512_set1_ps (row[i]), sum);
    }
    masks[r] = _mm512_cmp_ps_mask (sum, bounds, _CMP_GE_OQ);
    any |= masks[r];
  }
  for (; r < STEP; r++) {
    masks[r] = 0;
  }
  return any != 0;
}

static gsize
next_step (const gfloat * lanes, const gfloat * bounds,
    const FacenetSearchRows * rows, guint16 * masks)
{
  const __m512 limits = _mm512_loadu_ps (bounds);
  const gfloat *row = rows->data;
  const gsize n_dims = rows->n_dims, n = rows->n_rows;
  __m512 sums[STEP];
  gsize i;
  guint r;

  for (i = 0; i + STEP <= n; i += STEP, row += STEP * n_dims) {
    guint any = 0;

    multiply (lanes, row, n_dims, rows->n_dims, sums);
    for (r = 0; r < STEP; r++) {
      masks[r] = _mm512_cmp_ps_mask (sums[r], limits, _CMP_GE_OQ);
      any |= masks[r];
    }
    if (G_UNLIKELY (any != 0))
      return i;
  }
  if (i < n && multiply_rest (lanes, limits, row, rows, n - i, masks))
    return i;
  return n;
}

const FacenetSearchLoops facenet_search_avx512 = {
  "avx512", next_near, next_odd, STEP, next_step
};
