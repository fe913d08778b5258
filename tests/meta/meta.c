/* meta.c - the metadata of a buffer by itself
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include <gst/facenet/gstfacenet.h>

#include <math.h>

#define N_DIMS 4

static const gfloat vector[N_DIMS] = { 0.5f, -0.5f, 0.5f, -0.5f };

static GstFaceEmbeddingMeta *
add_face (GstBuffer * buffer)
{
  return gst_buffer_add_face_embedding_meta (buffer, vector, N_DIMS, "abc");
}

static void
test_new_embedding_says_unknown (void)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();
  GstFaceEmbeddingMeta *meta = add_face (buffer);
  guint n_dims = 0;
  const gfloat *embedding =
      gst_face_embedding_meta_get_embedding (meta, &n_dims);

  g_assert_cmpuint (n_dims, ==, N_DIMS);
  g_assert_cmpmem (embedding, n_dims * sizeof *embedding, vector,
      sizeof vector);
  g_assert_true (embedding != vector);
  g_assert_cmpstr (meta->model_id, ==, "abc");
  g_assert_cmpuint (meta->index, ==, 0);
  g_assert_cmpuint (meta->roi_type, ==, 0);
  g_assert_cmpuint (meta->w, ==, 0);
  g_assert_cmpint (meta->track_id, ==, -1);
  g_assert_true (isnan (meta->detect_confidence));
  g_assert_true (isnan (meta->quality));
}

static void
test_embeddings_are_numbered_and_found (void)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();
  GstFaceEmbeddingMeta *faces[3], *meta;
  gpointer state = NULL;
  guint i, n = 0;

  g_assert_null (gst_buffer_get_face_embedding_meta (buffer, 0));
  for (i = 0; i < G_N_ELEMENTS (faces); i++)
    faces[i] = add_face (buffer);
  for (i = 0; i < G_N_ELEMENTS (faces); i++)
    g_assert_true (gst_buffer_get_face_embedding_meta (buffer, i) == faces[i]);
  g_assert_null (gst_buffer_get_face_embedding_meta (buffer, 3));
  while ((meta = gst_buffer_iterate_face_embedding_meta (buffer, &state)))
    g_assert_true (meta == faces[n++]);
  g_assert_cmpuint (n, ==, 3);
}

static void
test_copy_of_a_buffer_has_its_own_embedding (void)
{
  GstBuffer *buffer = gst_buffer_new ();
  g_autoptr (GstBuffer) copy = NULL;
  GstFaceEmbeddingMeta *meta = add_face (buffer);

  meta->index = 7;
  meta->roi_type = g_quark_from_static_string ("face");
  meta->x = 1;
  meta->y = 2;
  meta->w = 3;
  meta->h = 4;
  meta->frame_width = 50;
  meta->frame_height = 60;
  meta->track_id = 8;
  meta->detect_confidence = 0.25;
  meta->quality = 0.75;
  copy = gst_buffer_copy (buffer);
  gst_buffer_unref (buffer);

  meta = gst_buffer_get_face_embedding_meta (copy, 7);
  g_assert_nonnull (meta);
  g_assert_cmpstr (g_quark_to_string (meta->roi_type), ==, "face");
  g_assert_cmpuint (meta->x, ==, 1);
  g_assert_cmpuint (meta->y, ==, 2);
  g_assert_cmpuint (meta->w, ==, 3);
  g_assert_cmpuint (meta->h, ==, 4);
  g_assert_cmpuint (meta->frame_width, ==, 50);
  g_assert_cmpuint (meta->frame_height, ==, 60);
  g_assert_cmpint (meta->track_id, ==, 8);
  g_assert_cmpfloat (meta->detect_confidence, ==, 0.25);
  g_assert_cmpfloat (meta->quality, ==, 0.75);
  g_assert_cmpmem (meta->embedding, meta->n_dims * sizeof (gfloat), vector,
      sizeof vector);
  g_assert_cmpstr (meta->model_id, ==, "abc");
}

static void
test_crop_is_copied_whole (void)
{
  GstBuffer *buffer = gst_buffer_new ();
  g_autoptr (GstBuffer) copy = NULL;
  GstFaceCropMeta *meta;
  gdouble wanted[6];
  guint i;

  g_assert_null (gst_buffer_get_face_crop_meta (buffer));
  meta = gst_buffer_add_face_crop_meta (buffer);
  g_assert_cmpint (meta->track_id, ==, -1);
  g_assert_true (isnan (meta->detect_confidence));
  g_assert_cmpuint (meta->n_faces, ==, 0);
  g_assert_cmpfloat (meta->to_frame[0], ==, 0.0);
  meta->index = 1;
  meta->n_faces = 2;
  meta->roi_type = g_quark_from_static_string ("face");
  meta->x = 3;
  meta->y = 4;
  meta->w = 5;
  meta->h = 6;
  meta->frame_width = 70;
  meta->frame_height = 80;
  meta->track_id = 9;
  meta->detect_confidence = 0.5;
  for (i = 0; i < 6; i++)
    meta->to_frame[i] = wanted[i] = 0.25 * i;
  copy = gst_buffer_copy (buffer);
  gst_buffer_unref (buffer);

  meta = gst_buffer_get_face_crop_meta (copy);
  g_assert_nonnull (meta);
  g_assert_cmpuint (meta->index, ==, 1);
  g_assert_cmpuint (meta->n_faces, ==, 2);
  g_assert_cmpstr (g_quark_to_string (meta->roi_type), ==, "face");
  g_assert_cmpuint (meta->x, ==, 3);
  g_assert_cmpuint (meta->y, ==, 4);
  g_assert_cmpuint (meta->w, ==, 5);
  g_assert_cmpuint (meta->h, ==, 6);
  g_assert_cmpuint (meta->frame_width, ==, 70);
  g_assert_cmpuint (meta->frame_height, ==, 80);
  g_assert_cmpint (meta->track_id, ==, 9);
  g_assert_cmpfloat (meta->detect_confidence, ==, 0.5);
  g_assert_cmpmem (meta->to_frame, sizeof meta->to_frame, wanted,
      sizeof wanted);
}

static void
test_matches_are_found_and_copied (void)
{
  GstBuffer *buffer = gst_buffer_new ();
  g_autoptr (GstBuffer) copy = NULL;
  GstFaceMatchMeta *meta;
  gpointer state = NULL;
  guint n = 0;

  meta = gst_buffer_add_face_match_meta (buffer, 0, FACENET_EVENT_UNKNOWN,
      NULL, NULL);
  g_assert_true (isnan (meta->distance));
  g_assert_true (isnan (meta->margin));
  meta = gst_buffer_add_face_match_meta (buffer, 3, FACENET_EVENT_MATCH,
      "ann", "Ann Smith");
  meta->distance = 0.5;
  meta->margin = 0.125;
  copy = gst_buffer_copy (buffer);
  gst_buffer_unref (buffer);

  while (gst_buffer_iterate_face_match_meta (copy, &state))
    n++;
  g_assert_cmpuint (n, ==, 2);
  meta = gst_buffer_get_face_match_meta (copy, 3);
  g_assert_cmpint (meta->event, ==, FACENET_EVENT_MATCH);
  g_assert_cmpstr (meta->id, ==, "ann");
  g_assert_cmpstr (meta->name, ==, "Ann Smith");
  g_assert_cmpfloat (meta->distance, ==, 0.5);
  g_assert_cmpfloat (meta->margin, ==, 0.125);
  meta = gst_buffer_get_face_match_meta (copy, 0);
  g_assert_null (meta->id);
  g_assert_null (meta->name);
  g_assert_null (gst_buffer_get_face_match_meta (copy, 1));
}

static void
test_transform_needs_no_data (void)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();
  g_autoptr (GstBuffer) dest = gst_buffer_new ();
  GstMeta *meta = (GstMeta *) add_face (buffer);
  GstMeta *match = (GstMeta *) gst_buffer_add_face_match_meta (buffer, 0,
      FACENET_EVENT_LOST, "ann", NULL);
  GQuark scale = g_quark_from_static_string ("gst-video-scale");

  g_assert_true (meta->info->transform_func (dest, meta, buffer, scale, NULL));
  g_assert_true (match->info->transform_func (dest, match, buffer, scale,
          NULL));
  g_assert_nonnull (gst_buffer_get_face_embedding_meta (dest, 0));
  g_assert_nonnull (gst_buffer_get_face_match_meta (dest, 0));
}

static void
test_apis_have_no_tags (void)
{
  g_assert_null (gst_meta_api_type_get_tags (GST_FACE_EMBEDDING_META_API_TYPE));
  g_assert_null (gst_meta_api_type_get_tags (GST_FACE_MATCH_META_API_TYPE));
  g_assert_null (gst_meta_api_type_get_tags (GST_FACE_CROP_META_API_TYPE));
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/meta/new-embedding-says-unknown",
      test_new_embedding_says_unknown);
  g_test_add_func ("/meta/embeddings-are-numbered-and-found",
      test_embeddings_are_numbered_and_found);
  g_test_add_func ("/meta/copy-of-a-buffer-has-its-own-embedding",
      test_copy_of_a_buffer_has_its_own_embedding);
  g_test_add_func ("/meta/crop-is-copied-whole", test_crop_is_copied_whole);
  g_test_add_func ("/meta/matches-are-found-and-copied",
      test_matches_are_found_and_copied);
  g_test_add_func ("/meta/transform-needs-no-data",
      test_transform_needs_no_data);
  g_test_add_func ("/meta/apis-have-no-tags", test_apis_have_no_tags);
  return g_test_run ();
}
