/* pipeline.c - from a camera to facematch's messages
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What keeps the delay short: the queue behind the decoder holds one frame and
 * replaces it by the next while the detector is busy, and the sinks do not wait
 * for the time a frame would be shown.
 */
#include "pipeline.h"

#include "faces.h"

/* A tee without queues hands a frame to its branches one after the other: when
 * it comes to the second, facedetect in the first is done with the frame, and
 * the faces it found in the small picture are marked in the large one. */
#define PIPELINE \
    "uridecodebin name=source " \
    "! queue name=latest leaky=downstream " \
    "max-size-buffers=1 max-size-bytes=0 max-size-time=0 ! tee name=frame " \
    "frame. ! videoconvertscale ! capsfilter name=size " \
    "! facedetect name=detect display=false updates=none " \
    "! fakesink name=found sync=false async=false " \
    "frame. ! videoconvert " \
    "! facenetencode name=encode inference-region=roi-list n-threads=1 " \
    "! facematch name=match auto-reload=true "
#define NO_WINDOW "! fakesink sync=false"
#define WINDOW "! videoconvert ! autovideosink sync=false"
#define WINDOW_WITH_NAMES "! videoconvert ! facematchoverlay " WINDOW

/* What the probes know; all in the thread behind the queue. */
typedef struct
{
  GstClockTime interval;        /* between frames to examine */
  GstClockTime due;             /* of the next one */
  WatchFaces *faces;
} Flow;

static void
flow_free (gpointer data)
{
  Flow *self = data;

  watch_faces_free (self->faces);
  g_free (self);
}

/* Lets so many frames a second through as are to be examined. videorate with
 * drop-only would do, but (in 1.22) ends the process with an assertion when a
 * camera does not say its frame rate. */
static GstPadProbeReturn
on_latest (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Flow *self = user_data;
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

static GstPadProbeReturn
on_detected (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Flow *self = user_data;

  watch_faces_collect (self->faces, pad, GST_PAD_PROBE_INFO_BUFFER (info));
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_full_frame (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Flow *self = user_data;

  info->data = watch_faces_attach (self->faces, pad,
      GST_PAD_PROBE_INFO_BUFFER (info));
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

static void
add_probe (GstElement * pipeline, const gchar * name, const gchar * pad_name,
    GstPadProbeCallback callback, Flow * flow)
{
  g_autoptr (GstElement) element =
      gst_bin_get_by_name (GST_BIN (pipeline), name);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, pad_name);

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, callback, flow, NULL);
}

/* The pipeline owns what its probes use. */
static void
add_probes (GstElement * pipeline, gint rate)
{
  Flow *flow = g_new0 (Flow, 1);

  flow->interval = GST_SECOND / (guint) rate;
  flow->faces = watch_faces_new ();
  g_object_set_data_full (G_OBJECT (pipeline), "flow", flow, flow_free);
  add_probe (pipeline, "latest", "src", on_latest, flow);
  add_probe (pipeline, "detect", "src", on_detected, flow);
  add_probe (pipeline, "encode", "sink", on_full_frame, flow);
}

static void
set_up_detector (GstElement * pipeline, const WatchOptions * options)
{
  g_autofree gchar *caps = g_strdup_printf ("video/x-raw,format=RGB,"
      "width=[4,%d,4],height=[4,%d],pixel-aspect-ratio=1/1",
      MAX (4, options->width & ~3), MAX (4, options->width));
  g_autoptr (GstElement) size =
      gst_bin_get_by_name (GST_BIN (pipeline), "size");
  g_autoptr (GstElement) detect =
      gst_bin_get_by_name (GST_BIN (pipeline), "detect");

  gst_util_set_object_arg (G_OBJECT (size), "caps", caps);
  g_object_set (detect, "min-size-width", options->min_size,
      "min-size-height", options->min_size, "scale-factor",
      options->scale_factor, NULL);
}

static void
set_up_encoder (GstElement * pipeline, const WatchOptions * options)
{
  g_autoptr (GstElement) encode =
      gst_bin_get_by_name (GST_BIN (pipeline), "encode");

  if (options->align)
    gst_util_set_object_arg (G_OBJECT (encode), "align", "always");
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

/* facedetect without its cascade finds nobody and does not complain. */
static gboolean
check_cascade (GstElement * pipeline)
{
  g_autoptr (GstElement) detect =
      gst_bin_get_by_name (GST_BIN (pipeline), "detect");
  g_autofree gchar *profile = NULL;

  g_object_get (detect, "profile", &profile, NULL);
  return profile && g_file_test (profile, G_FILE_TEST_IS_REGULAR);
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
 * `latest` behind it; NULL with @error set, if an element or the cascade is not
 * installed. @options must outlive it. */
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
  if (!check_cascade (pipeline)) {
    g_set_error_literal (error, GST_RESOURCE_ERROR,
        GST_RESOURCE_ERROR_NOT_FOUND,
        "facedetect's cascade is missing (package opencv-data)");
    return NULL;
  }
  source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  g_object_set (source, "uri", uri, NULL);
  g_signal_connect (source, "source-setup", G_CALLBACK (on_source_setup),
      (gpointer) options);
  set_up_detector (pipeline, options);
  set_up_encoder (pipeline, options);
  set_up_matcher (pipeline, name, options);
  add_probes (pipeline, options->rate);
  return g_steal_pointer (&pipeline);
}
