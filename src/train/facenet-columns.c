/* facenet-columns.c - windows of a batch of maps as columns
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Column (r, x) of a band is the window of pixel x in row r: "im2col", and its
 * transpose "col2im", of Chellapilla et al. 2006. Both walk the columns in the
 * order of memory; what a kernel position reads of an input row is one run.
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
facenet_columns_are_input (const FacenetWindow * window)
{
  return window->kh == 1 && window->kw == 1 && window->s == 1 && window->p == 0;
}

guint
facenet_columns_get_depth (const FacenetWindow * window)
{
  return window->in.c * window->kh * window->kw;
}

guint
facenet_columns_get_band (const FacenetWindow * window, guint n_faces)
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
facenet_columns_get_size (const FacenetWindow * window, guint n_faces)
{
  if (facenet_columns_are_input (window))
    return 0;
  return (gsize) facenet_columns_get_depth (window) * window->out.w *
      facenet_columns_get_band (window, n_faces);
}

static Tap
make_tap (const FacenetWindow * window, guint ky, guint kx)
{
  gint s = (gint) window->s, w = (gint) window->in.w, ow = (gint) window->out.w;
  Tap tap = { (gint) ky - (gint) window->p, (gint) kx - (gint) window->p,
    0, 0
  };

  tap.lo = tap.dx < 0 ? MIN ((-tap.dx + s - 1) / s, ow) : 0;
  tap.hi = w > tap.dx ? CLAMP ((w - tap.dx + s - 1) / s, tap.lo, ow) : tap.lo;
  return tap;
}

/* row: [ow]  in: the input row, NULL in the padding above and below */
static void
fill_row (const Tap * tap, gint s, gint ow, const gfloat * in, gfloat * row)
{
  if (in == NULL) {
    memset (row, 0, (gsize) ow * sizeof *row);
    return;
  }
  for (gint x = 0; x < tap->lo; x++)
    row[x] = 0.0f;
  if (s == 1)
    for (gint x = tap->lo; x < tap->hi; x++)
      row[x] = in[x + tap->dx];
  else
    for (gint x = tap->lo; x < tap->hi; x++)
      row[x] = in[x * s + tap->dx];
  for (gint x = tap->hi; x < ow; x++)
    row[x] = 0.0f;
}

static void
add_row (const Tap * tap, gint s, const gfloat * row, gfloat * in)
{
  if (s == 1)
    for (gint x = tap->lo; x < tap->hi; x++)
      in[x + tap->dx] += row[x];
  else
    for (gint x = tap->lo; x < tap->hi; x++)
      in[x * s + tap->dx] += row[x];
}

/* Floats from a channel's first face to the input row that a tap reads for
 * output row r, -1 when that is padding. */
static gssize
find_row (const FacenetWindow * window, const Tap * tap, guint r)
{
  guint face = r / window->out.h, y = r % window->out.h;
  gint iy = (gint) (y * window->s) + tap->dy;

  if (iy < 0 || iy >= (gint) window->in.h)
    return -1;
  return (gssize) (face * window->in.h + (guint) iy) * (gssize) window->in.w;
}

void
facenet_columns_fill (const FacenetBand * band, const gfloat * in,
    gfloat * columns)
{
  const FacenetWindow *window = band->window;
  gsize plane = band->n_faces * facenet_shape_plane (&window->in);
  gint s = (gint) window->s, ow = (gint) window->out.w;

  for (guint ci = 0; ci < window->in.c; ci++, in += plane) {
    for (guint ky = 0; ky < window->kh; ky++) {
      for (guint kx = 0; kx < window->kw; kx++) {
        Tap tap = make_tap (window, ky, kx);

        for (guint r = band->row; r < band->end; r++, columns += ow) {
          gssize at = find_row (window, &tap, r);

          fill_row (&tap, s, ow, at >= 0 ? in + at : NULL, columns);
        }
      }
    }
  }
}

void
facenet_columns_add (const FacenetBand * band, const gfloat * columns,
    gfloat * in)
{
  const FacenetWindow *window = band->window;
  gsize plane = band->n_faces * facenet_shape_plane (&window->in);
  gint s = (gint) window->s, ow = (gint) window->out.w;

  for (guint ci = 0; ci < window->in.c; ci++, in += plane) {
    for (guint ky = 0; ky < window->kh; ky++) {
      for (guint kx = 0; kx < window->kw; kx++) {
        Tap tap = make_tap (window, ky, kx);

        for (guint r = band->row; r < band->end; r++, columns += ow) {
          gssize at = find_row (window, &tap, r);

          if (at >= 0)
            add_row (&tap, s, columns, in + at);
        }
      }
    }
  }
}
