/* pool2d.c - pooling and padding against their definitions
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "kernels/facenet-conv-private.h"
#include "kernels/facenet-pool2d-private.h"
#include "naive.h"

static gdouble
naive_at (const FacenetPool2d * pool, const gfloat * plane, gint y, gint x)
{
  gint k = (gint) pool->k, s = (gint) pool->s, p = (gint) pool->p;
  gdouble best = -INFINITY, sum = 0.0, squares = 0.0;

  for (gint iy = y * s - p; iy < y * s - p + k; iy++) {
    for (gint ix = x * s - p; ix < x * s - p + k; ix++) {
      gdouble v;

      if (iy < 0 || ix < 0 || iy >= (gint) pool->in.h
          || ix >= (gint) pool->in.w)
        continue;
      v = (gdouble) plane[iy * (gint) pool->in.w + ix];
      best = MAX (best, v);
      sum += v;
      squares += v * v;
    }
  }
  switch (pool->kind) {
    case FACENET_POOL_MAX:
      return best;
    case FACENET_POOL_AVERAGE:
      return sum / (k * k);
    case FACENET_POOL_L2:
      return sqrt (squares);
  }
  g_assert_not_reached ();
}

static void
check_pool (FacenetPoolKind kind, guint h, guint w, guint k, guint s, guint p)
{
  FacenetPool2d pool = { kind, {3, h, w}, {3, facenet_conv_out_side (h, k, s,
          p), facenet_conv_out_side (w, k, s, p)}, k, s, p
  };
  g_autofree gfloat *in = random_floats (facenet_shape_size (&pool.in));
  g_autofree gfloat *out = random_floats (facenet_shape_size (&pool.out));
  const gfloat *next = out;

  facenet_pool2d (&pool, in, out);
  for (guint c = 0; c < 3; c++)
    for (guint y = 0; y < pool.out.h; y++)
      for (guint x = 0; x < pool.out.w; x++)
        g_assert_cmpfloat_with_epsilon ((gdouble) * next++, naive_at (&pool,
                in + c * facenet_shape_plane (&pool.in), (gint) y, (gint) x),
            1e-5);
}

static void
test_random_shapes (void)
{
  for (guint i = 0; i < 300; i++) {
    FacenetPoolKind kind = (FacenetPoolKind) g_test_rand_int_range (0, 3);
    guint k = (guint) g_test_rand_int_range (1, 5);
    guint s = (guint) g_test_rand_int_range (1, 4);
    guint p = kind == FACENET_POOL_MAX ?
        (guint) g_test_rand_int_range (0, (gint) (k / 2 + 1)) : 0;

    check_pool (kind, k + (guint) g_test_rand_int_range (0, 12),
        k + (guint) g_test_rand_int_range (0, 12), k, s, p);
  }
}

static void
test_padding_never_wins (void)
{
  FacenetPool2d pool = { FACENET_POOL_MAX, {1, 2, 2}, {1, 1, 1}, 3, 2, 1 };
  gfloat in[] = { -4.0f, -3.0f, -2.0f, -5.0f };
  gfloat out;

  facenet_pool2d (&pool, in, &out);
  g_assert_cmpfloat (out, ==, -2.0f);
}

static void
test_pad_puts_the_odd_row_last (void)
{
  FacenetShape in_shape = { 1, 2, 2 }, out_shape = { 1, 5, 3 };
  gfloat in[] = { 1.0f, 2.0f, 3.0f, 4.0f }, out[15];
  gfloat wanted[] = { 0, 0, 0, 1, 2, 0, 3, 4, 0, 0, 0, 0, 0, 0, 0 };

  facenet_pad2d (&in_shape, &out_shape, in, out);
  g_assert_cmpmem (out, sizeof out, wanted, sizeof wanted);
}

static void
test_upsampled_is_added (void)
{
  FacenetShape shape = { 2, 4, 6 };
  const gfloat half[2 * 2 * 3] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
  gfloat map[2 * 4 * 6];

  for (guint i = 0; i < G_N_ELEMENTS (map); i++)
    map[i] = 100.0f * (gfloat) i;
  facenet_add_upsampled (&shape, half, map);
  for (guint c = 0; c < 2; c++)
    for (guint y = 0; y < 4; y++)
      for (guint x = 0; x < 6; x++) {
        guint i = (c * 4 + y) * 6 + x;

        g_assert_cmpfloat (map[i], ==, 100.0f * (gfloat) i +
            half[(c * 2 + y / 2) * 3 + x / 2]);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool2d/random-shapes", test_random_shapes);
  g_test_add_func ("/pool2d/padding-never-wins", test_padding_never_wins);
  g_test_add_func ("/pool2d/pad-puts-the-odd-row-last",
      test_pad_puts_the_odd_row_last);
  g_test_add_func ("/pool2d/upsampled-is-added", test_upsampled_is_added);
  return g_test_run ();
}
