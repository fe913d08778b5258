/* facenet-warper.c - crops and resamples a part of a picture
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * An upright crop streams: each source row that it touches is unpacked once, and
 * only the columns it touches; the row is reduced to the width of the output,
 * then added to the one or two output rows it belongs to (to more when
 * enlarging). Channels become RGB at the end: the map is affine and the
 * weights of resampling add up to 1, so the order does not matter, and 96x96
 * pixels are fewer than those of the face.
 *
 * For a turned crop the part of the picture below it is unpacked, reduced by a
 * whole factor if it is large, and an output pixel is the mean of n x n points
 * spread evenly over what it covers there, each the bilinear interpolation of
 * four pixels. n is the number of such pixels along the side of an output pixel,
 * so that none is left out when shrinking.
 */
#include "image/facenet-warper-private.h"

#include <math.h>
#include <string.h>

#include "image/facenet-resample-private.h"

/* Columns of scratch memory at the start: a face of half a 4K frame. */
#define INITIAL_COLUMNS 2048

/* A large face is reduced first, by a whole factor, to at least so many pixels
 * along the side of an output pixel. */
#define MIN_SCALE 1.5
#define MAX_FACTOR 1024

/* Points along the side of an output pixel, at most. */
#define MAX_SAMPLES 16

struct _FacenetWarper
{
  guint h, w;

  /* Of upright crops. */
  FacenetWindow *rows;          /* [h] */
  FacenetWindow *columns;       /* [w] */
  gfloat *line;                 /* [3,w], one source row at output width */
  gint n_columns;               /* what the next two have room for */
  guint8 *bytes;                /* [n_columns,4] */
  FacenetPixel *pixels;         /* [n_columns] */

  /* Of turned crops. */
  gsize patch_size;             /* what the next has room for */
  FacenetPixel *patch;          /* [rows,columns] */
};

/* A pixel as it is unpacked. */
typedef guint8 PixelBytes __attribute__((vector_size (4)));

/* The part of the picture below a turned crop. */
typedef struct
{
  gint x, y;                    /* where it begins */
  gint factor;                  /* a mean is over factor x factor pixels */
  gint columns, rows;
  const FacenetPixel *pixels;   /* [rows,columns] */
} Patch;

static void
ensure_columns (FacenetWarper * self, gint n_columns)
{
  if (n_columns <= self->n_columns)
    return;
  g_free (self->bytes);
  g_aligned_free (self->pixels);
  self->bytes = g_new (guint8, 4 * (gsize) n_columns);
  self->pixels =
      g_aligned_alloc ((gsize) n_columns, sizeof (FacenetPixel),
      sizeof (FacenetPixel));
  self->n_columns = n_columns;
}

FacenetWarper *
facenet_warper_new (guint height, guint width)
{
  FacenetWarper *self = g_new0 (FacenetWarper, 1);

  self->h = height;
  self->w = width;
  self->rows = g_new (FacenetWindow, height);
  self->columns = g_new (FacenetWindow, width);
  self->line = g_new (gfloat, 3 * (gsize) width);
  ensure_columns (self, INITIAL_COLUMNS);
  return self;
}

void
facenet_warper_free (FacenetWarper * self)
{
  if (self == NULL)
    return;
  g_free (self->rows);
  g_free (self->columns);
  g_free (self->line);
  g_free (self->bytes);
  g_aligned_free (self->pixels);
  g_aligned_free (self->patch);
  g_free (self);
}

/* Adds the line of source row y to the output rows whose windows hold it;
 * top is the first of them. */
static void
add_line (FacenetWarper * self, gint y, guint top, gfloat * face)
{
  const gsize plane = (gsize) self->h * self->w;

  for (guint i = top; i < self->h && self->rows[i].first <= y; i++) {
    const FacenetWindow *row = &self->rows[i];
    const gfloat weight = y == row->first ? row->w_first :
        y == row->last ? row->w_last : row->w_middle;

    for (guint c = 0; c < 3; c++)
      facenet_resample_add (face + c * plane + (gsize) i * self->w,
          self->line + c * self->w, weight, self->w);
  }
}

void
facenet_warper_crop_rect (FacenetWarper * self, const FacenetImage * image,
    const FacenetRect * rect, gfloat * face)
{
  gint x, n_pixels;
  guint top = 0;

  g_return_if_fail (image->width > 0 && image->height > 0);
  g_return_if_fail (isfinite (rect->x) && isfinite (rect->y));
  g_return_if_fail (isfinite (rect->width) && rect->width > 0.0);
  g_return_if_fail (isfinite (rect->height) && rect->height > 0.0);

  facenet_resample_plan (self->rows, self->h, image->height, rect->y,
      rect->height);
  facenet_resample_plan (self->columns, self->w, image->width, rect->x,
      rect->width);
  x = self->columns[0].first & ~1;
  n_pixels = self->columns[self->w - 1].last + 1 - x;
  ensure_columns (self, n_pixels);

  memset (face, 0, 3 * sizeof *face * self->h * self->w);
  for (gint y = self->rows[0].first; y <= self->rows[self->h - 1].last; y++) {
    image->read_row (image->user_data, x, y, n_pixels, self->bytes);
    facenet_resample_row (self->columns, self->w, x, n_pixels, self->bytes,
        self->pixels, self->line);
    while (self->rows[top].last < y)
      top++;
    add_line (self, y, top, face);
  }
  facenet_resample_to_rgb (face, self->h * self->w, image->to_rgb);
}

/* The pixels first … last of a side of n that interpolating between lo and hi
 * touches. */
static void
find_span (gdouble lo, gdouble hi, gint n, gint * first, gint * last)
{
  *first = (gint) CLAMP (floor (lo - 0.5), 0.0, n - 1.0);
  *last = (gint) CLAMP (floor (hi - 0.5) + 1.0, 0.0, n - 1.0);
}

/* Sums n_pixels of a row by groups of factor. */
static void
add_row (FacenetPixel * sums, const guint8 * bytes, gint n_pixels, gint factor)
{
  for (gint x = 0; x < n_pixels; x += factor, sums++) {
    const gint end = MIN (x + factor, n_pixels);

    for (gint i = x; i < end; i++) {
      PixelBytes pixel;

      memcpy (&pixel, bytes + 4 * i, sizeof pixel);
      *sums += __builtin_convertvector (pixel, FacenetPixel);
    }
  }
}

/* How many pixels from first to last, and beyond up to n to fill a group. */
static gint
count_pixels (gint first, gint last, gint factor, gint n)
{
  const gint whole = (last - first + factor) / factor * factor;

  return MIN (whole, n - first);
}

/* Reads what lies below a crop as means over factor x factor pixels. */
static void
unpack (FacenetWarper * self, const FacenetImage * image,
    const FacenetAffine * affine, gint factor, Patch * patch)
{
  const gdouble left = affine->x0 + MIN (affine->xu, 0.0)
      + MIN (affine->xv, 0.0);
  const gdouble top = affine->y0 + MIN (affine->yu, 0.0)
      + MIN (affine->yv, 0.0);
  gint right, bottom, n_columns, n_rows;
  gsize n_pixels;

  find_span (left, left + fabs (affine->xu) + fabs (affine->xv), image->width,
      &patch->x, &right);
  find_span (top, top + fabs (affine->yu) + fabs (affine->yv), image->height,
      &patch->y, &bottom);
  /* Rows are read from an even pixel on. */
  patch->x &= ~1;
  n_columns = count_pixels (patch->x, right, factor, image->width);
  n_rows = count_pixels (patch->y, bottom, factor, image->height);
  patch->factor = factor;
  patch->columns = (n_columns + factor - 1) / factor;
  patch->rows = (n_rows + factor - 1) / factor;
  n_pixels = (gsize) patch->columns * (gsize) patch->rows;
  ensure_columns (self, n_columns);
  if (n_pixels > self->patch_size) {
    g_aligned_free (self->patch);
    self->patch = g_aligned_alloc (n_pixels, sizeof (FacenetPixel),
        sizeof (FacenetPixel));
    self->patch_size = n_pixels;
  }
  memset (self->patch, 0, n_pixels * sizeof (FacenetPixel));
  for (gint y = 0; y < n_rows; y++) {
    image->read_row (image->user_data, patch->x, patch->y + y, n_columns,
        self->bytes);
    add_row (self->patch + (gsize) (y / factor) * (gsize) patch->columns,
        self->bytes, n_columns, factor);
  }
  for (gint y = 0; factor > 1 && y < patch->rows; y++) {
    for (gint x = 0; x < patch->columns; x++)
      self->patch[(gsize) y * (gsize) patch->columns + (gsize) x] /=
          (gfloat) (MIN (factor, n_rows - y * factor)
          * MIN (factor, n_columns - x * factor));
  }
  patch->pixels = self->patch;
}

static inline FacenetPixel
get_pixel (const Patch * patch, gint x, gint y)
{
  return patch->pixels[(gsize) y * (gsize) patch->columns + (gsize) x];
}

/* The colour at a point; beyond the patch that of its edge. */
static FacenetPixel
sample (const Patch * patch, gdouble x, gdouble y)
{
  const gdouble px = CLAMP ((x - patch->x) / patch->factor - 0.5, 0.0,
      patch->columns - 1.0);
  const gdouble py = CLAMP ((y - patch->y) / patch->factor - 0.5, 0.0,
      patch->rows - 1.0);
  const gint x0 = (gint) px, y0 = (gint) py;
  const gint x1 = MIN (x0 + 1, patch->columns - 1);
  const gint y1 = MIN (y0 + 1, patch->rows - 1);
  const gfloat fx = (gfloat) (px - x0), fy = (gfloat) (py - y0);
  const FacenetPixel a = get_pixel (patch, x0, y0), b =
      get_pixel (patch, x1, y0);
  const FacenetPixel c = get_pixel (patch, x0, y1), d =
      get_pixel (patch, x1, y1);
  const FacenetPixel top = a + fx * (b - a);
  const FacenetPixel bottom = c + fx * (d - c);

  return top + fy * (bottom - top);
}

/* The mean of n x n points of output pixel (column, row). */
static FacenetPixel
average (const Patch * patch, const FacenetAffine * step, guint column,
    guint row, guint n)
{
  FacenetPixel sum = { 0.0f, 0.0f, 0.0f, 0.0f };
  FacenetPoint point;

  for (guint i = 0; i < n; i++) {
    for (guint j = 0; j < n; j++) {
      point.x = column + (j + 0.5) / n;
      point.y = row + (i + 0.5) / n;
      facenet_affine_map (step, &point, &point);
      sum += sample (patch, point.x, point.y);
    }
  }
  return sum / (gfloat) (n * n);
}

static inline gfloat
to_unit (const gfloat m[4], FacenetPixel pixel)
{
  const gfloat value =
      m[0] * pixel[1] + m[1] * pixel[2] + m[2] * pixel[3] + m[3];

  return CLAMP (value, 0.0f, 1.0f);
}

/* The map for coordinates in output pixels. */
static FacenetAffine
per_pixel (const FacenetAffine * affine, guint h, guint w)
{
  FacenetAffine step = *affine;

  step.xu /= w;
  step.yu /= w;
  step.xv /= h;
  step.yv /= h;
  return step;
}

static void
warp (FacenetWarper * self, const FacenetImage * image,
    const FacenetAffine * affine, gfloat * face)
{
  const FacenetAffine step = per_pixel (affine, self->h, self->w);
  const gdouble scale = MAX (hypot (step.xu, step.yu),
      hypot (step.xv, step.yv));
  const gint factor = (gint) CLAMP (scale / MIN_SCALE, 1.0, MAX_FACTOR);
  const guint n = (guint) CLAMP (ceil (scale / factor), 1.0, MAX_SAMPLES);
  const gsize plane = (gsize) self->h * self->w;
  Patch patch;

  unpack (self, image, affine, factor, &patch);
  for (guint row = 0; row < self->h; row++) {
    for (guint column = 0; column < self->w; column++, face++) {
      const FacenetPixel pixel = average (&patch, &step, column, row, n);

      for (guint c = 0; c < 3; c++)
        face[c * plane] = to_unit (image->to_rgb[c], pixel);
    }
  }
}

static gboolean
is_upright (const FacenetAffine * affine)
{
  return affine->xv == 0.0 && affine->yu == 0.0 && affine->xu > 0.0
      && affine->yv > 0.0;
}

void
facenet_warper_crop (FacenetWarper * self, const FacenetImage * image,
    const FacenetAffine * affine, gfloat * face)
{
  g_return_if_fail (image->width > 0 && image->height > 0);
  g_return_if_fail (isfinite (affine->xu) && isfinite (affine->yu));
  g_return_if_fail (isfinite (affine->xv) && isfinite (affine->yv));
  g_return_if_fail (isfinite (affine->x0) && isfinite (affine->y0));

  if (is_upright (affine)) {
    const FacenetRect rect = { affine->x0, affine->y0, affine->xu, affine->yv };

    facenet_warper_crop_rect (self, image, &rect, face);
  } else {
    warp (self, image, affine, face);
  }
}
