/* gstfacenetbindings.c - the metadata for language bindings
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A copy is made and put onto a buffer by the functions of the meta itself, so
 * that whatever is added to one is copied here too.
 */
#include <gst/facenet/gstfacenetbindings.h>

/* A meta as a block of its own: init, then the transform of a copied buffer
 * would want a buffer. So the meta is put onto an empty buffer, from which the
 * block steals what it owns. */
static gpointer
steal_meta (GstBuffer * buffer, GType api, gsize size)
{
  GstMeta *meta = gst_buffer_get_meta (buffer, api);
  guint8 *block = g_memdup2 (meta, size);
  const GstMetaInfo *info = meta->info;

  /* What is freed with the buffer is a meta that owns nothing. */
  if (info->init_func != NULL)
    info->init_func (meta, NULL, buffer);
  return block;
}

/* A copy of a meta, wherever it lies. */
static gpointer
copy_meta (const GstMetaInfo * info, gconstpointer meta)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();

  info->transform_func (buffer, (GstMeta *) meta, NULL,
      _gst_meta_transform_copy, NULL);
  return steal_meta (buffer, info->api, info->size);
}

static void
free_meta (const GstMetaInfo * info, gpointer meta)
{
  if (info->free_func != NULL)
    info->free_func (meta, NULL);
  g_free (meta);
}

static GstFaceCropMeta *
copy_crop (const GstFaceCropMeta * self)
{
  return copy_meta (GST_FACE_CROP_META_INFO, self);
}

static void
free_crop (GstFaceCropMeta * self)
{
  free_meta (GST_FACE_CROP_META_INFO, self);
}

G_DEFINE_BOXED_TYPE (GstFaceCropMeta, gst_face_crop_meta, copy_crop, free_crop);

static GstFaceEmbeddingMeta *
copy_face (const GstFaceEmbeddingMeta * self)
{
  return copy_meta (GST_FACE_EMBEDDING_META_INFO, self);
}

static void
free_face (GstFaceEmbeddingMeta * self)
{
  free_meta (GST_FACE_EMBEDDING_META_INFO, self);
}

G_DEFINE_BOXED_TYPE (GstFaceEmbeddingMeta, gst_face_embedding_meta, copy_face,
    free_face);

static GstFaceMatchMeta *
copy_match (const GstFaceMatchMeta * self)
{
  return copy_meta (GST_FACE_MATCH_META_INFO, self);
}

static void
free_match (GstFaceMatchMeta * self)
{
  free_meta (GST_FACE_MATCH_META_INFO, self);
}

G_DEFINE_BOXED_TYPE (GstFaceMatchMeta, gst_face_match_meta, copy_match,
    free_match);

/**
 * gst_face_embedding_meta_new: (constructor)
 * @embedding: (array length=n_dims): the embedding, a unit vector, copied
 * @n_dims: how many numbers, not 0
 * @model_id: id of the model that made it, copied
 *
 * Makes a face for gst_buffer_attach_face_embedding_meta(). The fields say
 * "unknown" (0, -1 or NaN) until the caller sets them.
 *
 * Returns: (transfer full): a face
 *
 * Since: 0.1
 */
GstFaceEmbeddingMeta *
gst_face_embedding_meta_new (const gfloat * embedding, guint n_dims,
    const gchar * model_id)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();

  if (gst_buffer_add_face_embedding_meta (buffer, embedding, n_dims, model_id)
      == NULL)
    return NULL;
  return steal_meta (buffer, GST_FACE_EMBEDDING_META_API_TYPE,
      sizeof (GstFaceEmbeddingMeta));
}

/**
 * gst_face_match_meta_new: (constructor)
 * @index: that of the #GstFaceEmbeddingMeta it judges
 * @event: what became of the face
 * @id: (nullable): id of the best identity, copied
 * @name: (nullable): its name, copied
 *
 * Makes a verdict for gst_buffer_attach_face_match_meta(). Distance and margin
 * are NaN until the caller sets them.
 *
 * Returns: (transfer full): a verdict
 *
 * Since: 0.1
 */
GstFaceMatchMeta *
gst_face_match_meta_new (guint index, FacenetEvent event, const gchar * id,
    const gchar * name)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();

  gst_buffer_add_face_match_meta (buffer, index, event, id, name);
  return steal_meta (buffer, GST_FACE_MATCH_META_API_TYPE,
      sizeof (GstFaceMatchMeta));
}

/**
 * gst_face_crop_meta_new: (constructor)
 *
 * Makes a meta for gst_buffer_attach_face_crop_meta(). The fields say "unknown"
 * (0, -1 or NaN) until the caller sets them.
 *
 * Returns: (transfer full): a meta
 *
 * Since: 0.1
 */
GstFaceCropMeta *
gst_face_crop_meta_new (void)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();

  gst_buffer_add_face_crop_meta (buffer);
  return steal_meta (buffer, GST_FACE_CROP_META_API_TYPE,
      sizeof (GstFaceCropMeta));
}

/* FALSE when the buffer may not be written to. */
static gboolean
attach (GstBuffer * buffer, const GstMetaInfo * info, gpointer meta)
{
  return gst_buffer_is_writable (buffer)
      && info->transform_func (buffer, meta, NULL, _gst_meta_transform_copy,
      NULL);
}

/**
 * gst_buffer_attach_face_embedding_meta:
 * @buffer: a writable buffer
 * @face: a face, copied with its index
 *
 * Adds a face to a buffer.
 *
 * Returns: %FALSE when the buffer is not writable
 *
 * Since: 0.1
 */
gboolean
gst_buffer_attach_face_embedding_meta (GstBuffer * buffer,
    GstFaceEmbeddingMeta * face)
{
  g_return_val_if_fail (GST_IS_BUFFER (buffer) && face != NULL, FALSE);

  return attach (buffer, GST_FACE_EMBEDDING_META_INFO, face);
}

/**
 * gst_buffer_attach_face_match_meta:
 * @buffer: a writable buffer
 * @match: a verdict, copied
 *
 * Adds the verdict about a face to a buffer.
 *
 * Returns: %FALSE when the buffer is not writable
 *
 * Since: 0.1
 */
gboolean
gst_buffer_attach_face_match_meta (GstBuffer * buffer, GstFaceMatchMeta * match)
{
  g_return_val_if_fail (GST_IS_BUFFER (buffer) && match != NULL, FALSE);

  return attach (buffer, GST_FACE_MATCH_META_INFO, match);
}

/**
 * gst_buffer_attach_face_crop_meta:
 * @buffer: a writable buffer
 * @crop: where the face is from, copied
 *
 * Marks a buffer as the picture of one face.
 *
 * Returns: %FALSE when the buffer is not writable
 *
 * Since: 0.1
 */
gboolean
gst_buffer_attach_face_crop_meta (GstBuffer * buffer, GstFaceCropMeta * crop)
{
  g_return_val_if_fail (GST_IS_BUFFER (buffer) && crop != NULL, FALSE);

  return attach (buffer, GST_FACE_CROP_META_INFO, crop);
}

/**
 * gst_buffer_dup_face_embedding_metas: (rename-to gst_buffer_list_face_embedding_metas)
 * @buffer: a buffer
 *
 * Collects the faces of a buffer in the order in which they were added.
 *
 * Returns: (transfer full) (element-type GstFaceEmbeddingMeta): copies that
 *   outlive the buffer; each belongs to the caller, for g_boxed_free() with
 *   %GST_TYPE_FACE_EMBEDDING_META
 *
 * Since: 0.1
 */
GPtrArray *
gst_buffer_dup_face_embedding_metas (GstBuffer * buffer)
{
  GPtrArray *faces = gst_buffer_list_face_embedding_metas (buffer);

  for (guint i = 0; i < faces->len; i++)
    faces->pdata[i] = copy_face (faces->pdata[i]);
  return faces;
}

/**
 * gst_buffer_dup_face_embedding_meta: (rename-to gst_buffer_get_face_embedding_meta)
 * @buffer: a buffer
 * @index: number of the face
 *
 * Finds a face by its number.
 *
 * Returns: (transfer full) (nullable): a copy that outlives the buffer, %NULL
 *   when the buffer has none of that index
 *
 * Since: 0.1
 */
GstFaceEmbeddingMeta *
gst_buffer_dup_face_embedding_meta (GstBuffer * buffer, guint index)
{
  const GstFaceEmbeddingMeta *face =
      gst_buffer_get_face_embedding_meta (buffer, index);

  return face != NULL ? copy_face (face) : NULL;
}

/**
 * gst_buffer_dup_face_match_meta: (rename-to gst_buffer_get_face_match_meta)
 * @buffer: a buffer
 * @index: number of the face
 *
 * Finds the verdict about a face.
 *
 * Returns: (transfer full) (nullable): a copy that outlives the buffer of what
 *   gst_buffer_get_face_match_meta() finds
 *
 * Since: 0.1
 */
GstFaceMatchMeta *
gst_buffer_dup_face_match_meta (GstBuffer * buffer, guint index)
{
  const GstFaceMatchMeta *match =
      gst_buffer_get_face_match_meta (buffer, index);

  return match != NULL ? copy_match (match) : NULL;
}

/**
 * gst_buffer_dup_face_crop_meta: (rename-to gst_buffer_get_face_crop_meta)
 * @buffer: a buffer
 *
 * Tells a cropped face from other pictures.
 *
 * Returns: (transfer full) (nullable): a copy that outlives the buffer of where
 *   the face is from, %NULL when the buffer does not say that it is one
 *
 * Since: 0.1
 */
GstFaceCropMeta *
gst_buffer_dup_face_crop_meta (GstBuffer * buffer)
{
  const GstFaceCropMeta *crop = gst_buffer_get_face_crop_meta (buffer);

  return crop != NULL ? copy_crop (crop) : NULL;
}
