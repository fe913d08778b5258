/* facenet-gallery-source.c - a gallery that follows its file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A gallery is loaded outside the lock that a search takes: a search goes on
 * with the old one meanwhile, and its caller gets the new one when it asks
 * again. What is loaded belongs to a store that sources share; a source leaves
 * out galleries of another model than that of its user's embeddings.
 *
 * Watching a file by GFileMonitor needs a main loop, which gst-launch and many
 * programs do not run, and sees nothing on most network file systems. To look
 * at one file four times a second costs nothing and works everywhere.
 */
#include <facenet/facenet-gallery-source.h>

#include "base/facenet-file-private.h"
#include "gallery/facenet-gallery-store-private.h"

#define WATCH_INTERVAL (G_TIME_SPAN_SECOND / 4)

/* A thread that calls a function again and again. */
typedef struct
{
  GThread *thread;
  FacenetGalleryWatchFunc func;
  gpointer data;
  GMutex lock;
  GCond cond;
  gboolean quit;                /* under the lock */
} FacenetGalleryWatch;

struct _FacenetGallerySource
{
  /* Held while a gallery is loaded and put into place, so that of two loads
   * the one that began later wins. Taken before the other lock. */
  GMutex load_lock;
  GMutex lock;
  gchar *location;              /* nullable: an empty gallery */
  gboolean open;
  FacenetGalleryStore *store;   /* NULL when nothing was loaded since opening */
  FacenetGallery *gallery;      /* NULL like the store */
  guint version;                /* of the store's gallery that was looked at */
  guint generation;             /* how many galleries there were */
  gchar *model_id;              /* of the user's embeddings, NULL: any */
  guint n_dims;
  FacenetFileStamp tried;       /* of the file when it was last to be loaded */
  FacenetFileStamp seen;        /* of the file when it was last looked at */
  FacenetGalleryWatch *watch;   /* NULL when there is none */
};

/* Returns whether to go on. */
static gboolean
watch_wait (FacenetGalleryWatch * self)
{
  const gint64 end = g_get_monotonic_time () + WATCH_INTERVAL;
  gboolean quit;

  g_mutex_lock (&self->lock);
  while (!self->quit && g_cond_wait_until (&self->cond, &self->lock, end));
  quit = self->quit;
  g_mutex_unlock (&self->lock);
  return !quit;
}

static gpointer
watch_run (gpointer data)
{
  FacenetGalleryWatch *self = data;

  while (watch_wait (self))
    self->func (self->data);
  return NULL;
}

static FacenetGalleryWatch *
watch_new (FacenetGalleryWatchFunc func, gpointer data)
{
  FacenetGalleryWatch *self = g_new0 (FacenetGalleryWatch, 1);

  self->func = func;
  self->data = data;
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("facenet-watch", watch_run, self);
  return self;
}

/* Waits for a call that is under way. */
static void
watch_free (FacenetGalleryWatch * self)
{
  g_mutex_lock (&self->lock);
  self->quit = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}

/**
 * facenet_gallery_source_new: (skip)
 *
 * Makes a source that names no file and is closed.
 *
 * Returns: (transfer full): a source, to be freed with
 *   facenet_gallery_source_free()
 *
 * Since: 0.1
 */
FacenetGallerySource *
facenet_gallery_source_new (void)
{
  FacenetGallerySource *self = g_new0 (FacenetGallerySource, 1);

  g_mutex_init (&self->load_lock);
  g_mutex_init (&self->lock);
  return self;
}

/**
 * facenet_gallery_source_free: (skip)
 * @self: (transfer full): a source
 *
 * Frees a source, after its watch has ended.
 *
 * Since: 0.1
 */
void
facenet_gallery_source_free (FacenetGallerySource * self)
{
  facenet_gallery_source_unwatch (self);
  g_clear_pointer (&self->gallery, facenet_gallery_unref);
  g_clear_pointer (&self->store, facenet_gallery_store_unref);
  g_clear_pointer (&self->location, g_free);
  g_clear_pointer (&self->model_id, g_free);
  g_mutex_clear (&self->load_lock);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * facenet_gallery_source_set_location: (skip)
 * @self: a source
 * @location: (nullable) (type filename): a gallery file, %NULL for an empty
 *   gallery
 *
 * Says what to load.
 *
 * Returns: whether the source is open, so that it is to be loaded now
 *
 * Since: 0.1
 */
gboolean
facenet_gallery_source_set_location (FacenetGallerySource * self,
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

/**
 * facenet_gallery_source_dup_location: (skip)
 * @self: a source
 *
 * Gets the location.
 *
 * Returns: (transfer full) (nullable): what is to be loaded
 *
 * Since: 0.1
 */
gchar *
facenet_gallery_source_dup_location (FacenetGallerySource * self)
{
  gchar *location;

  g_mutex_lock (&self->lock);
  location = g_strdup (self->location);
  g_mutex_unlock (&self->lock);
  return location;
}

/**
 * facenet_gallery_source_open: (skip)
 * @self: a source
 *
 * Begins to use it. Nothing is loaded by this.
 *
 * Since: 0.1
 */
void
facenet_gallery_source_open (FacenetGallerySource * self)
{
  g_mutex_lock (&self->lock);
  self->open = TRUE;
  g_mutex_unlock (&self->lock);
}

/**
 * facenet_gallery_source_close: (skip)
 * @self: a source
 *
 * Ends to use it: a closed source has no gallery, and the next may be of any
 * model.
 *
 * Returns: whether changes that were not saved are gone with it
 *
 * Since: 0.1
 */
gboolean
facenet_gallery_source_close (FacenetGallerySource * self)
{
  FacenetGallery *gallery;
  FacenetGalleryStore *store;
  gboolean lost;

  g_mutex_lock (&self->lock);
  self->open = FALSE;
  gallery = g_steal_pointer (&self->gallery);
  store = g_steal_pointer (&self->store);
  g_clear_pointer (&self->model_id, g_free);
  g_mutex_unlock (&self->lock);
  lost = store != NULL && facenet_gallery_store_is_unsaved (store);
  g_clear_pointer (&gallery, facenet_gallery_unref);
  g_clear_pointer (&store, facenet_gallery_store_unref);
  return lost;
}

/**
 * facenet_gallery_source_is_open: (skip)
 * @self: a source
 *
 * Tells whether a source is open.
 *
 * Returns: whether it is in use
 *
 * Since: 0.1
 */
gboolean
facenet_gallery_source_is_open (FacenetGallerySource * self)
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
static FacenetGallerySourceResult
exchange (FacenetGallerySource * self, FacenetGalleryStore ** store,
    FacenetGallery ** gallery, guint version, GError ** error)
{
  FacenetGalleryStore *old_store = self->store;
  FacenetGallery *old_gallery = self->gallery;

  /* Another thread may have been faster, with this version or a later one. */
  if (!self->open || (*store == old_store && version <= self->version))
    return FACENET_GALLERY_SOURCE_SAME;
  if (self->model_id != NULL && !facenet_gallery_check_model (*gallery,
          self->model_id, self->n_dims, error)) {
    if (*store == old_store)
      self->version = version;
    return FACENET_GALLERY_SOURCE_FAILED;
  }
  self->store = *store;
  self->gallery = *gallery;
  self->version = version;
  self->generation++;
  *store = old_store;
  *gallery = old_gallery;
  return FACENET_GALLERY_SOURCE_NEW;
}

/* Takes what is in a store by now; takes the reference to the store. Where
 * another was put into place meanwhile, this one matters only if it is
 * replacing. */
static FacenetGallerySourceResult
adopt (FacenetGallerySource * self, FacenetGalleryStore * store,
    gboolean replacing, GError ** error)
{
  FacenetGallerySourceResult result = FACENET_GALLERY_SOURCE_SAME;
  FacenetGalleryStore *const wanted = store;
  guint version;
  FacenetGallery *gallery = facenet_gallery_store_get_gallery (store, &version);

  g_mutex_lock (&self->lock);
  if (replacing || store == self->store)
    result = exchange (self, &store, &gallery, version, error);
  g_mutex_unlock (&self->lock);
  if (result == FACENET_GALLERY_SOURCE_NEW && store != NULL && store != wanted
      && facenet_gallery_store_is_unsaved (store))
    result = FACENET_GALLERY_SOURCE_NEW_LOST;
  g_clear_pointer (&gallery, facenet_gallery_unref);
  g_clear_pointer (&store, facenet_gallery_store_unref);
  return result;
}

/* Called with the load lock. */
static FacenetGallerySourceResult
load_locked (FacenetGallerySource * self, FacenetGalleryLoad when,
    GError ** error)
{
  g_autofree gchar *location = NULL;
  g_autofree gchar *model_id = NULL;
  g_autoptr (FacenetGalleryStore) store = NULL;
  FacenetFileStamp tried;
  guint n_dims;

  g_mutex_lock (&self->lock);
  location = g_strdup (self->location);
  model_id = g_strdup (self->model_id);
  n_dims = self->n_dims;
  g_mutex_unlock (&self->lock);

  facenet_file_stamp_take (&tried, location);
  g_mutex_lock (&self->lock);
  self->tried = tried;
  g_mutex_unlock (&self->lock);

  store = facenet_gallery_store_get (location);
  if (!facenet_gallery_store_load (store, when, model_id, n_dims, error))
    return FACENET_GALLERY_SOURCE_FAILED;
  return adopt (self, g_steal_pointer (&store), TRUE, error);
}

/**
 * facenet_gallery_source_load: (skip)
 * @self: a source
 * @when: when to read the file
 * @error: return location for a #GError
 *
 * Loads the location and puts the gallery into place.
 *
 * Returns: what came of it; failed with the errors of facenet_gallery_load(),
 *   and with %FACENET_ERROR_MISMATCH when it is of another model than
 *   facenet_gallery_source_set_model() said, or both file and gallery were
 *   changed
 *
 * Since: 0.1
 */
FacenetGallerySourceResult
facenet_gallery_source_load (FacenetGallerySource * self,
    FacenetGalleryLoad when, GError ** error)
{
  FacenetGallerySourceResult result;

  g_mutex_lock (&self->load_lock);
  result = load_locked (self, when, error);
  g_mutex_unlock (&self->load_lock);
  return result;
}

/**
 * facenet_gallery_source_sync: (skip)
 * @self: a source
 * @error: return location for a #GError
 *
 * Puts into place what another source made of the shared gallery. Cheap when
 * there is nothing to do; tells once of a gallery that does not fit.
 *
 * Returns: what came of it
 *
 * Since: 0.1
 */
FacenetGallerySourceResult
facenet_gallery_source_sync (FacenetGallerySource * self, GError ** error)
{
  FacenetGalleryStore *store = NULL;

  g_mutex_lock (&self->lock);
  if (self->store != NULL
      && facenet_gallery_store_get_version (self->store) != self->version)
    store = facenet_gallery_store_ref (self->store);
  g_mutex_unlock (&self->lock);
  if (store == NULL)
    return FACENET_GALLERY_SOURCE_SAME;
  return adopt (self, store, FALSE, error);
}

/* The store in use, (transfer full), or NULL and MISSING. */
static FacenetGalleryStore *
get_store (FacenetGallerySource * self, GError ** error)
{
  FacenetGalleryStore *store = NULL;

  g_mutex_lock (&self->lock);
  if (self->store != NULL)
    store = facenet_gallery_store_ref (self->store);
  g_mutex_unlock (&self->lock);
  if (store == NULL)
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "there is no gallery before PAUSED");
  return store;
}

/**
 * facenet_gallery_source_edit: (skip)
 * @self: a source
 * @edit: makes the change
 * @data: for @edit
 * @error: return location for a #GError
 *
 * Changes the gallery, for all who share it. The file is not written.
 *
 * Returns: what came of it; failed with %FACENET_ERROR_MISSING when there is no
 *   gallery, and with the error of @edit
 *
 * Since: 0.1
 */
FacenetGallerySourceResult
facenet_gallery_source_edit (FacenetGallerySource * self,
    FacenetGalleryEditFunc edit, gpointer data, GError ** error)
{
  g_autoptr (FacenetGalleryStore) store = get_store (self, error);

  if (store == NULL || !facenet_gallery_store_edit (store, edit, data, error))
    return FACENET_GALLERY_SOURCE_FAILED;
  return adopt (self, g_steal_pointer (&store), FALSE, error);
}

/**
 * facenet_gallery_source_save: (skip)
 * @self: a source
 * @location: (nullable) (type filename): where to, %NULL for the file that the
 *   gallery is from
 * @error: return location for a #GError
 *
 * Writes the gallery to a file, see facenet_gallery_save(): what others wrote
 * there since it was read is kept.
 *
 * Returns: %TRUE, or %FALSE with %FACENET_ERROR_MISSING when there is no
 *   gallery, or no file, and with the errors of facenet_gallery_save()
 *
 * Since: 0.1
 */
gboolean
facenet_gallery_source_save (FacenetGallerySource * self,
    const gchar * location, GError ** error)
{
  g_autoptr (FacenetGalleryStore) store = get_store (self, error);

  if (store == NULL)
    return FALSE;
  if (location == NULL && facenet_gallery_store_get_location (store) == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "the gallery is from no file, expected a location to save it to");
    return FALSE;
  }
  return facenet_gallery_store_save (store, location, error);
}

/**
 * facenet_gallery_source_has_changed: (skip)
 * @self: a source
 *
 * To be asked again and again: whether the file is another than the one that
 * was last to be loaded, and was already so when this was asked before, so that
 * its writer has finished.
 *
 * Returns: whether to load it with %FACENET_GALLERY_LOAD_CHANGED
 *
 * Since: 0.1
 */
gboolean
facenet_gallery_source_has_changed (FacenetGallerySource * self)
{
  g_autofree gchar *location = facenet_gallery_source_dup_location (self);
  FacenetFileStamp now;
  gboolean changed;

  facenet_file_stamp_take (&now, location);
  g_mutex_lock (&self->lock);
  changed = facenet_file_stamp_equal (&now, &self->seen)
      && !facenet_file_stamp_equal (&now, &self->tried);
  self->seen = now;
  g_mutex_unlock (&self->lock);
  return changed;
}

/**
 * facenet_gallery_source_dup_origin: (skip)
 * @self: a source
 *
 * Tells where the gallery in use is from, which may be elsewhere than what is
 * to be loaded next.
 *
 * Returns: (transfer full) (nullable): the file that the gallery in use is from
 *
 * Since: 0.1
 */
gchar *
facenet_gallery_source_dup_origin (FacenetGallerySource * self)
{
  gchar *origin = NULL;

  g_mutex_lock (&self->lock);
  if (self->store != NULL)
    origin = g_strdup (facenet_gallery_store_get_location (self->store));
  g_mutex_unlock (&self->lock);
  return origin;
}

/**
 * facenet_gallery_source_get: (skip)
 * @self: a source
 * @generation: (out): how many galleries were in use so far
 *
 * Takes the gallery in use, which is never changed, only replaced by another.
 *
 * Returns: (transfer full) (nullable): the gallery, %NULL before the first was
 *   loaded
 *
 * Since: 0.1
 */
FacenetGallery *
facenet_gallery_source_get (FacenetGallerySource * self, guint * generation)
{
  FacenetGallery *gallery = NULL;

  g_mutex_lock (&self->lock);
  if (self->gallery != NULL)
    gallery = facenet_gallery_ref (self->gallery);
  *generation = self->generation;
  g_mutex_unlock (&self->lock);
  return gallery;
}

/**
 * facenet_gallery_source_set_model: (skip)
 * @self: a source
 * @model_id: id of the model of the user's embeddings
 * @n_dims: their length
 *
 * Says which galleries fit, until the source is closed.
 *
 * Since: 0.1
 */
void
facenet_gallery_source_set_model (FacenetGallerySource * self,
    const gchar * model_id, guint n_dims)
{
  g_mutex_lock (&self->lock);
  if (g_strcmp0 (self->model_id, model_id) != 0) {
    g_free (self->model_id);
    self->model_id = g_strdup (model_id);
  }
  self->n_dims = n_dims;
  g_mutex_unlock (&self->lock);
}

/**
 * facenet_gallery_source_watch: (skip)
 * @self: a source
 * @func: called four times a second, by a thread of its own
 * @data: for @func
 *
 * Begins to call a function that looks after the file, unless the source is
 * closed or one is called already.
 *
 * Since: 0.1
 */
void
facenet_gallery_source_watch (FacenetGallerySource * self,
    FacenetGalleryWatchFunc func, gpointer data)
{
  g_mutex_lock (&self->lock);
  if (self->watch == NULL && self->open)
    self->watch = watch_new (func, data);
  g_mutex_unlock (&self->lock);
}

/**
 * facenet_gallery_source_unwatch: (skip)
 * @self: a source
 *
 * Ends that, after a call that is under way; not from within one.
 *
 * Since: 0.1
 */
void
facenet_gallery_source_unwatch (FacenetGallerySource * self)
{
  FacenetGalleryWatch *watch;

  g_mutex_lock (&self->lock);
  watch = g_steal_pointer (&self->watch);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&watch, watch_free);
}
