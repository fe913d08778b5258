/* facenet-file-private.h - files read whole and written whole
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <facenet/facenet-error.h>

G_BEGIN_DECLS

/* Reads a regular file of at most max_size bytes into memory. OPEN when it
 * cannot be read, LIMIT when it is larger; returns (transfer full). */
GBytes *facenet_file_read (const gchar * location, gsize max_size,
    GError ** error);

/* Replaces a file by these bytes or leaves it as it was: a temporary file in
 * the same folder, fsync, rename, fsync of the folder. Follows a link to the
 * file it names, keeps the mode of a file that exists. OPEN on failure. */
gboolean facenet_file_write (const gchar * location, const void *data,
    gsize size, GError ** error);

G_END_DECLS
