/* facenet-encoder-bindings.c - encoding for language bindings
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * What facenet_encoder_encode() returns belongs to the encoder and is good until
 * its next call; here it is a copy, made before another thread may call.
 */
#include <facenet/facenet-bindings.h>

#include "face/facenet-encoder-private.h"

/**
 * facenet_encoder_dup_model: (rename-to facenet_encoder_get_model)
 * @self: an encoder
 *
 * Gets the model of the encoder.
 *
 * Returns: (transfer full): its model, which outlives the encoder
 *
 * Since: 0.1
 */
FacenetModel *
facenet_encoder_dup_model (const FacenetEncoder * self)
{
  return facenet_model_ref (facenet_encoder_get_model (self));
}

/* (transfer full) (nullable): the embedding of an encoding */
static gfloat *
copy_embedding (const FacenetEncoder * self, const FacenetEncoding * encoding,
    guint * n_dims, gdouble * quality)
{
  *n_dims = encoding->embedding == NULL ? 0
      : facenet_model_get_dims (facenet_encoder_get_model (self));
  if (quality != NULL)
    *quality = encoding->quality;
  return g_memdup2 (encoding->embedding, *n_dims * sizeof (gfloat));
}

/**
 * facenet_encoder_encode_face: (rename-to facenet_encoder_encode)
 * @self: an encoder
 * @image: the picture
 * @face: where a face is, sides of its box > 0
 * @n_dims: (out): dimensions of the model
 * @quality: (out) (optional): how fit for recognition the face is, in [0,1]
 *
 * Encodes one face, see facenet_encoder_encode().
 *
 * Returns: (transfer full) (array length=n_dims) (nullable): its embedding, a
 *   vector of length 1; %NULL if the quality is below the minimum
 *
 * Since: 0.1
 */
gfloat *
facenet_encoder_encode_face (FacenetEncoder * self, const FacenetImage * image,
    const FacenetFace * face, guint * n_dims, gdouble * quality)
{
  gfloat *embedding;

  g_return_val_if_fail (self != NULL && image != NULL, NULL);
  g_return_val_if_fail (face != NULL && n_dims != NULL, NULL);
  g_return_val_if_fail (face->box.width > 0.0 && face->box.height > 0.0, NULL);

  facenet_encoder_lock (self);
  embedding = copy_embedding (self, facenet_encoder_encode (self, image, face,
          1), n_dims, quality);
  facenet_encoder_unlock (self);
  return embedding;
}

/**
 * facenet_encoder_encode_frame: (rename-to facenet_encoder_encode_rect)
 * @self: an encoder
 * @image: the picture
 * @rect: (nullable): the frame of a face, sides > 0; %NULL for the whole picture
 * @n_dims: (out): dimensions of the model
 * @quality: (out) (optional): how fit for recognition the face is, in [0,1]
 *
 * Encodes one face of which it is known how it is framed, see
 * facenet_encoder_encode_rect().
 *
 * Returns: (transfer full) (array length=n_dims) (nullable): its embedding, a
 *   vector of length 1; %NULL if the quality is below the minimum
 *
 * Since: 0.1
 */
gfloat *
facenet_encoder_encode_frame (FacenetEncoder * self,
    const FacenetImage * image, const FacenetRect * rect, guint * n_dims,
    gdouble * quality)
{
  FacenetRect whole = { 0 };
  gfloat *embedding;

  g_return_val_if_fail (self != NULL && image != NULL && n_dims != NULL, NULL);
  g_return_val_if_fail (rect == NULL || (rect->width > 0.0
          && rect->height > 0.0), NULL);

  whole.width = image->width;
  whole.height = image->height;
  facenet_encoder_lock (self);
  embedding = copy_embedding (self, facenet_encoder_encode_rect (self, image,
          rect != NULL ? rect : &whole, 0.0), n_dims, quality);
  facenet_encoder_unlock (self);
  return embedding;
}
