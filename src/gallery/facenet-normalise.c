/* facenet-normalise.c - rows made of length one by several threads
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Nearly all rows are of length one, which the loops of the search tell
 * quickly; the others, and what is no number, are looked at closely.
 */
#include "gallery/facenet-normalise-private.h"

#include "kernels/facenet-search-private.h"

static void
normalise_row (FacenetNormalising * self, guint row)
{
  gfloat *vector = self->rows + (gsize) row * self->n_dims;
  gdouble length = facenet_gallery_measure_length (vector, self->n_dims);
  const gchar *fault = facenet_gallery_normalise (vector, self->n_dims);

  g_mutex_lock (&self->lock);
  if (fault == NULL) {
    facenet_gallery_note_length (self->gallery, row, length);
  } else if (row < self->bad_row) {
    self->bad_row = row;
    self->fault = fault;
  }
  g_mutex_unlock (&self->lock);
}

void
facenet_normalise_piece (FacenetNormalising * self, guint piece)
{
  const FacenetSearchLoops *loops = facenet_search_get_loops ();
  const gfloat tolerance = (gfloat) FACENET_GALLERY_UNIT_TOLERANCE;
  guint row = piece * FACENET_NORMALISE_ROWS;
  guint end = MIN (row + FACENET_NORMALISE_ROWS, self->n_rows);

  while (row < end) {
    FacenetSearchRows rows = { self->rows + (gsize) row * self->n_dims,
      end - row, self->n_dims
    };

    row += (guint) loops->next_odd (self->zero, &rows, 1 - tolerance,
        1 + tolerance);
    if (row < end)
      normalise_row (self, row++);
  }
}
