/* gstfacematchstore.h - the galleries that the elements of a process share
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <facenet/facenet-gallery.h>

G_BEGIN_DECLS

/* One gallery file and what is in memory of it. Elements that name the same
 * file hold the same store: the gallery is in memory once, and who is enrolled
 * at one door is known at all. The gallery itself is never changed, only
 * replaced by another; each replacement has a new version. All functions may
 * be called from any thread. */
typedef struct _GstFaceMatchStore GstFaceMatchStore;

/* When to read the file. */
typedef enum {
  GST_FACE_MATCH_LOAD_ALWAYS,   /* what was changed in memory is forgotten */
  GST_FACE_MATCH_LOAD_SHARED,   /* unless it was read since it last changed, or
                                 * the gallery was changed in memory */
  GST_FACE_MATCH_LOAD_CHANGED   /* unless it was read since it last changed;
                                 * MISMATCH if both were changed */
} GstFaceMatchLoad;

/* Makes a change to a copy of the gallery; FALSE: the copy is thrown away. */
typedef gboolean (*GstFaceMatchEdit) (FacenetGallery ** gallery,
    gpointer data, GError ** error);

/* The store of a file, or a new, empty one of its own for NULL; (transfer
 * full). */
GstFaceMatchStore *gst_face_match_store_get (const gchar * location);
GstFaceMatchStore *gst_face_match_store_ref (GstFaceMatchStore * self);
void gst_face_match_store_unref (GstFaceMatchStore * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstFaceMatchStore, gst_face_match_store_unref)

/* The file, NULL for none; owned by the store. */
const gchar *gst_face_match_store_get_location (const GstFaceMatchStore *
    self);

/* Changes with every gallery; 0: none was loaded yet. */
guint gst_face_match_store_get_version (GstFaceMatchStore * self);

/* The gallery, (transfer full) (nullable), and its version. */
FacenetGallery *gst_face_match_store_get_gallery (GstFaceMatchStore * self,
    guint * version);

/* Reads the file. The gallery stays when that fails, or with MISMATCH when
 * what is read is not of the model of that id, NULL for any. */
gboolean gst_face_match_store_load (GstFaceMatchStore * self,
    GstFaceMatchLoad when, const gchar * model_id, guint n_dims,
    GError ** error);

gboolean gst_face_match_store_edit (GstFaceMatchStore * self,
    GstFaceMatchEdit edit, gpointer data, GError ** error);

/* Writes the gallery to a file, NULL for the store's own. What others wrote to
 * that one since it was read stays there and is read, or the two do not fit
 * together, which is MISMATCH. */
gboolean gst_face_match_store_save (GstFaceMatchStore * self,
    const gchar * location, GError ** error);

/* Whether the caller's reference is the last one to a gallery with changes that
 * were not saved. */
gboolean gst_face_match_store_is_unsaved (GstFaceMatchStore * self);

G_END_DECLS
