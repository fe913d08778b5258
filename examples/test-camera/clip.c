/* clip.c - encoded frames that show one picture after the other
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Each picture hangs on a wall of grey rectangles, sways a little from frame to
 * frame and is covered with noise: a plain wall that stands still would be much
 * less work for decoder and detector than what a camera sees. All frames are encoded beforehand: sending them costs nothing then,
 * and does not disturb what is measured on the same machine.
 */
#include "clip.h"

#include <gst/app/app.h>
#include <gst/video/video.h>
#include <math.h>

/* Luma steps of the noise, and bytes of it that are made. */
#define NOISE 5
#define NOISE_BYTES 65536
/* The picture moves this part of the free room to each side, once in so many
 * seconds. */
#define SWAY 0.15
#define SWAY_SECONDS 4.0
/* Rectangles on the wall, their largest side as part of the frame's height, and
 * how dark and light they are. */
#define RECTANGLES 400
#define RECTANGLE_SIDE 0.2
#define DARKEST 60
#define LIGHTEST 180
/* Pixels per bit of H.264. */
#define BITRATE_DIVISOR 12

typedef struct
{
  const ClipFormat *format;     /* not owned */
  GPtrArray *pictures;          /* of GstSample, I420 */
  GstVideoInfo info;            /* of a frame */
  guint8 noise[NOISE_BYTES];
  guint8 *wall;                 /* [height, width] luma */
  gint next;                    /* frame to be painted */
} Painter;

static GstSample *
pull_sample (GstElement * pipeline, GstElement * sink, GError ** error)
{
  GstSample *sample = gst_app_sink_pull_sample (GST_APP_SINK (sink));
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;

  if (sample)
    return sample;
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  if (message)
    gst_message_parse_error (message, error, NULL);
  return NULL;
}

/* A picture file as I420 of the height wanted; (transfer full). */
static GstSample *
load_picture (const gchar * location, gint height, GError ** error)
{
  g_autoptr (GstElement) pipeline =
      gst_parse_launch ("filesrc name=file ! decodebin ! videoconvertscale "
      "! capsfilter name=size ! appsink name=sink sync=false", error);
  g_autoptr (GstElement) file = NULL;
  g_autoptr (GstElement) size = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstCaps) caps = NULL;
  GstSample *sample;

  if (*error)
    return NULL;
  file = gst_bin_get_by_name (GST_BIN (pipeline), "file");
  size = gst_bin_get_by_name (GST_BIN (pipeline), "size");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  caps = gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "I420",
      "height", G_TYPE_INT, height, "pixel-aspect-ratio", GST_TYPE_FRACTION,
      1, 1, NULL);
  g_object_set (file, "location", location, NULL);
  g_object_set (size, "caps", caps, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  sample = pull_sample (pipeline, sink, error);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  if (sample == NULL)
    g_prefix_error (error, "%s: ", location);
  return sample;
}

/* The same for every clip of that size; (transfer full). */
static guint8 *
make_wall (const ClipFormat * format, GRand * rand)
{
  gint side = MAX (2, (gint) (format->height * RECTANGLE_SIDE));
  guint8 *wall = g_malloc ((gsize) format->width * (gsize) format->height);

  memset (wall, (DARKEST + LIGHTEST) / 2,
      (gsize) format->width * (gsize) format->height);
  for (gint i = 0; i < RECTANGLES; i++) {
    gint left = g_rand_int_range (rand, 0, format->width);
    gint top = g_rand_int_range (rand, 0, format->height);
    gint width = g_rand_int_range (rand, 1, side);
    gint height = g_rand_int_range (rand, 1, side);
    gint luma = g_rand_int_range (rand, DARKEST, LIGHTEST);

    width = MIN (width, format->width - left);
    height = MIN (height, format->height - top);
    for (gint row = top; row < top + height; row++)
      memset (wall + row * format->width + left, luma, (gsize) width);
  }
  return wall;
}

/* Copies a picture into a frame; x and y even, clipped at the right and the
 * bottom. */
static void
paste (GstVideoFrame * frame, GstVideoFrame * picture, gint x, gint y)
{
  for (guint plane = 0; plane < 3; plane++) {
    gint shift = plane > 0;
    gint stride = GST_VIDEO_FRAME_PLANE_STRIDE (frame, plane);
    gint from_stride = GST_VIDEO_FRAME_PLANE_STRIDE (picture, plane);
    guint8 *to = GST_VIDEO_FRAME_PLANE_DATA (frame, plane);
    const guint8 *from = GST_VIDEO_FRAME_PLANE_DATA (picture, plane);
    gint width = MIN (GST_VIDEO_FRAME_COMP_WIDTH (picture, plane),
        GST_VIDEO_FRAME_COMP_WIDTH (frame, plane) - (x >> shift));
    gint height = MIN (GST_VIDEO_FRAME_COMP_HEIGHT (picture, plane),
        GST_VIDEO_FRAME_COMP_HEIGHT (frame, plane) - (y >> shift));

    to += (y >> shift) * stride + (x >> shift);
    for (gint row = 0; row < height; row++)
      memcpy (to + row * stride, from + row * from_stride, (gsize) width);
  }
}

/* The same place in the noise never covers two frames. */
static void
add_noise (Painter * self, GstVideoFrame * frame, gint number)
{
  gint width = GST_VIDEO_FRAME_WIDTH (frame);
  guint place = (guint) number * 7919;

  for (gint row = 0; row < GST_VIDEO_FRAME_HEIGHT (frame); row++) {
    guint8 *luma = GST_VIDEO_FRAME_PLANE_DATA (frame, 0);

    luma += row * GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0);
    place += 31337;
    for (gint i = 0; i < width; i++) {
      gint value = luma[i] + self->noise[(place + (guint) i) % NOISE_BYTES];

      luma[i] = (guint8) CLAMP (value - NOISE / 2, 16, 235);
    }
  }
}

static void
paint (Painter * self, GstVideoFrame * frame, gint number)
{
  const ClipFormat *format = self->format;
  GstSample *sample = g_ptr_array_index (self->pictures,
      (guint) (number / format->hold));
  gdouble phase = 2 * G_PI * number / (format->rate * SWAY_SECONDS);
  GstVideoInfo info;
  GstVideoFrame picture;
  gint x, y;

  for (gint row = 0; row < format->height; row++) {
    guint8 *luma = GST_VIDEO_FRAME_PLANE_DATA (frame, 0);

    memcpy (luma + row * GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0),
        self->wall + row * format->width, (gsize) format->width);
  }
  for (guint plane = 1; plane < 3; plane++)
    memset (GST_VIDEO_FRAME_PLANE_DATA (frame, plane), 128,
        (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (frame, plane)
        * (gsize) GST_VIDEO_FRAME_COMP_HEIGHT (frame, plane));

  gst_video_info_from_caps (&info, gst_sample_get_caps (sample));
  gst_video_frame_map (&picture, &info, gst_sample_get_buffer (sample),
      GST_MAP_READ);
  x = MAX (0, format->width - info.width) / 2;
  y = MAX (0, format->height - info.height) / 2;
  x += (gint) (x * SWAY * sin (phase));
  y += (gint) (y * SWAY * cos (phase));
  paste (frame, &picture, x & ~1, y & ~1);
  gst_video_frame_unmap (&picture);
  add_noise (self, frame, number);
}

/* Called by the encoding pipeline whenever it can take a frame. */
static void
on_need_data (GstAppSrc * source, guint length, gpointer user_data)
{
  Painter *self = user_data;
  gint n_frames = (gint) self->pictures->len * self->format->hold;
  GstBuffer *buffer;
  GstVideoFrame frame;

  if (self->next >= n_frames) {
    gst_app_src_end_of_stream (source);
    return;
  }
  buffer = gst_buffer_new_allocate (NULL, self->info.size, NULL);
  gst_video_frame_map (&frame, &self->info, buffer, GST_MAP_WRITE);
  paint (self, &frame, self->next);
  gst_video_frame_unmap (&frame);
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale_int ((guint64) self->next,
      GST_SECOND, self->format->rate);
  self->next++;
  gst_app_src_push_buffer (source, buffer);
}

/* A key frame each second: who comes later waits no longer than that. The bit
 * rate is that of a camera, 4 Mbit/s for 1080p at 25 frames a second. */
static gchar *
describe_encoder (const ClipFormat * format)
{
  if (format->jpeg)
    return g_strdup ("jpegenc quality=80");
  return g_strdup_printf ("openh264enc gop-size=%d complexity=low "
      "rate-control=bitrate bitrate=%d ! h264parse config-interval=-1 "
      "! video/x-h264,stream-format=byte-stream,alignment=au", format->rate,
      format->width * format->height / BITRATE_DIVISOR * format->rate);
}

static Clip *
encode (Painter * painter, GError ** error)
{
  g_autofree gchar *encoder = describe_encoder (painter->format);
  g_autofree gchar *line = g_strdup_printf ("appsrc name=source format=time "
      "! %s ! appsink name=sink sync=false max-buffers=8", encoder);
  g_autoptr (GstElement) pipeline = gst_parse_launch (line, error);
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstCaps) caps = gst_video_info_to_caps (&painter->info);
  g_autoptr (Clip) self = g_new0 (Clip, 1);
  GstSample *sample;

  if (*error)
    return NULL;
  self->frames = g_ptr_array_new_with_free_func ((GDestroyNotify)
      gst_buffer_unref);
  source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_object_set (source, "caps", caps, NULL);
  g_signal_connect (source, "need-data", G_CALLBACK (on_need_data), painter);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while ((sample = pull_sample (pipeline, sink, error))) {
    if (self->caps == NULL)
      self->caps = gst_caps_ref (gst_sample_get_caps (sample));
    g_ptr_array_add (self->frames,
        gst_buffer_ref (gst_sample_get_buffer (sample)));
    gst_sample_unref (sample);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return *error ? NULL : g_steal_pointer (&self);
}

/* Shows the pictures for format->hold frames each; NULL with @error set, if
 * one cannot be read or there is no encoder. */
Clip *
clip_new (const ClipFormat * format, gchar ** pictures, GError ** error)
{
  g_autofree Painter *painter = g_new0 (Painter, 1);
  g_autoptr (GPtrArray) samples =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_sample_unref);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autofree guint8 *wall = make_wall (format, rand);

  for (guint i = 0; pictures[i]; i++) {
    GstSample *sample =
        load_picture (pictures[i], format->picture_height, error);

    if (sample == NULL)
      return NULL;
    g_ptr_array_add (samples, sample);
  }
  painter->format = format;
  painter->pictures = samples;
  painter->wall = wall;
  gst_video_info_set_format (&painter->info, GST_VIDEO_FORMAT_I420,
      (guint) format->width, (guint) format->height);
  painter->info.fps_n = format->rate;
  for (guint i = 0; i < NOISE_BYTES; i++)
    painter->noise[i] = (guint8) g_rand_int_range (rand, 0, NOISE);
  return encode (painter, error);
}

void
clip_free (Clip * self)
{
  g_clear_pointer (&self->frames, g_ptr_array_unref);
  gst_clear_caps (&self->caps);
  g_free (self);
}
