/* facenetdetect.c - frames to faces
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Faces are those of Debian's example photographs: portraits of 150x150 pixels
 * with the face upright in the middle.
 */
#include "../example-photos.h"

#include <gst/app/gstappsink.h>
#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <math.h>
#include <string.h>

#define PERSON "John_Salley"

/* How far an eye may be from where it is in these photographs, in pixels: the
 * photographs were cut by the eyes, people differ by some pixels. */
#define EYE_TOLERANCE 9.0

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar * const *) a, *(const gchar * const *) b);
}

/* Decodes the first photograph of a person, with pixels of grey around it, in
 * a format; NULL when the photographs are missing. */
static GstSample *
load_photo (const gchar * format, gint border)
{
  g_autofree gchar *photos = example_photos_find ();
  g_autofree gchar *folder = NULL;
  g_autofree gchar *line = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = NULL;
  g_autofree gchar *location = NULL;
  const gchar *name;
  GstSample *sample;

  if (photos == NULL)
    return NULL;
  folder = g_build_filename (photos, PERSON, NULL);
  dir = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  location = g_build_filename (folder, g_ptr_array_index (names, 0), NULL);
  line = g_strdup_printf ("filesrc name=file ! jpegdec ! videoconvert "
      "! video/x-raw,format=RGB ! videobox left=-%d right=-%d top=-%d "
      "bottom=-%d ! videoconvert ! video/x-raw,format=%s "
      "! appsink name=sink", border, border, border, border, format);
  pipeline = gst_parse_launch (line, NULL);
  source = gst_bin_get_by_name (GST_BIN (pipeline), "file");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_object_set (source, "location", location, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  sample = gst_app_sink_pull_sample (GST_APP_SINK (sink));
  g_assert_nonnull (sample);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return sample;
}

/* Skips the test without the photographs. */
static gboolean
is_missing (GstSample * photo)
{
  if (photo == NULL)
    g_test_skip (EXAMPLE_PHOTOS_MISSING);
  return photo == NULL;
}

/* Takes the photograph through the element; (transfer full). */
static GstBuffer *
push_photo (GstHarness * h, GstSample * sample)
{
  gst_harness_set_src_caps (h, gst_caps_copy (gst_sample_get_caps (sample)));
  return gst_harness_push_and_pull (h,
      gst_buffer_ref (gst_sample_get_buffer (sample)));
}

static GstVideoRegionOfInterestMeta *
get_face (GstBuffer * buffer, guint index)
{
  gpointer state = NULL;
  GstMeta *meta = NULL;

  for (guint i = 0; i <= index; i++)
    meta = gst_buffer_iterate_meta_filtered (buffer, &state,
        GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE);
  return (GstVideoRegionOfInterestMeta *) meta;
}

static guint
count_faces (GstBuffer * buffer)
{
  return gst_buffer_get_n_meta (buffer,
      GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE);
}

static gdouble
get_number (GstVideoRegionOfInterestMeta * face, const gchar * param,
    const gchar * field)
{
  const GstStructure *structure =
      gst_video_region_of_interest_meta_get_param (face, param);
  gdouble value = (gdouble) NAN;

  g_assert_nonnull (structure);
  g_assert_true (gst_structure_get_double (structure, field, &value));
  return value;
}

static guint64
get_stat (GstHarness * h, const gchar * field)
{
  g_autoptr (GstElement) element =
      gst_harness_find_element (h, "facenetdetect");
  g_autoptr (GstStructure) stats = NULL;
  guint64 value = G_MAXUINT64;

  g_object_get (element, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_uint64 (stats, field, &value));
  return value;
}

static GstHarness *
start (const gchar * properties)
{
  g_autofree gchar *line =
      g_strdup_printf ("facenetdetect n-threads=1 %s", properties);

  return gst_harness_new_parse (line);
}

static GstBuffer *
make_grey (const GstVideoInfo * info)
{
  GstBuffer *buffer =
      gst_buffer_new_allocate (NULL, GST_VIDEO_INFO_SIZE (info), NULL);

  gst_buffer_memset (buffer, 0, 128, GST_VIDEO_INFO_SIZE (info));
  return buffer;
}

/* In photographs of 150x150 the eyes are about 38 pixels apart, at a height of
 * about 62; a border moves both. */
static void
assert_portrait (GstVideoRegionOfInterestMeta * face, gdouble border)
{
  const gdouble right_x = get_number (face, "landmarks", "x0");
  const gdouble left_x = get_number (face, "landmarks", "x1");

  g_assert_cmpstr (g_quark_to_string (face->roi_type), ==, "face");
  g_assert_cmpfloat_with_epsilon ((right_x + left_x) / 2, 75 + border,
      EYE_TOLERANCE);
  g_assert_cmpfloat (left_x - right_x, >, 25);
  g_assert_cmpfloat (left_x - right_x, <, 60);
  g_assert_cmpfloat (get_number (face, "landmarks", "y2"), >,
      get_number (face, "landmarks", "y0"));
  g_assert_cmpfloat (get_number (face, "landmarks", "y3"), >,
      get_number (face, "landmarks", "y2"));
  g_assert_cmpfloat (get_number (face, "landmarks", "x4"), >,
      get_number (face, "landmarks", "x3"));
  g_assert_cmpfloat (get_number (face, "detection", "confidence"), >, 0.5);
  g_assert_cmpfloat (get_number (face, "detection", "confidence"), <=, 1.0);
  g_assert_cmpfloat (face->x, <, right_x);
  g_assert_cmpfloat (face->x + face->w, >, left_x);
}

static void
test_a_face_has_box_confidence_and_landmarks (void)
{
  g_autoptr (GstSample) photo = load_photo ("RGB", 50);
  GstHarness *h;
  GstBuffer *buffer;

  if (is_missing (photo))
    return;
  h = start ("");
  buffer = push_photo (h, photo);
  g_assert_cmpuint (count_faces (buffer), ==, 1);
  assert_portrait (get_face (buffer, 0), 50);
  g_assert_cmpuint (get_stat (h, "frames"), ==, 1);
  g_assert_cmpuint (get_stat (h, "faces"), ==, 1);
  g_assert_cmpuint (get_stat (h, "max-latency"), >, 0);
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
}

static void
test_formats_are_read_as_they_are (void)
{
  static const gchar *const formats[] = { "BGRx", "I420", "NV12", "YUY2",
    "GRAY8", "ARGB"
  };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autoptr (GstSample) photo = load_photo (formats[i], 51);
    GstHarness *h;
    GstBuffer *buffer;

    if (is_missing (photo))
      return;
    h = start ("");
    buffer = push_photo (h, photo);
    g_test_message ("%s", formats[i]);
    g_assert_cmpuint (count_faces (buffer), ==, 1);
    assert_portrait (get_face (buffer, 0), 51);
    gst_buffer_unref (buffer);
    gst_harness_teardown (h);
  }
}

static void
test_a_box_ends_at_the_edge_of_the_frame (void)
{
  g_autoptr (GstSample) photo = load_photo ("RGB", 0);
  GstVideoRegionOfInterestMeta *face;
  GstHarness *h;
  GstBuffer *buffer;

  if (is_missing (photo))
    return;
  h = start ("");
  buffer = push_photo (h, photo);
  g_assert_cmpuint (count_faces (buffer), ==, 1);
  face = get_face (buffer, 0);
  g_assert_cmpuint (face->x + face->w, <=, 150);
  g_assert_cmpuint (face->y + face->h, <=, 150);
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
}

static void
test_the_pixels_of_a_shared_buffer_stay_where_they_are (void)
{
  g_autoptr (GstSample) photo = load_photo ("RGB", 50);
  GstHarness *h;
  GstBuffer *in, *out;

  if (is_missing (photo))
    return;
  h = start ("");
  in = gst_sample_get_buffer (photo);
  out = push_photo (h, photo);
  g_assert_true (out != in);
  g_assert_true (gst_buffer_peek_memory (out, 0) ==
      gst_buffer_peek_memory (in, 0));
  g_assert_cmpuint (count_faces (in), ==, 0);
  g_assert_cmpuint (count_faces (out), ==, 1);
  gst_buffer_unref (out);
  gst_harness_teardown (h);
}

static void
test_threshold_and_smallest_face_are_live (void)
{
  g_autoptr (GstSample) photo = load_photo ("RGB", 50);
  GstHarness *h;
  GstBuffer *buffer;

  if (is_missing (photo))
    return;
  h = start ("");
  gst_harness_set (h, "facenetdetect", "threshold", 1.0, NULL);
  buffer = push_photo (h, photo);
  g_assert_cmpuint (count_faces (buffer), ==, 0);
  gst_buffer_unref (buffer);
  gst_harness_set (h, "facenetdetect", "threshold", 0.0, "min-face-size", 4000,
      NULL);
  buffer = push_photo (h, photo);
  g_assert_cmpuint (count_faces (buffer), ==, 0);
  gst_buffer_unref (buffer);
  gst_harness_set (h, "facenetdetect", "min-face-size", 20, NULL);
  buffer = push_photo (h, photo);
  g_assert_cmpuint (count_faces (buffer), ==, 1);
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
}

/* Two photographs in one frame, each on a ground of its own. */
static GstBuffer *
make_pair (GstSample * photo, GstVideoInfo * pair)
{
  GstVideoInfo info;
  GstVideoFrame from, to;
  GstBuffer *buffer;

  g_assert_true (gst_video_info_from_caps (&info, gst_sample_get_caps (photo)));
  gst_video_info_set_format (pair, GST_VIDEO_FORMAT_RGB,
      2 * (guint) info.width, (guint) info.height);
  buffer = make_grey (pair);
  g_assert_true (gst_video_frame_map (&from, &info,
          gst_sample_get_buffer (photo), GST_MAP_READ));
  g_assert_true (gst_video_frame_map (&to, pair, buffer, GST_MAP_WRITE));
  for (gint y = 0; y < info.height; y++) {
    const guint8 *row = (const guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&from, 0)
        + y * GST_VIDEO_FRAME_PLANE_STRIDE (&from, 0);
    guint8 *out = (guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&to, 0)
        + y * GST_VIDEO_FRAME_PLANE_STRIDE (&to, 0);

    memcpy (out, row, (gsize) (3 * info.width));
    memcpy (out + 3 * info.width, row, (gsize) (3 * info.width));
  }
  gst_video_frame_unmap (&to);
  gst_video_frame_unmap (&from);
  return buffer;
}

static void
test_max_faces_bounds_them (void)
{
  g_autoptr (GstSample) photo = load_photo ("RGB", 20);
  GstVideoInfo info;
  GstHarness *h;
  GstBuffer *buffer;

  if (is_missing (photo))
    return;
  h = start ("");
  buffer = make_pair (photo, &info);
  gst_harness_set_src_caps (h, gst_video_info_to_caps (&info));
  buffer = gst_harness_push_and_pull (h, buffer);
  g_assert_cmpuint (count_faces (buffer), ==, 2);
  gst_buffer_unref (buffer);

  gst_harness_set (h, "facenetdetect", "max-faces", 1, NULL);
  buffer = gst_harness_push_and_pull (h, make_pair (photo, &info));
  g_assert_cmpuint (count_faces (buffer), ==, 1);
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
}

static void
test_interval_passes_frames_over (void)
{
  GstHarness *h = start ("detection-interval=3");
  GstVideoInfo info;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_RGB, 64, 48);
  gst_harness_set_src_caps (h, gst_video_info_to_caps (&info));
  for (guint i = 0; i < 7; i++)
    gst_buffer_unref (gst_harness_push_and_pull (h, make_grey (&info)));
  g_assert_cmpuint (get_stat (h, "frames"), ==, 3);
  g_assert_cmpuint (get_stat (h, "skipped-interval"), ==, 4);
  g_assert_cmpuint (get_stat (h, "faces"), ==, 0);
  gst_harness_teardown (h);
}

static void
test_sizes_may_change_in_the_stream (void)
{
  static const guint sizes[][2] = { {1, 1}, {2, 999}, {641, 3}, {33, 31},
  {1283, 721}, {320, 240}, {1, 1}
  };
  GstHarness *h = start ("");

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    GstVideoInfo info;

    gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, sizes[i][0],
        sizes[i][1]);
    gst_harness_set_src_caps (h, gst_video_info_to_caps (&info));
    gst_buffer_unref (gst_harness_push_and_pull (h, make_grey (&info)));
  }
  g_assert_cmpuint (get_stat (h, "frames"), ==, G_N_ELEMENTS (sizes));
  gst_harness_teardown (h);
}

static void
test_a_short_buffer_is_a_warning_and_goes_on (void)
{
  GstHarness *h = start ("");
  g_autoptr (GstElement) element =
      gst_harness_find_element (h, "facenetdetect");
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;
  GstVideoInfo info;

  gst_element_set_bus (element, bus);
  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_RGB, 64, 48);
  gst_harness_set_src_caps (h, gst_video_info_to_caps (&info));
  gst_buffer_unref (gst_harness_push_and_pull (h,
          gst_buffer_new_allocate (NULL, 100, NULL)));
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING);
  g_assert_nonnull (message);
  g_assert_cmpuint (get_stat (h, "skipped-unreadable"), ==, 1);
  g_assert_cmpuint (get_stat (h, "frames"), ==, 0);
  gst_element_set_bus (element, NULL);
  gst_harness_teardown (h);
}

/* Weights that cannot be loaded are an element error of that code. */
static void
assert_start_fails (const gchar * location, GQuark domain, gint code,
    const gchar * text)
{
  g_autoptr (GstElement) element =
      gst_object_ref_sink (gst_element_factory_make ("facenetdetect", NULL));
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  gst_element_set_bus (element, bus);
  g_object_set (element, "model-location", location, NULL);
  g_assert_cmpint (gst_element_set_state (element, GST_STATE_PAUSED), ==,
      GST_STATE_CHANGE_FAILURE);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, location));
  g_assert_nonnull (strstr (error->message, text));
  gst_element_set_state (element, GST_STATE_NULL);
  gst_element_set_bus (element, NULL);
}

static void
test_missing_weights_are_named (void)
{
  assert_start_fails ("/nowhere/detector.safetensors", GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_NOT_FOUND, "No such file");
}

static void
test_weights_of_another_network_are_named (void)
{
  assert_start_fails (g_getenv ("FACENET_MODEL"), GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "nn4.small2");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/facenetdetect/a-face-has-box-confidence-and-landmarks",
      test_a_face_has_box_confidence_and_landmarks);
  g_test_add_func ("/facenetdetect/formats-are-read-as-they-are",
      test_formats_are_read_as_they_are);
  g_test_add_func ("/facenetdetect/a-box-ends-at-the-edge-of-the-frame",
      test_a_box_ends_at_the_edge_of_the_frame);
  g_test_add_func
      ("/facenetdetect/the-pixels-of-a-shared-buffer-stay-where-they-are",
      test_the_pixels_of_a_shared_buffer_stay_where_they_are);
  g_test_add_func ("/facenetdetect/threshold-and-smallest-face-are-live",
      test_threshold_and_smallest_face_are_live);
  g_test_add_func ("/facenetdetect/max-faces-bounds-them",
      test_max_faces_bounds_them);
  g_test_add_func ("/facenetdetect/interval-passes-frames-over",
      test_interval_passes_frames_over);
  g_test_add_func ("/facenetdetect/sizes-may-change-in-the-stream",
      test_sizes_may_change_in_the_stream);
  g_test_add_func ("/facenetdetect/a-short-buffer-is-a-warning-and-goes-on",
      test_a_short_buffer_is_a_warning_and_goes_on);
  g_test_add_func ("/facenetdetect/missing-weights-are-named",
      test_missing_weights_are_named);
  g_test_add_func ("/facenetdetect/weights-of-another-network-are-named",
      test_weights_of_another_network_are_named);
  return g_test_run ();
}
