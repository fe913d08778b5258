/* facenet-encoder.h - from faces in a picture to embeddings
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * An encoder is one thread's, like a session. It alone decides which pixels of
 * a face a model sees.
 */
#pragma once

#include <facenet/facenet-cropper.h>
#include <facenet/facenet-model.h>

G_BEGIN_DECLS

/**
 * FacenetEncoder:
 *
 * The mutable state of one caller that encodes the faces of pictures with a
 * #FacenetModel.
 *
 * Since: 0.1
 */
typedef struct _FacenetEncoder FacenetEncoder;

/**
 * FacenetEncoding:
 * @embedding: (nullable): [dims of the model] numbers, a vector of length 1;
 *   %NULL if the quality is below the minimum
 * @quality: how fit for recognition the face is, in [0,1]: the score of
 *   facenet_quality_measure()
 * @crop: where it was cropped from
 *
 * What became of a face.
 *
 * Since: 0.1
 */
typedef struct {
  const gfloat *embedding;
  gdouble quality;
  FacenetCrop crop;
} FacenetEncoding;

#define FACENET_TYPE_ENCODER (facenet_encoder_get_type ())

FACENET_API GType facenet_encoder_get_type (void);
FACENET_API FacenetEncoder *facenet_encoder_new (FacenetModel * model,
    guint n_threads, GError ** error);
FACENET_API FacenetEncoder *facenet_encoder_ref (FacenetEncoder * self);
FACENET_API void facenet_encoder_unref (FacenetEncoder * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetEncoder, facenet_encoder_unref)

FACENET_API FacenetModel *facenet_encoder_get_model (const FacenetEncoder *
    self);
FACENET_API FacenetCropper *facenet_encoder_get_cropper (FacenetEncoder *
    self);
FACENET_API void facenet_encoder_set_min_quality (FacenetEncoder * self,
    gdouble min_quality);

FACENET_API const FacenetEncoding *facenet_encoder_encode (FacenetEncoder *
    self, const FacenetImage * image, const FacenetFace * faces,
    guint n_faces);
FACENET_API const FacenetEncoding *facenet_encoder_encode_rect (FacenetEncoder
    * self, const FacenetImage * image, const FacenetRect * rect, gdouble side);

G_END_DECLS
