/* embed.c - recognises faces in pictures that the program has in memory
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * usage: embed [--cropped] GALLERY PICTURE…
 *
 * Pictures go into an appsrc and come out of an appsink with what was found
 * attached to the buffer: nobody has to listen to messages. With --cropped a
 * picture is one face and no detector is needed. Prints a line per face, e.g.
 *   03.png: John Salley at 0.09, 115x115 at 40,27 of 200x200
 */
#include <gst/app/app.h>
#include <gst/facenet/gstfacenet.h>
#include <gst/video/video.h>

#define FIND "facenetdetect ! facenetencode inference-region=roi-list "
#define CROPPED "facenetencode inference-region=full-frame "

typedef struct
{
  GstElement *pipeline;
  GstElement *source;
  GstElement *sink;
  guint n_pictures;
} Recogniser;

/* Prints why a pipeline stopped: the first error is the cause of the rest. */
static void
print_error (const gchar * what, GstMessage * message)
{
  g_autoptr (GError) error = NULL;

  if (message != NULL)
    gst_message_parse_error (message, &error, NULL);
  gst_printerr ("%s: %s\n", what,
      error != NULL ? error->message : "there is no picture in it");
}

/* Decodes a file to rows of R, G, B; NULL after printing why not. It stands
 * for wherever an application has its pictures from. */
static GstSample *
load_picture (const gchar * location)
{
  g_autoptr (GstElement) pipeline = gst_parse_launch ("filesrc name=file "
      "! decodebin ! videoconvert ! video/x-raw,format=RGB "
      "! appsink name=sink", NULL);
  g_autoptr (GstElement) file = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) end = NULL;
  GstSample *sample = NULL;

  file = gst_bin_get_by_name (GST_BIN (pipeline), "file");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  bus = gst_element_get_bus (pipeline);
  g_object_set (file, "location", location, NULL);
  /* A paused sink holds the first picture; no more of a video is decoded. */
  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  end = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_ERROR | GST_MESSAGE_ASYNC_DONE);
  if (GST_MESSAGE_TYPE (end) == GST_MESSAGE_ASYNC_DONE) {
    sample = gst_app_sink_pull_preroll (GST_APP_SINK (sink));
    gst_clear_message (&end);
  }
  if (sample == NULL)
    print_error (location, end);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return sample;
}

static void
recogniser_clear (Recogniser * self)
{
  if (self->pipeline != NULL)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object (&self->source);
  gst_clear_object (&self->sink);
  gst_clear_object (&self->pipeline);
}

static void
recogniser_print_error (Recogniser * self, const gchar * what)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus,
      GST_MESSAGE_ERROR);

  print_error (what, message);
}

/* Loads the model and the gallery; FALSE after printing why not. */
static gboolean
recogniser_init (Recogniser * self, const gchar * gallery, gboolean cropped)
{
  g_autofree gchar *line = g_strdup_printf ("appsrc name=source format=time "
      "! %s ! facematch name=match post-messages=false "
      "! appsink name=sink sync=false", cropped ? CROPPED : FIND);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) match = NULL;

  self->pipeline = gst_parse_launch (line, &error);
  if (error != NULL) {
    gst_printerr ("%s\n", error->message);
    return FALSE;
  }
  self->source = gst_bin_get_by_name (GST_BIN (self->pipeline), "source");
  self->sink = gst_bin_get_by_name (GST_BIN (self->pipeline), "sink");
  match = gst_bin_get_by_name (GST_BIN (self->pipeline), "match");
  g_object_set (match, "gallery-location", gallery, NULL);
  if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING)
      == GST_STATE_CHANGE_FAILURE) {
    recogniser_print_error (self, "cannot start");
    return FALSE;
  }
  return TRUE;
}

/* Pushes rows of R, G, B and waits for what comes out at the other end; NULL
 * when the pipeline has failed. Each picture may have a size of its own. */
static GstSample *
recogniser_run (Recogniser * self, const GstVideoFrame * picture)
{
  gint width = GST_VIDEO_FRAME_WIDTH (picture);
  gint height = GST_VIDEO_FRAME_HEIGHT (picture);
  const guint8 *pixels = GST_VIDEO_FRAME_PLANE_DATA (picture, 0);
  gint stride = GST_VIDEO_FRAME_PLANE_STRIDE (picture, 0);
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstSample) sample = NULL;
  g_autoptr (GstBuffer) buffer = NULL;
  GstVideoInfo info;
  GstVideoFrame frame;

  /* GStreamer begins each row at a multiple of 4 bytes, whatever ours does. */
  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_RGB, (guint) width,
      (guint) height);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  gst_video_frame_map (&frame, &info, buffer, GST_MAP_WRITE);
  for (gint y = 0; y < height; y++)
    memcpy ((guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&frame, 0)
        + y * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0),
        pixels + y * stride, (gsize) width * 3);
  gst_video_frame_unmap (&frame);

  GST_BUFFER_PTS (buffer) = self->n_pictures++ * GST_SECOND;
  caps = gst_video_info_to_caps (&info);
  sample = gst_sample_new (buffer, caps, NULL, NULL);
  if (gst_app_src_push_sample (GST_APP_SRC (self->source), sample)
      != GST_FLOW_OK)
    return NULL;
  return gst_app_sink_pull_sample (GST_APP_SINK (self->sink));
}

/* Each face is one GstFaceEmbeddingMeta; what facematch makes of it is the
 * GstFaceMatchMeta of the same index. */
static void
print_faces (const gchar * location, GstBuffer * buffer)
{
  g_autofree gchar *name = g_path_get_basename (location);
  GstFaceEmbeddingMeta *face;
  gpointer state = NULL;
  guint n = 0;

  for (; (face = gst_buffer_iterate_face_embedding_meta (buffer, &state)); n++) {
    GstFaceMatchMeta *match = gst_buffer_get_face_match_meta (buffer,
        face->index);

    if (match == NULL)
      continue;
    gst_print ("%s: %s", name, match->event == FACENET_EVENT_MATCH
        ? match->name : facenet_event_get_nick (match->event));
    gst_print (" at %.2f, %ux%u at %u,%u of %ux%u\n", match->distance,
        face->w, face->h, face->x, face->y, face->frame_width,
        face->frame_height);
  }
  if (n == 0)
    gst_print ("%s: no face found\n", name);
}

static gboolean
recognise (Recogniser * self, const gchar * location)
{
  g_autoptr (GstSample) picture = load_picture (location);
  g_autoptr (GstSample) result = NULL;
  GstVideoInfo info;
  GstVideoFrame frame;

  if (picture == NULL)
    return FALSE;
  gst_video_info_from_caps (&info, gst_sample_get_caps (picture));
  gst_video_frame_map (&frame, &info, gst_sample_get_buffer (picture),
      GST_MAP_READ);
  result = recogniser_run (self, &frame);
  gst_video_frame_unmap (&frame);
  if (result == NULL) {
    recogniser_print_error (self, location);
    return FALSE;
  }
  print_faces (location, gst_sample_get_buffer (result));
  return TRUE;
}

int
main (int argc, char **argv)
{
  Recogniser recogniser = { 0 };
  gboolean cropped, ok;
  gint first;

  gst_init (&argc, &argv);
  cropped = argc > 1 && g_str_equal (argv[1], "--cropped");
  first = cropped ? 2 : 1;
  if (argc < first + 2) {
    gst_printerr ("usage: %s [--cropped] GALLERY PICTURE...\n", argv[0]);
    return 2;
  }
  ok = recogniser_init (&recogniser, argv[first], cropped);
  for (gint i = first + 1; ok && i < argc; i++)
    ok = recognise (&recogniser, argv[i]);
  recogniser_clear (&recogniser);
  return ok ? 0 : 1;
}
