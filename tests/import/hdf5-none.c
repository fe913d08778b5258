/* hdf5-none.c - a build without libhdf5 says what it lacks
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Links the stand-in in place of the reader.
 */
#include "import/facenet-import-private.h"

#include <glib/gstdio.h>
#include <string.h>

static void
test_the_option_is_named (void)
{
  static const gchar start[] = "\x89HDF\r\n\x1a\n and more";
  g_autoptr (GError) error = NULL;
  g_autofree gchar *path = NULL;
  gint file = g_file_open_tmp ("facenet-XXXXXX.h5", &path, NULL);

  g_assert_cmpint (file, >=, 0);
  g_assert_true (g_close (file, NULL));
  g_assert_true (g_file_set_contents (path, start, sizeof start - 1, NULL));
  g_assert_null (facenet_import_weights (path, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "-Dhdf5=enabled"));
  g_assert_true (g_str_has_prefix (error->message, path));
  g_remove (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hdf5-none/the-option-is-named", test_the_option_is_named);
  return g_test_run ();
}
