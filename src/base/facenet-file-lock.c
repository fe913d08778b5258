/* facenet-file-lock.c - one writer of a file at a time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Programs that read, change and replace the same file exclude each other by
 * a lock (flock) on its folder, which stays when the file is replaced, and on
 * the file, which is what a container has in common with its host.
 */
#include "base/facenet-file-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* How long to sleep before a lock is tried again. */
#define LOCK_PAUSE (10 * G_TIME_SPAN_MILLISECOND)

/* 0 with the lock, EWOULDBLOCK when another has it all the time, else why
 * there are no locks here. */
static int
take_lock (int fd, gint64 end)
{
  while (flock (fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      return errno;
    if (g_get_monotonic_time () >= end)
      return EWOULDBLOCK;
    g_usleep (LOCK_PAUSE);
  }
  return 0;
}

static gboolean
is_same_file (int fd, const gchar * target)
{
  struct stat ours, theirs;

  return fstat (fd, &ours) == 0 && stat (target, &theirs) == 0
      && ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

/* The lock of the file itself, which another may replace while it is waited
 * for. */
static int
lock_file (FacenetFileLock * self, const gchar * target, gint64 end)
{
  int code = 0;

  while (code == 0 && g_file_test (target, G_FILE_TEST_IS_REGULAR)) {
    self->file = g_open (target, O_RDWR | O_CLOEXEC | O_NONBLOCK, 0);
    if (self->file < 0)
      return 0;
    code = take_lock (self->file, end);
    if (code != 0 || is_same_file (self->file, target))
      return code;
    close (self->file);
    self->file = -1;
  }
  return code;
}

/*
 * facenet_file_lock:
 * @target: a file name without links, see facenet_file_resolve()
 * @wait_ms: how long to wait for another writer
 *
 * Keeps other writers of the file, in this process and in others, away until
 * facenet_file_unlock(). Where the file system has no locks there are none:
 * facenet_file_write_if() finds out by itself what others did.
 *
 * Returns: FALSE with OPEN when another writer had the lock all the time
 */
gboolean
facenet_file_lock (FacenetFileLock * self, const gchar * target,
    guint wait_ms, GError ** error)
{
  g_autofree gchar *folder = g_path_get_dirname (target);
  gint64 end = g_get_monotonic_time ()
      + wait_ms * G_TIME_SPAN_MILLISECOND;
  int code = 0;

  self->file = -1;
  self->folder = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (self->folder >= 0)
    code = take_lock (self->folder, end);
  if (code != EWOULDBLOCK)
    code = lock_file (self, target, end);
  if (code != EWOULDBLOCK)
    return TRUE;
  facenet_file_unlock (self);
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
      "%s: another program is writing it", target);
  return FALSE;
}

void
facenet_file_unlock (FacenetFileLock * self)
{
  if (self->file >= 0)
    close (self->file);
  if (self->folder >= 0)
    close (self->folder);
  self->file = self->folder = -1;
}
