/* paths.c - properties that name files, in a program that changes its folder
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include <gst/gst.h>
#include <glib/gstdio.h>

static const gchar *const elements[] = {
  "facenetdetect", "facenetencode", "facematch", "facealign", "facecrop", NULL
};

/* Every property called "location" or "...-location". */
static guint
check_element (const gchar * name, const gchar * folder)
{
  g_autoptr (GstElement) element = gst_element_factory_make (name, NULL);
  g_autofree GParamSpec **properties = NULL;
  guint n, n_checked = 0;

  g_assert_nonnull (element);
  properties = g_object_class_list_properties (G_OBJECT_GET_CLASS (element),
      &n);
  for (guint i = 0; i < n; i++) {
    g_autofree gchar *expected = g_build_filename (folder, "a/b.c", NULL);
    g_autofree gchar *relative = NULL;
    g_autofree gchar *absolute = NULL;
    g_autofree gchar *none = NULL;

    if (!g_str_has_suffix (properties[i]->name, "location"))
      continue;
    n_checked++;
    g_object_set (element, properties[i]->name, "a/b.c", NULL);
    g_assert_cmpint (g_chdir ("/"), ==, 0);
    g_object_get (element, properties[i]->name, &relative, NULL);
    g_assert_cmpstr (relative, ==, expected);
    g_object_set (element, properties[i]->name, "/x/y", NULL);
    g_object_get (element, properties[i]->name, &absolute, NULL);
    g_assert_cmpstr (absolute, ==, "/x/y");
    g_object_set (element, properties[i]->name, NULL, NULL);
    g_object_get (element, properties[i]->name, &none, NULL);
    g_assert_null (none);
    g_assert_cmpint (g_chdir (folder), ==, 0);
  }
  return n_checked;
}

static void
test_names_are_of_when_they_are_set (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("paths-XXXXXX", NULL);
  guint n = 0;

  g_assert_cmpint (g_chdir (folder), ==, 0);
  for (guint i = 0; elements[i] != NULL; i++)
    n += check_element (elements[i], folder);
  g_assert_cmpuint (n, >=, 6);
  g_assert_cmpint (g_chdir ("/"), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/paths/names-are-of-when-they-are-set",
      test_names_are_of_when_they_are_set);
  return g_test_run ();
}
