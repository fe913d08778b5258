/* metric.c - distances and their scales
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include <facenet/facenet-metric.h>

#include <float.h>

#include "samples.h"

static const FacenetMetric metrics[] = {
  FACENET_METRIC_SQUARED_L2, FACENET_METRIC_L2, FACENET_METRIC_COSINE
};

/* Against a plain sum in double; every length from 0 to 130, so that each tail
 * behind the groups of sixteen is met, at addresses that are not aligned. */
static void
test_every_length (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  gfloat a[131], b[131];
  guint n, i;

  for (i = 0; i < 131; i++) {
    a[i] = (gfloat) g_rand_double_range (random, -1, 1);
    b[i] = (gfloat) g_rand_double_range (random, -1, 1);
  }
  for (n = 0; n <= 130; n++) {
    gdouble sum = 0;

    for (i = 1; i <= n; i++) {
      sum += ((gdouble) a[i] - (gdouble) b[i]) *
          ((gdouble) a[i] - (gdouble) b[i]);
    }
    /* Each of the n terms is at most 4 and is rounded at most three times. */
    assert_near (facenet_squared_l2 (a + 1, b + 1, n), sum,
        12 * (gdouble) FLT_EPSILON * n);
  }
}

static void
test_identical_is_zero (void)
{
  gfloat a[128];
  guint i;

  for (i = 0; i < 128; i++) {
    a[i] = 0.1f * (gfloat) i;
  }
  g_assert_cmpfloat (facenet_squared_l2 (a, a, 128), ==, 0);
}

static void
test_not_a_number (void)
{
  gfloat a[20] = { 0 }, b[20] = { 0 };

  a[3] = NAN;
  g_assert_true (isnan (facenet_squared_l2 (a, b, 20)));
  a[3] = 0;
  a[19] = NAN;
  g_assert_true (isnan (facenet_squared_l2 (a, b, 20)));
}

static void
test_scales (void)
{
  g_assert_cmpfloat (facenet_metric_from_squared_l2
      (FACENET_METRIC_SQUARED_L2, 1.44), ==, 1.44);
  assert_near (facenet_metric_from_squared_l2
      (FACENET_METRIC_L2, 1.44), 1.2, 1e-12);
  assert_near (facenet_metric_from_squared_l2
      (FACENET_METRIC_COSINE, 1.44), 0.72, 1e-12);
}

static void
test_there_and_back (void)
{
  guint m, i;

  for (m = 0; m < G_N_ELEMENTS (metrics); m++) {
    for (i = 0; i <= 40; i++) {
      gdouble d = i / 10.0;
      gdouble there = facenet_metric_from_squared_l2 (metrics[m], d);

      assert_near (facenet_metric_to_squared_l2 (metrics[m], there), d, 1e-12);
    }
  }
}

static void
test_nicks (void)
{
  g_assert_cmpstr (facenet_metric_get_nick (FACENET_METRIC_SQUARED_L2), ==,
      "squared-l2");
  g_assert_cmpstr (facenet_metric_get_nick (FACENET_METRIC_L2), ==, "l2");
  g_assert_cmpstr (facenet_metric_get_nick (FACENET_METRIC_COSINE), ==,
      "cosine");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metric/agrees-with-plain-sum-at-every-length",
      test_every_length);
  g_test_add_func ("/metric/identical-vectors-are-at-zero",
      test_identical_is_zero);
  g_test_add_func ("/metric/nan-makes-nan", test_not_a_number);
  g_test_add_func ("/metric/scales-of-one-distance", test_scales);
  g_test_add_func ("/metric/there-and-back", test_there_and_back);
  g_test_add_func ("/metric/nicks", test_nicks);
  return g_test_run ();
}
