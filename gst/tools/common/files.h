/* files.h - the files behind the paths of a command line
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Names in a folder, sorted, without hidden ones, as full paths; NULL and
 * error (FACENET_ERROR_OPEN) when it cannot be read; (transfer full). */
GPtrArray *tool_files_list (const gchar * folder, GError ** error);

/* A path that is no folder stands for itself, a folder for all files in it
 * and below. Folders that cannot be read are named on stderr; (transfer full)
 * (element-type filename). */
GPtrArray *tool_files_expand (const gchar * const *paths);

/* Whether there is something other than a file: a folder, a device, a pipe. */
gboolean tool_files_is_special (const gchar * location);

/* Whether a file can be put at location, or into the folder that is there;
 * better to fail now than after an hour of work. */
gboolean tool_files_check_writable (const gchar * location, GError ** error);

G_END_DECLS
