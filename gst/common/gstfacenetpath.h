/* gstfacenetpath.h - file names that stay the same file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The absolute name of a file, for a property that names one: the program may
 * change its folder between setting and opening. NULL for NULL and an empty
 * name as it is; (transfer full). Links and ".." are not resolved: what they
 * lead to may change. */
static inline gchar *
gst_facenet_path_make_absolute (const gchar * location)
{
  g_autofree gchar *folder = NULL;

  if (location == NULL || *location == '\0' || g_path_is_absolute (location))
    return g_strdup (location);
  folder = g_get_current_dir ();
  return g_build_filename (folder, location, NULL);
}

/* Sets such a property. */
static inline void
gst_facenet_path_set (gchar ** path, const GValue * value)
{
  g_free (*path);
  *path = gst_facenet_path_make_absolute (g_value_get_string (value));
}

G_END_DECLS
