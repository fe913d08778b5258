/* gstfacematchslot.h - the gallery in use, and the next one
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "gstfacematchstamp.h"
#include "gstfacematchstore.h"

G_BEGIN_DECLS

/* Holds the gallery of a stream, which may be replaced while it is searched:
 * whoever searches has a reference. All functions may be called from any
 * thread. */
typedef struct {
  /* Held while a gallery is loaded and put into place, so that of two loads
   * the one that began later wins. Taken before the other lock. */
  GMutex load_lock;
  GMutex lock;
  gchar *location;              /* nullable: an empty gallery */
  gboolean open;
  GstFaceMatchStore *store;     /* NULL when nothing was loaded since opening */
  FacenetGallery *gallery;      /* NULL like the store */
  guint version;                /* of the store's gallery that was looked at */
  guint generation;             /* how many galleries there were */
  gchar *model_id;              /* of the embeddings seen, NULL before the first */
  guint n_dims;
  GstFaceMatchStamp tried;      /* of the file when it was last to be loaded */
  GstFaceMatchStamp seen;       /* of the file when it was last looked at */
} GstFaceMatchSlot;

/* What came of it. */
typedef enum {
  GST_FACE_MATCH_SLOT_FAILED,   /* the old gallery stays */
  GST_FACE_MATCH_SLOT_SAME,     /* it is in use already */
  GST_FACE_MATCH_SLOT_NEW,      /* it is in use now */
  GST_FACE_MATCH_SLOT_NEW_LOST  /* and changes of the old one, which nobody
                                 * saved, are gone */
} GstFaceMatchSlotResult;

void gst_face_match_slot_init (GstFaceMatchSlot * self);
void gst_face_match_slot_clear (GstFaceMatchSlot * self);

/* Says what to load; returns whether the slot is open, that is, whether it is
 * to be loaded now. */
gboolean gst_face_match_slot_set_location (GstFaceMatchSlot * self,
    const gchar * location);
gchar *gst_face_match_slot_dup_location (GstFaceMatchSlot * self);

/* A stream begins, of whatever model; and ends. A closed slot has no gallery;
 * closing returns whether changes that nobody saved are gone with it. */
void gst_face_match_slot_open (GstFaceMatchSlot * self);
gboolean gst_face_match_slot_close (GstFaceMatchSlot * self);
gboolean gst_face_match_slot_is_open (GstFaceMatchSlot * self);

/* Loads the location and puts the gallery into place. Fails also with MISMATCH
 * when it is not of the model of the embeddings seen. */
GstFaceMatchSlotResult gst_face_match_slot_load (GstFaceMatchSlot * self,
    GstFaceMatchLoad when, GError ** error);

/* Puts into place what another element made of the store's gallery. Cheap when
 * there is nothing to do; tells once of a gallery that does not fit. */
GstFaceMatchSlotResult gst_face_match_slot_sync (GstFaceMatchSlot * self,
    GError ** error);

/* Changes the gallery, for all who share it; MISSING when there is none. */
GstFaceMatchSlotResult gst_face_match_slot_edit (GstFaceMatchSlot * self,
    GstFaceMatchEdit edit, gpointer data, GError ** error);

/* Writes the gallery to a file, NULL for the one it is from; MISSING when there
 * is no gallery, or no file. What others wrote there since is kept, or
 * MISMATCH. */
gboolean gst_face_match_slot_save (GstFaceMatchSlot * self,
    const gchar * location, GError ** error);

/* Whether the file is another than the one that was last to be loaded, and was
 * already so when this was asked before: who writes to it has finished. */
gboolean gst_face_match_slot_has_changed (GstFaceMatchSlot * self);

/* The gallery, (transfer full) (nullable), and its generation. */
FacenetGallery *gst_face_match_slot_get (GstFaceMatchSlot * self,
    guint * generation);

/* The file that the gallery in use is from, (transfer full) (nullable). */
gchar *gst_face_match_slot_dup_origin (GstFaceMatchSlot * self);

/* Remembers the model of the stream's embeddings. */
void gst_face_match_slot_see_model (GstFaceMatchSlot * self,
    const gchar * model_id, guint n_dims);

G_END_DECLS
