/* shared.c - one copy for all who name one unchanged file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "base/facenet-shared-private.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

typedef struct
{
  FacenetShared shared;
  gchar *text;
} Thing;

static FacenetSharedTable table;
static gint n_loads;

static gpointer
load (const gchar * location, const gchar * variant, GError ** error)
{
  Thing *self = g_new0 (Thing, 1);

  g_atomic_int_inc (&n_loads);
  facenet_shared_init (self);
  if (g_file_get_contents (location, &self->text, NULL, error))
    return self;
  g_free (self);
  return NULL;
}

static gpointer
load_nothing (const gchar * location, const gchar * variant, GError ** error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s %s", location,
      variant);
  return NULL;
}

static void
unref (Thing * self)
{
  if (!facenet_shared_unref (&table, self))
    return;
  facenet_shared_clear (self);
  g_free (self->text);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Thing, unref);

static Thing *
get (const gchar * location, const gchar * variant)
{
  g_autoptr (GError) error = NULL;
  Thing *self = facenet_shared_load (&table, location, variant, load, &error);

  g_assert_no_error (error);
  return self;
}

static gchar *
make_file (const gchar * folder, const gchar * text)
{
  gchar *location = g_build_filename (folder, "thing", NULL);
  g_autoptr (GError) error = NULL;

  /* In place of the old one, so another file. */
  g_file_set_contents (location, text, -1, &error);
  g_assert_no_error (error);
  return location;
}

static void
remove_folder (gchar * folder)
{
  g_autofree gchar *location = g_build_filename (folder, "thing", NULL);

  g_unlink (location);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (folder);
}

static void
test_one_copy (void)
{
  gchar *folder = g_dir_make_tmp ("facenet-shared-XXXXXX", NULL);
  g_autofree gchar *location = make_file (folder, "a");

  n_loads = 0;
  {
    g_autoptr (Thing) one = get (location, NULL);
    g_autoptr (Thing) two = get (location, NULL);
    g_autoptr (Thing) other = get (location, "variant");

    g_assert_true (one == two);
    g_assert_true (one != other);
    g_assert_cmpint (n_loads, ==, 2);
  }
  {
    g_autoptr (Thing) again = get (location, NULL);

    g_assert_cmpstr (again->text, ==, "a");
    g_assert_cmpint (n_loads, ==, 3);
  }
  remove_folder (folder);
}

static void
test_changed_file (void)
{
  gchar *folder = g_dir_make_tmp ("facenet-shared-XXXXXX", NULL);
  g_autofree gchar *location = make_file (folder, "old");
  g_autoptr (Thing) old = get (location, NULL);
  g_autofree gchar *same_location = make_file (folder, "new!");
  g_autoptr (Thing) new = get (same_location, NULL);

  g_assert_cmpstr (old->text, ==, "old");
  g_assert_cmpstr (new->text, ==, "new!");
  remove_folder (folder);
}

static void
test_references (void)
{
  gchar *folder = g_dir_make_tmp ("facenet-shared-XXXXXX", NULL);
  g_autofree gchar *location = make_file (folder, "a");
  Thing *self = get (location, NULL);

  facenet_shared_ref (&table, self);
  g_assert_false (facenet_shared_unref (&table, self));
  unref (self);
  remove_folder (folder);
}

/* What cannot be loaded leaves nothing behind, not even a lock. */
static void
test_failure (void)
{
  gchar *folder = g_dir_make_tmp ("facenet-shared-XXXXXX", NULL);
  g_autofree gchar *location = make_file (folder, "a");
  g_autofree gchar *message = g_strdup_printf ("%s v", location);
  g_autoptr (GError) error = NULL;

  g_assert_null (facenet_shared_load (&table, location, "v", load_nothing,
          &error));
  g_assert_cmpstr (error->message, ==, message);
  {
    g_autoptr (Thing) self = get (location, "v");

    g_assert_cmpstr (self->text, ==, "a");
  }
  remove_folder (folder);
}

static gpointer
load_in_thread (gpointer location)
{
  return get (location, NULL);
}

static void
test_threads_load_once (void)
{
  gchar *folder = g_dir_make_tmp ("facenet-shared-XXXXXX", NULL);
  g_autofree gchar *location = make_file (folder, "a");
  g_autoptr (Thing) first = NULL;
  GThread *threads[8];

  n_loads = 0;
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new (NULL, load_in_thread, location);
  first = g_thread_join (threads[0]);
  for (guint i = 1; i < G_N_ELEMENTS (threads); i++) {
    g_autoptr (Thing) next = g_thread_join (threads[i]);

    g_assert_true (next == first);
  }
  g_assert_cmpint (n_loads, ==, 1);
  remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shared/one-copy", test_one_copy);
  g_test_add_func ("/shared/changed-file", test_changed_file);
  g_test_add_func ("/shared/references", test_references);
  g_test_add_func ("/shared/failure", test_failure);
  g_test_add_func ("/shared/threads-load-once", test_threads_load_once);
  return g_test_run ();
}
