/* gstfacematchslot.h - the gallery in use, and the next one
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <facenet/facenet-gallery.h>

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
  FacenetGallery *gallery;      /* NULL when nothing was loaded since opening */
  guint generation;             /* how many galleries there were */
  gchar *model_id;              /* of the embeddings seen, NULL before the first */
  guint n_dims;
} GstFaceMatchSlot;

void gst_face_match_slot_init (GstFaceMatchSlot * self);
void gst_face_match_slot_clear (GstFaceMatchSlot * self);

/* Says what to load; returns whether the slot is open, that is, whether it is
 * to be loaded now. */
gboolean gst_face_match_slot_set_location (GstFaceMatchSlot * self,
    const gchar * location);
gchar *gst_face_match_slot_dup_location (GstFaceMatchSlot * self);

/* A stream begins, of whatever model; and ends. A closed slot has no
 * gallery. */
void gst_face_match_slot_open (GstFaceMatchSlot * self);
void gst_face_match_slot_close (GstFaceMatchSlot * self);

/* Loads the location and puts the gallery into place. On failure, which
 * includes MISMATCH with the embeddings seen, the old one stays. location is
 * what was loaded, NULL for the empty gallery; returns (transfer full). */
FacenetGallery *gst_face_match_slot_load (GstFaceMatchSlot * self,
    gchar ** location, GError ** error);

/* The gallery, (transfer full) (nullable), and its generation. */
FacenetGallery *gst_face_match_slot_get (GstFaceMatchSlot * self,
    guint * generation);

/* Remembers the model of the stream's embeddings. */
void gst_face_match_slot_see_model (GstFaceMatchSlot * self,
    const gchar * model_id, guint n_dims);

G_END_DECLS
