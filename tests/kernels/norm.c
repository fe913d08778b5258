/* norm.c - normalisations and the dense layer against their definitions
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "kernels/facenet-norm-private.h"
#include "naive.h"

static void
check_lrn (guint c, guint h, guint w, gfloat scale)
{
  FacenetLrn lrn = { 5, 1e-4f };
  FacenetShape shape = { c, h, w };
  gint n = (gint) facenet_shape_plane (&shape);
  g_autofree gfloat *in = random_floats (facenet_shape_size (&shape));
  g_autofree gfloat *out = g_new (gfloat, facenet_shape_size (&shape));

  for (gsize i = 0; i < facenet_shape_size (&shape); i++)
    in[i] *= scale;
  facenet_lrn (&lrn, &shape, in, out);
  for (gint ci = 0; ci < (gint) c; ci++) {
    for (gint i = 0; i < n; i++) {
      gdouble sum = 0.0, x = (gdouble) in[ci * n + i];

      for (gint cj = MAX (ci - 2, 0); cj <= MIN (ci + 2, (gint) c - 1); cj++)
        sum += (gdouble) in[cj * n + i] * (gdouble) in[cj * n + i];
      g_assert_cmpfloat_with_epsilon ((gdouble) out[ci * n + i],
          x * pow (1.0 + 1e-4 / 5.0 * sum, -0.75), fabs (x) * 1e-6 + 1e-12);
    }
  }
}

static void
test_lrn (void)
{
  check_lrn (64, 24, 24, 1.0f);
  check_lrn (7, 3, 5, 300.0f);
  check_lrn (5, 2, 2, 1e6f);
  check_lrn (1, 4, 4, 10.0f);
  check_lrn (2, 1, 1, 10.0f);
}

static void
test_l2_normalize_gives_a_unit_vector (void)
{
  g_autofree gfloat *x = random_floats (128);
  gdouble sum = 0.0;

  facenet_l2_normalize (128, x, x);
  for (guint i = 0; i < 128; i++)
    sum += (gdouble) x[i] * (gdouble) x[i];
  g_assert_cmpfloat_with_epsilon (sum, 1.0, 1e-6);
}

static void
test_l2_normalize_leaves_zero_alone (void)
{
  gfloat x[4] = { 0.0f };

  facenet_l2_normalize (4, x, x);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpfloat (x[i], ==, 0.0f);
}

static void
check_dense (guint n_in, guint n_out)
{
  FacenetDense dense = { n_in, n_out };
  g_autofree gfloat *in = random_floats (n_in);
  g_autofree gfloat *weights = random_floats ((gsize) n_in * n_out);
  g_autofree gfloat *bias = random_floats (n_out);
  g_autofree gfloat *out = g_new (gfloat, n_out);

  facenet_dense (&dense, in, weights, bias, out);
  for (guint o = 0; o < n_out; o++) {
    gdouble sum = (gdouble) bias[o];

    for (guint i = 0; i < n_in; i++)
      sum += (gdouble) weights[o * n_in + i] * (gdouble) in[i];
    g_assert_cmpfloat_with_epsilon ((gdouble) out[o], sum, 1e-4);
  }
}

static void
test_dense (void)
{
  check_dense (736, 128);
  check_dense (1, 1);
  check_dense (7, 3);
  check_dense (9, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/norm/lrn", test_lrn);
  g_test_add_func ("/norm/l2-normalize-gives-a-unit-vector",
      test_l2_normalize_gives_a_unit_vector);
  g_test_add_func ("/norm/l2-normalize-leaves-zero-alone",
      test_l2_normalize_leaves_zero_alone);
  g_test_add_func ("/norm/dense", test_dense);
  return g_test_run ();
}
