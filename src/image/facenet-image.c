/* facenet-image.c - plain RGB memory as a picture
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The simplest FacenetImage: rows of three bytes per pixel, spread to the
 * four that a crop reads.
 */
#include <facenet/facenet-image.h>

#include <string.h>

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
