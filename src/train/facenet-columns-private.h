/* facenet-columns-private.h - windows of a batch of maps as columns
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * In this room the maps of several faces lie side by side in every channel,
 * [c,n,h,w], so that one product serves all of them. A band is some rows of
 * such an output, counted through all faces, so that its columns stay in the
 * cache whatever the size of the map.
 */
#pragma once

#include "kernels/facenet-shape-private.h"

G_BEGIN_DECLS

/* Window kh x kw, stride s, padding p of zeros; of a dense layer the window is
 * the whole map. */
typedef struct {
  FacenetShape in, out;
  guint kh, kw, s, p;
} FacenetGeometry;

/* Rows `row` to end - 1 of the n_faces oh rows of an output channel. */
typedef struct {
  const FacenetGeometry *window;
  guint n_faces;
  guint row, end;
} FacenetBand;

/* Whether the input [c, n h w] is the matrix of columns itself. */
gboolean facenet_columns_are_input (const FacenetGeometry * window);

/* Rows of the matrix: c kh kw. */
guint facenet_columns_get_depth (const FacenetGeometry * window);

/* Rows of the largest band for that many faces, at least 1. */
guint facenet_columns_get_band (const FacenetGeometry * window, guint n_faces);

/* Floats of the columns of such a band; 0 when they are the input. */
gsize facenet_columns_get_size (const FacenetGeometry * window, guint n_faces);

/* in: [c,n,h,w]  columns: [c kh kw, (end - row) ow] */
void facenet_columns_fill (const FacenetBand * band, const gfloat * in,
    gfloat * columns);

/* The way back: adds every number to the one it was copied from. columns is
 * not the same afterwards. */
void facenet_columns_add (const FacenetBand * band, gfloat * columns,
    gfloat * in);

G_END_DECLS
