/* meta-survival.c - the metadata behind stock elements
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Each case pushes one picture with all metas through a pipeline and reads
 * them from what comes out. The caps at both ends differ where an element
 * only copies a picture that it has nothing to do with.
 */
#include <gst/facenet/gstfacenet.h>

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <math.h>
#include <string.h>

#define N_DIMS 128
#define WIDTH 64
#define HEIGHT 48
#define RGB "video/x-raw,format=RGB,width=64,height=48,framerate=10/1"

typedef struct
{
  const gchar *name;
  const gchar *elements;
  const gchar *caps;            /* what comes out */
} SurvivalCase;

/* *INDENT-OFF* */
static const SurvivalCase cases[] = {
  { "identity", "identity", RGB },
  { "queue", "queue", RGB },
  { "tee", "tee name=t t. ! queue ! fakesink async=false t. ! queue", RGB },
  { "videoconvert", "videoconvert",
    "video/x-raw,format=I420,width=64,height=48,framerate=10/1" },
  { "videoscale", "videoscale",
    "video/x-raw,format=RGB,width=32,height=20,framerate=10/1" },
  { "videocrop", "videocrop left=8 right=8 top=4 bottom=4",
    "video/x-raw,format=RGB,width=48,height=40,framerate=10/1" },
  { "videorate", "videorate",
    "video/x-raw,format=RGB,width=64,height=48,framerate=20/1" },
  { "jpeg", "jpegenc ! jpegdec",
    "video/x-raw,width=64,height=48,framerate=10/1" },
};
/* *INDENT-ON* */

static gboolean
have_elements (const gchar * description)
{
  g_auto (GStrv) words = g_strsplit_set (description, " !", -1);
  guint i;

  for (i = 0; words[i] != NULL; i++) {
    if (words[i][0] == '\0' || strpbrk (words[i], ".=") != NULL)
      continue;
    if (!gst_registry_check_feature_version (gst_registry_get (), words[i],
            0, 0, 0))
      return FALSE;
  }
  return TRUE;
}

static GstBuffer *
make_picture (guint number)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, WIDTH * HEIGHT * 3, NULL);
  GstFaceEmbeddingMeta *face;
  GstFaceMatchMeta *match;
  GstFaceCropMeta *crop;
  gfloat vector[N_DIMS] = { 0.0f };

  gst_buffer_memset (buffer, 0, 0x55, WIDTH * HEIGHT * 3);
  GST_BUFFER_PTS (buffer) = number * 100 * GST_MSECOND;
  GST_BUFFER_DURATION (buffer) = 100 * GST_MSECOND;
  vector[number] = 1.0f;
  face = gst_buffer_add_face_embedding_meta (buffer, vector, N_DIMS, "abc");
  face->x = 10;
  face->w = 20;
  face->frame_width = WIDTH;
  match = gst_buffer_add_face_match_meta (buffer, 0, FACENET_EVENT_MATCH,
      "ann", "Ann Smith");
  match->distance = 0.25;
  crop = gst_buffer_add_face_crop_meta (buffer);
  crop->x = 11;
  return buffer;
}

static void
check_picture (GstBuffer * buffer, guint number)
{
  GstFaceEmbeddingMeta *face = gst_buffer_get_face_embedding_meta (buffer, 0);
  GstFaceMatchMeta *match = gst_buffer_get_face_match_meta (buffer, 0);
  GstFaceCropMeta *crop = gst_buffer_get_face_crop_meta (buffer);

  g_assert_nonnull (face);
  g_assert_cmpuint (face->n_dims, ==, N_DIMS);
  g_assert_cmpfloat (face->embedding[number], ==, 1.0f);
  g_assert_cmpstr (face->model_id, ==, "abc");
  g_assert_cmpuint (face->x, ==, 10);
  g_assert_cmpuint (face->w, ==, 20);
  g_assert_cmpuint (face->frame_width, ==, WIDTH);
  g_assert_cmpint (face->track_id, ==, -1);
  g_assert_null (gst_buffer_get_face_embedding_meta (buffer, 1));

  g_assert_nonnull (match);
  g_assert_cmpint (match->event, ==, FACENET_EVENT_MATCH);
  g_assert_cmpstr (match->id, ==, "ann");
  g_assert_cmpstr (match->name, ==, "Ann Smith");
  g_assert_cmpfloat (match->distance, ==, 0.25);
  g_assert_true (isnan (match->margin));

  g_assert_nonnull (crop);
  g_assert_cmpuint (crop->x, ==, 11);
}

static void
test_survives (gconstpointer data)
{
  const SurvivalCase *self = data;
  g_autofree gchar *text = g_strdup_printf ("appsrc name=in format=time "
      "caps=" RGB " ! %s ! capsfilter caps=%s ! appsink name=out sync=false",
      self->elements, self->caps);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstElement) in = NULL;
  g_autoptr (GstElement) out = NULL;
  guint number, n_out = 0;

  if (!have_elements (self->elements)) {
    g_test_skip ("a stock element is not installed");
    return;
  }
  pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  in = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  out = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (number = 0; number < 3; number++)
    gst_app_src_push_buffer (GST_APP_SRC (in), make_picture (number));
  gst_app_src_end_of_stream (GST_APP_SRC (in));
  while (TRUE) {
    g_autoptr (GstSample) sample =
        gst_app_sink_try_pull_sample (GST_APP_SINK (out), 10 * GST_SECOND);
    GstBuffer *buffer;

    if (sample == NULL)
      break;
    buffer = gst_sample_get_buffer (sample);
    number = (guint) (GST_BUFFER_PTS (buffer) / (100 * GST_MSECOND));
    check_picture (buffer, number);
    n_out++;
  }
  g_assert_true (gst_app_sink_is_eos (GST_APP_SINK (out)));
  g_assert_cmpuint (n_out, >=, 3);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

int
main (int argc, char **argv)
{
  guint i;

  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *path =
        g_strconcat ("/meta/survives/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], test_survives);
  }
  return g_test_run ();
}
