/* encode.c - facenetencode as an element
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "encode-testing.h"

#include <facenet/facenet.h>
#include <glib/gstdio.h>

#include <math.h>
#include <string.h>

#define N_DIMS 128

/* An embedding made with libfacenet alone. */
static void
embed_by_hand (GstBuffer * buffer, gint width, gint height,
    const FacenetRect * rect, gfloat * embedding)
{
  g_autofree gchar *location = facenet_model_find_default (NULL);
  g_autoptr (FacenetModel) model = facenet_model_load (location, NULL, NULL);
  g_autoptr (FacenetSession) session = facenet_session_new (model, 1);
  g_autoptr (FacenetCropper) cropper = facenet_cropper_new (96, 96);
  g_autofree gfloat *face = g_new (gfloat, 3 * 96 * 96);
  FacenetImage image;
  FacenetPixels pixels;
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  pixels.data = map.data;
  pixels.stride = GST_ROUND_UP_4 (3 * (gsize) width);
  facenet_image_init_rgb (&image, &pixels, width, height);
  facenet_cropper_crop_rect (cropper, &image, rect, face, NULL);
  facenet_session_embed (session, face, 1, embedding);
  gst_buffer_unmap (buffer, &map);
}

static void
assert_embedding (GstBuffer * buffer, guint index, const gfloat * wanted)
{
  GstFaceEmbeddingMeta *face =
      gst_buffer_get_face_embedding_meta (buffer, index);

  g_assert_nonnull (face);
  g_assert_cmpuint (face->n_dims, ==, N_DIMS);
  g_assert_cmpmem (face->embedding, N_DIMS * sizeof (gfloat), wanted,
      N_DIMS * sizeof (gfloat));
}

static void
test_cropped_frame_gets_one_embedding (void)
{
  GstHarness *h = encode_start ("", GST_VIDEO_FORMAT_RGB, 111, 90);
  GstBuffer *buffer = encode_make_picture (111, 90, 0);
  const FacenetRect whole = { 0, 0, 111, 90 };
  gfloat wanted[N_DIMS];
  GstFaceEmbeddingMeta *face;
  gdouble norm = 0.0;
  guint i;

  embed_by_hand (buffer, 111, 90, &whole, wanted);
  buffer = gst_harness_push_and_pull (h, buffer);
  g_assert_cmpuint (encode_count_faces (buffer), ==, 1);
  assert_embedding (buffer, 0, wanted);
  face = gst_buffer_get_face_embedding_meta (buffer, 0);
  for (i = 0; i < N_DIMS; i++)
    norm += (gdouble) face->embedding[i] * (gdouble) face->embedding[i];
  g_assert_cmpfloat (fabs (norm - 1.0), <=, 1e-5);
  g_assert_cmpuint (strlen (face->model_id), ==, 64);
  g_assert_cmpuint (face->roi_type, ==, 0);
  g_assert_cmpuint (face->w, ==, 111);
  g_assert_cmpuint (face->frame_height, ==, 90);
  g_assert_cmpfloat (face->quality, >, 0);
  g_assert_cmpfloat (face->quality, <, 1);
  g_assert_cmpuint (encode_get_stat (h, "mean-latency"), >, 0);
  g_assert_cmpuint (encode_get_stat (h, "max-latency"), >=,
      encode_get_stat (h, "mean-latency"));
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
}

static void
test_region_is_framed_as_the_properties_say (void)
{
  GstHarness *h = encode_start ("roi-scale=0.9 roi-offset-y=0.05",
      GST_VIDEO_FORMAT_RGB, 320, 240);
  GstBuffer *buffer = encode_make_picture (320, 240, 0);
  const FacenetRect box = { 101, 33, 90, 90 };
  FacenetRect rect;
  gfloat wanted[N_DIMS];

  encode_add_roi (buffer, "face", 101, 33, 90);
  facenet_rect_from_box (&rect, &box, 0.9, 0.05);
  embed_by_hand (buffer, 320, 240, &rect, wanted);
  buffer = gst_harness_push_and_pull (h, buffer);
  assert_embedding (buffer, 0, wanted);
  gst_buffer_unref (buffer);

  /* The same while playing, back to the defaults. */
  gst_harness_set (h, "facenetencode", "roi-scale", FACENET_ROI_SCALE,
      "roi-offset-y", FACENET_ROI_OFFSET_Y, NULL);
  buffer = encode_make_picture (320, 240, 0);
  encode_add_roi (buffer, "face", 101, 33, 90);
  facenet_rect_from_box (&rect, &box, FACENET_ROI_SCALE, FACENET_ROI_OFFSET_Y);
  embed_by_hand (buffer, 320, 240, &rect, wanted);
  buffer = gst_harness_push_and_pull (h, buffer);
  assert_embedding (buffer, 0, wanted);
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
}

static gpointer
get_pixels (GstBuffer * buffer)
{
  GstMapInfo map;
  gpointer data;

  g_assert_cmpuint (gst_buffer_n_memory (buffer), ==, 1);
  gst_buffer_map (buffer, &map, GST_MAP_READ);
  data = map.data;
  gst_buffer_unmap (buffer, &map);
  return data;
}

static void
test_shared_frame_is_not_copied (void)
{
  GstHarness *h = encode_start ("", GST_VIDEO_FORMAT_RGB, 128, 128);
  GstBuffer *buffer = encode_make_picture (128, 128, 0);
  g_autoptr (GstBuffer) out = NULL;

  out = gst_harness_push_and_pull (h, gst_buffer_ref (buffer));
  g_assert_true (out != buffer);
  g_assert_true (get_pixels (out) == get_pixels (buffer));
  g_assert_cmpuint (encode_count_faces (out), ==, 1);
  g_assert_cmpuint (encode_count_faces (buffer), ==, 0);
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
}

static void
test_writable_frame_is_passed_on_itself (void)
{
  GstHarness *h = encode_start ("", GST_VIDEO_FORMAT_RGB, 128, 128);
  GstBuffer *buffer = encode_make_picture (128, 128, 0);
  GstBuffer *out = gst_harness_push_and_pull (h, buffer);

  g_assert_true (out == buffer);
  gst_buffer_unref (out);
  gst_harness_teardown (h);
}

static void
remember_pixels (GstElement * sink, GstBuffer * buffer, GstPad * pad,
    gpointer user_data)
{
  *(gpointer *) user_data = get_pixels (buffer);
}

static void
test_branches_of_a_tee_share_the_pixels (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch ("videotestsrc "
      "num-buffers=1 ! video/x-raw,format=NV12,width=64,height=64 ! tee name=t "
      "t. ! queue ! fakesink name=a signal-handoffs=true "
      "t. ! queue ! facenetencode ! fakesink name=b signal-handoffs=true",
      &error);
  g_autoptr (GstElement) a = gst_bin_get_by_name (GST_BIN (pipeline), "a");
  g_autoptr (GstElement) b = gst_bin_get_by_name (GST_BIN (pipeline), "b");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;
  gpointer pixels_a = NULL;
  gpointer pixels_b = NULL;

  g_assert_no_error (error);
  g_signal_connect (a, "handoff", G_CALLBACK (remember_pixels), &pixels_a);
  g_signal_connect (b, "handoff", G_CALLBACK (remember_pixels), &pixels_b);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 30 * GST_SECOND,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_assert_nonnull (pixels_a);
  g_assert_true (pixels_a == pixels_b);
}

static void
test_every_nth_buffer_is_encoded (void)
{
  GstHarness *h = encode_start ("inference-interval=3", GST_VIDEO_FORMAT_RGB,
      96, 96);
  guint i;

  for (i = 0; i < 7; i++) {
    GstBuffer *buffer =
        gst_harness_push_and_pull (h, encode_make_picture (96, 96, i));

    g_assert_cmpuint (encode_count_faces (buffer), ==, i % 3 == 0 ? 1 : 0);
    gst_buffer_unref (buffer);
  }
  g_assert_cmpuint (encode_get_stat (h, "frames"), ==, 3);
  g_assert_cmpuint (encode_get_stat (h, "skipped-interval"), ==, 4);
  gst_harness_teardown (h);
}

static void
test_caps_may_change_in_mid_stream (void)
{
  GstHarness *h = encode_start ("", GST_VIDEO_FORMAT_RGB, 96, 96);
  GstFaceEmbeddingMeta *face;
  GstBuffer *buffer;

  gst_buffer_unref (gst_harness_push_and_pull (h,
          encode_make_picture (96, 96, 0)));
  encode_set_format (h, GST_VIDEO_FORMAT_GRAY8, 200, 170);
  buffer = gst_buffer_new_allocate (NULL, 200 * 170, NULL);
  gst_buffer_memset (buffer, 0, 99, 200 * 170);
  buffer = gst_harness_push_and_pull (h, buffer);
  face = gst_buffer_get_face_embedding_meta (buffer, 0);
  g_assert_nonnull (face);
  g_assert_cmpuint (face->frame_width, ==, 200);
  g_assert_cmpuint (face->frame_height, ==, 170);
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
}

static void
test_may_be_started_again (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch ("videotestsrc "
      "num-buffers=2 ! video/x-raw,format=I420,width=64,height=64 "
      "! facenetencode name=e ! fakesink", &error);
  g_autoptr (GstElement) encode = gst_bin_get_by_name (GST_BIN (pipeline), "e");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  guint i;

  g_assert_no_error (error);
  for (i = 0; i < 3; i++) {
    g_autoptr (GstMessage) message = NULL;
    GstStructure *stats = NULL;
    guint64 faces = 0;

    gst_element_set_state (pipeline, GST_STATE_PLAYING);
    message = gst_bus_timed_pop_filtered (bus, 30 * GST_SECOND,
        GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
    gst_element_set_state (pipeline, GST_STATE_NULL);
    g_object_get (encode, "stats", &stats, NULL);
    gst_structure_get_uint64 (stats, "faces", &faces);
    g_assert_cmpuint (faces, ==, 2);
    gst_structure_free (stats);
  }
}

/* The one error that an element with this model posts. */
static void
assert_start_fails (const gchar * location, GQuark domain, gint code)
{
  g_autoptr (GstElement) element =
      gst_element_factory_make ("facenetencode", NULL);
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GstMessage) another = NULL;
  g_autoptr (GError) error = NULL;

  gst_object_ref_sink (element);
  gst_element_set_bus (element, bus);
  g_object_set (element, "model-location", location, NULL);
  g_assert_cmpint (gst_element_set_state (element, GST_STATE_PAUSED), ==,
      GST_STATE_CHANGE_FAILURE);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, location));
  another = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_assert_null (another);
  gst_element_set_state (element, GST_STATE_NULL);

  /* With a model that is there it starts after all. */
  g_object_set (element, "model-location", NULL, NULL);
  g_assert_cmpint (gst_element_set_state (element, GST_STATE_PAUSED), ==,
      GST_STATE_CHANGE_SUCCESS);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_element_set_bus (element, NULL);
}

static void
test_missing_model_is_one_error (void)
{
  assert_start_fails ("/nowhere/model.safetensors", GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_NOT_FOUND);
}

static void
test_truncated_model_is_one_error (void)
{
  g_autofree gchar *location = facenet_model_find_default (NULL);
  g_autofree gchar *folder = g_dir_make_tmp ("facenet-XXXXXX", NULL);
  g_autofree gchar *truncated =
      g_build_filename (folder, "truncated.safetensors", NULL);
  g_autofree gchar *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (location, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (truncated, contents,
          (gssize) (length / 2), NULL));
  assert_start_fails (truncated, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ);
  g_unlink (truncated);
  g_rmdir (folder);
}

static void
test_model_of_another_program_is_for_convert (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("facenet-XXXXXX", NULL);
  g_autofree gchar *location = g_build_filename (folder, "model.pt", NULL);
  g_autofree gchar *advice =
      g_strdup_printf ("%s: a PyTorch file, not safetensors; run: facenet "
      "convert %s OUT.safetensors", location, location);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (location, "PK\3\4....", 8, NULL));
  assert_start_fails (location, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ);
  g_assert_null (facenet_model_load (location, NULL, &error));
  g_assert_cmpstr (error->message, ==, advice);
  g_unlink (location);
  g_rmdir (folder);
}

static void
test_unreadable_frame_passes_with_one_warning (void)
{
  GstHarness *h = encode_start ("", GST_VIDEO_FORMAT_RGB, 96, 96);
  g_autoptr (GstElement) element =
      gst_harness_find_element (h, "facenetencode");
  g_autoptr (GstBus) bus = gst_bus_new ();
  guint i, n = 0;

  gst_element_set_bus (element, bus);
  for (i = 0; i < 3; i++) {
    GstBuffer *buffer = gst_harness_push_and_pull (h,
        gst_buffer_new_allocate (NULL, 96 * 96, NULL));

    g_assert_cmpuint (encode_count_faces (buffer), ==, 0);
    gst_buffer_unref (buffer);
  }
  while (TRUE) {
    g_autoptr (GstMessage) message =
        gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING | GST_MESSAGE_ERROR);

    if (message == NULL)
      break;
    g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_WARNING);
    n++;
  }
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (encode_get_stat (h, "skipped-unreadable"), ==, 3);
  gst_element_set_bus (element, NULL);
  gst_harness_teardown (h);
}

static void
test_allocation_query_reaches_downstream (void)
{
  GstHarness *h = encode_start ("", GST_VIDEO_FORMAT_RGB, 96, 96);
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (h->srcpad);
  GstQuery *query;

  gst_harness_add_propose_allocation_meta (h, GST_VIDEO_META_API_TYPE, NULL);
  query = gst_query_new_allocation (caps, TRUE);
  g_assert_true (gst_pad_peer_query (h->srcpad, query));
  g_assert_true (gst_query_find_allocation_meta (query,
          GST_VIDEO_META_API_TYPE, NULL));
  gst_query_unref (query);
  gst_harness_teardown (h);
}

static void
test_qos_is_off (void)
{
  g_autoptr (GstElement) element =
      gst_element_factory_make ("facenetencode", NULL);
  gboolean qos = TRUE;

  gst_object_ref_sink (element);
  g_object_get (element, "qos", &qos, NULL);
  g_assert_false (qos);
}

/* A face that fills a square of a frame, another that is flat. */
static GstBuffer *
make_good_and_flat_face (void)
{
  GstBuffer *buffer = encode_make_picture (320, 240, 0);
  GstMapInfo map;
  gint y;

  gst_buffer_map (buffer, &map, GST_MAP_READWRITE);
  for (y = 0; y < 240; y++)
    memset (map.data + y * 960 + 3 * 200, 128, 3 * 120);
  gst_buffer_unmap (buffer, &map);
  encode_add_roi (buffer, "face", 210, 20, 105);
  encode_add_roi (buffer, "face", 60, 60, 100);
  return buffer;
}

static void
test_min_quality (void)
{
  GstHarness *h = encode_start ("inference-region=roi-list",
      GST_VIDEO_FORMAT_RGB, 320, 240);
  g_autoptr (GstElement) element =
      gst_harness_find_element (h, "facenetencode");
  GstFaceEmbeddingMeta *face;
  GstBuffer *buffer;

  buffer = gst_harness_push_and_pull (h, make_good_and_flat_face ());
  g_assert_cmpuint (encode_count_faces (buffer), ==, 2);
  face = gst_buffer_get_face_embedding_meta (buffer, 0);
  g_assert_cmpuint (face->w, ==, 105);
  g_assert_cmpfloat (face->quality, <, 0.05);
  face = gst_buffer_get_face_embedding_meta (buffer, 1);
  g_assert_cmpfloat (face->quality, >, 0.1);
  g_assert_cmpuint (encode_get_stat (h, "skipped-quality"), ==, 0);
  gst_buffer_unref (buffer);

  g_object_set (element, "min-quality", 0.1, NULL);
  buffer = gst_harness_push_and_pull (h, make_good_and_flat_face ());
  g_assert_cmpuint (encode_count_faces (buffer), ==, 1);
  face = gst_buffer_get_face_embedding_meta (buffer, 0);
  g_assert_cmpuint (face->w, ==, 100);
  g_assert_cmpuint (encode_get_stat (h, "skipped-quality"), ==, 1);
  g_assert_cmpuint (encode_get_stat (h, "faces"), ==, 3);
  gst_buffer_unref (buffer);

  g_object_set (element, "min-quality", 1.0, NULL);
  buffer = gst_harness_push_and_pull (h, make_good_and_flat_face ());
  g_assert_cmpuint (encode_count_faces (buffer), ==, 0);
  g_assert_cmpuint (encode_get_stat (h, "skipped-quality"), ==, 3);
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/encode/cropped-frame-gets-one-embedding",
      test_cropped_frame_gets_one_embedding);
  g_test_add_func ("/encode/region-is-framed-as-the-properties-say",
      test_region_is_framed_as_the_properties_say);
  g_test_add_func ("/encode/shared-frame-is-not-copied",
      test_shared_frame_is_not_copied);
  g_test_add_func ("/encode/writable-frame-is-passed-on-itself",
      test_writable_frame_is_passed_on_itself);
  g_test_add_func ("/encode/branches-of-a-tee-share-the-pixels",
      test_branches_of_a_tee_share_the_pixels);
  g_test_add_func ("/encode/every-nth-buffer-is-encoded",
      test_every_nth_buffer_is_encoded);
  g_test_add_func ("/encode/caps-may-change-in-mid-stream",
      test_caps_may_change_in_mid_stream);
  g_test_add_func ("/encode/may-be-started-again", test_may_be_started_again);
  g_test_add_func ("/encode/missing-model-is-one-error",
      test_missing_model_is_one_error);
  g_test_add_func ("/encode/truncated-model-is-one-error",
      test_truncated_model_is_one_error);
  g_test_add_func ("/encode/model-of-another-program-is-for-convert",
      test_model_of_another_program_is_for_convert);
  g_test_add_func ("/encode/unreadable-frame-passes-with-one-warning",
      test_unreadable_frame_passes_with_one_warning);
  g_test_add_func ("/encode/allocation-query-reaches-downstream",
      test_allocation_query_reaches_downstream);
  g_test_add_func ("/encode/qos-is-off", test_qos_is_off);
  g_test_add_func ("/encode/min-quality-skips-and-counts", test_min_quality);
  return g_test_run ();
}
