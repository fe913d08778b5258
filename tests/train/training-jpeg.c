/* training-jpeg.c - pictures lose what JPEG takes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "train/facenet-jpeg-private.h"

#include <math.h>
#include <string.h>

#define N 96
#define FLOATS ((gsize) 3 * N * N)

static gfloat *
new_face (void)
{
  gfloat *face = g_new (gfloat, FLOATS);

  for (guint i = 0; i < FLOATS; i++) {
    const guint x = i % N, y = i / N % N, c = i / N / N;

    face[i] = (gfloat) (0.5 + 0.3 * sin (0.3 * x + 0.2 * c) * cos (0.21 * y)
        + 0.1 * ((x / 7 + y / 5) % 2));
  }
  return face;
}

static gdouble
degrade (const gfloat * face, guint quality)
{
  g_autofree gfloat *copy = g_memdup2 (face, FLOATS * sizeof *face);
  gdouble sum = 0.0;

  facenet_jpeg_degrade (copy, N, quality);
  for (gsize i = 0; i < FLOATS; i++) {
    g_assert_cmpfloat (copy[i], >=, 0.0f);
    g_assert_cmpfloat (copy[i], <=, 1.0f);
    sum += (gdouble) (copy[i] - face[i]) * (gdouble) (copy[i] - face[i]);
  }
  return 255.0 * sqrt (sum / (gdouble) FLOATS);
}

/* Quality 50 is the standard's own table; others are parts of it. */
static void
test_tables (void)
{
  guint table[64];

  facenet_jpeg_get_table (FALSE, 50, table);
  g_assert_cmpuint (table[0], ==, 16);
  g_assert_cmpuint (table[8 * 6 + 4], ==, 103);
  g_assert_cmpuint (table[63], ==, 99);
  facenet_jpeg_get_table (TRUE, 50, table);
  g_assert_cmpuint (table[0], ==, 17);
  g_assert_cmpuint (table[9], ==, 21);
  facenet_jpeg_get_table (FALSE, 75, table);
  g_assert_cmpuint (table[0], ==, 8);
  facenet_jpeg_get_table (FALSE, 10, table);
  g_assert_cmpuint (table[0], ==, 80);
  g_assert_cmpuint (table[63], ==, 255);
  facenet_jpeg_get_table (TRUE, 100, table);
  for (guint i = 0; i < 64; i++)
    g_assert_cmpuint (table[i], ==, 1);
}

static void
test_less_quality_is_more_loss (void)
{
  g_autofree gfloat *face = new_face ();
  gdouble last = 0.0;

  for (guint quality = 95; quality > 5; quality -= 10) {
    gdouble loss = degrade (face, quality);

    g_assert_cmpfloat (loss, >, last);
    last = loss;
  }
  g_assert_cmpfloat (degrade (face, 100), <, 6.0);
}

/* One colour has one coefficient, and its rounding is all that is lost: half
 * a step of 16 or 17, an eighth of which is the change of a pixel. */
static void
test_one_colour_stays_one_colour (void)
{
  g_autofree gfloat *face = g_new (gfloat, FLOATS);

  for (gsize i = 0; i < FLOATS; i++)
    face[i] = i < N * N ? 0.7f : i < 2 * N * N ? 0.4f : 0.3f;
  facenet_jpeg_degrade (face, N, 50);
  for (gsize i = 0; i < FLOATS; i++) {
    g_assert_cmpfloat_with_epsilon ((gdouble) face[i],
        i < N * N ? 0.7 : i < 2 * N * N ? 0.4 : 0.3, 3.0 / 255);
    g_assert_cmpfloat_with_epsilon ((gdouble) face[i],
        (gdouble) face[i / (N * N) * N * N], 1e-5);
  }
}

/* Blocks do not know of each other. */
static void
test_a_change_stays_in_its_block (void)
{
  g_autofree gfloat *face = new_face ();
  g_autofree gfloat *other = g_memdup2 (face, FLOATS * sizeof *face);

  for (guint c = 0; c < 3; c++)
    other[(c * N + 20) * N + 20] = 1.0f;
  facenet_jpeg_degrade (face, N, 30);
  facenet_jpeg_degrade (other, N, 30);
  for (guint i = 0; i < FLOATS; i++) {
    const guint x = i % N, y = i / N % N;

    if (x / 16 != 1 || y / 16 != 1)
      g_assert_cmpfloat (face[i], ==, other[i]);
  }
  g_assert_cmpfloat (face[20 * N + 20], !=, other[20 * N + 20]);
}

static void
test_sides_need_not_be_blocks (void)
{
  gfloat face[3 * 11 * 11];

  for (guint i = 0; i < G_N_ELEMENTS (face); i++)
    face[i] = 0.25f;
  facenet_jpeg_degrade (face, 11, 90);
  for (guint i = 0; i < G_N_ELEMENTS (face); i++)
    g_assert_cmpfloat_with_epsilon ((gdouble) face[i], 0.25, 1.0 / 255);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/jpeg/tables", test_tables);
  g_test_add_func ("/jpeg/less-quality-is-more-loss",
      test_less_quality_is_more_loss);
  g_test_add_func ("/jpeg/one-colour-stays-one-colour",
      test_one_colour_stays_one_colour);
  g_test_add_func ("/jpeg/a-change-stays-in-its-block",
      test_a_change_stays_in_its_block);
  g_test_add_func ("/jpeg/sides-need-not-be-blocks",
      test_sides_need_not_be_blocks);
  return g_test_run ();
}
