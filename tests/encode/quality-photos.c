/* quality-photos.c - the quality score on photographs of people
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The photographs are cut to 150x150 with the face in the same place. Without
 * them nothing is tested.
 */
#include "../example-photos.h"
#include "../image/quality-copies.h"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

/* Where the frame of the shipped model lies in them. */
static const FacenetRect face_rect = { 10.5, 34, 129, 129 };

/* Decodes a JPEG file. */
static void
picture_load (Picture * self, const gchar * location)
{
  g_autoptr (GstElement) pipeline =
      gst_parse_launch ("filesrc name=file ! jpegdec ! videoconvert"
      " ! video/x-raw,format=RGB ! appsink name=sink", NULL);
  g_autoptr (GstElement) file =
      gst_bin_get_by_name (GST_BIN (pipeline), "file");
  g_autoptr (GstElement) sink =
      gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_autoptr (GstSample) sample = NULL;
  GstVideoFrame frame;
  GstVideoInfo info;
  gint y;

  g_object_set (file, "location", location, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  sample = gst_app_sink_pull_sample (GST_APP_SINK (sink));
  g_assert_nonnull (sample);
  g_assert_true (gst_video_info_from_caps (&info,
          gst_sample_get_caps (sample)));
  g_assert_true (gst_video_frame_map (&frame, &info,
          gst_sample_get_buffer (sample), GST_MAP_READ));
  picture_alloc (self, info.width, info.height);
  for (y = 0; y < info.height; y++) {
    const guint8 *row = GST_VIDEO_FRAME_PLANE_DATA (&frame, 0);

    memcpy (self->data + 3 * y * info.width,
        row + y * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0),
        (gsize) (3 * info.width));
  }
  gst_video_frame_unmap (&frame);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

static guint
check_person (const gchar * photos, const gchar * person)
{
  g_autofree gchar *folder = g_build_filename (photos, person, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree gchar *location = g_build_filename (folder, name, NULL);
    Picture picture;

    picture_load (&picture, location);
    picture_check_copies (&picture, &face_rect, name);
    picture_clear (&picture);
    n++;
  }
  return n;
}

static void
test_copies_score_lower (void)
{
  static const gchar *const people[] = { "John_Salley", "John_Savage",
    "John_Schneider", "John_Shimkus", "John_Simm"
  };
  g_autofree gchar *photos = example_photos_find ();
  guint i, n = 0;

  if (photos == NULL) {
    g_test_skip (EXAMPLE_PHOTOS_MISSING);
    return;
  }
  for (i = 0; i < G_N_ELEMENTS (people); i++)
    n += check_person (photos, people[i]);
  g_assert_cmpuint (n, ==, 55);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/quality/photos/copies-score-lower",
      test_copies_score_lower);
  return g_test_run ();
}
