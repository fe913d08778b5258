/* facenet-file.c - files read whole and written whole
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Reading goes into memory and not through a mapping: a mapped file that
 * somebody truncates is a SIGBUS, and a library installs no signal handlers.
 *
 * Writing never touches the old file: the bytes go to a new one next to it,
 * reach the disk (fsync), and take its name in one step (rename, POSIX
 * 1003.1: readers see the old file or the new one, whole). A process killed at
 * any moment leaves the old file, or the new, and at worst a hidden
 * temporary file beside it. One kind of file cannot be renamed over: the root
 * of a mount, which a container's "-v people.json:/people.json" makes. It is
 * written in place, while a whole copy lies beside it where the folder allows.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE             /* statx() */
#endif
#include "base/facenet-file-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <string.h>
#include <unistd.h>

#include "base/facenet-memory-private.h"
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

static void
fill_stamp (FacenetFileStamp * self, const struct stat *info)
{
  self->device = (guint64) info->st_dev;
  self->inode = (guint64) info->st_ino;
  self->size = (guint64) info->st_size;
  self->seconds = (gint64) info->st_mtim.tv_sec;
  self->nanoseconds = (gint64) info->st_mtim.tv_nsec;
}

void
facenet_file_stamp_take (FacenetFileStamp * self, const gchar * location)
{
  struct stat info;

  memset (self, 0, sizeof *self);
  if (stat (location, &info) == 0)
    fill_stamp (self, &info);
}

gboolean
facenet_file_stamp_equal (const FacenetFileStamp * a,
    const FacenetFileStamp * b)
{
  return a->device == b->device && a->inode == b->inode && a->size == b->size
      && a->seconds == b->seconds && a->nanoseconds == b->nanoseconds;
}

static GBytes *
read_open_file (int fd, const gchar * location, gsize max_size,
    FacenetFileStamp * stamp, GError ** error)
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
        "%s: is %s, expected a regular file", location,
        S_ISDIR (info.st_mode) ? "a folder" : "a device or a pipe");
    return NULL;
  }
  if ((guint64) info.st_size > max_size) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: %" G_GUINT64_FORMAT " bytes, expected at most %" G_GSIZE_FORMAT,
        location, (guint64) info.st_size, max_size);
    return NULL;
  }
  if (stamp != NULL)
    fill_stamp (stamp, &info);
  data = facenet_memory_try_new ((gsize) info.st_size);
  if (data == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: no memory for its %" G_GUINT64_FORMAT " bytes", location,
        (guint64) info.st_size);
    return NULL;
  }
  n = read_all (fd, data, (gsize) info.st_size);
  if (n < 0) {
    fail (error, location, "cannot be read", errno);
    facenet_memory_free (data);
    return NULL;
  }
  return g_bytes_new_with_free_func (data, (gsize) n, facenet_memory_free,
      data);
}

/*
 * facenet_file_read_stamped:
 * @location: a file name
 * @max_size: the most bytes that are accepted
 * @stamp: (nullable): filled with what the file was when it was read
 *
 * Reads a whole file into memory. A pipe, a device or a folder is refused
 * (and not waited for): its size cannot be checked beforehand.
 *
 * Returns: (transfer full): the bytes, or NULL with OPEN or LIMIT
 */
GBytes *
facenet_file_read_stamped (const gchar * location, gsize max_size,
    FacenetFileStamp * stamp, GError ** error)
{
  GBytes *bytes;
  int fd;

  g_return_val_if_fail (location != NULL, NULL);

  fd = g_open (location, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  if (fd < 0) {
    fail (error, location, "cannot be opened", errno);
    return NULL;
  }
  bytes = read_open_file (fd, location, max_size, stamp, error);
  close (fd);
  return bytes;
}

GBytes *
facenet_file_read (const gchar * location, gsize max_size, GError ** error)
{
  return facenet_file_read_stamped (location, max_size, NULL, error);
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

gchar *
facenet_file_resolve (const gchar * location)
{
  g_autofree gchar *target = follow_links (location);
  g_autofree gchar *folder = g_path_get_dirname (target);
  g_autofree gchar *name = g_path_get_basename (target);
  char *real = realpath (folder, NULL);
  gchar *resolved = real != NULL ? g_build_filename (real, name, NULL)
      : g_canonicalize_filename (target, NULL);

  free (real);
  return resolved;
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

/* Whether the file is the root of a mount, which no rename can replace. */
static gboolean
is_mount_root (const gchar * target)
{
#ifdef STATX_ATTR_MOUNT_ROOT
  struct statx info;

  return statx (AT_FDCWD, target, AT_NO_AUTOMOUNT, 0, &info) == 0
      && (info.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
#else
  return FALSE;
#endif
}

/* Writes a new hidden file; its name is NULL when there is none in the end.
 * Returns 0 or the errno of what went wrong. */
static int
write_temporary (const gchar * target, const struct stat *old,
    const void *data, gsize size, gchar ** name)
{
  int fd = open_temporary (target, old, name), code = 0;

  if (fd < 0) {
    code = errno;
    g_clear_pointer (name, g_free);
    return code;
  }
  if (!write_all (fd, data, size) || fsync (fd) != 0)
    code = errno;
  if (close (fd) != 0 && code == 0)
    code = errno;
  if (code != 0) {
    g_unlink (*name);
    g_clear_pointer (name, g_free);
  }
  return code;
}

/* Gives the file its name, where none must be. */
static int
link_new (const gchar * name, const gchar * target)
{
  if (link (name, target) == 0) {
    g_unlink (name);
    return 0;
  }
  if (errno == EEXIST)
    return ESTALE;
  /* There are file systems without links. */
  return g_rename (name, target) == 0 ? 0 : errno;
}

/* expected: see facenet_file_write_if(); ESTALE when it is not so. */
static int
replace (const gchar * target, const struct stat *old, const void *data,
    gsize size, const FacenetFileStamp * expected)
{
  g_autofree gchar *name = NULL;
  FacenetFileStamp now;
  int code = write_temporary (target, old, data, size, &name);

  if (code != 0)
    return code;
  facenet_file_stamp_take (&now, target);
  if (expected != NULL && !facenet_file_stamp_equal (&now, expected))
    code = ESTALE;
  else if (expected != NULL && expected->inode == 0)
    code = link_new (name, target);
  else if (g_rename (name, target) != 0)
    code = errno;
  if (code != 0)
    g_unlink (name);
  else
    sync_folder_of (target);
  return code;
}

/* Writes into a file that stays the same. A disk that gets full is noticed
 * before the first byte; touched: whether that was written. */
static int
overwrite (const gchar * target, const struct stat *old, const void *data,
    gsize size, gboolean * touched)
{
  int fd = g_open (target, O_WRONLY | O_CLOEXEC, 0), code = 0;

  if (fd < 0)
    return errno;
  if (size > (gsize) old->st_size) {
    code = posix_fallocate (fd, 0, (off_t) size);
    if (code == EINVAL || code == EOPNOTSUPP)
      code = 0;
  }
  if (code != 0) {
    if (ftruncate (fd, old->st_size) != 0)
      g_debug ("%s: size not restored: %s", target, g_strerror (errno));
  } else {
    *touched = TRUE;
    if (!write_all (fd, data, size) || ftruncate (fd, (off_t) size) != 0
        || fsync (fd) != 0)
      code = errno;
  }
  if (close (fd) != 0 && code == 0)
    code = errno;
  return code;
}

/* In place, for want of anything better. A copy lies beside the file for as
 * long as that may be half written, where the folder allows. */
static int
write_in_place (const gchar * target, const struct stat *old,
    const void *data, gsize size, const FacenetFileStamp * expected)
{
  g_autofree gchar *copy = NULL;
  FacenetFileStamp now;
  gboolean touched = FALSE;
  int code = write_temporary (target, old, data, size, &copy);

  if (code != 0)
    g_debug ("%s: no copy beside it: %s", target, g_strerror (code));
  facenet_file_stamp_take (&now, target);
  code = expected != NULL && !facenet_file_stamp_equal (&now, expected)
      ? ESTALE : overwrite (target, old, data, size, &touched);
  if (copy != NULL && code != 0 && touched)
    g_warning ("%s: is half written; what was to be in it is in %s", target,
        copy);
  else if (copy != NULL)
    g_unlink (copy);
  return code;
}

static gboolean
fail_kind (GError ** error, const gchar * location, const struct stat *info)
{
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
      "%s: is %s, expected a regular file", location,
      S_ISDIR (info->st_mode) ? "a folder" : "a device or a pipe");
  return FALSE;
}

/*
 * facenet_file_check_writable:
 * @location: a file name, or a link to one
 *
 * Finds out whether facenet_file_write() may replace a file, without touching
 * it: to be asked before an hour of work.
 *
 * Returns: FALSE with OPEN when it may not
 */
gboolean
facenet_file_check_writable (const gchar * location, GError ** error)
{
  g_autofree gchar *target = follow_links (location);
  g_autofree gchar *folder = g_path_get_dirname (target);
  struct stat info;
  gboolean exists = stat (target, &info) == 0;

  if (exists && !S_ISREG (info.st_mode))
    return fail_kind (error, location, &info);
  if (exists && faccessat (AT_FDCWD, target, W_OK, AT_EACCESS) != 0)
    return fail (error, location, "cannot be written", errno);
  if (exists && is_mount_root (target))
    return TRUE;
  if (faccessat (AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0)
    return TRUE;
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
      "%s: cannot be written: folder %s: %s", location, folder,
      g_strerror (errno));
  return FALSE;
}

/*
 * facenet_file_write_if:
 * @location: a file name, or a link to one
 * @data: size bytes
 * @expected: (nullable): the file that is replaced, all zero for none; NULL
 *   for any
 *
 * Replaces a file, or leaves it as it was. A file that exists keeps its mode
 * and, where that is allowed, its owner; one that may not be written to is
 * not replaced behind its owner's back.
 *
 * Returns: FALSE with OPEN when it could not be done, or with MISMATCH when
 *   another file is there than expected
 */
gboolean
facenet_file_write_if (const gchar * location, const void *data, gsize size,
    const FacenetFileStamp * expected, GError ** error)
{
  g_autofree gchar *target = NULL;
  struct stat old;
  gboolean exists;
  int code;

  g_return_val_if_fail (location != NULL, FALSE);
  g_return_val_if_fail (data != NULL || size == 0, FALSE);

  target = follow_links (location);
  exists = stat (target, &old) == 0;
  if (exists && !S_ISREG (old.st_mode))
    return fail_kind (error, location, &old);
  if (exists && faccessat (AT_FDCWD, target, W_OK, AT_EACCESS) != 0)
    return fail (error, location, "cannot be written", errno);
  code = exists && is_mount_root (target) ? EBUSY
      : replace (target, exists ? &old : NULL, data, size, expected);
  if (code == EBUSY && exists)
    code = write_in_place (target, &old, data, size, expected);
  if (code == 0)
    return TRUE;
  if (code != ESTALE || expected == NULL)
    return fail (error, location, "cannot be written", code);
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH,
      "%s: another program has changed it meanwhile", location);
  return FALSE;
}

gboolean
facenet_file_write (const gchar * location, const void *data, gsize size,
    GError ** error)
{
  return facenet_file_write_if (location, data, size, NULL, error);
}
