/* facenet-gallery-source.h - a gallery that follows its file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A program that runs for months searches a gallery that changes meanwhile:
 * its file is replaced, people are enrolled, another part of the program uses
 * the same file. A source has the gallery to search now, and the next one.
 * Sources of one process that name the same file share one gallery, which is
 * in memory once; a change by one is there for all.
 */
#pragma once

#include <facenet/facenet-gallery.h>

G_BEGIN_DECLS

/**
 * FacenetGallerySource: (skip)
 *
 * One user's view of a gallery file. All functions may be called from any
 * thread.
 */
typedef struct _FacenetGallerySource FacenetGallerySource;

/**
 * FacenetGallerySourceResult: (skip)
 * @FACENET_GALLERY_SOURCE_FAILED: the gallery in use stays
 * @FACENET_GALLERY_SOURCE_SAME: it is in use already
 * @FACENET_GALLERY_SOURCE_NEW: another gallery is in use now
 * @FACENET_GALLERY_SOURCE_NEW_LOST: the same, and changes of the old one, which
 *   were not saved, are gone
 *
 * What came of it.
 */
typedef enum {
  FACENET_GALLERY_SOURCE_FAILED,
  FACENET_GALLERY_SOURCE_SAME,
  FACENET_GALLERY_SOURCE_NEW,
  FACENET_GALLERY_SOURCE_NEW_LOST
} FacenetGallerySourceResult;

/**
 * FacenetGalleryLoad: (skip)
 * @FACENET_GALLERY_LOAD_ALWAYS: what was changed in memory is forgotten
 * @FACENET_GALLERY_LOAD_SHARED: unless it was read since it last changed, or the
 *   gallery was changed in memory
 * @FACENET_GALLERY_LOAD_CHANGED: unless it was read since it last changed;
 *   %FACENET_ERROR_MISMATCH if both were changed
 *
 * When to read the file.
 */
typedef enum {
  FACENET_GALLERY_LOAD_ALWAYS,
  FACENET_GALLERY_LOAD_SHARED,
  FACENET_GALLERY_LOAD_CHANGED
} FacenetGalleryLoad;

/**
 * FacenetGalleryEditFunc: (skip)
 * @gallery: (inout): a copy of the gallery in use, to be changed or exchanged
 * @data: as given
 * @error: return location for a #GError
 *
 * Makes a change.
 *
 * Returns: %FALSE to throw the copy away
 */
typedef gboolean (*FacenetGalleryEditFunc) (FacenetGallery ** gallery,
    gpointer data, GError ** error);

/**
 * FacenetGalleryWatchFunc: (skip)
 * @data: as given
 *
 * Called by a thread of its own, four times a second.
 */
typedef void (*FacenetGalleryWatchFunc) (gpointer data);

FACENET_API FacenetGallerySource *facenet_gallery_source_new (void);
FACENET_API void facenet_gallery_source_free (FacenetGallerySource * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetGallerySource,
    facenet_gallery_source_free)

FACENET_API gboolean facenet_gallery_source_set_location (FacenetGallerySource
    * self, const gchar * location);
FACENET_API gchar *facenet_gallery_source_dup_location (FacenetGallerySource *
    self);

FACENET_API void facenet_gallery_source_open (FacenetGallerySource * self);
FACENET_API gboolean facenet_gallery_source_close (FacenetGallerySource *
    self);
FACENET_API gboolean facenet_gallery_source_is_open (FacenetGallerySource *
    self);

FACENET_API FacenetGallerySourceResult facenet_gallery_source_load
    (FacenetGallerySource * self, FacenetGalleryLoad when, GError ** error);
FACENET_API FacenetGallerySourceResult facenet_gallery_source_sync
    (FacenetGallerySource * self, GError ** error);
FACENET_API FacenetGallerySourceResult facenet_gallery_source_edit
    (FacenetGallerySource * self, FacenetGalleryEditFunc edit, gpointer data,
    GError ** error);
FACENET_API gboolean facenet_gallery_source_save (FacenetGallerySource * self,
    const gchar * location, GError ** error);

FACENET_API gboolean facenet_gallery_source_has_changed (FacenetGallerySource *
    self);
FACENET_API void facenet_gallery_source_watch (FacenetGallerySource * self,
    FacenetGalleryWatchFunc func, gpointer data);
FACENET_API void facenet_gallery_source_unwatch (FacenetGallerySource * self);

FACENET_API FacenetGallery *facenet_gallery_source_get (FacenetGallerySource *
    self, guint * generation);
FACENET_API gchar *facenet_gallery_source_dup_origin (FacenetGallerySource *
    self);
FACENET_API void facenet_gallery_source_set_model (FacenetGallerySource *
    self, const gchar * model_id, guint n_dims);

G_END_DECLS
