/* shot.c - small pictures of faces
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The cropper of the network, with a frame that shows the whole head, and
 * appsrc ! jpegenc ! appsink, kept running.
 */
#include "shot.h"

#include <gst/app/app.h>
#include <gst/video/video.h>

/* Side of what is shown over the longer side of the box of the face. */
#define FRAME_SCALE 1.5
#define JPEG_QUALITY 85
#define TIMEOUT (10 * GST_SECOND)

struct _ToolShooter
{
  GstElement *pipeline;
  GstElement *source;
  GstElement *sink;
  FacenetCropper *cropper;
  gfloat *pixels;               /* [3, side, side], in [0,1] */
};

ToolShooter *
tool_shooter_new (GError ** error)
{
  g_autoptr (ToolShooter) self = g_new0 (ToolShooter, 1);
  g_autofree gchar *text = g_strdup_printf ("appsrc name=source format=time "
      "caps=video/x-raw,format=RGB,width=%d,height=%d,framerate=0/1 "
      "! jpegenc quality=%d ! appsink name=sink sync=false", TOOL_SHOT_SIDE,
      TOOL_SHOT_SIDE, JPEG_QUALITY);
  g_autoptr (GError) cause = NULL;

  self->pipeline = gst_parse_launch (text, &cause);
  if (cause) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "cannot keep pictures of faces: %s (packages gstreamer1.0-plugins-base "
        "and -good)", cause->message);
    return NULL;
  }
  self->source = gst_bin_get_by_name (GST_BIN (self->pipeline), "source");
  self->sink = gst_bin_get_by_name (GST_BIN (self->pipeline), "sink");
  self->cropper = facenet_cropper_new (TOOL_SHOT_SIDE, TOOL_SHOT_SIDE);
  self->pixels = g_new (gfloat, 3 * TOOL_SHOT_SIDE * TOOL_SHOT_SIDE);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  return g_steal_pointer (&self);
}

void
tool_shooter_free (ToolShooter * self)
{
  if (self == NULL)
    return;
  if (self->pipeline)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object (&self->source);
  gst_clear_object (&self->sink);
  gst_clear_object (&self->pipeline);
  g_clear_pointer (&self->cropper, facenet_cropper_free);
  g_free (self->pixels);
  g_free (self);
}

/* The cropper's planes as rows of R, G, B; (transfer full). */
static GstBuffer *
pack_pixels (const gfloat * pixels)
{
  const gsize n = TOOL_SHOT_SIDE * TOOL_SHOT_SIDE;
  guint8 *data = g_malloc (3 * n);

  for (gsize i = 0; i < n; i++) {
    for (gsize c = 0; c < 3; c++)
      data[3 * i + c] =
          (guint8) (CLAMP (pixels[c * n + i], 0.0f, 1.0f) * 255.0f + 0.5f);
  }
  return gst_buffer_new_wrapped (data, 3 * n);
}

GBytes *
tool_shooter_take (ToolShooter * self, const ToolImage * image,
    const ToolBox * box)
{
  FacenetRect face = { box->x, box->y, box->width, box->height };
  FacenetPixels memory = { image->data, image->stride };
  FacenetRect frame;
  FacenetImage source;
  g_autoptr (GstSample) sample = NULL;
  gpointer data;
  gsize size;

  /* A face at the edge of the picture has a box that is cut off. */
  face.width = face.height = MAX (face.width, face.height);
  facenet_rect_from_box (&frame, &face, FRAME_SCALE, 0);
  facenet_image_init_rgb (&source, &memory, image->width, image->height);
  facenet_cropper_crop_rect (self->cropper, &source, &frame, self->pixels,
      NULL);
  gst_app_src_push_buffer (GST_APP_SRC (self->source),
      pack_pixels (self->pixels));
  sample = gst_app_sink_try_pull_sample (GST_APP_SINK (self->sink), TIMEOUT);
  if (sample == NULL)
    return NULL;
  gst_buffer_extract_dup (gst_sample_get_buffer (sample), 0, (gsize) - 1,
      &data, &size);
  return g_bytes_new_take (data, size);
}
