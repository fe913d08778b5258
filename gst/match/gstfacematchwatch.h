/* gstfacematchwatch.h - something that is done again and again
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A thread that calls a function four times a second. */
typedef struct _GstFaceMatchWatch GstFaceMatchWatch;

typedef void (*GstFaceMatchWatchFunc) (gpointer data);

GstFaceMatchWatch *gst_face_match_watch_new (GstFaceMatchWatchFunc func,
    gpointer data);
/* Waits for a call that is under way; not from within one. */
void gst_face_match_watch_free (GstFaceMatchWatch * self);

G_END_DECLS
