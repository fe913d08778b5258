/* facenet-lanes-product.c - a tile of pixels times a panel of weights
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The sums of a tile stay in registers while the loop runs along k: at each
 * step two vectors of weights are loaded, and every pixel's value is spread
 * over a vector and multiplied with both. Each sum has one accumulator and
 * takes its terms in the order of the weights, whatever the number of rows.
 */
#include "kernels/facenet-lanes-private.h"

#define UNROLL _Pragma ("GCC unroll 16")

/* Floats ahead of the weights in use at which the processor is told to fetch
 * the next ones: it does not look beyond a page of 4 KiB by itself. */
#define AHEAD 2048
#define LINE 16                 /* floats of a cache line */

/* The arrays of the two functions become registers once n_rows and n_vectors
 * are constants and the loops are unrolled. */
LANES_INLINE void
store_rows (const FacenetProduct * product, const FacenetPanel * panel,
    const FacenetTile * tile, Lanes sums[LANES_ROWS][2], const guint n_rows,
    const guint n_vectors)
{
  const Lanes zero = lanes_set1 (0.0f);
  guint last = panel->n_out - (n_vectors - 1) * LANES;

  UNROLL for (guint r = 0; r < n_rows; r++) {
    UNROLL for (guint v = 0; v < n_vectors; v++) {
      Lanes sum = sums[r][v];

      if (product->relu)
        sum = lanes_max (sum, zero);
      lanes_store_n (tile->out[r] + v * LANES, sum,
          v + 1 < n_vectors ? LANES : last);
    }
  }
}

/* The index counts up to zero, and pixels are addressed from the end of a
 * run: there are just enough registers for 12 rows, and none for its end. */
LANES_INLINE void
multiply (const FacenetProduct * product, const FacenetPanel * panel,
    const FacenetTile * tile, const guint n_rows, const guint n_vectors)
{
  const gfloat *weights = panel->weights;
  const gfloat *in[LANES_ROWS];
  Lanes sums[LANES_ROWS][2];

  UNROLL for (guint r = 0; r < n_rows; r++) {
    in[r] = tile->in[r] + product->run_length;
    UNROLL for (guint v = 0; v < n_vectors; v++)
      sums[r][v] = lanes_load (panel->bias + v * LANES);
  }
  for (guint run = 0; run < product->n_runs; run++) {
    for (gssize i = -(gssize) product->run_length; i != 0; i++) {
      Lanes w[2];

      UNROLL for (guint v = 0; v < n_vectors; v++) {
        w[v] = lanes_load (weights + v * LANES);
        if (v * LANES % LINE == 0)
          __builtin_prefetch (weights + v * LANES + AHEAD, 0, 2);
      }
      UNROLL for (guint r = 0; r < n_rows; r++) {
        Lanes x = lanes_set1 (in[r][i]);

        UNROLL for (guint v = 0; v < n_vectors; v++)
          sums[r][v] = lanes_fma (x, w[v], sums[r][v]);
      }
      weights += n_vectors * LANES;
    }
    UNROLL for (guint r = 0; r < n_rows; r++)
      in[r] += product->run_stride;
  }
  store_rows (product, panel, tile, sums, n_rows, n_vectors);
}

typedef void (*MultiplyFunc) (const FacenetProduct * product,
    const FacenetPanel * panel, const FacenetTile * tile);

#define MULTIPLY(rows, vectors) \
static void \
multiply_##rows##_##vectors (const FacenetProduct * product, \
    const FacenetPanel * panel, const FacenetTile * tile) \
{ \
  multiply (product, panel, tile, rows, vectors); \
}

/* *INDENT-OFF* */
MULTIPLY (1, 1) MULTIPLY (2, 1) MULTIPLY (3, 1)
MULTIPLY (4, 1) MULTIPLY (5, 1) MULTIPLY (6, 1)
MULTIPLY (1, 2) MULTIPLY (2, 2) MULTIPLY (3, 2)
MULTIPLY (4, 2) MULTIPLY (5, 2) MULTIPLY (6, 2)
#if LANES_ROWS == 12
MULTIPLY (7, 1) MULTIPLY (8, 1) MULTIPLY (9, 1)
MULTIPLY (10, 1) MULTIPLY (11, 1) MULTIPLY (12, 1)
MULTIPLY (7, 2) MULTIPLY (8, 2) MULTIPLY (9, 2)
MULTIPLY (10, 2) MULTIPLY (11, 2) MULTIPLY (12, 2)
#endif

/* By vectors less one and rows less one. */
static const MultiplyFunc multiply_funcs[2][LANES_ROWS] = {
  { multiply_1_1, multiply_2_1, multiply_3_1,
    multiply_4_1, multiply_5_1, multiply_6_1,
#if LANES_ROWS == 12
    multiply_7_1, multiply_8_1, multiply_9_1,
    multiply_10_1, multiply_11_1, multiply_12_1,
#endif
  },
  { multiply_1_2, multiply_2_2, multiply_3_2,
    multiply_4_2, multiply_5_2, multiply_6_2,
#if LANES_ROWS == 12
    multiply_7_2, multiply_8_2, multiply_9_2,
    multiply_10_2, multiply_11_2, multiply_12_2,
#endif
  },
};
/* *INDENT-ON* */

void
lanes_product (const FacenetProduct * product,
    const FacenetPanel * panel, const FacenetTile * tile)
{
  guint n_vectors = panel->n_out > LANES ? 2 : 1;

  multiply_funcs[n_vectors - 1][tile->n_rows - 1] (product, panel, tile);
}
