/* lanes.c - every set of kernels against the definitions
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Each test runs for every set that this processor has. Inputs and outputs
 * have room around them, so that a stray write is seen.
 */
#include "kernels/facenet-kernels-private.h"
#include "naive.h"

#include <string.h>

#define CANARY 1234.5f

typedef FacenetKernels const *Set;

static gfloat *
canaries (gsize n)
{
  gfloat *x = g_new (gfloat, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    x[i] = CANARY;
  return x;
}

/* Rows of one product, with weights in their packed order. */
static void
check_product (Set set, guint n_rows, guint n_out, guint n_runs, guint length,
    gboolean relu)
{
  guint width = n_out > set->lanes ? set->panel : set->lanes;
  gsize run_stride = length + 5, pixel = 3, out_pixel = n_out + 7;
  gsize n_in = n_runs * run_stride + n_rows * pixel;
  g_autofree gfloat *in = random_floats (n_in);
  g_autofree gfloat *weights = random_floats ((gsize) n_runs * length * width);
  g_autofree gfloat *bias = random_floats (width);
  g_autofree gfloat *out = canaries (n_rows * out_pixel);
  FacenetProduct product = { n_runs, length, run_stride, relu };
  FacenetPanel panel = { weights, bias, n_out };
  FacenetTile tile = {.n_rows = n_rows };

  for (guint r = 0; r < n_rows; r++) {
    tile.in[r] = in + r * pixel;
    tile.out[r] = out + r * out_pixel;
  }
  set->product (&product, &panel, &tile);
  for (guint r = 0; r < n_rows; r++) {
    for (guint o = 0; o < out_pixel; o++) {
      gdouble sum = o < n_out ? (gdouble) bias[o] : 0.0;

      if (o >= n_out) {
        g_assert_cmpfloat (out[r * out_pixel + o], ==, CANARY);
        continue;
      }
      for (guint run = 0; run < n_runs; run++)
        for (guint i = 0; i < length; i++)
          sum += (gdouble) in[r * pixel + run * run_stride + i] *
              (gdouble) weights[((gsize) run * length + i) * width + o];
      if (relu)
        sum = MAX (sum, 0.0);
      g_assert_cmpfloat_with_epsilon ((gdouble) out[r * out_pixel + o], sum,
          (n_runs * length + 1) * 1e-6);
    }
  }
}

static void
test_products (gconstpointer data)
{
  Set set = data;

  for (guint n_rows = 1; n_rows <= set->tile_rows; n_rows++) {
    for (guint n_out = 1; n_out <= set->panel; n_out++)
      check_product (set, n_rows, n_out,
          (guint) g_test_rand_int_range (1, 8),
          (guint) g_test_rand_int_range (1, 50), n_out % 2 == 0);
  }
}

/* The bytes of a pixel's output do not depend on its tile. */
static void
test_rows_do_not_know_their_tile (gconstpointer data)
{
  Set set = data;
  guint length = 777, n = set->tile_rows * length;
  g_autofree gfloat *in = random_floats (n);
  g_autofree gfloat *weights = random_floats ((gsize) length * set->panel);
  g_autofree gfloat *bias = random_floats (set->panel);
  g_autofree gfloat *out = canaries ((gsize) set->tile_rows * set->panel);
  g_autofree gfloat *alone = canaries (set->panel);
  FacenetProduct product = { 1, length, 0, TRUE };
  FacenetPanel panel = { weights, bias, set->panel };
  FacenetTile tile;

  for (guint n_rows = 1; n_rows <= set->tile_rows; n_rows++) {
    tile.n_rows = n_rows;
    for (guint r = 0; r < n_rows; r++) {
      tile.in[r] = in + r * length;
      tile.out[r] = out + r * set->panel;
    }
    set->product (&product, &panel, &tile);
    tile.n_rows = 1;
    tile.in[0] = in + (n_rows - 1) * length;
    tile.out[0] = alone;
    set->product (&product, &panel, &tile);
    g_assert_cmpmem (alone, set->panel * sizeof *alone,
        out + (n_rows - 1) * set->panel, set->panel * sizeof *alone);
  }
}

/* Pixel-major copy of planar [c,h,w] with gaps between pixels and rows, whose
 * data the caller frees; without planar only the room for it. */
static void
to_view (const FacenetShape * shape, const gfloat * planar, FacenetView * view)
{
  view->pixel = shape->c + 3;
  view->row = shape->w * view->pixel + 2;
  view->data = canaries (shape->h * view->row);
  if (planar != NULL)
    facenet_interleave (shape, planar, view, 0, shape->h);
}

static gfloat *
from_view (const FacenetShape * shape, const FacenetView * view)
{
  gfloat *planar = g_new (gfloat, facenet_shape_size (shape));
  gfloat *next = planar;

  for (guint c = 0; c < shape->c; c++)
    for (guint y = 0; y < shape->h; y++)
      for (guint x = 0; x < shape->w; x++)
        *next++ = view->data[y * view->row + x * view->pixel + c];
  return planar;
}

static void
check_pool (Set set, const FacenetPool2d * pool)
{
  gsize n_out = facenet_shape_size (&pool->out);
  g_autofree gfloat *in = random_floats (facenet_shape_size (&pool->in));
  g_autofree gfloat *wanted = g_new (gfloat, n_out);
  FacenetView in_view, out_view;
  g_autofree gfloat *found = NULL;

  to_view (&pool->in, in, &in_view);
  to_view (&pool->out, NULL, &out_view);
  facenet_pool2d (pool, in, wanted);
  set->pool2d (pool, &in_view, &out_view, 0, pool->out.h);
  found = from_view (&pool->out, &out_view);
  for (gsize i = 0; i < n_out; i++)
    g_assert_cmpfloat_with_epsilon (found[i], wanted[i], 1e-6);
  g_assert_cmpfloat (out_view.data[pool->out.c], ==, CANARY);
  g_free (in_view.data);
  g_free (out_view.data);
}

/* facenet_pool2d() is checked against the definition in pool2d.c. */
static void
test_pools (gconstpointer data)
{
  for (guint i = 0; i < 150; i++) {
    guint k = (guint) g_test_rand_int_range (1, 5);
    guint s = (guint) g_test_rand_int_range (1, 4);
    guint c = (guint) g_test_rand_int_range (1, 40);
    FacenetPool2d pool = {.kind = (FacenetPoolKind) (i % 3),
      .in = {c, k + (guint) g_test_rand_int_range (0, 8),
          k + (guint) g_test_rand_int_range (0, 8)},.k = k,.s = s
    };

    if (pool.kind == FACENET_POOL_MAX)
      pool.p = (guint) g_test_rand_int_range (0, (gint) (k / 2 + 1));
    pool.out.c = c;
    pool.out.h = (pool.in.h + 2 * pool.p - k) / s + 1;
    pool.out.w = (pool.in.w + 2 * pool.p - k) / s + 1;
    check_pool (data, &pool);
  }
}

static void
check_lrn (Set set, guint size, guint c, gfloat scale)
{
  FacenetLrn lrn = { size, 1e-4f };
  gsize n = 6 * (gsize) c;
  gint half = (gint) size / 2;
  g_autofree gfloat *in = random_floats (n);
  g_autofree gfloat *out = canaries (n + 1);

  for (gsize i = 0; i < n; i++)
    in[i] *= scale;
  set->lrn (&lrn, c, 6, in, out);
  for (gint i = 0; i < (gint) n; i++) {
    gint ci = i % (gint) c, first = i - ci;
    gdouble sum = 0.0, x = (gdouble) in[i];

    for (gint j = MAX (ci - half, 0); j <= MIN (ci + half, (gint) c - 1); j++)
      sum += (gdouble) in[first + j] * (gdouble) in[first + j];
    g_assert_cmpfloat_with_epsilon ((gdouble) out[i],
        x * pow (1.0 + 1e-4 / size * sum, -0.75), fabs (x) * 1e-6 + 1e-12);
  }
  g_assert_cmpfloat (out[n], ==, CANARY);
}

static void
test_lrn (gconstpointer data)
{
  for (guint c = 1; c < 70; c++) {
    check_lrn (data, 5, c, 1.0f);
    check_lrn (data, 5, c, 1e5f);
  }
  check_lrn (data, 3, 19, 100.0f);
}

static gdouble
naive_3x3 (const FacenetView * in, const gfloat * kernel, guint c, guint y,
    guint x)
{
  gdouble sum = 0.0;

  for (guint ci = 0; ci < c; ci++)
    for (guint ky = 0; ky < 3; ky++)
      for (guint kx = 0; kx < 3; kx++)
        sum += (gdouble) in->data[(y + ky) * in->row + (x + kx) * in->pixel +
            ci] * (gdouble) kernel[(ci * 3 + ky) * 3 + kx];
  return sum;
}

/* One tile, one output channel after the other: transform, multiply at each
 * point, transform back. Of the output h x w pixels are there. */
static void
check_winograd (Set set, guint c, guint n_out, guint h, guint w)
{
  FacenetShape in_shape = { c, 6, 6 }, out_shape = { n_out, 4, 4 };
  g_autofree gfloat *planar = random_floats (facenet_shape_size (&in_shape));
  g_autofree gfloat *kernels = random_floats ((gsize) n_out * c * 9);
  g_autofree gfloat *bias = random_floats (n_out);
  g_autofree gfloat *points = canaries (36 * (gsize) (c + 1));
  g_autofree gfloat *products = canaries (36 * (gsize) (n_out + 2));
  FacenetView in, out;
  FacenetWinogradTile tile;

  to_view (&in_shape, planar, &in);
  to_view (&out_shape, NULL, &out);
  tile.view = out;
  tile.h = h;
  tile.w = w;
  set->winograd_in (c, &in, points, c + 1);
  for (guint o = 0; o < n_out; o++) {
    gdouble sums[36] = { 0.0 };

    for (guint ci = 0; ci < c; ci++) {
      gfloat weights[FACENET_WINOGRAD_POINTS];

      facenet_winograd_weights (kernels + (o * c + ci) * 9, weights);
      for (guint i = 0; i < 36; i++)
        sums[i] += (gdouble) weights[i] * (gdouble) points[i * (c + 1) + ci];
    }
    for (guint i = 0; i < 36; i++)
      products[i * (n_out + 2) + o] = (gfloat) sums[i];
  }
  set->winograd_out (n_out, products, n_out + 2, bias, &tile);
  for (guint o = 0; o < n_out; o++) {
    for (guint y = 0; y < 4; y++) {
      for (guint x = 0; x < 4; x++) {
        gdouble found = (gdouble) out.data[y * out.row + x * out.pixel + o];

        if (y < h && x < w)
          g_assert_cmpfloat_with_epsilon (found,
              MAX (naive_3x3 (&in, kernels + o * c * 9, c, y,
                      x) + (gdouble) bias[o], 0.0), (c + 4) * 1e-5);
        else
          g_assert_cmpfloat (found, ==, (gdouble) CANARY);
      }
    }
  }
  g_assert_cmpfloat (points[c], ==, CANARY);
  g_assert_cmpfloat (out.data[n_out], ==, CANARY);
  g_free (in.data);
  g_free (out.data);
}

static void
test_winograd (gconstpointer data)
{
  Set set = data;

  for (guint c = 1; c < 40; c += 3)
    for (guint n_out = 1; n_out <= set->panel; n_out += 5)
      check_winograd (set, c, n_out, 4, 4);
  check_winograd (set, 64, set->panel, 4, 4);
}

static void
test_winograd_at_the_edge (gconstpointer data)
{
  Set set = data;

  for (guint h = 1; h <= 4; h++)
    for (guint w = 1; w <= 4; w++)
      check_winograd (set, 5, set->lanes + 3, h, w);
}

static void
test_add_upsampled (gconstpointer data)
{
  Set set = data;

  for (guint c = 1; c < 40; c += 3) {
    FacenetShape shape = { c, 6, 8 }, half_shape = { c, 3, 4 };
    g_autofree gfloat *half = random_floats (facenet_shape_size (&half_shape));
    g_autofree gfloat *map = random_floats (facenet_shape_size (&shape));
    FacenetView in, out;
    g_autofree gfloat *found = NULL;

    to_view (&half_shape, half, &in);
    to_view (&shape, map, &out);
    set->add_upsampled (&shape, &in, &out, 0, 3);
    set->add_upsampled (&shape, &in, &out, 3, 6);
    found = from_view (&shape, &out);
    facenet_add_upsampled (&shape, half, map);
    g_assert_cmpmem (found, facenet_shape_size (&shape) * sizeof *found,
        map, facenet_shape_size (&shape) * sizeof *map);
    g_assert_cmpfloat (out.data[c], ==, CANARY);
    g_free (in.data);
    g_free (out.data);
  }
}

static void
test_unknown_names_give_nothing (void)
{
  g_assert_null (facenet_kernels_find ("sse9"));
  g_assert_null (facenet_kernels_find ("cblas"));
}

static void
add_tests (Set set)
{
  const struct
  {
    const gchar *name;
    GTestDataFunc func;
  } tests[] = {
    {"products", test_products},
    {"rows-do-not-know-their-tile", test_rows_do_not_know_their_tile},
    {"pools", test_pools},
    {"lrn", test_lrn},
    {"winograd", test_winograd},
    {"winograd-at-the-edge", test_winograd_at_the_edge},
    {"add-upsampled", test_add_upsampled},
  };

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/lanes/%s/%s", set->name, tests[i].name);

    g_test_add_data_func (path, set, tests[i].func);
  }
}

int
main (int argc, char **argv)
{
  static const gchar *const names[] = { "avx2", "avx512" };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lanes/unknown-names-give-nothing",
      test_unknown_names_give_nothing);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (facenet_kernels_find (names[i]) != NULL)
      add_tests (facenet_kernels_find (names[i]));
  return g_test_run ();
}
