/* quality.c - what the measures of a face say of pictures one can predict
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "quality-copies.h"

#include <math.h>

/* A soft blob: 1 at its centre, 0 far away. */
static gdouble
blob (gdouble x, gdouble y, gdouble cx, gdouble cy, gdouble size)
{
  const gdouble dx = (x - cx) / size;
  const gdouble dy = (y - cy) / size;

  return exp (-dx * dx - dy * dy);
}

/* Something with eyes, a mouth and a grain, x and y in [0,1]. turn moves the
 * features to one side, as on a head that is turned. */
static gdouble
draw_face (gdouble x, gdouble y, gdouble turn)
{
  const gdouble skin = blob (x, y, 0.5 + turn, 0.5, 0.45);
  const gdouble eyes = blob (x, y, 0.3 + turn, 0.35, 0.07)
      + blob (x, y, 0.7 + turn / 2, 0.35, 0.07);
  const gdouble mouth = blob (x, y, 0.5 + turn, 0.8, 0.1);
  const gdouble grain = sin (x * 90) * sin (y * 90);

  return 0.2 + 0.6 * skin - 0.5 * eyes - 0.3 * mouth + 0.03 * grain;
}

static void
picture_draw (Picture * self, gint side, gdouble turn)
{
  gint i;

  picture_alloc (self, side, side);
  for (i = 0; i < 3 * side * side; i++) {
    const gdouble value = draw_face ((i / 3 % side + 0.5) / side,
        (i / 3 / side + 0.5) / side, turn);

    self->data[i] = (guint8) (255 * CLAMP (value, 0, 1) + 0.5);
  }
}

static void
test_copies_score_lower (void)
{
  static const gint sides[] = { 96, 150, 240, 400 };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (sides); i++) {
    const FacenetRect whole = { 0, 0, sides[i], sides[i] };
    Picture picture;

    picture_draw (&picture, sides[i], 0);
    picture_check_copies (&picture, &whole, "drawing");
    picture_clear (&picture);
  }
}

static void
test_turned_face_scores_lower (void)
{
  const FacenetRect whole = { 0, 0, 150, 150 };
  gdouble last = 1.0 + 1e-9;
  gint i;

  for (i = 0; i <= 4; i++) {
    FacenetQuality quality;
    Picture picture;

    picture_draw (&picture, 150, 0.04 * i);
    picture_measure (&picture, &whole, &quality);
    g_assert_cmpfloat (quality.pose, <, last);
    last = quality.pose;
    picture_clear (&picture);
  }
}

/* Any picture, channels the same. */
static void
fill_face (gfloat * face, gfloat (*value) (gint x, gint y))
{
  gint i;

  for (i = 0; i < 3 * SIDE * SIDE; i++)
    face[i] = value (i % SIDE, i / SIDE % SIDE);
}

static gfloat
get_grey (gint x, gint y)
{
  return 0.5f;
}

static gfloat
get_ramp (gint x, gint y)
{
  return ((gfloat) x + 0.5f) / SIDE;
}

static gfloat
get_columns (gint x, gint y)
{
  return x & 1 ? 0.75f : 0.25f;
}

static gfloat
get_rows (gint x, gint y)
{
  return ((gfloat) y + 0.5f) / SIDE;
}

static void
test_plain_picture_has_no_quality (void)
{
  g_autofree gfloat *face = g_new (gfloat, 3 * SIDE * SIDE);
  FacenetQuality quality;

  fill_face (face, get_grey);
  facenet_quality_measure (&quality, face, SIDE, SIDE, 100);
  g_assert_cmpfloat (quality.sharpness, <, 1e-6);
  g_assert_cmpfloat (quality.score, ==, 0);
}

static void
assert_near (gdouble found, gdouble wanted, gdouble tolerance)
{
  g_assert_cmpfloat (fabs (found - wanted), <=, tolerance);
}

/* The numbers that the formulas give by hand. */
static void
test_formulas (void)
{
  g_autofree gfloat *face = g_new (gfloat, 3 * SIDE * SIDE);
  FacenetQuality quality;
  gdouble range = 0.9;

  /* From left to right all levels evenly: the range is 0.9 of them, of 512
   * levels ten are clipped, none is like its mirror image. */
  fill_face (face, get_ramp);
  facenet_quality_measure (&quality, face, SIDE, SIDE, 48);
  assert_near (quality.size, 0.5, 1e-12);
  assert_near (quality.exposure, range * range / (range * range + 0.0225)
      * (1 - 2.0 / SIDE), 0.01);
  assert_near (quality.pose, 0, 1e-6);
  assert_near (quality.sharpness, 0, 1e-6);

  fill_face (face, get_rows);
  facenet_quality_measure (&quality, face, SIDE, SIDE, 96);
  assert_near (quality.size, 0.8, 1e-12);
  assert_near (quality.pose, 1, 1e-6);

  /* Every Laplacian is 1 or -1, the variance 1/16. */
  fill_face (face, get_columns);
  facenet_quality_measure (&quality, face, SIDE, SIDE, 144);
  assert_near (quality.size, 0.9, 1e-12);
  assert_near (quality.sharpness, 1 / (1 + 0.1 * (1.0 / 16 + 0.001)), 1e-6);
}

static void
test_score_is_their_mean (void)
{
  const FacenetRect whole = { 0, 0, 150, 150 };
  FacenetQuality quality;
  Picture picture;

  picture_draw (&picture, 150, 0.02);
  picture_measure (&picture, &whole, &quality);
  assert_near (quality.score, pow (quality.sharpness * quality.exposure
          * quality.size * quality.pose, 0.25), 1e-12);
  picture_clear (&picture);
}

/* Whatever the pixels are, the measures are in [0,1]. */
static void
test_range (void)
{
  g_autofree gfloat *face = g_new (gfloat, 3 * SIDE * SIDE);
  gint i, k;

  for (k = 0; k < 50; k++) {
    const gdouble low = g_test_rand_double ();
    FacenetQuality quality;

    for (i = 0; i < 3 * SIDE * SIDE; i++)
      face[i] = (gfloat) CLAMP (g_test_rand_double_range (-low, 2), 0, 1);
    facenet_quality_measure (&quality, face, SIDE, SIDE, 1e-3 + 1e4 * low);
    g_assert_true (quality.sharpness >= 0 && quality.sharpness <= 1);
    g_assert_true (quality.exposure >= 0 && quality.exposure <= 1);
    g_assert_true (quality.size >= 0 && quality.size <= 1);
    g_assert_true (quality.pose >= 0 && quality.pose <= 1);
    g_assert_true (quality.score >= 0 && quality.score <= 1);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/quality/copies-score-lower", test_copies_score_lower);
  g_test_add_func ("/quality/turned-face-scores-lower",
      test_turned_face_scores_lower);
  g_test_add_func ("/quality/plain-picture-has-none",
      test_plain_picture_has_no_quality);
  g_test_add_func ("/quality/formulas", test_formulas);
  g_test_add_func ("/quality/score-is-the-mean", test_score_is_their_mean);
  g_test_add_func ("/quality/measures-are-in-range", test_range);
  return g_test_run ();
}
