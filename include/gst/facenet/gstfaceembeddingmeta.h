/* gstfaceembeddingmeta.h - what the network made of a face
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/gst.h>
#include <facenet/facenet-macros.h>

G_BEGIN_DECLS

/**
 * GstFaceEmbeddingMeta:
 * @meta: parent
 * @index: number of the face in its buffer, from 0
 * @roi_type: type of the region it came from, 0 when it was the whole frame
 * @x: left edge of the box, in pixels of the frame that was encoded
 * @y: top edge
 * @w: width
 * @h: height
 * @frame_width: width of that frame, in pixels
 * @frame_height: its height
 * @track_id: track given by a tracker upstream, -1 when there is none
 * @detect_confidence: the detector's, in [0,1]; NaN when it gave none
 * @quality: how fit for recognition the face is, in [0,1]; NaN when not
 *   measured
 * @n_dims: length of @embedding
 * @embedding: (array length=n_dims): unit vector, owned by the meta
 * @model_id: id of the model that made it, owned by the meta
 *
 * One face of a buffer. Box and frame size are those at encoding: a later
 * videoscale or videocrop does not change them.
 *
 * The meta survives every element that copies metas: it carries no tags and
 * its transform copies it whatever the transformation is.
 *
 * Since: 0.1
 */
typedef struct {
  GstMeta meta;
  guint index;
  GQuark roi_type;
  guint x, y, w, h;
  guint frame_width, frame_height;
  gint track_id;
  gdouble detect_confidence;
  gdouble quality;
  guint n_dims;
  gfloat *embedding;
  gchar *model_id;
} GstFaceEmbeddingMeta;

#define GST_FACE_EMBEDDING_META_API_TYPE \
    (gst_face_embedding_meta_api_get_type ())
#define GST_FACE_EMBEDDING_META_INFO (gst_face_embedding_meta_get_info ())

FACENET_API GType gst_face_embedding_meta_api_get_type (void);
FACENET_API const GstMetaInfo *gst_face_embedding_meta_get_info (void);
FACENET_API const gfloat
    *gst_face_embedding_meta_get_embedding (const GstFaceEmbeddingMeta * meta,
    guint * n_dims);

FACENET_API GstFaceEmbeddingMeta *gst_buffer_add_face_embedding_meta (GstBuffer
    * buffer, const gfloat * embedding, guint n_dims, const gchar * model_id);
FACENET_API GstFaceEmbeddingMeta *gst_buffer_get_face_embedding_meta (GstBuffer
    * buffer, guint index);
FACENET_API GPtrArray *gst_buffer_list_face_embedding_metas (GstBuffer *
    buffer);
FACENET_API GstFaceEmbeddingMeta
    *gst_buffer_iterate_face_embedding_meta (GstBuffer * buffer,
    gpointer * state);

G_END_DECLS
