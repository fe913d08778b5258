/* files.h - the files behind the paths of a command line
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A walk through folders that visits every file and every folder once,
 * whatever links lead there. */
typedef struct _ToolWalk ToolWalk;

/* (transfer full), for tool_walk_end(), which says on stderr how much was left
 * out. */
ToolWalk *tool_walk_new (void);
void tool_walk_end (ToolWalk * self);

/* Whether the walk comes here for the first time. */
gboolean tool_walk_enter (ToolWalk * self, const gchar * path);

/* Names in a folder, sorted, links last, as full paths; without hidden ones and
 * the leavings of file servers and desktops. NULL and error
 * (FACENET_ERROR_OPEN) when it cannot be read; (transfer full). */
GPtrArray *tool_walk_list (ToolWalk * self, const gchar * folder,
    GError ** error);

/* Adds the files of a folder and of those below it. One that cannot be read is
 * named on stderr. */
void tool_walk_expand (ToolWalk * self, const gchar * folder,
    GPtrArray * files);

/* tool_walk_list() of a folder that is the program's own. */
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
