/* video.c - the frames of a video file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * filesrc ! decodebin ! videoconvertscale ! RGB ! videoflip ! appsink without
 * a clock: as fast as the decoder goes. A probe behind the decoder lets one
 * frame in each 1/rate seconds pass, the first, before anything is done to it;
 * which ones depends on their times alone. The sink holds a few frames, so
 * that decoding goes on while the caller works.
 */
#include "video.h"
#include "decode.h"

#include <gst/app/app.h>

/* Frames decoded ahead. */
#define QUEUE 3
/* A decoder that says nothing for so long hangs. */
#define TIMEOUT (60 * GST_SECOND)
/* One frame in so many may lack a time: where a stream was cut. Raw H.264 and
 * JPEG without a frame rate have one for the first only. */
#define MAX_TIMELESS 10
/* How long frames may follow an error from decoders still at work. */
#define AFTERMATH GST_SECOND
#define POLL (100 * GST_MSECOND)

struct _ToolVideo
{
  ToolDecode decode;
  gchar *name;
  GstElement *sink;
  GstMessage *failure;          /* the first error, NULL as long as all is well */
  gdouble rate;
  guint64 last;                 /* stream time of the last frame given */
  gboolean started;
  GMutex lock;                  /* of what the probe writes: */
  guint64 slot;                 /* of the last frame let through, plus 1 */
  guint64 position;
  guint n_frames;               /* decoded */
  guint n_timeless;             /* of these, without a time */
};

/* The stream time of a buffer and of its end. */
static guint64
find_time (GstPad * pad, GstBuffer * buffer, guint64 * end)
{
  g_autoptr (GstEvent) event =
      gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  const GstSegment *segment;
  guint64 time;

  if (event == NULL || !GST_BUFFER_PTS_IS_VALID (buffer))
    return GST_CLOCK_TIME_NONE;
  gst_event_parse_segment (event, &segment);
  time = gst_segment_to_stream_time (segment, GST_FORMAT_TIME,
      GST_BUFFER_PTS (buffer));
  *end = time;
  if (GST_CLOCK_TIME_IS_VALID (time) && GST_BUFFER_DURATION_IS_VALID (buffer))
    *end += GST_BUFFER_DURATION (buffer);
  return time;
}

/* Lets the frames pass that are wanted. */
static GstPadProbeReturn
on_frame (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  ToolVideo *self = user_data;
  guint64 end = 0;
  guint64 time = find_time (pad, GST_PAD_PROBE_INFO_BUFFER (info), &end);
  GstPadProbeReturn verdict = GST_PAD_PROBE_OK;
  guint64 slot;

  g_mutex_lock (&self->lock);
  self->n_frames++;
  if (!GST_CLOCK_TIME_IS_VALID (time)) {
    self->n_timeless++;
    verdict = GST_PAD_PROBE_DROP;
  } else {
    /* A hair is added: 0.2 s may be stored as 199,999,999 ns. */
    slot = self->rate > 0 ? (guint64) ((gdouble) (time + GST_USECOND)
        * self->rate / GST_SECOND) + 1 : G_MAXUINT64;
    if (self->rate > 0 && slot <= self->slot)
      verdict = GST_PAD_PROBE_DROP;
    self->slot = slot;
    self->position = MAX (self->position, end);
  }
  g_mutex_unlock (&self->lock);
  return verdict;
}

ToolVideo *
tool_video_open (const gchar * location, gdouble rate, GError ** error)
{
  g_autoptr (ToolVideo) self = g_new0 (ToolVideo, 1);
  g_autofree gchar *text = NULL;
  g_autoptr (GstPad) pad = NULL;

  g_mutex_init (&self->lock);
  self->name = g_filename_display_name (location);
  self->decode.name = self->name;
  self->decode.kind = "video";
  self->rate = rate;
  text = g_strdup_printf ("videoconvertscale name=first ! video/x-raw,"
      "format=RGB,width=[1,1920],height=[1,1920],pixel-aspect-ratio=1/1 "
      "! videoflip video-direction=auto "
      "! appsink name=sink sync=false qos=false max-buffers=%d", QUEUE);
  if (!tool_decode_check_file (&self->decode, location, error)
      || !tool_decode_build (&self->decode, location, text, error))
    return NULL;
  self->sink = gst_bin_get_by_name (GST_BIN (self->decode.pipeline), "sink");
  pad = gst_element_get_static_pad (self->decode.first, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_frame, self, NULL);
  gst_element_set_state (self->decode.pipeline, GST_STATE_PLAYING);
  return g_steal_pointer (&self);
}

void
tool_video_close (ToolVideo * self)
{
  if (self == NULL)
    return;
  gst_clear_object (&self->sink);
  gst_clear_message (&self->failure);
  tool_decode_clear (&self->decode);
  g_mutex_clear (&self->lock);
  g_free (self->name);
  g_free (self);
}

static guint
count_frames (ToolVideo * self, guint * n_timeless)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->n_frames;
  if (n_timeless)
    *n_timeless = self->n_timeless;
  g_mutex_unlock (&self->lock);
  return n;
}

/* Says why no more frames come, unless the video simply ends. */
static void
check_end (ToolVideo * self, gboolean is_eos, GError ** error)
{
  guint n_timeless;
  guint n = count_frames (self, &n_timeless);

  if (self->failure || !is_eos)
    tool_decode_set_error (&self->decode, self->failure, TIMEOUT, error);
  else if (n == 0)
    g_set_error (error, FACENET_ERROR, self->decode.is_picture
        ? FACENET_ERROR_TRUNCATED : FACENET_ERROR_FORMAT,
        self->decode.is_picture ? "%s: ends before its first frame does"
        : "%s: holds no video", self->name);
  else if (n_timeless > n / MAX_TIMELESS)
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: %u of its %u frames do not say when they are shown and were not "
        "looked at: a container, such as Matroska, tells that", self->name,
        n_timeless, n);
}

/* The next sample, or NULL and why: (transfer full). */
static GstSample *
pull (ToolVideo * self, GError ** error)
{
  GstClockTime waited = 0;
  guint n_before = count_frames (self, NULL);
  gboolean is_eos = FALSE;

  while (!is_eos && waited < (self->failure ? AFTERMATH : TIMEOUT)) {
    guint n;
    GstSample *sample =
        gst_app_sink_try_pull_sample (GST_APP_SINK (self->sink), POLL);

    if (sample)
      return sample;
    is_eos = gst_app_sink_is_eos (GST_APP_SINK (self->sink));
    if (self->failure == NULL)
      self->failure = tool_decode_wait (&self->decode, GST_MESSAGE_ERROR, 0);
    n = count_frames (self, NULL);
    waited = n != n_before ? 0 : waited + POLL;
    n_before = n;
  }
  check_end (self, is_eos, error);
  return NULL;
}

ToolImage *
tool_video_next (ToolVideo * self, guint64 * time, GError ** error)
{
  g_autoptr (GstSample) sample = NULL;
  ToolImage *image;

  do {
    g_clear_pointer (&sample, gst_sample_unref);
    sample = pull (self, error);
    if (sample == NULL)
      return NULL;
    *time = gst_segment_to_stream_time (gst_sample_get_segment (sample),
        GST_FORMAT_TIME, GST_BUFFER_PTS (gst_sample_get_buffer (sample)));
    /* Streams of broken files jump back. */
  } while (self->started && *time <= self->last);

  self->started = TRUE;
  self->last = *time;
  image = tool_image_new_from_sample (sample);
  if (image == NULL)
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: a frame cannot be read", self->name);
  return image;
}

guint64
tool_video_get_duration (ToolVideo * self)
{
  gint64 duration = 0;

  if (gst_element_query_duration (self->decode.pipeline, GST_FORMAT_TIME,
          &duration) && duration > 0)
    return (guint64) duration;
  return 0;
}

guint
tool_video_get_n_timeless (ToolVideo * self, guint * n_frames)
{
  guint n_timeless;

  *n_frames = count_frames (self, &n_timeless);
  return n_timeless;
}

guint
tool_video_get_n_ignored (ToolVideo * self)
{
  return (guint) g_atomic_int_get (&self->decode.n_ignored);
}

guint64
tool_video_get_position (ToolVideo * self)
{
  guint64 position;

  g_mutex_lock (&self->lock);
  position = self->position;
  g_mutex_unlock (&self->lock);
  return position;
}
