/* gstfacematchstamp.h - whether a file is still the one that was read
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>
#include <glib/gstdio.h>

G_BEGIN_DECLS

/* What stat() tells of a file. All zero: there is none. Another file under
 * the same name has another inode, the same file with other contents another
 * time. */
typedef struct {
  guint64 device, inode, size;
  gint64 seconds, nanoseconds;
} GstFaceMatchStamp;

static inline void
gst_face_match_stamp_take (GstFaceMatchStamp * self, const gchar * location)
{
  GStatBuf info;

  self->device = self->inode = self->size = 0;
  self->seconds = self->nanoseconds = 0;
  if (location == NULL || g_stat (location, &info) != 0)
    return;
  self->device = (guint64) info.st_dev;
  self->inode = (guint64) info.st_ino;
  self->size = (guint64) info.st_size;
  self->seconds = (gint64) info.st_mtim.tv_sec;
  self->nanoseconds = (gint64) info.st_mtim.tv_nsec;
}

static inline gboolean
gst_face_match_stamp_equal (const GstFaceMatchStamp * a,
    const GstFaceMatchStamp * b)
{
  return a->device == b->device && a->inode == b->inode && a->size == b->size
      && a->seconds == b->seconds && a->nanoseconds == b->nanoseconds;
}

/* Whether both are, or were, the same file. */
static inline gboolean
gst_face_match_stamp_same_file (const GstFaceMatchStamp * a,
    const GstFaceMatchStamp * b)
{
  return a->device == b->device && a->inode == b->inode;
}

G_END_DECLS
