/* gallery-source.c - a gallery that follows its file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include <facenet/facenet-gallery-source.h>
#include <glib/gstdio.h>

#include "samples.h"

typedef struct
{
  gchar *folder;
  gchar *location;
  FacenetGallerySource *source;
} Fixture;

/* A new file under the name, with so many people. */
static void
write_people (const gchar * location, guint n)
{
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&sample_model);

  for (guint i = 0; i < n; i++) {
    g_autofree gchar *id = g_strdup_printf ("p%u", i);

    sample_add (gallery, id, 0.1 * (i + 1));
  }
  g_assert_true (facenet_gallery_save (gallery, location, NULL));
}

static void
set_up (Fixture * self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("source-XXXXXX", NULL);
  self->location = g_build_filename (self->folder, "people.json", NULL);
  write_people (self->location, 2);
  self->source = facenet_gallery_source_new ();
  g_assert_false (facenet_gallery_source_set_location (self->source,
          self->location));
  facenet_gallery_source_open (self->source);
}

static void
tear_down (Fixture * self, gconstpointer data)
{
  facenet_gallery_source_free (self->source);
  g_remove (self->location);
  g_rmdir (self->folder);
  g_free (self->location);
  g_free (self->folder);
}

static void
load (FacenetGallerySource * source, FacenetGalleryLoad when,
    FacenetGallerySourceResult expected)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (facenet_gallery_source_load (source, when, &error), ==,
      expected);
  g_assert_no_error (error);
}

static void
expect_people (FacenetGallerySource * source, guint n)
{
  guint generation;
  g_autoptr (FacenetGallery) gallery =
      facenet_gallery_source_get (source, &generation);

  g_assert_nonnull (gallery);
  g_assert_cmpuint (facenet_gallery_get_n_identities (gallery), ==, n);
}

/* A FacenetGalleryEditFunc; data: the id, NULL to fail. */
static gboolean
add_somebody (FacenetGallery ** gallery, gpointer data, GError ** error)
{
  if (data == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT, "no more");
    return FALSE;
  }
  sample_add (*gallery, data, 0.5);
  return TRUE;
}

static void
test_new_file (Fixture * self, gconstpointer data)
{
  load (self->source, FACENET_GALLERY_LOAD_SHARED, FACENET_GALLERY_SOURCE_NEW);
  expect_people (self->source, 2);
  g_assert_false (facenet_gallery_source_has_changed (self->source));
  g_assert_cmpint (g_remove (self->location), ==, 0);
  write_people (self->location, 3);
  /* Twice the same: whoever writes has finished. */
  g_assert_false (facenet_gallery_source_has_changed (self->source));
  g_assert_true (facenet_gallery_source_has_changed (self->source));
  load (self->source, FACENET_GALLERY_LOAD_CHANGED, FACENET_GALLERY_SOURCE_NEW);
  expect_people (self->source, 3);
  g_assert_false (facenet_gallery_source_has_changed (self->source));
}

static void
test_shared (Fixture * self, gconstpointer data)
{
  g_autoptr (FacenetGallerySource) other = facenet_gallery_source_new ();
  g_autoptr (GError) error = NULL;

  load (self->source, FACENET_GALLERY_LOAD_SHARED, FACENET_GALLERY_SOURCE_NEW);
  facenet_gallery_source_set_location (other, self->location);
  facenet_gallery_source_open (other);
  load (other, FACENET_GALLERY_LOAD_SHARED, FACENET_GALLERY_SOURCE_NEW);
  g_assert_cmpint (facenet_gallery_source_edit (other, add_somebody,
          (gpointer) "eve", &error), ==, FACENET_GALLERY_SOURCE_NEW);
  expect_people (self->source, 2);
  g_assert_cmpint (facenet_gallery_source_sync (self->source, &error), ==,
      FACENET_GALLERY_SOURCE_NEW);
  expect_people (self->source, 3);
  g_assert_cmpint (facenet_gallery_source_sync (self->source, &error), ==,
      FACENET_GALLERY_SOURCE_SAME);
  /* Not saved, but not lost as long as somebody has it. */
  g_assert_false (facenet_gallery_source_close (other));
  g_assert_true (facenet_gallery_source_close (self->source));
}

static void
test_edit_fails (Fixture * self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  load (self->source, FACENET_GALLERY_LOAD_SHARED, FACENET_GALLERY_SOURCE_NEW);
  g_assert_cmpint (facenet_gallery_source_edit (self->source, add_somebody,
          NULL, &error), ==, FACENET_GALLERY_SOURCE_FAILED);
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT);
  expect_people (self->source, 2);
  g_assert_false (facenet_gallery_source_close (self->source));
}

/* The gallery in use stays when the next does not fit. */
static void
test_other_model (Fixture * self, gconstpointer data)
{
  g_autofree gchar *other = g_build_filename (self->folder, "other", NULL);
  g_autoptr (FacenetGallery) gallery = NULL;
  const FacenetGalleryModel model = { "model-b", NULL, NULL, SAMPLE_DIMS };
  g_autoptr (GError) error = NULL;

  gallery = facenet_gallery_new (&model);
  g_assert_true (facenet_gallery_save (gallery, other, NULL));
  load (self->source, FACENET_GALLERY_LOAD_SHARED, FACENET_GALLERY_SOURCE_NEW);
  facenet_gallery_source_set_model (self->source, "model-a", SAMPLE_DIMS);
  g_assert_true (facenet_gallery_source_set_location (self->source, other));
  g_assert_cmpint (facenet_gallery_source_load (self->source,
          FACENET_GALLERY_LOAD_ALWAYS, &error), ==,
      FACENET_GALLERY_SOURCE_FAILED);
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH);
  expect_people (self->source, 2);
  g_remove (other);
}

static void
count (gpointer data)
{
  g_atomic_int_inc ((gint *) data);
}

static void
test_watch (Fixture * self, gconstpointer data)
{
  gint n = 0;

  facenet_gallery_source_watch (self->source, count, &n);
  while (g_atomic_int_get (&n) < 2)
    g_usleep (10000);
  facenet_gallery_source_unwatch (self->source);
  g_atomic_int_set (&n, 0);
  facenet_gallery_source_close (self->source);
  facenet_gallery_source_watch (self->source, count, &n);
  g_usleep (300000);
  g_assert_cmpint (n, ==, 0);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/gallery-source/new-file-is-noticed", test_new_file);
  ADD ("/gallery-source/changes-are-shared", test_shared);
  ADD ("/gallery-source/failed-change-leaves-nothing", test_edit_fails);
  ADD ("/gallery-source/other-model-does-not-fit", test_other_model);
  ADD ("/gallery-source/watch-ends", test_watch);
  return g_test_run ();
}
