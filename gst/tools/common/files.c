/* files.c - the files behind the paths of a command line
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "files.h"
#include "console.h"

#include <errno.h>
#include <facenet/facenet-error.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* What file servers, archives and desktops leave in folders: thumbnails, waste
 * and what is not for users. Names with a dot before them are hidden. */
static const gchar *const litter[] = {
  "@eaDir", "#recycle", "@Recycle", "@Recently-Snapshot", "#snapshot",
  "__MACOSX", "lost+found", "$RECYCLE.BIN", "System Volume Information",
  "Thumbs.db", "desktop.ini", NULL
};

struct _ToolWalk
{
  GHashTable *seen;             /* "device:inode" of files and folders */
  guint n_litter;
  guint n_twice;
};

ToolWalk *
tool_walk_new (void)
{
  ToolWalk *self = g_new0 (ToolWalk, 1);

  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
tool_walk_end (ToolWalk * self)
{
  if (self->n_litter > 0)
    tool_message ("%u hidden files and leavings of file servers, such as "
        "@eaDir, are left out", self->n_litter);
  if (self->n_twice > 0)
    tool_message ("%u links to what is read already are left out",
        self->n_twice);
  g_hash_table_unref (self->seen);
  g_free (self);
}

gboolean
tool_walk_enter (ToolWalk * self, const gchar * path)
{
  GStatBuf info;

  /* One that is not there, or may not be seen, is told of when it is read. */
  if (g_stat (path, &info) != 0
      || g_hash_table_add (self->seen,
          g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
              (guint64) info.st_dev, (guint64) info.st_ino)))
    return TRUE;
  self->n_twice++;
  return FALSE;
}

/* By name, but links behind all else: what they lead to is then seen under its
 * own name. */
static gint
compare_paths (gconstpointer a, gconstpointer b)
{
  const gchar *one = *(const gchar * const *) a;
  const gchar *other = *(const gchar * const *) b;
  gboolean is_link = g_file_test (one, G_FILE_TEST_IS_SYMLINK);

  if (is_link != g_file_test (other, G_FILE_TEST_IS_SYMLINK))
    return is_link ? 1 : -1;
  return strcmp (one, other);
}

GPtrArray *
tool_walk_list (ToolWalk * self, const gchar * folder, GError ** error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) cause = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &cause);
  const gchar *name;

  if (dir == NULL) {
    g_autofree gchar *display = g_filename_display_name (folder);

    g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN, "%s: %s", display,
        cause->message);
    return NULL;
  }
  while ((name = g_dir_read_name (dir)) != NULL) {
    if (name[0] == '.' || g_strv_contains (litter, name))
      self->n_litter++;
    else
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  }
  g_ptr_array_sort (paths, compare_paths);
  return g_steal_pointer (&paths);
}

GPtrArray *
tool_files_list (const gchar * folder, GError ** error)
{
  ToolWalk *walk = tool_walk_new ();
  GPtrArray *paths = tool_walk_list (walk, folder, error);

  walk->n_litter = 0;
  tool_walk_end (walk);
  return paths;
}

void
tool_walk_expand (ToolWalk * self, const gchar * folder, GPtrArray * files)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) children = tool_walk_list (self, folder, &error);

  if (children == NULL) {
    tool_message ("%s", error->message);
    return;
  }
  for (guint i = 0; i < children->len; i++) {
    const gchar *path = g_ptr_array_index (children, i);

    if (!tool_walk_enter (self, path))
      continue;
    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      tool_walk_expand (self, path, files);
    else
      g_ptr_array_add (files, g_strdup (path));
  }
}

GPtrArray *
tool_files_expand (const gchar * const *paths)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  ToolWalk *walk = tool_walk_new ();

  for (guint i = 0; paths[i]; i++) {
    if (!g_file_test (paths[i], G_FILE_TEST_IS_DIR))
      g_ptr_array_add (files, g_strdup (paths[i]));
    else if (tool_walk_enter (walk, paths[i]))
      tool_walk_expand (walk, paths[i], files);
  }
  tool_walk_end (walk);
  return files;
}

gboolean
tool_files_is_special (const gchar * location)
{
  return g_file_test (location, G_FILE_TEST_EXISTS)
      && !g_file_test (location, G_FILE_TEST_IS_REGULAR);
}

gboolean
tool_files_check_writable (const gchar * location, GError ** error)
{
  g_autofree gchar *folder = g_path_get_dirname (location);

  if (tool_files_is_special (location)) {
    if (access (location, W_OK) == 0)
      return TRUE;
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
        "%s: cannot be written: %s", location, g_strerror (errno));
    return FALSE;
  }
  if (access (folder, W_OK) == 0)
    return TRUE;
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
      "%s: cannot be written: folder %s: %s", location, folder,
      g_strerror (errno));
  return FALSE;
}
