/* facematchoverlay.c - what is drawn, where and for how long
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Plain grey frames with boxes that facedetect found in Debian's example
 * photographs. facematchoverlay.png beside this file is how it should look;
 * FACENET_KEEP=FILE writes what is drawn today, as a PNG picture.
 */
#include <gst/check/gstharness.h>
#include <gst/facenet/gstfacenet.h>
#include <gst/video/video.h>
#include <math.h>

#define WIDTH 640
#define HEIGHT 480
#define GREY 0x60
#define WANTED "/overlay/facematchoverlay.png"

typedef struct
{
  guint x, y, w, h;
  const gchar *name;
  gdouble distance;
  FacenetEvent event;
} Sample;

/* In pixels of a frame half as large. */
/* *INDENT-OFF* */
static const Sample samples[] = {
  {40, 60, 62, 62, "John Simm", 0.07, FACENET_EVENT_MATCH},
  {141, 74, 81, 81, "John Savage", 0.74, FACENET_EVENT_UNCERTAIN},
  {240, 120, 69, 69, NULL, 1.91, FACENET_EVENT_UNKNOWN},
  {20, 4, 40, 40, NULL, NAN, FACENET_EVENT_REJECT},
  {280, 190, 60, 60, "Ann", 0.31, FACENET_EVENT_MATCH},
};
/* *INDENT-ON* */

static const guint8 green[] = { 0, 204, 153 };
static const guint8 yellow[] = { 242, 230, 64 };
static const guint8 orange[] = { 255, 128, 26 };
static const guint8 light[] = { 179, 179, 179 };

typedef struct
{
  GstHarness *harness;
  GstVideoInfo info;
} Fixture;

static void
fixture_set_up_format (Fixture * self, GstVideoFormat format)
{
  g_autoptr (GstCaps) caps = NULL;

  gst_video_info_set_format (&self->info, format, WIDTH, HEIGHT);
  caps = gst_video_info_to_caps (&self->info);
  self->harness = gst_harness_new ("facematchoverlay");
  gst_harness_set_caps (self->harness, gst_caps_ref (caps),
      gst_caps_ref (caps));
}

static void
fixture_set_up (Fixture * self, gconstpointer data)
{
  fixture_set_up_format (self, GST_VIDEO_FORMAT_RGB);
}

static void
fixture_tear_down (Fixture * self, gconstpointer data)
{
  gst_harness_teardown (self->harness);
}

/* A frame of one colour, in any format. */
static GstBuffer *
make_frame (const Fixture * self, GstClockTime time)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, self->info.size, NULL);

  gst_buffer_memset (buffer, 0, GREY, (gsize) - 1);
  GST_BUFFER_PTS (buffer) = time;
  return buffer;
}

static void
add_face (GstBuffer * buffer, const Sample * sample)
{
  static const gfloat embedding[] = { 1, 0 };
  GstFaceEmbeddingMeta *face = gst_buffer_add_face_embedding_meta (buffer,
      embedding, G_N_ELEMENTS (embedding), "a-model");

  face->x = sample->x;
  face->y = sample->y;
  face->w = sample->w;
  face->h = sample->h;
  face->frame_width = WIDTH / 2;
  face->frame_height = HEIGHT / 2;
  if (sample->event != FACENET_EVENT_LOST)
    gst_buffer_add_face_match_meta (buffer, face->index, sample->event,
        sample->name, sample->name)->distance = sample->distance;
}

/* What comes out, as rows of R, G, B. */
static GstBuffer *
push (const Fixture * self, GstBuffer * frame)
{
  GstBuffer *drawn = gst_harness_push_and_pull (self->harness, frame);
  GstVideoInfo info;
  GstBuffer *rgb;
  GstVideoConverter *converter;
  GstVideoFrame from, to;

  g_assert_nonnull (drawn);
  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_RGB, WIDTH, HEIGHT);
  rgb = gst_buffer_new_allocate (NULL, info.size, NULL);
  converter = gst_video_converter_new (&self->info, &info, NULL);
  g_assert_true (gst_video_frame_map (&from, &self->info, drawn, GST_MAP_READ));
  g_assert_true (gst_video_frame_map (&to, &info, rgb, GST_MAP_WRITE));
  gst_video_converter_frame (converter, &from, &to);
  gst_video_frame_unmap (&to);
  gst_video_frame_unmap (&from);
  gst_video_converter_free (converter);
  gst_buffer_unref (drawn);
  return rgb;
}

static gboolean
has_colour (GstBuffer * rgb, guint x, guint y, const guint8 * colour,
    gint tolerance)
{
  guint8 pixel[3];

  g_assert_cmpuint (gst_buffer_extract (rgb, 3 * (y * WIDTH + x), pixel, 3),
      ==, 3);
  for (guint i = 0; i < 3; i++) {
    if (ABS ((gint) pixel[i] - (gint) colour[i]) > tolerance)
      return FALSE;
  }
  return TRUE;
}

/* Pixels that are not the ground, in an area. */
static guint
count_drawn (GstBuffer * rgb, guint x, guint y, guint w, guint h)
{
  static const guint8 ground[] = { GREY, GREY, GREY };
  guint n = 0;

  for (guint i = y; i < y + h; i++) {
    for (guint k = x; k < x + w; k++)
      n += !has_colour (rgb, k, i, ground, 2);
  }
  return n;
}

/* The middle of each side of the box, in pixels of the frame. */
static void
check_box (GstBuffer * rgb, const Sample * sample, const guint8 * colour,
    gint tolerance)
{
  guint x = 2 * sample->x, y = 2 * sample->y;
  guint w = 2 * sample->w, h = 2 * sample->h;

  g_assert_true (has_colour (rgb, x + w / 2, y, colour, tolerance));
  g_assert_true (has_colour (rgb, x, y + h / 2, colour, tolerance));
  if (y + h < HEIGHT)
    g_assert_true (has_colour (rgb, x + w / 2, y + h, colour, tolerance));
  if (x + w < WIDTH)
    g_assert_true (has_colour (rgb, x + w, y + h / 2, colour, tolerance));
}

static void
test_boxes_have_the_colour_of_the_event (Fixture * self, gconstpointer data)
{
  const guint8 *colours[] = { green, yellow, orange, light, green };
  GstBuffer *frame = make_frame (self, 0);
  g_autoptr (GstBuffer) rgb = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    add_face (frame, &samples[i]);
  rgb = push (self, frame);
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    check_box (rgb, &samples[i], colours[i], 8);
}

static void
test_labels_stand_above_and_nothing_inside (Fixture * self, gconstpointer data)
{
  const Sample *sample = &samples[1];
  GstBuffer *frame = make_frame (self, 0);
  g_autoptr (GstBuffer) rgb = NULL;
  guint x = 2 * sample->x, y = 2 * sample->y, side = 2 * sample->w;

  add_face (frame, sample);
  rgb = push (self, frame);
  g_assert_cmpuint (count_drawn (rgb, x, y - 26, side, 20), >, 500);
  g_assert_cmpuint (count_drawn (rgb, x + 4, y + 4, side - 8, side - 8), ==, 0);
  g_assert_cmpuint (count_drawn (rgb, 0, 0, WIDTH, y - 32), ==, 0);
  g_assert_cmpuint (count_drawn (rgb, 0, 0, x - 6, HEIGHT), ==, 0);
  g_assert_cmpuint (count_drawn (rgb, 0, y + side + 4, WIDTH,
          HEIGHT - y - side - 4), ==, 0);
}

static void
test_a_label_without_room_above_goes_inside (Fixture * self, gconstpointer data)
{
  const Sample *sample = &samples[3];
  GstBuffer *frame = make_frame (self, 0);
  g_autoptr (GstBuffer) rgb = NULL;

  add_face (frame, sample);
  rgb = push (self, frame);
  g_assert_cmpuint (count_drawn (rgb, 2 * sample->x + 4, 2 * sample->y + 4,
          2 * sample->w - 8, 26), >, 200);
}

static void
test_a_face_without_a_verdict_has_a_box_only (Fixture * self,
    gconstpointer data)
{
  const Sample sample = { 100, 100, 50, 50, NULL, NAN, FACENET_EVENT_LOST };
  GstBuffer *frame = make_frame (self, 0);
  g_autoptr (GstBuffer) rgb = NULL;

  add_face (frame, &sample);
  rgb = push (self, frame);
  check_box (rgb, &sample, light, 8);
  g_assert_cmpuint (count_drawn (rgb, 0, 0, WIDTH, 2 * sample.y - 4), ==, 0);
}

static void
test_faces_stay_for_a_while (Fixture * self, gconstpointer data)
{
  const GstClockTime times[] = { 0, 80 * GST_MSECOND, 500 * GST_MSECOND,
    540 * GST_MSECOND
  };
  const gboolean drawn[] = { TRUE, TRUE, TRUE, FALSE };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++) {
    GstBuffer *frame = make_frame (self, times[i]);
    g_autoptr (GstBuffer) rgb = NULL;

    if (i == 0)
      add_face (frame, &samples[0]);
    rgb = push (self, frame);
    g_assert_cmpint (count_drawn (rgb, 0, 0, WIDTH, HEIGHT) > 0, ==, drawn[i]);
  }
}

/* Nobody knows how long ago it was. */
static void
test_faces_without_time_go_at_once (Fixture * self, gconstpointer data)
{
  for (guint i = 0; i < 2; i++) {
    GstBuffer *frame = make_frame (self, GST_CLOCK_TIME_NONE);
    g_autoptr (GstBuffer) rgb = NULL;

    if (i == 0)
      add_face (frame, &samples[0]);
    rgb = push (self, frame);
    g_assert_cmpint (count_drawn (rgb, 0, 0, WIDTH, HEIGHT) > 0, ==, i == 0);
  }
}

static void
test_new_faces_take_the_place_of_old_ones (Fixture * self, gconstpointer data)
{
  for (guint i = 0; i < 3; i++) {
    GstBuffer *frame = make_frame (self, i * 40 * GST_MSECOND);
    g_autoptr (GstBuffer) rgb = NULL;

    add_face (frame, &samples[i % 2]);
    rgb = push (self, frame);
    check_box (rgb, &samples[i % 2], i % 2 == 0 ? green : yellow, 8);
    g_assert_cmpuint (count_drawn (rgb, 2 * samples[1 - i % 2].x + 10,
            2 * samples[1 - i % 2].y - 2, 40, 5), ==, 0);
  }
}

static void
test_unknown_people_can_be_left_out (Fixture * self, gconstpointer data)
{
  GstBuffer *frame = make_frame (self, 0);
  g_autoptr (GstBuffer) rgb = NULL;

  g_object_set (self->harness->element, "show-unknown", FALSE, NULL);
  add_face (frame, &samples[2]);
  add_face (frame, &samples[3]);
  rgb = push (self, frame);
  g_assert_cmpuint (count_drawn (rgb, 0, 0, WIDTH, HEIGHT), ==, 0);
}

static void
test_a_property_is_heeded_at_once (Fixture * self, gconstpointer data)
{
  GstBuffer *frame = make_frame (self, 0);
  g_autoptr (GstBuffer) thin = NULL;
  g_autoptr (GstBuffer) thick = NULL;

  add_face (frame, &samples[0]);
  thin = push (self, frame);
  g_object_set (self->harness->element, "line-width", 8.0, NULL);
  thick = push (self, make_frame (self, 40 * GST_MSECOND));
  g_assert_cmpuint (count_drawn (thick, 0, 0, WIDTH, HEIGHT), >,
      2 * count_drawn (thin, 0, 0, WIDTH, HEIGHT));
}

static void
test_a_frame_without_faces_is_not_copied (Fixture * self, gconstpointer data)
{
  GstBuffer *frame = make_frame (self, 0);
  GstMemory *memory = gst_buffer_peek_memory (frame, 0);
  g_autoptr (GstBuffer) out = gst_harness_push_and_pull (self->harness, frame);

  g_assert_true (gst_buffer_peek_memory (out, 0) == memory);
}

static void
test_all_formats_are_drawn_into (void)
{
  const GstVideoFormat formats[] = { GST_VIDEO_FORMAT_I420,
    GST_VIDEO_FORMAT_NV12, GST_VIDEO_FORMAT_YUY2, GST_VIDEO_FORMAT_BGRx,
    GST_VIDEO_FORMAT_RGBA, GST_VIDEO_FORMAT_GRAY8
  };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    const guint8 grey[] = { 137, 137, 137 };
    const gboolean has_chroma = formats[i] != GST_VIDEO_FORMAT_GRAY8;
    Fixture self;
    GstBuffer *frame;
    g_autoptr (GstBuffer) rgb = NULL;

    fixture_set_up_format (&self, formats[i]);
    g_object_set (self.harness->element, "line-width", 8.0, NULL);
    frame = make_frame (&self, 0);
    add_face (frame, &samples[0]);
    rgb = push (&self, frame);
    /* GStreamer blends into YUV with the matrix of another standard. */
    check_box (rgb, &samples[0], has_chroma ? green : grey, 40);
    fixture_tear_down (&self, NULL);
  }
}

static void
keep (GstBuffer * rgb, const gchar * location)
{
  g_autofree gchar *line = g_strdup_printf ("appsrc name=source "
      "caps=video/x-raw,format=RGB,width=%d,height=%d,framerate=0/1 "
      "! pngenc ! filesink location=%s", WIDTH, HEIGHT, location);
  g_autoptr (GstElement) pipeline = gst_parse_launch (line, NULL);
  g_autoptr (GstElement) source =
      gst_bin_get_by_name (GST_BIN (pipeline), "source");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GstFlowReturn flow;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_signal_emit_by_name (source, "push-buffer", rgb, &flow);
  g_signal_emit_by_name (source, "end-of-stream", &flow);
  gst_message_unref (gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
          GST_MESSAGE_ERROR | GST_MESSAGE_EOS));
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

/* The picture beside this file, as rows of R, G, B. */
static GstSample *
load_wanted (void)
{
  g_autofree gchar *line = g_strdup_printf ("filesrc location=%s" WANTED
      " ! pngdec ! videoconvert ! video/x-raw,format=RGB "
      "! appsink name=sink sync=false", g_getenv ("G_TEST_SRCDIR"));
  g_autoptr (GstElement) pipeline = gst_parse_launch (line, NULL);
  g_autoptr (GstElement) sink =
      gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  GstSample *sample = NULL;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_signal_emit_by_name (sink, "pull-sample", &sample);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_assert_nonnull (sample);
  return sample;
}

static void
test_it_looks_as_it_did (Fixture * self, gconstpointer data)
{
  g_autoptr (GstSample) wanted = NULL;
  g_autoptr (GstBuffer) rgb = NULL;
  GstBuffer *frame = make_frame (self, 0);
  guint n_other = 0;

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    add_face (frame, &samples[i]);
  rgb = push (self, frame);
  if (g_getenv ("FACENET_KEEP") != NULL)
    keep (rgb, g_getenv ("FACENET_KEEP"));
  wanted = load_wanted ();
  for (guint y = 0; y < HEIGHT; y++) {
    for (guint x = 0; x < WIDTH; x++) {
      guint8 pixel[3];

      gst_buffer_extract (gst_sample_get_buffer (wanted),
          3 * (y * WIDTH + x), pixel, 3);
      n_other += !has_colour (rgb, x, y, pixel, 64);
    }
  }
  /* Letters of another font are a few thousand pixels. */
  g_test_message ("%u pixels differ", n_other);
  g_assert_cmpuint (n_other, <, WIDTH * HEIGHT / 50);
}

#define add(name, test) \
    g_test_add ("/facematchoverlay/" name, Fixture, NULL, fixture_set_up, \
        test, fixture_tear_down)

gint
main (gint argc, gchar ** argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  add ("boxes-have-the-colour-of-the-event",
      test_boxes_have_the_colour_of_the_event);
  add ("labels-stand-above-and-nothing-inside",
      test_labels_stand_above_and_nothing_inside);
  add ("a-label-without-room-above-goes-inside",
      test_a_label_without_room_above_goes_inside);
  add ("a-face-without-a-verdict-has-a-box-only",
      test_a_face_without_a_verdict_has_a_box_only);
  add ("faces-stay-for-a-while", test_faces_stay_for_a_while);
  add ("faces-without-time-go-at-once", test_faces_without_time_go_at_once);
  add ("new-faces-take-the-place-of-old-ones",
      test_new_faces_take_the_place_of_old_ones);
  add ("unknown-people-can-be-left-out", test_unknown_people_can_be_left_out);
  add ("a-property-is-heeded-at-once", test_a_property_is_heeded_at_once);
  add ("a-frame-without-faces-is-not-copied",
      test_a_frame_without_faces_is_not_copied);
  g_test_add_func ("/facematchoverlay/all-formats-are-drawn-into",
      test_all_formats_are_drawn_into);
  add ("it-looks-as-it-did", test_it_looks_as_it_did);
  return g_test_run ();
}
