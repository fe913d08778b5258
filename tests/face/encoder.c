/* encoder.c - from faces in a picture to embeddings
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "../count-allocations.h"

#include <facenet/facenet-encoder.h>
#include <facenet/facenet-error.h>
#include <facenet/facenet-quality.h>
#include <facenet/facenet-session.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define WIDTH 320
#define HEIGHT 240
#define SIDE 96
#define N_CROP (3 * SIDE * SIDE)
/* More than go through the network at once. */
#define N_FACES 67

static guint8 pixels[3 * WIDTH * HEIGHT];
static const FacenetPixels rows = { pixels, 3 * WIDTH };

static FacenetImage image;
static FacenetModel *model;
static FacenetFace faces[N_FACES];

static void
set_up (void)
{
  /* The landmarks in their box. */
  static const FacenetPoint places[FACENET_N_LANDMARKS] =
      { {0.3, 0.3}, {0.7, 0.35}, {0.5, 0.5}, {0.35, 0.7}, {0.65, 0.75} };
  g_autofree gchar *location = facenet_model_find_default (NULL);

  model = facenet_model_load (location, NULL, NULL);
  g_assert_nonnull (model);
  for (guint i = 0; i < sizeof pixels; i++)
    pixels[i] = (guint8) (128 + 60 * sin (i * 0.001) + i % 61);
  facenet_image_init_rgb (&image, &rows, WIDTH, HEIGHT);
  for (guint i = 0; i < N_FACES; i++) {
    FacenetFace *face = &faces[i];

    face->box.x = 4 * i % 200;
    face->box.y = 3 * i % 150;
    face->box.width = face->box.height = 30 + i;
    face->confidence = 1;
    face->has_landmarks = i % 2 == 1;
    for (guint k = 0; k < FACENET_N_LANDMARKS; k++) {
      face->landmarks[k].x = face->box.x + face->box.width * places[k].x;
      face->landmarks[k].y = face->box.y + face->box.height * places[k].y;
    }
  }
}

static void
test_embeddings_are_those_of_the_crops (void)
{
  g_autoptr (FacenetEncoder) encoder = facenet_encoder_new (model, 2, NULL);
  g_autoptr (FacenetCropper) cropper = facenet_cropper_new (SIDE, SIDE);
  g_autoptr (FacenetSession) session = facenet_session_new (model, 1);
  g_autofree gfloat *crop = g_new (gfloat, N_CROP);
  const guint n_dims = facenet_model_get_dims (model);
  g_autofree gfloat *wanted = g_new (gfloat, n_dims);
  const FacenetEncoding *encodings =
      facenet_encoder_encode (encoder, &image, faces, N_FACES);

  g_assert_true (facenet_encoder_get_model (encoder) == model);
  for (guint i = 0; i < N_FACES; i++) {
    FacenetQuality quality;
    FacenetCrop found;

    facenet_cropper_crop_face (cropper, &image, &faces[i], crop, &found);
    facenet_session_embed (session, crop, 1, wanted);
    facenet_quality_measure (&quality, crop, SIDE, SIDE,
        hypot (found.frame.xu, found.frame.yu));
    g_assert_cmpmem (encodings[i].embedding, n_dims * sizeof (gfloat), wanted,
        n_dims * sizeof (gfloat));
    g_assert_cmpfloat (encodings[i].quality, ==, quality.score);
    g_assert_cmpint (encodings[i].crop.aligned, ==, i % 2);
    g_assert_true (encodings[i].embedding == encodings[0].embedding
        + i * n_dims);
  }
}

static void
test_poor_faces_are_not_embedded (void)
{
  g_autoptr (FacenetEncoder) encoder = facenet_encoder_new (model, 1, NULL);
  g_autoptr (FacenetEncoder) other = facenet_encoder_new (model, 1, NULL);
  const guint n_dims = facenet_model_get_dims (model);
  const FacenetEncoding *all =
      facenet_encoder_encode (other, &image, faces, N_FACES);
  const FacenetEncoding *good;
  const gfloat *next = NULL;
  guint n_poor = 0;

  facenet_encoder_set_min_quality (encoder, all[N_FACES / 2].quality);
  good = facenet_encoder_encode (encoder, &image, faces, N_FACES);
  for (guint i = 0; i < N_FACES; i++) {
    g_assert_cmpfloat (good[i].quality, ==, all[i].quality);
    if (all[i].quality < all[N_FACES / 2].quality) {
      g_assert_null (good[i].embedding);
      n_poor++;
      continue;
    }
    g_assert_cmpmem (good[i].embedding, n_dims * sizeof (gfloat),
        all[i].embedding, n_dims * sizeof (gfloat));
    /* Nothing lies between them. */
    g_assert_true (next == NULL || good[i].embedding == next);
    next = good[i].embedding + n_dims;
  }
  g_assert_cmpuint (n_poor, >, 0);
  g_assert_cmpuint (n_poor, <, N_FACES - 1);
}

static void
test_cropped_picture_is_one_face (void)
{
  g_autoptr (FacenetEncoder) encoder = facenet_encoder_new (model, 1, NULL);
  g_autoptr (FacenetCropper) cropper = facenet_cropper_new (SIDE, SIDE);
  g_autoptr (FacenetSession) session = facenet_session_new (model, 1);
  g_autofree gfloat *crop = g_new (gfloat, N_CROP);
  const FacenetRect whole = { 0, 0, WIDTH, HEIGHT };
  const guint n_dims = facenet_model_get_dims (model);
  g_autofree gfloat *wanted = g_new (gfloat, n_dims);
  const FacenetEncoding *encoding;
  FacenetQuality quality;

  facenet_cropper_crop_rect (cropper, &image, &whole, crop, NULL);
  facenet_session_embed (session, crop, 1, wanted);
  encoding = facenet_encoder_encode_rect (encoder, &image, &whole, 0);
  g_assert_cmpmem (encoding->embedding, n_dims * sizeof (gfloat), wanted,
      n_dims * sizeof (gfloat));
  facenet_quality_measure (&quality, crop, SIDE, SIDE, HEIGHT);
  g_assert_cmpfloat (encoding->quality, ==, quality.score);

  encoding = facenet_encoder_encode_rect (encoder, &image, &whole, 50);
  facenet_quality_measure (&quality, crop, SIDE, SIDE, 50);
  g_assert_cmpfloat (encoding->quality, ==, quality.score);
  facenet_encoder_set_min_quality (encoder, quality.score * 1.01);
  encoding = facenet_encoder_encode_rect (encoder, &image, &whole, 50);
  g_assert_null (encoding->embedding);
}

static void
test_picture_without_faces (void)
{
  g_autoptr (FacenetEncoder) encoder = facenet_encoder_new (model, 1, NULL);

  facenet_encoder_encode (encoder, &image, NULL, 0);
  facenet_encoder_encode (encoder, &image, faces, 1);
  facenet_encoder_encode (encoder, &image, NULL, 0);
}

#ifndef FACENET_SANITIZE
static void
test_nothing_is_allocated_for_a_picture (void)
{
  g_autoptr (FacenetEncoder) encoder = facenet_encoder_new (model, 2, NULL);
  gint before = g_atomic_int_get (&n_allocations);

  facenet_encoder_encode (encoder, &image, faces, N_FACES);
  g_assert_cmpint (g_atomic_int_get (&n_allocations), >, before);
  before = g_atomic_int_get (&n_allocations);
  for (guint n = 0; n <= N_FACES; n += 11)
    facenet_encoder_encode (encoder, &image, faces, n);
  facenet_encoder_encode_rect (encoder, &image, &faces[3].box, 0);
  g_assert_cmpint (g_atomic_int_get (&n_allocations), ==, before);
}
#endif

/* A copy of the default model with its preprocess changed to another word of
 * the same length. */
static gchar *
write_foreign_model (void)
{
  g_autofree gchar *location = facenet_model_find_default (NULL);
  gchar *copy = NULL;
  g_autofree gchar *data = NULL;
  gchar *word;
  gsize size;
  gint file = g_file_open_tmp ("facenet-encoder-XXXXXX", &copy, NULL);

  g_close (file, NULL);
  g_assert_true (g_file_get_contents (location, &data, &size, NULL));
  word = g_strstr_len (data + 8, 65536, "rgb-96-unit");
  g_assert_nonnull (word);
  memcpy (word, "bgr", 3);
  g_assert_true (g_file_set_contents (copy, data, (gssize) size, NULL));
  return copy;
}

static void
test_foreign_preprocess_is_refused (void)
{
  g_autofree gchar *location = write_foreign_model ();
  g_autoptr (FacenetModel) foreign = facenet_model_load (location, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (foreign);
  g_assert_null (facenet_encoder_new (foreign, 1, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH);
  g_assert_nonnull (strstr (error->message, location));
  g_assert_nonnull (strstr (error->message, "\"bgr-96-unit\""));
  g_assert_nonnull (strstr (error->message, "\"rgb-96-unit\""));
  g_remove (location);
}

int
main (int argc, char **argv)
{
  gint status;

  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/encoder/embeddings-are-those-of-the-crops",
      test_embeddings_are_those_of_the_crops);
  g_test_add_func ("/encoder/poor-faces-are-not-embedded",
      test_poor_faces_are_not_embedded);
  g_test_add_func ("/encoder/cropped-picture-is-one-face",
      test_cropped_picture_is_one_face);
  g_test_add_func ("/encoder/picture-without-faces",
      test_picture_without_faces);
#ifndef FACENET_SANITIZE
  g_test_add_func ("/encoder/nothing-is-allocated-for-a-picture",
      test_nothing_is_allocated_for_a_picture);
#endif
  g_test_add_func ("/encoder/foreign-preprocess-is-refused",
      test_foreign_preprocess_is_refused);
  status = g_test_run ();
  facenet_model_unref (model);
  return status;
}
