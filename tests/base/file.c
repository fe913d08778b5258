/* file.c - files read whole and written whole
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each test has a folder of its own, and looks at all that is in it: nothing
 * may be left behind.
 */
#include "base/facenet-file-private.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
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
#undef ADD
  return g_test_run ();
}
