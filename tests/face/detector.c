/* detector.c - where faces are, whatever the picture and the threads
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "../count-allocations.h"
#include "detector-weights.h"
#include "generator.h"

#include <facenet/facenet-detector.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

typedef struct
{
  gchar *folder;
  gchar *file;
  FacenetWeights *weights;
} Fixture;

static void
set_up (Fixture * fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("facenet-detector-XXXXXX", NULL);
  fixture->file = g_build_filename (fixture->folder, "d.safetensors", NULL);
  fixture->weights = detector_weights_new (fixture->file, "facenet-detect");
}

static void
tear_down (Fixture * fixture, gconstpointer data)
{
  facenet_weights_free (fixture->weights);
  g_unlink (fixture->file);
  g_rmdir (fixture->folder);
  g_free (fixture->file);
  g_free (fixture->folder);
}

static FacenetDetector *
load (Fixture * fixture, guint n_threads)
{
  g_autoptr (GError) error = NULL;
  FacenetDetector *detector;

  facenet_weights_save (fixture->weights, fixture->file, FACENET_DTYPE_F32,
      &error);
  g_assert_no_error (error);
  detector = facenet_detector_new (fixture->file, n_threads, &error);
  g_assert_no_error (error);
  return detector;
}

/* Pixels without memory behind them: noise that depends on the place. */
static void
read_noise (gpointer user_data, gint x, gint y, gint n_pixels, guint8 * pixels)
{
  guint32 state = (guint32) y * 2654435761u + 12345u;

  for (gint i = 0; i < 4 * n_pixels; i++) {
    state = state * 1103515245u + 12345u;
    pixels[i] = (guint8) (state >> 16);
  }
}

static void
init_noise (FacenetImage * image, gint w, gint h)
{
  FacenetPixels unused = { (const guint8 *) "", 3 * (gsize) w };

  facenet_image_init_rgb (image, &unused, w, h);
  image->read_row = read_noise;
}

/* Of noise there are no faces, but cells that look a little like some. */
static guint
detect (FacenetDetector * detector, gint w, gint h, const FacenetFace ** faces)
{
  FacenetImage image;
  guint n;

  init_noise (&image, w, h);
  *faces = facenet_detector_detect (detector, &image, &n);
  return n;
}

static void
test_faces_are_in_pixels_of_the_picture (Fixture * fixture, gconstpointer data)
{
  g_autoptr (FacenetDetector) detector = NULL;
  const FacenetFace *faces;
  guint n, seen = 0;

  detector_weights_add_faces (fixture->weights, 2.0f, 0.0f);
  detector = load (fixture, 1);
  /* Shrunk by 2 to 640 x 200, in 224 rows of which 24 are black. */
  n = detect (detector, 1280, 400, &faces);
  g_assert_cmpuint (n, ==, 80 * 25 > FACENET_DETECTOR_MAX_FACES ?
      FACENET_DETECTOR_MAX_FACES : 80 * 25);
  n = detect (detector, 100, 70, &faces);
  /* Centres at 4, 12, … 100 and 4, … 68. */
  g_assert_cmpuint (n, ==, 13 * 9);
  for (guint i = 0; i < n; i++) {
    const FacenetFace *face = &faces[i];
    gdouble cx = face->box.x + face->box.width / 2;
    gdouble cy = face->box.y + face->box.height / 2;

    g_assert_cmpfloat_with_epsilon (face->box.width, 8.0, 1e-4);
    g_assert_cmpfloat_with_epsilon (face->box.height, 8.0, 1e-4);
    g_assert_cmpfloat_with_epsilon (face->confidence, 1 / (1 + exp (-2.0)),
        1e-6);
    g_assert_true (face->has_landmarks);
    for (guint k = 0; k < FACENET_N_LANDMARKS; k++) {
      g_assert_cmpfloat_with_epsilon (face->landmarks[k].x, cx + 2.0 * k, 1e-4);
      g_assert_cmpfloat_with_epsilon (face->landmarks[k].y, cy - 2.0 * k, 1e-4);
    }
    seen += fabs (cx - 52.0) < 1e-4 && fabs (cy - 20.0) < 1e-4;
  }
  g_assert_cmpuint (seen, ==, 1);
}

static void
test_scale_follows_min_face_size (Fixture * fixture, gconstpointer data)
{
  g_autoptr (FacenetDetector) detector = NULL;
  const FacenetFace *faces;

  detector_weights_add_faces (fixture->weights, 2.0f, 0.0f);
  detector = load (fixture, 1);
  g_assert_cmpuint (facenet_detector_get_min_face_size (detector), ==, 0);
  facenet_detector_set_min_face_size (detector, 72);
  g_assert_cmpuint (facenet_detector_get_min_face_size (detector), ==, 72);
  /* A quarter: 8 pixels of the input are 32. */
  g_assert_cmpuint (detect (detector, 400, 320, &faces), ==, 13 * 10);
  g_assert_cmpfloat_with_epsilon (faces[0].box.width, 32.0, 1e-3);
  facenet_detector_set_min_face_size (detector, 36);
  g_assert_cmpuint (detect (detector, 400, 320, &faces), ==, 25 * 20);
  g_assert_cmpfloat_with_epsilon (faces[0].box.width, 16.0, 1e-3);
}

static void
test_threshold (Fixture * fixture, gconstpointer data)
{
  g_autoptr (FacenetDetector) detector = NULL;
  const FacenetFace *faces;

  detector_weights_add_faces (fixture->weights, 2.0f, 0.0f);
  facenet_weights_set_metadata (fixture->weights, "threshold", "0.9");
  detector = load (fixture, 1);
  g_assert_cmpfloat (facenet_detector_get_default_threshold (detector), ==,
      0.9);
  g_assert_cmpfloat (facenet_detector_get_threshold (detector), ==, 0.9);
  g_assert_cmpuint (detect (detector, 64, 64, &faces), ==, 0);
  facenet_detector_set_threshold (detector, 0.85);
  g_assert_cmpuint (detect (detector, 64, 64, &faces), ==, 64);
  g_assert_cmpfloat (facenet_detector_get_default_threshold (detector), ==,
      0.9);
  facenet_detector_set_threshold (detector, 0.0);
  g_assert_cmpuint (detect (detector, 64, 64, &faces), >, 64);
  facenet_detector_set_threshold (detector, 1.0);
  g_assert_cmpuint (detect (detector, 64, 64, &faces), ==, 0);
}

static void
test_the_largest_come_first (Fixture * fixture, gconstpointer data)
{
  g_autoptr (FacenetDetector) detector = NULL;
  const FacenetFace *faces;
  gfloat *head = detector_weights_get (fixture->weights, "o4_b");

  detector_weights_add_faces (fixture->weights, 2.0f, 0.0f);
  /* Larger and less sure; far from the small ones, to overlap none by 0.4. */
  head[0] = head[1] = 1.0f;
  head[4] = head[5] = 0.5f;
  detector = load (fixture, 1);
  g_assert_cmpuint (detect (detector, 64, 64, &faces), ==, 64 + 16);
  for (guint i = 0; i < 80; i++)
    g_assert_cmpfloat_with_epsilon (faces[i].box.width,
        i < 16 ? 16.0 * exp (0.5) : 8.0, 1e-4);
  facenet_detector_set_max_faces (detector, 3);
  g_assert_cmpuint (facenet_detector_get_max_faces (detector), ==, 3);
  g_assert_cmpuint (detect (detector, 64, 64, &faces), ==, 3);
  g_assert_cmpfloat_with_epsilon (faces[0].confidence, 1 / (1 + exp (-1.0)),
      1e-6);
}

static void
test_thousands_of_faces_are_bounded (Fixture * fixture, gconstpointer data)
{
  g_autoptr (FacenetDetector) detector = NULL;
  const FacenetFace *faces;

  detector_weights_add_faces (fixture->weights, 2.0f, -0.5f);
  detector = load (fixture, 1);
  facenet_detector_set_min_face_size (detector, 18);
  g_assert_cmpuint (detect (detector, 1920, 1080, &faces), ==,
      FACENET_DETECTOR_MAX_FACES);
}

/* Maps that overflow give no faces, and nothing is read beside anything. */
static void
test_overflow_is_no_face (Fixture * fixture, gconstpointer data)
{
  static const gchar *const tensors[] = { "stem_b", "c2_w", "o3_w", "l5_b",
    "t4_w", "o4_w"
  };
  g_autoptr (FacenetDetector) detector = NULL;
  const FacenetFace *faces;

  for (guint i = 0; i < G_N_ELEMENTS (tensors); i++) {
    const FacenetTensor *tensor =
        facenet_weights_get (fixture->weights, tensors[i]);

    for (gsize k = 0; k < tensor->n_values; k++)
      tensor->values[k] = k % 2 == 0 ? 3e38f : -3e38f;
  }
  detector_weights_add_faces (fixture->weights, 2.0f, 0.0f);
  detector = load (fixture, 2);
  for (guint i = 0; i < 2; i++) {
    guint n = detect (detector, 96, 64, &faces);

    for (guint k = 0; k < n; k++)
      g_assert_true (isfinite (faces[k].box.x) && isfinite (faces[k].box.width)
          && faces[k].confidence > 0.0 && faces[k].confidence <= 1.0);
  }
}

/* Landmarks of the second network, its veto, and the confidence of both. These
 * weights see nothing, so a mirrored crop gives the same numbers, which say
 * the opposite: what is left is half the distance of mirrored landmarks. */
static void
test_a_second_network_places_landmarks (Fixture * fixture, gconstpointer data)
{
  g_autoptr (FacenetDetector) detector = NULL;
  static const guint mirrored[FACENET_N_LANDMARKS] = { 1, 0, 2, 4, 3 };
  const FacenetFace *faces;
  gfloat *points;
  guint n;

  detector_weights_add (fixture->weights, "facenet-points", 2);
  detector_weights_add_faces (fixture->weights, 2.0f, 0.0f);
  points = detector_weights_get (fixture->weights, "points_b");
  points[0] = 3.0f;
  for (guint k = 1; k < 11; k++)
    points[k] = 0.04f * (gfloat) k - 0.2f;
  detector = load (fixture, 2);
  n = detect (detector, 64, 64, &faces);
  g_assert_cmpuint (n, ==, 64);
  for (guint i = 0; i < n; i++) {
    const FacenetRect *box = &faces[i].box;

    g_assert_cmpfloat_with_epsilon (faces[i].confidence,
        sqrt (1 / (1 + exp (-2.0)) / (1 + exp (-3.0))), 1e-6);
    g_assert_true (faces[i].has_landmarks);
    for (guint k = 0; k < FACENET_N_LANDMARKS; k++) {
      const guint m = mirrored[k];

      g_assert_cmpfloat_with_epsilon (faces[i].landmarks[k].x, box->x + 4.0 +
          1.3 * 8.0 * 0.04 * ((gdouble) k - m), 1e-4);
      g_assert_cmpfloat_with_epsilon (faces[i].landmarks[k].y, box->y + 4.0 +
          1.3 * 8.0 * (0.04 * (k + m + 2) - 0.2), 1e-4);
    }
  }
  facenet_detector_set_threshold (detector, faces[0].confidence + 1e-6);
  g_assert_cmpuint (detect (detector, 64, 64, &faces), ==, 0);
}

static void
test_the_second_network_can_veto (Fixture * fixture, gconstpointer data)
{
  g_autoptr (FacenetDetector) detector = NULL;
  const FacenetFace *faces;

  detector_weights_add (fixture->weights, "facenet-points", 2);
  detector_weights_add_faces (fixture->weights, 2.0f, 0.0f);
  detector_weights_get (fixture->weights, "points_b")[0] = -4.0f;
  detector = load (fixture, 1);
  g_assert_cmpuint (detect (detector, 64, 64, &faces), ==, 0);
}

static void
test_any_size_of_picture (Fixture * fixture, gconstpointer data)
{
  const gint sizes[][2] = { {1, 1}, {1, 8192}, {8192, 1}, {33, 7}, {2, 3},
  {641, 479}, {31, 32}, {33, 64}, {8192, 64}
  };
  g_autoptr (FacenetDetector) detector = facenet_detector_new (NULL, 2, NULL);
  const FacenetFace *faces;

  g_assert_nonnull (detector);
  facenet_detector_set_threshold (detector, 0.01);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    gint w = sizes[i][0], h = sizes[i][1];
    guint n = detect (detector, w, h, &faces);

    for (guint k = 0; k < n; k++) {
      gdouble cx = faces[k].box.x + faces[k].box.width / 2;
      gdouble cy = faces[k].box.y + faces[k].box.height / 2;

      g_assert_true (cx > -0.01 && cx < w + 0.01 && cy > -0.01
          && cy < h + 0.01);
    }
  }
}

static void
test_a_picture_of_8192_x_8192 (void)
{
  g_autoptr (FacenetDetector) detector = facenet_detector_new (NULL, 2, NULL);
  const FacenetFace *faces;

  detect (detector, 8192, 8192, &faces);
}

/* Faces of the shipped weights in noise, at a threshold that many reach. */
static GArray *
find_in_noise (FacenetDetector * detector, gint w, gint h)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (FacenetFace));
  const FacenetFace *faces;
  guint n;

  facenet_detector_set_threshold (detector, 0.02);
  n = detect (detector, w, h, &faces);
  g_array_append_vals (found, faces, n);
  g_assert_cmpuint (n, >, 20);
  return found;
}

static void
assert_same (const GArray * a, const GArray * b)
{
  g_assert_cmpuint (a->len, ==, b->len);
  g_assert_cmpmem (a->data, a->len * sizeof (FacenetFace), b->data,
      b->len * sizeof (FacenetFace));
}

static void
test_threads_do_not_change_a_bit (void)
{
  g_autoptr (FacenetDetector) alone = facenet_detector_new (NULL, 1, NULL);
  g_autoptr (GArray) wanted = find_in_noise (alone, 323, 241);

  g_assert_cmpuint (facenet_detector_get_n_threads (alone), ==, 1);
  for (guint n = 2; n <= 5; n++) {
    g_autoptr (FacenetDetector) detector = facenet_detector_new (NULL, n, NULL);
    g_autoptr (GArray) found = find_in_noise (detector, 323, 241);

    assert_same (found, wanted);
  }
}

/* More sizes than are kept, there and back again. */
static void
test_a_detector_forgets (void)
{
  g_autoptr (FacenetDetector) detector = facenet_detector_new (NULL, 2, NULL);
  g_autoptr (GArray) wanted = find_in_noise (detector, 200, 150);

  for (gint i = 0; i < 6; i++) {
    g_autoptr (GArray) found = NULL;

    g_array_unref (find_in_noise (detector, 150 + 31 * i, 210));
    found = find_in_noise (detector, 200, 150);
    assert_same (found, wanted);
  }
}

#ifndef FACENET_SANITIZE
static void
test_detecting_allocates_nothing (Fixture * fixture, gconstpointer data)
{
  g_autoptr (FacenetDetector) detector = NULL;
  const FacenetFace *faces;
  gint before;

  detector_weights_add (fixture->weights, "facenet-points", 2);
  detector_weights_add_faces (fixture->weights, 2.0f, 0.0f);
  detector = load (fixture, 2);
  detect (detector, 100, 70, &faces);
  detect (detector, 320, 240, &faces);
  before = g_atomic_int_get (&n_allocations);
  detect (detector, 320, 240, &faces);
  detect (detector, 100, 70, &faces);
  g_assert_cmpint (g_atomic_int_get (&n_allocations), ==, before);
  detect (detector, 110, 70, &faces);
  g_assert_cmpint (g_atomic_int_get (&n_allocations), >, before);
}
#endif

static void
add (const gchar * name, void (*func) (Fixture *, gconstpointer))
{
  g_autofree gchar *path = g_strconcat ("/detector/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

int
main (int argc, char **argv)
{
  if (generator_skip_kernels ())
    return 0;
  g_test_init (&argc, &argv, NULL);
  add ("faces-are-in-pixels-of-the-picture",
      test_faces_are_in_pixels_of_the_picture);
  add ("scale-follows-min-face-size", test_scale_follows_min_face_size);
  add ("threshold", test_threshold);
  add ("the-largest-come-first", test_the_largest_come_first);
  add ("thousands-of-faces-are-bounded", test_thousands_of_faces_are_bounded);
  add ("overflow-is-no-face", test_overflow_is_no_face);
  add ("a-second-network-places-landmarks",
      test_a_second_network_places_landmarks);
  add ("the-second-network-can-veto", test_the_second_network_can_veto);
  add ("any-size-of-picture", test_any_size_of_picture);
#ifndef FACENET_SANITIZE
  add ("detecting-allocates-nothing", test_detecting_allocates_nothing);
#endif
  g_test_add_func ("/detector/a-picture-of-8192-x-8192",
      test_a_picture_of_8192_x_8192);
  g_test_add_func ("/detector/threads-do-not-change-a-bit",
      test_threads_do_not_change_a_bit);
  g_test_add_func ("/detector/a-detector-forgets", test_a_detector_forgets);
  return g_test_run ();
}
