/* gstfacematchmeta.h - who a face was taken for
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/gst.h>
#include <facenet/facenet-match.h>

G_BEGIN_DECLS

/**
 * GstFaceMatchMeta:
 * @meta: parent
 * @index: that of the #GstFaceEmbeddingMeta it judges
 * @event: what became of the face
 * @id: (nullable): id of the best identity, owned by the meta
 * @name: (nullable): its name, owned by the meta
 * @distance: to it, in facematch's metric; NaN when there is none
 * @margin: to the next identity; NaN when there is none
 *
 * The verdict about one face of a buffer. It survives what
 * #GstFaceEmbeddingMeta survives.
 *
 * Since: 0.1
 */
typedef struct {
  GstMeta meta;
  guint index;
  FacenetEvent event;
  gchar *id;
  gchar *name;
  gdouble distance;
  gdouble margin;
} GstFaceMatchMeta;

#define GST_FACE_MATCH_META_API_TYPE (gst_face_match_meta_api_get_type ())
#define GST_FACE_MATCH_META_INFO (gst_face_match_meta_get_info ())

FACENET_API GType gst_face_match_meta_api_get_type (void);
FACENET_API const GstMetaInfo *gst_face_match_meta_get_info (void);

FACENET_API GstFaceMatchMeta *gst_buffer_add_face_match_meta (GstBuffer *
    buffer, guint index, FacenetEvent event, const gchar * id,
    const gchar * name);
FACENET_API GstFaceMatchMeta *gst_buffer_get_face_match_meta (GstBuffer *
    buffer, guint index);
FACENET_API GstFaceMatchMeta *gst_buffer_iterate_face_match_meta (GstBuffer *
    buffer, gpointer * state);

G_END_DECLS
