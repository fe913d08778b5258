/* cropper.c - which pixels of a face the network sees
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The picture is a map of itself: red is the column and green the row of a
 * pixel, so that a crop says where it was taken.
 */
#include "../image/landmarks-sample.h"

#include <facenet/facenet-cropper.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define WIDTH 256
#define HEIGHT 256
#define SIDE 96
#define N_CROP (3 * SIDE * SIDE)

/* Pixels that a crop may be off: of bytes and of interpolation. */
#define PIXEL_ERROR 0.6

/* Where the network expects the landmarks, in pixels of its input. */
/* *INDENT-OFF* */
static const FacenetPoint template_points[FACENET_N_LANDMARKS] = {
  { 27.66, 17.46 }, { 69.66, 16.49 }, { 49.27, 43.16 }, { 31.37, 61.65 },
  { 68.09, 60.82 },
};
/* *INDENT-ON* */

static guint8 pixels[3 * WIDTH * HEIGHT];
static const FacenetPixels rows = { pixels, 3 * WIDTH };

static FacenetImage image;

static void
draw_map (void)
{
  for (guint i = 0; i < WIDTH * HEIGHT; i++) {
    pixels[3 * i] = (guint8) (i % WIDTH);
    pixels[3 * i + 1] = (guint8) (i / WIDTH);
  }
  facenet_image_init_rgb (&image, &rows, WIDTH, HEIGHT);
}

/* A face whose frame has its left upper corner at x, y, and a side turned by
 * angle; its box is upright, as large, and about the same centre. */
static FacenetFace
make_face (gdouble x, gdouble y, gdouble side, gdouble angle)
{
  const gdouble a = side * cos (angle), b = side * sin (angle);
  FacenetFace face = {.confidence = 1.0,.has_landmarks = TRUE };

  for (guint i = 0; i < FACENET_N_LANDMARKS; i++) {
    const gdouble u = template_points[i].x / SIDE;
    const gdouble v = template_points[i].y / SIDE;

    face.landmarks[i].x = x + a * u - b * v;
    face.landmarks[i].y = y + b * u + a * v;
  }
  face.box.x = x + 0.5 * (a - b) - 0.5 * side;
  face.box.y = y + 0.5 * (a + b) - 0.5 * side;
  face.box.width = face.box.height = side;
  return face;
}

static void
assert_near (gdouble found, gdouble wanted, gdouble tolerance)
{
  g_assert_cmpfloat (fabs (found - wanted), <=, tolerance);
}

/* Whether the crop is of the pixels that lie at its frame. */
static void
assert_pixels (const gfloat * crop, const FacenetAffine * frame)
{
  for (guint i = 0; i < SIDE; i++) {
    for (guint j = 0; j < SIDE; j++) {
      const gdouble u = (j + 0.5) / SIDE, v = (i + 0.5) / SIDE;
      const gdouble x = frame->xu * u + frame->xv * v + frame->x0;
      const gdouble y = frame->yu * u + frame->yv * v + frame->y0;

      assert_near ((gdouble) crop[i * SIDE + j] * 255.0,
          CLAMP (x - 0.5, 0, WIDTH - 1), PIXEL_ERROR);
      assert_near ((gdouble) crop[(SIDE + i) * SIDE + j] * 255.0,
          CLAMP (y - 0.5, 0, HEIGHT - 1), PIXEL_ERROR);
    }
  }
}

static void
assert_frame (const FacenetAffine * frame, gdouble x, gdouble y, gdouble side,
    gdouble angle)
{
  assert_near (frame->xu, side * cos (angle), 1e-9);
  assert_near (frame->xv, -side * sin (angle), 1e-9);
  assert_near (frame->x0, x, 1e-9);
  assert_near (frame->yu, side * sin (angle), 1e-9);
  assert_near (frame->yv, side * cos (angle), 1e-9);
  assert_near (frame->y0, y, 1e-9);
}

typedef struct
{
  gdouble x, y, side, angle;
} Pose;

/* *INDENT-OFF* */
static const Pose poses[] = {
  { 60, 50, 120, 0 },
  { 60, 50, 120, 0.3 },
  { 100, 60, 96, -0.5 },
  { 180, 130, 80, 1.5 },
  { 200, 200, 90, 3.0 },
  /* Tiny ones. */
  { 100, 100, 8, 0.2 },
  { 100, 100, 1.5, -0.2 },
  /* Partly, and almost all, outside the picture. */
  { -30, 100, 90, 0.1 },
  { 200, -40, 90, -0.4 },
  { 250, 240, 90, 0.1 },
  { -300, 400, 90, 0.1 },
};
/* *INDENT-ON* */

static void
test_landmarks_say_where_the_frame_is (void)
{
  g_autoptr (FacenetCropper) cropper = facenet_cropper_new (SIDE, SIDE);
  g_autofree gfloat *crop = g_new (gfloat, N_CROP);

  for (guint i = 0; i < G_N_ELEMENTS (poses); i++) {
    const Pose *pose = &poses[i];
    const FacenetFace face =
        make_face (pose->x, pose->y, pose->side, pose->angle);
    FacenetCrop found;

    facenet_cropper_crop_face (cropper, &image, &face, crop, &found);
    g_assert_true (found.aligned);
    g_assert_false (found.landmarks_ignored);
    assert_frame (&found.frame, pose->x, pose->y, pose->side, pose->angle);
    assert_pixels (crop, &found.frame);
  }
}

static void
swap (FacenetPoint * a, FacenetPoint * b)
{
  const FacenetPoint kept = *a;

  *a = *b;
  *b = kept;
}

/* In a mirrored picture a detector calls the other eye the right one. The crop
 * is the mirrored crop, but for what the template is not symmetrical by. */
static void
test_mirrored_face_gives_the_mirrored_frame (void)
{
  g_autoptr (FacenetCropper) cropper = facenet_cropper_new (SIDE, SIDE);
  g_autofree gfloat *crop = g_new (gfloat, N_CROP);
  FacenetFace face = make_face (60, 50, 96, 0.3);
  FacenetCrop found;

  face.box.x = WIDTH - face.box.x - face.box.width;
  for (guint i = 0; i < FACENET_N_LANDMARKS; i++)
    face.landmarks[i].x = WIDTH - face.landmarks[i].x;
  swap (&face.landmarks[0], &face.landmarks[1]);
  swap (&face.landmarks[3], &face.landmarks[4]);
  facenet_cropper_crop_face (cropper, &image, &face, crop, &found);
  g_assert_true (found.aligned);
  assert_near (atan2 (found.frame.yu, found.frame.xu), -0.3, 0.05);
  assert_near (hypot (found.frame.yu, found.frame.xu), 96, 1);
  /* The right upper corner is where the left one was in the mirror. */
  assert_near (found.frame.x0 + found.frame.xu, WIDTH - 60, 3);
  assert_near (found.frame.y0 + found.frame.yu, 50, 3);
}

static void
make_implausible (FacenetFace * face, guint how)
{
  FacenetPoint *points = face->landmarks;

  switch (how) {
    case 0:
      points[2].x = (gdouble) NAN;
      break;
    case 1:
      points[4].y = (gdouble) INFINITY;
      break;
    case 2:                    /* all in one place */
      for (guint i = 1; i < FACENET_N_LANDMARKS; i++)
        points[i] = points[0];
      break;
    case 3:                    /* nearly so */
      for (guint i = 1; i < FACENET_N_LANDMARKS; i++) {
        points[i].x = points[0].x + 0.05 * (points[i].x - points[0].x);
        points[i].y = points[0].y + 0.05 * (points[i].y - points[0].y);
      }
      break;
    case 4:                    /* of another face */
      for (guint i = 0; i < FACENET_N_LANDMARKS; i++)
        points[i].x += face->box.width;
      break;
    case 5:                    /* left for right */
      swap (&points[0], &points[1]);
      swap (&points[3], &points[4]);
      break;
    case 6:                    /* not the five points of a face */
      swap (&points[0], &points[4]);
      swap (&points[2], &points[3]);
      break;
    case 7:                    /* far larger than the box */
      face->box.width = face->box.height = 24;
      break;
    default:
      g_assert_not_reached ();
  }
}

static void
test_implausible_landmarks_leave_the_box (void)
{
  g_autoptr (FacenetCropper) cropper = facenet_cropper_new (SIDE, SIDE);
  g_autofree gfloat *crop = g_new (gfloat, N_CROP);
  g_autofree gfloat *wanted = g_new (gfloat, N_CROP);

  for (guint i = 0; i < 8; i++) {
    FacenetFace face = make_face (60, 50, 120, 0.3);
    FacenetCrop found;

    make_implausible (&face, i);
    facenet_cropper_crop_face (cropper, &image, &face, crop, &found);
    g_assert_false (found.aligned);
    g_assert_true (found.landmarks_ignored);
    face.has_landmarks = FALSE;
    facenet_cropper_crop_face (cropper, &image, &face, wanted, &found);
    g_assert_false (found.landmarks_ignored);
    g_assert_cmpmem (crop, N_CROP * sizeof (gfloat), wanted,
        N_CROP * sizeof (gfloat));
  }
}

/* A full profile: eyes above each other, and the corners of the mouth. */
static void
test_profile_is_plausible (void)
{
  g_autoptr (FacenetCropper) cropper = facenet_cropper_new (SIDE, SIDE);
  g_autofree gfloat *crop = g_new (gfloat, N_CROP);
  FacenetFace face = make_face (60, 50, 120, 0.0);
  FacenetCrop found;

  face.landmarks[0].x = face.landmarks[1].x;
  face.landmarks[3].x = face.landmarks[4].x;
  facenet_cropper_crop_face (cropper, &image, &face, crop, &found);
  g_assert_true (found.aligned);
}

static void
test_box_is_framed (void)
{
  g_autoptr (FacenetCropper) cropper = facenet_cropper_new (SIDE, SIDE);
  g_autofree gfloat *crop = g_new (gfloat, N_CROP);
  FacenetFace face = make_face (60, 50, 100, 0.3);
  FacenetCrop found;

  facenet_cropper_set_align (cropper, FALSE);
  face.box.x = 40;
  face.box.y = 60;
  facenet_cropper_crop_face (cropper, &image, &face, crop, &found);
  g_assert_false (found.aligned);
  g_assert_false (found.landmarks_ignored);
  assert_frame (&found.frame, 40 + 50 - 50 * FACENET_ROI_SCALE,
      60 + 50 - 50 * FACENET_ROI_SCALE + 100 * FACENET_ROI_OFFSET_Y,
      100 * FACENET_ROI_SCALE, 0);
  assert_pixels (crop, &found.frame);

  facenet_cropper_set_framing (cropper, 0.9, 0.05);
  facenet_cropper_crop_face (cropper, &image, &face, crop, &found);
  assert_frame (&found.frame, 45, 70, 90, 0);
  assert_pixels (crop, &found.frame);
}

static void
test_rectangle_is_cropped_as_it_is (void)
{
  g_autoptr (FacenetCropper) cropper = facenet_cropper_new (SIDE, SIDE);
  g_autofree gfloat *crop = g_new (gfloat, N_CROP);
  const FacenetRect rect = { -20, 30, 60, 140 };
  FacenetCrop found;

  facenet_cropper_crop_rect (cropper, &image, &rect, crop, &found);
  g_assert_false (found.aligned);
  g_assert_cmpfloat (found.frame.xu, ==, 60);
  g_assert_cmpfloat (found.frame.yv, ==, 140);
  assert_pixels (crop, &found.frame);
  facenet_cropper_crop_rect (cropper, &image, &rect, crop, NULL);
  assert_pixels (crop, &found.frame);
}

/* A shape predictor is asked only where there are no landmarks to use. */
static void
test_shape_predictor_finds_missing_points (void)
{
  g_autoptr (FacenetCropper) cropper = facenet_cropper_new (SIDE, SIDE);
  g_autoptr (GByteArray) sample = sample_make ();
  g_autofree gchar *location = NULL;
  g_autoptr (FacenetLandmarks) landmarks = NULL;
  g_autofree gfloat *crop = g_new (gfloat, N_CROP);
  FacenetFace face = make_face (60, 50, 100, 0.3);
  FacenetAffine box;
  FacenetCrop found;
  gint file = g_file_open_tmp ("facenet-cropper-XXXXXX", &location, NULL);

  g_close (file, NULL);
  g_assert_true (g_file_set_contents (location, (const gchar *) sample->data,
          sample->len, NULL));
  landmarks = facenet_landmarks_load (location, NULL);
  g_assert_nonnull (landmarks);
  g_remove (location);
  facenet_cropper_set_landmarks (cropper, landmarks);

  facenet_cropper_crop_face (cropper, &image, &face, crop, &found);
  g_assert_true (found.aligned);
  assert_frame (&found.frame, 60, 50, 100, 0.3);

  /* The sample moves points where the face is brighter on its left. */
  for (guint i = 0; i < WIDTH * HEIGHT; i++)
    pixels[3 * i] = pixels[3 * i + 1] = i % WIDTH < 110 ? 200 : 0;
  face.has_landmarks = FALSE;
  facenet_cropper_crop_face (cropper, &image, &face, crop, &found);
  g_assert_true (found.aligned);
  facenet_cropper_set_align (cropper, FALSE);
  box = found.frame;
  facenet_cropper_crop_face (cropper, &image, &face, crop, &found);
  g_assert_false (found.aligned);
  g_assert_cmpfloat (fabs (found.frame.x0 - box.x0), >, 1);

  facenet_cropper_set_align (cropper, TRUE);
  facenet_cropper_set_landmarks (cropper, NULL);
  facenet_cropper_crop_face (cropper, &image, &face, crop, &found);
  g_assert_false (found.aligned);
  draw_map ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  draw_map ();
  g_test_add_func ("/cropper/landmarks-say-where-the-frame-is",
      test_landmarks_say_where_the_frame_is);
  g_test_add_func ("/cropper/mirrored-face-gives-the-mirrored-frame",
      test_mirrored_face_gives_the_mirrored_frame);
  g_test_add_func ("/cropper/implausible-landmarks-leave-the-box",
      test_implausible_landmarks_leave_the_box);
  g_test_add_func ("/cropper/profile-is-plausible", test_profile_is_plausible);
  g_test_add_func ("/cropper/box-is-framed", test_box_is_framed);
  g_test_add_func ("/cropper/rectangle-is-cropped-as-it-is",
      test_rectangle_is_cropped_as_it_is);
  g_test_add_func ("/cropper/shape-predictor-finds-missing-points",
      test_shape_predictor_finds_missing_points);
  return g_test_run ();
}
