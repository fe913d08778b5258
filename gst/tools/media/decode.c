/* decode.c - what decoding pictures and videos have in common
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * filesrc ! decodebin ! FIRST … appsink. The first raw video stream of the
 * file goes to FIRST; sound, subtitles and further videos are not decoded.
 * Which formats can be read is a matter of the decoders installed.
 */
#include "decode.h"

#include <errno.h>
#include <facenet/facenet-error.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* A picture of that size takes a gigabyte on its way through decoder and
 * converter; anything larger is a mistake or an attack. */
#define MAX_SIDE 16384
#define MAX_PIXELS (120 * 1000 * 1000)

gboolean
tool_decode_check_file (const ToolDecode * self, const gchar * location,
    GError ** error)
{
  GStatBuf info;
  g_autofree gchar *problem = NULL;

  if (g_stat (location, &info) != 0 || g_access (location, R_OK) != 0)
    problem = g_strdup (g_strerror (errno));
  else if (S_ISDIR (info.st_mode))
    problem = g_strdup_printf ("is a folder, expected %s %s",
        g_str_equal (self->kind, "picture") ? "an" : "a",
        g_str_equal (self->kind, "picture") ? "image" : self->kind);
  else if (!S_ISREG (info.st_mode))
    problem = g_strdup ("is not a regular file");
  if (problem == NULL && info.st_size > 0)
    return TRUE;

  g_set_error (error, FACENET_ERROR,
      problem ? FACENET_ERROR_OPEN : FACENET_ERROR_TRUNCATED,
      "%s: %s", self->name, problem ? problem : "is empty");
  return FALSE;
}

static void
post_stop (ToolDecode * self)
{
  gst_element_post_message (self->pipeline,
      gst_message_new_application (GST_OBJECT (self->pipeline),
          gst_structure_new_empty ("facenet-stop")));
}

/* Type finding knows the size of JPEG, PNG and others before any decoder
 * allocates: FALSE stops decoding there. */
static gboolean
check_size (ToolDecode * self, GstCaps * caps)
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
  post_stop (self);
  return FALSE;
}

static gboolean
on_autoplug_continue (GstElement * decoder, GstPad * pad, GstCaps * caps,
    ToolDecode * self)
{
  const gchar *type = gst_structure_get_name (gst_caps_get_structure (caps, 0));

  if (g_str_has_prefix (type, "image/") || g_str_has_prefix (type, "video/"))
    g_atomic_int_set (&self->is_picture, TRUE);
  /* No decoder for the sound of a film is looked for, nor missed. */
  return !g_str_has_prefix (type, "audio/") && check_size (self, caps);
}

static void
on_pad_added (GstElement * decoder, GstPad * pad, ToolDecode * self)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (self->first, "sink");
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

  if (caps == NULL || !check_size (self, caps)
      || !gst_structure_has_name (gst_caps_get_structure (caps, 0),
          "video/x-raw"))
    return;
  if (!gst_pad_is_linked (sink))
    gst_pad_link (pad, sink);
  else
    g_atomic_int_inc (&self->n_ignored);
}

/* Sound, subtitles and the like would leave the sink waiting for ever. */
static void
on_no_more_pads (GstElement * decoder, ToolDecode * self)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (self->first, "sink");

  if (!gst_pad_is_linked (sink))
    post_stop (self);
}

gboolean
tool_decode_build (ToolDecode * self, const gchar * location,
    const gchar * description, GError ** error)
{
  g_autofree gchar *text = g_strconcat ("filesrc name=source ! decodebin "
      "name=decoder  ", description, NULL);
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstElement) decoder = NULL;
  g_autoptr (GError) cause = NULL;

  self->pipeline = gst_parse_launch (text, &cause);
  if (cause) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "cannot decode %s: %s (packages gstreamer1.0-plugins-base and "
        "-good)", g_str_equal (self->kind, "picture") ? "images" : "videos",
        cause->message);
    return FALSE;
  }

  source = gst_bin_get_by_name (GST_BIN (self->pipeline), "source");
  decoder = gst_bin_get_by_name (GST_BIN (self->pipeline), "decoder");
  self->first = gst_bin_get_by_name (GST_BIN (self->pipeline), "first");
  g_object_set (source, "location", location, NULL);
  g_signal_connect (decoder, "autoplug-continue",
      G_CALLBACK (on_autoplug_continue), self);
  g_signal_connect (decoder, "pad-added", G_CALLBACK (on_pad_added), self);
  g_signal_connect (decoder, "no-more-pads", G_CALLBACK (on_no_more_pads),
      self);
  return TRUE;
}

GstMessage *
tool_decode_wait (ToolDecode * self, GstMessageType ends, GstClockTime timeout)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  gint64 end =
      g_get_monotonic_time () + (gint64) GST_TIME_AS_USECONDS (timeout);
  GstMessage *message;

  while (TRUE) {
    gint64 left = MAX (end - g_get_monotonic_time (), 0);

    message = gst_bus_timed_pop_filtered (bus,
        (GstClockTime) left * GST_USECOND,
        ends | GST_MESSAGE_ELEMENT | GST_MESSAGE_APPLICATION);
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

void
tool_decode_set_error (const ToolDecode * self, GstMessage * message,
    GstClockTime timeout, GError ** error)
{
  g_autoptr (GError) cause = NULL;
  const gchar *name = self->name;

  if (self->missing && !self->is_picture) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: is no %s (%s)", name, self->kind, self->missing);
  } else if (self->too_large) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: %s pixels, at most %dx%d and %d million are read", name,
        self->too_large, MAX_SIDE, MAX_SIDE, MAX_PIXELS / 1000000);
  } else if (self->missing) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: no GStreamer plugin for it is installed: %s", name, self->missing);
  } else if (message == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: the decoder gave nothing for %d s", name,
        (gint) (timeout / GST_SECOND));
  } else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error (message, &cause, NULL);
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: cannot be decoded: %s", name, cause->message);
  } else if (self->is_picture && g_str_equal (self->kind, "picture")) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_TRUNCATED,
        "%s: is damaged or ends before the %s does", name, self->kind);
  } else {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: holds no %s", name, self->kind);
  }
}

void
tool_decode_clear (ToolDecode * self)
{
  if (self->pipeline)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object (&self->first);
  gst_clear_object (&self->pipeline);
  g_clear_pointer (&self->missing, g_free);
  g_clear_pointer (&self->too_large, g_free);
}
