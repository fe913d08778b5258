/* facenet-gallery.h - the people one knows
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A gallery holds identities, each with one or more embeddings, all made by
 * one model. It lives in a file, JSON or binary (docs/gallery-format.md), that
 * is replaced as a whole or not at all; what other programs keep in that file
 * survives a load and a save.
 */
#pragma once

#include <facenet/facenet-error.h>

G_BEGIN_DECLS

/**
 * FACENET_GALLERY_THRESHOLD:
 *
 * Squared L2 distance up to which a face is taken for a person when neither
 * the gallery nor the person names one, and of a model that recommends none.
 * What a model recommends is facenet_model_get_threshold(); whoever makes a
 * gallery puts it there with facenet_gallery_set_threshold().
 */
#define FACENET_GALLERY_THRESHOLD 0.7

/**
 * FacenetGallery:
 *
 * A reference-counted set of identities. Functions that change it, copy it or
 * save it exclude each other. Those that read it do not lock: in C it must not
 * be changed while any thread searches it, change a facenet_gallery_copy()
 * and put that in its place. What language bindings call locks.
 */
typedef struct _FacenetGallery FacenetGallery;

#define FACENET_TYPE_GALLERY (facenet_gallery_get_type ())

/**
 * FacenetGalleryModel:
 * @id: (nullable): model id, the hex SHA-256 of facenet_model_get_id(), or
 *   %NULL when the gallery is bound to no model yet
 * @name: (nullable): name of the model, for people
 * @preprocess: (nullable): how a face becomes the network's input
 * @n_dims: length of its embeddings, 0 when bound to no model yet
 *
 * The model whose embeddings a gallery holds.
 */
typedef struct {
  const gchar *id;
  const gchar *name;
  const gchar *preprocess;
  guint n_dims;
} FacenetGalleryModel;

/**
 * FacenetIdentity:
 * @id: unique in the gallery, never empty
 * @name: for people; the id where the file has none
 * @threshold: squared L2 of this person's own, 0 when it has none
 * @n_embeddings: how many embeddings it has, may be 0
 *
 * One person. Owned by the gallery, valid until the gallery is changed.
 */
typedef struct {
  const gchar *id;
  const gchar *name;
  gdouble threshold;
  guint n_embeddings;
} FacenetIdentity;

/**
 * FacenetEnrolment:
 * @embedding: (array length=n_dims): the embedding, of any length but zero; it is normalised
 * @n_dims: how many numbers
 * @source: (nullable): where it came from, such as a file name
 * @quality: in [0,1], NaN when not measured
 *
 * One embedding to add to a gallery.
 */
typedef struct {
  const gfloat *embedding;
  guint n_dims;
  const gchar *source;
  gdouble quality;
} FacenetEnrolment;

/**
 * FacenetGalleryFormat:
 * @FACENET_GALLERY_JSON: text, for people and for up to some ten thousand
 *   embeddings
 * @FACENET_GALLERY_BINARY: one safetensors file, for a million
 * @FACENET_GALLERY_BINARY_F16: the same with embeddings of half the size,
 *   rounded to eleven bits
 *
 * How a gallery is written (docs/gallery-format.md).
 */
typedef enum {
  FACENET_GALLERY_JSON,
  FACENET_GALLERY_BINARY,
  FACENET_GALLERY_BINARY_F16
} FacenetGalleryFormat;

FACENET_API GType facenet_gallery_get_type (void);
FACENET_API FacenetGallery *facenet_gallery_new (const FacenetGalleryModel *
    model);
FACENET_API FacenetGallery *facenet_gallery_load (const gchar * location,
    GError ** error);
FACENET_API FacenetGallery *facenet_gallery_open (const gchar * location,
    const FacenetGalleryModel * model, GError ** error);
FACENET_API gboolean facenet_gallery_check_writable (const gchar * location,
    GError ** error);
FACENET_API gboolean facenet_gallery_save (FacenetGallery * self,
    const gchar * location, GError ** error);
FACENET_API FacenetGallery *facenet_gallery_ref (FacenetGallery * self);
FACENET_API void facenet_gallery_unref (FacenetGallery * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetGallery, facenet_gallery_unref)

FACENET_API void facenet_gallery_get_model (const FacenetGallery * self,
    FacenetGalleryModel * model);
FACENET_API gboolean facenet_gallery_check_model (const FacenetGallery * self,
    const gchar * model_id, guint n_dims, GError ** error);
FACENET_API gdouble facenet_gallery_get_threshold (const FacenetGallery *
    self);
FACENET_API void facenet_gallery_set_threshold (FacenetGallery * self,
    gdouble squared_l2);

FACENET_API gboolean facenet_gallery_probe (const gchar * location);
FACENET_API FacenetGalleryFormat facenet_gallery_get_format (const
    FacenetGallery * self);
FACENET_API void facenet_gallery_set_format (FacenetGallery * self,
    FacenetGalleryFormat format);

FACENET_API guint facenet_gallery_get_n_identities (const FacenetGallery *
    self);
FACENET_API guint facenet_gallery_get_n_embeddings (const FacenetGallery *
    self);
FACENET_API const FacenetIdentity *facenet_gallery_get_identity (const
    FacenetGallery * self, guint index);
FACENET_API const gfloat *facenet_gallery_get_embedding (const FacenetGallery *
    self, guint identity, guint index);
FACENET_API const gfloat *facenet_gallery_get_embeddings (const
    FacenetGallery * self);
FACENET_API gint facenet_gallery_find (const FacenetGallery * self,
    const gchar * id);

FACENET_API gchar *facenet_identity_make_id (const gchar * name);
FACENET_API gchar *facenet_gallery_make_id (const FacenetGallery * self,
    const gchar * name);
FACENET_API gboolean facenet_gallery_has_embedding (const FacenetGallery *
    self, const gchar * id, const gfloat * embedding, guint n_dims);
FACENET_API FacenetGallery *facenet_gallery_copy (const FacenetGallery *
    self);

FACENET_API gboolean facenet_gallery_add (FacenetGallery * self,
    const gchar * id, const gchar * name, const FacenetEnrolment * enrolment,
    GError ** error);
FACENET_API gboolean facenet_gallery_remove (FacenetGallery * self,
    const gchar * id, GError ** error);
FACENET_API gboolean facenet_gallery_rename (FacenetGallery * self,
    const gchar * id, const gchar * new_id, const gchar * name,
    GError ** error);
FACENET_API gboolean facenet_gallery_merge (FacenetGallery * self,
    const gchar * id, const gchar * other_id, GError ** error);

G_END_DECLS
