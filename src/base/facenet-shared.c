/* facenet-shared.c - what is read from a file once per process
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "base/facenet-shared-private.h"

#include <glib/gstdio.h>

/* Changes with the file's identity and contents, as far as stat() tells. Of a
 * folder it does not tell, so that has no key. */
static gchar *
make_key (const gchar * location, const gchar * variant)
{
  GStatBuf info;

  if (g_stat (location, &info) != 0 || S_ISDIR (info.st_mode))
    return NULL;
  return g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT ":%"
      G_GINT64_FORMAT ":%" G_GINT64_FORMAT ".%09ld:%s",
      (guint64) info.st_dev, (guint64) info.st_ino, (gint64) info.st_size,
      (gint64) info.st_mtim.tv_sec, info.st_mtim.tv_nsec,
      variant != NULL ? variant : "");
}

void
facenet_shared_init (gpointer thing)
{
  FacenetShared *shared = thing;

  shared->n_refs = 1;
  shared->key = NULL;
}

gpointer
facenet_shared_load (FacenetSharedTable * self, const gchar * location,
    const gchar * variant, FacenetSharedLoad load, GError ** error)
{
  g_autofree gchar *key = make_key (location, variant);
  FacenetShared *shared;

  g_mutex_lock (&self->lock);
  if (self->in_use == NULL)
    self->in_use = g_hash_table_new (g_str_hash, g_str_equal);
  shared = key != NULL ? g_hash_table_lookup (self->in_use, key) : NULL;
  if (shared != NULL) {
    shared->n_refs++;
  } else {
    shared = load (location, variant, error);
    if (shared != NULL && key != NULL) {
      shared->key = g_steal_pointer (&key);
      g_hash_table_insert (self->in_use, shared->key, shared);
    }
  }
  g_mutex_unlock (&self->lock);
  return shared;
}

void
facenet_shared_ref (FacenetSharedTable * self, gpointer thing)
{
  FacenetShared *shared = thing;

  g_mutex_lock (&self->lock);
  shared->n_refs++;
  g_mutex_unlock (&self->lock);
}

gboolean
facenet_shared_unref (FacenetSharedTable * self, gpointer thing)
{
  FacenetShared *shared = thing;
  gboolean last;

  g_mutex_lock (&self->lock);
  last = --shared->n_refs == 0;
  if (last && shared->key != NULL)
    g_hash_table_remove (self->in_use, shared->key);
  g_mutex_unlock (&self->lock);
  return last;
}

void
facenet_shared_clear (gpointer thing)
{
  FacenetShared *shared = thing;

  g_clear_pointer (&shared->key, g_free);
}
