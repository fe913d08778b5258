/* gstfacematchbatch.c - the faces of one buffer, judged together
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One pass over the gallery serves all faces of a buffer. Some payloaders copy
 * the metadata of a buffer many times over; a face is known by its index, and
 * copies of it are passed over.
 */
#include "gstfacematchbatch.h"

#include <gst/facenet/gstfacecropmeta.h>

void
gst_face_match_batch_init (GstFaceMatchBatch * self)
{
  self->faces = g_ptr_array_new ();
  self->probes = g_array_new (FALSE, FALSE, sizeof (gfloat));
  self->matches = g_array_new (FALSE, FALSE, sizeof (FacenetVerdict));
  self->candidates = g_array_new (FALSE, FALSE, sizeof (FacenetCandidate));
  self->top_k = 1;
}

void
gst_face_match_batch_clear (GstFaceMatchBatch * self)
{
  g_ptr_array_unref (self->faces);
  g_array_unref (self->probes);
  g_array_unref (self->matches);
  g_array_unref (self->candidates);
}

const GstFaceEmbeddingMeta *
gst_face_match_batch_get_face (const GstFaceMatchBatch * self, guint face)
{
  return g_ptr_array_index (self->faces, face);
}

const FacenetVerdict *
gst_face_match_batch_get_match (const GstFaceMatchBatch * self, guint face)
{
  return &g_array_index (self->matches, FacenetVerdict, face);
}

const FacenetCandidate *
gst_face_match_batch_get_candidates (const GstFaceMatchBatch * self, guint face)
{
  return &g_array_index (self->candidates, FacenetCandidate,
      face * self->top_k);
}

static gboolean
has_index (const GstFaceMatchBatch * self, guint index)
{
  guint i;

  for (i = 0; i < self->faces->len; i++) {
    if (gst_face_match_batch_get_face (self, i)->index == index)
      return TRUE;
  }
  return FALSE;
}

guint
gst_face_match_batch_collect (GstFaceMatchBatch * self, GstBuffer * buffer)
{
  const GstFaceCropMeta *crop = gst_buffer_get_face_crop_meta (buffer);
  GstFaceEmbeddingMeta *face;
  gpointer state = NULL;

  g_ptr_array_set_size (self->faces, 0);
  while ((face = gst_buffer_iterate_face_embedding_meta (buffer, &state))) {
    if (!has_index (self, face->index))
      g_ptr_array_add (self->faces, face);
  }
  self->n_in_frame = self->faces->len;
  if (crop == NULL || crop->index == 0)
    self->frame++;
  if (crop != NULL)
    self->n_in_frame = MAX (self->n_in_frame, crop->n_faces);
  return self->faces->len;
}

gboolean
gst_face_match_batch_check_model (const GstFaceMatchBatch * self,
    const FacenetGallery * gallery, GError ** error)
{
  guint i;

  for (i = 0; i < self->faces->len; i++) {
    const GstFaceEmbeddingMeta *face = gst_face_match_batch_get_face (self, i);

    if (!facenet_gallery_check_model (gallery, face->model_id, face->n_dims,
            error))
      return FALSE;
  }
  return TRUE;
}

void
gst_face_match_batch_decide (GstFaceMatchBatch * self,
    const FacenetGallery * gallery, const FacenetMatchPolicy * policy,
    const GArray * means)
{
  guint i, n = self->faces->len;

  g_array_set_size (self->probes, 0);
  for (i = 0; i < n; i++) {
    const GstFaceEmbeddingMeta *face = gst_face_match_batch_get_face (self, i);

    g_array_append_vals (self->probes, face->embedding, face->n_dims);
  }
  if (means != NULL) {
    g_array_append_vals (self->probes, means->data, means->len);
    n *= 2;
  }
  self->top_k = policy->top_k;
  g_array_set_size (self->matches, n);
  g_array_set_size (self->candidates, n * policy->top_k);
  facenet_gallery_match (gallery, policy,
      (const gfloat *) (gpointer) self->probes->data, n,
      (FacenetVerdict *) (gpointer) self->matches->data,
      (FacenetCandidate *) (gpointer) self->candidates->data);
}
