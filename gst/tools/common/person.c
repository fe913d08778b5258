/* person.c - whom the folders of a photo collection show
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * people/Ann_Smith/1.jpg is a photograph of "Ann Smith" with id "ann-smith".
 */
#include "person.h"
#include "files.h"

#include "gallery/facenet-gallery-private.h"

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
person_of_folder (ToolWalk * walk, const gchar * folder)
{
  g_autofree gchar *name = g_filename_display_basename (folder);
  g_autofree gchar *slug = facenet_identity_make_id (name);
  ToolPerson *self;

  g_strdelimit (name, "_", ' ');
  /* A folder named "!!!" is its own id. */
  self = tool_person_new (slug ? slug : name, name);
  self->images = g_ptr_array_new_with_free_func (g_free);
  tool_walk_expand (walk, folder, self->images);
  return self;
}

/* Whether an earlier person has that id, with another name. */
static gboolean
is_taken (const GPtrArray * people, guint index, const gchar * id)
{
  const ToolPerson *self = g_ptr_array_index (people, index);
  g_autofree gchar *key = facenet_name_make_key (self->name);

  for (guint i = 0; i < index; i++) {
    const ToolPerson *other = g_ptr_array_index (people, i);
    g_autofree gchar *other_key = NULL;

    if (!g_str_equal (other->id, id))
      continue;
    other_key = facenet_name_make_key (other->name);
    if (!g_str_equal (other_key, key))
      return TRUE;
  }
  return FALSE;
}

/* "Kim (A)" and "Kim A" would both be kim-a. */
static void
tell_apart (const GPtrArray * people, guint index)
{
  ToolPerson *self = g_ptr_array_index (people, index);
  g_autofree gchar *id = g_strdup (self->id);

  for (guint i = 2; is_taken (people, index, self->id); i++) {
    g_free (self->id);
    self->id = g_strdup_printf ("%s-%u", id, i);
  }
}

/* The people of the folders in a folder; NULL when it cannot be read. */
static GPtrArray *
list_people (ToolWalk * walk, const gchar * folder, GPtrArray * strays,
    GError ** error)
{
  g_autoptr (GPtrArray) people =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tool_person_free);
  g_autoptr (GPtrArray) children = NULL;

  tool_walk_enter (walk, folder);
  children = tool_walk_list (walk, folder, error);
  if (children == NULL)
    return NULL;
  for (guint i = 0; i < children->len; i++) {
    const gchar *path = g_ptr_array_index (children, i);

    if (!tool_walk_enter (walk, path))
      continue;
    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      g_ptr_array_add (people, person_of_folder (walk, path));
    else
      g_ptr_array_add (strays, g_strdup (path));
  }
  return g_steal_pointer (&people);
}

GPtrArray *
tool_person_list (const gchar * folder, GPtrArray * strays, GError ** error)
{
  ToolWalk *walk = tool_walk_new ();
  g_autoptr (GPtrArray) people = list_people (walk, folder, strays, error);

  tool_walk_end (walk);
  if (people == NULL)
    return NULL;
  for (guint i = 1; i < people->len; i++)
    tell_apart (people, i);
  if (people->len == 0) {
    g_autofree gchar *name = g_filename_display_name (folder);

    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "%s: has no folder per person; use --name NAME if all images show one "
        "person", name);
    return NULL;
  }
  return g_steal_pointer (&people);
}
