/* image.c - a picture in memory, decoded from a file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * filesrc ! decodebin ! videoconvert ! videoflip ! RGB ! appsink, paused: the
 * first picture waits in the sink and nothing behind it is decoded.
 */
#include "image.h"
#include "decode.h"
#include "jpeg.h"

#include <gio/gio.h>
#include <gst/app/app.h>
#include <gst/video/video.h>
#include <string.h>

#define MAX_JPEG_SIZE (256 * 1024 * 1024)
/* Enough to tell whether a file is JPEG. */
#define MAGIC_SIZE 16
/* A decoder that says nothing for so long hangs. */
#define TIMEOUT (30 * GST_SECOND)

ToolImage *
tool_image_new (gint width, gint height)
{
  ToolImage *self = g_new0 (ToolImage, 1);

  self->width = width;
  self->height = height;
  self->stride = GST_ROUND_UP_4 ((gsize) width * 3);
  self->data = g_malloc0 (self->stride * (gsize) height);
  return self;
}

void
tool_image_free (ToolImage * self)
{
  if (self == NULL)
    return;
  g_free (self->data);
  g_free (self);
}

/* What a JPEG file says; other files are not read any further than to see
 * that they are none. */
static gboolean
inspect_file (const gchar * location, const gchar * name, ToolJpeg * jpeg,
    GError ** error)
{
  g_autofree guint8 *data = g_malloc (MAGIC_SIZE);
  g_autoptr (GFile) file = g_file_new_for_path (location);
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GError) cause = NULL;
  gsize size = 0, rest = 0;

  stream = g_file_read (file, NULL, &cause);
  if (stream && g_input_stream_read_all (G_INPUT_STREAM (stream), data,
          MAGIC_SIZE, &size, NULL, &cause)) {
    tool_jpeg_inspect (data, size, jpeg);
    if (!jpeg->is_jpeg)
      return TRUE;
    data = g_realloc (data, MAX_JPEG_SIZE);
    if (g_input_stream_read_all (G_INPUT_STREAM (stream), data + size,
            MAX_JPEG_SIZE - size, &rest, NULL, &cause))
      tool_jpeg_inspect (data, size + rest, jpeg);
  }
  if (cause) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN, "%s: %s", name,
        cause->message);
    return FALSE;
  }
  if (!jpeg->complete) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_TRUNCATED,
        "%s: the JPEG data end before the picture does", name);
    return FALSE;
  }
  return TRUE;
}

/* EXIF orientation 1 … 8: what turns the picture upright. */
static GstVideoOrientationMethod
orientation_method (guint orientation)
{
  static const GstVideoOrientationMethod methods[] = {
    GST_VIDEO_ORIENTATION_IDENTITY, GST_VIDEO_ORIENTATION_HORIZ,
    GST_VIDEO_ORIENTATION_180, GST_VIDEO_ORIENTATION_VERT,
    GST_VIDEO_ORIENTATION_UL_LR, GST_VIDEO_ORIENTATION_90R,
    GST_VIDEO_ORIENTATION_UR_LL, GST_VIDEO_ORIENTATION_90L,
  };

  return methods[orientation - 1];
}

ToolImage *
tool_image_new_from_sample (GstSample * sample)
{
  GstVideoInfo info;
  GstVideoFrame frame;
  ToolImage *image;

  if (!gst_video_info_from_caps (&info, gst_sample_get_caps (sample))
      || !gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sample),
          GST_MAP_READ))
    return NULL;

  image = tool_image_new (info.width, info.height);
  for (gint y = 0; y < image->height; y++) {
    const guint8 *row = GST_VIDEO_FRAME_PLANE_DATA (&frame, 0);

    memcpy (image->data + (gsize) y * image->stride,
        row + (gsize) y * (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0),
        (gsize) image->width * 3);
  }
  gst_video_frame_unmap (&frame);
  return image;
}

static ToolImage *
decode (ToolDecode * self, const ToolJpeg * jpeg, GError ** error)
{
  g_autoptr (GstElement) sink =
      gst_bin_get_by_name (GST_BIN (self->pipeline), "sink");
  g_autoptr (GstElement) flip =
      gst_bin_get_by_name (GST_BIN (self->pipeline), "flip");
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GstSample) sample = NULL;
  ToolImage *image = NULL;

  g_object_set (flip, "video-direction", jpeg->is_jpeg
      ? orientation_method (jpeg->orientation) : GST_VIDEO_ORIENTATION_AUTO,
      NULL);
  gst_element_set_state (self->pipeline, GST_STATE_PAUSED);
  message = tool_decode_wait (self,
      GST_MESSAGE_ERROR | GST_MESSAGE_ASYNC_DONE, TIMEOUT);
  /* At the end of a stream without a picture there is no sample. */
  if (message && GST_MESSAGE_TYPE (message) == GST_MESSAGE_ASYNC_DONE)
    sample = gst_app_sink_try_pull_preroll (GST_APP_SINK (sink), 0);
  if (sample)
    image = tool_image_new_from_sample (sample);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  if (image == NULL)
    tool_decode_set_error (self, message, TIMEOUT, error);
  return image;
}

ToolImage *
tool_image_load (const gchar * location, GError ** error)
{
  g_autofree gchar *name = g_filename_display_name (location);
  ToolDecode decoding = {.name = name,.kind = "picture" };
  ToolJpeg jpeg;
  ToolImage *image = NULL;

  if (!tool_decode_check_file (&decoding, location, error)
      || !inspect_file (location, name, &jpeg, error))
    return NULL;
  if (tool_decode_build (&decoding, location, "videoconvert name=first ! "
          "videoflip name=flip ! video/x-raw,format=RGB ! appsink name=sink "
          "sync=false max-buffers=1", error))
    image = decode (&decoding, &jpeg, error);
  tool_decode_clear (&decoding);
  return image;
}
