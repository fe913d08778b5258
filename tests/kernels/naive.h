/* naive.h - random numbers and comparison for the tests of kernels
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>
#include <math.h>

/* [n] in [-1,1) */
static inline gfloat *
random_floats (gsize n)
{
  gfloat *x = g_new (gfloat, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    x[i] = (gfloat) g_test_rand_double_range (-1.0, 1.0);
  return x;
}

/* float32 sums of n terms of size 1 differ by about n * 2^-24 at worst. */
static inline void
assert_close (const gfloat * found, const gdouble * wanted, gsize n,
    gdouble tolerance)
{
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon ((gdouble) found[i], wanted[i], tolerance);
}
