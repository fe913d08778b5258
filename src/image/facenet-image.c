/* facenet-image.c - plain RGB memory as a picture
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The simplest FacenetImage: rows of three bytes per pixel, spread to the
 * four that a crop reads. It leaves the pixels with the caller. Language
 * bindings cannot promise to keep them, so theirs hold a reference to a GBytes.
 */
#include <facenet/facenet-image.h>

#include <string.h>

#include <facenet/facenet-bindings.h>
#include <facenet/facenet-error.h>

#include "image/facenet-warper-private.h"

/* Of a cropped face. */
#define MAX_SIDE 4096

static void
read_rgb_row (gpointer user_data, gint x, gint y, gint n_pixels,
    guint8 * pixels)
{
  const FacenetPixels *self = user_data;
  const guint8 *row = self->data + (gsize) y * self->stride + (gsize) x * 3;
  guint32 word;
  gint i;

  /* Four bytes at a time, but for the last pixel: there is no fourth. */
  for (i = 0; i + 1 < n_pixels; i++) {
    memcpy (&word, row + 3 * i, 4);
    word = GUINT32_TO_LE (GUINT32_FROM_LE (word) << 8 | 0xff);
    memcpy (pixels + 4 * i, &word, 4);
  }
  if (i < n_pixels) {
    pixels[4 * i] = 0xff;
    memcpy (pixels + 4 * i + 1, row + 3 * i, 3);
  }
}

/**
 * facenet_image_init_rgb: (skip)
 * @image: (out caller-allocates): the picture
 * @pixels: (transfer none): where the pixels are; must stay valid as long as
 *   @image is used
 * @width: pixels in a row, > 0
 * @height: rows, > 0
 *
 * Makes a picture of RGB memory: 3 bytes per pixel, R first, any row stride of
 * at least 3 @width bytes. The value v of a channel stands for v/255.
 *
 * Since: 0.1
 */
void
facenet_image_init_rgb (FacenetImage * image, const FacenetPixels * pixels,
    gint width, gint height)
{
  guint i, j;

  g_return_if_fail (image != NULL);
  g_return_if_fail (pixels != NULL && pixels->data != NULL);
  g_return_if_fail (width > 0 && height > 0);
  g_return_if_fail (pixels->stride >= 3 * (gsize) width);

  image->width = width;
  image->height = height;
  image->read_row = read_rgb_row;
  image->user_data = (gpointer) pixels;
  for (i = 0; i < 3; i++) {
    for (j = 0; j < 4; j++)
      image->to_rgb[i][j] = i == j ? 1.0f / 255.0f : 0.0f;
  }
}

/* An image with what lies behind it; the image comes first. */
typedef struct
{
  FacenetImage image;
  FacenetImage plain;           /* reads pixels */
  FacenetPixels pixels;
  GBytes *bytes;
} ImageBytes;

/* Also tells an image of ours from a struct that a caller filled. */
static void
read_own_row (gpointer user_data, gint x, gint y, gint n_pixels,
    guint8 * pixels)
{
  const ImageBytes *self = user_data;

  self->plain.read_row (self->plain.user_data, x, y, n_pixels, pixels);
}

static FacenetImage *
image_new (GBytes * bytes, gint width, gint height, gsize stride)
{
  ImageBytes *self = g_new0 (ImageBytes, 1);

  self->bytes = g_bytes_ref (bytes);
  self->pixels.data = g_bytes_get_data (bytes, NULL);
  self->pixels.stride = stride;
  facenet_image_init_rgb (&self->plain, &self->pixels, width, height);
  self->image = self->plain;
  self->image.read_row = read_own_row;
  self->image.user_data = self;
  return &self->image;
}

/* Of an image that is not ours the copy still leans on the caller's pixels. */
static FacenetImage *
copy_image (const FacenetImage * image)
{
  const ImageBytes *self = (const ImageBytes *) image;
  ImageBytes *copy;

  if (image->read_row == read_own_row)
    return image_new (self->bytes, image->width, image->height,
        self->pixels.stride);
  copy = g_new0 (ImageBytes, 1);
  copy->image = *image;
  return &copy->image;
}

static void
free_image (FacenetImage * image)
{
  ImageBytes *self = (ImageBytes *) image;

  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

G_DEFINE_BOXED_TYPE (FacenetImage, facenet_image, copy_image, free_image);

/**
 * facenet_image_new_rgb: (constructor)
 * @pixels: rows of R, G, B, one byte each
 * @width: pixels in a row, > 0
 * @height: rows, > 0
 * @stride: bytes from one row to the next, 0 for 3 @width
 * @error: return location for a #GError
 *
 * Makes a picture that keeps its pixels.
 *
 * Returns: (transfer full): an image of type %FACENET_TYPE_IMAGE, or %NULL
 *   with %FACENET_ERROR_SHAPE when @pixels are too few
 *
 * Since: 0.1
 */
FacenetImage *
facenet_image_new_rgb (GBytes * pixels, guint width, guint height,
    gsize stride, GError ** error)
{
  gsize wanted;

  g_return_val_if_fail (pixels != NULL, NULL);

  if (stride == 0)
    stride = 3 * (gsize) width;
  if (width == 0 || height == 0 || width > G_MAXINT / 4 || height > G_MAXINT
      || stride < 3 * (gsize) width
      || !g_size_checked_mul (&wanted, stride, height - 1)
      || !g_size_checked_add (&wanted, wanted, 3 * (gsize) width)
      || g_bytes_get_size (pixels) < wanted) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE,
        "the picture has %" G_GSIZE_FORMAT " bytes, which are not %u rows of "
        "%u pixels, %" G_GSIZE_FORMAT " bytes apart", g_bytes_get_size (pixels),
        height, width, stride);
    return NULL;
  }
  return image_new (pixels, (gint) width, (gint) height, stride);
}

/**
 * facenet_image_crop:
 * @self: a picture
 * @rect: (nullable): what to crop, may reach beyond the picture; %NULL for the
 *   whole picture
 * @height: rows of the result, in [1,4096]
 * @width: columns of the result, in [1,4096]
 * @n_values: (out): how many numbers, 3 @height @width
 *
 * Crops and resamples a part of a picture, upright. To encode a face, see
 * facenet_encoder_encode_face().
 *
 * Returns: (transfer full) (array length=n_values): [3,@height,@width] planes
 *   R, G, B in [0,1], what facenet_session_embed_faces() takes
 *
 * Since: 0.1
 */
gfloat *
facenet_image_crop (const FacenetImage * self, const FacenetRect * rect,
    guint height, guint width, gsize * n_values)
{
  g_autoptr (FacenetWarper) warper = NULL;
  FacenetRect whole = { 0 };
  gfloat *face;

  g_return_val_if_fail (self != NULL && n_values != NULL, NULL);
  g_return_val_if_fail (height > 0 && height <= MAX_SIDE, NULL);
  g_return_val_if_fail (width > 0 && width <= MAX_SIDE, NULL);

  whole.width = self->width;
  whole.height = self->height;
  *n_values = 3 * (gsize) height *width;
  face = g_new0 (gfloat, *n_values);
  warper = facenet_warper_new (height, width);
  facenet_warper_crop_rect (warper, self, rect != NULL ? rect : &whole, face);
  return face;
}
