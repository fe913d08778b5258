/* encode-silence.c - facenetencode says why a stream gave no face
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "encode-testing.h"

/* Pushes a frame with a box of that size, none for 0, and ends the stream.
 * Returns: (transfer full) (nullable): what the element said of it */
static gchar *
end_stream (const gchar * properties, guint box)
{
  GstHarness *h = encode_start (properties, GST_VIDEO_FORMAT_RGB, 320, 240);
  GstBuffer *frame = encode_make_picture (320, 240, 1);
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  gst_element_set_bus (h->element, bus);
  if (box > 0)
    encode_add_roi (frame, "face", 50, 50, box);
  g_assert_cmpint (gst_harness_push (h, frame), ==, GST_FLOW_OK);
  g_assert_true (gst_harness_push_event (h, gst_event_new_eos ()));
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_INFO);
  if (message != NULL)
    gst_message_parse_info (message, &error, NULL);
  gst_element_set_bus (h->element, NULL);
  gst_harness_teardown (h);
  return error != NULL ? g_strdup (error->message) : NULL;
}

static void
test_no_region (void)
{
  g_autofree gchar *said = end_stream ("inference-region=roi-list", 0);

  g_assert_cmpstr (said, ==,
      "No face in 1 frames: no region of object-class arrived");
}

static void
test_too_small (void)
{
  g_autofree gchar *said = end_stream ("min-face-size=100", 60);

  g_assert_cmpstr (said, ==, "No face in 1 frames: 1 skipped-small");
}

static void
test_large_frame (void)
{
  g_autofree gchar *said = end_stream ("inference-region=auto", 0);

  g_assert_cmpstr (said, ==, "No face in 1 frames: 1 skipped-full-frame");
}

static void
test_face (void)
{
  g_autofree gchar *said = end_stream ("", 60);

  g_assert_null (said);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/encode-silence/no-region-arrived", test_no_region);
  g_test_add_func ("/encode-silence/all-too-small", test_too_small);
  g_test_add_func ("/encode-silence/frame-is-no-face", test_large_frame);
  g_test_add_func ("/encode-silence/nothing-after-a-face", test_face);
  return g_test_run ();
}
