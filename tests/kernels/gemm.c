/* gemm.c - the product is right, from any number of threads
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "kernels/facenet-gemm-private.h"
#include "naive.h"

#include <facenet/facenet-runtime.h>
#include <dlfcn.h>
#include <string.h>

static void
test_random_shapes (void)
{
  for (guint i = 0; i < 100; i++) {
    guint m = (guint) g_test_rand_int_range (1, 70);
    guint n = (guint) g_test_rand_int_range (1, 70);
    guint k = (guint) g_test_rand_int_range (1, 200);
    g_autofree gfloat *a = random_floats ((gsize) m * k);
    g_autofree gfloat *b = random_floats ((gsize) k * n);
    g_autofree gfloat *c = random_floats ((gsize) m * n);
    g_autofree gdouble *wanted = g_new0 (gdouble, (gsize) m * n);

    for (guint y = 0; y < m; y++)
      for (guint j = 0; j < k; j++)
        for (guint x = 0; x < n; x++)
          wanted[y * n + x] += (gdouble) a[y * k + j] * (gdouble) b[j * n + x];
    facenet_gemm (m, n, k, a, b, c);
    assert_close (c, wanted, (gsize) m * n, 1e-4);
  }
}

/* All ways to lay out a and b, with and without a sum, on any copy. */
static void
test_products_of_parts_and_turned_matrices (void)
{
  for (guint i = 0; i < 64; i++) {
    FacenetMatmul product = {.m = (guint) g_test_rand_int_range (1, 40),
      .n = (guint) g_test_rand_int_range (1, 40),
      .k = (guint) g_test_rand_int_range (1, 100),
      .turn_a = (i & 1) != 0,.turn_b = (i & 2) != 0,.add = (i & 4) != 0
    };
    g_autofree gfloat *a = random_floats (110 * 110);
    g_autofree gfloat *b = random_floats (110 * 110);
    g_autofree gfloat *c = random_floats (50 * 50);
    g_autofree gfloat *before = g_memdup2 (c, 50 * 50 * sizeof *c);

    product.row_a = product.turn_a ? 45 : 105;
    product.row_b = product.turn_b ? 105 : 45;
    product.row_c = 50;
    facenet_gemm_multiply (&product, i / 8, a, b, c);
    for (guint y = 0; y < product.m; y++) {
      for (guint x = 0; x < product.n; x++) {
        gdouble wanted = product.add ? (gdouble) before[y * 50 + x] : 0.0;

        for (guint k = 0; k < product.k; k++)
          wanted += (gdouble) a[product.turn_a ? k * 45 + y : y * 105 + k] *
              (gdouble) b[product.turn_b ? x * 105 + k : k * 45 + x];
        g_assert_cmpfloat_with_epsilon ((gdouble) c[y * 50 + x], wanted, 1e-4);
      }
      for (guint x = product.n; x < 50; x++)
        g_assert_cmpfloat (c[y * 50 + x], ==, before[y * 50 + x]);
    }
  }
}

#define M 64
#define N 144
#define K 192
#define N_PRODUCTS 3000
#define N_LOCKED 4              /* threads that share one library */
#define N_COPIES 3              /* with a copy each, and one more shares */
#define N_ALL (N_LOCKED + N_COPIES + 1)

/* Small integers: every order of additions gives the same sum. */
static gpointer
multiply_repeatedly (gpointer data)
{
  gint seed = GPOINTER_TO_INT (data);
  g_autofree gfloat *a = g_new (gfloat, M * K);
  g_autofree gfloat *b = g_new (gfloat, K * N);
  g_autofree gfloat *first = g_new (gfloat, M * N);
  g_autofree gfloat *c = g_new (gfloat, M * N);
  FacenetMatmul product = { M, N, K, FALSE, FALSE, K, N, N, FALSE };
  guint n_wrong = 0;

  for (gint i = 0; i < M * K; i++)
    a[i] = (gfloat) ((i * 7 + seed * 13) % 17 - 8);
  for (gint i = 0; i < K * N; i++)
    b[i] = (gfloat) ((i * 5 + seed * 11) % 19 - 9);
  for (gint y = 0; y < M; y++) {
    for (gint x = 0; x < N; x++) {
      first[y * N + x] = 0.0f;
      for (gint k = 0; k < K; k++)
        first[y * N + x] += a[y * K + k] * b[k * N + x];
    }
  }
  for (guint i = 0; i < N_PRODUCTS; i++) {
    if (seed < N_LOCKED)
      facenet_gemm (M, N, K, a, b, c);
    else
      facenet_gemm_multiply (&product, (guint) (seed - N_LOCKED), a, b, c);
    n_wrong += memcmp (c, first, M * N * sizeof *c) != 0;
  }
  return GUINT_TO_POINTER (n_wrong);
}

/* Debian's single-threaded OpenBLAS fails this when it is called without the
 * lock, or copies of it when they are one and the same: a few per cent of the
 * products are wrong. */
static void
test_threads_do_not_disturb_each_other (void)
{
  GThread *threads[N_ALL];

  for (gint i = 0; i < N_ALL; i++)
    threads[i] = g_thread_new (NULL, multiply_repeatedly, GINT_TO_POINTER (i));
  for (gint i = 0; i < N_ALL; i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (threads[i])), ==, 0);
}

/* Only Debian's single-threaded library needs copies. */
static void
test_copies_are_opened_once (void)
{
  guint n = facenet_gemm_open_copies (N_COPIES);

  g_assert_true (n == N_COPIES || n == 0);
  g_assert_cmpuint (facenet_gemm_open_copies (1), ==, n);
}

static void
test_runtime_names_library_and_core (void)
{
  g_assert_nonnull (facenet_runtime_get_blas_library ());
  g_assert_nonnull (facenet_runtime_get_blas_core ());
  g_assert_nonnull (facenet_runtime_get_kernels ());
}

/* OpenCV's and libav's plugins link this one, and a pipeline may load them
 * after the first model. */
static void
test_others_can_load_their_blas (void)
{
  void *theirs = dlopen ("libblas.so.3", RTLD_NOW | RTLD_LOCAL);

  if (theirs == NULL)
    g_test_message ("%s", dlerror ());
  g_assert_nonnull (theirs);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (facenet_gemm_open (NULL));
  g_test_add_func ("/gemm/random-shapes", test_random_shapes);
  g_test_add_func ("/gemm/products-of-parts-and-turned-matrices",
      test_products_of_parts_and_turned_matrices);
  g_test_add_func ("/gemm/copies-are-opened-once", test_copies_are_opened_once);
  g_test_add_func ("/gemm/threads-do-not-disturb-each-other",
      test_threads_do_not_disturb_each_other);
  g_test_add_func ("/gemm/runtime-names-library-and-core",
      test_runtime_names_library_and_core);
  g_test_add_func ("/gemm/others-can-load-their-blas",
      test_others_can_load_their_blas);
  return g_test_run ();
}
