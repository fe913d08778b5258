/* number.c - numbers in text files
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "import/facenet-number-private.h"

#include <math.h>
#include <string.h>

#define N_RANDOM 20000

/* Both readers against g_ascii_strtod(), to the bit. */
static void
assert_as_strtod (const gchar * text)
{
  gdouble wanted = g_ascii_strtod (text, NULL), wide;
  gfloat wanted_float = (gfloat) wanted, value;

  g_assert_cmpuint (facenet_number_read (text, strlen (text), &wide), ==,
      strlen (text));
  g_assert_cmpmem (&wide, sizeof wide, &wanted, sizeof wanted);
  g_assert_cmpuint (facenet_number_read_float (text, strlen (text), &value),
      ==, strlen (text));
  if (memcmp (&value, &wanted_float, sizeof value) != 0) {
    g_error ("%s: %.9g, expected %.9g", text, (gdouble) value,
        (gdouble) wanted_float);
  }
}

static void
assert_in_formats (gdouble value)
{
  const gchar *formats[] = { "%.18e", "%.17g", "%.9g", "%g", "%.25e", "%.3f" };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    gchar text[512];

    g_ascii_formatd (text, sizeof text, formats[i], value);
    if (strlen (text) < 100) {
      assert_as_strtod (text);
    }
  }
}

static void
test_spellings_are_those_of_strtod (void)
{
  const gchar *texts[] = {
    "0", "-0", "+1", "1.", ".5", "-.5", "00012.500", "0.000000001234",
    "1e5", "1E+05", "1e-5", "1e0000000005", "0e99", "1e-45", "1e38", "3.5e38",
    "1e999", "-1e999", "1e-999", "1e99999999999", "18446744073709551615",
    "99999999999999999999", "123456789012345678901234567890", "16777217",
    "0.1000000014901161193847656250", "nan", "-inf", "infinity", "NaN",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    assert_as_strtod (texts[i]);
  }
}

static void
test_random_numbers_are_those_of_strtod (void)
{
  for (guint i = 0; i < N_RANDOM; i++) {
    gdouble scale = pow (10.0, g_test_rand_double_range (-42.0, 38.0));

    assert_in_formats (g_test_rand_double_range (-1.0, 1.0));
    assert_in_formats (g_test_rand_double_range (-1.0, 1.0) * scale);
  }
}

/* Where rounding twice goes wrong if it is not watched. */
static void
test_middles_between_floats_round_as_strtod_does (void)
{
  for (guint i = 0; i < N_RANDOM; i++) {
    gfloat value = (gfloat) g_test_rand_double_range (-4.0, 4.0);
    gdouble middle = ((gdouble) value
        + (gdouble) nextafterf (value, INFINITY)) / 2.0;

    assert_in_formats (middle);
    assert_in_formats (nextafter (middle, INFINITY));
    assert_in_formats (nextafter (middle, -INFINITY));
  }
}

static void
test_what_is_no_number_takes_nothing (void)
{
  const gchar *texts[] = { "", "-", "+", ".", "e5", "1e", "1e+", "1-2", "--1",
    "1.2.3", "0x10", "0X1p3", "1f", "12a", "abc", ",1", " 1", "\n", "1e5e5"
  };
  g_autofree gchar *endless = g_strnfill (300, '1');

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    gdouble wide;
    gfloat value;

    g_assert_cmpuint (facenet_number_read (texts[i], strlen (texts[i]),
            &wide), ==, 0);
    g_assert_cmpuint (facenet_number_read_float (texts[i], strlen (texts[i]),
            &value), ==, 0);
  }
  {
    gfloat value;

    g_assert_cmpuint (facenet_number_read_float (endless, 300, &value), ==, 0);
  }
}

static void
test_only_its_characters_are_taken (void)
{
  gfloat value;

  g_assert_cmpuint (facenet_number_read_float ("1.5,2", 5, &value), ==, 3);
  g_assert_cmpfloat (value, ==, 1.5f);
  /* The size ends it, not a NUL. */
  g_assert_cmpuint (facenet_number_read_float ("12345", 2, &value), ==, 2);
  g_assert_cmpfloat (value, ==, 12.0f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number/spellings-are-those-of-strtod",
      test_spellings_are_those_of_strtod);
  g_test_add_func ("/number/random-numbers-are-those-of-strtod",
      test_random_numbers_are_those_of_strtod);
  g_test_add_func ("/number/middles-between-floats-round-as-strtod-does",
      test_middles_between_floats_round_as_strtod_does);
  g_test_add_func ("/number/what-is-no-number-takes-nothing",
      test_what_is_no_number_takes_nothing);
  g_test_add_func ("/number/only-its-characters-are-taken",
      test_only_its_characters_are_taken);
  return g_test_run ();
}
