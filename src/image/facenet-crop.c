/* facenet-crop.c - from a box in a picture to the network's input
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A crop streams: each source row that the face touches is unpacked once, and
 * only the columns it touches; the row is reduced to the width of the output,
 * then added to the one or two output rows it belongs to (to more when
 * enlarging). Channels become RGB at the end: the map is affine and the
 * weights of resampling add up to 1, so the order does not matter, and 96x96
 * pixels are fewer than those of the face.
 */
#include <facenet/facenet-crop.h>

#include "facenet-resample-private.h"

#include <math.h>
#include <string.h>

/* Columns of scratch memory at the start: a face of half a 4K frame. */
#define INITIAL_COLUMNS 2048

struct _FacenetCropper
{
  guint h, w;
  FacenetWindow *rows;          /* [h] */
  FacenetWindow *columns;       /* [w] */
  gfloat *line;                 /* [3,w], one source row at output width */
  gint n_columns;               /* what the next two have room for */
  guint8 *bytes;                /* [n_columns,4] */
  FacenetPixel *pixels;         /* [n_columns] */
};

/**
 * facenet_rect_from_box:
 * @rect: (out caller-allocates): the square to crop
 * @box: what a detector calls the face
 * @scale: side of the crop over the side of the box, > 0; for the shipped
 *   model behind OpenCV's frontal-face cascade %FACENET_ROI_SCALE
 * @offset_y: how far the centre of the crop lies below the centre of the box,
 *   in sides of the box; there %FACENET_ROI_OFFSET_Y
 *
 * Finds the square that a model wants to see around a detected face. The side
 * of a box is the mean of its width and its height.
 *
 * Since: 0.1
 */
void
facenet_rect_from_box (FacenetRect * rect, const FacenetRect * box,
    gdouble scale, gdouble offset_y)
{
  gdouble box_side, side;

  g_return_if_fail (rect != NULL && box != NULL);

  box_side = 0.5 * (box->width + box->height);
  side = scale * box_side;
  /* rect may be box. */
  rect->x = box->x + 0.5 * (box->width - side);
  rect->y = box->y + 0.5 * (box->height - side) + offset_y * box_side;
  rect->width = rect->height = side;
}

static void
ensure_columns (FacenetCropper * self, gint n_columns)
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

/**
 * facenet_cropper_new: (skip)
 * @height: rows of the output, > 0
 * @width: columns of the output, > 0
 *
 * Makes the scratch memory to crop faces of one size: about 20 bytes for each
 * of 2048 source columns. It grows when a crop spans more columns inside its
 * picture than any before.
 *
 * Returns: (transfer full): a cropper, for one thread at a time
 *
 * Since: 0.1
 */
FacenetCropper *
facenet_cropper_new (guint height, guint width)
{
  FacenetCropper *self;

  g_return_val_if_fail (height > 0 && width > 0, NULL);

  self = g_new0 (FacenetCropper, 1);
  self->h = height;
  self->w = width;
  self->rows = g_new (FacenetWindow, height);
  self->columns = g_new (FacenetWindow, width);
  self->line = g_new (gfloat, 3 * (gsize) width);
  ensure_columns (self, INITIAL_COLUMNS);
  return self;
}

/**
 * facenet_cropper_free: (skip)
 * @self: (transfer full) (nullable): a cropper
 *
 * Frees a cropper.
 *
 * Since: 0.1
 */
void
facenet_cropper_free (FacenetCropper * self)
{
  if (self == NULL)
    return;
  g_free (self->rows);
  g_free (self->columns);
  g_free (self->line);
  g_free (self->bytes);
  g_aligned_free (self->pixels);
  g_free (self);
}

/* Adds the line of source row y to the output rows whose windows hold it;
 * top is the first of them. */
static void
add_line (FacenetCropper * self, gint y, guint top, gfloat * face)
{
  const gsize plane = (gsize) self->h * self->w;
  guint i, c;

  for (i = top; i < self->h && self->rows[i].first <= y; i++) {
    const FacenetWindow *row = &self->rows[i];
    const gfloat weight = y == row->first ? row->w_first :
        y == row->last ? row->w_last : row->w_middle;

    for (c = 0; c < 3; c++)
      facenet_resample_add (face + c * plane + (gsize) i * self->w,
          self->line + c * self->w, weight, self->w);
  }
}

/**
 * facenet_cropper_crop: (skip)
 * @self: a cropper of height h and width w
 * @image: the picture
 * @rect: what to crop, finite numbers, width and height > 0; it may reach
 *   beyond the picture or lie wholly outside, the edge pixels are repeated
 * @face: (out caller-allocates): [3,h,w] floats, planes R, G, B in [0,1]
 *
 * Crops and resamples a face. Output pixel i covers [i, i+1) times the scale
 * of @rect; its value is the area average of the source when shrinking, the
 * bilinear interpolation between pixel centres when enlarging.
 *
 * Since: 0.1
 */
void
facenet_cropper_crop (FacenetCropper * self, const FacenetImage * image,
    const FacenetRect * rect, gfloat * face)
{
  gint x, y, n_pixels;
  guint top = 0;

  g_return_if_fail (self != NULL && face != NULL);
  g_return_if_fail (image != NULL && image->read_row != NULL);
  g_return_if_fail (image->width > 0 && image->height > 0);
  g_return_if_fail (rect != NULL && isfinite (rect->x) && isfinite (rect->y));
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
  for (y = self->rows[0].first; y <= self->rows[self->h - 1].last; y++) {
    image->read_row (image->user_data, x, y, n_pixels, self->bytes);
    facenet_resample_row (self->columns, self->w, x, n_pixels, self->bytes,
        self->pixels, self->line);
    while (self->rows[top].last < y)
      top++;
    add_line (self, y, top, face);
  }
  facenet_resample_to_rgb (face, self->h * self->w, image->to_rgb);
}
