/* gallery-writers.c - several writers of one gallery file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "samples.h"

#include <facenet/facenet-metric.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  gchar *folder;
  gchar *path;                  /* people.json: ann, ben */
  FacenetGallery *one;          /* both loaded from there */
  FacenetGallery *other;
} Fixture;

static FacenetGallery *
load (const gchar * path)
{
  g_autoptr (GError) error = NULL;
  FacenetGallery *gallery = facenet_gallery_load (path, &error);

  g_assert_no_error (error);
  return gallery;
}

static void
save (FacenetGallery * gallery, const gchar * path)
{
  g_autoptr (GError) error = NULL;

  facenet_gallery_save (gallery, path, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture * self, gconstpointer data)
{
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&sample_model);

  self->folder = g_dir_make_tmp ("gallery-writers-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "people.json", NULL);
  sample_add (gallery, "ann", 0.1);
  sample_add (gallery, "ben", 0.2);
  save (gallery, self->path);
  self->one = load (self->path);
  self->other = load (self->path);
}

static void
tear_down (Fixture * self, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree gchar *path = g_build_filename (self->folder, name, NULL);

    g_assert_false (name[0] == '.');
    g_remove (path);
  }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  facenet_gallery_unref (self->one);
  facenet_gallery_unref (self->other);
  g_free (self->folder);
  g_free (self->path);
}

/* ids: "ann ben", in the order of the file. */
static void
assert_people (const gchar * path, const gchar * ids)
{
  g_autoptr (FacenetGallery) gallery = load (path);
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < facenet_gallery_get_n_identities (gallery); i++)
    g_string_append_printf (found, "%s%s", i > 0 ? " " : "",
        facenet_gallery_get_identity (gallery, i)->id);
  g_assert_cmpstr (found->str, ==, ids);
}

static void
assert_conflict (Fixture * self, const gchar * what)
{
  g_autofree gchar *before = NULL, *after = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (self->path, &before, NULL, NULL);
  g_assert_false (facenet_gallery_save (self->one, self->path, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH);
  g_assert_nonnull (strstr (error->message, self->path));
  g_assert_nonnull (strstr (error->message, what));
  g_file_get_contents (self->path, &after, NULL, NULL);
  g_assert_cmpstr (after, ==, before);
}

static void
test_additions_of_both_are_kept (Fixture * self, gconstpointer data)
{
  sample_add (self->one, "cat", 0.3);
  sample_add (self->one, "ann", 0.4);
  sample_add (self->other, "dan", 0.5);
  save (self->other, self->path);
  save (self->one, self->path);
  assert_people (self->path, "ann ben dan cat");
  /* The first does not know dan, and does not lose him for that. */
  sample_add (self->one, "eve", 0.6);
  save (self->one, self->path);
  sample_add (self->other, "fay", 0.7);
  save (self->other, self->path);
  assert_people (self->path, "ann ben dan cat eve fay");
}

static void
test_what_an_addition_said_is_kept (Fixture * self, gconstpointer data)
{
  gfloat vector[SAMPLE_DIMS] = { 0, 0, 0, 1 };
  FacenetEnrolment enrolment = { vector, SAMPLE_DIMS, "c.jpg", 0.75 };
  g_autofree gchar *text = NULL;

  facenet_gallery_add (self->one, "cat", "Cat", &enrolment, NULL);
  sample_add (self->other, "dan", 0.5);
  save (self->other, self->path);
  save (self->one, self->path);
  g_file_get_contents (self->path, &text, NULL, NULL);
  g_assert_nonnull (strstr (text, "\"name\": \"Cat\""));
  g_assert_nonnull (strstr (text, "\"source\": \"c.jpg\""));
  g_assert_nonnull (strstr (text, "\"quality\": 0.75"));
}

static void
test_same_addition_is_made_once (Fixture * self, gconstpointer data)
{
  sample_add (self->one, "cat", 0.3);
  sample_add (self->other, "cat", 0.3);
  save (self->other, self->path);
  save (self->one, self->path);
  assert_people (self->path, "ann ben cat");
  g_clear_pointer (&self->other, facenet_gallery_unref);
  self->other = load (self->path);
  g_assert_cmpuint (facenet_gallery_get_n_embeddings (self->other), ==, 3);
}

static void
test_additions_beside_a_new_threshold (Fixture * self, gconstpointer data)
{
  sample_add (self->other, "cat", 0.3);
  save (self->other, self->path);
  facenet_gallery_set_threshold (self->one, 0.55);
  save (self->one, self->path);
  assert_people (self->path, "ann ben cat");
  g_clear_pointer (&self->other, facenet_gallery_unref);
  self->other = load (self->path);
  assert_near (facenet_gallery_get_threshold (self->other), 0.55, 0);
}

static void
test_removal_and_renaming_are_kept (Fixture * self, gconstpointer data)
{
  g_assert_true (facenet_gallery_remove (self->one, "ben", NULL));
  g_assert_true (facenet_gallery_rename (self->one, "ann", "anna", "Anna",
          NULL));
  sample_add (self->other, "cat", 0.3);
  save (self->other, self->path);
  save (self->one, self->path);
  assert_people (self->path, "anna cat");
}

static void
test_both_may_remove_the_same (Fixture * self, gconstpointer data)
{
  facenet_gallery_remove (self->one, "ben", NULL);
  facenet_gallery_remove (self->other, "ben", NULL);
  save (self->other, self->path);
  save (self->one, self->path);
  assert_people (self->path, "ann");
}

static void
test_addition_to_who_was_removed_is_refused (Fixture * self, gconstpointer data)
{
  sample_add (self->one, "ben", 0.3);
  facenet_gallery_remove (self->other, "ben", NULL);
  save (self->other, self->path);
  assert_conflict (self, "\"ben\" is no longer in it");
}

static void
test_id_of_somebody_else_is_refused (Fixture * self, gconstpointer data)
{
  sample_add (self->one, "cat", 0.3);
  sample_add (self->other, "cat", 0.9);
  facenet_gallery_rename (self->other, "cat", NULL, "Catherine", NULL);
  save (self->other, self->path);
  assert_conflict (self, "\"cat\" has another name now");
}

static void
test_two_thresholds_are_refused (Fixture * self, gconstpointer data)
{
  facenet_gallery_set_threshold (self->one, 0.55);
  facenet_gallery_set_threshold (self->other, 0.66);
  save (self->other, self->path);
  assert_conflict (self, "threshold");
}

static void
test_another_model_is_refused (Fixture * self, gconstpointer data)
{
  const FacenetGalleryModel model = { "model-b", NULL, NULL, SAMPLE_DIMS };
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&model);

  sample_add (self->one, "cat", 0.3);
  save (gallery, self->path);
  assert_conflict (self, "model-b");
}

static void
test_garbage_of_others_is_not_replaced (Fixture * self, gconstpointer data)
{
  g_autofree gchar *text = NULL;
  g_autoptr (GError) error = NULL;

  sample_add (self->one, "cat", 0.3);
  g_file_set_contents (self->path, "{", -1, NULL);
  g_assert_false (facenet_gallery_save (self->one, self->path, &error));
  g_assert_nonnull (strstr (error->message, "another program has changed"));
  g_file_get_contents (self->path, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, "{");
}

static void
test_another_file_is_replaced (Fixture * self, gconstpointer data)
{
  g_autofree gchar *path = g_build_filename (self->folder, "b.json", NULL);

  sample_add (self->other, "cat", 0.3);
  save (self->other, path);
  save (self->one, path);
  assert_people (path, "ann ben");
}

static void
test_removed_file_is_made_again (Fixture * self, gconstpointer data)
{
  g_remove (self->path);
  sample_add (self->one, "cat", 0.3);
  save (self->one, self->path);
  assert_people (self->path, "ann ben cat");
}

static void
test_two_new_galleries_become_one (Fixture * self, gconstpointer data)
{
  g_autofree gchar *path = g_build_filename (self->folder, "new.json", NULL);
  g_autoptr (FacenetGallery) one = NULL, other = NULL;

  one = facenet_gallery_open (path, &sample_model, NULL);
  other = facenet_gallery_open (path, &sample_model, NULL);
  facenet_gallery_set_threshold (one, 0.8);
  facenet_gallery_set_threshold (other, 0.9);
  sample_add (one, "ann", 0.1);
  sample_add (other, "ben", 0.2);
  save (one, path);
  save (other, path);
  assert_people (path, "ann ben");
}

static void
test_copy_has_the_changes (Fixture * self, gconstpointer data)
{
  g_autoptr (FacenetGallery) copy = NULL;

  sample_add (self->one, "cat", 0.3);
  copy = facenet_gallery_copy (self->one);
  sample_add (copy, "dan", 0.4);
  sample_add (self->other, "eve", 0.5);
  save (self->other, self->path);
  save (copy, self->path);
  assert_people (self->path, "ann ben eve cat dan");
}

static void
test_link_is_the_same_file (Fixture * self, gconstpointer data)
{
  g_autofree gchar *link = g_build_filename (self->folder, "link", NULL);
  g_autoptr (FacenetGallery) linked = NULL;

  g_assert_cmpint (symlink ("people.json", link), ==, 0);
  linked = load (link);
  sample_add (linked, "cat", 0.3);
  sample_add (self->one, "dan", 0.5);
  save (self->one, link);
  save (linked, self->path);
  assert_people (self->path, "ann ben dan cat");
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
}

static void
test_binary_galleries_too (Fixture * self, gconstpointer data)
{
  facenet_gallery_set_format (self->other, FACENET_GALLERY_BINARY);
  save (self->other, self->path);
  sample_add (self->one, "cat", 0.3);
  save (self->one, self->path);
  assert_people (self->path, "ann ben cat");
  g_clear_pointer (&self->other, facenet_gallery_unref);
  self->other = load (self->path);
  g_assert_cmpint (facenet_gallery_get_format (self->other), ==,
      FACENET_GALLERY_BINARY);
}

#define N_WRITERS 6
#define N_EACH 12

G_GNUC_NORETURN static void
write_people (const gchar * path, guint writer)
{
  for (guint i = 0; i < N_EACH; i++) {
    g_autoptr (FacenetGallery) gallery = facenet_gallery_load (path, NULL);
    g_autofree gchar *id = g_strdup_printf ("w%u-%u", writer, i);
    gfloat vector[SAMPLE_DIMS] = { 0, 0, (gfloat) writer, (gfloat) i + 1 };
    FacenetEnrolment enrolment = { vector, SAMPLE_DIMS, NULL, (gdouble) NAN };

    if (gallery == NULL
        || !facenet_gallery_add (gallery, id, NULL, &enrolment, NULL)
        || !facenet_gallery_save (gallery, path, NULL))
      _exit (1);
  }
  _exit (0);
}

/* All at once, as processes. */
static void
test_many_writers_lose_nobody (Fixture * self, gconstpointer data)
{
  g_autoptr (FacenetGallery) gallery = NULL;
  int status;

  for (guint i = 0; i < N_WRITERS; i++) {
    if (fork () == 0)
      write_people (self->path, i);
  }
  for (guint i = 0; i < N_WRITERS; i++) {
    g_assert_cmpint (wait (&status), >, 0);
    g_assert_cmpint (status, ==, 0);
  }
  gallery = load (self->path);
  g_assert_cmpuint (facenet_gallery_get_n_identities (gallery), ==,
      2 + N_WRITERS * N_EACH);
}

static void
test_rename (Fixture * self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (facenet_gallery_rename (self->one, "ben", "benno", NULL,
          &error));
  g_assert_no_error (error);
  g_assert_cmpint (facenet_gallery_find (self->one, "ben"), ==, -1);
  g_assert_cmpint (facenet_gallery_find (self->one, "benno"), ==, 1);
  g_assert_false (facenet_gallery_rename (self->one, "benno", "ann", NULL,
          &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
  g_clear_error (&error);
  g_assert_false (facenet_gallery_rename (self->one, "benno", "", NULL,
          &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
  g_clear_error (&error);
  g_assert_false (facenet_gallery_rename (self->one, "zoe", NULL, "Z", &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISSING);
  save (self->one, self->path);
  assert_people (self->path, "ann benno");
}

static void
test_merge (Fixture * self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gfloat ann[SAMPLE_DIMS], ben[SAMPLE_DIMS];

  sample_add (self->one, "cat", 0.3);
  g_assert_true (facenet_gallery_merge (self->one, "ben", "ann", &error));
  g_assert_no_error (error);
  save (self->one, self->path);
  assert_people (self->path, "ben cat");
  g_clear_pointer (&self->other, facenet_gallery_unref);
  self->other = load (self->path);
  g_assert_cmpuint (facenet_gallery_get_identity (self->other, 0)->n_embeddings,
      ==, 2);
  sample_at (ben, 0.2, 1);
  sample_at (ann, 0.1, 1);
  g_assert_cmpfloat (facenet_squared_l2 (ben,
          facenet_gallery_get_embedding (self->other, 0, 0), SAMPLE_DIMS), <,
      1e-9);
  g_assert_cmpfloat (facenet_squared_l2 (ann,
          facenet_gallery_get_embedding (self->other, 0, 1), SAMPLE_DIMS), <,
      1e-9);
  g_assert_false (facenet_gallery_merge (self->one, "ben", "ben", &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
  g_clear_error (&error);
  g_assert_false (facenet_gallery_merge (self->one, "ben", "ann", &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISSING);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/gallery-writers/" name, Fixture, \
    NULL, set_up, function, tear_down)
  ADD ("additions-of-both-are-kept", test_additions_of_both_are_kept);
  ADD ("what-an-addition-said-is-kept", test_what_an_addition_said_is_kept);
  ADD ("same-addition-is-made-once", test_same_addition_is_made_once);
  ADD ("additions-beside-a-new-threshold",
      test_additions_beside_a_new_threshold);
  ADD ("removal-and-renaming-are-kept", test_removal_and_renaming_are_kept);
  ADD ("both-may-remove-the-same", test_both_may_remove_the_same);
  ADD ("addition-to-who-was-removed-is-refused",
      test_addition_to_who_was_removed_is_refused);
  ADD ("id-of-somebody-else-is-refused", test_id_of_somebody_else_is_refused);
  ADD ("two-thresholds-are-refused", test_two_thresholds_are_refused);
  ADD ("another-model-is-refused", test_another_model_is_refused);
  ADD ("garbage-of-others-is-not-replaced",
      test_garbage_of_others_is_not_replaced);
  ADD ("another-file-is-replaced", test_another_file_is_replaced);
  ADD ("removed-file-is-made-again", test_removed_file_is_made_again);
  ADD ("two-new-galleries-become-one", test_two_new_galleries_become_one);
  ADD ("copy-has-the-changes", test_copy_has_the_changes);
  ADD ("link-is-the-same-file", test_link_is_the_same_file);
  ADD ("binary-galleries-too", test_binary_galleries_too);
  ADD ("many-writers-lose-nobody", test_many_writers_lose_nobody);
  ADD ("rename", test_rename);
  ADD ("merge", test_merge);
#undef ADD
  return g_test_run ();
}
