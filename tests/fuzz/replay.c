/* replay.c - the corpus of a fuzz target as an ordinary test
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Usage: replay FOLDER. Gives each file in it to the fuzz target it is linked
 * with; one test for each file. A file that once crashed it stays in there.
 */
#include "fuzz-private.h"

#include <glib.h>

static void
test_file (gconstpointer data)
{
  const gchar *path = data;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *contents = NULL;
  g_autofree guint8 *exact = NULL;
  gsize size;

  g_file_get_contents (path, &contents, &size, &error);
  g_assert_no_error (error);
  /* Without the NUL behind it: sanitizers see a read that goes too far. */
  exact = g_memdup2 (contents, size);
  g_assert_cmpint (LLVMFuzzerTestOneInput (exact, size), ==, 0);
}

int
main (int argc, char **argv)
{
  g_autoptr (GDir) folder = NULL;
  const gchar *name;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  folder = g_dir_open (argv[1], 0, NULL);
  g_assert_nonnull (folder);
  while ((name = g_dir_read_name (folder)) != NULL) {
    g_autofree gchar *test = g_strconcat ("/replay/", name, NULL);

    g_test_add_data_func_full (test, g_build_filename (argv[1], name, NULL),
        test_file, g_free);
  }
  return g_test_run ();
}
