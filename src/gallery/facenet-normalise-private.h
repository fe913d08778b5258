/* facenet-normalise-private.h - rows made of length one by several threads
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "gallery/facenet-gallery-private.h"

G_BEGIN_DECLS

/* Rows of one piece of work. */
#define FACENET_NORMALISE_ROWS 4096

/* All rows, for threads to make them of length one. */
typedef struct {
  FacenetGallery *gallery;
  gfloat *rows;                 /* [n_rows, n_dims] */
  guint n_rows;
  guint n_dims;
  const gfloat *zero;           /* [n_dims] */
  GMutex lock;
  guint bad_row;                /* the first that cannot be; n_rows: none */
  const gchar *fault;           /* what is wrong with it */
} FacenetNormalising;

/* Makes the rows of one piece of length one and tells the gallery which were
 * not; pieces may be done at the same time. */
void facenet_normalise_piece (FacenetNormalising * self, guint piece);

G_END_DECLS
