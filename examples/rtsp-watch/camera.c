/* camera.c - one camera of rtsp-watch
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A pipeline that is thrown away when the camera goes, and made anew until it
 * is back: nothing of a broken connection can live on in it. Model and gallery
 * are shared by all facenetencode and facematch elements of a process, so a
 * new pipeline costs little.
 */
#include "camera.h"

#include "print.h"

#define TICK_MS 500
#define STATS_SECONDS 10
#define FIRST_DELAY 1.0         /* seconds */
/* A camera that stayed for so long is tried again without delay. */
#define STABLE_SECONDS 10

struct _WatchCamera
{
  gchar *name;
  gchar *uri;
  const WatchOptions *options;  /* not owned */
  WatchFailed failed;
  gpointer user_data;

  GstElement *pipeline;         /* NULL between two tries */
  GstElement *source;           /* in the pipeline */
  guint bus_watch;
  guint tick;
  guint retry;                  /* 0 when no try is planned */
  gdouble delay;                /* seconds before the next try */
  gint64 since;                 /* us, of this connection or try */
  gint width, height;           /* of the frames, 0 before the first */

  /* Shared with the streaming threads, under the lock. */
  GMutex lock;
  gint64 last_frame;            /* us, monotonic time */
  guint received;               /* frames, since the last statistics */
  guint examined;
  gdouble latency_sum;          /* seconds, over those examined */
  gdouble latency_max;
  gint64 stats_since;           /* us */
};

static void on_camera_gone (WatchCamera * self, const gchar * reason);

static void
print_event (WatchCamera * self, const gchar * event, const gchar * reason,
    gdouble retry_after)
{
  g_autoptr (GstStructure) structure = gst_structure_new ("rtsp-watch",
      "event", G_TYPE_STRING, event, NULL);

  if (reason)
    gst_structure_set (structure, "reason", G_TYPE_STRING, reason, NULL);
  if (retry_after > 0)
    gst_structure_set (structure, "retry-after", G_TYPE_DOUBLE, retry_after,
        NULL);
  watch_print (self->name, structure, self->options->json);
}

static void
fail (WatchCamera * self, const gchar * reason)
{
  print_event (self, "error", reason, 0);
  self->failed (self->user_data);
}

/* Seconds since a frame with this running time came in. */
static gdouble
get_latency (WatchCamera * self, GstClockTime running_time)
{
  GstClockTime now = gst_element_get_current_running_time (self->pipeline);

  return (gdouble) GST_CLOCK_DIFF (running_time, now) / GST_SECOND;
}

static GstPadProbeReturn
on_decoded (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  WatchCamera *self = user_data;

  g_mutex_lock (&self->lock);
  self->last_frame = g_get_monotonic_time ();
  self->received++;
  g_mutex_unlock (&self->lock);
  return GST_PAD_PROBE_OK;
}

/* The size of the frames to come, told on the bus, so that what is seen in them
 * is printed after it. */
static GstPadProbeReturn
on_event (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  WatchCamera *self = user_data;
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  GstCaps *caps;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS)
    return GST_PAD_PROBE_OK;
  gst_event_parse_caps (event, &caps);
  gst_element_post_message (self->pipeline,
      gst_message_new_application (GST_OBJECT (self->pipeline),
          gst_structure_copy (gst_caps_get_structure (caps, 0))));
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_examined (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  WatchCamera *self = user_data;
  g_autoptr (GstEvent) event =
      gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  const GstSegment *segment;
  GstClockTime time;
  gdouble latency;

  if (event == NULL)
    return GST_PAD_PROBE_OK;
  gst_event_parse_segment (event, &segment);
  time = gst_segment_to_running_time (segment, GST_FORMAT_TIME,
      GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info)));
  if (!GST_CLOCK_TIME_IS_VALID (time))
    return GST_PAD_PROBE_OK;
  latency = get_latency (self, time);

  g_mutex_lock (&self->lock);
  self->examined++;
  self->latency_sum += latency;
  self->latency_max = MAX (self->latency_max, latency);
  g_mutex_unlock (&self->lock);
  return GST_PAD_PROBE_OK;
}

static void
on_size (WatchCamera * self, const GstStructure * caps)
{
  g_autofree gchar *text = NULL;
  gint width = 0, height = 0;

  if (!gst_structure_get (caps, "width", G_TYPE_INT, &width, "height",
          G_TYPE_INT, &height, NULL)
      || (width == self->width && height == self->height))
    return;
  text = g_strdup_printf ("%dx%d", width, height);
  print_event (self, self->width > 0 ? "camera-changed" : "camera-connected",
      text, 0);
  self->width = width;
  self->height = height;
}

static void
on_error (WatchCamera * self, GstMessage * message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_error (message, &error, NULL);
  /* What the camera does may pass; a gallery that is spoilt will not. */
  if (GST_MESSAGE_SRC (message) == GST_OBJECT (self->source)
      || gst_object_has_as_ancestor (GST_MESSAGE_SRC (message),
          GST_OBJECT (self->source)))
    on_camera_gone (self, error->message);
  else
    fail (self, error->message);
}

static void
on_warning (WatchCamera * self, GstMessage * message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_warning (message, &error, NULL);
  print_event (self, "warning", error->message, 0);
}

/* uridecodebin tells what it has no decoder for before it gives up. */
static void
on_missing_plugin (WatchCamera * self, const GstStructure * missing)
{
  const gchar *name = gst_structure_get_string (missing, "name");
  g_autofree gchar *text = g_strdup_printf ("not installed: %s; package "
      "gstreamer1.0-libav has most decoders", name ? name : "a decoder");

  print_event (self, "warning", text, 0);
}

static void
on_face (WatchCamera * self, const GstStructure * face)
{
  g_autoptr (GstStructure) event = gst_structure_copy (face);
  GstClockTime time;

  /* The name of the camera is printed anyway. */
  gst_structure_remove_field (event, "stream-id");
  if (gst_structure_get_uint64 (face, "running-time", &time))
    gst_structure_set (event, "latency", G_TYPE_DOUBLE,
        get_latency (self, time), NULL);
  watch_print (self->name, event, self->options->json);
}

static gboolean
on_message (GstBus * bus, GstMessage * message, gpointer user_data)
{
  WatchCamera *self = user_data;

  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ELEMENT:
      if (gst_message_has_name (message, "facematch"))
        on_face (self, gst_message_get_structure (message));
      else if (gst_message_has_name (message, "missing-plugin"))
        on_missing_plugin (self, gst_message_get_structure (message));
      break;
    case GST_MESSAGE_APPLICATION:
      on_size (self, gst_message_get_structure (message));
      break;
    case GST_MESSAGE_WARNING:
      on_warning (self, message);
      break;
    case GST_MESSAGE_ERROR:
      on_error (self, message);
      break;
    case GST_MESSAGE_EOS:
      on_camera_gone (self, "the stream ended");
      break;
    default:
      break;
  }
  /* The pipeline may be gone by now, and its bus watch with it. */
  return G_SOURCE_CONTINUE;
}

static void
add_probe (WatchCamera * self, const gchar * name, const gchar * pad_name,
    GstPadProbeType type, GstPadProbeCallback callback)
{
  g_autoptr (GstElement) element =
      gst_bin_get_by_name (GST_BIN (self->pipeline), name);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, pad_name);

  gst_pad_add_probe (pad, type, callback, self, NULL);
}

/* Begins a try; what becomes of it is told on the bus or by the tick. */
static void
connect_camera (WatchCamera * self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstBus) bus = NULL;

  self->pipeline = watch_pipeline_new (self->name, self->uri, self->options,
      &error);
  if (self->pipeline == NULL) {
    fail (self, error->message);
    return;
  }
  self->source = gst_bin_get_by_name (GST_BIN (self->pipeline), "source");
  add_probe (self, "latest", "sink", GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      on_event);
  add_probe (self, "latest", "sink", GST_PAD_PROBE_TYPE_BUFFER, on_decoded);
  add_probe (self, "match", "src", GST_PAD_PROBE_TYPE_BUFFER, on_examined);

  bus = gst_element_get_bus (self->pipeline);
  self->bus_watch = gst_bus_add_watch (bus, on_message, self);
  self->since = g_get_monotonic_time ();
  self->last_frame = self->since;
  self->width = self->height = 0;
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

static void
disconnect_camera (WatchCamera * self)
{
  g_clear_handle_id (&self->bus_watch, g_source_remove);
  if (self->pipeline)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object (&self->source);
  gst_clear_object (&self->pipeline);
}

static gboolean
on_retry (gpointer user_data)
{
  WatchCamera *self = user_data;

  self->retry = 0;
  connect_camera (self);
  return G_SOURCE_REMOVE;
}

/* Waits twice as long after each try in vain, and never quite as long as the
 * other cameras behind the same switch. */
static void
on_camera_gone (WatchCamera * self, const gchar * reason)
{
  gint64 lasted = g_get_monotonic_time () - self->since;
  gboolean was_there = self->width > 0;
  gdouble delay;

  if (was_there && lasted > STABLE_SECONDS * G_USEC_PER_SEC)
    self->delay = FIRST_DELAY;
  delay = MIN (self->delay, self->options->max_delay)
      * g_random_double_range (0.9, 1.1);
  disconnect_camera (self);
  print_event (self, was_there ? "camera-lost" : "camera-unreachable", reason,
      delay);
  self->delay = MIN (2 * self->delay, self->options->max_delay);
  self->retry = g_timeout_add ((guint) (delay * 1000), on_retry, self);
}

static void
print_stats (WatchCamera * self)
{
  g_autoptr (GstStructure) stats = NULL;
  gint64 now = g_get_monotonic_time ();
  gdouble seconds = (gdouble) (now - self->stats_since) / G_USEC_PER_SEC;

  g_mutex_lock (&self->lock);
  stats = gst_structure_new ("rtsp-watch", "event", G_TYPE_STRING, "stats",
      "received-per-second", G_TYPE_DOUBLE, self->received / seconds,
      "examined-per-second", G_TYPE_DOUBLE, self->examined / seconds, NULL);
  if (self->examined > 0)
    gst_structure_set (stats, "mean-latency", G_TYPE_DOUBLE,
        self->latency_sum / self->examined, "max-latency", G_TYPE_DOUBLE,
        self->latency_max, NULL);
  self->received = self->examined = 0;
  self->latency_sum = self->latency_max = 0;
  self->stats_since = now;
  g_mutex_unlock (&self->lock);
  watch_print (self->name, stats, self->options->json);
}

/* A camera can fall silent without closing its connection. */
static gboolean
on_tick (gpointer user_data)
{
  WatchCamera *self = user_data;
  gint64 now = g_get_monotonic_time ();
  gint64 silent;

  if (self->options->stats
      && now - self->stats_since >= STATS_SECONDS * G_USEC_PER_SEC)
    print_stats (self);
  if (self->pipeline == NULL)
    return G_SOURCE_CONTINUE;
  g_mutex_lock (&self->lock);
  silent = now - self->last_frame;
  g_mutex_unlock (&self->lock);
  if ((gdouble) silent > self->options->stall_timeout * G_USEC_PER_SEC)
    on_camera_gone (self, "no frame came");
  return G_SOURCE_CONTINUE;
}

/* @options is not copied. */
WatchCamera *
watch_camera_new (const gchar * name, const gchar * uri,
    const WatchOptions * options, WatchFailed failed, gpointer user_data)
{
  WatchCamera *self = g_new0 (WatchCamera, 1);

  g_mutex_init (&self->lock);
  self->name = g_strdup (name);
  self->uri = g_strdup (uri);
  self->options = options;
  self->failed = failed;
  self->user_data = user_data;
  self->delay = FIRST_DELAY;
  return self;
}

void
watch_camera_start (WatchCamera * self)
{
  self->stats_since = g_get_monotonic_time ();
  self->tick = g_timeout_add (TICK_MS, on_tick, self);
  connect_camera (self);
}

void
watch_camera_free (WatchCamera * self)
{
  disconnect_camera (self);
  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_handle_id (&self->retry, g_source_remove);
  g_mutex_clear (&self->lock);
  g_free (self->name);
  g_free (self->uri);
  g_free (self);
}
