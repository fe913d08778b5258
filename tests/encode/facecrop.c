/* facecrop.c - faces of frames as pictures of their own
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "encode-testing.h"

#include <facenet/facenet-cropper.h>
#include <facenet/facenet-metric.h>

#include <math.h>
#include <string.h>

#define WIDTH 320
#define HEIGHT 240
#define N_DIMS 128

/* All that rounding the pixels of a crop to bytes may move an embedding, as
 * squared L2; measured: 6e-6. Thresholds between people are 0.5 to
 * 1.1. */
#define SAME_FACE 5e-4

static GstHarness *
start (const gchar * line)
{
  GstHarness *h = gst_harness_new_parse (line);

  encode_set_format (h, GST_VIDEO_FORMAT_RGB, WIDTH, HEIGHT);
  return h;
}

static GstBuffer *
make_frame (guint number)
{
  GstBuffer *buffer = encode_make_picture (WIDTH, HEIGHT, number);

  GST_BUFFER_PTS (buffer) = number * 40 * GST_MSECOND;
  GST_BUFFER_DURATION (buffer) = 40 * GST_MSECOND;
  return buffer;
}

/* Events that came out since the last call, of one type; the last of them. */
static guint
count_events (GstHarness * h, GstEventType type, GstEvent ** last)
{
  GstEvent *event;
  guint n = 0;

  while ((event = gst_harness_try_pull_event (h)) != NULL) {
    if (GST_EVENT_TYPE (event) == type) {
      n++;
      if (last != NULL)
        gst_event_replace (last, event);
    }
    gst_event_unref (event);
  }
  return n;
}

static void
assert_caps (GstHarness * h, const gchar * wanted)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (h->sinkpad);
  g_autoptr (GstCaps) subset = gst_caps_from_string (wanted);

  g_assert_nonnull (caps);
  g_assert_true (gst_caps_is_subset (caps, subset));
}

static void
test_each_face_is_a_buffer_the_largest_first (void)
{
  GstHarness *h = start ("facecrop");
  GstBuffer *frame = make_frame (3);
  guint i;

  encode_add_roi (frame, "face", 10, 20, 60);
  encode_add_roi (frame, "face", 150, 50, 90);
  g_assert_cmpint (gst_harness_push (h, frame), ==, GST_FLOW_OK);
  g_assert_cmpuint (gst_harness_buffers_in_queue (h), ==, 2);
  assert_caps (h, "video/x-raw,format=RGB,width=96,height=96,framerate=0/1,"
      "pixel-aspect-ratio=1/1");
  for (i = 0; i < 2; i++) {
    g_autoptr (GstBuffer) face = gst_harness_pull (h);
    const GstFaceCropMeta *meta = gst_buffer_get_face_crop_meta (face);

    g_assert_cmpuint (gst_buffer_get_size (face), ==, 96 * 96 * 3);
    g_assert_cmpuint (GST_BUFFER_PTS (face), ==, 120 * GST_MSECOND);
    g_assert_cmpuint (GST_BUFFER_DURATION (face), ==, 40 * GST_MSECOND);
    g_assert_nonnull (meta);
    g_assert_cmpuint (meta->index, ==, i);
    g_assert_cmpuint (meta->n_faces, ==, 2);
    g_assert_cmpuint (meta->x, ==, i == 0 ? 150 : 10);
    g_assert_cmpuint (meta->y, ==, i == 0 ? 50 : 20);
    g_assert_cmpuint (meta->w, ==, i == 0 ? 90 : 60);
    g_assert_cmpuint (meta->h, ==, i == 0 ? 90 : 60);
    g_assert_cmpuint (meta->frame_width, ==, WIDTH);
    g_assert_cmpuint (meta->frame_height, ==, HEIGHT);
    g_assert_cmpstr (g_quark_to_string (meta->roi_type), ==, "face");
    g_assert_cmpint (meta->track_id, ==, -1);
    g_assert_true (isnan (meta->detect_confidence));
  }
  g_assert_cmpuint (count_events (h, GST_EVENT_GAP, NULL), ==, 0);
  gst_harness_teardown (h);
}

static void
test_meta_says_where_the_picture_lies (void)
{
  GstHarness *h = start ("facecrop roi-scale=0.5 roi-offset-y=0.25");
  GstBuffer *frame = make_frame (0);
  const gdouble *m;

  encode_add_roi (frame, "face", 100, 60, 80);
  frame = gst_harness_push_and_pull (h, frame);
  m = gst_buffer_get_face_crop_meta (frame)->to_frame;
  g_assert_cmpfloat (m[0], ==, 40.0);
  g_assert_cmpfloat (m[1], ==, 0.0);
  g_assert_cmpfloat (m[2], ==, 120.0);
  g_assert_cmpfloat (m[3], ==, 0.0);
  g_assert_cmpfloat (m[4], ==, 40.0);
  g_assert_cmpfloat (m[5], ==, 100.0);
  gst_buffer_unref (frame);
  gst_harness_teardown (h);
}

/* Gives a frame stripes as fine as those of real pictures; on what is all too
 * smooth the rounding of pixels would count as sharpness. */
static void
add_texture (GstBuffer * frame)
{
  GstMapInfo map;
  gsize i;

  gst_buffer_map (frame, &map, GST_MAP_READWRITE);
  for (i = 0; i < map.size; i++)
    map.data[i] = (guint8) CLAMP (map.data[i] + 12.0 * sin (0.3 * i), 0, 255);
  gst_buffer_unmap (frame, &map);
}

/* A frame with two faces, one of a tracker. */
static GstBuffer *
make_two_faces (guint number)
{
  GstBuffer *frame = make_frame (number);
  GstVideoRegionOfInterestMeta *roi;

  add_texture (frame);
  encode_add_roi (frame, "face", 10, 20, 60);
  roi = encode_add_roi (frame, "face", 151, 53, 91);
  gst_video_region_of_interest_meta_add_param (roi,
      gst_structure_new ("object_id", "id", G_TYPE_INT, 7, NULL));
  gst_video_region_of_interest_meta_add_param (roi,
      gst_structure_new ("detection", "confidence", G_TYPE_DOUBLE, 0.75, NULL));
  return frame;
}

static void
assert_same_face (const GstFaceEmbeddingMeta * a,
    const GstFaceEmbeddingMeta * b)
{
  const gdouble distance =
      facenet_squared_l2 (a->embedding, b->embedding, N_DIMS);

  g_test_message ("squared L2 %.2g, quality %.3f and %.3f", distance,
      a->quality, b->quality);
  g_assert_cmpfloat (distance, <=, SAME_FACE);
  g_assert_cmpfloat (fabs (a->quality - b->quality), <, 0.02);
  g_assert_cmpuint (a->x, ==, b->x);
  g_assert_cmpuint (a->y, ==, b->y);
  g_assert_cmpuint (a->w, ==, b->w);
  g_assert_cmpuint (a->h, ==, b->h);
  g_assert_cmpuint (a->frame_width, ==, b->frame_width);
  g_assert_cmpuint (a->frame_height, ==, b->frame_height);
  g_assert_cmpuint (a->roi_type, ==, b->roi_type);
  g_assert_cmpint (a->track_id, ==, b->track_id);
  g_assert_true (a->detect_confidence == b->detect_confidence
      || isnan (a->detect_confidence));
}

/* data: what the encoder behind facecrop is told. */
static void
test_encoded_crop_is_the_encoded_region (gconstpointer data)
{
  g_autofree gchar *line = g_strdup_printf ("facecrop ! facenetencode "
      "n-threads=1 %s", (const gchar *) data);
  GstHarness *cropped = start (line);
  GstHarness *whole = start ("facenetencode n-threads=1");
  g_autoptr (GstBuffer) frame = NULL;
  guint i;

  frame = gst_harness_push_and_pull (whole, make_two_faces (0));
  g_assert_cmpuint (encode_count_faces (frame), ==, 2);
  g_assert_cmpint (gst_harness_push (cropped, make_two_faces (0)), ==,
      GST_FLOW_OK);
  for (i = 0; i < 2; i++) {
    g_autoptr (GstBuffer) face = gst_harness_pull (cropped);

    g_assert_cmpuint (encode_count_faces (face), ==, 1);
    assert_same_face (gst_buffer_get_face_embedding_meta (face, 0),
        gst_buffer_get_face_embedding_meta (frame, i));
  }
  gst_harness_teardown (whole);
  gst_harness_teardown (cropped);
}

/* What facematch tells of three frames with the same two faces, without a
 * tracker upstream: for each message the track and the box. */
static gchar *
follow (const gchar * elements)
{
  g_autofree gchar *line = g_strdup_printf ("%s ! facematch min-matches=2 "
      "report=unknown+reject", elements);
  GstHarness *h = start (line);
  g_autoptr (GstBus) bus = gst_bus_new ();
  GString *told = g_string_new (NULL);
  GstMessage *message;
  guint i;

  gst_element_set_bus (h->element, bus);
  for (i = 0; i < 3; i++) {
    GstBuffer *frame = make_frame (i);

    encode_add_roi (frame, "face", 10, 20, 60);
    encode_add_roi (frame, "face", 151, 53, 91);
    gst_harness_push (h, frame);
  }
  while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT)) != NULL) {
    const GstStructure *structure = gst_message_get_structure (message);
    const GValue *box = gst_structure_get_value (structure, "face");
    g_autofree gchar *text = box != NULL ? gst_value_serialize (box) : NULL;
    gint track = -1;

    if (gst_structure_get_int (structure, "track-id", &track))
      g_string_append_printf (told, "%d at %s; ", track, text);
    gst_message_unref (message);
  }
  gst_element_set_bus (h->element, NULL);
  gst_harness_teardown (h);
  return g_string_free (told, FALSE);
}

/* The faces of a frame come one after the other, at the same time. */
static void
test_faces_are_followed_as_in_frames (void)
{
  g_autofree gchar *whole = follow ("facenetencode n-threads=1");
  g_autofree gchar *cropped = follow ("facecrop ! facenetencode n-threads=1");

  g_assert_nonnull (strstr (whole, "1 at "));
  g_assert_cmpstr (cropped, ==, whole);
}

/* Larger than what `auto` takes for a face otherwise. */
static void
test_large_crop_is_a_face_to_auto (void)
{
  GstHarness *h = start ("facecrop ! video/x-raw,width=320 "
      "! facenetencode n-threads=1");
  GstBuffer *frame = make_frame (0);

  encode_add_roi (frame, "face", 20, 20, 200);
  frame = gst_harness_push_and_pull (h, frame);
  g_assert_cmpuint (gst_buffer_get_size (frame), ==, 320 * 320 * 3);
  g_assert_cmpuint (encode_count_faces (frame), ==, 1);
  gst_buffer_unref (frame);
  gst_harness_teardown (h);
}

static void
test_frame_without_a_face_is_a_gap (void)
{
  GstHarness *h = start ("facecrop object-class=face");
  GstBuffer *frame = make_frame (2);
  g_autoptr (GstEvent) gap = NULL;
  GstClockTime time, duration;

  encode_add_roi (frame, "cat", 10, 20, 60);
  count_events (h, GST_EVENT_GAP, NULL);
  g_assert_cmpint (gst_harness_push (h, frame), ==, GST_FLOW_OK);
  g_assert_cmpuint (gst_harness_buffers_in_queue (h), ==, 0);
  g_assert_cmpuint (count_events (h, GST_EVENT_GAP, &gap), ==, 1);
  gst_event_parse_gap (gap, &time, &duration);
  g_assert_cmpuint (time, ==, 80 * GST_MSECOND);
  g_assert_cmpuint (duration, ==, 40 * GST_MSECOND);

  /* A frame without a time is no gap at any time. */
  g_assert_cmpint (gst_harness_push (h, encode_make_picture (WIDTH, HEIGHT,
              0)), ==, GST_FLOW_OK);
  g_assert_cmpuint (count_events (h, GST_EVENT_GAP, NULL), ==, 0);
  g_assert_true (gst_harness_push_event (h, gst_event_new_eos ()));
  g_assert_cmpuint (count_events (h, GST_EVENT_EOS, NULL), ==, 1);
  gst_harness_teardown (h);
}

static void
test_caps_give_the_size (void)
{
  GstHarness *h = start ("facecrop ! capsfilter caps=video/x-raw,height=160");
  GstBuffer *frame = make_frame (0);

  encode_add_roi (frame, "face", 20, 20, 200);
  frame = gst_harness_push_and_pull (h, frame);
  assert_caps (h, "video/x-raw,width=160,height=160");
  gst_buffer_unref (frame);
  gst_harness_teardown (h);

  h = start ("facecrop");
  gst_harness_set_sink_caps_str (h,
      "video/x-raw,format=RGB,width=[100,200],height=[100,400]");
  frame = make_frame (0);
  encode_add_roi (frame, "face", 20, 20, 200);
  gst_buffer_unref (gst_harness_push_and_pull (h, frame));
  assert_caps (h, "video/x-raw,width=100,height=100");

  /* And while it plays. */
  gst_harness_set_sink_caps_str (h, "video/x-raw,format=RGB,width=31,height=7");
  frame = make_frame (0);
  encode_add_roi (frame, "face", 20, 20, 200);
  frame = gst_harness_push_and_pull (h, frame);
  assert_caps (h, "video/x-raw,width=31,height=7");
  g_assert_cmpuint (gst_buffer_get_size (frame), ==, 96 * 7);
  gst_buffer_unref (frame);
  gst_harness_teardown (h);
}

static void
test_frames_may_change_their_size (void)
{
  GstHarness *h = start ("facecrop");
  GstBuffer *frame = make_frame (0);

  encode_add_roi (frame, "face", 20, 20, 100);
  gst_buffer_unref (gst_harness_push_and_pull (h, frame));
  encode_set_format (h, GST_VIDEO_FORMAT_RGB, 65, 71);
  frame = encode_make_picture (65, 71, 0);
  encode_add_roi (frame, "face", 5, 6, 50);
  frame = gst_harness_push_and_pull (h, frame);
  g_assert_cmpuint (gst_buffer_get_face_crop_meta (frame)->frame_width, ==, 65);
  assert_caps (h, "video/x-raw,width=96,height=96");
  gst_buffer_unref (frame);
  gst_harness_teardown (h);
}

static void
test_flush_leaves_nothing_behind (void)
{
  GstHarness *h = start ("facecrop");
  GstSegment segment;
  GstBuffer *frame;

  gst_buffer_unref (gst_harness_push_and_pull (h, make_two_faces (0)));
  gst_harness_push_event (h, gst_event_new_flush_start ());
  gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  while ((frame = gst_harness_try_pull (h)) != NULL)
    gst_buffer_unref (frame);
  g_assert_cmpint (gst_harness_push (h, make_two_faces (5)), ==, GST_FLOW_OK);
  g_assert_cmpuint (gst_harness_buffers_in_queue (h), ==, 2);
  frame = gst_harness_pull (h);
  g_assert_cmpuint (GST_BUFFER_PTS (frame), ==, 200 * GST_MSECOND);
  g_assert_cmpuint (gst_buffer_get_face_crop_meta (frame)->index, ==, 0);
  gst_buffer_unref (frame);
  gst_harness_teardown (h);
}

static GstPadProbeReturn
refuse_first (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  gint *n = user_data;

  if ((*n)++ > 0)
    return GST_PAD_PROBE_OK;
  gst_clear_buffer ((GstBuffer **) & info->data);
  GST_PAD_PROBE_INFO_FLOW_RETURN (info) = GST_FLOW_FLUSHING;
  return GST_PAD_PROBE_HANDLED;
}

/* Downstream refuses the first face of two: the second must not turn up in
 * front of the next frame. */
static void
test_refused_frame_is_dropped (void)
{
  GstHarness *h = start ("facecrop");
  GstBuffer *frame;
  gint n = 0;

  gst_pad_add_probe (h->sinkpad, GST_PAD_PROBE_TYPE_BUFFER, refuse_first, &n,
      NULL);
  g_assert_cmpint (gst_harness_push (h, make_two_faces (0)), ==,
      GST_FLOW_FLUSHING);
  g_assert_cmpuint (gst_harness_buffers_in_queue (h), ==, 0);
  g_assert_cmpint (gst_harness_push (h, make_two_faces (1)), ==, GST_FLOW_OK);
  g_assert_cmpuint (gst_harness_buffers_in_queue (h), ==, 2);
  frame = gst_harness_pull (h);
  g_assert_cmpuint (GST_BUFFER_PTS (frame), ==, 40 * GST_MSECOND);
  gst_buffer_unref (frame);
  gst_harness_teardown (h);
}

static guint64
get_stat (GstHarness * h, const gchar * field)
{
  g_autoptr (GstElement) element = gst_harness_find_element (h, "facecrop");
  GstStructure *stats = NULL;
  guint64 value = G_MAXUINT64;

  g_object_get (element, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_uint64 (stats, field, &value));
  gst_structure_free (stats);
  return value;
}

static void
test_properties_choose_the_faces (void)
{
  GstHarness *h = start ("facecrop min-face-size=50 max-faces=2");
  GstBuffer *frame = make_frame (0);
  guint i;

  for (i = 0; i < 4; i++)
    encode_add_roi (frame, "face", 70 * i, 10, 50 + i);
  encode_add_roi (frame, "face", 10, 100, 49);
  encode_add_roi (frame, "face", 71, 12, 51);
  encode_add_roi (frame, "cat", 200, 100, 70);
  g_assert_cmpint (gst_harness_push (h, frame), ==, GST_FLOW_OK);
  g_assert_cmpuint (gst_harness_buffers_in_queue (h), ==, 2);
  g_assert_cmpuint (get_stat (h, "frames"), ==, 1);
  g_assert_cmpuint (get_stat (h, "faces"), ==, 2);
  g_assert_cmpuint (get_stat (h, "skipped-small"), ==, 1);
  g_assert_cmpuint (get_stat (h, "skipped-duplicate"), ==, 1);
  g_assert_cmpuint (get_stat (h, "skipped-max-faces"), ==, 2);

  gst_harness_set (h, "facecrop", "object-class", NULL, "max-faces", 0, NULL);
  frame = make_frame (0);
  encode_add_roi (frame, "cat", 200, 100, 70);
  encode_add_roi (frame, "face", 10, 100, 90);
  encode_add_roi (frame, "face", 110, 100, 80);
  gst_harness_push (h, frame);
  g_assert_cmpuint (gst_harness_buffers_in_queue (h), ==, 5);
  gst_harness_teardown (h);
}

static void
test_only_the_time_of_the_frame_is_copied (void)
{
  GstHarness *h = start ("facecrop");
  GstBuffer *frame = make_frame (0);
  const gfloat vector[2] = { 1.0f, 0.0f };
  g_autoptr (GstCaps) unix_time =
      gst_caps_new_empty_simple ("timestamp/x-unix");

  encode_add_roi (frame, "face", 20, 20, 100);
  gst_buffer_add_face_embedding_meta (frame, vector, 2, "abc");
  gst_buffer_add_face_match_meta (frame, 0, FACENET_EVENT_MATCH, "a", "A");
  gst_buffer_add_reference_timestamp_meta (frame, unix_time, GST_SECOND,
      GST_CLOCK_TIME_NONE);
  frame = gst_harness_push_and_pull (h, frame);
  g_assert_cmpuint (encode_count_faces (frame), ==, 0);
  g_assert_null (gst_buffer_get_face_match_meta (frame, 0));
  g_assert_null (gst_buffer_get_video_region_of_interest_meta_id (frame, 0));
  g_assert_cmpuint (gst_buffer_get_reference_timestamp_meta (frame,
          unix_time)->timestamp, ==, GST_SECOND);
  gst_buffer_unref (frame);
  gst_harness_teardown (h);
}

static void
test_unreadable_frame_is_one_warning (void)
{
  GstHarness *h = start ("facecrop");
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstElement) element = gst_harness_find_element (h, "facecrop");
  GstMessage *message;
  guint i;

  gst_element_set_bus (element, bus);
  count_events (h, GST_EVENT_GAP, NULL);
  for (i = 0; i < 3; i++) {
    GstBuffer *frame = gst_buffer_new_allocate (NULL, 100, NULL);

    GST_BUFFER_PTS (frame) = 0;
    encode_add_roi (frame, "face", 20, 20, 100);
    g_assert_cmpint (gst_harness_push (h, frame), ==, GST_FLOW_OK);
  }
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING);
  g_assert_nonnull (message);
  gst_message_unref (message);
  g_assert_null (gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING));
  g_assert_cmpuint (get_stat (h, "skipped-unreadable"), ==, 3);
  g_assert_cmpuint (count_events (h, GST_EVENT_GAP, NULL), ==, 3);
  gst_element_set_bus (element, NULL);
  gst_harness_teardown (h);
}

static gdouble
mean_difference (GstBuffer * a, GstBuffer * b)
{
  GstMapInfo map_a, map_b;
  gdouble sum = 0.0;
  gsize i;

  gst_buffer_map (a, &map_a, GST_MAP_READ);
  gst_buffer_map (b, &map_b, GST_MAP_READ);
  g_assert_cmpuint (map_a.size, ==, map_b.size);
  for (i = 0; i < map_a.size; i++)
    sum += abs (map_a.data[i] - map_b.data[i]);
  sum /= (gdouble) map_a.size;
  gst_buffer_unmap (b, &map_b);
  gst_buffer_unmap (a, &map_a);
  return sum;
}

/* The region survives videoconvert. Of 1.5 grey levels a chroma shared by two
 * pixels is the most. */
static void
test_format (gconstpointer data)
{
  g_autofree gchar *line = g_strdup_printf ("videoconvert "
      "! video/x-raw,format=%s ! facecrop", (const gchar *) data);
  const gboolean grey = g_str_equal (data, "GRAY8");
  GstHarness *rgb = start (grey ? "videoconvert ! video/x-raw,format=GRAY8 "
      "! videoconvert ! video/x-raw,format=RGB ! facecrop" : "facecrop");
  GstHarness *other = start (line);
  GstBuffer *frame = make_frame (0);
  g_autoptr (GstBuffer) a = NULL;
  g_autoptr (GstBuffer) b = NULL;

  encode_add_roi (frame, "face", 51, 43, 151);
  a = gst_harness_push_and_pull (rgb, gst_buffer_ref (frame));
  b = gst_harness_push_and_pull (other, frame);
  g_assert_cmpfloat (mean_difference (a, b), <, 1.5);
  gst_harness_teardown (other);
  gst_harness_teardown (rgb);
}

static void
add_formats (void)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find ("facecrop");
  const GList *item;

  g_assert_nonnull (factory);
  item = gst_element_factory_get_static_pad_templates (factory);
  for (; item != NULL; item = item->next) {
    GstStaticPadTemplate *template = item->data;
    g_autoptr (GstCaps) caps = gst_static_pad_template_get_caps (template);
    const GValue *formats =
        gst_structure_get_value (gst_caps_get_structure (caps, 0), "format");
    guint i;

    if (template->direction != GST_PAD_SINK)
      continue;
    for (i = 0; i < gst_value_list_get_size (formats); i++) {
      const gchar *name =
          g_value_get_string (gst_value_list_get_value (formats, i));
      g_autofree gchar *path = g_strconcat ("/facecrop/reads/", name, NULL);

      g_test_add_data_func_full (path, g_strdup (name), test_format, g_free);
    }
  }
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/facecrop/each-face-is-a-buffer-the-largest-first",
      test_each_face_is_a_buffer_the_largest_first);
  g_test_add_func ("/facecrop/meta-says-where-the-picture-lies",
      test_meta_says_where_the_picture_lies);
  g_test_add_data_func ("/facecrop/encoded/as-the-region/auto", "",
      test_encoded_crop_is_the_encoded_region);
  g_test_add_data_func ("/facecrop/encoded/as-the-region/full-frame",
      "inference-region=full-frame", test_encoded_crop_is_the_encoded_region);
  g_test_add_func ("/facecrop/encoded/faces-are-followed-as-in-frames",
      test_faces_are_followed_as_in_frames);
  g_test_add_func ("/facecrop/encoded/large-crop-is-a-face-to-auto",
      test_large_crop_is_a_face_to_auto);
  g_test_add_func ("/facecrop/frame-without-a-face-is-a-gap",
      test_frame_without_a_face_is_a_gap);
  g_test_add_func ("/facecrop/caps-give-the-size", test_caps_give_the_size);
  g_test_add_func ("/facecrop/frames-may-change-their-size",
      test_frames_may_change_their_size);
  g_test_add_func ("/facecrop/flush-leaves-nothing-behind",
      test_flush_leaves_nothing_behind);
  g_test_add_func ("/facecrop/refused-frame-is-dropped",
      test_refused_frame_is_dropped);
  g_test_add_func ("/facecrop/properties-choose-the-faces",
      test_properties_choose_the_faces);
  g_test_add_func ("/facecrop/only-the-time-of-the-frame-is-copied",
      test_only_the_time_of_the_frame_is_copied);
  g_test_add_func ("/facecrop/unreadable-frame-is-one-warning",
      test_unreadable_frame_is_one_warning);
  add_formats ();
  return g_test_run ();
}
