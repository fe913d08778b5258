/* encode-formats.c - one face in every format
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A picture is converted to each format of the pad template and encoded. Its
 * vector must lie near that of the RGB picture: at a squared L2 distance where
 * nothing but rounding of pixels is left, against thresholds between people of
 * 0.5 to 1.1.
 */
#include "encode-testing.h"

#include <facenet/facenet-metric.h>

#define N_DIMS 128
#define SIDE 151

/* Measured: formats of RGB 0, of YUV up to 1.1e-3, of which the converter's own
 * rounding is a part. */
#define SAME_FACE 2e-3

static GstBuffer *
convert (GstBuffer * buffer, const GstVideoInfo * from, const GstVideoInfo * to)
{
  GstVideoConverter *converter = gst_video_converter_new (from, to, NULL);
  GstBuffer *out =
      gst_buffer_new_allocate (NULL, GST_VIDEO_INFO_SIZE (to), NULL);
  GstVideoFrame in_frame, out_frame;

  g_assert_nonnull (converter);
  gst_video_frame_map (&in_frame, from, buffer, GST_MAP_READ);
  gst_video_frame_map (&out_frame, to, out, GST_MAP_WRITE);
  gst_video_converter_frame (converter, &in_frame, &out_frame);
  gst_video_frame_unmap (&out_frame);
  gst_video_frame_unmap (&in_frame);
  gst_video_converter_free (converter);
  return out;
}

/* One element for all, which thus changes caps for every picture. */
static GstHarness *harness;

/* Encodes a frame of SIDE x SIDE; takes buffer. */
static void
encode (GstBuffer * buffer, const GstVideoInfo * info, gfloat * embedding)
{
  GstFaceEmbeddingMeta *face;

  gst_harness_set_src_caps (harness, gst_video_info_to_caps (info));
  buffer = gst_harness_push_and_pull (harness, buffer);
  face = gst_buffer_get_face_embedding_meta (buffer, 0);
  g_assert_nonnull (face);
  g_assert_cmpuint (face->n_dims, ==, N_DIMS);
  memcpy (embedding, face->embedding, N_DIMS * sizeof *embedding);
  gst_buffer_unref (buffer);
}

/* Distance between the picture in RGB and in another format; read_as is the
 * colorimetry in the caps where it shall be another than the one the
 * conversion used. */
static gdouble
distance_to_rgb (GstVideoFormat format, const gchar * colorimetry,
    const gchar * read_as)
{
  GstBuffer *picture = encode_make_picture (SIDE, SIDE, 1);
  GstVideoInfo rgb, info;
  gfloat a[N_DIMS], b[N_DIMS];
  GstBuffer *converted;

  gst_video_info_set_format (&rgb, GST_VIDEO_FORMAT_RGB, SIDE, SIDE);
  gst_video_info_set_format (&info, format, SIDE, SIDE);
  if (colorimetry != NULL)
    gst_video_colorimetry_from_string (&info.colorimetry, colorimetry);
  converted = convert (picture, &rgb, &info);
  if (GST_VIDEO_FORMAT_INFO_IS_GRAY (info.finfo)) {
    GstBuffer *grey = convert (converted, &info, &rgb);

    gst_buffer_unref (picture);
    picture = grey;
  }
  if (read_as != NULL)
    gst_video_colorimetry_from_string (&info.colorimetry, read_as);
  encode (picture, &rgb, a);
  encode (converted, &info, b);
  return facenet_squared_l2 (a, b, N_DIMS);
}

static void
test_format (gconstpointer data)
{
  const gdouble distance =
      distance_to_rgb (gst_video_format_from_string (data), NULL, NULL);

  g_test_message ("%s: squared L2 to RGB %.2g", (const gchar *) data, distance);
  g_assert_cmpfloat (distance, <=, SAME_FACE);
}

static void
test_colorimetry_is_honoured (void)
{
  static const gchar *const names[] = { "bt601", "bt709", "smpte240m",
    "1:4:0:0", "1:3:0:0"
  };
  gdouble misread;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (names); i++) {
    const gdouble distance =
        distance_to_rgb (GST_VIDEO_FORMAT_Y444, names[i], NULL);

    g_test_message ("%s: squared L2 to RGB %.2g", names[i], distance);
    g_assert_cmpfloat (distance, <=, SAME_FACE);
  }
  /* And it matters. */
  misread = distance_to_rgb (GST_VIDEO_FORMAT_Y444, "bt601", "1:4:0:0");
  g_test_message ("bt601 as 1:4:0:0: squared L2 to RGB %.2g", misread);
  g_assert_cmpfloat (misread, >, 2 * SAME_FACE);
}

int
main (int argc, char **argv)
{
  g_autoptr (GstElementFactory) factory = NULL;
  GstStaticPadTemplate *template;
  g_autoptr (GstCaps) caps = NULL;
  const GValue *formats;
  guint i;
  gint status;

  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  factory = gst_element_factory_find ("facenetencode");
  g_assert_nonnull (factory);
  template = gst_element_factory_get_static_pad_templates (factory)->data;
  caps = gst_static_pad_template_get_caps (template);
  formats = gst_structure_get_value (gst_caps_get_structure (caps, 0),
      "format");
  for (i = 0; i < gst_value_list_get_size (formats); i++) {
    const gchar *name =
        g_value_get_string (gst_value_list_get_value (formats, i));
    g_autofree gchar *path = g_strconcat ("/encode/formats/", name, NULL);
    g_test_add_data_func (path, name, test_format);
  }
  g_test_add_func ("/encode/colorimetry-is-honoured",
      test_colorimetry_is_honoured);
  harness = gst_harness_new_parse ("facenetencode n-threads=1");
  status = g_test_run ();
  gst_harness_teardown (harness);
  return status;
}
