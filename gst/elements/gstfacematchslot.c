/* gstfacematchslot.c - the gallery in use, and the next one
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A gallery is loaded outside the lock that the streaming thread takes: the
 * stream goes on with the old one meanwhile, and notices the new one at its
 * next buffer.
 */
#include "gstfacematchslot.h"

void
gst_face_match_slot_init (GstFaceMatchSlot * self)
{
  g_mutex_init (&self->load_lock);
  g_mutex_init (&self->lock);
}

void
gst_face_match_slot_clear (GstFaceMatchSlot * self)
{
  g_clear_pointer (&self->gallery, facenet_gallery_unref);
  g_clear_pointer (&self->location, g_free);
  g_clear_pointer (&self->model_id, g_free);
  g_mutex_clear (&self->load_lock);
  g_mutex_clear (&self->lock);
}

gboolean
gst_face_match_slot_set_location (GstFaceMatchSlot * self,
    const gchar * location)
{
  gboolean open;

  g_mutex_lock (&self->lock);
  g_free (self->location);
  self->location = g_strdup (location);
  open = self->open;
  g_mutex_unlock (&self->lock);
  return open;
}

gchar *
gst_face_match_slot_dup_location (GstFaceMatchSlot * self)
{
  gchar *location;

  g_mutex_lock (&self->lock);
  location = g_strdup (self->location);
  g_mutex_unlock (&self->lock);
  return location;
}

void
gst_face_match_slot_open (GstFaceMatchSlot * self)
{
  g_mutex_lock (&self->lock);
  self->open = TRUE;
  g_mutex_unlock (&self->lock);
}

void
gst_face_match_slot_close (GstFaceMatchSlot * self)
{
  FacenetGallery *gallery;

  g_mutex_lock (&self->lock);
  self->open = FALSE;
  gallery = g_steal_pointer (&self->gallery);
  g_clear_pointer (&self->model_id, g_free);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&gallery, facenet_gallery_unref);
}

/* Puts a gallery into place if it fits the embeddings seen. In a slot that was
 * closed meanwhile nothing is put. */
static gboolean
swap (GstFaceMatchSlot * self, FacenetGallery * gallery, GError ** error)
{
  FacenetGallery *old = NULL;
  gboolean fits = TRUE;

  g_mutex_lock (&self->lock);
  if (self->model_id != NULL)
    fits = facenet_gallery_check_model (gallery, self->model_id, self->n_dims,
        error);
  if (fits && self->open) {
    old = self->gallery;
    self->gallery = facenet_gallery_ref (gallery);
    self->generation++;
  }
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&old, facenet_gallery_unref);
  return fits;
}

/* Called with the load lock. */
static FacenetGallery *
load_location (GstFaceMatchSlot * self, const gchar * location, GError ** error)
{
  g_autoptr (FacenetGallery) gallery = NULL;

  if (location != NULL)
    gallery = facenet_gallery_load (location, error);
  else
    gallery = facenet_gallery_new (NULL);
  if (gallery == NULL)
    return NULL;
  if (!swap (self, gallery, error))
    return NULL;
  return g_steal_pointer (&gallery);
}

FacenetGallery *
gst_face_match_slot_load (GstFaceMatchSlot * self, gchar ** location,
    GError ** error)
{
  FacenetGallery *gallery;

  g_mutex_lock (&self->load_lock);
  *location = gst_face_match_slot_dup_location (self);
  gallery = load_location (self, *location, error);
  g_mutex_unlock (&self->load_lock);
  return gallery;
}

FacenetGallery *
gst_face_match_slot_get (GstFaceMatchSlot * self, guint * generation)
{
  FacenetGallery *gallery = NULL;

  g_mutex_lock (&self->lock);
  if (self->gallery != NULL)
    gallery = facenet_gallery_ref (self->gallery);
  *generation = self->generation;
  g_mutex_unlock (&self->lock);
  return gallery;
}

void
gst_face_match_slot_see_model (GstFaceMatchSlot * self, const gchar * model_id,
    guint n_dims)
{
  g_mutex_lock (&self->lock);
  if (g_strcmp0 (self->model_id, model_id) != 0) {
    g_free (self->model_id);
    self->model_id = g_strdup (model_id);
  }
  self->n_dims = n_dims;
  g_mutex_unlock (&self->lock);
}
