/* facematch-flow.c - facematch lets buffers through as they are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include <gst/controller/gstdirectcontrolbinding.h>
#include <gst/controller/gstinterpolationcontrolsource.h>

#include "facematch-harness.h"

#define ADD(path, test) \
    g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

static gconstpointer
get_pixels (GstBuffer * buffer)
{
  GstMapInfo map;
  gconstpointer pixels;

  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
  pixels = map.data;
  gst_buffer_unmap (buffer, &map);
  return pixels;
}

static void
test_writable (Fixture * self, gconstpointer data)
{
  GstBuffer *buffer = new_buffer (0), *out;

  fixture_play (self);
  add_face (buffer);
  out = gst_harness_push_and_pull (self->harness, buffer);
  g_assert_true (out == buffer);
  g_assert_nonnull (gst_buffer_get_face_match_meta (out, 0));
  gst_buffer_unref (out);
}

/* As behind a tee: somebody else holds the buffer too. Their buffer stays
 * without the new metadata, and the pixels are in one place. */
static void
test_shared (Fixture * self, gconstpointer data)
{
  GstBuffer *buffer = new_buffer (7), *out;

  fixture_play (self);
  add_face (buffer);
  GST_BUFFER_DURATION (buffer) = 8;
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  out = gst_harness_push_and_pull (self->harness, gst_buffer_ref (buffer));
  g_assert_true (out != buffer);
  g_assert_true (get_pixels (out) == get_pixels (buffer));
  g_assert_null (gst_buffer_get_face_match_meta (buffer, 0));
  g_assert_nonnull (gst_buffer_get_face_match_meta (out, 0));
  g_assert_nonnull (gst_buffer_get_face_embedding_meta (out, 0));
  g_assert_cmpuint (GST_BUFFER_PTS (out), ==, 7);
  g_assert_cmpuint (GST_BUFFER_DURATION (out), ==, 8);
  g_assert_true (GST_BUFFER_FLAG_IS_SET (out, GST_BUFFER_FLAG_GAP));
  gst_buffer_unref (out);
  gst_buffer_unref (buffer);
}

static void
test_without_face (Fixture * self, gconstpointer data)
{
  GstBuffer *buffer = new_buffer (0), *out;

  fixture_play (self);
  out = gst_harness_push_and_pull (self->harness, gst_buffer_ref (buffer));
  g_assert_true (out == buffer);
  g_assert_null (pop_verdict (self));
  gst_buffer_unref (out);
  gst_buffer_unref (buffer);
}

static GstPadProbeReturn
keep_pixels (GstPad * pad, GstPadProbeInfo * info, gpointer data)
{
  gconstpointer *pixels = data;

  *pixels = get_pixels (GST_PAD_PROBE_INFO_BUFFER (info));
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
put_face (GstPad * pad, GstPadProbeInfo * info, gpointer data)
{
  GstBuffer *buffer =
      gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));

  add_face (buffer);
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  return GST_PAD_PROBE_OK;
}

static void
add_probe (GstElement * pipeline, const gchar * name, const gchar * pad_name,
    GstPadProbeCallback callback, gpointer data)
{
  g_autoptr (GstElement) element =
      gst_bin_get_by_name (GST_BIN (pipeline), name);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, pad_name);

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, callback, data, NULL);
}

/* In a real pipeline, where another branch of the tee holds every frame. */
static void
test_tee (Fixture * self, gconstpointer data)
{
  g_autoptr (GstElement) pipeline =
      gst_parse_launch ("videotestsrc num-buffers=3 name=source ! tee name=t"
      " t. ! queue ! fakesink name=held enable-last-sample=true"
      " t. ! queue ! facematch name=match ! fakesink name=end", NULL);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;
  gconstpointer before = NULL, after = NULL;

  add_probe (pipeline, "source", "src", put_face, NULL);
  add_probe (pipeline, "held", "sink", keep_pixels, &before);
  add_probe (pipeline, "end", "sink", keep_pixels, &after);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 10 * GST_SECOND,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  g_assert_nonnull (before);
  g_assert_true (before == after);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

static void
test_allocation (Fixture * self, gconstpointer data)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string ("application/x-faces");
  g_autoptr (GstQuery) query = gst_query_new_allocation (caps, FALSE);

  fixture_play (self);
  gst_harness_set_propose_allocator (self->harness,
      gst_allocator_find (GST_ALLOCATOR_SYSMEM), NULL);
  g_assert_true (gst_pad_peer_query (self->harness->srcpad, query));
  g_assert_cmpuint (gst_query_get_n_allocation_params (query), ==, 1);
}

/* A threshold that grows from 0 to 0.4 in four seconds of stream time: a face
 * at 0.2 is accepted from the second second on. */
static void
test_controlled (Fixture * self, gconstpointer data)
{
  GstControlSource *source = gst_interpolation_control_source_new ();
  GstClockTime second;

  g_object_set (source, "mode", GST_INTERPOLATION_MODE_LINEAR, NULL);
  gst_timed_value_control_source_set (GST_TIMED_VALUE_CONTROL_SOURCE (source),
      10 * GST_SECOND, 0.01);
  gst_timed_value_control_source_set (GST_TIMED_VALUE_CONTROL_SOURCE (source),
      14 * GST_SECOND, 0.4);
  g_assert_true (gst_object_add_control_binding (GST_OBJECT (self->element),
          gst_direct_control_binding_new_absolute (GST_OBJECT (self->element),
              "threshold", source)));
  gst_object_unref (source);
  fixture_play (self);
  {
    GstSegment segment;

    gst_segment_init (&segment, GST_FORMAT_TIME);
    segment.time = 10 * GST_SECOND;
    gst_harness_push_event (self->harness, gst_event_new_segment (&segment));
  }
  for (second = 0; second < 4; second++) {
    GstBuffer *buffer = new_buffer (second * GST_SECOND);
    GstFaceMatchMeta *meta;

    add_face (buffer);
    buffer = gst_harness_push_and_pull (self->harness, buffer);
    meta = gst_buffer_get_face_match_meta (buffer, 0);
    g_assert_cmpint (meta->event, ==, second < 2 ? FACENET_EVENT_UNKNOWN
        : FACENET_EVENT_MATCH);
    gst_buffer_unref (buffer);
  }
}

static void
test_any_caps (Fixture * self, gconstpointer data)
{
  fixture_play (self);
  gst_harness_set_src_caps_str (self->harness, "video/x-h264");
  gst_buffer_unref (push_face (self));
  gst_message_unref (pop_verdict (self));
  gst_harness_set_src_caps_str (self->harness,
      "video/x-raw(memory:DMABuf),format=NV12,width=4,height=4");
  gst_buffer_unref (push_face (self));
  gst_message_unref (pop_verdict (self));
}

static void
test_quality_of_service (Fixture * self, gconstpointer data)
{
  gboolean enabled;

  g_object_get (self->element, "qos", &enabled, NULL);
  g_assert_false (enabled);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/facematch-flow/writable-buffer-goes-through", test_writable);
  ADD ("/facematch-flow/shared-buffer-keeps-its-pixels", test_shared);
  ADD ("/facematch-flow/buffer-without-face-is-not-copied", test_without_face);
  ADD ("/facematch-flow/pixels-behind-a-tee-stay-where-they-are", test_tee);
  ADD ("/facematch-flow/allocation-reaches-downstream", test_allocation);
  ADD ("/facematch-flow/threshold-follows-stream-time", test_controlled);
  ADD ("/facematch-flow/any-caps", test_any_caps);
  ADD ("/facematch-flow/quality-of-service-is-off", test_quality_of_service);
  return g_test_run ();
}
