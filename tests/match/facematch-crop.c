/* facematch-crop.c - messages with a picture of the face
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include <gst/video/video.h>

#include "facematch-stream.h"

#define WIDTH 640
#define HEIGHT 480

/* Black, with a white box. */
static GstBuffer *
new_picture (const GstVideoInfo * info, const GstVideoRectangle * box)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, info->size, NULL);
  gint x, y, plane;
  GstVideoFrame frame;

  g_assert_true (gst_video_frame_map (&frame, info, buffer, GST_MAP_WRITE));
  for (plane = 0; plane < (gint) GST_VIDEO_FRAME_N_PLANES (&frame); plane++) {
    memset (GST_VIDEO_FRAME_PLANE_DATA (&frame, plane), plane == 0 ? 16 : 128,
        (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (&frame, plane) *
        GST_VIDEO_FRAME_COMP_HEIGHT (&frame, plane));
  }
  for (y = box->y; y < box->y + box->h; y++) {
    guint8 *row = GST_VIDEO_FRAME_PLANE_DATA (&frame, 0);

    row += y * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0);
    for (x = box->x; x < box->x + box->w; x++) {
      row[x] = 235;
    }
  }
  gst_video_frame_unmap (&frame);
  GST_BUFFER_PTS (buffer) = 0;
  return buffer;
}

/* Pushes a picture in which Ann's face fills the box. */
static GstMessage *
push_picture (Fixture * self, const GstVideoRectangle * box)
{
  g_autoptr (GstCaps) caps = NULL;
  GstFaceEmbeddingMeta *face;
  GstVideoInfo info;
  GstBuffer *buffer;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, WIDTH, HEIGHT);
  caps = gst_video_info_to_caps (&info);
  gst_harness_set_src_caps (self->harness, g_steal_pointer (&caps));
  buffer = new_picture (&info, box);
  face = add_person_face (buffer, 0);
  face->x = (guint) box->x;
  face->y = (guint) box->y;
  face->w = (guint) box->w;
  face->h = (guint) box->h;
  push_buffer (self, buffer);
  return expect (self, "match", "ann");
}

/* The picture of a message must be this large and white all over. */
static void
assert_white (GstMessage * message, gint width, gint height)
{
  const GstStructure *structure = gst_message_get_structure (message);
  g_autoptr (GstSample) sample = NULL;
  GstVideoInfo info;
  GstVideoFrame frame;
  gint x, y;

  g_assert_true (gst_structure_get (structure, "frame", GST_TYPE_SAMPLE,
          &sample, NULL));
  g_assert_true (gst_video_info_from_caps (&info,
          gst_sample_get_caps (sample)));
  g_assert_cmpint (GST_VIDEO_INFO_FORMAT (&info), ==, GST_VIDEO_FORMAT_RGB);
  g_assert_cmpint (info.width, ==, width);
  g_assert_cmpint (info.height, ==, height);
  g_assert_true (gst_video_frame_map (&frame, &info,
          gst_sample_get_buffer (sample), GST_MAP_READ));
  for (y = 0; y < height; y++) {
    const guint8 *row = GST_VIDEO_FRAME_PLANE_DATA (&frame, 0);

    row += y * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0);
    for (x = 0; x < 3 * width; x++) {
      g_assert_cmpuint (row[x], >=, 250);
    }
  }
  gst_video_frame_unmap (&frame);
}

static void
test_small (Fixture * self, gconstpointer data)
{
  const GstVideoRectangle box = { 102, 60, 80, 90 };
  g_autoptr (GstMessage) message = NULL;

  g_object_set (self->element, "attach-frame", TRUE, NULL);
  fixture_play (self);
  message = push_picture (self, &box);
  assert_white (message, 80, 90);
}

static void
test_large (Fixture * self, gconstpointer data)
{
  const GstVideoRectangle box = { 20, 40, 300, 400 };
  g_autoptr (GstMessage) message = NULL;

  g_object_set (self->element, "attach-frame", TRUE, NULL);
  fixture_play (self);
  message = push_picture (self, &box);
  assert_white (message, 120, 160);
}

static void
test_cropped_upstream (Fixture * self, gconstpointer data)
{
  const GstVideoRectangle all = { 0, 0, 96, 96 };
  g_autoptr (GstMessage) message = NULL;
  GstFaceEmbeddingMeta *face;
  GstVideoInfo info;
  GstBuffer *buffer;

  g_object_set (self->element, "attach-frame", TRUE, NULL);
  fixture_play (self);
  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, 96, 96);
  gst_harness_set_src_caps (self->harness, gst_video_info_to_caps (&info));
  buffer = new_picture (&info, &all);
  gst_buffer_add_face_crop_meta (buffer);
  face = add_person_face (buffer, 0);
  face->x = 500;
  face->y = 300;
  face->w = face->h = 40;
  face->frame_width = WIDTH;
  face->frame_height = HEIGHT;
  push_buffer (self, buffer);
  message = expect (self, "match", "ann");
  assert_white (message, 96, 96);
}

static void
test_not_by_default (Fixture * self, gconstpointer data)
{
  const GstVideoRectangle box = { 20, 40, 30, 40 };
  g_autoptr (GstMessage) message = NULL;

  fixture_play (self);
  message = push_picture (self, &box);
  g_assert_false (has_field (message, "frame"));
}

/* What cannot be read is left out: other caps, a box beyond the frame, a
 * buffer that is too small. */
static void
test_unreadable (Fixture * self, gconstpointer data)
{
  static const gchar *caps[] = {
    "video/x-h264",
    "video/x-raw(memory:DMABuf),format=NV12,width=4,height=4",
    "video/x-raw,format=RGB,width=640,height=480,framerate=25/1",
    "video/x-raw,format=GRAY8,width=4,height=4,framerate=0/1"
  };
  guint i;

  g_object_set (self->element, "attach-frame", TRUE, NULL);
  fixture_play (self);
  for (i = 0; i < G_N_ELEMENTS (caps); i++) {
    GstBuffer *buffer = new_frame (40 * i);
    g_autoptr (GstMessage) message = NULL;

    gst_harness_set_src_caps_str (self->harness, caps[i]);
    add_person_face (buffer, 0)->frame_width = 0;
    push_buffer (self, buffer);
    message = expect (self, "match", "ann");
    g_assert_false (has_field (message, "frame"));
  }
}

/* Behind a videoscale the box is still that of the frame before. */
static void
test_scaled (Fixture * self, gconstpointer data)
{
  GstBuffer *buffer = new_frame (0);
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GstSample) sample = NULL;
  const GstStructure *structure;
  gint width, height;

  g_object_set (self->element, "attach-frame", TRUE, NULL);
  fixture_play (self);
  gst_harness_set_src_caps_str (self->harness,
      "video/x-raw,format=GRAY8,width=4,height=4,framerate=0/1");
  add_person_face (buffer, 0);
  gst_buffer_get_face_embedding_meta (buffer, 0)->x = 320;
  gst_buffer_get_face_embedding_meta (buffer, 0)->w = 320;
  gst_buffer_get_face_embedding_meta (buffer, 0)->h = 400;
  push_buffer (self, buffer);
  message = expect (self, "match", "ann");
  g_assert_true (gst_structure_get (gst_message_get_structure (message),
          "frame", GST_TYPE_SAMPLE, &sample, NULL));
  structure = gst_caps_get_structure (gst_sample_get_caps (sample), 0);
  gst_structure_get_int (structure, "width", &width);
  gst_structure_get_int (structure, "height", &height);
  g_assert_cmpint (width, ==, 2);
  g_assert_cmpint (height, ==, 4);
}

/* The log has no pictures, whatever is set. */
static void
test_log (Fixture * self, gconstpointer data)
{
  const GstVideoRectangle box = { 20, 40, 30, 40 };
  g_autofree gchar *log = g_build_filename (self->folder, "log", NULL);
  g_autofree gchar *text = NULL;

  g_object_set (self->element, "attach-frame", TRUE, "log-biometrics", TRUE,
      "log-location", log, NULL);
  fixture_play (self);
  gst_message_unref (push_picture (self, &box));
  g_assert_true (g_file_get_contents (log, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\"match\""));
  g_assert_null (strstr (text, "\"frame\""));
  g_remove (log);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/facematch-crop/small-face-is-kept-as-it-is", test_small);
  ADD ("/facematch-crop/large-face-is-made-small", test_large);
  ADD ("/facematch-crop/face-cropped-upstream-is-shown-whole",
      test_cropped_upstream);
  ADD ("/facematch-crop/none-by-default", test_not_by_default);
  ADD ("/facematch-crop/unreadable-frame-is-left-out", test_unreadable);
  ADD ("/facematch-crop/box-is-scaled-with-the-frame", test_scaled);
  ADD ("/facematch-crop/log-has-no-picture", test_log);
  return g_test_run ();
}
