/* facenet-model.h - a network with its weights, ready to run
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Loading is compiling: weights are read and checked, batch normalisation is
 * folded into the convolutions, the matrices are packed and the memory of one
 * pass is planned. What comes out never changes again, so any number of
 * threads and elements may share one #FacenetModel; what a pass writes to
 * belongs to a #FacenetSession.
 */
#pragma once

#include <facenet/facenet-error.h>

G_BEGIN_DECLS

/**
 * FacenetModel:
 *
 * An immutable, reference-counted network with weights.
 */
typedef struct _FacenetModel FacenetModel;

#define FACENET_TYPE_MODEL (facenet_model_get_type ())

/**
 * FacenetLayer:
 * @name: name of the block, e.g. "inception_3a"
 * @kind: what it does, e.g. "conv", "max-pool", "lrn", "inception", "dense"
 * @c: channels of its output
 * @h: height of its output, in pixels
 * @w: width of its output, in pixels
 * @parameters: numbers stored for it, batch normalisation statistics included
 * @macs: multiply-adds of its convolutions and products for one face
 *
 * One row of the table that `facenet info` prints.
 */
typedef struct {
  const gchar *name;
  const gchar *kind;
  guint c, h, w;
  guint64 parameters;
  guint64 macs;
} FacenetLayer;

FACENET_API GType facenet_model_get_type (void);
FACENET_API FacenetModel *facenet_model_load (const gchar * location,
    const gchar * network, GError ** error);
FACENET_API FacenetModel *facenet_model_ref (FacenetModel * self);
FACENET_API void facenet_model_unref (FacenetModel * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetModel, facenet_model_unref)

FACENET_API gchar *facenet_model_find_default (GError ** error);

FACENET_API const gchar *facenet_model_get_location (const FacenetModel * self);
FACENET_API const gchar *facenet_model_get_id (const FacenetModel * self);
FACENET_API gchar *facenet_model_compute_id (const FacenetModel * self,
    GError ** error);
FACENET_API const gchar *facenet_model_get_name (const FacenetModel * self);
FACENET_API const gchar *facenet_model_get_network (const FacenetModel * self);
FACENET_API const gchar *facenet_model_get_preprocess (const FacenetModel *
    self);
FACENET_API gdouble facenet_model_get_threshold (const FacenetModel * self);
FACENET_API const gchar *facenet_model_get_metadata (const FacenetModel * self,
    const gchar * key);
FACENET_API gchar **facenet_model_list_metadata (const FacenetModel * self);

FACENET_API void facenet_model_get_input_shape (const FacenetModel * self,
    guint * c, guint * h, guint * w);
FACENET_API guint facenet_model_get_dims (const FacenetModel * self);
FACENET_API const FacenetLayer *facenet_model_get_layers (const FacenetModel *
    self, guint * n_layers);
FACENET_API guint64 facenet_model_get_parameters (const FacenetModel * self);
FACENET_API guint64 facenet_model_get_trainable (const FacenetModel * self);
FACENET_API guint64 facenet_model_get_macs (const FacenetModel * self);

G_END_DECLS
