/* facenet-bindings.h - the library as Python and other languages see it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Language bindings (GObject introspection, namespace Facenet) need arrays
 * that know their length and values that own their strings. Where the calls
 * for C are not like that, these take their place, mostly under their names.
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
#define FACENET_TYPE_VERDICT (facenet_verdict_get_type ())

FACENET_API GType facenet_candidate_get_type (void);
FACENET_API GType facenet_enrolment_get_type (void);
FACENET_API GType facenet_gallery_model_get_type (void);
FACENET_API GType facenet_identity_get_type (void);
FACENET_API GType facenet_image_get_type (void);
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

FACENET_API gfloat *facenet_encoder_encode_face (FacenetEncoder * self,
    const FacenetImage * image, const FacenetFace * face, guint * n_dims,
    gdouble * quality);
FACENET_API gfloat *facenet_encoder_encode_frame (FacenetEncoder * self,
    const FacenetImage * image, const FacenetRect * rect, guint * n_dims,
    gdouble * quality);

FACENET_API GPtrArray *facenet_detector_detect_faces (FacenetDetector * self,
    const FacenetImage * image);

FACENET_API FacenetImage *facenet_image_new_rgb (GBytes * pixels, guint width,
    guint height, gsize stride, GError ** error);
FACENET_API gfloat *facenet_image_crop (const FacenetImage * self,
    const FacenetRect * rect, guint height, guint width, gsize * n_values);

FACENET_API gfloat *facenet_session_embed_faces (FacenetSession * self,
    const gfloat * faces, gsize n_values, gsize * n_results, GError ** error);

G_END_DECLS
