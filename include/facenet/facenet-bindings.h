/* facenet-bindings.h - the library as Python and other languages see it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Language bindings (GObject introspection, namespace Facenet) need arrays
 * that know their length and values that own their strings. Where the calls
 * for C are not like that, these take their place, mostly under their names.
 *
 * Threads: Python gives up its lock while a function runs, so that threads of a
 * program are in the library at the same time. All of a gallery, a session, an encoder and
 * visits may be shared by them there: whoever changes a gallery waits for
 * those who read it, sessions, encoders and visits serve one at a time. Two calls are
 * not one: between asking how many people there are and asking for the last,
 * another thread may remove one. In C nothing that reads a gallery locks it.
 */
#pragma once

#include <facenet/facenet-detector.h>
#include <facenet/facenet-encoder.h>
#include <facenet/facenet-face.h>
#include <facenet/facenet-image.h>
#include <facenet/facenet-match.h>
#include <facenet/facenet-session.h>

G_BEGIN_DECLS

/* Copies made by g_boxed_copy() own their strings and numbers, whatever the
 * struct they were made from does. */
#define FACENET_TYPE_CANDIDATE (facenet_candidate_get_type ())
#define FACENET_TYPE_ENROLMENT (facenet_enrolment_get_type ())
#define FACENET_TYPE_GALLERY_MODEL (facenet_gallery_model_get_type ())
#define FACENET_TYPE_IDENTITY (facenet_identity_get_type ())
#define FACENET_TYPE_IMAGE (facenet_image_get_type ())
#define FACENET_TYPE_LAYER (facenet_layer_get_type ())
#define FACENET_TYPE_VERDICT (facenet_verdict_get_type ())

FACENET_API GType facenet_candidate_get_type (void);
FACENET_API GType facenet_enrolment_get_type (void);
FACENET_API GType facenet_gallery_model_get_type (void);
FACENET_API GType facenet_identity_get_type (void);
FACENET_API GType facenet_image_get_type (void);
FACENET_API GType facenet_layer_get_type (void);
FACENET_API GType facenet_verdict_get_type (void);

FACENET_API FacenetEnrolment *facenet_enrolment_new (const gfloat * embedding,
    guint n_dims);

FACENET_API FacenetGalleryModel *facenet_gallery_dup_model (const
    FacenetGallery * self);
FACENET_API FacenetIdentity *facenet_gallery_dup_identity (const
    FacenetGallery * self, guint index);
FACENET_API gfloat *facenet_gallery_dup_embedding (const FacenetGallery * self,
    guint identity, guint index, guint * n_dims);
FACENET_API GPtrArray *facenet_gallery_match_face (const FacenetGallery * self,
    const FacenetMatchPolicy * policy, const gfloat * embedding, guint n_dims,
    FacenetVerdict ** verdict, GError ** error);

FACENET_API FacenetModel *facenet_encoder_dup_model (const FacenetEncoder *
    self);
FACENET_API gfloat *facenet_encoder_encode_face (FacenetEncoder * self,
    const FacenetImage * image, const FacenetFace * face, guint * n_dims,
    gdouble * quality);
FACENET_API gfloat *facenet_encoder_encode_frame (FacenetEncoder * self,
    const FacenetImage * image, const FacenetRect * rect, guint * n_dims,
    gdouble * quality);
FACENET_API guint facenet_gallery_get_n_identities_locked (FacenetGallery *
    self);
FACENET_API guint facenet_gallery_get_n_embeddings_locked (FacenetGallery *
    self);
FACENET_API gdouble facenet_gallery_get_threshold_locked (FacenetGallery *
    self);
FACENET_API gdouble facenet_gallery_find_threshold_locked (FacenetGallery *
    self, const FacenetMatchPolicy * policy);
FACENET_API FacenetGalleryFormat
    facenet_gallery_get_format_locked (FacenetGallery * self);
FACENET_API gint facenet_gallery_find_locked (FacenetGallery * self,
    const gchar * id);
FACENET_API gchar *facenet_gallery_make_id_locked (FacenetGallery * self,
    const gchar * name);
FACENET_API gboolean facenet_gallery_has_embedding_locked (FacenetGallery *
    self, const gchar * id, const gfloat * embedding, guint n_dims);
FACENET_API gboolean facenet_gallery_check_model_locked (FacenetGallery *
    self, const gchar * model_id, guint n_dims, GError ** error);
FACENET_API void facenet_gallery_get_rule_locked (FacenetGallery * self,
    guint identity, FacenetRule * rule);
FACENET_API gchar *facenet_gallery_dup_tag (FacenetGallery * self,
    guint identity, guint index);
FACENET_API FacenetVerdict *facenet_gallery_describe_person (FacenetGallery *
    self, const gchar * id);

FACENET_API GPtrArray *facenet_detector_detect_faces (FacenetDetector * self,
    const FacenetImage * image);

FACENET_API FacenetImage *facenet_image_new_rgb (GBytes * pixels, guint width,
    guint height, gsize stride, GError ** error);
FACENET_API gfloat *facenet_image_crop (const FacenetImage * self,
    const FacenetRect * rect, guint height, guint width, gsize * n_values);

FACENET_API GPtrArray *facenet_model_dup_layers (const FacenetModel * self);
FACENET_API FacenetModel *facenet_session_dup_model (const FacenetSession *
    self);
FACENET_API gfloat *facenet_session_embed_faces (FacenetSession * self,
    const gfloat * faces, gsize n_values, gsize * n_results, GError ** error);

G_END_DECLS
