/* gstfaceembeddingmeta.c - what the network made of a face, on a buffer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The API type is registered with an empty list of tags (a NULL list is
 * refused). Elements drop a meta whose tags name what they change, such as
 * size or colours, so one without tags passes through scaling, conversion and
 * encoding. The transform function ignores what is done to the pixels: the box
 * stays the one at encoding, and the frame size beside it says of which
 * picture.
 *
 * Registered as "GstFaceEmbeddingMetaImpl", since "GstFaceEmbeddingMeta" is
 * the boxed type: what language bindings get is a copy that outlives the
 * buffer.
 */
#include <gst/facenet/gstfaceembeddingmeta.h>

#include <math.h>

static gboolean
gst_face_embedding_meta_init (GstMeta * meta, gpointer params,
    GstBuffer * buffer)
{
  GstFaceEmbeddingMeta *self = (GstFaceEmbeddingMeta *) meta;

  self->index = 0;
  self->roi_type = 0;
  self->x = self->y = self->w = self->h = 0;
  self->frame_width = self->frame_height = 0;
  self->track_id = -1;
  self->detect_confidence = (gdouble) NAN;
  self->quality = (gdouble) NAN;
  self->n_dims = 0;
  self->embedding = NULL;
  self->model_id = NULL;
  return TRUE;
}

static void
gst_face_embedding_meta_free (GstMeta * meta, GstBuffer * buffer)
{
  GstFaceEmbeddingMeta *self = (GstFaceEmbeddingMeta *) meta;

  g_clear_pointer (&self->embedding, g_free);
  g_clear_pointer (&self->model_id, g_free);
}

/* Copies a meta whatever the transformation is; data may be NULL. */
static gboolean
gst_face_embedding_meta_transform (GstBuffer * dest, GstMeta * meta,
    GstBuffer * buffer, GQuark type, gpointer data)
{
  const GstFaceEmbeddingMeta *self = (const GstFaceEmbeddingMeta *) meta;
  GstFaceEmbeddingMeta *copy;

  copy = gst_buffer_add_face_embedding_meta (dest, self->embedding,
      self->n_dims, self->model_id);
  if (copy == NULL)
    return FALSE;
  copy->index = self->index;
  copy->roi_type = self->roi_type;
  copy->x = self->x;
  copy->y = self->y;
  copy->w = self->w;
  copy->h = self->h;
  copy->frame_width = self->frame_width;
  copy->frame_height = self->frame_height;
  copy->track_id = self->track_id;
  copy->detect_confidence = self->detect_confidence;
  copy->quality = self->quality;
  return TRUE;
}

/**
 * gst_face_embedding_meta_api_get_type:
 *
 * Gets the API type of the metadata.
 *
 * Returns: the type of the #GstFaceEmbeddingMeta API, for gst_buffer_get_meta()
 *
 * Since: 0.1
 */
GType
gst_face_embedding_meta_api_get_type (void)
{
  static const gchar *tags[] = { NULL };
  static gsize type = 0;

  if (g_once_init_enter (&type)) {
    GType registered =
        gst_meta_api_type_register ("GstFaceEmbeddingMetaAPI", tags);
    g_once_init_leave (&type, registered);
  }
  return (GType) type;
}

/**
 * gst_face_embedding_meta_get_info:
 *
 * Gets the implementation of the metadata.
 *
 * Returns: (transfer none): the implementation of #GstFaceEmbeddingMeta, for
 *   gst_buffer_add_meta()
 *
 * Since: 0.1
 */
const GstMetaInfo *
gst_face_embedding_meta_get_info (void)
{
  static const GstMetaInfo *info = NULL;

  if (g_once_init_enter ((GstMetaInfo **) & info)) {
    const GstMetaInfo *registered =
        gst_meta_register (GST_FACE_EMBEDDING_META_API_TYPE,
        "GstFaceEmbeddingMetaImpl", sizeof (GstFaceEmbeddingMeta),
        gst_face_embedding_meta_init, gst_face_embedding_meta_free,
        gst_face_embedding_meta_transform);
    g_once_init_leave ((GstMetaInfo **) & info, (GstMetaInfo *) registered);
  }
  return info;
}

/**
 * gst_face_embedding_meta_get_embedding:
 * @meta: a #GstFaceEmbeddingMeta
 * @n_dims: (out) (optional): how many numbers
 *
 * Gives the embedding in a form that language bindings can read.
 *
 * Returns: (transfer none) (array length=n_dims): a vector of length 1, valid
 *   as long as the meta is
 *
 * Since: 0.1
 */
const gfloat *
gst_face_embedding_meta_get_embedding (const GstFaceEmbeddingMeta * meta,
    guint * n_dims)
{
  g_return_val_if_fail (meta != NULL, NULL);

  if (n_dims != NULL)
    *n_dims = meta->n_dims;
  return meta->embedding;
}

/* One more than the largest index on the buffer, 0 on a buffer without. */
static guint
next_index (GstBuffer * buffer)
{
  gpointer state = NULL;
  GstFaceEmbeddingMeta *meta;
  guint next = 0;

  while ((meta = gst_buffer_iterate_face_embedding_meta (buffer, &state)))
    next = MAX (next, meta->index + 1);
  return next;
}

/**
 * gst_buffer_add_face_embedding_meta: (skip)
 * @buffer: a writable buffer
 * @embedding: (array length=n_dims): the embedding, a unit vector, copied
 * @n_dims: how many numbers, not 0
 * @model_id: id of the model that made it, see facenet_model_get_id(), copied
 *
 * Adds a face to a buffer. Its index is the next one that is free; the other
 * fields say "unknown" (0, -1 or NaN) until the caller sets them.
 *
 * Returns: (transfer none): the meta, owned by @buffer
 *
 * Since: 0.1
 */
GstFaceEmbeddingMeta *
gst_buffer_add_face_embedding_meta (GstBuffer * buffer,
    const gfloat * embedding, guint n_dims, const gchar * model_id)
{
  GstFaceEmbeddingMeta *meta;
  guint index;

  g_return_val_if_fail (GST_IS_BUFFER (buffer), NULL);
  g_return_val_if_fail (embedding != NULL && n_dims > 0, NULL);
  g_return_val_if_fail (model_id != NULL, NULL);

  index = next_index (buffer);
  meta = (GstFaceEmbeddingMeta *) gst_buffer_add_meta (buffer,
      GST_FACE_EMBEDDING_META_INFO, NULL);
  if (meta == NULL)
    return NULL;
  meta->index = index;
  meta->n_dims = n_dims;
  meta->embedding = g_memdup2 (embedding, n_dims * sizeof *embedding);
  meta->model_id = g_strdup (model_id);
  return meta;
}

/**
 * gst_buffer_get_face_embedding_meta:
 * @buffer: a buffer
 * @index: number of the face
 *
 * Finds a face by its number.
 *
 * Returns: (transfer none) (nullable): the meta, %NULL when the buffer has
 *   none of that index
 *
 * Since: 0.1
 */
GstFaceEmbeddingMeta *
gst_buffer_get_face_embedding_meta (GstBuffer * buffer, guint index)
{
  gpointer state = NULL;
  GstFaceEmbeddingMeta *meta;

  g_return_val_if_fail (GST_IS_BUFFER (buffer), NULL);

  while ((meta = gst_buffer_iterate_face_embedding_meta (buffer, &state))) {
    if (meta->index == index)
      return meta;
  }
  return NULL;
}

/**
 * gst_buffer_iterate_face_embedding_meta: (skip)
 * @buffer: a buffer
 * @state: (inout): %NULL before the first call
 *
 * Goes through the faces of a buffer in the order in which they were added.
 *
 * Returns: (transfer none) (nullable): the next meta, %NULL after the last
 *
 * Since: 0.1
 */
GstFaceEmbeddingMeta *
gst_buffer_iterate_face_embedding_meta (GstBuffer * buffer, gpointer * state)
{
  g_return_val_if_fail (GST_IS_BUFFER (buffer), NULL);
  g_return_val_if_fail (state != NULL, NULL);

  return (GstFaceEmbeddingMeta *) gst_buffer_iterate_meta_filtered (buffer,
      state, GST_FACE_EMBEDDING_META_API_TYPE);
}

/**
 * gst_buffer_list_face_embedding_metas:
 * @buffer: a buffer
 *
 * Collects the faces of a buffer in the order in which they were added.
 *
 * Returns: (transfer container) (element-type GstFaceEmbeddingMeta): the
 *   metas, owned by @buffer
 *
 * Since: 0.1
 */
GPtrArray *
gst_buffer_list_face_embedding_metas (GstBuffer * buffer)
{
  GPtrArray *faces = g_ptr_array_new ();
  GstFaceEmbeddingMeta *face;
  gpointer state = NULL;

  while ((face = gst_buffer_iterate_face_embedding_meta (buffer, &state)))
    g_ptr_array_add (faces, face);
  return faces;
}
