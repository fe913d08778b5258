/* backward.c - each gradient against finite differences in double
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * For every operation there is its definition in double, in plain loops. With
 * random c, J = sum c y; what the kernels say of J is compared with
 * (J(x + h) - J(x - h)) / 2h at some numbers of x. In double that is right to
 * 1e-8; what is left is the rounding of the kernels' float32.
 */
#include "kernels/facenet-conv-private.h"
#include "kernels/facenet-gemm-private.h"
#include "train/facenet-backward-private.h"
#include "train/facenet-linear-private.h"

#include <math.h>
#include <string.h>

#define STEP 1e-6
#define TOLERANCE 2e-5          /* of the largest part of a gradient */
#define N_SAMPLES 20

/* An operation with its input: x is what is differentiated by. */
typedef struct _Case Case;
struct _Case
{
  /* y: [n_out], from x, [n_in] */
  void (*forward) (const Case * self, const gdouble * x, gdouble * y);
  gsize n_in, n_out;
  guint n_faces;
  FacenetPool2d pool;
  FacenetShape in, out;
  FacenetLrn lrn;
  FacenetGeometry window;
  gboolean relu;
};

/* Always the same numbers: none is so near a kink that STEP crosses it. */
static GRand *dice;

static gfloat *
roll (gsize n)
{
  gfloat *x = g_new (gfloat, n);

  for (gsize i = 0; i < n; i++)
    x[i] = (gfloat) g_rand_double_range (dice, -1.0, 1.0);
  return x;
}

/* J with number `at` of x moved by `step`. */
static gdouble
evaluate (const Case * self, gdouble * x, const gfloat * c, gsize at,
    gdouble step)
{
  g_autofree gdouble *y = g_new0 (gdouble, self->n_out);
  gdouble sum = 0.0, before = x[at];

  x[at] += step;
  self->forward (self, x, y);
  x[at] = before;
  for (gsize i = 0; i < self->n_out; i++)
    sum += (gdouble) c[i] * y[i];
  return sum;
}

/* found: [n], of numbers `first` to first + n - 1 of x */
static void
check (const Case * self, gdouble * x, const gfloat * c, gsize first, gsize n,
    const gfloat * found)
{
  gdouble scale = 1e-3;

  for (gsize i = 0; i < n; i++)
    scale = MAX (scale, fabs ((gdouble) found[i]));
  for (guint sample = 0; sample < MIN (n, N_SAMPLES); sample++) {
    gsize i = n <= N_SAMPLES ? sample :
        (gsize) g_rand_int_range (dice, 0, (gint32) n);
    gdouble wanted = (evaluate (self, x, c, first + i, STEP) -
        evaluate (self, x, c, first + i, -STEP)) / (2 * STEP);

    g_assert_cmpfloat_with_epsilon ((gdouble) found[i], wanted,
        TOLERANCE * scale);
  }
}

static gdouble *
widen (const gfloat * x, gsize n)
{
  gdouble *wide = g_new (gdouble, n);

  for (gsize i = 0; i < n; i++)
    wide[i] = (gdouble) x[i];
  return wide;
}

/* x is [in; weights; bias]. */
static void
forward_linear (const Case * self, const gdouble * x, gdouble * y)
{
  const FacenetGeometry *win = &self->window;
  guint n = self->n_faces, depth = facenet_columns_get_depth (win);
  const gdouble *weights = x + n * facenet_shape_size (&win->in);
  const gdouble *bias = weights + win->out.c * depth;

  for (guint o = 0; o < win->out.c; o++) {
    for (guint r = 0; r < n * win->out.h * win->out.w; r++) {
      guint face = r / win->out.w / win->out.h;
      gint top = (gint) (r / win->out.w % win->out.h * win->s) - (gint) win->p;
      gint left = (gint) (r % win->out.w * win->s) - (gint) win->p;
      gdouble sum = bias[o];

      for (guint k = 0; k < depth; k++) {
        guint ci = k / win->kw / win->kh;
        gint iy = top + (gint) (k / win->kw % win->kh);
        gint ix = left + (gint) (k % win->kw);

        if (iy >= 0 && iy < (gint) win->in.h && ix >= 0
            && ix < (gint) win->in.w)
          sum += weights[o * depth + k] * x[((ci * n + face) * win->in.h +
                  (guint) iy) * win->in.w + (guint) ix];
      }
      *y++ = self->relu ? MAX (sum, 0.0) : sum;
    }
  }
}

static Case
make_linear (guint n_faces, FacenetShape in, guint oc, guint kh, guint kw,
    guint s, guint p)
{
  Case self = {.forward = forward_linear };

  self.n_faces = n_faces;
  self.window.in = in;
  self.window.kh = kh;
  self.window.kw = kw;
  self.window.s = s;
  self.window.p = p;
  self.window.out.c = oc;
  self.window.out.h = facenet_conv_out_side (in.h, kh, s, p);
  self.window.out.w = facenet_conv_out_side (in.w, kw, s, p);
  self.n_out = n_faces * facenet_shape_size (&self.window.out);
  return self;
}

static void
check_linear (Case * self, gboolean relu, gboolean add)
{
  const FacenetGeometry *win = &self->window;
  gsize n_x = self->n_faces * facenet_shape_size (&win->in);
  gsize n_w = (gsize) win->out.c * facenet_columns_get_depth (win);
  gsize n = n_x + n_w + win->out.c;
  g_autofree gfloat *x = roll (n);
  g_autofree gdouble *wide = widen (x, n);
  g_autofree gfloat *y = g_new (gfloat, self->n_out);
  g_autofree gfloat *c = roll (self->n_out);
  g_autofree gfloat *dy = g_memdup2 (c, self->n_out * sizeof *dy);
  g_autofree gfloat *found = roll (n);
  g_autofree gdouble *wanted = g_new0 (gdouble, self->n_out);
  g_autofree gfloat *columns =
      g_new (gfloat, facenet_columns_get_size (win, self->n_faces) + 1);
  FacenetLinear linear = { win, self->n_faces, relu, G_MAXUINT, columns };
  FacenetLinearGradient gradient = { dy, found, add, found + n_x,
    found + n_x + n_w
  };
  g_autofree gfloat *before = g_memdup2 (found, n_x * sizeof *before);

  self->n_in = n;
  self->relu = relu;
  facenet_linear_forward (&linear, x, x + n_x, x + n_x + n_w, y);
  self->forward (self, wide, wanted);
  for (gsize i = 0; i < self->n_out; i++)
    g_assert_cmpfloat_with_epsilon ((gdouble) y[i], wanted[i], 1e-4);
  facenet_linear_backward (&linear, x, x + n_x, y, &gradient);
  for (gsize i = 0; add && i < n_x; i++)
    found[i] -= before[i];
  check (self, wide, c, 0, n_x, found);
  check (self, wide, c, n_x, n_w, found + n_x);
  check (self, wide, c, n_x + n_w, win->out.c, found + n_x + n_w);
}

static void
test_convolution (void)
{
  static const FacenetShape small = { 3, 9, 7 }, one = { 5, 4, 4 };

  for (guint relu = 0; relu < 2; relu++) {
    for (guint n_faces = 1; n_faces <= 2; n_faces++) {
      for (guint add = 0; add < 2; add++) {
        Case cases[] = {
          make_linear (n_faces, small, 4, 7, 7, 2, 3),
          make_linear (n_faces, small, 6, 3, 3, 1, 1),
          make_linear (n_faces, small, 6, 5, 5, 2, 2),
          make_linear (n_faces, small, 6, 3, 3, 2, 1),
          make_linear (n_faces, small, 6, 2, 2, 1, 0),
          make_linear (n_faces, small, 2, 1, 1, 2, 0),
          make_linear (n_faces, one, 8, 1, 1, 1, 0),
        };

        for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
          check_linear (&cases[i], relu, add);
      }
    }
  }
}

/* So many columns that they go in several bands, which begin and end in the
 * middle of a face. */
static void
test_convolution_in_bands (void)
{
  static const FacenetShape wide = { 48, 13, 13 };
  Case same = make_linear (4, wide, 3, 5, 5, 1, 2);
  Case half = make_linear (4, wide, 3, 5, 5, 2, 2);

  g_assert_cmpuint (facenet_columns_get_band (&same.window, 4), <, 13);
  g_assert_cmpuint (facenet_columns_get_band (&half.window, 4), <, 4 * 7);
  check_linear (&same, TRUE, FALSE);
  check_linear (&half, TRUE, TRUE);
}

/* The window of a dense layer is its whole input. */
static void
test_dense (void)
{
  static const FacenetShape flat = { 37, 1, 1 }, map = { 6, 3, 2 };
  Case vector = make_linear (3, flat, 10, 1, 1, 1, 0);
  Case whole = make_linear (3, map, 10, 3, 2, 1, 0);

  check_linear (&vector, FALSE, FALSE);
  check_linear (&whole, FALSE, FALSE);
}

static void
forward_pool (const Case * self, const gdouble * x, gdouble * y)
{
  const FacenetPool2d *pool = &self->pool;
  guint n_planes = pool->in.c * self->n_faces;

  for (guint i = 0; i < n_planes; i++, x += facenet_shape_plane (&pool->in)) {
    for (guint r = 0; r < pool->out.h * pool->out.w; r++) {
      FacenetPoolWindow win = facenet_pool2d_window (pool, r / pool->out.w,
          r % pool->out.w);
      gdouble most = -INFINITY, sum = 0.0, squares = 0.0;

      for (guint iy = win.y0; iy < win.y1; iy++) {
        for (guint ix = win.x0; ix < win.x1; ix++) {
          gdouble v = x[iy * pool->in.w + ix];

          most = MAX (most, v);
          sum += v;
          squares += v * v;
        }
      }
      *y++ = pool->kind == FACENET_POOL_MAX ? most :
          pool->kind == FACENET_POOL_L2 ? sqrt (squares) :
          sum / (pool->k * pool->k);
    }
  }
}

/* Adds to what is in dx, as every operation without weights does. */
static gfloat *
take_off (gfloat * dx, const gfloat * before, gsize n)
{
  for (gsize i = 0; i < n; i++)
    dx[i] -= before[i];
  return dx;
}

static void
check_pool (FacenetPoolKind kind, guint k, guint s, guint p)
{
  Case self = {.forward = forward_pool };
  FacenetPool2d *pool = &self.pool;
  FacenetShape in = { 4, 9, 7 };
  g_autofree gfloat *x = NULL, *y = NULL, *c = NULL, *dx = NULL;
  g_autofree gfloat *before = NULL;
  g_autofree gdouble *wide = NULL;
  FacenetPool2d all;

  self.n_faces = 3;
  pool->kind = kind;
  pool->in = in;
  pool->k = k;
  pool->s = s;
  pool->p = p;
  pool->out.c = in.c;
  pool->out.h = facenet_conv_out_side (in.h, k, s, p);
  pool->out.w = facenet_conv_out_side (in.w, k, s, p);
  self.n_in = 3 * facenet_shape_size (&pool->in);
  self.n_out = 3 * facenet_shape_size (&pool->out);
  x = roll (self.n_in);
  wide = widen (x, self.n_in);
  c = roll (self.n_out);
  dx = roll (self.n_in);
  before = g_memdup2 (dx, self.n_in * sizeof *dx);
  y = g_new (gfloat, self.n_out);
  all = *pool;
  all.in.c = all.out.c = 3 * in.c;
  facenet_pool2d (&all, x, y);
  facenet_pool2d_backward (pool, 3, x, y, c, dx);
  check (&self, wide, c, 0, self.n_in, take_off (dx, before, self.n_in));
}

static void
test_pools (void)
{
  check_pool (FACENET_POOL_MAX, 3, 2, 0);
  check_pool (FACENET_POOL_MAX, 3, 2, 1);
  check_pool (FACENET_POOL_MAX, 2, 1, 0);
  check_pool (FACENET_POOL_AVERAGE, 3, 1, 0);
  check_pool (FACENET_POOL_AVERAGE, 3, 3, 0);
  check_pool (FACENET_POOL_L2, 3, 3, 0);
  check_pool (FACENET_POOL_L2, 3, 2, 0);
}

static void
test_equal_maxima_give_to_the_first (void)
{
  static const gfloat x[] = { 1.0f, 2.0f, 2.0f, 2.0f }, y = 2.0f, dy = 5.0f;
  FacenetPool2d pool = { FACENET_POOL_MAX, {1, 2, 2}, {1, 1, 1}, 2, 1, 0 };
  gfloat dx[4] = { 0.0f };

  facenet_pool2d_backward (&pool, 1, x, &y, &dy, dx);
  g_assert_cmpfloat (dx[0], ==, 0.0f);
  g_assert_cmpfloat (dx[1], ==, 5.0f);
  g_assert_cmpfloat (dx[2], ==, 0.0f);
  g_assert_cmpfloat (dx[3], ==, 0.0f);
}

static void
test_l2_pool_of_zeros_has_no_gradient (void)
{
  static const gfloat x[9] = { 0.0f }, y = 0.0f, dy = 5.0f;
  FacenetPool2d pool = { FACENET_POOL_L2, {1, 3, 3}, {1, 1, 1}, 3, 3, 0 };
  gfloat dx[9] = { 0.0f };

  facenet_pool2d_backward (&pool, 1, x, &y, &dy, dx);
  for (guint i = 0; i < 9; i++)
    g_assert_cmpfloat (dx[i], ==, 0.0f);
}

/* Padding is linear: <dy, pad (x)> = <pad' (dy), x>. */
static void
test_padding_is_transposed (void)
{
  FacenetShape in = { 6, 2, 3 }, out = { 6, 5, 6 }, two = { 3, 2, 3 };
  g_autofree gfloat *x = roll (36), *dy = roll (180);
  gfloat y[180], dx[36] = { 0.0f };
  gdouble there = 0.0, back = 0.0;
  FacenetShape two_out = { 3, 5, 6 };

  facenet_pad2d (&in, &out, x, y);
  facenet_pad2d_backward (&two, &two_out, 2, dy, dx);
  for (guint i = 0; i < 180; i++)
    there += (gdouble) y[i] * (gdouble) dy[i];
  for (guint i = 0; i < 36; i++)
    back += (gdouble) x[i] * (gdouble) dx[i];
  g_assert_cmpfloat_with_epsilon (there, back, 1e-5);
}

static void
forward_lrn (const Case * self, const gdouble * x, gdouble * y)
{
  guint c = self->in.c, half = self->lrn.size / 2;
  gsize n = facenet_shape_plane (&self->in);

  for (guint ci = 0; ci < c; ci++) {
    for (gsize i = 0; i < n; i++) {
      gdouble sum = 0.0;

      for (guint j = ci > half ? ci - half : 0; j < MIN (ci + half + 1, c); j++)
        sum += x[j * n + i] * x[j * n + i];
      y[ci * n + i] = x[ci * n + i] *
          pow (1.0 + (gdouble) self->lrn.alpha / self->lrn.size * sum, -0.75);
    }
  }
}

/* With an alpha so large that the second term counts, and pixels for more
 * than one block. */
static void
test_lrn (void)
{
  static const FacenetShape shapes[] = { {9, 5, 7}, {3, 4, 4}, {11, 30, 30} };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++) {
    Case self = {.forward = forward_lrn };
    gsize n = facenet_shape_size (&shapes[i]);
    guint c = shapes[i].c;
    g_autofree gfloat *x = roll (n), *dy = roll (n);
    g_autofree gfloat *dx = roll (n);
    g_autofree gfloat *before = g_memdup2 (dx, n * sizeof *dx);
    g_autofree gdouble *wide = widen (x, n);
    g_autofree gfloat *scratch = g_new (gfloat, facenet_lrn_backward_size (c));

    self.n_in = self.n_out = n;
    self.in = shapes[i];
    self.lrn.size = 5;
    self.lrn.alpha = 2.0f;
    facenet_lrn_backward (&self.lrn, c, facenet_shape_plane (&shapes[i]), x,
        dy, dx, scratch);
    check (&self, wide, dy, 0, n, take_off (dx, before, n));
  }
}

static void
forward_l2 (const Case * self, const gdouble * x, gdouble * y)
{
  gsize n = self->n_faces, size = self->n_in;

  for (gsize i = 0; i < n; i++) {
    gdouble sum = 0.0;

    for (gsize k = i; k < size; k += n)
      sum += x[k] * x[k];
    for (gsize k = i; k < size; k += n)
      y[k] = x[k] / sqrt (sum);
  }
}

static void
test_l2_normalize (void)
{
  Case self = {.forward = forward_l2,.n_in = 5 * 128,.n_out = 5 * 128,
    .n_faces = 5
  };
  g_autofree gfloat *x = roll (self.n_in), *dy = roll (self.n_in);
  g_autofree gfloat *dx = roll (self.n_in);
  g_autofree gfloat *before = g_memdup2 (dx, self.n_in * sizeof *dx);
  g_autofree gdouble *wide = widen (x, self.n_in);

  facenet_l2_columns_backward (128, 5, x, dy, dx);
  check (&self, wide, dy, 0, self.n_in, take_off (dx, before, self.n_in));
}

static void
test_zero_vector_has_a_finite_gradient (void)
{
  static const gfloat x[4] = { 0.0f }, dy[4] = { 1.0f, 2.0f, 3.0f, 4.0f };
  gfloat y[4], dx[4] = { 0.0f };

  facenet_l2_columns_forward (4, 1, x, y);
  facenet_l2_columns_backward (4, 1, x, dy, dx);
  for (guint i = 0; i < 4; i++) {
    g_assert_cmpfloat (y[i], ==, 0.0f);
    g_assert_true (isfinite (dx[i]));
  }
}

typedef struct
{
  const gchar *path;
  void (*run) (void);
} Test;

static void
run_test (gconstpointer data)
{
  const Test *test = data;

  g_rand_set_seed (dice, 7);
  test->run ();
}

int
main (int argc, char **argv)
{
  /* *INDENT-OFF* */
  static const Test tests[] = {
    { "/backward/convolution", test_convolution },
    { "/backward/convolution-in-bands", test_convolution_in_bands },
    { "/backward/dense", test_dense },
    { "/backward/pools", test_pools },
    { "/backward/equal-maxima-give-to-the-first",
      test_equal_maxima_give_to_the_first },
    { "/backward/l2-pool-of-zeros-has-no-gradient",
      test_l2_pool_of_zeros_has_no_gradient },
    { "/backward/padding-is-transposed", test_padding_is_transposed },
    { "/backward/lrn", test_lrn },
    { "/backward/l2-normalize", test_l2_normalize },
    { "/backward/zero-vector-has-a-finite-gradient",
      test_zero_vector_has_a_finite_gradient },
  };
  /* *INDENT-ON* */
  gint result;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (facenet_gemm_open (NULL));
  dice = g_rand_new ();
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_data_func (tests[i].path, &tests[i], run_test);
  result = g_test_run ();
  g_rand_free (dice);
  return result;
}
