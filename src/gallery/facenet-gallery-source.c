/* gstfacematchslot.c - the gallery in use, and the next one
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A gallery is loaded outside the lock that the streaming thread takes: the
 * stream goes on with the old one meanwhile, and notices the new one at its
 * next buffer. What is loaded belongs to a store that elements share; the slot
 * is one element's view of it, which leaves out galleries of another model than
 * that of the element's stream.
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
  g_clear_pointer (&self->store, gst_face_match_store_unref);
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

gboolean
gst_face_match_slot_close (GstFaceMatchSlot * self)
{
  FacenetGallery *gallery;
  GstFaceMatchStore *store;
  gboolean lost;

  g_mutex_lock (&self->lock);
  self->open = FALSE;
  gallery = g_steal_pointer (&self->gallery);
  store = g_steal_pointer (&self->store);
  g_clear_pointer (&self->model_id, g_free);
  g_mutex_unlock (&self->lock);
  lost = store != NULL && gst_face_match_store_is_unsaved (store);
  g_clear_pointer (&gallery, facenet_gallery_unref);
  g_clear_pointer (&store, gst_face_match_store_unref);
  return lost;
}

gboolean
gst_face_match_slot_is_open (GstFaceMatchSlot * self)
{
  gboolean open;

  g_mutex_lock (&self->lock);
  open = self->open;
  g_mutex_unlock (&self->lock);
  return open;
}

/* Puts the gallery of a store into place, if it fits the embeddings seen. With
 * the lock; store and gallery are exchanged for what is to be dropped after
 * it. */
static GstFaceMatchSlotResult
exchange (GstFaceMatchSlot * self, GstFaceMatchStore ** store,
    FacenetGallery ** gallery, guint version, GError ** error)
{
  GstFaceMatchStore *old_store = self->store;
  FacenetGallery *old_gallery = self->gallery;

  /* Another thread may have been faster, with this version or a later one. */
  if (!self->open || (*store == old_store && version <= self->version))
    return GST_FACE_MATCH_SLOT_SAME;
  if (self->model_id != NULL && !facenet_gallery_check_model (*gallery,
          self->model_id, self->n_dims, error)) {
    if (*store == old_store)
      self->version = version;
    return GST_FACE_MATCH_SLOT_FAILED;
  }
  self->store = *store;
  self->gallery = *gallery;
  self->version = version;
  self->generation++;
  *store = old_store;
  *gallery = old_gallery;
  return GST_FACE_MATCH_SLOT_NEW;
}

/* Takes what is in a store by now; takes the reference to the store. Where
 * another was put into place meanwhile, this one matters only if it is
 * replacing. */
static GstFaceMatchSlotResult
adopt (GstFaceMatchSlot * self, GstFaceMatchStore * store, gboolean replacing,
    GError ** error)
{
  GstFaceMatchSlotResult result = GST_FACE_MATCH_SLOT_SAME;
  GstFaceMatchStore *const wanted = store;
  guint version;
  FacenetGallery *gallery = gst_face_match_store_get_gallery (store, &version);

  g_mutex_lock (&self->lock);
  if (replacing || store == self->store)
    result = exchange (self, &store, &gallery, version, error);
  g_mutex_unlock (&self->lock);
  if (result == GST_FACE_MATCH_SLOT_NEW && store != NULL && store != wanted
      && gst_face_match_store_is_unsaved (store))
    result = GST_FACE_MATCH_SLOT_NEW_LOST;
  g_clear_pointer (&gallery, facenet_gallery_unref);
  g_clear_pointer (&store, gst_face_match_store_unref);
  return result;
}

/* Called with the load lock. */
static GstFaceMatchSlotResult
load_locked (GstFaceMatchSlot * self, GstFaceMatchLoad when, GError ** error)
{
  g_autofree gchar *location = NULL;
  g_autofree gchar *model_id = NULL;
  g_autoptr (GstFaceMatchStore) store = NULL;
  GstFaceMatchStamp tried;
  guint n_dims;

  g_mutex_lock (&self->lock);
  location = g_strdup (self->location);
  model_id = g_strdup (self->model_id);
  n_dims = self->n_dims;
  g_mutex_unlock (&self->lock);

  gst_face_match_stamp_take (&tried, location);
  g_mutex_lock (&self->lock);
  self->tried = tried;
  g_mutex_unlock (&self->lock);

  store = gst_face_match_store_get (location);
  if (!gst_face_match_store_load (store, when, model_id, n_dims, error))
    return GST_FACE_MATCH_SLOT_FAILED;
  return adopt (self, g_steal_pointer (&store), TRUE, error);
}

GstFaceMatchSlotResult
gst_face_match_slot_load (GstFaceMatchSlot * self, GstFaceMatchLoad when,
    GError ** error)
{
  GstFaceMatchSlotResult result;

  g_mutex_lock (&self->load_lock);
  result = load_locked (self, when, error);
  g_mutex_unlock (&self->load_lock);
  return result;
}

GstFaceMatchSlotResult
gst_face_match_slot_sync (GstFaceMatchSlot * self, GError ** error)
{
  GstFaceMatchStore *store = NULL;

  g_mutex_lock (&self->lock);
  if (self->store != NULL
      && gst_face_match_store_get_version (self->store) != self->version)
    store = gst_face_match_store_ref (self->store);
  g_mutex_unlock (&self->lock);
  if (store == NULL)
    return GST_FACE_MATCH_SLOT_SAME;
  return adopt (self, store, FALSE, error);
}

/* The store in use, (transfer full), or NULL and MISSING. */
static GstFaceMatchStore *
get_store (GstFaceMatchSlot * self, GError ** error)
{
  GstFaceMatchStore *store = NULL;

  g_mutex_lock (&self->lock);
  if (self->store != NULL)
    store = gst_face_match_store_ref (self->store);
  g_mutex_unlock (&self->lock);
  if (store == NULL)
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "there is no gallery before PAUSED");
  return store;
}

GstFaceMatchSlotResult
gst_face_match_slot_edit (GstFaceMatchSlot * self, GstFaceMatchEdit edit,
    gpointer data, GError ** error)
{
  g_autoptr (GstFaceMatchStore) store = get_store (self, error);

  if (store == NULL || !gst_face_match_store_edit (store, edit, data, error))
    return GST_FACE_MATCH_SLOT_FAILED;
  return adopt (self, g_steal_pointer (&store), FALSE, error);
}

gboolean
gst_face_match_slot_save (GstFaceMatchSlot * self, const gchar * location,
    GError ** error)
{
  g_autoptr (GstFaceMatchStore) store = get_store (self, error);

  if (store == NULL)
    return FALSE;
  if (location == NULL && gst_face_match_store_get_location (store) == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "the gallery is from no file, wants a location to save it to");
    return FALSE;
  }
  return gst_face_match_store_save (store, location, error);
}

gboolean
gst_face_match_slot_has_changed (GstFaceMatchSlot * self)
{
  g_autofree gchar *location = gst_face_match_slot_dup_location (self);
  GstFaceMatchStamp now;
  gboolean changed;

  gst_face_match_stamp_take (&now, location);
  g_mutex_lock (&self->lock);
  changed = gst_face_match_stamp_equal (&now, &self->seen)
      && !gst_face_match_stamp_equal (&now, &self->tried);
  self->seen = now;
  g_mutex_unlock (&self->lock);
  return changed;
}

gchar *
gst_face_match_slot_dup_origin (GstFaceMatchSlot * self)
{
  gchar *origin = NULL;

  g_mutex_lock (&self->lock);
  if (self->store != NULL)
    origin = g_strdup (gst_face_match_store_get_location (self->store));
  g_mutex_unlock (&self->lock);
  return origin;
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
