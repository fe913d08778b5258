/* files.c - the files behind the paths of a command line
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "files.h"
#include "console.h"

#include <errno.h>
#include <facenet/facenet-error.h>
#include <string.h>
#include <unistd.h>

/* Ends a walk that links between folders would make endless. */
#define MAX_DEPTH 16

static gint
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar * const *) a, *(const gchar * const *) b);
}

GPtrArray *
tool_files_list (const gchar * folder, GError ** error)
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
    if (name[0] != '.')
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  }
  g_ptr_array_sort (paths, compare_paths);
  return g_steal_pointer (&paths);
}

static void
expand (GPtrArray * files, const gchar * path, guint depth)
{
  g_autoptr (GPtrArray) children = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR)) {
    g_ptr_array_add (files, g_strdup (path));
    return;
  }
  if (depth == MAX_DEPTH)
    return;
  children = tool_files_list (path, &error);
  if (children == NULL) {
    tool_message ("%s", error->message);
    return;
  }
  for (guint i = 0; i < children->len; i++)
    expand (files, g_ptr_array_index (children, i), depth + 1);
}

GPtrArray *
tool_files_expand (const gchar * const *paths)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; paths[i]; i++)
    expand (files, paths[i], 0);
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
