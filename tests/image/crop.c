/* crop.c - crops against a plain double-precision one
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The reference integrates: an output pixel is the mean of the picture, edges
 * repeated for ever, over a window of max(scale, 1) pixels, found by adding
 * the overlap of the window with every source pixel.
 */
#include "image/facenet-warper-private.h"

#include <math.h>
#include <string.h>

#define SIDE 96
#define N_FACE (3 * SIDE * SIDE)

/* Weights are float32 and sums of up to some hundred terms of float32. */
#define TOLERANCE 2e-6

static void
assert_near (gfloat found, gfloat wanted, gfloat tolerance)
{
  g_assert_cmpfloat ((gdouble) fabsf (found - wanted), <=, (gdouble) tolerance);
}

typedef struct
{
  gint width, height;
  guint8 *data;                 /* [height, stride] */
  FacenetPixels pixels;
  FacenetImage image;
} Picture;

static void
picture_init (Picture * self, gint width, gint height, gsize padding)
{
  const gsize stride = 3 * (gsize) width + padding;
  gsize i;

  self->width = width;
  self->height = height;
  self->data = g_malloc (stride * (gsize) height);
  for (i = 0; i < stride * (gsize) height; i++)
    self->data[i] = (guint8) g_test_rand_int_range (0, 256);
  self->pixels.data = self->data;
  self->pixels.stride = stride;
  facenet_image_init_rgb (&self->image, &self->pixels, width, height);
}

static void
picture_clear (Picture * self)
{
  g_clear_pointer (&self->data, g_free);
}

static guint8 *
picture_at (const Picture * self, gint x, gint y)
{
  return self->data + (gsize) y *self->pixels.stride + 3 * (gsize) x;
}

static gfloat *
crop (const FacenetImage * image, const FacenetRect * rect)
{
  g_autoptr (FacenetWarper) warper = facenet_warper_new (SIDE, SIDE);
  gfloat *face = g_new (gfloat, N_FACE);

  memset (face, 0xff, N_FACE * sizeof *face);
  facenet_warper_crop_rect (warper, image, rect, face);
  return face;
}

/* Weight of each of n source pixels in the mean over [lo, hi). */
static void
reference_weights (gdouble * weights, gint n, gdouble lo, gdouble hi)
{
  gint i;

  for (i = 0; i < n; i++) {
    const gdouble left = i == 0 ? -1e15 : i;
    const gdouble right = i == n - 1 ? 1e15 : i + 1;
    const gdouble overlap = MIN (hi, right) - MAX (lo, left);

    weights[i] = MAX (overlap, 0.0) / (hi - lo);
  }
}

static gdouble
reference (const Picture * self, const FacenetRect * rect, guint index)
{
  const guint channel = index / (SIDE * SIDE);
  const guint i = index / SIDE % SIDE;
  const guint j = index % SIDE;
  const gdouble sy = rect->height / SIDE;
  const gdouble sx = rect->width / SIDE;
  const gdouble cy = rect->y + (i + 0.5) * sy;
  const gdouble cx = rect->x + (j + 0.5) * sx;
  const gdouble hy = 0.5 * MAX (sy, 1.0);
  const gdouble hx = 0.5 * MAX (sx, 1.0);
  g_autofree gdouble *wy = g_new (gdouble, self->height);
  g_autofree gdouble *wx = g_new (gdouble, self->width);
  gdouble sum = 0.0;
  gint x, y;

  reference_weights (wy, self->height, cy - hy, cy + hy);
  reference_weights (wx, self->width, cx - hx, cx + hx);
  for (y = 0; y < self->height; y++) {
    for (x = 0; wy[y] > 0.0 && x < self->width; x++)
      sum += wy[y] * wx[x] * picture_at (self, x, y)[channel];
  }
  return sum / 255.0;
}

static void
check_some (const Picture * self, const FacenetRect * rect)
{
  g_autofree gfloat *face = crop (&self->image, rect);
  guint n;

  for (n = 0; n < 60; n++) {
    const guint index = (guint) g_test_rand_int_range (0, N_FACE);

    g_assert_cmpfloat (fabs ((gdouble) face[index] - reference (self, rect,
                index)), <=, TOLERANCE);
  }
}

static void
test_random_rects_equal_the_reference (void)
{
  guint n;

  for (n = 0; n < 60; n++) {
    Picture picture;
    FacenetRect rect;

    picture_init (&picture, g_test_rand_int_range (1, 160),
        g_test_rand_int_range (1, 160), 0);
    rect.x = g_test_rand_double_range (-100.0, 160.0);
    rect.y = g_test_rand_double_range (-100.0, 160.0);
    rect.width = exp (g_test_rand_double_range (-1.0, 6.5));
    rect.height = exp (g_test_rand_double_range (-1.0, 6.5));
    check_some (&picture, &rect);
    picture_clear (&picture);
  }
}

static void
test_rects_of_any_size_equal_the_reference (void)
{
  /* *INDENT-OFF* */
  static const FacenetRect rects[] = {
    { 0, 0, 1, 1 },
    { 30.5, 20.25, 1, 1 },
    { 10, 10, 0.01, 0.01 },
    { -4000, -4000, 8000, 8000 },
    { 0, 0, 8000, 8000 },
    { 1e6, 1e6, 96, 96 },
    { -1e6, 3, 96, 40 },
    { 64, 0, 50, 50 },
    { -50, 10, 50, 50 },
    { 3, -1e12, 5, 2e12 },
    { 5, 5, 96.0000001, 95.9999999 },
  };
  /* *INDENT-ON* */
  Picture picture;
  guint n;

  picture_init (&picture, 64, 50, 5);
  for (n = 0; n < G_N_ELEMENTS (rects); n++)
    check_some (&picture, &rects[n]);
  picture_clear (&picture);
}

static void
test_own_size_is_a_copy (void)
{
  const FacenetRect rect = { 0, 0, SIDE, SIDE };
  g_autofree gfloat *face = NULL;
  Picture picture;
  gint x, y;
  guint c;

  picture_init (&picture, SIDE, SIDE, 0);
  face = crop (&picture.image, &rect);
  for (y = 0; y < SIDE; y++) {
    for (x = 0; x < SIDE; x++) {
      for (c = 0; c < 3; c++) {
        const gfloat found = face[(c * SIDE + (guint) y) * SIDE + (guint) x];
        const guint8 wanted = picture_at (&picture, x, y)[c];

        /* v / 255 and v * (1 / 255) differ by a rounding. */
        assert_near (found, wanted / 255.0f, 6e-8f);
        g_assert_cmpint (lrintf (found * 255.0f), ==, wanted);
      }
    }
  }
  picture_clear (&picture);
}

static void
test_padding_of_rows_is_never_seen (void)
{
  const FacenetRect rect = { 3.5, 2.5, 40, 41 };
  Picture tight, padded;
  g_autofree gfloat *a = NULL;
  g_autofree gfloat *b = NULL;
  gint y;

  picture_init (&tight, 47, 45, 0);
  picture_init (&padded, 47, 45, 11);
  for (y = 0; y < 45; y++)
    memcpy (picture_at (&padded, 0, y), picture_at (&tight, 0, y), 3 * 47);
  a = crop (&tight.image, &rect);
  b = crop (&padded.image, &rect);
  g_assert_cmpmem (a, N_FACE * sizeof *a, b, N_FACE * sizeof *b);
  picture_clear (&tight);
  picture_clear (&padded);
}

static void
test_constant_picture_stays_constant (void)
{
  Picture picture;
  guint n, i;

  picture_init (&picture, 200, 170, 1);
  memset (picture.data, 200, picture.pixels.stride * 170);
  for (n = 0; n < 20; n++) {
    const gdouble side = exp (g_test_rand_double_range (0.0, 7.0));
    const FacenetRect rect = { g_test_rand_double_range (-100, 200),
      g_test_rand_double_range (-100, 200), side, side
    };
    g_autofree gfloat *face = crop (&picture.image, &rect);

    for (i = 0; i < N_FACE; i++)
      assert_near (face[i], 200.0f / 255.0f, 1e-6f);
  }
  picture_clear (&picture);
}

static void
test_mirrored_picture_gives_mirrored_face (void)
{
  const FacenetRect rects[] = { {20.25, 30.5, 100, 100}, {10, 20, 31, 33} };
  Picture picture, mirror;
  guint n, i, j, c;
  gint x, y;

  picture_init (&picture, 161, 150, 0);
  picture_init (&mirror, 161, 150, 0);
  for (y = 0; y < 150; y++) {
    for (x = 0; x < 161; x++)
      memcpy (picture_at (&mirror, x, y), picture_at (&picture, 160 - x, y), 3);
  }
  for (n = 0; n < G_N_ELEMENTS (rects); n++) {
    FacenetRect other = rects[n];
    g_autofree gfloat *a = crop (&picture.image, &rects[n]);
    g_autofree gfloat *b = NULL;

    other.x = 161 - rects[n].x - rects[n].width;
    b = crop (&mirror.image, &other);
    for (c = 0; c < 3; c++) {
      for (i = 0; i < SIDE; i++) {
        for (j = 0; j < SIDE; j++)
          assert_near (a[(c * SIDE + i) * SIDE + j],
              b[(c * SIDE + i) * SIDE + SIDE - 1 - j], 1e-6f);
      }
    }
  }
  picture_clear (&picture);
  picture_clear (&mirror);
}

/* At scales 4 and 5.2, a sampler that skips pixels turns a checkerboard into
 * black, white or coarse stripes. */
static void
test_checkerboard_shrinks_to_grey (void)
{
  const gdouble sides[] = { 4 * SIDE, 500 };
  Picture picture;
  gint x, y;
  guint n, i;

  picture_init (&picture, 500, 500, 0);
  for (y = 0; y < 500; y++) {
    for (x = 0; x < 500; x++)
      memset (picture_at (&picture, x, y), (x + y) % 2 == 0 ? 255 : 0, 3);
  }
  for (n = 0; n < G_N_ELEMENTS (sides); n++) {
    const FacenetRect rect = { 0, 0, sides[n], sides[n] };
    g_autofree gfloat *face = crop (&picture.image, &rect);

    for (i = 0; i < N_FACE; i++)
      assert_near (face[i], 0.5f, 0.04f);
  }
  picture_clear (&picture);
}

static void
test_map_to_rgb_is_applied_and_clamped (void)
{
  /* *INDENT-OFF* */
  static const gfloat map[3][4] = {
    { 0.0f, 0.0f, 1.0f / 255.0f, 0.0f },
    { 0.01f, 0.0f, 0.0f, -0.5f },
    { 0.0f, 0.01f, 0.0f, 0.5f },
  };
  /* *INDENT-ON* */
  const FacenetRect rect = { 0, 0, 8, 8 };
  g_autofree gfloat *face = NULL;
  Picture picture;
  gint i;

  picture_init (&picture, 8, 8, 0);
  for (i = 0; i < 64; i++) {
    picture.data[3 * i] = 20;
    picture.data[3 * i + 1] = 100;
    picture.data[3 * i + 2] = 51;
  }
  memcpy (picture.image.to_rgb, map, sizeof map);
  face = crop (&picture.image, &rect);
  assert_near (face[0], 0.2f, 1e-6f);
  assert_near (face[SIDE * SIDE], 0.0f, 0.0f);
  assert_near (face[2 * SIDE * SIDE], 1.0f, 0.0f);
  picture_clear (&picture);
}

typedef struct
{
  gint width, height;
  gint left, right;             /* columns asked for */
  gint rows[64];                /* how often each was asked for */
} Recorder;

static void
record_row (gpointer user_data, gint x, gint y, gint n_pixels, guint8 * pixels)
{
  Recorder *self = user_data;

  g_assert_cmpint (x % 2, ==, 0);
  g_assert_cmpint (x, >=, 0);
  g_assert_cmpint (y, >=, 0);
  g_assert_cmpint (n_pixels, >, 0);
  g_assert_cmpint (x + n_pixels, <=, self->width);
  g_assert_cmpint (y, <, self->height);
  self->left = MIN (self->left, x);
  self->right = MAX (self->right, x + n_pixels);
  self->rows[y]++;
  memset (pixels, 0, 4 * (gsize) n_pixels);
}

static void
test_reads_each_row_of_the_rect_once (void)
{
  const FacenetRect rect = { 11.5, 20.5, 30, 20 };
  Recorder recorder = { 61, 64, 61, 0, {0} };
  FacenetImage image = { 61, 64, record_row, &recorder, {{0.0f}} };
  gint y;

  g_free (crop (&image, &rect));
  g_assert_cmpint (recorder.left, ==, 10);
  g_assert_cmpint (recorder.right, ==, 42);
  for (y = 0; y < 64; y++)
    g_assert_cmpint (recorder.rows[y], ==, y >= 20 && y <= 40);
}

static void
test_cropper_serves_crops_of_any_size (void)
{
  g_autoptr (FacenetWarper) warper = facenet_warper_new (8, 12);
  const FacenetRect wide = { 0, 0, 5000, 4 };
  const FacenetRect small = { 4000, 1, 12, 2 };
  gfloat face[3 * 8 * 12];
  Picture picture;

  picture_init (&picture, 5000, 4, 0);
  facenet_warper_crop_rect (warper, &picture.image, &small, face);
  facenet_warper_crop_rect (warper, &picture.image, &wide, face);
  facenet_warper_crop_rect (warper, &picture.image, &small, face);
  /* Four output rows per source row: the centre of row 2 lies an eighth of
   * a pixel below the centre of source row 1. */
  assert_near (face[2 * 12 + 5] * 255.0f,
      0.125f * picture_at (&picture, 4005, 2)[0] +
      0.875f * picture_at (&picture, 4005, 1)[0], 1e-3f);
  picture_clear (&picture);
}

static void
test_rect_is_a_square_below_the_centre_of_the_box (void)
{
  const FacenetRect box = { 100, 50, 80, 120 };
  FacenetRect rect;

  facenet_rect_from_box (&rect, &box, 0.5, 0.1);
  g_assert_cmpfloat (rect.width, ==, 50.0);
  g_assert_cmpfloat (rect.height, ==, 50.0);
  g_assert_cmpfloat (rect.x + 25.0, ==, 140.0);
  g_assert_cmpfloat (rect.y + 25.0, ==, 120.0);

  rect = box;
  facenet_rect_from_box (&rect, &rect, 1.0, 0.0);
  g_assert_cmpfloat (rect.x, ==, 90.0);
  g_assert_cmpfloat (rect.y, ==, 60.0);
  g_assert_cmpfloat (rect.width, ==, 100.0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crop/random-rects-equal-the-reference",
      test_random_rects_equal_the_reference);
  g_test_add_func ("/crop/rects-of-any-size-equal-the-reference",
      test_rects_of_any_size_equal_the_reference);
  g_test_add_func ("/crop/own-size-is-a-copy", test_own_size_is_a_copy);
  g_test_add_func ("/crop/padding-of-rows-is-never-seen",
      test_padding_of_rows_is_never_seen);
  g_test_add_func ("/crop/constant-picture-stays-constant",
      test_constant_picture_stays_constant);
  g_test_add_func ("/crop/mirrored-picture-gives-mirrored-face",
      test_mirrored_picture_gives_mirrored_face);
  g_test_add_func ("/crop/checkerboard-shrinks-to-grey",
      test_checkerboard_shrinks_to_grey);
  g_test_add_func ("/crop/map-to-rgb-is-applied-and-clamped",
      test_map_to_rgb_is_applied_and_clamped);
  g_test_add_func ("/crop/reads-each-row-of-the-rect-once",
      test_reads_each_row_of_the_rect_once);
  g_test_add_func ("/crop/cropper-serves-crops-of-any-size",
      test_cropper_serves_crops_of_any_size);
  g_test_add_func ("/crop/rect-is-a-square-below-the-centre-of-the-box",
      test_rect_is_a_square_below_the_centre_of_the_box);
  return g_test_run ();
}
