/* encode-testing.c - what the tests of facenetencode share
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "encode-testing.h"

#include <math.h>

void
encode_set_format (GstHarness * h, GstVideoFormat format, gint width,
    gint height)
{
  GstVideoInfo info;

  gst_video_info_set_format (&info, format, (guint) width, (guint) height);
  info.fps_n = 25;
  info.fps_d = 1;
  gst_harness_set_src_caps (h, gst_video_info_to_caps (&info));
}

GstHarness *
encode_start (const gchar * properties, GstVideoFormat format, gint width,
    gint height)
{
  g_autofree gchar *line = g_strdup_printf ("facenetencode n-threads=1 %s",
      properties);
  GstHarness *h = gst_harness_new_parse (line);

  encode_set_format (h, format, width, height);
  return h;
}

/* A soft blob: 1 at its centre, 0 far away. */
static gdouble
blob (gdouble x, gdouble y, gdouble cx, gdouble cy, gdouble size)
{
  const gdouble dx = (x - cx) / size;
  const gdouble dy = (y - cy) / size;

  return exp (-dx * dx - dy * dy);
}

static guint8
to_byte (gdouble value)
{
  return (guint8) CLAMP (value, 0.0, 255.0);
}

GstBuffer *
encode_make_picture (gint width, gint height, guint seed)
{
  GstVideoInfo info;
  GstBuffer *buffer;
  GstMapInfo map;
  const gdouble shift = 0.01 * (seed % 7);
  gint i, j;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_RGB, (guint) width,
      (guint) height);
  buffer = gst_buffer_new_allocate (NULL, GST_VIDEO_INFO_SIZE (&info), NULL);
  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (i = 0; i < height; i++) {
    guint8 *pixel = map.data + i * GST_VIDEO_INFO_PLANE_STRIDE (&info, 0);

    for (j = 0; j < width; j++, pixel += 3) {
      const gdouble x = (j + 0.5) / width;
      const gdouble y = (i + 0.5) / height;
      const gdouble skin = blob (x, y, 0.5, 0.5, 0.45);
      const gdouble eyes = blob (x, y, 0.3 + shift, 0.35, 0.08)
          + blob (x, y, 0.7, 0.35 + shift, 0.08);
      const gdouble mouth = blob (x, y, 0.5, 0.8 - shift, 0.12);

      pixel[0] = to_byte (60 + 150 * skin - 130 * eyes + 20 * mouth);
      pixel[1] = to_byte (70 + 90 * skin - 110 * eyes - 60 * mouth);
      pixel[2] = to_byte (90 + 50 * skin - 90 * eyes - 40 * mouth);
    }
  }
  gst_buffer_unmap (buffer, &map);
  return buffer;
}

GstVideoRegionOfInterestMeta *
encode_add_roi (GstBuffer * buffer, const gchar * type, guint x, guint y,
    guint size)
{
  return gst_buffer_add_video_region_of_interest_meta (buffer, type, x, y,
      size, size);
}

guint
encode_count_faces (GstBuffer * buffer)
{
  return gst_buffer_get_n_meta (buffer, GST_FACE_EMBEDDING_META_API_TYPE);
}

guint64
encode_get_stat (GstHarness * h, const gchar * field)
{
  g_autoptr (GstElement) element =
      gst_harness_find_element (h, "facenetencode");
  GstStructure *stats = NULL;
  guint64 value = G_MAXUINT64;

  g_object_get (element, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_uint64 (stats, field, &value));
  gst_structure_free (stats);
  return value;
}
