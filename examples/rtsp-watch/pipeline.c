/* pipeline.c - from a camera to facematch's messages
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * What keeps the delay short: the queue behind the decoder holds one frame and
 * replaces it by the next while the detector is busy, and the sinks do not wait
 * for the time a frame would be shown.
 */
#include "pipeline.h"

#define PIPELINE \
    "uridecodebin name=source " \
    "! queue name=latest leaky=downstream " \
    "max-size-buffers=1 max-size-bytes=0 max-size-time=0 " \
    "! videoconvert ! facenetdetect name=detect n-threads=1 " \
    "! facenetencode inference-region=roi-list n-threads=1 " \
    "! facematch name=match auto-reload=true "
#define NO_WINDOW "! fakesink sync=false"
#define WINDOW "! videoconvert ! autovideosink sync=false"
#define WINDOW_WITH_NAMES "! videoconvert ! facematchoverlay " WINDOW

/* What the probe behind the queue knows. */
typedef struct
{
  GstClockTime interval;        /* between frames to examine */
  GstClockTime due;             /* of the next one */
} Rate;

/* Lets so many frames a second through as are to be examined. videorate with
 * drop-only would do, but (in 1.22) ends the process with an assertion when a
 * camera does not say its frame rate. */
static GstPadProbeReturn
on_latest (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Rate *self = user_data;
  GstClockTime time = GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info));

  if (!GST_CLOCK_TIME_IS_VALID (time))
    return GST_PAD_PROBE_OK;
  /* Time goes backwards when the camera starts its own clock again. */
  if (time < self->due && self->due - time <= self->interval)
    return GST_PAD_PROBE_DROP;
  self->due = time < self->due ? time + self->interval
      : MAX (self->due + self->interval, time);
  return GST_PAD_PROBE_OK;
}

/* Only the video of a camera that has sound, too. */
static gboolean
on_select_stream (GstElement * rtspsrc, guint number, GstCaps * caps,
    gpointer user_data)
{
  const gchar *media = gst_structure_get_string (gst_caps_get_structure (caps,
          0), "media");

  return g_strcmp0 (media, "video") == 0;
}

static void
on_source_setup (GstElement * bin, GstElement * source, gpointer user_data)
{
  const WatchOptions *options = user_data;
  GstElementFactory *factory = gst_element_get_factory (source);

  if (factory == NULL || g_strcmp0 (GST_OBJECT_NAME (factory), "rtspsrc"))
    return;
  g_object_set (source, "latency", (guint) options->latency,
      "drop-on-latency", TRUE, NULL);
  if (!g_str_equal (options->transport, "auto"))
    gst_util_set_object_arg (G_OBJECT (source), "protocols",
        options->transport);
  g_signal_connect (source, "select-stream", G_CALLBACK (on_select_stream),
      NULL);
}

/* The pipeline owns what its probe uses. */
static void
limit_rate (GstElement * pipeline, gint frames_per_second)
{
  Rate *rate = g_new0 (Rate, 1);
  g_autoptr (GstElement) latest =
      gst_bin_get_by_name (GST_BIN (pipeline), "latest");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (latest, "src");

  rate->interval = GST_SECOND / (guint) frames_per_second;
  g_object_set_data_full (G_OBJECT (pipeline), "rate", rate, g_free);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_latest, rate, NULL);
}

static void
set_up_detector (GstElement * pipeline, const WatchOptions * options)
{
  g_autoptr (GstElement) detect =
      gst_bin_get_by_name (GST_BIN (pipeline), "detect");

  g_object_set (detect, "min-face-size", (guint) options->min_face_size,
      "threshold", options->detector_threshold, NULL);
}

static void
set_up_matcher (GstElement * pipeline, const gchar * name,
    const WatchOptions * options)
{
  g_autoptr (GstElement) match =
      gst_bin_get_by_name (GST_BIN (pipeline), "match");

  g_object_set (match, "gallery-location", options->gallery, "stream-id",
      name, "threshold", options->threshold, "margin", options->margin,
      "min-matches", (guint) options->min_matches, "message-interval",
      (guint64) (options->message_interval * GST_SECOND), NULL);
  gst_util_set_object_arg (G_OBJECT (match), "report", options->report);
}

/* Names are drawn where libcairo2-dev was installed when the plugin was built. */
static const gchar *
choose_line (const WatchOptions * options)
{
  g_autoptr (GstElementFactory) overlay =
      gst_element_factory_find ("facematchoverlay");

  if (!options->window)
    return PIPELINE NO_WINDOW;
  return overlay ? PIPELINE WINDOW_WITH_NAMES : PIPELINE WINDOW;
}

/* A pipeline in NULL, with a `source` that is the camera's part and a queue
 * `latest` behind it; NULL with @error set if an element is not installed.
 * @options must outlive it. */
GstElement *
watch_pipeline_new (const gchar * name, const gchar * uri,
    const WatchOptions * options, GError ** error)
{
  g_autoptr (GstElement) pipeline =
      gst_parse_launch_full (choose_line (options), NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, error);
  g_autoptr (GstElement) source = NULL;

  if (pipeline == NULL)
    return NULL;
  source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  g_object_set (source, "uri", uri, NULL);
  g_signal_connect (source, "source-setup", G_CALLBACK (on_source_setup),
      (gpointer) options);
  set_up_detector (pipeline, options);
  set_up_matcher (pipeline, name, options);
  limit_rate (pipeline, options->rate);
  return g_steal_pointer (&pipeline);
}
