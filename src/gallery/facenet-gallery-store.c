/* facenet-gallery-store.c - the galleries that a process shares
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A table holds the stores in use under the names of their files. A change of
 * a gallery, by reading its file or by enrolling, holds the edit lock of the
 * store all along; the other lock is only held to exchange a pointer,
 * so that a search never waits for a file.
 */
#include "gallery/facenet-gallery-store-private.h"

#include "base/facenet-file-private.h"

struct _FacenetGalleryStore
{
  guint n_refs;                 /* under the lock of the table */
  gchar *key;                   /* in the table; NULL when not in it */
  gchar *location;              /* NULL: no file */

  GMutex edit_lock;             /* taken before the other one */
  FacenetFileStamp stamp;       /* of the file that was read, edit lock */
  gboolean changed;             /* in memory since, edit lock */

  GMutex lock;
  FacenetGallery *gallery;      /* NULL before the first load */
  guint version;
};

/* Stores in use by key; holds no references. */
static GMutex table_lock;
static GHashTable *table;

static FacenetGalleryStore *
store_new (const gchar * location)
{
  FacenetGalleryStore *self = g_new0 (FacenetGalleryStore, 1);

  self->n_refs = 1;
  self->location = g_strdup (location);
  g_mutex_init (&self->edit_lock);
  g_mutex_init (&self->lock);
  return self;
}

static void
store_free (FacenetGalleryStore * self)
{
  g_clear_pointer (&self->gallery, facenet_gallery_unref);
  g_mutex_clear (&self->edit_lock);
  g_mutex_clear (&self->lock);
  g_free (self->location);
  g_free (self->key);
  g_free (self);
}

/* A key is made without asking the file system, which may answer otherwise
 * tomorrow; where ".." after a link leads one name to two files, they are not
 * shared. */
static gboolean
names_same_file (const gchar * a, const gchar * b)
{
  FacenetFileStamp first, second;

  facenet_file_stamp_take (&first, a);
  facenet_file_stamp_take (&second, b);
  return first.device == second.device && first.inode == second.inode;
}

FacenetGalleryStore *
facenet_gallery_store_get (const gchar * location)
{
  g_autofree gchar *key = NULL;
  FacenetGalleryStore *self;

  if (location == NULL)
    return store_new (NULL);
  key = g_canonicalize_filename (location, NULL);

  g_mutex_lock (&table_lock);
  if (table == NULL)
    table = g_hash_table_new (g_str_hash, g_str_equal);
  self = g_hash_table_lookup (table, key);
  if (self == NULL) {
    self = store_new (location);
    self->key = g_steal_pointer (&key);
    g_hash_table_insert (table, self->key, self);
  } else if (names_same_file (location, self->location)) {
    self->n_refs++;
  } else {
    self = store_new (location);
  }
  g_mutex_unlock (&table_lock);
  return self;
}

FacenetGalleryStore *
facenet_gallery_store_ref (FacenetGalleryStore * self)
{
  g_mutex_lock (&table_lock);
  self->n_refs++;
  g_mutex_unlock (&table_lock);
  return self;
}

void
facenet_gallery_store_unref (FacenetGalleryStore * self)
{
  gboolean last;

  g_mutex_lock (&table_lock);
  last = --self->n_refs == 0;
  if (last && self->key != NULL)
    g_hash_table_remove (table, self->key);
  g_mutex_unlock (&table_lock);
  if (last)
    store_free (self);
}

const gchar *
facenet_gallery_store_get_location (const FacenetGalleryStore * self)
{
  return self->location;
}

guint
facenet_gallery_store_get_version (FacenetGalleryStore * self)
{
  guint version;

  g_mutex_lock (&self->lock);
  version = self->version;
  g_mutex_unlock (&self->lock);
  return version;
}

FacenetGallery *
facenet_gallery_store_get_gallery (FacenetGalleryStore * self, guint * version)
{
  FacenetGallery *gallery = NULL;

  g_mutex_lock (&self->lock);
  if (self->gallery != NULL)
    gallery = facenet_gallery_ref (self->gallery);
  *version = self->version;
  g_mutex_unlock (&self->lock);
  return gallery;
}

/* Puts a gallery into place; takes it. With the edit lock. */
static void
publish (FacenetGalleryStore * self, FacenetGallery * gallery)
{
  FacenetGallery *old;

  g_mutex_lock (&self->lock);
  old = self->gallery;
  self->gallery = gallery;
  self->version++;
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&old, facenet_gallery_unref);
}

/* Whether the file has to be read. With the edit lock. */
static gboolean
check_changed (FacenetGalleryStore * self, FacenetGalleryLoad when,
    const FacenetFileStamp * now, gboolean * read, GError ** error)
{
  *read = TRUE;
  if (when == FACENET_GALLERY_LOAD_ALWAYS || self->version == 0)
    return TRUE;
  if (facenet_file_stamp_equal (now, &self->stamp)
      || (self->changed && when == FACENET_GALLERY_LOAD_SHARED)) {
    *read = FALSE;
    return TRUE;
  }
  if (!self->changed)
    return TRUE;
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH,
      "%s: the file has changed, and so has the gallery in memory, which was "
      "not saved: saving it keeps both, loading it again forgets the latter",
      self->location);
  return FALSE;
}

/* With the edit lock. */
static gboolean
read_file (FacenetGalleryStore * self, const FacenetFileStamp * now,
    const gchar * model_id, guint n_dims, GError ** error)
{
  g_autoptr (FacenetGallery) gallery = NULL;

  if (self->location != NULL)
    gallery = facenet_gallery_load (self->location, error);
  else
    gallery = facenet_gallery_new (NULL);
  if (gallery == NULL || (model_id != NULL
          && !facenet_gallery_check_model (gallery, model_id, n_dims, error)))
    return FALSE;
  self->stamp = *now;
  self->changed = FALSE;
  publish (self, g_steal_pointer (&gallery));
  return TRUE;
}

gboolean
facenet_gallery_store_load (FacenetGalleryStore * self, FacenetGalleryLoad when,
    const gchar * model_id, guint n_dims, GError ** error)
{
  FacenetFileStamp now;
  gboolean done, read;

  g_mutex_lock (&self->edit_lock);
  /* Before reading: a change while the file is read is noticed later. */
  facenet_file_stamp_take (&now, self->location);
  done = check_changed (self, when, &now, &read, error);
  if (done && read)
    done = read_file (self, &now, model_id, n_dims, error);
  g_mutex_unlock (&self->edit_lock);
  return done;
}

gboolean
facenet_gallery_store_edit (FacenetGalleryStore * self,
    FacenetGalleryEditFunc edit, gpointer data, GError ** error)
{
  g_autoptr (FacenetGallery) gallery = NULL;
  gboolean done;

  g_mutex_lock (&self->edit_lock);
  gallery = facenet_gallery_copy (self->gallery);
  done = edit (&gallery, data, error);
  if (done) {
    self->changed = TRUE;
    publish (self, g_steal_pointer (&gallery));
  }
  g_mutex_unlock (&self->edit_lock);
  return done;
}

static gboolean
is_own_file (const FacenetGalleryStore * self, const gchar * location)
{
  return self->location != NULL && names_same_file (location, self->location);
}

/* The own file is as the gallery by now, or more: others may have put something
 * there, which saving has kept and which is read. With the edit lock. */
static gboolean
take_saved (FacenetGalleryStore * self, const FacenetFileStamp * before,
    GError ** error)
{
  FacenetFileStamp now;
  gboolean same = facenet_file_stamp_equal (before, &self->stamp);

  facenet_file_stamp_take (&now, self->location);
  if (!same && before->inode != 0)
    return read_file (self, &now, NULL, 0, error);
  self->stamp = now;
  self->changed = FALSE;
  return TRUE;
}

gboolean
facenet_gallery_store_save (FacenetGalleryStore * self, const gchar * location,
    GError ** error)
{
  FacenetFileStamp before;
  gboolean done;

  g_mutex_lock (&self->edit_lock);
  if (location == NULL)
    location = self->location;
  facenet_file_stamp_take (&before, location);
  done = facenet_gallery_save (self->gallery, location, error);
  /* Asked afterwards: before, neither file may have been there. */
  if (done && is_own_file (self, location))
    done = take_saved (self, &before, error);
  else if (done && self->location == NULL)
    self->changed = FALSE;
  g_mutex_unlock (&self->edit_lock);
  return done;
}

gboolean
facenet_gallery_store_is_unsaved (FacenetGalleryStore * self)
{
  gboolean last, changed;

  g_mutex_lock (&table_lock);
  last = self->n_refs == 1;
  g_mutex_unlock (&table_lock);
  g_mutex_lock (&self->edit_lock);
  changed = self->changed;
  g_mutex_unlock (&self->edit_lock);
  return last && changed;
}
