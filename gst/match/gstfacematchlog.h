/* gstfacematchlog.h - events as lines of a file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/facenet/gstfaceembeddingmeta.h>
#include <gst/gst.h>

G_BEGIN_DECLS

/* A file that grows by a line of JSON per event. All functions may be called
 * from any thread. */
typedef struct {
  GMutex lock;
  gchar *location;              /* nullable: no log */
  gboolean open;                /* whether the element has started */
  gint fd;                      /* -1 when there is none */
  guint64 device, inode;        /* of fd */
  gboolean torn;                /* the last line was not written whole */
  gboolean failed;              /* and somebody was told */
} GstFaceMatchLog;

/* The spec of the property that names the file. */
GParamSpec *gst_face_match_log_make_property (void);

void gst_face_match_log_init (GstFaceMatchLog * self);
void gst_face_match_log_clear (GstFaceMatchLog * self);

/* Where to write. Between start and stop the file is opened at once, also when
 * it is the same as before; FALSE with FACENET_ERROR_OPEN when that fails. */
gboolean gst_face_match_log_set_location (GstFaceMatchLog * self,
    const gchar * location, GError ** error);
gchar *gst_face_match_log_dup_location (GstFaceMatchLog * self);

gboolean gst_face_match_log_start (GstFaceMatchLog * self, GError ** error);
void gst_face_match_log_stop (GstFaceMatchLog * self);

/* Whether there is somewhere to write to. */
gboolean gst_face_match_log_is_wanted (GstFaceMatchLog * self);

/* Writes the fields of a message as a line, with the wall-clock time in front
 * and, if face is not NULL, its embedding behind. FALSE, with an error when it
 * is the first in a row: it could not be written. */
gboolean gst_face_match_log_write (GstFaceMatchLog * self,
    const GstStructure * structure, const GstFaceEmbeddingMeta * face,
    GError ** error);

G_END_DECLS
