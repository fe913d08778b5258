/* tool-image.c - a picture in memory, decoded from a file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * filesrc ! decodebin ! videoconvert ! videoflip ! RGB ! appsink, paused: the
 * first picture waits in the sink and nothing behind it is decoded. Which
 * formats can be read is a matter of the decoders installed.
 */
#include "tool-image.h"
#include "tool-jpeg.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/app/app.h>
#include <gst/video/video.h>
#include <string.h>
#include <unistd.h>

/* A picture of that size takes a gigabyte on its way through decoder and
 * converter; anything larger is a mistake or an attack. */
#define MAX_SIDE 16384
#define MAX_PIXELS (120 * 1000 * 1000)
#define MAX_JPEG_SIZE (256 * 1024 * 1024)
/* Enough to tell whether a file is JPEG. */
#define MAGIC_SIZE 16
/* A decoder that says nothing for so long hangs. */
#define TIMEOUT (30 * GST_SECOND)

/* What one run of the pipeline learns. */
typedef struct
{
  const gchar *name;            /* of the file, for errors */
  GstElement *pipeline;
  gchar *missing;               /* decoder that is not installed */
  /* Written by streaming threads, read when they have ended. */
  gchar *too_large;             /* "WIDTHxHEIGHT" */
  gboolean is_picture;          /* the data are an image or a video */
} Decoding;

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

/* Whether a file can be read at all. */
static gboolean
check_file (const gchar * location, const gchar * name, GError ** error)
{
  GStatBuf info;
  const gchar *problem = NULL;

  if (g_stat (location, &info) != 0 || g_access (location, R_OK) != 0)
    problem = g_strerror (errno);
  else if (S_ISDIR (info.st_mode))
    problem = "is a folder, wants an image";
  else if (!S_ISREG (info.st_mode))
    problem = "is no regular file";
  if (problem == NULL && info.st_size > 0)
    return TRUE;

  g_set_error (error, FACENET_ERROR,
      problem ? FACENET_ERROR_OPEN : FACENET_ERROR_TRUNCATED,
      "%s: %s", name, problem ? problem : "is empty");
  return FALSE;
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

/* Type finding knows the size of JPEG, PNG and others before any decoder
 * allocates: FALSE stops decoding there. */
static gboolean
check_size (Decoding * self, GstCaps * caps)
{
  const GstStructure *structure = gst_caps_get_structure (caps, 0);
  gint width, height;

  if (!gst_structure_get_int (structure, "width", &width)
      || !gst_structure_get_int (structure, "height", &height))
    return TRUE;
  if (width <= MAX_SIDE && height <= MAX_SIDE
      && (gint64) width * height <= MAX_PIXELS)
    return TRUE;

  if (self->too_large == NULL)
    self->too_large = g_strdup_printf ("%dx%d", width, height);
  gst_element_post_message (self->pipeline,
      gst_message_new_application (GST_OBJECT (self->pipeline),
          gst_structure_new_empty ("facenet-stop")));
  return FALSE;
}

static gboolean
on_autoplug_continue (GstElement * decoder, GstPad * pad, GstCaps * caps,
    Decoding * self)
{
  const gchar *type = gst_structure_get_name (gst_caps_get_structure (caps, 0));

  if (g_str_has_prefix (type, "image/") || g_str_has_prefix (type, "video/"))
    self->is_picture = TRUE;
  return check_size (self, caps);
}

static void
on_pad_added (GstElement * decoder, GstPad * pad, Decoding * self)
{
  g_autoptr (GstElement) convert =
      gst_bin_get_by_name (GST_BIN (self->pipeline), "convert");
  g_autoptr (GstPad) sink = gst_element_get_static_pad (convert, "sink");
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

  if (caps && check_size (self, caps) && !gst_pad_is_linked (sink)
      && gst_structure_has_name (gst_caps_get_structure (caps, 0),
          "video/x-raw"))
    gst_pad_link (pad, sink);
}

/* Sound, subtitles and the like would leave the sink waiting for ever. */
static void
on_no_more_pads (GstElement * decoder, Decoding * self)
{
  g_autoptr (GstElement) convert =
      gst_bin_get_by_name (GST_BIN (self->pipeline), "convert");
  g_autoptr (GstPad) sink = gst_element_get_static_pad (convert, "sink");

  if (!gst_pad_is_linked (sink))
    gst_element_post_message (self->pipeline,
        gst_message_new_application (GST_OBJECT (self->pipeline),
            gst_structure_new_empty ("facenet-stop")));
}

static gboolean
build_pipeline (Decoding * self, const gchar * location,
    const ToolJpeg * jpeg, GError ** error)
{
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstElement) decoder = NULL;
  g_autoptr (GstElement) flip = NULL;
  g_autoptr (GError) cause = NULL;

  self->pipeline = gst_parse_launch ("filesrc name=source ! decodebin "
      "name=decoder  videoconvert name=convert ! videoflip name=flip ! "
      "video/x-raw,format=RGB ! appsink name=sink sync=false max-buffers=1",
      &cause);
  if (cause) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "cannot decode images: %s (packages gstreamer1.0-plugins-base and "
        "-good)", cause->message);
    return FALSE;
  }

  source = gst_bin_get_by_name (GST_BIN (self->pipeline), "source");
  decoder = gst_bin_get_by_name (GST_BIN (self->pipeline), "decoder");
  flip = gst_bin_get_by_name (GST_BIN (self->pipeline), "flip");
  g_object_set (source, "location", location, NULL);
  g_object_set (flip, "video-direction", jpeg->is_jpeg
      ? orientation_method (jpeg->orientation) : GST_VIDEO_ORIENTATION_AUTO,
      NULL);
  g_signal_connect (decoder, "autoplug-continue",
      G_CALLBACK (on_autoplug_continue), self);
  g_signal_connect (decoder, "pad-added", G_CALLBACK (on_pad_added), self);
  g_signal_connect (decoder, "no-more-pads", G_CALLBACK (on_no_more_pads),
      self);
  return TRUE;
}

/* The error of a run that has ended, from its last message (NULL: none). */
static void
set_decode_error (const Decoding * self, GstMessage * message, GError ** error)
{
  g_autoptr (GError) cause = NULL;

  if (self->too_large) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: %s pixels, at most %dx%d and %d million are read", self->name,
        self->too_large, MAX_SIDE, MAX_SIDE, MAX_PIXELS / 1000000);
  } else if (self->missing) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        self->is_picture ? "%s: no GStreamer plugin for it is installed: %s"
        : "%s: is no picture (%s)", self->name, self->missing);
  } else if (message == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: the decoder gave nothing for %d s", self->name,
        (gint) (TIMEOUT / GST_SECOND));
  } else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error (message, &cause, NULL);
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: cannot be decoded: %s", self->name, cause->message);
  } else if (self->is_picture) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_TRUNCATED,
        "%s: is damaged or ends before the picture does", self->name);
  } else {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: holds no picture", self->name);
  }
}

/* Runs the pipeline until the picture is in the sink, or nothing more can
 * come: the message that says so, NULL when none came in time. */
static GstMessage *
run_pipeline (Decoding * self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  gint64 end = g_get_monotonic_time () + GST_TIME_AS_USECONDS (TIMEOUT);
  GstMessage *message;

  gst_element_set_state (self->pipeline, GST_STATE_PAUSED);
  while (TRUE) {
    gint64 left = MAX (end - g_get_monotonic_time (), 0);

    message = gst_bus_timed_pop_filtered (bus,
        (GstClockTime) left * GST_USECOND,
        GST_MESSAGE_ERROR | GST_MESSAGE_ASYNC_DONE | GST_MESSAGE_ELEMENT
        | GST_MESSAGE_APPLICATION);
    if (message == NULL || GST_MESSAGE_TYPE (message) != GST_MESSAGE_ELEMENT)
      return message;
    /* decodebin names the decoder it lacks first and fails then. */
    if (self->missing == NULL
        && gst_message_has_name (message, "missing-plugin"))
      self->missing =
          g_strdup (gst_structure_get_string (gst_message_get_structure
              (message), "name"));
    gst_message_unref (message);
  }
}

/* The picture of a sample in memory of our own. */
static ToolImage *
copy_sample (GstSample * sample)
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
decode (Decoding * self, GError ** error)
{
  g_autoptr (GstElement) sink =
      gst_bin_get_by_name (GST_BIN (self->pipeline), "sink");
  g_autoptr (GstMessage) message = run_pipeline (self);
  g_autoptr (GstSample) sample = NULL;
  ToolImage *image = NULL;

  /* At the end of a stream without a picture there is no sample. */
  if (message && GST_MESSAGE_TYPE (message) == GST_MESSAGE_ASYNC_DONE)
    sample = gst_app_sink_try_pull_preroll (GST_APP_SINK (sink), 0);
  if (sample)
    image = copy_sample (sample);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  if (image == NULL)
    set_decode_error (self, message, error);
  return image;
}

ToolImage *
tool_image_load (const gchar * location, GError ** error)
{
  g_autofree gchar *name = g_filename_display_name (location);
  Decoding decoding = {.name = name };
  ToolJpeg jpeg;
  ToolImage *image = NULL;

  if (!check_file (location, name, error)
      || !inspect_file (location, name, &jpeg, error))
    return NULL;
  if (build_pipeline (&decoding, location, &jpeg, error))
    image = decode (&decoding, error);
  gst_clear_object (&decoding.pipeline);
  g_free (decoding.too_large);
  g_free (decoding.missing);
  return image;
}
