/* bindings.c - what language bindings call checks lengths and owns its copies
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include <facenet/facenet-bindings.h>
#include <string.h>

#include "../gallery/samples.h"

#define WIDTH 10
#define HEIGHT 6

static FacenetGallery *
make_gallery (void)
{
  FacenetGallery *gallery = facenet_gallery_new (&sample_model);

  sample_add (gallery, "ann", 0);
  sample_add (gallery, "ben", 1);
  return gallery;
}

static GPtrArray *
match (const FacenetGallery * gallery, const FacenetMatchPolicy * policy,
    FacenetVerdict ** result)
{
  gfloat probe[SAMPLE_DIMS];
  g_autoptr (GError) error = NULL;
  GPtrArray *candidates;

  sample_at (probe, 0.1, -1);
  candidates = facenet_gallery_match_face (gallery, policy, probe,
      SAMPLE_DIMS, result, &error);
  g_assert_no_error (error);
  g_ptr_array_set_free_func (candidates, NULL);
  return candidates;
}

static void
free_candidates (GPtrArray * candidates)
{
  for (guint i = 0; i < candidates->len; i++)
    g_boxed_free (FACENET_TYPE_CANDIDATE, candidates->pdata[i]);
  g_ptr_array_unref (candidates);
}

static void
test_copies_outlive_the_gallery (void)
{
  FacenetGallery *gallery = make_gallery ();
  FacenetIdentity *person = facenet_gallery_dup_identity (gallery, 1);
  FacenetGalleryModel *model = facenet_gallery_dup_model (gallery);
  guint n_dims;
  g_autofree gfloat *embedding =
      facenet_gallery_dup_embedding (gallery, 0, 0, &n_dims);
  FacenetVerdict *result = NULL;
  GPtrArray *candidates = match (gallery, NULL, &result);
  FacenetCandidate *best = candidates->pdata[0];

  facenet_gallery_unref (gallery);
  g_assert_cmpstr (person->id, ==, "ben");
  g_assert_cmpstr (person->name, ==, "ben");
  g_assert_cmpstr (model->id, ==, sample_model.id);
  g_assert_cmpstr (model->preprocess, ==, sample_model.preprocess);
  g_assert_cmpuint (n_dims, ==, SAMPLE_DIMS);
  assert_near (embedding[0], 1, 1e-6);
  g_assert_cmpint (result->event, ==, FACENET_EVENT_MATCH);
  g_assert_cmpstr (result->id, ==, "ann");
  g_assert_cmpuint (candidates->len, ==, 1);
  g_assert_cmpstr (best->name, ==, "ann");
  assert_near (best->distance, 0.1, 1e-6);
  free_candidates (candidates);
  g_boxed_free (FACENET_TYPE_VERDICT, result);
  g_boxed_free (FACENET_TYPE_IDENTITY, person);
  g_boxed_free (FACENET_TYPE_GALLERY_MODEL, model);
}

static void
test_a_policy_is_followed (void)
{
  g_autoptr (FacenetGallery) gallery = make_gallery ();
  FacenetMatchPolicy policy = { 0 };
  FacenetVerdict *result = NULL;
  GPtrArray *candidates;

  policy.top_k = G_MAXUINT;
  policy.threshold = 0.05;
  candidates = match (gallery, &policy, &result);
  g_assert_cmpuint (candidates->len, ==, 2);
  g_assert_cmpint (result->event, ==, FACENET_EVENT_UNKNOWN);
  free_candidates (candidates);
  g_boxed_free (FACENET_TYPE_VERDICT, result);

  policy.claimed_id = "ben";
  candidates = match (gallery, &policy, &result);
  g_assert_cmpint (result->event, ==, FACENET_EVENT_REJECT);
  free_candidates (candidates);
  g_boxed_free (FACENET_TYPE_VERDICT, result);
}

static void
test_an_embedding_of_another_length_is_an_error (void)
{
  g_autoptr (FacenetGallery) gallery = make_gallery ();
  g_autoptr (FacenetGallery) unbound = facenet_gallery_new (NULL);
  g_autoptr (GError) error = NULL;
  gfloat probe[SAMPLE_DIMS] = { 1 };
  FacenetVerdict *result = NULL;
  GPtrArray *candidates;

  g_assert_null (facenet_gallery_match_face (gallery, NULL, probe,
          SAMPLE_DIMS - 1, &result, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE);

  /* Who knows nobody takes everybody for unknown. */
  candidates = match (unbound, NULL, &result);
  g_assert_cmpuint (candidates->len, ==, 0);
  g_assert_cmpint (result->event, ==, FACENET_EVENT_UNKNOWN);
  free_candidates (candidates);
  g_boxed_free (FACENET_TYPE_VERDICT, result);
}

static void
test_an_enrolment_owns_its_numbers (void)
{
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&sample_model);
  g_autoptr (GError) error = NULL;
  gfloat vector[SAMPLE_DIMS] = { 0, 1 };
  FacenetEnrolment *enrolment = facenet_enrolment_new (vector, SAMPLE_DIMS);
  FacenetEnrolment *copy;

  enrolment->source = g_strdup ("ann.jpg");
  copy = g_boxed_copy (FACENET_TYPE_ENROLMENT, enrolment);
  g_boxed_free (FACENET_TYPE_ENROLMENT, enrolment);
  memset (vector, 0, sizeof vector);
  g_assert_cmpstr (copy->source, ==, "ann.jpg");
  g_assert_true (isnan (copy->quality));
  g_assert_true (facenet_gallery_add (gallery, "ann", NULL, copy, &error));
  g_assert_no_error (error);
  g_boxed_free (FACENET_TYPE_ENROLMENT, copy);
  assert_near (facenet_gallery_get_embedding (gallery, 0, 0)[1], 1, 1e-6);
}

/* A picture whose pixel (x, y) is (10 x, 10 y, 0), in rows of stride bytes. */
static GBytes *
make_pixels (gsize stride)
{
  guint8 *data = g_malloc0 (stride * HEIGHT);

  for (guint y = 0; y < HEIGHT; y++) {
    for (guint x = 0; x < WIDTH; x++) {
      data[y * stride + 3 * x] = (guint8) (10 * x);
      data[y * stride + 3 * x + 1] = (guint8) (10 * y);
    }
  }
  return g_bytes_new_take (data, stride * HEIGHT);
}

static void
check_pixels (const FacenetImage * image)
{
  FacenetRect corner = { 6, 3, 4, 3 };
  gsize n_whole, n_corner;
  g_autofree gfloat *whole =
      facenet_image_crop (image, NULL, HEIGHT, WIDTH, &n_whole);
  g_autofree gfloat *part =
      facenet_image_crop (image, &corner, 3, 4, &n_corner);

  g_assert_cmpuint (n_whole, ==, 3 * HEIGHT * WIDTH);
  g_assert_cmpuint (n_corner, ==, 3 * 3 * 4);
  assert_near (whole[9], 90 / 255.0, 1e-6);
  assert_near (part[0], 60 / 255.0, 1e-6);
  assert_near (part[12], 30 / 255.0, 1e-6);
  assert_near (part[24 + 5], 0, 1e-6);
}

static void
test_an_image_keeps_its_pixels (void)
{
  g_autoptr (GError) error = NULL;
  const gsize strides[] = { 0, 3 * WIDTH + 2 };

  for (guint i = 0; i < G_N_ELEMENTS (strides); i++) {
    GBytes *pixels = make_pixels (MAX (strides[i], 3 * WIDTH));
    FacenetImage *image = facenet_image_new_rgb (pixels, WIDTH, HEIGHT,
        strides[i], &error);
    FacenetImage *copy;

    g_assert_no_error (error);
    g_bytes_unref (pixels);
    check_pixels (image);
    copy = g_boxed_copy (FACENET_TYPE_IMAGE, image);
    g_boxed_free (FACENET_TYPE_IMAGE, image);
    check_pixels (copy);
    g_boxed_free (FACENET_TYPE_IMAGE, copy);
  }
}

static void
test_a_copy_of_a_plain_image_reads_the_same_pixels (void)
{
  g_autoptr (GBytes) bytes = make_pixels (3 * WIDTH);
  FacenetPixels pixels = { g_bytes_get_data (bytes, NULL), 3 * WIDTH };
  FacenetImage image, *copy;

  facenet_image_init_rgb (&image, &pixels, WIDTH, HEIGHT);
  copy = g_boxed_copy (FACENET_TYPE_IMAGE, &image);
  check_pixels (copy);
  g_boxed_free (FACENET_TYPE_IMAGE, copy);
}

static void
test_too_few_pixels_are_an_error (void)
{
  g_autoptr (GBytes) pixels = make_pixels (3 * WIDTH);
  const struct
  {
    guint width, height;
    gsize stride;
  } wrong[] = {
    {WIDTH, HEIGHT + 1, 0}, {WIDTH + 1, HEIGHT, 0}, {WIDTH, HEIGHT, 31},
    {WIDTH, HEIGHT, 29}, {0, HEIGHT, 0}, {WIDTH, 0, 0},
    {G_MAXUINT, 1, 0}, {1, 3, G_MAXSIZE / 2 + 2}
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (facenet_image_new_rgb (pixels, wrong[i].width,
            wrong[i].height, wrong[i].stride, &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE);
  }
}

static void
test_faces_are_embedded_by_number (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FacenetModel) model = facenet_model_load (NULL, NULL, &error);
  g_autoptr (FacenetSession) session = NULL;
  g_autofree gfloat *faces = g_new0 (gfloat, 2 * 3 * 96 * 96 + 1);
  g_autofree gfloat *both = NULL;
  gfloat one[128];
  gsize n;

  g_assert_no_error (error);
  session = facenet_session_new (model, 1);
  faces[0] = 1.0f;
  both = facenet_session_embed_faces (session, faces, 2 * 3 * 96 * 96, &n,
      &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2 * 128);
  facenet_session_embed (session, faces, 1, one);
  g_assert_cmpmem (both, sizeof one, one, sizeof one);

  g_assert_null (facenet_session_embed_faces (session, faces,
          3 * 96 * 96 + 1, &n, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE);
  g_clear_error (&error);
  g_assert_null (facenet_session_embed_faces (session, faces, 0, &n, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE);
}

static void
test_an_embedding_outlives_the_next_face (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FacenetModel) model = facenet_model_load (NULL, NULL, &error);
  g_autoptr (FacenetEncoder) encoder = facenet_encoder_new (model, 1, &error);
  guint8 *pixels = g_malloc0 (3 * 64 * 64);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, 3 * 64 * 64);
  FacenetImage *image = facenet_image_new_rgb (bytes, 64, 64, 0, &error);
  const FacenetFace face = {.box = {10, 10, 40, 40} };
  FacenetRect rect;
  g_autofree gfloat *first = NULL;
  g_autofree gfloat *second = NULL;
  g_autofree gfloat *whole = NULL;
  gdouble quality = -1;
  guint n = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < 3 * 64 * 64; i++)
    pixels[i] = (guint8) (i / 192 * 2 + i % 113);
  first = facenet_encoder_encode_face (encoder, image, &face, &n, &quality);
  g_assert_cmpuint (n, ==, 128);
  g_assert_cmpfloat (quality, >, 0);
  whole = facenet_encoder_encode_frame (encoder, image, NULL, &n, NULL);
  g_assert_cmpint (memcmp (first, whole, 128 * sizeof (gfloat)), !=, 0);
  facenet_rect_from_box (&rect, &face.box, FACENET_ROI_SCALE,
      FACENET_ROI_OFFSET_Y);
  second = facenet_encoder_encode_frame (encoder, image, &rect, &n, NULL);
  g_assert_cmpmem (first, 128 * sizeof (gfloat), second, 128 * sizeof (gfloat));

  facenet_encoder_set_min_quality (encoder, 1);
  g_assert_null (facenet_encoder_encode_face (encoder, image, &face, &n,
          &quality));
  g_assert_cmpuint (n, ==, 0);
  g_assert_cmpfloat (quality, <, 1);
  g_boxed_free (FACENET_TYPE_IMAGE, image);
}

gint
main (gint argc, gchar ** argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bindings/copies-outlive-the-gallery",
      test_copies_outlive_the_gallery);
  g_test_add_func ("/bindings/a-policy-is-followed", test_a_policy_is_followed);
  g_test_add_func ("/bindings/an-embedding-of-another-length-is-an-error",
      test_an_embedding_of_another_length_is_an_error);
  g_test_add_func ("/bindings/an-enrolment-owns-its-numbers",
      test_an_enrolment_owns_its_numbers);
  g_test_add_func ("/bindings/an-image-keeps-its-pixels",
      test_an_image_keeps_its_pixels);
  g_test_add_func ("/bindings/a-copy-of-a-plain-image-reads-the-same-pixels",
      test_a_copy_of_a_plain_image_reads_the_same_pixels);
  g_test_add_func ("/bindings/too-few-pixels-are-an-error",
      test_too_few_pixels_are_an_error);
  g_test_add_func ("/bindings/faces-are-embedded-by-number",
      test_faces_are_embedded_by_number);
  g_test_add_func ("/bindings/an-embedding-outlives-the-next-face",
      test_an_embedding_outlives_the_next_face);
  return g_test_run ();
}
