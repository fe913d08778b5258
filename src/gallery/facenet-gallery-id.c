/* facenet-gallery-id.c - an id for a person of whom one has the name
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * "Ann Smith" becomes "ann-smith": what is neither a letter nor a digit, of
 * any script, separates.
 */
#include <facenet/facenet-gallery.h>

#include <string.h>

#include "gallery/facenet-gallery-private.h"

/**
 * facenet_identity_make_id:
 * @name: UTF-8, a person's name
 *
 * Makes an id that is easy to read and to type: the letters and digits of a
 * name in lower case, with one hyphen for whatever lies between.
 *
 * Returns: (transfer full) (nullable): the id, %NULL when the name has neither
 *   letters nor digits
 *
 * Since: 0.1
 */
gchar *
facenet_identity_make_id (const gchar * name)
{
  g_autofree gchar *lower = g_utf8_strdown (name, -1);
  g_autoptr (GString) id = g_string_new (NULL);
  const gchar *p;

  for (p = lower; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar letter = g_utf8_get_char (p);

    if (g_unichar_isalnum (letter) || g_unichar_ismark (letter))
      g_string_append_unichar (id, letter);
    else if (id->len > 0 && id->str[id->len - 1] != '-')
      g_string_append_c (id, '-');
  }
  if (id->len > 0 && id->str[id->len - 1] == '-')
    g_string_truncate (id, id->len - 1);
  return id->len > 0 ? g_string_free (g_steal_pointer (&id), FALSE) : NULL;
}

/* The person of that name, NULL when there is none. */
static const FacenetIdentity *
find_name (const FacenetGallery * self, const gchar * name)
{
  guint i;

  for (i = 0; i < self->people->len; i++) {
    const FacenetIdentity *person = &facenet_gallery_person (self, i)->view;

    if (strcmp (person->name, name) == 0)
      return person;
  }
  return NULL;
}

/**
 * facenet_gallery_make_id:
 * @self: a gallery
 * @name: UTF-8, a person's name, not empty
 *
 * Finds the id under which to enrol a person of whom only the name is known:
 * that of the person who has this name already, else what
 * facenet_identity_make_id() makes of it, with a number behind it when somebody
 * else has that id.
 *
 * Returns: (transfer full): an id
 *
 * Since: 0.1
 */
gchar *
facenet_gallery_make_id (const FacenetGallery * self, const gchar * name)
{
  const FacenetIdentity *person = find_name (self, name);
  g_autofree gchar *id = NULL;
  gchar *numbered;
  guint i;

  if (person != NULL)
    return g_strdup (person->id);
  id = facenet_identity_make_id (name);
  if (id == NULL)
    id = g_strdup (name);
  if (facenet_gallery_find (self, id) < 0)
    return g_steal_pointer (&id);
  for (i = 2;; i++) {
    numbered = g_strdup_printf ("%s-%u", id, i);
    if (facenet_gallery_find (self, numbered) < 0)
      return numbered;
    g_free (numbered);
  }
}
