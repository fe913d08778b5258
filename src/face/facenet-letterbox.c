/* facenet-letterbox.c - a picture as the input of a detector
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Rows are added up first, in the picture's own channels, then the columns of
 * the sum: each source pixel is touched once by a loop that has nothing but
 * whole vectors. Colours are converted last, of the few pixels that are left.
 * The weights are those of facenet-resample.c: area averages when shrinking,
 * linear interpolation when enlarging.
 */
#include "face/facenet-letterbox-private.h"

#include <math.h>
#include <string.h>

#define SIDE 32                 /* the input's sides are multiples of it */
#define BLACK (-1.0f)

/* A face of min_face pixels has so many at the input: the smallest that the
 * network was trained to find. */
#define FACE_PIXELS 18.0
/* Longer side of the picture at the input when the scale is automatic. */
#define AUTOMATIC_SIDE 640.0
/* Enlarging adds no detail, and the network finds nothing smaller. */
#define MAX_SCALE 2.0
/* Pixels of the input. Its maps take 40 bytes for each. */
#define MAX_PIXELS (1920.0 * 1088.0)

static gdouble
choose_scale (guint image_w, guint image_h, guint min_face)
{
  gdouble scale = min_face > 0 ? FACE_PIXELS / min_face :
      AUTOMATIC_SIDE / MAX (image_w, image_h);
  gdouble most = sqrt (MAX_PIXELS / ((gdouble) image_w * image_h));

  scale = MIN (scale, min_face > 0 ? MAX_SCALE : 1.0);
  /* A picture of one row would fill 32 of them. */
  most = MIN (most, MAX_PIXELS / SIDE / MAX (image_w, image_h));
  return MIN (scale, most);
}

static guint
scale_side (guint side, gdouble scale)
{
  return (guint) MAX (floor (side * scale + 0.5), 1.0);
}

static guint
round_up (guint side)
{
  return (side + SIDE - 1) / SIDE * SIDE;
}

void
facenet_letterbox_init (FacenetLetterbox * self, guint image_w, guint image_h,
    guint min_face)
{
  const gdouble scale = choose_scale (image_w, image_h, min_face);

  self->image_w = image_w;
  self->image_h = image_h;
  self->w = scale_side (image_w, scale);
  self->h = scale_side (image_h, scale);
  self->input_w = round_up (self->w);
  self->input_h = round_up (self->h);
  self->columns = g_new (FacenetWindow, self->w);
  self->rows = g_new (FacenetWindow, self->h);
  facenet_resample_plan (self->columns, self->w, (gint) image_w, 0.0, image_w);
  facenet_resample_plan (self->rows, self->h, (gint) image_h, 0.0, image_h);
}

void
facenet_letterbox_clear (FacenetLetterbox * self)
{
  g_clear_pointer (&self->columns, g_free);
  g_clear_pointer (&self->rows, g_free);
}

static FacenetPixel *
new_pixels (guint n)
{
  return g_aligned_alloc (n, sizeof (FacenetPixel), sizeof (FacenetPixel));
}

void
facenet_letterbox_scratch_ensure (FacenetLetterboxScratch * self,
    const FacenetLetterbox * letterbox)
{
  if (letterbox->image_w > self->n_source) {
    self->n_source = letterbox->image_w;
    for (guint i = 0; i < 2; i++) {
      g_free (self->bytes[i]);
      self->bytes[i] = g_new (guint8, 4 * (gsize) self->n_source);
    }
    g_aligned_free (self->sums);
    self->sums = new_pixels (self->n_source);
  }
  if (letterbox->w > self->n_line) {
    self->n_line = letterbox->w;
    g_aligned_free (self->line);
    self->line = new_pixels (self->n_line);
  }
}

void
facenet_letterbox_scratch_clear (FacenetLetterboxScratch * self)
{
  for (guint i = 0; i < 2; i++)
    g_clear_pointer (&self->bytes[i], g_free);
  g_clear_pointer (&self->sums, g_aligned_free);
  g_clear_pointer (&self->line, g_aligned_free);
}

/* Unpacks a row, unless it is there: neighbouring rows of the output share
 * one or two. */
static const guint8 *
read_row (const FacenetImage * image, FacenetLetterboxScratch * scratch, gint y)
{
  guint8 *bytes = scratch->bytes[y % 2];

  if (scratch->y[y % 2] != y) {
    image->read_row (image->user_data, 0, y, image->width, bytes);
    scratch->y[y % 2] = y;
  }
  return bytes;
}

static void
sum_rows (const FacenetImage * image, FacenetLetterboxScratch * scratch,
    const FacenetWindow * window)
{
  for (gint y = window->first; y <= window->last; y++) {
    const gfloat weight = y == window->first ? window->w_first :
        y == window->last ? window->w_last : window->w_middle;

    facenet_resample_add_bytes ((gfloat *) scratch->sums,
        read_row (image, scratch, y), weight, y > window->first,
        4 * (guint) image->width);
  }
}

/* n pixels of a row of the input, from pixel x on. */
static void
store_line (const FacenetPixel * line, guint n, const FacenetMapView * input,
    guint y)
{
  gfloat *out = input->data + y * input->row;

  for (guint i = 0; i < n; i++, out += input->pixel) {
    out[0] = line[i][0];
    out[input->channel] = line[i][1];
    out[2 * input->channel] = line[i][2];
  }
}

static void
fill_black (const FacenetMapView * input, guint y, guint x)
{
  for (; x < input->shape.w; x++)
    for (guint c = 0; c < 3; c++)
      input->data[y * input->row + x * input->pixel + c * input->channel] =
          BLACK;
}

void
facenet_letterbox_fill (const FacenetLetterbox * self,
    const FacenetImage * image, FacenetLetterboxScratch * scratch,
    const FacenetMapView * input, guint y0, guint y1)
{
  scratch->y[0] = scratch->y[1] = -1;
  for (guint y = y0; y < y1; y++) {
    if (y >= self->h) {
      fill_black (input, y, 0);
      continue;
    }
    sum_rows (image, scratch, &self->rows[y]);
    facenet_resample_symmetric (self->columns, self->w, scratch->sums,
        image->to_rgb, scratch->line);
    store_line (scratch->line, self->w, input, y);
    fill_black (input, y, self->w);
  }
}
