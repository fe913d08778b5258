/* half.c - numbers as files store them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Every half is looked at, against its definition computed in double.
 */
#include "base/facenet-half-private.h"

#include <math.h>
#include <string.h>

/* IEEE 754 binary16, by its definition. */
static gdouble
value_of (guint16 half)
{
  gint exponent = half >> 10 & 0x1f;
  gint fraction = half & 0x3ff;
  gdouble sign = (half & 0x8000) != 0 ? -1 : 1;

  if (exponent == 31) {
    return fraction == 0 ? sign * (gdouble) INFINITY : (gdouble) NAN;
  }
  return exponent == 0 ? sign * ldexp (fraction, -24)
      : sign * ldexp (1024 + fraction, exponent - 25);
}

static void
test_every_half_widens_exactly (void)
{
  for (guint i = 0; i <= G_MAXUINT16; i++) {
    gdouble wanted = value_of ((guint16) i);
    gfloat found = facenet_half_to_float ((guint16) i);

    if (isnan (wanted)) {
      g_assert_true (isnan (found));
    } else {
      g_assert_true ((gdouble) found == wanted);
      g_assert_cmpint (signbit (found) != 0, ==, signbit (wanted) != 0);
    }
  }
}

static void
test_every_half_comes_back (void)
{
  for (guint i = 0; i <= G_MAXUINT16; i++) {
    gfloat value = facenet_half_to_float ((guint16) i);

    if (isnan (value)) {
      g_assert_true (isnan (facenet_half_to_float (facenet_half_from_float
                  (value))));
    } else {
      g_assert_cmphex (facenet_half_from_float (value), ==, i);
    }
  }
}

/* Between each two neighbours: below, at and above the middle, which goes to
 * the even one. */
static void
test_floats_round_to_the_nearest_half (void)
{
  for (guint i = 0; i < 0x7c00; i++) {
    gdouble low = value_of ((guint16) i);
    gdouble high = i + 1 == 0x7c00 ? 65536.0 : value_of ((guint16) (i + 1));
    gfloat middle = (gfloat) ((low + high) / 2);
    gfloat below = nextafterf (middle, 0.0f);
    gfloat above = nextafterf (middle, INFINITY);
    guint even = i + (i & 1);

    g_assert_cmphex (facenet_half_from_float (below), ==, i);
    g_assert_cmphex (facenet_half_from_float (middle), ==, even);
    g_assert_cmphex (facenet_half_from_float (above), ==, i + 1);
    g_assert_cmphex (facenet_half_from_float (-below), ==, 0x8000 | i);
    g_assert_cmphex (facenet_half_from_float (-middle), ==, 0x8000 | even);
    g_assert_cmphex (facenet_half_from_float (-above), ==, 0x8000 | (i + 1));
  }
}

static void
test_ends_of_the_range (void)
{
  g_assert_cmphex (facenet_half_from_float (65504.0f), ==, 0x7bff);
  g_assert_cmphex (facenet_half_from_float (65520.0f), ==, 0x7c00);
  g_assert_cmphex (facenet_half_from_float (3e38f), ==, 0x7c00);
  g_assert_cmphex (facenet_half_from_float (-INFINITY), ==, 0xfc00);
  g_assert_cmphex (facenet_half_from_float (1e-45f), ==, 0);
  g_assert_cmphex (facenet_half_from_float (-1e-45f), ==, 0x8000);
  g_assert_true (isnan (facenet_half_to_float (facenet_half_from_float (NAN))));
}

static void
test_arrays_are_little_endian_and_unaligned (void)
{
  const guint8 bytes[] = {
    0xff, 0x00, 0x3c, 0x00, 0xc0, 0x00, 0x00, 0x80, 0x3f
  };
  guint8 back[sizeof bytes] = { 0 };
  gfloat values[2];

  facenet_half_read (values, bytes + 1, 2);
  g_assert_true (values[0] == 1.0f && values[1] == -2.0f);
  facenet_half_write (back + 1, values, 2);
  g_assert_cmpmem (back + 1, 4, bytes + 1, 4);
  facenet_float_read (values, bytes + 5, 1);
  g_assert_true (values[0] == 1.0f);
  facenet_float_write (back + 5, values, 1);
  g_assert_cmpmem (back + 5, 4, bytes + 5, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/half/every-half-widens-exactly",
      test_every_half_widens_exactly);
  g_test_add_func ("/half/every-half-comes-back", test_every_half_comes_back);
  g_test_add_func ("/half/floats-round-to-the-nearest-half",
      test_floats_round_to_the_nearest_half);
  g_test_add_func ("/half/ends-of-the-range", test_ends_of_the_range);
  g_test_add_func ("/half/arrays-are-little-endian-and-unaligned",
      test_arrays_are_little_endian_and_unaligned);
  return g_test_run ();
}
