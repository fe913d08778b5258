/* file.c - files read whole and written whole
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Each test has a folder of its own, and looks at all that is in it: nothing
 * may be left behind.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE             /* unshare() */
#endif
#include "base/facenet-file-private.h"

#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  gchar *folder;
  gchar *path;                  /* of "a.json" in it */
} Fixture;

static void
set_up (Fixture * self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("facenet-file-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
  self->path = g_build_filename (self->folder, "a.json", NULL);
}

static void
tear_down (Fixture * self, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree gchar *path = g_build_filename (self->folder, name, NULL);

    g_assert_cmpint (g_remove (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->path);
}

static guint
count_files (const gchar * folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL) {
    n++;
  }
  return n;
}

static void
put (const gchar * path, const gchar * text)
{
  g_autoptr (GError) error = NULL;

  facenet_file_write (path, text, strlen (text), &error);
  g_assert_no_error (error);
}

static void
assert_contents (const gchar * path, const gchar * text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = facenet_file_read (path, 1000, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
      text, strlen (text));
}

static void
test_what_was_written_is_read (Fixture * self, gconstpointer data)
{
  put (self->path, "one");
  assert_contents (self->path, "one");
  put (self->path, "another");
  assert_contents (self->path, "another");
  put (self->path, "");
  assert_contents (self->path, "");
  g_assert_cmpuint (count_files (self->folder), ==, 1);
}

static void
test_new_file_has_the_mode_of_any_new_file (Fixture * self, gconstpointer data)
{
  mode_t mask = umask (027);
  struct stat info;

  put (self->path, "one");
  umask (mask);
  g_assert_cmpint (stat (self->path, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 07777, ==, 0640);
}

static void
test_mode_is_kept (Fixture * self, gconstpointer data)
{
  const guint modes[] = { 0600, 0604, 0666, 0640 };

  put (self->path, "one");
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++) {
    struct stat info;

    g_assert_cmpint (g_chmod (self->path, (int) modes[i]), ==, 0);
    put (self->path, "two");
    g_assert_cmpint (stat (self->path, &info), ==, 0);
    g_assert_cmphex (info.st_mode & 07777, ==, modes[i]);
  }
}

static void
test_link_is_followed (Fixture * self, gconstpointer data)
{
  g_autofree gchar *relative = g_build_filename (self->folder, "b", NULL);
  g_autofree gchar *absolute = g_build_filename (self->folder, "c", NULL);
  const gchar *links[] = { relative, absolute };

  g_assert_cmpint (symlink ("a.json", relative), ==, 0);
  g_assert_cmpint (symlink (relative, absolute), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (links); i++) {
    /* First through a link to nothing, then to a file. */
    g_remove (self->path);
    put (links[i], "one");
    assert_contents (self->path, "one");
    put (links[i], "two");
    assert_contents (self->path, "two");
    g_assert_true (g_file_test (links[i], G_FILE_TEST_IS_SYMLINK));
  }
  g_assert_false (g_file_test (self->path, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpuint (count_files (self->folder), ==, 3);
}

static void
test_circle_of_links_is_refused (Fixture * self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (symlink ("a.json", self->path), ==, 0);
  g_assert_null (facenet_file_read (self->path, 1, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_OPEN);
}

static void
test_readers_of_the_old_file_keep_it (Fixture * self, gconstpointer data)
{
  gchar buffer[3];
  FILE *old;

  put (self->path, "one");
  old = g_fopen (self->path, "r");
  put (self->path, "two");
  g_assert_cmpuint (fread (buffer, 1, 3, old), ==, 3);
  g_assert_cmpmem (buffer, 3, "one", 3);
  fclose (old);
}

/* Permissions do not hold root back, so root becomes nobody for a while. */
static uid_t
drop_root (Fixture * self)
{
  uid_t user = geteuid ();

  if (user == 0) {
    g_assert_cmpint (chown (self->folder, 65534, 65534), ==, 0);
    g_assert_cmpint (seteuid (65534), ==, 0);
  }
  return user;
}

static void
test_unwritable_folder_keeps_the_old_file (Fixture * self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  uid_t user = drop_root (self);

  put (self->path, "one");
  g_assert_cmpint (g_chmod (self->folder, 0500), ==, 0);
  g_assert_false (facenet_file_write (self->path, "two", 3, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_OPEN);
  g_assert_nonnull (strstr (error->message, self->path));
  assert_contents (self->path, "one");
  g_assert_cmpint (g_chmod (self->folder, 0700), ==, 0);
  g_assert_cmpint (seteuid (user), ==, 0);
  g_assert_cmpuint (count_files (self->folder), ==, 1);
}

static void
test_read_only_file_is_not_replaced (Fixture * self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  uid_t user = drop_root (self);

  put (self->path, "one");
  g_assert_cmpint (g_chmod (self->path, 0400), ==, 0);
  g_assert_false (facenet_file_write (self->path, "two", 3, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_OPEN);
  assert_contents (self->path, "one");
  g_assert_cmpint (seteuid (user), ==, 0);
}

static void
test_full_disk_keeps_the_old_file (Fixture * self, gconstpointer data)
{
  g_autofree gchar *large = g_strnfill (100000, 'x');
  struct rlimit limit, small;
  g_autoptr (GError) error = NULL;

  put (self->path, "one");
  /* A limit on file sizes fails a write half-way, as a full disk does. */
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  small = limit;
  small.rlim_cur = 50000;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  facenet_file_write (self->path, large, 100000, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  signal (SIGXFSZ, SIG_DFL);

  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_OPEN);
  assert_contents (self->path, "one");
  g_assert_cmpuint (count_files (self->folder), ==, 1);
}

static void
test_missing_folder_is_told (Fixture * self, gconstpointer data)
{
  g_autofree gchar *path = g_build_filename (self->folder, "no", "a", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (facenet_file_write (path, "two", 3, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_OPEN);
}

static void
test_size_is_limited (Fixture * self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  put (self->path, "1234");
  bytes = facenet_file_read (self->path, 4, &error);
  g_assert_no_error (error);
  g_assert_null (facenet_file_read (self->path, 3, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT);
}

static void
test_only_regular_files_are_read (Fixture * self, gconstpointer data)
{
  const gchar *places[] = { self->path, self->folder, "/dev/null",
    "/dev/zero", ""
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (facenet_file_read (places[i], 1000, &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_OPEN);
  }
}

static void
test_pipe_is_not_waited_for (Fixture * self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (mkfifo (self->path, 0600), ==, 0);
  g_assert_null (facenet_file_read (self->path, 1000, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_OPEN);
}

static void
test_only_regular_files_are_replaced (Fixture * self, gconstpointer data)
{
  const gchar *places[] = { self->folder, "/dev/null", "" };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (facenet_file_write (places[i], "two", 3, &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_OPEN);
  }
  g_assert_cmpuint (count_files (self->folder), ==, 0);
}

static void
test_what_others_wrote_is_not_replaced (Fixture * self, gconstpointer data)
{
  const FacenetFileStamp nothing = { 0 };
  FacenetFileStamp stamp, copy;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  /* There was no file, and there is one. */
  put (self->path, "one");
  g_assert_false (facenet_file_write_if (self->path, "two", 3, &nothing,
          &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH);
  g_clear_error (&error);
  assert_contents (self->path, "one");

  bytes = facenet_file_read_stamped (self->path, 100, &stamp, NULL);
  facenet_file_stamp_take (&copy, self->path);
  g_assert_true (facenet_file_stamp_equal (&stamp, &copy));
  facenet_file_write_if (self->path, "two", 3, &stamp, &error);
  g_assert_no_error (error);
  g_assert_false (facenet_file_write_if (self->path, "six", 3, &stamp, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH);
  assert_contents (self->path, "two");
  g_assert_cmpuint (count_files (self->folder), ==, 1);

  g_remove (self->path);
  g_assert_true (facenet_file_write_if (self->path, "ten", 3, &nothing, NULL));
  assert_contents (self->path, "ten");
  g_assert_cmpuint (count_files (self->folder), ==, 1);
}

typedef struct
{
  const gchar *path;
  gint locked;                  /* atomic: whoever holds it */
  gint worst;                   /* how many at once */
} Rivals;

static gpointer
lock_often (gpointer data)
{
  Rivals *self = data;

  for (guint i = 0; i < 20; i++) {
    FacenetFileLock lock;

    g_assert_true (facenet_file_lock (&lock, self->path, 20000, NULL));
    if (g_atomic_int_add (&self->locked, 1) > 0)
      g_atomic_int_set (&self->worst, 1);
    put (self->path, "one");
    g_usleep (500);
    g_atomic_int_add (&self->locked, -1);
    facenet_file_unlock (&lock);
  }
  return NULL;
}

/* Also while the file is replaced all the time. */
static void
test_one_writer_at_a_time (Fixture * self, gconstpointer data)
{
  Rivals rivals = { self->path, 0, 0 };
  GThread *threads[3];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("rival", lock_often, &rivals);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (rivals.worst, ==, 0);
}

static void
test_lock_is_not_waited_for_for_ever (Fixture * self, gconstpointer data)
{
  FacenetFileLock lock, second;
  g_autoptr (GError) error = NULL;

  g_assert_true (facenet_file_lock (&lock, self->path, 0, NULL));
  g_assert_false (facenet_file_lock (&second, self->path, 50, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_OPEN);
  facenet_file_unlock (&lock);
  g_assert_true (facenet_file_lock (&second, self->path, 0, NULL));
  facenet_file_unlock (&second);
}

static void
test_says_beforehand_what_cannot_be_written (Fixture * self, gconstpointer data)
{
  g_autofree gchar *no = g_build_filename (self->folder, "no", "a", NULL);
  g_autofree gchar *link = g_build_filename (self->folder, "link", NULL);
  const gchar *wrong[] = { self->folder, "/dev/null", no, link };
  uid_t user;

  g_assert_cmpint (symlink (no, link), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (facenet_file_check_writable (wrong[i], &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_OPEN);
  }
  user = drop_root (self);
  g_assert_true (facenet_file_check_writable (self->path, NULL));
  put (self->path, "one");
  g_assert_cmpint (g_chmod (self->folder, 0500), ==, 0);
  g_assert_false (facenet_file_check_writable (self->path, NULL));
  g_assert_cmpint (g_chmod (self->folder, 0700), ==, 0);
  g_assert_cmpint (g_chmod (self->path, 0400), ==, 0);
  g_assert_false (facenet_file_check_writable (self->path, NULL));
  g_assert_cmpint (seteuid (user), ==, 0);
}

/* In a mount namespace of a child of its own; 77: that is not allowed. */
static int
write_to_mount (const gchar * path)
{
  if (unshare (CLONE_NEWNS) != 0
      || mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
      || mount (path, path, NULL, MS_BIND, NULL) != 0)
    return 77;
  return facenet_file_check_writable (path, NULL)
      && facenet_file_write (path, "longer", 6, NULL)
      && facenet_file_write (path, "two", 3, NULL) ? 0 : 1;
}

/* A single file that is mounted, as containers have it. */
static void
test_mounted_file_is_written_in_place (Fixture * self, gconstpointer data)
{
  struct stat before, after;
  int status;
  pid_t child;

  put (self->path, "one");
  g_assert_cmpint (stat (self->path, &before), ==, 0);
  child = fork ();
  if (child == 0)
    _exit (write_to_mount (self->path));
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == 77) {
    g_test_skip ("mounts are not allowed here");
    return;
  }
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  assert_contents (self->path, "two");
  g_assert_cmpint (stat (self->path, &after), ==, 0);
  g_assert_cmpuint (after.st_ino, ==, before.st_ino);
  g_assert_cmpuint (count_files (self->folder), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/file/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("what-was-written-is-read", test_what_was_written_is_read);
  ADD ("new-file-has-the-mode-of-any-new-file",
      test_new_file_has_the_mode_of_any_new_file);
  ADD ("mode-is-kept", test_mode_is_kept);
  ADD ("link-is-followed", test_link_is_followed);
  ADD ("circle-of-links-is-refused", test_circle_of_links_is_refused);
  ADD ("readers-of-the-old-file-keep-it", test_readers_of_the_old_file_keep_it);
  ADD ("unwritable-folder-keeps-the-old-file",
      test_unwritable_folder_keeps_the_old_file);
  ADD ("read-only-file-is-not-replaced", test_read_only_file_is_not_replaced);
  ADD ("full-disk-keeps-the-old-file", test_full_disk_keeps_the_old_file);
  ADD ("missing-folder-is-told", test_missing_folder_is_told);
  ADD ("size-is-limited", test_size_is_limited);
  ADD ("only-regular-files-are-read", test_only_regular_files_are_read);
  ADD ("pipe-is-not-waited-for", test_pipe_is_not_waited_for);
  ADD ("only-regular-files-are-replaced", test_only_regular_files_are_replaced);
  ADD ("what-others-wrote-is-not-replaced",
      test_what_others_wrote_is_not_replaced);
  ADD ("one-writer-at-a-time", test_one_writer_at_a_time);
  ADD ("lock-is-not-waited-for-for-ever", test_lock_is_not_waited_for_for_ever);
  ADD ("says-beforehand-what-cannot-be-written",
      test_says_beforehand_what_cannot_be_written);
  ADD ("mounted-file-is-written-in-place",
      test_mounted_file_is_written_in_place);
#undef ADD
  return g_test_run ();
}
