/* conv.c - convolution against its definition
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "kernels/facenet-conv-private.h"
#include "kernels/facenet-gemm-private.h"
#include "naive.h"

/* One output value, straight from the definition, in double. */
static gdouble
naive_at (const FacenetConv * conv, const gfloat * in, const gfloat * weights,
    gint y, gint x)
{
  gint k = (gint) conv->k, h = (gint) conv->in.h, w = (gint) conv->in.w;
  gdouble sum = 0.0;

  for (gint c = 0; c < (gint) conv->in.c; c++) {
    for (gint ky = 0; ky < k; ky++) {
      for (gint kx = 0; kx < k; kx++) {
        gint iy = y * (gint) conv->s + ky - (gint) conv->p;
        gint ix = x * (gint) conv->s + kx - (gint) conv->p;

        if (iy >= 0 && iy < h && ix >= 0 && ix < w)
          sum += (gdouble) in[(c * h + iy) * w + ix] *
              (gdouble) weights[(c * k + ky) * k + kx];
      }
    }
  }
  return sum;
}

static gdouble *
naive_conv (const FacenetConv * conv, const gfloat * in,
    const gfloat * weights, const gfloat * bias)
{
  gsize depth = (gsize) conv->in.c * conv->k * conv->k;
  gdouble *out = g_new (gdouble, facenet_shape_size (&conv->out));
  gdouble *next = out;

  for (guint o = 0; o < conv->out.c; o++) {
    for (guint y = 0; y < conv->out.h; y++) {
      for (guint x = 0; x < conv->out.w; x++) {
        gdouble v = naive_at (conv, in, weights + o * depth, (gint) y,
            (gint) x) + (gdouble) bias[o];

        *next++ = conv->linear ? v : MAX (v, 0.0);
      }
    }
  }
  return out;
}

static void
check_conv (guint c, guint h, guint w, guint oc, guint k, guint s, guint p)
{
  FacenetConv conv = { {c, h, w}, {oc, facenet_conv_out_side (h, k, s, p),
      facenet_conv_out_side (w, k, s, p)}, k, s, p, c % 3 == 0
  };
  gsize n_out = facenet_shape_size (&conv.out);
  gsize depth = (gsize) c * k * k;
  g_autofree gfloat *in = random_floats (facenet_shape_size (&conv.in));
  g_autofree gfloat *weights = random_floats (oc * depth);
  g_autofree gfloat *bias = random_floats (oc);
  g_autofree gfloat *columns =
      g_new (gfloat, facenet_conv_columns_size (&conv) + 1);
  g_autofree gfloat *out = g_new (gfloat, n_out);
  g_autofree gdouble *wanted = naive_conv (&conv, in, weights, bias);

  facenet_conv_apply (&conv, in, weights, bias, columns, out);
  assert_close (out, wanted, n_out, (gdouble) depth * 1e-6 + 1e-6);
}

static void
test_random_shapes (void)
{
  for (guint i = 0; i < 150; i++) {
    guint k = (guint) g_test_rand_int_range (1, 8);
    guint s = (guint) g_test_rand_int_range (1, 4);
    guint p = (guint) g_test_rand_int_range (0, (gint) k);
    guint h = k + (guint) g_test_rand_int_range (0, 12);
    guint w = k + (guint) g_test_rand_int_range (0, 12);

    check_conv ((guint) g_test_rand_int_range (1, 9), h, w,
        (guint) g_test_rand_int_range (1, 20), k, s, p);
  }
}

static void
test_shapes_of_the_network (void)
{
  check_conv (3, 96, 96, 8, 7, 2, 3);
  check_conv (64, 24, 24, 16, 3, 1, 1);
  check_conv (32, 12, 12, 16, 5, 2, 2);
  check_conv (96, 3, 3, 40, 3, 1, 1);
  check_conv (736, 3, 3, 32, 1, 1, 0);
}

static void
test_windows_wider_than_the_input (void)
{
  check_conv (2, 1, 1, 3, 5, 1, 2);
  check_conv (2, 3, 2, 3, 7, 3, 3);
}

static void
test_1x1_needs_no_columns (void)
{
  FacenetConv conv = { {4, 5, 6}, {7, 5, 6}, 1, 1, 0, FALSE };

  g_assert_cmpuint (facenet_conv_columns_size (&conv), ==, 0);
  conv.s = 2;
  g_assert_cmpuint (facenet_conv_columns_size (&conv), >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (facenet_gemm_open (NULL));
  g_test_add_func ("/conv/random-shapes", test_random_shapes);
  g_test_add_func ("/conv/shapes-of-the-network", test_shapes_of_the_network);
  g_test_add_func ("/conv/windows-wider-than-the-input",
      test_windows_wider_than_the_input);
  g_test_add_func ("/conv/1x1-needs-no-columns", test_1x1_needs_no_columns);
  return g_test_run ();
}
