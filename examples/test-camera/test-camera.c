/* test-camera.c - serves pictures as a network camera would
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * usage: test-camera [OPTION…] PICTURE…        --help lists the options
 *
 * For trying and testing programs that watch RTSP cameras. The first line on
 * standard output is the URL; then, whenever another picture comes into view,
 * a line with the time in seconds since 1970 and the name of its file.
 */
#include "clip.h"

#include <glib-unix.h>
#include <gst/app/app.h>
#include <gst/rtsp-server/rtsp-server.h>

#define PATH "/camera"
/* How often sessions of clients that went without a word are removed. */
#define CLEANUP_SECONDS 2

typedef struct
{
  ClipFormat format;
  gchar **pictures;
  Clip *clip;
} Camera;

/* One showing of the clip: clients share it, and the next begins anew. */
typedef struct
{
  const Camera *camera;         /* not owned */
  guint next;                   /* frame to be sent */
} Showing;

static void
on_need_data (GstAppSrc * source, guint length, gpointer user_data)
{
  Showing *self = user_data;
  const Clip *clip = self->camera->clip;
  gint rate = self->camera->format.rate;
  GstBuffer *buffer = gst_buffer_copy (g_ptr_array_index (clip->frames,
          self->next % clip->frames->len));

  GST_BUFFER_PTS (buffer) =
      gst_util_uint64_scale_int (self->next, GST_SECOND, rate);
  GST_BUFFER_DTS (buffer) = GST_BUFFER_PTS (buffer);
  GST_BUFFER_DURATION (buffer) = GST_SECOND / (guint) rate;
  self->next++;
  gst_app_src_push_buffer (source, buffer);
}

/* A frame leaves for the network. */
static GstPadProbeReturn
on_frame (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  const Showing *self = user_data;
  const ClipFormat *format = &self->camera->format;
  guint64 frame = gst_util_uint64_scale_round (GST_BUFFER_PTS
      (GST_PAD_PROBE_INFO_BUFFER (info)), (guint64) format->rate, GST_SECOND);
  guint64 picture = frame / (guint64) format->hold;

  if (frame % (guint64) format->hold == 0) {
    gint64 now = g_get_real_time ();
    g_autofree gchar *name = g_path_get_basename (self->camera->pictures
        [picture % g_strv_length (self->camera->pictures)]);

    gst_print ("%" G_GINT64_FORMAT ".%06d %s\n", now / G_USEC_PER_SEC,
        (gint) (now % G_USEC_PER_SEC), name);
  }
  return GST_PAD_PROBE_OK;
}

static void
on_media_configure (GstRTSPMediaFactory * factory, GstRTSPMedia * media,
    gpointer user_data)
{
  const Camera *camera = user_data;
  g_autoptr (GstElement) bin = gst_rtsp_media_get_element (media);
  g_autoptr (GstElement) source =
      gst_bin_get_by_name_recurse_up (GST_BIN (bin), "source");
  g_autoptr (GstElement) pace =
      gst_bin_get_by_name_recurse_up (GST_BIN (bin), "pace");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (pace, "src");
  Showing *showing = g_new0 (Showing, 1);

  showing->camera = camera;
  g_object_set_data_full (G_OBJECT (media), "showing", showing, g_free);
  g_object_set (source, "caps", camera->clip->caps, "format",
      GST_FORMAT_TIME, NULL);
  g_signal_connect (source, "need-data", G_CALLBACK (on_need_data), showing);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_frame, showing, NULL);
}

static gboolean
clean_up_sessions (gpointer user_data)
{
  g_autoptr (GstRTSPSessionPool) pool =
      gst_rtsp_server_get_session_pool (user_data);

  gst_rtsp_session_pool_cleanup (pool);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_signal (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

/* Serves until SIGINT or SIGTERM; FALSE when the port cannot be had. */
static gboolean
serve (Camera * camera, const gchar * port)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GstRTSPServer) server = gst_rtsp_server_new ();
  g_autoptr (GstRTSPMountPoints) mounts =
      gst_rtsp_server_get_mount_points (server);
  GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new ();

  gst_rtsp_media_factory_set_launch (factory, camera->format.jpeg
      ? "( appsrc name=source ! clocksync name=pace ! rtpjpegpay name=pay0 )"
      : "( appsrc name=source ! clocksync name=pace ! h264parse "
      "! rtph264pay name=pay0 )");
  gst_rtsp_media_factory_set_shared (factory, TRUE);
  g_signal_connect (factory, "media-configure",
      G_CALLBACK (on_media_configure), camera);
  gst_rtsp_mount_points_add_factory (mounts, PATH, factory);

  gst_rtsp_server_set_address (server, "127.0.0.1");
  gst_rtsp_server_set_service (server, port);
  if (gst_rtsp_server_attach (server, NULL) == 0) {
    gst_printerr ("test-camera: cannot listen on port %s\n", port);
    return FALSE;
  }
  gst_print ("rtsp://127.0.0.1:%d" PATH "\n",
      gst_rtsp_server_get_bound_port (server));
  g_timeout_add_seconds (CLEANUP_SECONDS, clean_up_sessions, server);
  g_unix_signal_add (SIGINT, on_signal, loop);
  g_unix_signal_add (SIGTERM, on_signal, loop);
  g_main_loop_run (loop);
  return TRUE;
}

typedef struct
{
  gchar *port;
  gchar *size;
  gchar *codec;
  gdouble hold;
  gdouble part;
  gint rate;
} Options;

static gboolean
parse_options (gint * argc, gchar *** argv, Options * self, GError ** error)
{
  /* *INDENT-OFF* */
  const GOptionEntry entries[] = {
    {"port", 'p', 0, G_OPTION_ARG_STRING, &self->port,
        "Listen on this port, 0 for any that is free (8554)", "PORT"},
    {"size", 's', 0, G_OPTION_ARG_STRING, &self->size,
        "Size of the frames (1280x720)", "WxH"},
    {"rate", 'r', 0, G_OPTION_ARG_INT, &self->rate,
        "Frames per second (25)", "N"},
    {"codec", 'c', 0, G_OPTION_ARG_STRING, &self->codec,
        "h264 or jpeg (h264)", "CODEC"},
    {"hold", 0, 0, G_OPTION_ARG_DOUBLE, &self->hold,
        "Seconds that each picture is shown (3)", "SECONDS"},
    {"part", 0, 0, G_OPTION_ARG_DOUBLE, &self->part,
        "Height of a picture, as part of the frame (0.6)", "PART"},
    G_OPTION_ENTRY_NULL
  };
  /* *INDENT-ON* */
  g_autoptr (GOptionContext) context =
      g_option_context_new ("PICTURE… - serve pictures as an RTSP camera");

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  return g_option_context_parse (context, argc, argv, error);
}

/* FALSE with a message when the options make no clip. */
static gboolean
set_format (ClipFormat * self, const Options * options)
{
  gint64 width = 1280, height = 720;
  gchar *end = NULL;

  if (options->size) {
    width = g_ascii_strtoll (options->size, &end, 10);
    height = *end == 'x' ? g_ascii_strtoll (end + 1, NULL, 10) : 0;
  }
  if (width < 64 || width > 4096 || height < 64 || height > 4096) {
    gst_printerr ("test-camera: no size of a frame: %s\n", options->size);
    return FALSE;
  }
  if (options->codec && !g_str_equal (options->codec, "h264")
      && !g_str_equal (options->codec, "jpeg")) {
    gst_printerr ("test-camera: codecs are h264 and jpeg, not %s\n",
        options->codec);
    return FALSE;
  }
  self->width = (gint) width & ~1;
  self->height = (gint) height & ~1;
  self->rate = CLAMP (options->rate, 1, 120);
  self->hold = MAX (1, (gint) (options->hold * self->rate));
  self->picture_height =
      (gint) (self->height * CLAMP (options->part, 0.05, 1)) & ~1;
  self->jpeg = g_strcmp0 (options->codec, "jpeg") == 0;
  return TRUE;
}

/* The exit status. */
static gint
run (Camera * camera, const Options * options)
{
  g_autoptr (GError) error = NULL;
  gboolean ok;

  if (!set_format (&camera->format, options))
    return 2;
  camera->clip = clip_new (&camera->format, camera->pictures, &error);
  if (camera->clip == NULL) {
    gst_printerr ("test-camera: %s\n", error->message);
    return 1;
  }
  ok = serve (camera, options->port ? options->port : "8554");
  g_clear_pointer (&camera->clip, clip_free);
  return ok ? 0 : 1;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  Options options = {.hold = 3,.part = 0.6,.rate = 25 };
  Camera camera = { 0 };
  gint status = 2;

  if (parse_options (&argc, &argv, &options, &error) && argc > 1) {
    camera.pictures = argv + 1;
    status = run (&camera, &options);
  } else {
    gst_printerr ("test-camera: %s\n", error ? error->message
        : "no picture to show; --help says more");
  }
  g_free (options.port);
  g_free (options.size);
  g_free (options.codec);
  return status;
}
