/* facenet-columns.c - windows of a batch of maps as columns
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Column (r, x) of a band is the window of pixel x in row r: "im2col", and its
 * transpose "col2im", of Chellapilla et al. 2006. Both walk the columns in the
 * order of memory, one kernel position of a channel after the other.
 */
#include "train/facenet-columns-private.h"

#include <string.h>

#define BAND_FLOATS (160 * 1024)        /* of a band's columns, about */

/* What one kernel position does: x s + dx lies in [0,w) for lo <= x < hi. */
typedef struct
{
  gint dy, dx;
  gint lo, hi;
} Tap;

gboolean
facenet_columns_are_input (const FacenetGeometry * window)
{
  return window->kh == 1 && window->kw == 1 && window->s == 1 && window->p == 0;
}

guint
facenet_columns_get_depth (const FacenetGeometry * window)
{
  return window->in.c * window->kh * window->kw;
}

guint
facenet_columns_get_band (const FacenetGeometry * window, guint n_faces)
{
  guint n_rows = n_faces * window->out.h;
  gsize row = (gsize) facenet_columns_get_depth (window) * window->out.w;
  guint most = (guint) MAX (BAND_FLOATS / row, 1);
  guint n_bands = (n_rows + most - 1) / most;

  if (facenet_columns_are_input (window))
    return n_rows;
  return (n_rows + n_bands - 1) / n_bands;
}

gsize
facenet_columns_get_size (const FacenetGeometry * window, guint n_faces)
{
  if (facenet_columns_are_input (window))
    return 0;
  return (gsize) facenet_columns_get_depth (window) * window->out.w *
      facenet_columns_get_band (window, n_faces);
}

static Tap
make_tap (const FacenetGeometry * window, guint ky, guint kx)
{
  gint s = (gint) window->s, w = (gint) window->in.w, ow = (gint) window->out.w;
  Tap tap = { (gint) ky - (gint) window->p, (gint) kx - (gint) window->p,
    0, 0
  };

  tap.lo = tap.dx < 0 ? MIN ((-tap.dx + s - 1) / s, ow) : 0;
  tap.hi = w > tap.dx ? CLAMP ((w - tap.dx + s - 1) / s, tap.lo, ow) : tap.lo;
  return tap;
}

/* A stretch of the band within one face: output rows y to end - 1 of it, of
 * which those from `first` to last - 1 read input rows, the others padding. */
typedef struct
{
  guint face;
  gint y, end;
  gint first, last;
} Stretch;

static Stretch
make_stretch (const FacenetBand * band, const Tap * tap, guint row)
{
  const FacenetGeometry *window = band->window;
  gint s = (gint) window->s, h = (gint) window->in.h;
  guint oh = window->out.h, face = row / oh;
  Stretch stretch = { face, (gint) (row % oh),
    (gint) MIN (band->end - face * oh, oh), 0, 0
  };

  /* y s + dy lies in [0,h) for first <= y < last. */
  stretch.first = tap->dy < 0 ? (-tap->dy + s - 1) / s : 0;
  stretch.last = h > tap->dy ? (h - tap->dy + s - 1) / s : 0;
  stretch.first = CLAMP (stretch.first, stretch.y, stretch.end);
  stretch.last = CLAMP (stretch.last, stretch.first, stretch.end);
  return stretch;
}

/* Zeros where a row reads the padding beside the map. row: [n_rows, ow] */
static void
clear_sides (const Tap * tap, gint ow, gint n_rows, gfloat * row)
{
  for (gint y = 0; y < n_rows; y++, row += ow) {
    for (gint x = 0; x < tap->lo; x++)
      row[x] = 0.0f;
    for (gint x = tap->hi; x < ow; x++)
      row[x] = 0.0f;
  }
}

/* Where the output is as wide as the input, rows of both follow one another
 * at the same distance, and all of a stretch is one run. Its ends are cut off
 * where they lie beside the map. */
static gboolean
is_one_run (const FacenetGeometry * window)
{
  return window->s == 1 && window->in.w == window->out.w;
}

/* in: the input row of the first output row  row: [n_rows, ow] */
static void
fill_rows (const FacenetGeometry * window, const Tap * tap, gint n_rows,
    const gfloat * in, gfloat * row)
{
  gint s = (gint) window->s, ow = (gint) window->out.w;
  gfloat *begin = row;

  if (is_one_run (window)) {
    gint n = n_rows * ow - tap->lo - (ow - tap->hi);

    if (n > 0)
      memcpy (row + tap->lo, in + tap->lo + tap->dx, (gsize) n * sizeof *row);
  } else {
    for (gint y = 0; y < n_rows; y++, row += ow, in += (gsize) s * window->in.w)
      for (gint x = tap->lo; x < tap->hi; x++)
        row[x] = in[x * s + tap->dx];
  }
  clear_sides (tap, ow, n_rows, begin);
}

/* The way back; row is cleared where it is of the padding. */
static void
add_rows (const FacenetGeometry * window, const Tap * tap, gint n_rows,
    gfloat * restrict row, gfloat * restrict in)
{
  gint s = (gint) window->s, ow = (gint) window->out.w;

  if (is_one_run (window)) {
    gint end = n_rows * ow - (ow - tap->hi);

    clear_sides (tap, ow, n_rows, row);
    for (gint x = tap->lo; x < end; x++)
      in[x + tap->dx] += row[x];
    return;
  }
  for (gint y = 0; y < n_rows; y++, row += ow, in += (gsize) s * window->in.w)
    for (gint x = tap->lo; x < tap->hi; x++)
      in[x * s + tap->dx] += row[x];
}

/* Copies one kernel position of a channel, in: [n,h,w], to one row of the
 * columns, or adds that row to it. */
static void
run_tap (const FacenetBand * band, const Tap * tap, gfloat * in, gfloat * row,
    gboolean back)
{
  const FacenetGeometry *window = band->window;
  gsize ow = window->out.w, w = window->in.w;
  Stretch at;

  for (guint r = band->row; r < band->end; r += (guint) (at.end - at.y)) {
    gfloat *face, *first;

    at = make_stretch (band, tap, r);
    face = in + at.face * facenet_shape_plane (&window->in);
    first = face + (gsize) (at.first * (gint) window->s + tap->dy) * w;
    if (back && at.last > at.first) {
      add_rows (window, tap, at.last - at.first,
          row + (gsize) (at.first - at.y) * ow, first);
    } else if (!back) {
      memset (row, 0, (gsize) (at.first - at.y) * ow * sizeof *row);
      if (at.last > at.first)
        fill_rows (window, tap, at.last - at.first, first,
            row + (gsize) (at.first - at.y) * ow);
      memset (row + (gsize) (at.last - at.y) * ow, 0,
          (gsize) (at.end - at.last) * ow * sizeof *row);
    }
    row += (gsize) (at.end - at.y) * ow;
  }
}

static void
run_taps (const FacenetBand * band, gfloat * in, gfloat * columns,
    gboolean back)
{
  const FacenetGeometry *window = band->window;
  gsize plane = band->n_faces * facenet_shape_plane (&window->in);
  gsize width = (gsize) (band->end - band->row) * window->out.w;

  for (guint ci = 0; ci < window->in.c; ci++, in += plane) {
    for (guint ky = 0; ky < window->kh; ky++) {
      for (guint kx = 0; kx < window->kw; kx++, columns += width) {
        Tap tap = make_tap (window, ky, kx);

        run_tap (band, &tap, in, columns, back);
      }
    }
  }
}

void
facenet_columns_fill (const FacenetBand * band, const gfloat * in,
    gfloat * columns)
{
  run_taps (band, (gfloat *) in, columns, FALSE);
}

void
facenet_columns_add (const FacenetBand * band, gfloat * columns, gfloat * in)
{
  run_taps (band, in, columns, TRUE);
}
