/* gstfacematchlive.h - a gallery that changes while it is used
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "gstfacematchrecent.h"
#include "gstfacematchsettings.h"
#include "gstfacematchslot.h"
#include "gstfacematchwatch.h"

G_BEGIN_DECLS

/* Ids of the properties about the gallery; the element's others begin behind
 * them. */
enum {
  GST_FACE_MATCH_PROP_GALLERY_LOCATION = GST_FACE_MATCH_N_SETTINGS,
  GST_FACE_MATCH_PROP_AUTO_RELOAD,
  GST_FACE_MATCH_PROP_IDENTITIES,
  GST_FACE_MATCH_PROP_EMBEDDINGS,
  GST_FACE_MATCH_PROP_GALLERY_GENERATION,
  GST_FACE_MATCH_N_LIVE
};

/* What facematch has to do with galleries, but searching them: it loads,
 * watches, changes and saves them, and says so on the bus. Functions that return
 * whether they did what they were asked to have posted a warning if not. */
typedef struct {
  GstElement *element;          /* not owned: it owns this */
  GstFaceMatchSlot slot;        /* has locks of its own */
  GMutex lock;
  GstFaceMatchRecent recent;    /* under the lock, like the rest */
  gboolean auto_reload;
  GstFaceMatchWatch *watch;     /* NULL until it is needed */
} GstFaceMatchLive;

void gst_face_match_live_make_properties (GParamSpec ** properties);

void gst_face_match_live_init (GstFaceMatchLive * self, GstElement * element);
void gst_face_match_live_clear (GstFaceMatchLive * self);

void gst_face_match_live_set (GstFaceMatchLive * self, guint id,
    const GValue * value);
void gst_face_match_live_get (GstFaceMatchLive * self, guint id,
    GValue * value);

/* Loads the gallery for a stream; FALSE: it posted an error. */
gboolean gst_face_match_live_start (GstFaceMatchLive * self);
void gst_face_match_live_stop (GstFaceMatchLive * self);

/* To be called for each buffer: notices a new gallery, and remembers the faces
 * so that they may be enrolled. time: the buffer's stream time. */
void gst_face_match_live_see (GstFaceMatchLive * self,
    const GstFaceMatchFaces * faces, guint n_faces, GstClockTime time);

/* To be called for each gap, which lasts to that stream time. */
void gst_face_match_live_pass (GstFaceMatchLive * self, GstClockTime time);

/* To be called where a stream begins, or goes on elsewhere: those who were seen
 * are not to be enrolled any more. */
void gst_face_match_live_forget (GstFaceMatchLive * self);

gboolean gst_face_match_live_enrol (GstFaceMatchLive * self,
    const gchar * name);
gboolean gst_face_match_live_remove (GstFaceMatchLive * self,
    const gchar * id);
gboolean gst_face_match_live_reload (GstFaceMatchLive * self);
gboolean gst_face_match_live_save (GstFaceMatchLive * self,
    const gchar * location);

G_END_DECLS
