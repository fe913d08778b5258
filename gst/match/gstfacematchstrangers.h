/* gstfacematchstrangers.h - people nobody knows, told apart
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <facenet/facenet-gallery.h>
#include <facenet/facenet-track.h>

G_BEGIN_DECLS

/* The unknown people of a stream, numbered from 1 in the order in which they
 * came. The
 * thousand who were seen last are remembered. */
typedef struct {
  GArray *people;               /* of GstFaceMatchStranger */
  guint n_named;                /* the last number that was given */
} GstFaceMatchStrangers;

void gst_face_match_strangers_init (GstFaceMatchStrangers * self);
void gst_face_match_strangers_clear (GstFaceMatchStrangers * self);

/* Forgets everybody; numbers begin anew. */
void gst_face_match_strangers_reset (GstFaceMatchStrangers * self);

/* Whose face the mean of a track is: a number that no other track of this
 * frame has, of somebody within a squared L2 distance, else a new one that
 * nobody in the gallery has in an id "unknown-<number>". */
guint gst_face_match_strangers_find (GstFaceMatchStrangers * self,
    const FacenetTrack * track, gdouble threshold,
    const FacenetGallery * gallery, guint64 frame);

/* That a stranger is on this frame and, unless the track is NULL, looks like
 * this now. */
void gst_face_match_strangers_see (GstFaceMatchStrangers * self,
    guint number, const FacenetTrack * track, guint64 frame);

G_END_DECLS
