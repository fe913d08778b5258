/* gstfacematchgallery.h - the gallery of an element
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-gallery-source.h>

#include "gstfacematchenrolment.h"
#include "gstfacematchsettings.h"

G_BEGIN_DECLS

/* Ids of the properties about the gallery; the element's others begin behind
 * them. */
enum {
  GST_FACE_MATCH_PROP_GALLERY_LOCATION = GST_FACE_MATCH_N_SETTINGS,
  GST_FACE_MATCH_PROP_AUTO_RELOAD,
  GST_FACE_MATCH_PROP_IDENTITIES,
  GST_FACE_MATCH_PROP_EMBEDDINGS,
  GST_FACE_MATCH_PROP_GALLERY_GENERATION,
  GST_FACE_MATCH_N_GALLERY
};

/* What facematch has to do with galleries, but searching them: it loads,
 * watches, changes and saves them, and says so on the bus. Functions that return
 * whether they did what they were asked to have posted a warning if not. */
typedef struct {
  GstElement *element;          /* not owned: it owns this */
  FacenetGallerySource *source;
  GMutex lock;
  GstFaceMatchEnrollable enrollable;    /* under the lock, like the rest */
  gboolean auto_reload;
} GstFaceMatchGallery;

void gst_face_match_gallery_make_properties (GParamSpec ** properties);

void gst_face_match_gallery_init (GstFaceMatchGallery * self, GstElement * element);
void gst_face_match_gallery_clear (GstFaceMatchGallery * self);

void gst_face_match_gallery_set (GstFaceMatchGallery * self, guint id,
    const GValue * value);
void gst_face_match_gallery_get (GstFaceMatchGallery * self, guint id,
    GValue * value);

/* Loads the gallery for a stream; FALSE: it posted an error. */
gboolean gst_face_match_gallery_start (GstFaceMatchGallery * self);
void gst_face_match_gallery_stop (GstFaceMatchGallery * self);

/* To be called for each buffer: notices a new gallery, and remembers the faces
 * so that they may be enrolled. time: the buffer's stream time. */
void gst_face_match_gallery_see (GstFaceMatchGallery * self,
    const GstFaceMatchFaces * faces, guint n_faces, GstClockTime time);

/* To be called for each gap, which lasts to that stream time. */
void gst_face_match_gallery_pass (GstFaceMatchGallery * self, GstClockTime time);

/* To be called where a stream begins, or goes on elsewhere: those who were seen
 * are not to be enrolled any more. */
void gst_face_match_gallery_forget (GstFaceMatchGallery * self);

gboolean gst_face_match_gallery_enrol (GstFaceMatchGallery * self,
    const gchar * name);
gboolean gst_face_match_gallery_remove (GstFaceMatchGallery * self,
    const gchar * id);
gboolean gst_face_match_gallery_reload (GstFaceMatchGallery * self);
gboolean gst_face_match_gallery_save (GstFaceMatchGallery * self,
    const gchar * location);

G_END_DECLS
