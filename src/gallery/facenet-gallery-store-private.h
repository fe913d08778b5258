/* facenet-gallery-store-private.h - the galleries that a process shares
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-gallery-source.h>

G_BEGIN_DECLS

/* One gallery file and what is in memory of it. Sources that name the same
 * file hold the same store: the gallery is in memory once, and who is enrolled
 * by one is known to all. The gallery itself is never changed, only
 * replaced by another; each replacement has a new version. All functions may
 * be called from any thread. */
typedef struct _FacenetGalleryStore FacenetGalleryStore;

/* The store of a file, or a new, empty one of its own for NULL; (transfer
 * full). */
FacenetGalleryStore *facenet_gallery_store_get (const gchar * location);
FacenetGalleryStore *facenet_gallery_store_ref (FacenetGalleryStore * self);
void facenet_gallery_store_unref (FacenetGalleryStore * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetGalleryStore, facenet_gallery_store_unref)

/* The file, NULL for none; owned by the store. */
const gchar *facenet_gallery_store_get_location (const FacenetGalleryStore *
    self);

/* Changes with every gallery; 0: none was loaded yet. */
guint facenet_gallery_store_get_version (FacenetGalleryStore * self);

/* The gallery, (transfer full) (nullable), and its version. */
FacenetGallery *facenet_gallery_store_get_gallery (FacenetGalleryStore * self,
    guint * version);

/* Reads the file. The gallery stays when that fails, or with MISMATCH when
 * what is read is not of the model of that id, NULL for any. */
gboolean facenet_gallery_store_load (FacenetGalleryStore * self,
    FacenetGalleryLoad when, const gchar * model_id, guint n_dims,
    GError ** error);

gboolean facenet_gallery_store_edit (FacenetGalleryStore * self,
    FacenetGalleryEditFunc edit, gpointer data, GError ** error);

/* Writes the gallery to a file, NULL for the store's own. What others wrote to
 * that one since it was read stays there and is read, or the two do not fit
 * together, which is MISMATCH. */
gboolean facenet_gallery_store_save (FacenetGalleryStore * self,
    const gchar * location, GError ** error);

/* Whether the caller's reference is the last one to a gallery with changes that
 * were not saved. */
gboolean facenet_gallery_store_is_unsaved (FacenetGalleryStore * self);

G_END_DECLS
