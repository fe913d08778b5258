/* gstfacenetbindings.h - the metadata as Python and other languages see it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * In C a meta lies in its buffer and is gone with it. Language bindings keep
 * what they get as long as they like, so they get copies that own their
 * strings and numbers: what is set in one does not change the buffer.
 */
#pragma once

#include <gst/facenet/gstfacecropmeta.h>
#include <gst/facenet/gstfaceembeddingmeta.h>
#include <gst/facenet/gstfacematchmeta.h>

G_BEGIN_DECLS

#define GST_TYPE_FACE_CROP_META (gst_face_crop_meta_get_type ())
#define GST_TYPE_FACE_EMBEDDING_META (gst_face_embedding_meta_get_type ())
#define GST_TYPE_FACE_MATCH_META (gst_face_match_meta_get_type ())

FACENET_API GType gst_face_crop_meta_get_type (void);
FACENET_API GType gst_face_embedding_meta_get_type (void);
FACENET_API GType gst_face_match_meta_get_type (void);

FACENET_API GstFaceEmbeddingMeta *gst_face_embedding_meta_new (const gfloat *
    embedding, guint n_dims, const gchar * model_id);
FACENET_API GstFaceMatchMeta *gst_face_match_meta_new (guint index,
    FacenetEvent event, const gchar * id, const gchar * name);
FACENET_API GstFaceCropMeta *gst_face_crop_meta_new (void);

FACENET_API gboolean gst_buffer_attach_face_embedding_meta (GstBuffer *
    buffer, GstFaceEmbeddingMeta * face);
FACENET_API gboolean gst_buffer_attach_face_match_meta (GstBuffer * buffer,
    GstFaceMatchMeta * match);
FACENET_API gboolean gst_buffer_attach_face_crop_meta (GstBuffer * buffer,
    GstFaceCropMeta * crop);

FACENET_API GPtrArray *gst_buffer_dup_face_embedding_metas (GstBuffer *
    buffer);
FACENET_API GstFaceEmbeddingMeta *gst_buffer_dup_face_embedding_meta (GstBuffer
    * buffer, guint index);
FACENET_API GstFaceMatchMeta *gst_buffer_dup_face_match_meta (GstBuffer *
    buffer, guint index);
FACENET_API GstFaceCropMeta *gst_buffer_dup_face_crop_meta (GstBuffer *
    buffer);

G_END_DECLS
