/* example-photos.h - where Debian's photographs of five people are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The package libdlib19.1 has, as an example, eleven photographs each of five
 * people. Where it is not installed, `tests/run` unpacks it and says where in
 * FACENET_PHOTOS.
 */
#pragma once

#include <glib.h>

#define EXAMPLE_PHOTOS_MISSING \
    "the photographs of libdlib19.1 are not installed"

/* Their folder, with one per person in it; (transfer full) (nullable). */
static inline gchar *
example_photos_find (void)
{
  const gchar *elsewhere = g_getenv ("FACENET_PHOTOS");
  gchar *folder = g_build_filename (elsewhere != NULL ? elsewhere
      : "/usr/share/doc/libdlib19.1/examples", "johns", NULL);

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    g_clear_pointer (&folder, g_free);
  return folder;
}
