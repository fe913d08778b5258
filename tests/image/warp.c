/* warp.c - crops that are turned
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "image/facenet-warper-private.h"

#include <math.h>
#include <string.h>

#define WIDTH 80
#define HEIGHT 60
#define SIDE 24
#define N_FACE (3 * SIDE * SIDE)

static guint8 pixels[3 * WIDTH * HEIGHT];
static const FacenetPixels rows = { pixels, 3 * WIDTH };

static FacenetImage image;

static void
fill_with_noise (void)
{
  gsize i;

  for (i = 0; i < sizeof pixels; i++)
    pixels[i] = (guint8) g_test_rand_int_range (0, 256);
  facenet_image_init_rgb (&image, &rows, WIDTH, HEIGHT);
}

static void
crop (const FacenetAffine * affine, gfloat * face)
{
  g_autoptr (FacenetWarper) warper = facenet_warper_new (SIDE, SIDE);

  facenet_warper_crop (warper, &image, affine, face);
}

static void
assert_near (gdouble found, gdouble wanted, gdouble tolerance)
{
  g_assert_cmpfloat (fabs (found - wanted), <=, tolerance);
}

static void
test_upright_is_the_plain_crop (void)
{
  g_autoptr (FacenetWarper) warper = facenet_warper_new (SIDE, SIDE);
  const FacenetRect rect = { 7.3, -4.5, 50.2, 41.0 };
  FacenetAffine affine;
  gfloat plain[N_FACE], warped[N_FACE];

  fill_with_noise ();
  facenet_warper_crop_rect (warper, &image, &rect, plain);
  facenet_affine_from_rect (&affine, &rect);
  crop (&affine, warped);
  g_assert_cmpmem (plain, sizeof plain, warped, sizeof warped);
}

/* A quarter turn of factor source pixels for each pixel: x runs up, y to the
 * right. The means over factor x factor pixels are those of the upright crop. */
static void
check_quarter_turn (gint factor)
{
  g_autoptr (FacenetWarper) warper = facenet_warper_new (SIDE, SIDE);
  const gdouble side = factor * SIDE;
  const FacenetRect rect = { 5, 3, side, side };
  const FacenetAffine affine = { 0, side, 5, -side, 0, 3 + side };
  gfloat plain[N_FACE], warped[N_FACE];
  guint c, i, j;

  fill_with_noise ();
  facenet_warper_crop_rect (warper, &image, &rect, plain);
  crop (&affine, warped);
  for (c = 0; c < 3; c++) {
    for (i = 0; i < SIDE; i++) {
      for (j = 0; j < SIDE; j++)
        assert_near ((gdouble) warped[(c * SIDE + i) * SIDE + j],
            (gdouble) plain[(c * SIDE + SIDE - 1 - j) * SIDE + i], 1e-5);
    }
  }
}

static void
test_quarter_turn_moves_pixels (void)
{
  check_quarter_turn (1);
}

static void
test_shrinking_leaves_no_pixel_out (void)
{
  check_quarter_turn (2);
}

static void
test_beyond_the_picture_its_edge_repeats (void)
{
  const gdouble side = 20;
  const FacenetAffine outside = { 3, side, 500, -side, 3, 700 };
  gfloat face[N_FACE];
  guint i, c;

  fill_with_noise ();
  crop (&outside, face);
  for (c = 0; c < 3; c++) {
    for (i = 0; i < SIDE * SIDE; i++)
      assert_near ((gdouble) face[c * SIDE * SIDE + i],
          pixels[sizeof pixels - 3 + c] / 255.0, 1e-6);
  }
}

/* A slope stays a slope, wherever it is sampled. */
static void
check_slope (FacenetAffine affine)
{
  gfloat face[N_FACE];
  guint i, j;

  for (i = 0; i < sizeof pixels; i++)
    pixels[i] = (guint8) (i / 3 % WIDTH + 2 * (i / 3 / WIDTH));
  facenet_image_init_rgb (&image, &rows, WIDTH, HEIGHT);
  crop (&affine, face);
  for (i = 0; i < SIDE; i++) {
    for (j = 0; j < SIDE; j++) {
      FacenetPoint point = { (j + 0.5) / SIDE, (i + 0.5) / SIDE };

      facenet_affine_map (&affine, &point, &point);
      assert_near ((gdouble) face[i * SIDE + j] * 255.0,
          point.x - 0.5 + 2 * (point.y - 0.5), 1e-3);
    }
  }
}

static void
test_slope_is_interpolated (void)
{
  const FacenetAffine affine = { 20, -7, 25, 7, 20, 15 };

  check_slope (affine);
}

/* Three pixels for each of the crop, of which two by two are one first. */
static void
test_slope_outlives_reduction (void)
{
  const FacenetAffine affine = { 73, -4, 5, 4, 30, 10 };

  check_slope (affine);
}

static void
test_similarity_of_points_is_found (void)
{
  const FacenetAffine wanted = { 3, -4, 10, 4, 3, -20 };
  const FacenetPoint from[] = { {0, 0}, {1, 0.25}, {0.5, 2}, {-3, 1} };
  FacenetPoint to[4];
  FacenetAffine found;
  guint i;

  for (i = 0; i < 4; i++)
    facenet_affine_map (&wanted, &from[i], &to[i]);
  g_assert_true (facenet_affine_from_points (&found, from, to, 4));
  assert_near (found.xu, wanted.xu, 1e-12);
  assert_near (found.xv, wanted.xv, 1e-12);
  assert_near (found.x0, wanted.x0, 1e-12);
  assert_near (found.yu, wanted.yu, 1e-12);
  assert_near (found.yv, wanted.yv, 1e-12);
  assert_near (found.y0, wanted.y0, 1e-12);

  /* Moving one point moves the mean by a quarter. */
  to[2].x += 4;
  g_assert_true (facenet_affine_from_points (&found, from, to, 4));
  g_assert_cmpfloat (fabs (found.xu - 3), >, 0.01);
}

static void
test_one_point_has_no_similarity (void)
{
  const FacenetPoint same[] = { {1, 2}, {1, 2} };
  const FacenetPoint two[] = { {1, 2}, {3, 4} };
  const FacenetPoint broken[] = { {1, 2}, {NAN, 4} };
  const FacenetPoint far[] = { {1, 2}, {INFINITY, 4} };
  const FacenetPoint huge[] = { {1, 2}, {1e200, 1e308} };
  FacenetAffine affine = { 1, 2, 3, 4, 5, 6 };

  g_assert_false (facenet_affine_from_points (&affine, same, two, 2));
  g_assert_false (facenet_affine_from_points (&affine, two, same, 2));
  g_assert_false (facenet_affine_from_points (&affine, two, broken, 2));
  g_assert_false (facenet_affine_from_points (&affine, two, far, 2));
  g_assert_false (facenet_affine_from_points (&affine, huge, huge, 2));
  g_assert_cmpfloat (affine.xv, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/warp/upright-is-the-plain-crop",
      test_upright_is_the_plain_crop);
  g_test_add_func ("/warp/quarter-turn-moves-pixels",
      test_quarter_turn_moves_pixels);
  g_test_add_func ("/warp/shrinking-leaves-no-pixel-out",
      test_shrinking_leaves_no_pixel_out);
  g_test_add_func ("/warp/beyond-the-picture-its-edge-repeats",
      test_beyond_the_picture_its_edge_repeats);
  g_test_add_func ("/warp/slope-is-interpolated", test_slope_is_interpolated);
  g_test_add_func ("/warp/slope-outlives-reduction",
      test_slope_outlives_reduction);
  g_test_add_func ("/warp/similarity-of-points-is-found",
      test_similarity_of_points_is_found);
  g_test_add_func ("/warp/one-point-has-no-similarity",
      test_one_point_has_no_similarity);
  return g_test_run ();
}
