/* gstfacematchmeta.c - who a face was taken for, on a buffer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Registered without tags and copied whatever is done to the pixels, for the
 * reasons given in gstfaceembeddingmeta.c: a verdict does not change when the
 * picture is scaled.
 *
 * Registered as "GstFaceMatchMetaImpl", since "GstFaceMatchMeta" is
 * the boxed type: what language bindings get is a copy that outlives the
 * buffer.
 */
#include <gst/facenet/gstfacematchmeta.h>

#include <math.h>

static gboolean
gst_face_match_meta_init (GstMeta * meta, gpointer params, GstBuffer * buffer)
{
  GstFaceMatchMeta *self = (GstFaceMatchMeta *) meta;

  self->index = 0;
  self->event = FACENET_EVENT_UNKNOWN;
  self->id = NULL;
  self->name = NULL;
  self->distance = (gdouble) NAN;
  self->margin = (gdouble) NAN;
  return TRUE;
}

static void
gst_face_match_meta_free (GstMeta * meta, GstBuffer * buffer)
{
  GstFaceMatchMeta *self = (GstFaceMatchMeta *) meta;

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->name, g_free);
}

/* Copies a meta whatever the transformation is; data may be NULL. */
static gboolean
gst_face_match_meta_transform (GstBuffer * dest, GstMeta * meta,
    GstBuffer * buffer, GQuark type, gpointer data)
{
  const GstFaceMatchMeta *self = (const GstFaceMatchMeta *) meta;
  GstFaceMatchMeta *copy;

  copy = gst_buffer_add_face_match_meta (dest, self->index, self->event,
      self->id, self->name);
  if (copy == NULL)
    return FALSE;
  copy->distance = self->distance;
  copy->margin = self->margin;
  return TRUE;
}

/**
 * gst_face_match_meta_api_get_type:
 *
 * Gets the API type of the metadata.
 *
 * Returns: the type of the #GstFaceMatchMeta API, for gst_buffer_get_meta()
 *
 * Since: 0.1
 */
GType
gst_face_match_meta_api_get_type (void)
{
  static const gchar *tags[] = { NULL };
  static gsize type = 0;

  if (g_once_init_enter (&type)) {
    GType registered = gst_meta_api_type_register ("GstFaceMatchMetaAPI", tags);
    g_once_init_leave (&type, registered);
  }
  return (GType) type;
}

/**
 * gst_face_match_meta_get_info:
 *
 * Gets the implementation of the metadata.
 *
 * Returns: (transfer none): the implementation of #GstFaceMatchMeta, for
 *   gst_buffer_add_meta()
 *
 * Since: 0.1
 */
const GstMetaInfo *
gst_face_match_meta_get_info (void)
{
  static const GstMetaInfo *info = NULL;

  if (g_once_init_enter ((GstMetaInfo **) & info)) {
    const GstMetaInfo *registered =
        gst_meta_register (GST_FACE_MATCH_META_API_TYPE, "GstFaceMatchMetaImpl",
        sizeof (GstFaceMatchMeta), gst_face_match_meta_init,
        gst_face_match_meta_free, gst_face_match_meta_transform);
    g_once_init_leave ((GstMetaInfo **) & info, (GstMetaInfo *) registered);
  }
  return info;
}

/**
 * gst_buffer_add_face_match_meta: (skip)
 * @buffer: a writable buffer
 * @index: that of the #GstFaceEmbeddingMeta it judges
 * @event: what became of the face
 * @id: (nullable): id of the best identity, copied
 * @name: (nullable): its name, copied
 *
 * Adds the verdict about a face to a buffer. Distance and margin are NaN until
 * the caller sets them.
 *
 * Returns: (transfer none): the meta, owned by @buffer
 *
 * Since: 0.1
 */
GstFaceMatchMeta *
gst_buffer_add_face_match_meta (GstBuffer * buffer, guint index,
    FacenetEvent event, const gchar * id, const gchar * name)
{
  GstFaceMatchMeta *meta;

  g_return_val_if_fail (GST_IS_BUFFER (buffer), NULL);

  meta = (GstFaceMatchMeta *) gst_buffer_add_meta (buffer,
      GST_FACE_MATCH_META_INFO, NULL);
  if (meta == NULL)
    return NULL;
  meta->index = index;
  meta->event = event;
  meta->id = g_strdup (id);
  meta->name = g_strdup (name);
  return meta;
}

/**
 * gst_buffer_get_face_match_meta:
 * @buffer: a buffer
 * @index: number of the face
 *
 * Finds the verdict about a face.
 *
 * Returns: (transfer none) (nullable): the first meta of that index, %NULL
 *   when the buffer has none
 *
 * Since: 0.1
 */
GstFaceMatchMeta *
gst_buffer_get_face_match_meta (GstBuffer * buffer, guint index)
{
  gpointer state = NULL;
  GstFaceMatchMeta *meta;

  g_return_val_if_fail (GST_IS_BUFFER (buffer), NULL);

  while ((meta = gst_buffer_iterate_face_match_meta (buffer, &state))) {
    if (meta->index == index)
      return meta;
  }
  return NULL;
}

/**
 * gst_buffer_iterate_face_match_meta: (skip)
 * @buffer: a buffer
 * @state: (inout): %NULL before the first call
 *
 * Goes through the verdicts of a buffer in the order in which they were added.
 *
 * Returns: (transfer none) (nullable): the next meta, %NULL after the last
 *
 * Since: 0.1
 */
GstFaceMatchMeta *
gst_buffer_iterate_face_match_meta (GstBuffer * buffer, gpointer * state)
{
  g_return_val_if_fail (GST_IS_BUFFER (buffer), NULL);
  g_return_val_if_fail (state != NULL, NULL);

  return (GstFaceMatchMeta *) gst_buffer_iterate_meta_filtered (buffer, state,
      GST_FACE_MATCH_META_API_TYPE);
}
