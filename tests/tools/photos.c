/* photos.c - the facenet command on photographs of people
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Without the photographs nothing is tested.
 */
#include "../example-photos.h"
#include "fixture.h"

#include <string.h>

#define N_ENROLLED 5

static gchar *photos;           /* a folder per person */

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar * const *) a, *(const gchar * const *) b);
}

/* Copies the first photographs of a person to people/, the rest to folder. */
static void
copy_photos (const gchar * person, const gchar * folder)
{
  g_autofree gchar *source = g_build_filename (photos, person, NULL);
  g_autoptr (GDir) dir = g_dir_open (source, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const gchar *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++) {
    g_autofree gchar *path = g_build_filename (source, names->pdata[i], NULL);
    g_autofree gchar *copy = g_strdup_printf ("%s/%s/%s",
        i < N_ENROLLED ? "people" : folder, person,
        (gchar *) names->pdata[i]);
    g_autofree gchar *data = NULL;
    gsize size;

    g_assert_true (g_file_get_contents (path, &data, &size, NULL));
    tool_write (copy, data, size);
  }
}

/* How many faces of the images got that event, and of how many. */
static guint
count_events (const ToolRun * run, const gchar * event, guint * n_faces)
{
  guint n = 0;

  *n_faces = 0;
  for (guint i = 0; i < tool_run_count_lines (run); i++) {
    g_autoptr (JsonObject) object = tool_run_get_json (run, i);
    JsonArray *faces = json_object_get_array_member (object, "faces");

    for (guint k = 0; k < json_array_get_length (faces); k++) {
      JsonObject *face = json_array_get_object_element (faces, k);

      n += g_str_equal (json_object_get_string_member (face, "event"), event);
      (*n_faces)++;
    }
  }
  return n;
}

static void
test_people_are_told_apart (void)
{
  g_autoptr (ToolRun) enrol = NULL;
  g_autoptr (ToolRun) known = NULL;
  g_autoptr (ToolRun) strangers = NULL;
  g_autoptr (JsonObject) enrolled = NULL;
  guint n, n_faces;

  if (photos == NULL) {
    g_test_skip (EXAMPLE_PHOTOS_MISSING);
    return;
  }
  copy_photos ("John_Simm", "known");
  copy_photos ("John_Savage", "known");
  enrol = tool_run ("enrol --json -g @/johns.json @/people");
  tool_run_expect (enrol, 0);
  enrolled = tool_run_get_json (enrol, 0);
  g_assert_cmpint (json_object_get_int_member (enrolled, "enrolled"), ==,
      2 * N_ENROLLED);

  known = tool_run ("identify --json -g @/johns.json @/known");
  tool_run_expect (known, 0);
  n = count_events (known, "match", &n_faces);
  g_assert_cmpuint (n_faces, >=, 12);
  g_assert_cmpuint (n, ==, 12);

  strangers = tool_run ("identify --json -g @/johns.json %s/John_Schneider "
      "%s/John_Shimkus", photos, photos);
  tool_run_expect (strangers, 1);
  n = count_events (strangers, "unknown", &n_faces);
  g_assert_cmpuint (n_faces, >=, 20);
  g_assert_cmpuint (n, ==, n_faces);
}

gint
main (gint argc, gchar ** argv)
{
  gint status;

  g_test_init (&argc, &argv, NULL);
  photos = example_photos_find ();
  g_test_add_func ("/tool/photos/people-are-told-apart",
      test_people_are_told_apart);
  status = tool_test_main ();
  g_free (photos);
  return status;
}
