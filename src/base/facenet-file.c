/* facenet-file.c - files read whole and written whole
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Reading goes into memory and not through a mapping: a mapped file that
 * somebody truncates is a SIGBUS, and a library installs no signal handlers.
 *
 * Writing never touches the old file: the bytes go to a new one next to it,
 * reach the disk (fsync), and take its name in one step (rename, POSIX
 * 1003.1: readers see the old file or the new one, whole). A process killed at
 * any moment leaves the old file, or the new, and at worst a hidden
 * temporary file beside it.
 */
#include "base/facenet-file-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/facenet-block-private.h"
#include "base/facenet-pool-private.h"

/* As many links as the kernel follows before it says ELOOP. */
#define MAX_LINKS 40

static gboolean
fail (GError ** error, const gchar * location, const gchar * what, int code)
{
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN, "%s: %s: %s",
      location, what, g_strerror (code));
  return FALSE;
}

/* Pieces in which a file is read, and up to how many at once: more readers
 * than that only get in each other's way. */
#define PIECE ((gsize) 4 << 20)
#define MAX_READERS 4

/* A file that is being read; code is the errno of a reader that failed. */
typedef struct
{
  int fd;
  guint8 *data;
  gsize size;
  gint code;                    /* atomic */
  gsize *done;                  /* bytes there were, of each piece */
} Reading;

static void
read_piece (gpointer data, guint piece, guint reader)
{
  Reading *self = data;
  gsize begin = piece * PIECE, size = MIN (PIECE, self->size - begin);
  gsize done = 0;

  while (done < size) {
    gssize n = pread (self->fd, self->data + begin + done, size - done,
        (off_t) (begin + done));

    if (n == 0)
      break;
    if (n < 0 && errno != EINTR) {
      g_atomic_int_set (&self->code, errno);
      break;
    }
    done += n > 0 ? (gsize) n : 0;
  }
  self->done[piece] = done;
}

/* Fills data from the file; returns how many bytes there were, or -1. A large
 * file is read by several threads: one alone is no match for memory. */
static gssize
read_all (int fd, guint8 * data, gsize size)
{
  guint n = (guint) ((size + PIECE - 1) / PIECE), i;
  g_autofree gsize *done = g_new0 (gsize, MAX (n, 1));
  Reading reading = { fd, data, size, 0, done };
  gsize total = 0;

  if (n > 1) {
    g_autoptr (FacenetPool) pool =
        facenet_pool_new (MIN (MIN (n, MAX_READERS), g_get_num_processors ()));

    facenet_pool_run (pool, read_piece, &reading, n);
  } else if (n == 1) {
    read_piece (&reading, 0, 0);
  }
  if (reading.code != 0) {
    errno = reading.code;
    return -1;
  }
  for (i = 0; i < n && total == i * PIECE; i++) {
    total += done[i];
  }
  return (gssize) total;
}

static gboolean
write_all (int fd, const guint8 * data, gsize size)
{
  gsize done = 0;

  while (done < size) {
    gssize n = write (fd, data + done, size - done);

    if (n < 0 && errno != EINTR) {
      return FALSE;
    }
    done += n > 0 ? (gsize) n : 0;
  }
  return TRUE;
}

static GBytes *
read_open_file (int fd, const gchar * location, gsize max_size, GError ** error)
{
  guint8 *data;
  struct stat info;
  gssize n;

  if (fstat (fd, &info) != 0) {
    fail (error, location, "cannot be read", errno);
    return NULL;
  }
  if (!S_ISREG (info.st_mode)) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
        "%s: is %s, wants a regular file", location,
        S_ISDIR (info.st_mode) ? "a folder" : "a device or a pipe");
    return NULL;
  }
  if ((guint64) info.st_size > max_size) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: %" G_GUINT64_FORMAT " bytes, wants at most %" G_GSIZE_FORMAT,
        location, (guint64) info.st_size, max_size);
    return NULL;
  }
  data = facenet_block_try_new ((gsize) info.st_size);
  if (data == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: no memory for its %" G_GUINT64_FORMAT " bytes", location,
        (guint64) info.st_size);
    return NULL;
  }
  n = read_all (fd, data, (gsize) info.st_size);
  if (n < 0) {
    fail (error, location, "cannot be read", errno);
    facenet_block_free (data);
    return NULL;
  }
  return g_bytes_new_with_free_func (data, (gsize) n, facenet_block_free, data);
}

/*
 * facenet_file_read:
 * @location: a file name
 * @max_size: the most bytes that are accepted
 *
 * Reads a whole file into memory. A pipe, a device or a folder is refused
 * (and not waited for): its size cannot be checked beforehand.
 *
 * Returns: (transfer full): the bytes, or NULL with OPEN or LIMIT
 */
GBytes *
facenet_file_read (const gchar * location, gsize max_size, GError ** error)
{
  GBytes *bytes;
  int fd;

  g_return_val_if_fail (location != NULL, NULL);

  fd = g_open (location, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  if (fd < 0) {
    fail (error, location, "cannot be opened", errno);
    return NULL;
  }
  bytes = read_open_file (fd, location, max_size, error);
  close (fd);
  return bytes;
}

/* The file that is replaced when location is a symbolic link, also when that
 * file is not there yet. */
static gchar *
follow_links (const gchar * location)
{
  gchar *target = g_strdup (location);

  for (guint i = 0; i < MAX_LINKS; i++) {
    g_autofree gchar *old = NULL;
    g_autofree gchar *folder = NULL;
    g_autofree gchar *link = g_file_read_link (target, NULL);

    if (link == NULL) {
      break;
    }
    old = g_steal_pointer (&target);
    folder = g_path_get_dirname (old);
    target = g_path_is_absolute (link) ? g_steal_pointer (&link)
        : g_build_filename (folder, link, NULL);
  }
  return target;
}

/* A new file that is hidden, beside target and on the same file system. It is
 * private until it has the mode of the old file: a gallery holds faces. */
static int
open_temporary (const gchar * target, const struct stat *old, gchar ** name)
{
  g_autofree gchar *folder = g_path_get_dirname (target);
  int fd;

  *name = g_build_filename (folder, ".facenet-XXXXXX", NULL);
  fd = g_mkstemp_full (*name, O_WRONLY | O_CLOEXEC, old != NULL ? 0600 : 0666);
  if (fd >= 0 && old != NULL) {
    /* Root may give a file back to its owner; anybody else keeps it. Where
     * the file system has no modes the file is merely private. */
    if (fchown (fd, old->st_uid, old->st_gid) != 0) {
      g_debug ("%s: owner not kept: %s", target, g_strerror (errno));
    }
    if (fchmod (fd, old->st_mode & 07777) != 0) {
      g_debug ("%s: mode not kept: %s", target, g_strerror (errno));
    }
  }
  return fd;
}

/* Makes the new name itself last. The file is in place by now, so a file
 * system that cannot do this is no failure. */
static void
sync_folder_of (const gchar * target)
{
  g_autofree gchar *folder = g_path_get_dirname (target);
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd >= 0) {
    if (fsync (fd) != 0) {
      g_debug ("%s: not synced: %s", folder, g_strerror (errno));
    }
    close (fd);
  }
}

/* Returns 0 or the errno of what went wrong. */
static int
replace (const gchar * target, const struct stat *old, const void *data,
    gsize size)
{
  g_autofree gchar *name = NULL;
  int fd, code = 0;

  fd = open_temporary (target, old, &name);
  if (fd < 0) {
    return errno;
  }
  if (!write_all (fd, data, size) || fsync (fd) != 0) {
    code = errno;
  }
  if (close (fd) != 0 && code == 0) {
    code = errno;
  }
  if (code == 0 && g_rename (name, target) != 0) {
    code = errno;
  }
  if (code != 0) {
    g_unlink (name);
  } else {
    sync_folder_of (target);
  }
  return code;
}

/*
 * facenet_file_write:
 * @location: a file name, or a link to one
 * @data: size bytes
 *
 * Replaces a file, or leaves it as it was. A file that exists keeps its mode
 * and, where that is allowed, its owner; one that may not be written to is
 * not replaced behind its owner's back.
 *
 * Returns: FALSE with OPEN when it could not be done
 */
gboolean
facenet_file_write (const gchar * location, const void *data, gsize size,
    GError ** error)
{
  g_autofree gchar *target = NULL;
  struct stat old;
  gboolean exists;
  int code;

  g_return_val_if_fail (location != NULL, FALSE);
  g_return_val_if_fail (data != NULL || size == 0, FALSE);

  target = follow_links (location);
  exists = stat (target, &old) == 0;
  if (exists && !S_ISREG (old.st_mode)) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
        "%s: is %s, wants a regular file", location,
        S_ISDIR (old.st_mode) ? "a folder" : "a device or a pipe");
    return FALSE;
  }
  if (exists && faccessat (AT_FDCWD, target, W_OK, AT_EACCESS) != 0) {
    return fail (error, location, "cannot be written", errno);
  }
  code = replace (target, exists ? &old : NULL, data, size);
  return code == 0 || fail (error, location, "cannot be written", code);
}
