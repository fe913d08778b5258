/* facenet-kernels-private.h - the loops of a pass, one set per processor
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Maps are pixel-major here: the channels of a pixel lie side by side, so
 * that a row of a convolution's window is one run of floats, vectors run
 * along channels in every kernel, and nothing has to be copied into columns.
 * Each sum is taken in one fixed order, whatever else is in the tile; so the
 * result of a pixel does not depend on how the work is cut.
 */
#pragma once

#include "kernels/facenet-norm-private.h"
#include "kernels/facenet-pool2d-private.h"

G_BEGIN_DECLS

/* The most of any set: pixels of a tile, output channels of a panel. */
#define FACENET_TILE_ROWS 12
#define FACENET_PANEL_MOST 32

/* How a window is read: n_runs stretches of run_length floats, run_stride
 * from the start of one to that of the next. A 1x1 convolution has one run of
 * c floats, a k x k one has k runs of k c floats. */
typedef struct {
  guint n_runs;
  gsize run_length;
  gsize run_stride;
  gboolean relu;
} FacenetProduct;

/* Up to `panel` output channels. weights: [n_runs run_length, lanes or panel]
 * with zeros beyond n_out; bias: as wide as the weights. */
typedef struct {
  const gfloat *weights;
  const gfloat *bias;
  guint n_out;
} FacenetPanel;

/* Up to tile_rows pixels: where each one's window begins, where its output
 * channels go. */
typedef struct {
  guint n_rows;
  const gfloat *in[FACENET_TILE_ROWS];
  gfloat *out[FACENET_TILE_ROWS];
} FacenetTile;

/* Part of a pixel-major map: pixel (y,x) lies at data + y row + x pixel. */
typedef struct {
  gfloat *data;
  gsize row, pixel;             /* in floats */
} FacenetView;

/* Where a tile's output goes: h x w pixels, fewer than 4 x 4 at the right and
 * the lower edge of a map. */
typedef struct {
  FacenetView view;
  guint h, w;
} FacenetWinogradTile;

typedef struct {
  const gchar *name;            /* "avx2", "avx512" */
  guint lanes;                  /* floats of a vector */
  guint panel;                  /* output channels of a full panel, 2 lanes */
  guint tile_rows;              /* pixels of a full tile */

  /* out = weights * window + bias, then ReLU if the product says so. */
  void (*product) (const FacenetProduct * product, const FacenetPanel * panel,
      const FacenetTile * tile);

  /* in: all of the map; out: rows y0 <= y < y1 of the output */
  void (*pool2d) (const FacenetPool2d * pool, const FacenetView * in,
      const FacenetView * out, guint y0, guint y1);

  /* in: [n_pixels, c]  out: [n_pixels, c] */
  void (*lrn) (const FacenetLrn * lrn, guint c, guint n_pixels,
      const gfloat * in, gfloat * out);

  /* out += half, twice as large; rows y0 <= y < y1 of w pixels of c channels
   * shape: of out */
  void (*add_upsampled) (const FacenetShape * shape, const FacenetView * half,
      const FacenetView * out, guint y0, guint y1);

  /* Winograd F(4x4,3x3), see facenet-lanes-winograd.c.
   * in: 6x6 pixels of c channels
   * out: [36] times c floats, stride floats apart */
  void (*winograd_in) (guint c, const FacenetView * in, gfloat * out,
      gsize stride);

  /* in: [36] times n_out floats, stride floats apart  bias: [n_out]
   * out: pixels of n_out channels, after ReLU */
  void (*winograd_out) (guint n_out, const gfloat * in, gsize stride,
      const gfloat * bias, const FacenetWinogradTile * out);
} FacenetKernels;

#define FACENET_WINOGRAD_TILE 4         /* side of the output of a tile */
#define FACENET_WINOGRAD_POINTS 36      /* products per tile and channel */

/* kernel: [3,3]  points: [36], what winograd_in's output is multiplied by */
void facenet_winograd_weights (const gfloat * kernel,
    gfloat points[FACENET_WINOGRAD_POINTS]);

/* The fastest set that this processor runs, or the one that the environment
 * variable FACENET_KERNELS names ("avx512", "avx2", "cblas"). NULL: none, and
 * convolutions go through facenet_gemm(). */
const FacenetKernels *facenet_kernels_get (void);

/* The set of that name; NULL if this CPU or build lacks it. */
const FacenetKernels *facenet_kernels_find (const gchar * name);

/* in: [c,h,w] planar  out: pixels (0,0) to (h-1,w-1) of c channels;
 * rows y0 <= y < y1 */
void facenet_interleave (const FacenetShape * shape, const gfloat * in,
    const FacenetView * out, guint y0, guint y1);

G_END_DECLS
