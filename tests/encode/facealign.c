/* facealign.c - faces of frames, turned upright
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * With a shape predictor that is made here; photographs, and the predictor of
 * Debian's package libdlib-data, only where they are installed.
 */
#include "../example-photos.h"
#include "../image/landmarks-sample.h"
#include "encode-testing.h"

#include <facenet/facenet-metric.h>
#include <glib/gstdio.h>
#include <string.h>

#define PREDICTOR "/usr/share/dlib/shape_predictor_68_face_landmarks.dat"

static gchar *sample_location;

static GstHarness *
start_line (const gchar * line)
{
  GstHarness *h = gst_harness_new_parse (line);

  encode_set_format (h, GST_VIDEO_FORMAT_RGB, 320, 240);
  return h;
}

static gdouble
distance (GstBuffer * a, GstBuffer * b)
{
  return facenet_squared_l2 (gst_buffer_get_face_embedding_meta (a,
          0)->embedding, gst_buffer_get_face_embedding_meta (b, 0)->embedding,
      128);
}

static GstHarness *
start_sample (void)
{
  g_autofree gchar *line = g_strdup_printf ("facealign "
      "landmarks-location=%s", sample_location);

  return start_line (line);
}

/* Dark, or bright on the left of the face. */
static GstBuffer *
make_frame (gboolean is_bright)
{
  GstBuffer *frame = gst_buffer_new_allocate (NULL, 320 * 240 * 3, NULL);
  guint y;

  gst_buffer_memset (frame, 0, 0, 320 * 240 * 3);
  for (y = 0; is_bright && y < 240; y++)
    gst_buffer_memset (frame, 960 * y, 200, 3 * 130);
  GST_BUFFER_PTS (frame) = GST_SECOND;
  encode_add_roi (frame, "face", 80, 60, 100);
  return frame;
}

static void
test_picture_lies_where_the_points_are (void)
{
  GstHarness *h = start_sample ();
  GstBuffer *still = gst_harness_push_and_pull (h, make_frame (FALSE));
  GstBuffer *moved = gst_harness_push_and_pull (h, make_frame (TRUE));
  const GstFaceCropMeta *a = gst_buffer_get_face_crop_meta (still);
  const GstFaceCropMeta *b = gst_buffer_get_face_crop_meta (moved);

  g_assert_cmpuint (gst_buffer_get_size (moved), ==, 96 * 96 * 3);
  g_assert_cmpuint (GST_BUFFER_PTS (moved), ==, GST_SECOND);
  g_assert_cmpfloat (fabs (a->to_frame[0] - 81), <, 1e-3);
  g_assert_cmpfloat (fabs (b->to_frame[0] - 81), <, 1e-3);
  g_assert_cmpfloat (fabs (b->to_frame[2] - a->to_frame[2]
          - 2 * 81 * SAMPLE_DX / SAMPLE_FRAME_WIDTH), <, 1e-3);
  /* The box stays the detector's. */
  g_assert_cmpuint (b->x, ==, 80);
  g_assert_cmpuint (b->w, ==, 100);
  gst_buffer_unref (still);
  gst_buffer_unref (moved);
  gst_harness_teardown (h);
}

static void
test_properties_are_those_of_facecrop (void)
{
  GstHarness *h = start_sample ();
  GstBuffer *frame = make_frame (FALSE);

  gst_harness_set (h, "facealign", "min-face-size", 101, NULL);
  g_assert_cmpint (gst_harness_push (h, frame), ==, GST_FLOW_OK);
  g_assert_cmpuint (gst_harness_buffers_in_queue (h), ==, 0);
  gst_harness_set (h, "facealign", "min-face-size", 100, "roi-scale", 0.5,
      NULL);
  frame = gst_harness_push_and_pull (h, make_frame (FALSE));
  g_assert_cmpfloat (fabs (gst_buffer_get_face_crop_meta (frame)->to_frame[0]
          - 50), <, 1e-3);
  gst_buffer_unref (frame);
  gst_harness_teardown (h);
}

/* As well as facealign ! facenetencode, but for the rounding of pixels, and
 * on the frame. */
static void
test_encoder_aligns_too (void)
{
  g_autofree gchar *apart = g_strdup_printf ("facealign "
      "landmarks-location=%s ! facenetencode n-threads=1", sample_location);
  g_autofree gchar *whole = g_strdup_printf ("facenetencode align=true "
      "landmarks-location=%s n-threads=1", sample_location);
  GstHarness *a = start_line (apart);
  GstHarness *b = start_line (whole);
  GstHarness *plain = start_line ("facenetencode n-threads=1");
  g_autoptr (GstBuffer) face = NULL;
  g_autoptr (GstBuffer) frame = NULL;
  g_autoptr (GstBuffer) boxed = NULL;

  face = gst_harness_push_and_pull (a, make_frame (TRUE));
  frame = gst_harness_push_and_pull (b, make_frame (TRUE));
  boxed = gst_harness_push_and_pull (plain, make_frame (TRUE));
  g_assert_cmpuint (gst_buffer_get_size (frame), ==, 320 * 240 * 3);
  g_assert_cmpfloat (distance (face, frame), <, 1e-3);
  g_assert_cmpfloat (distance (boxed, frame), >, 1e-2);
  g_assert_cmpuint (gst_buffer_get_face_embedding_meta (frame, 0)->x, ==, 80);
  gst_harness_teardown (plain);
  gst_harness_teardown (b);
  gst_harness_teardown (a);
}

static void
assert_fails (const gchar * name, const gchar * location, GstResourceError code)
{
  g_autoptr (GstElement) element = gst_element_factory_make (name, NULL);
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  gst_object_ref_sink (element);
  gst_element_set_bus (element, bus);
  if (g_str_equal (name, "facenetencode"))
    g_object_set (element, "align", TRUE, NULL);
  g_object_set (element, "landmarks-location", location, NULL);
  g_assert_cmpint (gst_element_set_state (element, GST_STATE_PAUSED), ==,
      GST_STATE_CHANGE_FAILURE);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, GST_RESOURCE_ERROR, (gint) code);
  g_assert_nonnull (strstr (error->message, location));
  gst_element_set_state (element, GST_STATE_NULL);
  gst_element_set_bus (element, NULL);
}

static void
test_bad_file_is_an_element_error (void)
{
  static const gchar *const names[] = { "facealign", "facenetencode" };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (names); i++) {
    assert_fails (names[i], "/no/such.dat", GST_RESOURCE_ERROR_NOT_FOUND);
    assert_fails (names[i], g_getenv ("FACENET_MODEL"),
        GST_RESOURCE_ERROR_READ);
  }
}

static GstBuffer *
load_photo (const gchar * photos, const gchar * person)
{
  g_autofree gchar *folder = g_build_filename (photos, person, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree gchar *location =
      g_build_filename (folder, g_dir_read_name (dir), NULL);
  GstHarness *h = gst_harness_new_parse ("jpegdec ! videoconvert "
      "! capsfilter caps=video/x-raw,format=RGB");
  g_autofree gchar *data = NULL;
  GstBuffer *buffer;
  gsize size;

  g_assert_true (g_file_get_contents (location, &data, &size, NULL));
  gst_harness_set_src_caps_str (h, "image/jpeg");
  gst_harness_push (h, gst_buffer_new_memdup (data, size));
  buffer = gst_harness_pull (h);
  gst_harness_teardown (h);
  return buffer;
}

/* Where the face of a photo lies when the box is this one. */
static void
align_photo (GstHarness * h, GstBuffer * photo, guint x, guint y, guint side,
    gdouble to_frame[6])
{
  GstBuffer *frame = gst_buffer_copy (photo);

  encode_add_roi (frame, "face", x, y, side);
  frame = gst_harness_push_and_pull (h, frame);
  memcpy (to_frame, gst_buffer_get_face_crop_meta (frame)->to_frame,
      6 * sizeof *to_frame);
  gst_buffer_unref (frame);
}

/* Of 150 pixels; all these photos show a face of the same size. */
static void
test_photos_are_found_alike_from_any_box (void)
{
  g_autofree gchar *photos = example_photos_find ();
  const gchar *person;
  GstHarness *h;
  GDir *dir;

  if (!g_file_test (PREDICTOR, G_FILE_TEST_EXISTS)
      || photos == NULL) {
    g_test_skip ("libdlib-data is not installed, or " EXAMPLE_PHOTOS_MISSING);
    return;
  }
  h = gst_harness_new ("facealign");
  encode_set_format (h, GST_VIDEO_FORMAT_RGB, 150, 150);
  dir = g_dir_open (photos, 0, NULL);
  while ((person = g_dir_read_name (dir)) != NULL) {
    g_autoptr (GstBuffer) photo = load_photo (photos, person);
    gdouble a[6], b[6];
    guint i;

    align_photo (h, photo, 4, 8, 140, a);
    align_photo (h, photo, 14, 18, 115, b);
    g_test_message ("%s: %.1f at %.1f,%.1f and %.1f at %.1f,%.1f", person,
        a[0], a[2], a[5], b[0], b[2], b[5]);
    for (i = 0; i < 6; i++)
      g_assert_cmpfloat (fabs (a[i] - b[i]), <, 3.0);
    g_assert_cmpfloat (fabs (a[0] - 119), <, 10);
  }
  g_dir_close (dir);
  gst_harness_teardown (h);
}

int
main (int argc, char **argv)
{
  g_autoptr (GByteArray) file = sample_make ();
  gint fd, status;

  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  fd = g_file_open_tmp ("facealign-XXXXXX", &sample_location, NULL);
  g_close (fd, NULL);
  g_file_set_contents (sample_location, (const gchar *) file->data, file->len,
      NULL);
  g_test_add_func ("/facealign/picture-lies-where-the-points-are",
      test_picture_lies_where_the_points_are);
  g_test_add_func ("/facealign/properties-are-those-of-facecrop",
      test_properties_are_those_of_facecrop);
  g_test_add_func ("/facealign/encoder-aligns-too", test_encoder_aligns_too);
  g_test_add_func ("/facealign/bad-file-is-an-element-error",
      test_bad_file_is_an_element_error);
  g_test_add_func ("/facealign/photos-are-found-alike-from-any-box",
      test_photos_are_found_alike_from_any_box);
  status = g_test_run ();
  g_unlink (sample_location);
  g_free (sample_location);
  return status;
}
