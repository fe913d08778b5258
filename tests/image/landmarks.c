/* landmarks.c - shape predictor files, and what is found with them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "landmarks-sample.h"

#include "image/facenet-aligner-private.h"
#include "image/facenet-landmarks-private.h"

#include <facenet/facenet-error.h>
#include <glib/gstdio.h>
#include <string.h>

static FacenetLandmarks *
parse (const GByteArray * file, gsize size, GError ** error)
{
  return facenet_landmarks_parse (file->data, size, "a.dat", error);
}

static void
test_file_is_read (void)
{
  g_autoptr (GByteArray) file = sample_make ();
  g_autoptr (GError) error = NULL;
  FacenetLandmarks *landmarks = parse (file, file->len, &error);
  const FacenetStage *stage;

  g_assert_no_error (error);
  g_assert_cmpfloat (fabs ((gdouble) landmarks->mean[72] - 0.252418718401), <,
      1e-7);
  g_assert_cmpuint (landmarks->n_stages, ==, 1);
  g_assert_cmpuint (landmarks->n_leaves, ==, 2);
  stage = &landmarks->stages[0];
  g_assert_cmpuint (stage->n_trees, ==, 1);
  g_assert_cmpuint (stage->splits[0].first, ==, 0);
  g_assert_cmpuint (stage->splits[0].second, ==, 1);
  g_assert_cmpfloat ((gdouble) stage->splits[0].threshold, ==, 32.0);
  g_assert_cmpfloat ((gdouble) stage->leaves[1], ==, SAMPLE_DY);
  g_assert_cmpfloat ((gdouble) stage->leaves[FACENET_SHAPE_SIZE], ==, 0.0);
  g_assert_cmpuint (stage->n_features, ==, 2);
  g_assert_cmpuint (stage->features[1].anchor, ==, 45);
  facenet_landmarks_unref (landmarks);
}

static void
test_every_cut_is_an_error (void)
{
  g_autoptr (GByteArray) file = sample_make ();
  gsize size;

  for (size = 0; size < file->len; size++) {
    g_autoptr (GError) error = NULL;
    /* A copy of its own, so that reading beyond it is found out. */
    g_autofree guint8 *copy = g_memdup2 (file->data, size);

    g_assert_null (facenet_landmarks_parse (copy, size, "a.dat", &error));
    g_assert_true (g_error_matches (error, FACENET_ERROR,
            FACENET_ERROR_TRUNCATED)
        || g_error_matches (error, FACENET_ERROR, FACENET_ERROR_FORMAT));
    g_assert_true (g_str_has_prefix (error->message, "a.dat: "));
  }
}

/* Whatever a byte is changed to, there is an error or landmarks that can be
 * used. */
static void
test_broken_bytes_do_no_harm (void)
{
  g_autoptr (GByteArray) file = sample_make ();
  g_autofree guint8 *pixels = g_malloc0 (3 * 32 * 32);
  const FacenetPixels rows = { pixels, 96 };
  const FacenetRect guess = { 4, 4, 20, 20 };
  FacenetImage image;
  guint i;

  facenet_image_init_rgb (&image, &rows, 32, 32);
  for (i = 0; i < file->len; i += 1 + i / 25) {
    const guint8 whole = file->data[i];
    guint value;

    for (value = 0; value < 256; value += 51) {
      FacenetLandmarks *landmarks;

      file->data[i] = (guint8) value;
      landmarks = parse (file, file->len, NULL);
      if (landmarks != NULL) {
        FacenetAligner *aligner = facenet_aligner_new (landmarks);
        FacenetAffine affine;

        facenet_aligner_align (aligner, &image, &guess, &affine, NULL);
        g_assert_true (isfinite (affine.xu) && isfinite (affine.x0));
        facenet_aligner_free (aligner);
        facenet_landmarks_unref (landmarks);
      }
    }
    file->data[i] = whole;
  }
}

typedef struct
{
  const gchar *name;
  guint offset;                 /* of the byte that is another */
  guint8 value;
  const gchar *wanted;          /* in the message */
} FaultCase;

/* *INDENT-OFF* */
static const FaultCase faults[] = {
  { "version", 1, 2, "2 is the version, expected 1" },
  { "points", 3, 10, "10 rows in a shape, expected 136" },
  { "number", 0, 0x11, "byte 0 is not a number" },
};
/* *INDENT-ON* */

static void
test_fault_is_named (gconstpointer data)
{
  const FaultCase *self = data;
  g_autoptr (GByteArray) file = sample_make ();
  g_autoptr (GError) error = NULL;

  file->data[self->offset] = self->value;
  g_assert_null (parse (file, file->len, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, self->wanted));
}

static void
test_file_is_shared (void)
{
  g_autoptr (GByteArray) file = sample_make ();
  g_autofree gchar *location = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FacenetLandmarks) a = NULL;
  g_autoptr (FacenetLandmarks) b = NULL;
  const gint fd = g_file_open_tmp ("landmarks-XXXXXX", &location, NULL);

  g_assert_true (g_close (fd, NULL));
  g_assert_true (g_file_set_contents (location, (const gchar *) file->data,
          file->len, NULL));
  a = facenet_landmarks_load (location, &error);
  g_assert_no_error (error);
  b = facenet_landmarks_load (location, &error);
  g_assert_true (a == b);
  g_unlink (location);
  g_assert_null (facenet_landmarks_load (location, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_OPEN);
  g_assert_nonnull (strstr (error->message, location));
}

/* Where a face is found in a picture that is bright on one side, or dark. */
static void
align (gboolean is_bright, FacenetAffine * affine, FacenetPoint * points)
{
  g_autoptr (GByteArray) file = sample_make ();
  FacenetLandmarks *landmarks = parse (file, file->len, NULL);
  g_autoptr (FacenetAligner) aligner = facenet_aligner_new (landmarks);
  g_autofree guint8 *pixels = g_malloc0 (3 * 320 * 240);
  const FacenetPixels rows = { pixels, 3 * 320 };
  const FacenetRect guess = { 80, 60, 100, 100 };
  FacenetImage image;
  guint x, y;

  facenet_landmarks_unref (landmarks);
  for (y = 0; y < 240; y++) {
    for (x = 0; x < 130; x++)
      memset (pixels + 3 * (320 * y + x), is_bright ? 200 : 0, 3);
  }
  facenet_image_init_rgb (&image, &rows, 320, 240);
  facenet_aligner_align (aligner, &image, &guess, affine, points);
}

static void
assert_near (gdouble found, gdouble wanted)
{
  g_assert_cmpfloat (fabs (found - wanted), <, 1e-3);
}

/* What is found where it was expected leaves the guess as it is. */
static void
test_points_that_stay_give_the_frame (void)
{
  FacenetPoint points[FACENET_N_SHAPE_POINTS];
  FacenetAffine affine;

  align (FALSE, &affine, points);
  assert_near (points[36].x, 80 + 100 * (18.639 + 0.5) / 96);
  assert_near (points[36].y, 60 + 100 * (16.2496 + 0.5) / 96);
  assert_near (affine.xu, 100);
  assert_near (affine.xv, 0);
  assert_near (affine.x0, 80);
  assert_near (affine.yu, 0);
  assert_near (affine.yv, 100);
  assert_near (affine.y0, 60);
}

static void
test_points_that_move_take_the_frame_along (void)
{
  FacenetPoint still[FACENET_N_SHAPE_POINTS], moved[FACENET_N_SHAPE_POINTS];
  FacenetAffine before, after;
  gdouble dx, dy;

  align (FALSE, &before, still);
  align (TRUE, &after, moved);
  /* Each of the two rounds moves the frame. */
  dx = 2 * 100 * SAMPLE_DX / SAMPLE_FRAME_WIDTH;
  dy = 2 * 100 * SAMPLE_DY / SAMPLE_FRAME_HEIGHT;
  assert_near (after.xu, before.xu);
  assert_near (after.x0 - before.x0, dx);
  assert_near (after.y0 - before.y0, dy);
  assert_near (moved[45].x - still[45].x, dx);
  assert_near (moved[45].y - still[45].y, dy);
}

int
main (int argc, char **argv)
{
  guint i;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/landmarks/file-is-read", test_file_is_read);
  g_test_add_func ("/landmarks/every-cut-is-an-error",
      test_every_cut_is_an_error);
  g_test_add_func ("/landmarks/broken-bytes-do-no-harm",
      test_broken_bytes_do_no_harm);
  for (i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree gchar *path = g_strconcat ("/landmarks/fault-is-named/",
        faults[i].name, NULL);

    g_test_add_data_func (path, &faults[i], test_fault_is_named);
  }
  g_test_add_func ("/landmarks/file-is-shared", test_file_is_shared);
  g_test_add_func ("/landmarks/points-that-stay-give-the-frame",
      test_points_that_stay_give_the_frame);
  g_test_add_func ("/landmarks/points-that-move-take-the-frame-along",
      test_points_that_move_take_the_frame_along);
  return g_test_run ();
}
