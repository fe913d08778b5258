/* letterbox.c - pictures at the input of a detector against the definition
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "face/facenet-letterbox-private.h"

#include <math.h>
#include <string.h>

#define MARK 7.0f

typedef struct
{
  guint w, h;
  guint8 *rgb;                  /* [h,w,3] */
  guint *n_reads;               /* [h] */
} Picture;

static void
read_row (gpointer user_data, gint x, gint y, gint n_pixels, guint8 * pixels)
{
  Picture *picture = user_data;

  g_assert_cmpint (x, ==, 0);
  g_assert_cmpint (n_pixels, ==, (gint) picture->w);
  g_assert_true (y >= 0 && y < (gint) picture->h);
  picture->n_reads[y]++;
  for (gint i = 0; i < n_pixels; i++) {
    pixels[4 * i] = 99;
    memcpy (pixels + 4 * i + 1,
        picture->rgb + 3 * ((guint) y * picture->w + (guint) i), 3);
  }
}

static void
picture_init (Picture * self, FacenetImage * image, guint w, guint h)
{
  FacenetPixels unused = { (const guint8 *) "", 3 * (gsize) w };

  self->w = w;
  self->h = h;
  self->rgb = g_malloc (3 * (gsize) w * h);
  self->n_reads = g_new0 (guint, h);
  for (guint i = 0; i < 3 * w * h; i++)
    self->rgb[i] = (guint8) g_test_rand_int_range (0, 256);
  facenet_image_init_rgb (image, &unused, (gint) w, (gint) h);
  image->read_row = read_row;
  image->user_data = self;
}

static void
picture_clear (Picture * self)
{
  g_free (self->rgb);
  g_free (self->n_reads);
}

/* Planar, [3,input_h,input_w]. */
static gfloat *
fill (const FacenetLetterbox * letterbox, const FacenetImage * image,
    guint n_bands)
{
  FacenetShape shape = { 3, letterbox->input_h, letterbox->input_w };
  gfloat *data = g_new (gfloat, facenet_shape_size (&shape));
  FacenetMapView input = { data, shape.w, 1, facenet_shape_plane (&shape),
    shape
  };
  FacenetLetterboxScratch scratch = { 0 };

  for (gsize i = 0; i < facenet_shape_size (&shape); i++)
    data[i] = MARK;
  facenet_letterbox_scratch_ensure (&scratch, letterbox);
  for (guint i = 0; i < n_bands; i++)
    facenet_letterbox_fill (letterbox, image, &scratch, &input,
        shape.h * i / n_bands, shape.h * (i + 1) / n_bands);
  facenet_letterbox_scratch_clear (&scratch);
  return data;
}

/* How much of [p,p+1) lies in the window of output pixel i of n over side. */
static gdouble
naive_weight (guint p, guint i, guint n, guint side)
{
  gdouble scale = (gdouble) side / n, width = MAX (scale, 1.0);
  gdouble lo = (i + 0.5) * scale - 0.5 * width, hi = lo + width;
  gdouble from = p == 0 ? -INFINITY : p, to = p + 1 == side ? INFINITY : p + 1;

  return MAX (MIN (hi, to) - MAX (lo, from), 0.0) / width;
}

static gdouble
naive_at (const Picture * picture, const FacenetLetterbox * letterbox, guint c,
    guint y, guint x)
{
  gdouble sum = 0.0;

  for (guint sy = 0; sy < picture->h; sy++) {
    gdouble wy = naive_weight (sy, y, letterbox->h, picture->h);

    for (guint sx = 0; wy > 0.0 && sx < picture->w; sx++)
      sum += wy * naive_weight (sx, x, letterbox->w, picture->w) *
          picture->rgb[3 * (sy * picture->w + sx) + c];
  }
  return sum / 127.5 - 1.0;
}

static void
check (guint w, guint h, guint min_face)
{
  FacenetLetterbox letterbox;
  FacenetImage image;
  Picture picture;
  g_autofree gfloat *found = NULL;
  const gfloat *next;

  picture_init (&picture, &image, w, h);
  facenet_letterbox_init (&letterbox, w, h, min_face);
  found = fill (&letterbox, &image, 1);
  next = found;
  for (guint c = 0; c < 3; c++)
    for (guint y = 0; y < letterbox.input_h; y++)
      for (guint x = 0; x < letterbox.input_w; x++, next++) {
        if (y < letterbox.h && x < letterbox.w)
          /* Sums of up to 400 bytes in float32. */
          g_assert_cmpfloat_with_epsilon ((gdouble) * next, naive_at (&picture,
                  &letterbox, c, y, x), 2e-5);
        else
          g_assert_cmpfloat (*next, ==, -1.0f);
      }
  facenet_letterbox_clear (&letterbox);
  picture_clear (&picture);
}

static void
test_shrinking_is_the_mean_of_the_area (void)
{
  check (48, 40, 36);           /* by 2 */
  check (61, 47, 50);
  check (33, 64, 333);
}

static void
test_enlarging_interpolates (void)
{
  check (19, 31, 9);
  check (23, 17, 13);
}

static void
test_odd_pictures (void)
{
  check (1, 1, 0);
  check (1, 1, 1);
  check (1, 70, 0);
  check (70, 1, 0);
  check (31, 33, 18);
}

static void
test_scale_1_copies (void)
{
  FacenetLetterbox letterbox;
  FacenetImage image;
  Picture picture;
  g_autofree gfloat *found = NULL;

  picture_init (&picture, &image, 50, 35);
  facenet_letterbox_init (&letterbox, 50, 35, 0);
  g_assert_cmpuint (letterbox.w, ==, 50);
  g_assert_cmpuint (letterbox.h, ==, 35);
  g_assert_cmpuint (letterbox.input_w, ==, 64);
  g_assert_cmpuint (letterbox.input_h, ==, 64);
  found = fill (&letterbox, &image, 1);
  for (guint c = 0; c < 3; c++)
    for (guint y = 0; y < 35; y++)
      for (guint x = 0; x < 50; x++)
        g_assert_cmpfloat_with_epsilon ((gdouble) found[(c * 64 + y) * 64 + x],
            picture.rgb[3 * (y * 50 + x) + c] / 127.5 - 1.0, 2e-7);
  facenet_letterbox_clear (&letterbox);
  picture_clear (&picture);
}

/* Y, Pb, Pr as a camera gives them, one colour. */
static void
test_colours_are_converted (void)
{
  const gfloat to_rgb[3][4] = {
    {1.164f / 255, 0.0f, 1.596f / 255, -0.8742f},
    {1.164f / 255, -0.392f / 255, -0.813f / 255, 0.5317f},
    {1.164f / 255, 2.017f / 255, 0.0f, -1.0856f},
  };
  const guint8 yuv[3] = { 120, 100, 190 };
  FacenetLetterbox letterbox;
  FacenetImage image;
  Picture picture;
  g_autofree gfloat *found = NULL;

  picture_init (&picture, &image, 40, 40);
  memcpy (image.to_rgb, to_rgb, sizeof to_rgb);
  for (guint i = 0; i < 40 * 40; i++)
    memcpy (picture.rgb + 3 * i, yuv, 3);
  facenet_letterbox_init (&letterbox, 40, 40, 30);
  found = fill (&letterbox, &image, 1);
  for (guint c = 0; c < 3; c++) {
    gdouble value = (gdouble) to_rgb[c][3];

    for (guint k = 0; k < 3; k++)
      value += (gdouble) to_rgb[c][k] * yuv[k];
    g_assert_cmpfloat_with_epsilon ((gdouble) found[c * letterbox.input_h *
            letterbox.input_w + 5], 2 * CLAMP (value, 0.0, 1.0) - 1.0, 1e-6);
  }
  facenet_letterbox_clear (&letterbox);
  picture_clear (&picture);
}

static void
test_each_row_is_read_once (void)
{
  FacenetLetterbox letterbox;
  FacenetImage image;
  Picture picture;
  g_autofree gfloat *found = NULL;

  picture_init (&picture, &image, 90, 77);
  facenet_letterbox_init (&letterbox, 90, 77, 29);
  found = fill (&letterbox, &image, 1);
  for (guint y = 0; y < 77; y++)
    g_assert_cmpuint (picture.n_reads[y], ==, 1);
  facenet_letterbox_clear (&letterbox);
  picture_clear (&picture);
}

static void
test_bands_do_not_change_a_bit (void)
{
  FacenetLetterbox letterbox;
  FacenetImage image;
  Picture picture;
  g_autofree gfloat *wanted = NULL;

  picture_init (&picture, &image, 90, 77);
  facenet_letterbox_init (&letterbox, 90, 77, 29);
  wanted = fill (&letterbox, &image, 1);
  for (guint n = 2; n < 60; n += 5) {
    g_autofree gfloat *found = fill (&letterbox, &image, n);
    gsize size = 3 * (gsize) letterbox.input_h * letterbox.input_w *
        sizeof *found;

    g_assert_cmpmem (found, size, wanted, size);
  }
  facenet_letterbox_clear (&letterbox);
  picture_clear (&picture);
}

static void
assert_size (guint image_w, guint image_h, guint min_face, guint w, guint h)
{
  FacenetLetterbox letterbox;

  facenet_letterbox_init (&letterbox, image_w, image_h, min_face);
  g_assert_cmpuint (letterbox.w, ==, w);
  g_assert_cmpuint (letterbox.h, ==, h);
  g_assert_cmpuint (letterbox.input_w % 32, ==, 0);
  g_assert_cmpuint (letterbox.input_h % 32, ==, 0);
  g_assert_cmpuint (letterbox.input_w, >=, w);
  g_assert_cmpuint (letterbox.input_w, <, w + 32);
  g_assert_cmpuint (letterbox.input_h, >=, h);
  g_assert_cmpuint (letterbox.input_h, <, h + 32);
  facenet_letterbox_clear (&letterbox);
}

static void
test_scales (void)
{
  assert_size (640, 480, 0, 640, 480);
  assert_size (320, 240, 0, 320, 240);
  assert_size (1920, 1080, 0, 640, 360);
  assert_size (1080, 1920, 0, 360, 640);
  assert_size (8192, 1, 0, 640, 1);
  assert_size (1920, 1080, 18, 1920, 1080);
  assert_size (1920, 1080, 36, 960, 540);
  assert_size (1920, 1080, 72, 480, 270);
  /* Enlarged twice at most. */
  assert_size (100, 60, 4, 200, 120);
  /* Two million pixels at most. */
  assert_size (8192, 8192, 18, 1445, 1445);
  assert_size (32767, 1, 9, 65280, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/letterbox/shrinking-is-the-mean-of-the-area",
      test_shrinking_is_the_mean_of_the_area);
  g_test_add_func ("/letterbox/enlarging-interpolates",
      test_enlarging_interpolates);
  g_test_add_func ("/letterbox/odd-pictures", test_odd_pictures);
  g_test_add_func ("/letterbox/scale-1-copies", test_scale_1_copies);
  g_test_add_func ("/letterbox/colours-are-converted",
      test_colours_are_converted);
  g_test_add_func ("/letterbox/each-row-is-read-once",
      test_each_row_is_read_once);
  g_test_add_func ("/letterbox/bands-do-not-change-a-bit",
      test_bands_do_not_change_a_bit);
  g_test_add_func ("/letterbox/scales", test_scales);
  return g_test_run ();
}
