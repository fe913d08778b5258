/* encode-regions.c - which faces facenetencode encodes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "encode-testing.h"

#include <math.h>

#define WIDTH 320
#define HEIGHT 240

static GstHarness *
start (const gchar * properties)
{
  return encode_start (properties, GST_VIDEO_FORMAT_RGB, WIDTH, HEIGHT);
}

static GstBuffer *
make_frame (void)
{
  return encode_make_picture (WIDTH, HEIGHT, 0);
}

static GstFaceEmbeddingMeta *
get_face (GstBuffer * buffer, guint index)
{
  GstFaceEmbeddingMeta *face =
      gst_buffer_get_face_embedding_meta (buffer, index);

  g_assert_nonnull (face);
  return face;
}

static void
test_each_region_is_a_face_the_largest_first (void)
{
  GstHarness *h = start ("");
  GstBuffer *buffer = make_frame ();

  encode_add_roi (buffer, "face", 10, 20, 60);
  gst_buffer_add_video_region_of_interest_meta (buffer, "face", 100, 50, 90,
      80);
  buffer = gst_harness_push_and_pull (h, buffer);
  g_assert_cmpuint (encode_count_faces (buffer), ==, 2);
  g_assert_cmpuint (get_face (buffer, 0)->x, ==, 100);
  g_assert_cmpuint (get_face (buffer, 0)->y, ==, 50);
  g_assert_cmpuint (get_face (buffer, 0)->w, ==, 90);
  g_assert_cmpuint (get_face (buffer, 0)->h, ==, 80);
  g_assert_cmpuint (get_face (buffer, 1)->x, ==, 10);
  g_assert_cmpuint (get_face (buffer, 1)->frame_width, ==, WIDTH);
  g_assert_cmpuint (get_face (buffer, 1)->frame_height, ==, HEIGHT);
  g_assert_cmpstr (g_quark_to_string (get_face (buffer, 1)->roi_type), ==,
      "face");
  g_assert_cmpint (get_face (buffer, 1)->track_id, ==, -1);
  g_assert_true (isnan (get_face (buffer, 1)->detect_confidence));
  g_assert_cmpuint (encode_get_stat (h, "faces"), ==, 2);
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
}

static void
test_track_id_and_confidence_come_from_the_region (void)
{
  GstHarness *h = start ("");
  GstBuffer *buffer = make_frame ();
  GstVideoRegionOfInterestMeta *roi;

  roi = encode_add_roi (buffer, "face", 0, 0, 90);
  gst_video_region_of_interest_meta_add_param (roi,
      gst_structure_new ("object_id", "id", G_TYPE_INT, 42, NULL));
  gst_video_region_of_interest_meta_add_param (roi,
      gst_structure_new ("detection", "confidence", G_TYPE_DOUBLE, 0.75, NULL));
  roi = encode_add_roi (buffer, "face", 100, 100, 80);
  gst_video_region_of_interest_meta_add_param (roi,
      gst_structure_new ("object_id", "id", G_TYPE_UINT, 43, NULL));
  roi = encode_add_roi (buffer, "face", 200, 100, 70);
  gst_video_region_of_interest_meta_add_param (roi,
      gst_structure_new ("object_id", "id", G_TYPE_STRING, "x", NULL));

  buffer = gst_harness_push_and_pull (h, buffer);
  g_assert_cmpint (get_face (buffer, 0)->track_id, ==, 42);
  g_assert_cmpfloat (get_face (buffer, 0)->detect_confidence, ==, 0.75);
  g_assert_cmpint (get_face (buffer, 1)->track_id, ==, 43);
  g_assert_cmpint (get_face (buffer, 2)->track_id, ==, -1);
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
}

static guint
count_of_class (GstHarness * h, const gchar * object_class)
{
  GstBuffer *buffer = make_frame ();
  guint n;

  gst_harness_set (h, "facenetencode", "object-class", object_class, NULL);
  encode_add_roi (buffer, "face", 10, 20, 60);
  encode_add_roi (buffer, "person", 100, 20, 60);
  encode_add_roi (buffer, "head", 200, 20, 60);
  buffer = gst_harness_push_and_pull (h, buffer);
  n = encode_count_faces (buffer);
  gst_buffer_unref (buffer);
  return n;
}

static void
test_object_class_chooses_the_regions (void)
{
  GstHarness *h = start ("object-class=NULL");
  GstBuffer *buffer = make_frame ();

  encode_add_roi (buffer, "anything", 10, 20, 60);
  buffer = gst_harness_push_and_pull (h, buffer);
  g_assert_cmpuint (encode_count_faces (buffer), ==, 1);
  gst_buffer_unref (buffer);
  g_assert_cmpuint (count_of_class (h, "face"), ==, 1);
  g_assert_cmpuint (count_of_class (h, "head"), ==, 1);
  g_assert_cmpuint (count_of_class (h, "cat"), ==, 0);
  g_assert_cmpuint (count_of_class (h, NULL), ==, 3);
  gst_harness_teardown (h);
}

static void
test_duplicate_boxes_are_encoded_once (void)
{
  GstHarness *h = start ("");
  GstBuffer *buffer = make_frame ();
  GstVideoRegionOfInterestMeta *roi;

  /* IoU 81/119 = 0.68 for a shift by 10 of 100 each way, 0.47 for 20. */
  encode_add_roi (buffer, "face", 10, 10, 100);
  roi = encode_add_roi (buffer, "face", 20, 20, 100);
  gst_video_region_of_interest_meta_add_param (roi,
      gst_structure_new ("detection", "confidence", G_TYPE_DOUBLE, 0.9, NULL));
  encode_add_roi (buffer, "face", 20, 20, 100);
  encode_add_roi (buffer, "face", 30, 30, 100);
  buffer = gst_harness_push_and_pull (h, buffer);
  g_assert_cmpuint (encode_count_faces (buffer), ==, 2);
  g_assert_cmpuint (get_face (buffer, 0)->x, ==, 10);
  g_assert_cmpuint (get_face (buffer, 1)->x, ==, 30);
  g_assert_cmpuint (encode_get_stat (h, "skipped-duplicate"), ==, 2);
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
}

static void
test_of_two_boxes_the_surer_one_stays (void)
{
  GstHarness *h = start ("");
  GstBuffer *buffer = make_frame ();
  guint i;

  for (i = 0; i < 2; i++) {
    GstVideoRegionOfInterestMeta *roi =
        encode_add_roi (buffer, "face", 10 + 10 * i, 10, 100);

    gst_video_region_of_interest_meta_add_param (roi,
        gst_structure_new ("detection", "confidence", G_TYPE_DOUBLE,
            0.5 + 0.1 * i, NULL));
  }
  buffer = gst_harness_push_and_pull (h, buffer);
  g_assert_cmpuint (encode_count_faces (buffer), ==, 1);
  g_assert_cmpuint (get_face (buffer, 0)->x, ==, 20);
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
}

static void
test_small_empty_and_surplus_faces_are_skipped_and_counted (void)
{
  GstHarness *h = start ("min-face-size=50 max-faces=2");
  GstBuffer *buffer = make_frame ();
  guint i;

  for (i = 0; i < 4; i++)
    encode_add_roi (buffer, "face", 70 * i, 10, 50 + i);
  encode_add_roi (buffer, "face", 10, 100, 49);
  encode_add_roi (buffer, "face", 10, 100, 0);
  buffer = gst_harness_push_and_pull (h, buffer);
  g_assert_cmpuint (encode_count_faces (buffer), ==, 2);
  g_assert_cmpuint (get_face (buffer, 0)->w, ==, 53);
  g_assert_cmpuint (get_face (buffer, 1)->w, ==, 52);
  g_assert_cmpuint (encode_get_stat (h, "skipped-small"), ==, 1);
  g_assert_cmpuint (encode_get_stat (h, "skipped-empty"), ==, 1);
  g_assert_cmpuint (encode_get_stat (h, "skipped-max-faces"), ==, 2);
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
}

static void
test_boxes_may_reach_beyond_the_frame (void)
{
  GstHarness *h = start ("");
  GstBuffer *buffer = make_frame ();

  encode_add_roi (buffer, "face", WIDTH - 70, HEIGHT - 80, 100);
  encode_add_roi (buffer, "face", WIDTH - 30, 10, 100);
  encode_add_roi (buffer, "face", WIDTH, HEIGHT, 100);
  encode_add_roi (buffer, "face", G_MAXUINT - 10, 0, 100);
  encode_add_roi (buffer, "face", 0, 0, G_MAXUINT);
  gst_buffer_add_video_region_of_interest_meta (buffer, "face", 5, 5, 1, 1);
  buffer = gst_harness_push_and_pull (h, buffer);
  g_assert_cmpuint (encode_count_faces (buffer), ==, 2);
  g_assert_cmpuint (get_face (buffer, 0)->x, ==, WIDTH - 70);
  g_assert_cmpuint (get_face (buffer, 0)->w, ==, 100);
  g_assert_cmpuint (get_face (buffer, 1)->w, ==, 1);
  g_assert_cmpuint (encode_get_stat (h, "skipped-outside"), ==, 4);
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
}

/* Whether face index of crowd has the embedding that it has alone. */
static void
check_alone (GstHarness * h, GstBuffer * crowd, guint index)
{
  const GstFaceEmbeddingMeta *face = get_face (crowd, index);
  const gsize size = face->n_dims * sizeof (gfloat);
  GstBuffer *buffer = make_frame ();

  encode_add_roi (buffer, "face", face->x, face->y, face->w);
  buffer = gst_harness_push_and_pull (h, buffer);
  g_assert_cmpuint (encode_count_faces (buffer), ==, 1);
  g_assert_cmpmem (face->embedding, size, get_face (buffer, 0)->embedding,
      size);
  gst_buffer_unref (buffer);
}

static void
test_crowd_is_encoded_as_each_alone (void)
{
  GstHarness *h = start ("");
  GstBuffer *buffer = make_frame ();
  guint i;

  /* More than one batch. */
  for (i = 0; i < 65; i++)
    encode_add_roi (buffer, "face", 20 * (i % 13), 20 * (i / 13), 20);
  buffer = gst_harness_push_and_pull (h, buffer);
  g_assert_cmpuint (encode_count_faces (buffer), ==, 65);
  for (i = 0; i < 65; i++) {
    g_assert_cmpuint (get_face (buffer, i)->x, ==, 20 * (i % 13));
    g_assert_cmpuint (get_face (buffer, i)->y, ==, 20 * (i / 13));
  }
  check_alone (h, buffer, 0);
  check_alone (h, buffer, 63);
  check_alone (h, buffer, 64);
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
}

/* Faces found in a frame of that size without regions. */
static guint
push_bare_frame (GstHarness * h, gint width, gint height)
{
  GstBuffer *buffer;
  guint n;

  encode_set_format (h, GST_VIDEO_FORMAT_RGB, width, height);
  buffer = gst_harness_push_and_pull (h, encode_make_picture (width, height,
          0));
  n = encode_count_faces (buffer);
  gst_buffer_unref (buffer);
  return n;
}

static void
test_auto_takes_small_frames_for_faces (void)
{
  GstHarness *h = start ("");

  g_assert_cmpuint (push_bare_frame (h, 96, 96), ==, 1);
  g_assert_cmpuint (push_bare_frame (h, 256, 192), ==, 1);
  g_assert_cmpuint (push_bare_frame (h, 192, 256), ==, 1);
  g_assert_cmpuint (push_bare_frame (h, 256, 191), ==, 0);
  g_assert_cmpuint (push_bare_frame (h, 191, 256), ==, 0);
  g_assert_cmpuint (push_bare_frame (h, 258, 256), ==, 0);
  g_assert_cmpuint (encode_get_stat (h, "faces"), ==, 3);
  g_assert_cmpuint (encode_get_stat (h, "frames"), ==, 6);
  g_assert_cmpuint (encode_get_stat (h, "skipped-full-frame"), ==, 3);

  gst_harness_set (h, "facenetencode", "min-face-size", 97, NULL);
  g_assert_cmpuint (push_bare_frame (h, 96, 96), ==, 0);
  g_assert_cmpuint (encode_get_stat (h, "skipped-small"), ==, 1);
  gst_harness_teardown (h);
}

static void
test_mode_overrides_the_rules_of_auto (void)
{
  GstHarness *h = start ("inference-region=full-frame");
  g_autoptr (GstElement) element =
      gst_harness_find_element (h, "facenetencode");

  g_assert_cmpuint (push_bare_frame (h, 640, 200), ==, 1);
  gst_util_set_object_arg (G_OBJECT (element), "inference-region", "roi-list");
  g_assert_cmpuint (push_bare_frame (h, 96, 96), ==, 0);
  gst_harness_teardown (h);
}

static void
test_full_frame_ignores_regions (void)
{
  GstHarness *h = start ("inference-region=full-frame");
  GstBuffer *buffer = make_frame ();

  encode_add_roi (buffer, "face", 10, 20, 60);
  buffer = gst_harness_push_and_pull (h, buffer);
  g_assert_cmpuint (encode_count_faces (buffer), ==, 1);
  g_assert_cmpuint (get_face (buffer, 0)->x, ==, 0);
  g_assert_cmpuint (get_face (buffer, 0)->w, ==, WIDTH);
  g_assert_cmpuint (get_face (buffer, 0)->h, ==, HEIGHT);
  g_assert_cmpuint (get_face (buffer, 0)->roi_type, ==, 0);
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
}

static guint
push_small_frame (GstHarness * h, gboolean with_roi)
{
  GstBuffer *buffer = encode_make_picture (128, 128, 0);
  guint n;

  if (with_roi)
    encode_add_roi (buffer, "cat", 10, 10, 60);
  buffer = gst_harness_push_and_pull (h, buffer);
  n = encode_count_faces (buffer);
  gst_buffer_unref (buffer);
  return n;
}

static void
test_auto_trusts_a_detector_once_seen (void)
{
  GstHarness *h = encode_start ("", GST_VIDEO_FORMAT_RGB, 128, 128);

  g_assert_cmpuint (push_small_frame (h, FALSE), ==, 1);
  g_assert_cmpuint (push_small_frame (h, TRUE), ==, 0);
  g_assert_cmpuint (push_small_frame (h, FALSE), ==, 0);
  gst_harness_push_event (h, gst_event_new_stream_start ("another"));
  encode_set_format (h, GST_VIDEO_FORMAT_RGB, 128, 128);
  g_assert_cmpuint (push_small_frame (h, FALSE), ==, 1);
  gst_harness_teardown (h);
}

static gint n_warnings;

static void
count_warning (GstDebugCategory * category, GstDebugLevel level,
    const gchar * file, const gchar * function, gint line, GObject * object,
    GstDebugMessage * message, gpointer user_data)
{
  if (level == GST_LEVEL_WARNING
      && g_strcmp0 (gst_debug_category_get_name (category),
          "facenetencode") == 0)
    g_atomic_int_inc (&n_warnings);
}

static void
test_forgotten_detector_is_logged_once (void)
{
  GstHarness *h;
  guint i;

  gst_debug_remove_log_function (gst_debug_log_default);
  gst_debug_add_log_function (count_warning, NULL, NULL);
  gst_debug_set_active (TRUE);
  gst_debug_set_threshold_for_name ("facenetencode", GST_LEVEL_WARNING);
  g_atomic_int_set (&n_warnings, 0);
  h = start ("");
  for (i = 0; i < 3; i++)
    gst_buffer_unref (gst_harness_push_and_pull (h, make_frame ()));
  g_assert_cmpint (g_atomic_int_get (&n_warnings), ==, 1);
  g_assert_cmpuint (encode_get_stat (h, "skipped-full-frame"), ==, 3);
  g_assert_cmpuint (encode_get_stat (h, "frames"), ==, 3);
  gst_harness_teardown (h);
  gst_debug_remove_log_function (count_warning);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/encode/regions/each-is-a-face-the-largest-first",
      test_each_region_is_a_face_the_largest_first);
  g_test_add_func ("/encode/regions/give-track-id-and-confidence",
      test_track_id_and_confidence_come_from_the_region);
  g_test_add_func ("/encode/regions/are-chosen-by-object-class",
      test_object_class_chooses_the_regions);
  g_test_add_func ("/encode/regions/duplicate-boxes-are-encoded-once",
      test_duplicate_boxes_are_encoded_once);
  g_test_add_func ("/encode/regions/of-two-boxes-the-surer-one-stays",
      test_of_two_boxes_the_surer_one_stays);
  g_test_add_func ("/encode/regions/skips-are-counted",
      test_small_empty_and_surplus_faces_are_skipped_and_counted);
  g_test_add_func ("/encode/regions/may-reach-beyond-the-frame",
      test_boxes_may_reach_beyond_the_frame);
  g_test_add_func ("/encode/regions/crowd-is-encoded-as-each-alone",
      test_crowd_is_encoded_as_each_alone);
  g_test_add_func ("/encode/frame/auto-takes-small-frames-for-faces",
      test_auto_takes_small_frames_for_faces);
  g_test_add_func ("/encode/frame/mode-overrides-the-rules-of-auto",
      test_mode_overrides_the_rules_of_auto);
  g_test_add_func ("/encode/frame/full-frame-ignores-regions",
      test_full_frame_ignores_regions);
  g_test_add_func ("/encode/frame/auto-trusts-a-detector-once-seen",
      test_auto_trusts_a_detector_once_seen);
  g_test_add_func ("/encode/frame/forgotten-detector-is-logged-once",
      test_forgotten_detector_is_logged_once);
  return g_test_run ();
}
