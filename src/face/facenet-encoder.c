/* facenet-encoder.c - from faces in a picture to embeddings
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The faces of a picture are cropped into one array (facenet-cropper.c),
 * measured, and embedded in one call, which shares them among threads. The
 * array grows to the largest number of faces seen, up to MAX_BATCH; a crowd
 * beyond that takes several calls.
 */
#include "face/facenet-encoder-private.h"

#include <math.h>

#include <facenet/facenet-error.h>
#include <facenet/facenet-session.h>

#include "image/facenet-affine-private.h"
#include "image/facenet-quality-private.h"

/* 64 faces of 3x96x96 floats are 7 MB. */
#define MAX_BATCH 64

/* What the crops are; docs/model.md says what the words mean. */
#define PREPROCESS "rgb-96-unit"
#define N_CHANNELS 3

struct _FacenetEncoder
{
  gatomicrefcount refs;
  GMutex lock;
  FacenetModel *model;
  FacenetSession *session;
  FacenetCropper *cropper;
  gdouble min_quality;
  guint h, w;                   /* of a crop */
  gsize crop_size;              /* floats of a crop, 3 h w */
  guint n_dims;
  gfloat *crops;                /* [n_crops,3,h,w] */
  guint n_crops;
  gfloat *luma;                 /* [h,w] */
  gfloat *embeddings;           /* [n_encodings,n_dims] */
  FacenetEncoding *encodings;   /* [n_encodings] */
  guint n_encodings;
};

G_DEFINE_BOXED_TYPE (FacenetEncoder, facenet_encoder, facenet_encoder_ref,
    facenet_encoder_unref);

/* Whether the crops made here are what the model was trained on. */
static gboolean
check_model (const FacenetModel * model, GError ** error)
{
  const gchar *location = facenet_model_get_location (model);
  const gchar *preprocess = facenet_model_get_preprocess (model);
  guint c, h, w;

  facenet_model_get_input_shape (model, &c, &h, &w);
  if (c != N_CHANNELS) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH,
        "%s/input: expected %d channels, got %u", location, N_CHANNELS, c);
    return FALSE;
  }
  if (g_strcmp0 (preprocess, PREPROCESS) != 0) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH,
        "%s/preprocess: expected \"" PREPROCESS "\", got \"%s\"", location,
        preprocess);
    return FALSE;
  }
  return TRUE;
}

/**
 * facenet_encoder_new:
 * @model: the model, a reference is kept
 * @n_threads: threads that share the faces of a picture, 0 for one per core
 * @error: return location for a #GError
 *
 * Makes the state to encode faces with a model. It aligns faces by their
 * landmarks, as its cropper is told to: facenet_encoder_get_cropper().
 *
 * Errors: %FACENET_ERROR_MISMATCH if the model expects its input in another way
 * than croppers make it: its `preprocess` is not `rgb-96-unit`, or it has not
 * three channels.
 *
 * Returns: (transfer full) (nullable): an encoder, for one thread at a time
 *
 * Since: 0.1
 */
FacenetEncoder *
facenet_encoder_new (FacenetModel * model, guint n_threads, GError ** error)
{
  FacenetEncoder *self;
  guint c;

  g_return_val_if_fail (model != NULL, NULL);

  if (!check_model (model, error))
    return NULL;
  self = g_new0 (FacenetEncoder, 1);
  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  facenet_model_get_input_shape (model, &c, &self->h, &self->w);
  self->crop_size = (gsize) c *self->h * self->w;
  self->luma = g_new (gfloat, (gsize) self->h * self->w);
  self->n_dims = facenet_model_get_dims (model);
  self->model = facenet_model_ref (model);
  self->session = facenet_session_new (model, n_threads);
  self->cropper = facenet_cropper_new (self->h, self->w);
  return self;
}

/**
 * facenet_encoder_ref: (skip)
 * @self: an encoder
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
FacenetEncoder *
facenet_encoder_ref (FacenetEncoder * self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * facenet_encoder_unref: (skip)
 * @self: (transfer full): an encoder
 *
 * Gives up a reference; the last one frees it.
 *
 * Since: 0.1
 */
void
facenet_encoder_unref (FacenetEncoder * self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  facenet_cropper_free (self->cropper);
  facenet_session_unref (self->session);
  facenet_model_unref (self->model);
  g_free (self->crops);
  g_free (self->luma);
  g_free (self->embeddings);
  g_free (self->encodings);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
facenet_encoder_lock (FacenetEncoder * self)
{
  g_mutex_lock (&self->lock);
}

void
facenet_encoder_unlock (FacenetEncoder * self)
{
  g_mutex_unlock (&self->lock);
}

/**
 * facenet_encoder_get_model:
 * @self: an encoder
 *
 * Gives the model that embeds the faces.
 *
 * Returns: (transfer none): its model
 *
 * Since: 0.1
 */
FacenetModel *
facenet_encoder_get_model (const FacenetEncoder * self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->model;
}

/**
 * facenet_encoder_get_cropper: (skip)
 * @self: an encoder
 *
 * Gives what crops the faces, to say how they are framed and aligned. What is
 * said holds from the next picture on.
 *
 * Returns: (transfer none): the cropper, valid as long as @self
 *
 * Since: 0.1
 */
FacenetCropper *
facenet_encoder_get_cropper (FacenetEncoder * self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->cropper;
}

/**
 * facenet_encoder_set_min_quality:
 * @self: an encoder
 * @min_quality: from 0, which is what a new encoder has, to 1
 *
 * Sets below which quality faces are measured but not embedded.
 *
 * Since: 0.1
 */
void
facenet_encoder_set_min_quality (FacenetEncoder * self, gdouble min_quality)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->lock);
  self->min_quality = min_quality;
  g_mutex_unlock (&self->lock);
}

static void
ensure_room (FacenetEncoder * self, guint n_faces)
{
  const guint n_crops = MIN (n_faces, MAX_BATCH);

  if (n_crops > self->n_crops) {
    g_free (self->crops);
    self->crops = g_new (gfloat, n_crops * self->crop_size);
    self->n_crops = n_crops;
  }
  if (n_faces > self->n_encodings) {
    g_free (self->embeddings);
    g_free (self->encodings);
    self->embeddings = g_new (gfloat, (gsize) n_faces * self->n_dims);
    self->encodings = g_new (FacenetEncoding, n_faces);
    self->n_encodings = n_faces;
  }
}

/* Measures the quality of a crop of a face that had side pixels in its picture;
 * 0: as many as in the picture that it was cropped from. */
static void
measure (const FacenetEncoder * self, const gfloat * pixels, gdouble side,
    FacenetEncoding * encoding)
{
  FacenetQuality quality;

  if (!(side > 0.0))
    side = facenet_affine_get_side (&encoding->crop.frame);
  facenet_quality_measure_with (&quality, pixels, self->h, self->w, side,
      self->luma);
  encoding->quality = quality.score;
}

/**
 * facenet_encoder_encode: (skip)
 * @self: an encoder
 * @image: the picture
 * @faces: (array length=n_faces): where the faces are, see
 *   facenet_cropper_crop_face()
 * @n_faces: how many, may be 0
 *
 * Encodes the faces of a picture. The embedding of a face is the same to the
 * bit whatever other faces there are, and whatever the number of threads.
 * Embeddings lie one behind the other in the memory, those that are %NULL left
 * out.
 *
 * Allocates nothing if there are not more faces, and no larger ones, than
 * before.
 *
 * Returns: (transfer none) (array length=n_faces): an encoding for each face,
 *   valid until the next call
 *
 * Since: 0.1
 */
const FacenetEncoding *
facenet_encoder_encode (FacenetEncoder * self, const FacenetImage * image,
    const FacenetFace * faces, guint n_faces)
{
  gfloat *embeddings;
  guint n = 0;

  g_return_val_if_fail (self != NULL && image != NULL, NULL);
  g_return_val_if_fail (faces != NULL || n_faces == 0, NULL);

  ensure_room (self, n_faces);
  embeddings = self->embeddings;
  for (guint i = 0; i < n_faces; i++) {
    FacenetEncoding *encoding = &self->encodings[i];
    gfloat *pixels = self->crops + n * self->crop_size;

    facenet_cropper_crop_face (self->cropper, image, &faces[i], pixels,
        &encoding->crop);
    measure (self, pixels, 0.0, encoding);
    encoding->embedding = NULL;
    if (encoding->quality >= self->min_quality)
      encoding->embedding = embeddings + (gsize) n++ * self->n_dims;
    if (n == MAX_BATCH || (i + 1 == n_faces && n > 0)) {
      facenet_session_embed (self->session, self->crops, n, embeddings);
      embeddings += (gsize) n *self->n_dims;
      n = 0;
    }
  }
  return self->encodings;
}

/**
 * facenet_encoder_encode_rect: (skip)
 * @self: an encoder
 * @image: the picture
 * @rect: the frame of a face, see facenet_cropper_crop_rect(): in a picture
 *   that is a cropped face, all of it
 * @side: side of that frame in the picture that the face was cropped from, in
 *   pixels; 0 if that is @image
 *
 * Encodes one face of which it is known how it is framed.
 *
 * Returns: (transfer none): its encoding, valid until the next call
 *
 * Since: 0.1
 */
const FacenetEncoding *
facenet_encoder_encode_rect (FacenetEncoder * self, const FacenetImage * image,
    const FacenetRect * rect, gdouble side)
{
  FacenetEncoding *encoding;

  g_return_val_if_fail (self != NULL && image != NULL && rect != NULL, NULL);

  ensure_room (self, 1);
  encoding = self->encodings;
  facenet_cropper_crop_rect (self->cropper, image, rect, self->crops,
      &encoding->crop);
  measure (self, self->crops, side, encoding);
  encoding->embedding = NULL;
  if (encoding->quality >= self->min_quality) {
    facenet_session_embed (self->session, self->crops, 1, self->embeddings);
    encoding->embedding = self->embeddings;
  }
  return encoding;
}
