/* encode-align.c - facenetencode and facecrop with landmarks on regions
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "encode-testing.h"

#include <facenet/facenet-encoder.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define N_DIMS 128
#define WIDTH 320
#define HEIGHT 240
#define SIZE 100

/* Of a face that is turned by 0.3 in a box at 100, 60. */
static FacenetFace
make_face (void)
{
  static const FacenetPoint upright[FACENET_N_LANDMARKS] =
      { {-21, -31}, {21, -31}, {0, -5}, {-17, 13}, {17, 13} };
  FacenetFace face = {.box = {100, 60, SIZE, SIZE},.has_landmarks = TRUE };

  for (guint i = 0; i < FACENET_N_LANDMARKS; i++) {
    const gdouble x = upright[i].x, y = upright[i].y;

    face.landmarks[i].x = 150 + x * cos (0.3) - y * sin (0.3);
    face.landmarks[i].y = 110 + x * sin (0.3) + y * cos (0.3);
  }
  return face;
}

static GstBuffer *
make_frame (const FacenetFace * face)
{
  GstBuffer *buffer = encode_make_picture (WIDTH, HEIGHT, 0);
  GstVideoRegionOfInterestMeta *roi =
      encode_add_roi (buffer, "face", (guint) face->box.x, (guint) face->box.y,
      SIZE);
  const FacenetPoint *p = face->landmarks;

  if (face->has_landmarks)
    gst_video_region_of_interest_meta_add_param (roi,
        gst_structure_new ("landmarks",
            "x0", G_TYPE_DOUBLE, p[0].x, "y0", G_TYPE_DOUBLE, p[0].y,
            "x1", G_TYPE_DOUBLE, p[1].x, "y1", G_TYPE_DOUBLE, p[1].y,
            "x2", G_TYPE_DOUBLE, p[2].x, "y2", G_TYPE_DOUBLE, p[2].y,
            "x3", G_TYPE_DOUBLE, p[3].x, "y3", G_TYPE_DOUBLE, p[3].y,
            "x4", G_TYPE_DOUBLE, p[4].x, "y4", G_TYPE_DOUBLE, p[4].y, NULL));
  return buffer;
}

/* What libfacenet alone makes of the face. */
static void
encode_by_hand (const FacenetFace * face, gboolean align, gfloat * embedding)
{
  g_autofree gchar *location = facenet_model_find_default (NULL);
  g_autoptr (FacenetModel) model = facenet_model_load (location, NULL, NULL);
  g_autoptr (FacenetEncoder) encoder = facenet_encoder_new (model, 1, NULL);
  g_autoptr (GstBuffer) buffer = encode_make_picture (WIDTH, HEIGHT, 0);
  const FacenetEncoding *encoding;
  FacenetImage image;
  FacenetPixels pixels;
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  pixels.data = map.data;
  pixels.stride = 3 * WIDTH;
  facenet_image_init_rgb (&image, &pixels, WIDTH, HEIGHT);
  facenet_cropper_set_align (facenet_encoder_get_cropper (encoder), align);
  encoding = facenet_encoder_encode (encoder, &image, face, 1);
  g_assert_cmpint (encoding->crop.aligned, ==, align && face->has_landmarks);
  memcpy (embedding, encoding->embedding, N_DIMS * sizeof (gfloat));
  gst_buffer_unmap (buffer, &map);
}

/* Encodes a face with properties as gst-launch takes them; returns how many
 * faces had landmarks that were ignored. */
static guint64
encode_face (const gchar * properties, const FacenetFace * face,
    gfloat * embedding)
{
  GstHarness *h =
      encode_start (properties, GST_VIDEO_FORMAT_RGB, WIDTH, HEIGHT);
  g_autoptr (GstBuffer) buffer =
      gst_harness_push_and_pull (h, make_frame (face));
  const GstFaceEmbeddingMeta *meta =
      gst_buffer_get_face_embedding_meta (buffer, 0);
  guint64 n_ignored = encode_get_stat (h, "landmarks-ignored");

  g_assert_nonnull (meta);
  memcpy (embedding, meta->embedding, N_DIMS * sizeof (gfloat));
  gst_harness_teardown (h);
  return n_ignored;
}

static void
assert_same (const gfloat * a, const gfloat * b)
{
  g_assert_cmpmem (a, N_DIMS * sizeof (gfloat), b, N_DIMS * sizeof (gfloat));
}

static void
test_faces_are_aligned_by_their_landmarks (void)
{
  const FacenetFace face = make_face ();
  gfloat aligned[N_DIMS], framed[N_DIMS], found[N_DIMS];

  encode_by_hand (&face, TRUE, aligned);
  encode_by_hand (&face, FALSE, framed);
  g_assert_cmpint (memcmp (aligned, framed, sizeof aligned), !=, 0);

  g_assert_cmpuint (encode_face ("", &face, found), ==, 0);
  assert_same (found, aligned);
  encode_face ("align=auto", &face, found);
  assert_same (found, aligned);
  encode_face ("align=never", &face, found);
  assert_same (found, framed);
  /* As launch lines spelt it when it was a boolean. */
  encode_face ("align=false", &face, found);
  assert_same (found, framed);
}

static void
test_faces_without_landmarks_are_framed (void)
{
  FacenetFace face = make_face ();
  gfloat framed[N_DIMS], found[N_DIMS];

  face.has_landmarks = FALSE;
  encode_by_hand (&face, TRUE, framed);
  g_assert_cmpuint (encode_face ("", &face, found), ==, 0);
  assert_same (found, framed);
}

static void
test_implausible_landmarks_are_counted (void)
{
  FacenetFace face = make_face ();
  gfloat framed[N_DIMS], found[N_DIMS];

  encode_by_hand (&face, FALSE, framed);
  face.landmarks[2].x = (gdouble) NAN;
  g_assert_cmpuint (encode_face ("", &face, found), ==, 1);
  assert_same (found, framed);
  g_assert_cmpuint (encode_face ("align=never", &face, found), ==, 0);
}

static gint
get_align (GstElement * element)
{
  gint align;

  g_object_get (element, "align", &align, NULL);
  return align;
}

typedef struct
{
  const gchar *text;
  const gchar *nick;
} Spelling;

/* *INDENT-OFF* */
static const Spelling spellings[] = {
  { "never", "never" }, { "auto", "auto" }, { "always", "always" },
  { "false", "never" }, { "true", "always" }, { "0", "never" },
  { "1", "always" },
};
/* *INDENT-ON* */

static void
test_old_spellings_mean_what_they_did (void)
{
  g_autoptr (GstElement) element = gst_object_ref_sink
      (gst_element_factory_make ("facenetencode", NULL));
  GParamSpec *property =
      g_object_class_find_property (G_OBJECT_GET_CLASS (element), "align");
  GEnumClass *values = G_PARAM_SPEC_ENUM (property)->enum_class;
  g_auto (GValue) boolean = G_VALUE_INIT;

  g_assert_cmpstr (g_enum_get_value (values, get_align (element))->value_nick,
      ==, "auto");
  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++) {
    g_autofree gchar *line =
        g_strdup_printf ("facenetencode align=%s", spellings[i].text);
    g_autoptr (GError) error = NULL;
    g_autoptr (GstElement) parsed = gst_parse_launch (line, &error);

    g_assert_no_error (error);
    gst_object_ref_sink (parsed);
    g_assert_cmpstr (g_enum_get_value (values, get_align (parsed))->value_nick,
        ==, spellings[i].nick);
  }
  /* Programs. */
  g_object_set (element, "align", TRUE, NULL);
  g_assert_cmpstr (g_enum_get_value (values, get_align (element))->value_nick,
      ==, "always");
  g_value_init (&boolean, G_TYPE_BOOLEAN);
  g_object_set_property (G_OBJECT (element), "align", &boolean);
  g_assert_cmpstr (g_enum_get_value (values, get_align (element))->value_nick,
      ==, "never");
}

static GstBuffer *
crop_face (const gchar * line, const FacenetFace * face)
{
  GstHarness *h = gst_harness_new_parse (line);
  GstBuffer *crop;

  encode_set_format (h, GST_VIDEO_FORMAT_RGB, WIDTH, HEIGHT);
  crop = gst_harness_push_and_pull (h, make_frame (face));
  gst_harness_teardown (h);
  return crop;
}

/* facecrop cuts out what facenetencode looks at. */
static void
test_crops_are_turned_upright (void)
{
  FacenetFace face = make_face ();
  g_autoptr (GstBuffer) aligned = crop_face ("facecrop", &face);
  const GstFaceCropMeta *meta = gst_buffer_get_face_crop_meta (aligned);

  g_assert_cmpfloat (fabs (atan2 (meta->to_frame[3], meta->to_frame[0]) - 0.3),
      <, 0.05);
}

static void
check_framed (const gchar * line, const FacenetFace * face, gdouble scale)
{
  g_autoptr (GstBuffer) crop = crop_face (line, face);
  const GstFaceCropMeta *meta = gst_buffer_get_face_crop_meta (crop);

  g_assert_cmpfloat (meta->to_frame[3], ==, 0);
  g_assert_cmpfloat (fabs (meta->to_frame[0] - SIZE * scale), <, 1e-9);
}

static void
test_crops_are_framed_on_demand (void)
{
  FacenetFace face = make_face ();

  check_framed ("facecrop align=false roi-scale=1.6", &face, 1.6);
  face.landmarks[0].x = (gdouble) INFINITY;
  check_framed ("facecrop", &face, FACENET_ROI_SCALE);
}

static void
test_foreign_model_is_an_error (void)
{
  g_autofree gchar *location = facenet_model_find_default (NULL);
  g_autofree gchar *copy = NULL;
  g_autofree gchar *data = NULL;
  g_autoptr (GstElement) element = gst_object_ref_sink
      (gst_element_factory_make ("facenetencode", NULL));
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  gint file = g_file_open_tmp ("facenet-encode-XXXXXX", &copy, NULL);
  gsize size;

  g_close (file, NULL);
  g_assert_true (g_file_get_contents (location, &data, &size, NULL));
  memcpy (g_strstr_len (data + 8, 65536, "rgb-96-unit"), "bgr", 3);
  g_assert_true (g_file_set_contents (copy, data, (gssize) size, NULL));
  g_object_set (element, "model-location", copy, NULL);
  gst_element_set_bus (element, bus);
  g_assert_cmpint (gst_element_set_state (element, GST_STATE_PAUSED), ==,
      GST_STATE_CHANGE_FAILURE);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS);
  g_assert_nonnull (strstr (error->message, "bgr-96-unit"));
  gst_element_set_state (element, GST_STATE_NULL);
  gst_element_set_bus (element, NULL);
  g_remove (copy);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/encode-align/faces-are-aligned-by-their-landmarks",
      test_faces_are_aligned_by_their_landmarks);
  g_test_add_func ("/encode-align/faces-without-landmarks-are-framed",
      test_faces_without_landmarks_are_framed);
  g_test_add_func ("/encode-align/implausible-landmarks-are-counted",
      test_implausible_landmarks_are_counted);
  g_test_add_func ("/encode-align/old-spellings-mean-what-they-did",
      test_old_spellings_mean_what_they_did);
  g_test_add_func ("/encode-align/crops-are-turned-upright",
      test_crops_are_turned_upright);
  g_test_add_func ("/encode-align/crops-are-framed-on-demand",
      test_crops_are_framed_on_demand);
  g_test_add_func ("/encode-align/foreign-model-is-an-error",
      test_foreign_model_is_an_error);
  return g_test_run ();
}
