/* facenet-file-private.h - files read whole and written whole
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-error.h>

G_BEGIN_DECLS

/* What tells a file from what it was before: another file under the same name
 * has another inode, other contents of the same file another time. All zero:
 * there is no file. */
typedef struct {
  guint64 device, inode, size;
  gint64 seconds, nanoseconds;
} FacenetFileStamp;

void facenet_file_stamp_take (FacenetFileStamp * self,
    const gchar * location);
gboolean facenet_file_stamp_equal (const FacenetFileStamp * a,
    const FacenetFileStamp * b);

/* An absolute name of the file without links in it, also when it is not
 * there; (transfer full). */
gchar *facenet_file_resolve (const gchar * location);

/* Reads a regular file of at most max_size bytes into memory. OPEN when it
 * cannot be read, LIMIT when it is larger; returns (transfer full). */
GBytes *facenet_file_read (const gchar * location, gsize max_size,
    GError ** error);
GBytes *facenet_file_read_stamped (const gchar * location, gsize max_size,
    FacenetFileStamp * stamp, GError ** error);

/* Whether facenet_file_write() may replace it; OPEN says why not. */
gboolean facenet_file_check_writable (const gchar * location,
    GError ** error);

/* Replaces a file by these bytes or leaves it as it was: a temporary file in
 * the same folder, fsync, rename, fsync of the folder. Follows a link to the
 * file it names, keeps the mode of a file that exists; a file that is a mount
 * is written in place. OPEN on failure. */
gboolean facenet_file_write (const gchar * location, const void *data,
    gsize size, GError ** error);

/* The same, but MISMATCH when another file is there than expected. */
gboolean facenet_file_write_if (const gchar * location, const void *data,
    gsize size, const FacenetFileStamp * expected, GError ** error);

/* Keeps other writers of a file away; file descriptors, -1 for none. */
typedef struct {
  int folder;
  int file;
} FacenetFileLock;

/* OPEN when another writer has the lock for longer than wait_ms. */
gboolean facenet_file_lock (FacenetFileLock * self, const gchar * target,
    guint wait_ms, GError ** error);
void facenet_file_unlock (FacenetFileLock * self);

G_END_DECLS
