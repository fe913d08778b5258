/* person.c - whom the folders of a photo collection show
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * people/Ann_Smith/1.jpg is a photograph of "Ann Smith" with id "ann-smith".
 */
#include "person.h"
#include "files.h"

#include <facenet/facenet-gallery.h>

ToolPerson *
tool_person_new (const gchar * id, const gchar * name)
{
  ToolPerson *self = g_new0 (ToolPerson, 1);

  self->id = g_strdup (id);
  self->name = g_strdup (name);
  return self;
}

void
tool_person_free (ToolPerson * self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_clear_pointer (&self->images, g_ptr_array_unref);
  g_free (self);
}

static ToolPerson *
person_of_folder (const gchar * folder)
{
  const gchar *paths[] = { folder, NULL };
  g_autofree gchar *name = g_filename_display_basename (folder);
  g_autofree gchar *slug = facenet_identity_make_id (name);
  ToolPerson *self;

  g_strdelimit (name, "_", ' ');
  /* A folder named "!!!" is its own id. */
  self = tool_person_new (slug ? slug : name, name);
  self->images = tool_files_expand (paths);
  return self;
}

GPtrArray *
tool_person_list (const gchar * folder, GPtrArray * strays, GError ** error)
{
  g_autoptr (GPtrArray) people =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tool_person_free);
  g_autoptr (GPtrArray) children = tool_files_list (folder, error);

  if (children == NULL)
    return NULL;
  for (guint i = 0; i < children->len; i++) {
    const gchar *path = g_ptr_array_index (children, i);

    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      g_ptr_array_add (people, person_of_folder (path));
    else
      g_ptr_array_add (strays, g_strdup (path));
  }
  if (people->len == 0) {
    g_autofree gchar *name = g_filename_display_name (folder);

    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "%s: has no folder per person; --name NAME enrols its images as one "
        "person", name);
    return NULL;
  }
  return g_steal_pointer (&people);
}
