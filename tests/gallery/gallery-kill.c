/* gallery-kill.c - a process that is killed while it saves a gallery
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A child saves galleries of one to eight people to one file as fast as it
 * can; again and again a new one is killed at some moment. Whatever the
 * moment, the file loads.
 */
#include "samples.h"

#include "gallery/facenet-gallery-private.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_KILLS 100
#define MAX_PEOPLE 8

/* Large enough that writing takes several calls. */
#define DIMS 1024

static FacenetGallery *
make_gallery (guint n_people)
{
  const FacenetGalleryModel model = { "model-a", NULL, NULL, DIMS };
  FacenetGallery *gallery = facenet_gallery_new (&model);
  g_autofree gfloat *vector = g_new (gfloat, DIMS);
  const FacenetEnrolment enrolment = { vector, DIMS, NULL, (gdouble) NAN };
  guint i, k;

  for (i = 0; i < n_people; i++) {
    g_autofree gchar *id = g_strdup_printf ("person-%u", i);

    for (k = 0; k < DIMS; k++)
      vector[k] = (gfloat) g_test_rand_double_range (-1, 1);
    g_assert_true (facenet_gallery_add (gallery, id, NULL, &enrolment, NULL));
  }
  return gallery;
}

G_GNUC_NORETURN static void
save_for_ever (FacenetGallery ** galleries, const gchar * location)
{
  guint i;

  for (i = 0;; i++) {
    /* Each one replaces the file: nothing is to be merged here. */
    facenet_gallery_set_origin (galleries[i % MAX_PEOPLE], NULL, NULL);
    if (!facenet_gallery_save (galleries[i % MAX_PEOPLE], location, NULL))
      _exit (1);
  }
}

/* Kills a child within so many microseconds; returns how many people the file
 * then knows. */
static guint
kill_one (FacenetGallery ** galleries, const gchar * location, gint time)
{
  g_autoptr (FacenetGallery) gallery = NULL;
  g_autoptr (GError) error = NULL;
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    save_for_ever (galleries, location);
  g_usleep ((gulong) g_test_rand_int_range (0, time));
  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));

  gallery = facenet_gallery_load (location, &error);
  g_assert_no_error (error);
  return facenet_gallery_get_n_identities (gallery);
}

static void
remove_folder (const gchar * folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree gchar *path = g_build_filename (folder, name, NULL);

    g_assert_cmpint (g_remove (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_kills (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("facenet-kill-XXXXXX", NULL);
  g_autofree gchar *location = g_build_filename (folder, "people.json", NULL);
  FacenetGallery *galleries[MAX_PEOPLE];
  guint seen[MAX_PEOPLE + 1] = { 0 };
  guint i, n_sizes = 0;
  gint64 start;
  gint time;

  for (i = 0; i < MAX_PEOPLE; i++)
    galleries[i] = make_gallery (i + 1);
  start = g_get_monotonic_time ();
  for (i = 0; i < MAX_PEOPLE; i++)
    g_assert_true (facenet_gallery_save (galleries[i], location, NULL));
  time = (gint) (g_get_monotonic_time () - start) / 2;
  for (i = 0; i < N_KILLS; i++)
    seen[kill_one (galleries, location, time)]++;
  for (i = 1; i <= MAX_PEOPLE; i++)
    n_sizes += seen[i] > 0;
  /* The children got as far as saving. */
  g_assert_cmpuint (n_sizes, >, 2);
  for (i = 0; i < MAX_PEOPLE; i++)
    facenet_gallery_unref (galleries[i]);
  remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gallery-kill/the-file-always-loads", test_kills);
  return g_test_run ();
}
