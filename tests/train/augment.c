/* augment.c - photos change as they should, and only so far
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "image/facenet-warper-private.h"
#include "train/facenet-augment-private.h"
#include "train/facenet-degrade-private.h"
#include "train/facenet-pictures-private.h"
#include "train/facenet-jitter-private.h"

#include <math.h>
#include <string.h>

#define FACE FACENET_AUGMENT_FACE
#define SIDE FACENET_AUGMENT_SIDE
#define MARGIN FACENET_AUGMENT_MARGIN
#define FLOATS FACENET_AUGMENT_FLOATS

/* Smooth colours with a bright point, [3,SIDE,SIDE]. */
static guint8 *
new_picture (void)
{
  guint8 *picture = g_new (guint8, FACENET_AUGMENT_BYTES);

  for (guint c = 0; c < 3; c++) {
    for (guint y = 0; y < SIDE; y++) {
      for (guint x = 0; x < SIDE; x++)
        picture[(c * SIDE + y) * SIDE + x] =
            (guint8) (128 + 60 * sin (0.1 * x + c) * cos (0.07 * y));
    }
    picture[(c * SIDE + 40) * SIDE + 50] = 255;
  }
  return picture;
}

static gfloat *
new_face (const guint8 * picture)
{
  FacenetJitter jitter = { FALSE, 0, 0, 1, 0 };
  gfloat *face = g_new (gfloat, FLOATS);

  facenet_jitter_apply (&jitter, picture, SIDE, face, FACE);
  return face;
}

static gdouble
at (const gfloat * face, guint c, guint y, guint x)
{
  return (gdouble) face[(c * FACE + y) * FACE + x];
}

static gdouble
measure_difference (const gfloat * a, const gfloat * b)
{
  gdouble sum = 0.0;

  for (gsize i = 0; i < FLOATS; i++)
    sum += (gdouble) (a[i] - b[i]) * (gdouble) (a[i] - b[i]);
  return sqrt (sum / (gdouble) FLOATS);
}

/* Mean and variance of all values. */
static void
describe (const gfloat * face, gdouble * mean, gdouble * variance)
{
  gdouble sum = 0.0, squares = 0.0;

  for (gsize i = 0; i < FLOATS; i++) {
    sum += (gdouble) face[i];
    squares += (gdouble) face[i] * (gdouble) face[i];
  }
  *mean = sum / (gdouble) FLOATS;
  *variance = squares / (gdouble) FLOATS - *mean * *mean;
}

static void
assert_in_range (const gfloat * face)
{
  for (gsize i = 0; i < FLOATS; i++) {
    g_assert_cmpfloat (face[i], >=, 0.0f);
    g_assert_cmpfloat (face[i], <=, 1.0f);
  }
}

static void
test_no_jitter_copies_the_middle (void)
{
  g_autofree guint8 *picture = new_picture ();
  g_autofree gfloat *face = new_face (picture);

  for (guint c = 0; c < 3; c++) {
    for (guint y = 0; y < FACE; y++) {
      for (guint x = 0; x < FACE; x++)
        g_assert_cmpfloat (face[(c * FACE + y) * FACE + x], ==,
            picture[(c * SIDE + y + MARGIN) * SIDE + x + MARGIN] / 255.0f);
    }
  }
}

static void
test_jitter_moves_the_point (void)
{
  g_autofree guint8 *picture = new_picture ();
  g_autofree gfloat *face = g_new (gfloat, FLOATS);
  const guint y = 40 - MARGIN, x = 50 - MARGIN;
  FacenetJitter jitter = { TRUE, 0, 0, 1, 0 };

  facenet_jitter_apply (&jitter, picture, SIDE, face, FACE);
  g_assert_cmpfloat_with_epsilon (at (face, 1, y, FACE - 1 - x), 1.0, 1e-6);

  /* The frame moves right and down, so the point moves left and up. */
  jitter.flip = FALSE;
  jitter.shift_x = 3.0 / FACE;
  jitter.shift_y = 5.0 / FACE;
  facenet_jitter_apply (&jitter, picture, SIDE, face, FACE);
  g_assert_cmpfloat_with_epsilon (at (face, 1, y - 5, x - 3), 1.0, 1e-5);

  /* A quarter turn about the middle: what was above lies left or right. */
  jitter.shift_x = jitter.shift_y = 0;
  jitter.rotation = 0.5 * G_PI;
  facenet_jitter_apply (&jitter, picture, SIDE, face, FACE);
  g_assert_cmpfloat_with_epsilon (at (face, 1, FACE - 1 - x, y), 1.0, 1e-5);
}

/* Whatever else changes, a flipped face is the mirror image. */
static void
test_flip_mirrors_what_is_turned (void)
{
  g_autofree guint8 *picture = new_picture ();
  g_autofree gfloat *face = g_new (gfloat, FLOATS);
  g_autofree gfloat *mirror = g_new (gfloat, FLOATS);
  FacenetJitter jitter = { FALSE, 0.03, -0.02, 1.1, 0.2 };

  facenet_jitter_apply (&jitter, picture, SIDE, face, FACE);
  jitter.flip = TRUE;
  facenet_jitter_apply (&jitter, picture, SIDE, mirror, FACE);
  for (guint y = 0; y < FACE; y++) {
    for (guint x = 0; x < FACE; x++)
      g_assert_cmpfloat_with_epsilon (at (face, 1, y, x),
          at (mirror, 1, y, FACE - 1 - x), 1e-5);
  }
}

/* A frame of twice the side shows everything at half the distance. */
static void
test_jitter_scales_about_the_middle (void)
{
  g_autofree guint8 *picture = g_new0 (guint8, FACENET_AUGMENT_BYTES);
  g_autofree gfloat *face = g_new (gfloat, FLOATS);
  FacenetJitter jitter = { FALSE, 0, 0, 0.5, 0 };

  for (guint i = 0; i < 3 * SIDE * SIDE; i++)
    picture[i] = (guint8) (2 * (i % SIDE));
  facenet_jitter_apply (&jitter, picture, SIDE, face, FACE);
  for (guint x = 0; x < FACE; x++)
    g_assert_cmpfloat_with_epsilon (at (face, 0, 7, x) * 255.0,
        2.0 * (SIDE / 2 - 0.5 + 0.5 * (x + 0.5 - FACE / 2)), 1e-4);
}

static void
test_light (void)
{
  g_autofree guint8 *picture = new_picture ();
  g_autofree gfloat *face = new_face (picture);
  gdouble mean, variance, new_mean, new_variance;

  describe (face, &mean, &variance);
  facenet_degrade_light (face, FACE, 0.5, 0.1);
  describe (face, &new_mean, &new_variance);
  g_assert_cmpfloat_with_epsilon (new_mean, mean + 0.1, 1e-4);
  g_assert_cmpfloat_with_epsilon (new_variance, variance / 4, 1e-4);
  facenet_degrade_light (face, FACE, 3, 0.7);
  assert_in_range (face);
}

/* A point becomes a bell whose variance is sigma², and no light is lost. */
static void
test_blur_spreads_a_point (void)
{
  g_autofree gfloat *face = g_new0 (gfloat, FLOATS);
  const gdouble sigma = 1.7;
  gdouble sum = 0.0, variance = 0.0;

  face[50 * FACE + 40] = 1.0f;
  facenet_degrade_blur (face, FACE, sigma);
  for (guint y = 0; y < FACE; y++) {
    for (guint x = 0; x < FACE; x++) {
      sum += at (face, 0, y, x);
      variance += at (face, 0, y, x) * (x - 40.0) * (x - 40.0);
    }
  }
  g_assert_cmpfloat_with_epsilon (sum, 1.0, 1e-4);
  g_assert_cmpfloat_with_epsilon (variance, sigma * sigma, 0.06);
}

static void
test_shrinking_takes_detail_only (void)
{
  g_autofree guint8 *picture = new_picture ();
  g_autofree gfloat *face = new_face (picture);
  g_autofree gfloat *small = g_memdup2 (face, FLOATS * sizeof *face);
  gdouble last = 0.0;

  facenet_degrade_shrink (small, FACE, FACE);
  g_assert_cmpfloat (measure_difference (face, small), <, 1e-6);
  for (guint side = 80; side >= 10; side -= 10) {
    gdouble mean, small_mean, variance, difference;

    memcpy (small, face, FLOATS * sizeof *face);
    facenet_degrade_shrink (small, FACE, side);
    describe (face, &mean, &variance);
    describe (small, &small_mean, &variance);
    g_assert_cmpfloat_with_epsilon (mean, small_mean, 2e-3);
    difference = measure_difference (face, small);
    if (side < 40)
      g_assert_cmpfloat (difference, >, last);
    last = difference;
  }
}

static void
test_noise_has_its_sigma (void)
{
  g_autofree gfloat *face = g_new (gfloat, FLOATS);
  g_autofree gfloat *same = g_new (gfloat, FLOATS);
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  gdouble mean, variance;

  for (gsize i = 0; i < FLOATS; i++)
    face[i] = same[i] = 0.5f;
  facenet_degrade_noise (face, FACE, 0.05, rand);
  describe (face, &mean, &variance);
  g_assert_cmpfloat_with_epsilon (mean, 0.5, 0.002);
  g_assert_cmpfloat_with_epsilon (sqrt (variance), 0.05, 0.002);
  g_rand_set_seed (rand, 5);
  facenet_degrade_noise (same, FACE, 0.05, rand);
  g_assert_cmpmem (face, FLOATS * sizeof *face, same, FLOATS * sizeof *same);
}

static void
test_no_strength_changes_nothing (void)
{
  g_autofree guint8 *picture = new_picture ();
  g_autofree gfloat *face = new_face (picture);
  g_autofree gfloat *augmented = g_new (gfloat, FLOATS);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  FacenetAugment augment;

  facenet_augment_init (&augment, 0.0);
  for (guint i = 0; i < 50; i++) {
    facenet_augment_apply (&augment, picture, rand, augmented);
    g_assert_cmpmem (face, FLOATS * sizeof *face, augmented,
        FLOATS * sizeof *augmented);
  }
}

/* A picture is another one each time, but recognisably the same. */
static void
test_pictures_change_by_chance (void)
{
  g_autofree guint8 *picture = new_picture ();
  g_autofree gfloat *face = new_face (picture);
  g_autofree gfloat *first = g_new (gfloat, FLOATS);
  g_autofree gfloat *augmented = g_new (gfloat, FLOATS);
  FacenetAugment augment;

  facenet_augment_init (&augment, 1.0);
  for (guint seed = 0; seed < 60; seed++) {
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed / 2);

    facenet_augment_apply (&augment, picture, rand,
        seed % 2 == 0 ? first : augmented);
    if (seed % 2 == 0)
      continue;
    g_assert_cmpmem (first, FLOATS * sizeof *first, augmented,
        FLOATS * sizeof *augmented);
    assert_in_range (augmented);
    g_assert_cmpfloat (measure_difference (face, augmented), >, 0.001);
    g_assert_cmpfloat (measure_difference (face, augmented), <, 0.4);
  }
}

/* Without augmentation the network sees what it would see without training. */
/* frame: where a face lies in a picture of 150x150 pixels */
static void
check_middle (const FacenetAffine * frame)
{
  const gint side = 150;
  g_autofree guint8 *data = g_new (guint8, side * side * 3);
  g_autofree gfloat *crop = g_new (gfloat, FLOATS);
  g_autofree gfloat *face = NULL;
  g_autoptr (FacenetPictures) pictures = facenet_pictures_new ();
  g_autoptr (FacenetWarper) warper = facenet_warper_new (FACE, FACE);
  FacenetPixels pixels = { data, (gsize) side * 3 };
  FacenetImage image;

  for (gint i = 0; i < side * side * 3; i++)
    data[i] = (guint8) (i * 7 + i / 450 * 13);
  facenet_image_init_rgb (&image, &pixels, side, side);
  facenet_warper_crop (warper, &image, frame, crop);
  g_assert_true (facenet_pictures_add (pictures, "ann", &image, frame, NULL));
  face = new_face (facenet_pictures_get (pictures, 0));
  for (gsize i = 0; i < FLOATS; i++)
    g_assert_cmpfloat_with_epsilon ((gdouble) face[i], (gdouble) crop[i],
        0.51 / 255);
}

static void
test_the_middle_is_the_crop (void)
{
  const FacenetAffine upright = {.xu = 108,.yv = 108,.x0 = 20,.y0 = 27 };
  const FacenetAffine turned = { 80, -30, 45, 30, 80, 20 };

  check_middle (&upright);
  check_middle (&turned);
}

static void
test_pictures_have_labels_and_an_id (void)
{
  guint8 data[8 * 8 * 3] = { 0 };
  FacenetPixels pixels = { data, 8 * 3 };
  const FacenetAffine frame = {.xu = 8,.yv = 8 };
  FacenetImage image;
  g_autoptr (FacenetPictures) pictures = facenet_pictures_new ();
  g_autoptr (FacenetPictures) others = facenet_pictures_new ();
  g_autofree gchar *id = NULL;
  g_autofree gchar *other_id = NULL;
  const guint *labels;

  facenet_image_init_rgb (&image, &pixels, 8, 8);
  facenet_pictures_add (pictures, "ann", &image, &frame, NULL);
  facenet_pictures_add (pictures, "bob", &image, &frame, NULL);
  facenet_pictures_add (pictures, "ann", &image, &frame, NULL);
  labels = facenet_pictures_get_labels (pictures);
  g_assert_cmpuint (facenet_pictures_get_n (pictures), ==, 3);
  g_assert_cmpuint (facenet_pictures_get_n_people (pictures), ==, 2);
  g_assert_cmpuint (labels[0], ==, 0);
  g_assert_cmpuint (labels[1], ==, 1);
  g_assert_cmpuint (labels[2], ==, 0);

  facenet_pictures_add (others, "ann", &image, &frame, NULL);
  facenet_pictures_add (others, "bob", &image, &frame, NULL);
  data[100] = 3;
  facenet_pictures_add (others, "ann", &image, &frame, NULL);
  id = facenet_pictures_compute_id (pictures);
  other_id = facenet_pictures_compute_id (others);
  g_assert_cmpuint (strlen (id), ==, 64);
  g_assert_cmpstr (id, !=, other_id);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/augment/no-jitter-copies-the-middle",
      test_no_jitter_copies_the_middle);
  g_test_add_func ("/augment/jitter-moves-the-point",
      test_jitter_moves_the_point);
  g_test_add_func ("/augment/jitter-scales-about-the-middle",
      test_jitter_scales_about_the_middle);
  g_test_add_func ("/augment/flip-mirrors-what-is-turned",
      test_flip_mirrors_what_is_turned);
  g_test_add_func ("/augment/light", test_light);
  g_test_add_func ("/augment/blur-spreads-a-point", test_blur_spreads_a_point);
  g_test_add_func ("/augment/shrinking-takes-detail-only",
      test_shrinking_takes_detail_only);
  g_test_add_func ("/augment/noise-has-its-sigma", test_noise_has_its_sigma);
  g_test_add_func ("/augment/no-strength-changes-nothing",
      test_no_strength_changes_nothing);
  g_test_add_func ("/augment/pictures-change-by-chance",
      test_pictures_change_by_chance);
  g_test_add_func ("/augment/the-middle-is-the-crop",
      test_the_middle_is_the_crop);
  g_test_add_func ("/augment/pictures-have-labels-and-an-id",
      test_pictures_have_labels_and_an_id);
  return g_test_run ();
}
