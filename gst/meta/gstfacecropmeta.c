/* gstfacecropmeta.c - where in a frame a cropped face is from
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * As for GstFaceEmbeddingMeta, an empty list of tags lets the meta through
 * scaling, conversion and encoding; the transform copies it whatever is done
 * to the pixels.
 *
 * Registered as "GstFaceCropMetaImpl", since "GstFaceCropMeta" is
 * the boxed type: what language bindings get is a copy that outlives the
 * buffer.
 */
#include <gst/facenet/gstfacecropmeta.h>

#include <math.h>

static gboolean
gst_face_crop_meta_init (GstMeta * meta, gpointer params, GstBuffer * buffer)
{
  GstFaceCropMeta *self = (GstFaceCropMeta *) meta;
  guint i;

  self->index = self->n_faces = 0;
  self->roi_type = 0;
  self->x = self->y = self->w = self->h = 0;
  self->frame_width = self->frame_height = 0;
  self->track_id = -1;
  self->detect_confidence = (gdouble) NAN;
  for (i = 0; i < G_N_ELEMENTS (self->to_frame); i++)
    self->to_frame[i] = 0.0;
  return TRUE;
}

/* Copies a meta whatever the transformation is; data may be NULL. */
static gboolean
gst_face_crop_meta_transform (GstBuffer * dest, GstMeta * meta,
    GstBuffer * buffer, GQuark type, gpointer data)
{
  const GstFaceCropMeta *self = (const GstFaceCropMeta *) meta;
  GstFaceCropMeta *copy = gst_buffer_add_face_crop_meta (dest);
  GstMeta parent;

  if (copy == NULL)
    return FALSE;
  /* Flags and type of implementation are the copy's own. */
  parent = copy->meta;
  *copy = *self;
  copy->meta = parent;
  return TRUE;
}

/**
 * gst_face_crop_meta_api_get_type:
 *
 * Gets the API type of the metadata.
 *
 * Returns: the type of the #GstFaceCropMeta API, for gst_buffer_get_meta()
 *
 * Since: 0.1
 */
GType
gst_face_crop_meta_api_get_type (void)
{
  static const gchar *tags[] = { NULL };
  static gsize type = 0;

  if (g_once_init_enter (&type)) {
    GType registered = gst_meta_api_type_register ("GstFaceCropMetaAPI", tags);
    g_once_init_leave (&type, registered);
  }
  return (GType) type;
}

/**
 * gst_face_crop_meta_get_info:
 *
 * Gets the implementation of the metadata.
 *
 * Returns: (transfer none): the implementation of #GstFaceCropMeta, for
 *   gst_buffer_add_meta()
 *
 * Since: 0.1
 */
const GstMetaInfo *
gst_face_crop_meta_get_info (void)
{
  static const GstMetaInfo *info = NULL;

  if (g_once_init_enter ((GstMetaInfo **) & info)) {
    const GstMetaInfo *registered =
        gst_meta_register (GST_FACE_CROP_META_API_TYPE, "GstFaceCropMetaImpl",
        sizeof (GstFaceCropMeta), gst_face_crop_meta_init, NULL,
        gst_face_crop_meta_transform);
    g_once_init_leave ((GstMetaInfo **) & info, (GstMetaInfo *) registered);
  }
  return info;
}

/**
 * gst_buffer_add_face_crop_meta: (skip)
 * @buffer: a writable buffer
 *
 * Marks a buffer as the picture of one face. The fields say "unknown" (0, -1
 * or NaN) until the caller sets them.
 *
 * Returns: (transfer none): the meta, owned by @buffer
 *
 * Since: 0.1
 */
GstFaceCropMeta *
gst_buffer_add_face_crop_meta (GstBuffer * buffer)
{
  g_return_val_if_fail (GST_IS_BUFFER (buffer), NULL);

  return (GstFaceCropMeta *) gst_buffer_add_meta (buffer,
      GST_FACE_CROP_META_INFO, NULL);
}

/**
 * gst_buffer_get_face_crop_meta:
 * @buffer: a buffer
 *
 * Tells a cropped face from other pictures.
 *
 * Returns: (transfer none) (nullable): where the face is from, %NULL when the
 *   buffer does not say that it is one
 *
 * Since: 0.1
 */
GstFaceCropMeta *
gst_buffer_get_face_crop_meta (GstBuffer * buffer)
{
  g_return_val_if_fail (GST_IS_BUFFER (buffer), NULL);

  return (GstFaceCropMeta *) gst_buffer_get_meta (buffer,
      GST_FACE_CROP_META_API_TYPE);
}
