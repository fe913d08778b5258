/* facenet-gemm-copies.c - one BLAS library for each thread
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Debian's serial OpenBLAS can be used by one thread at a time: the table of
 * its work buffers is a variable of the library. A second copy of the library
 * has a second table. The dynamic linker tells libraries apart by name and
 * inode, so each copy is a file of its own in memory, opened through
 * /proc/self/fd; its descriptor stays open, or the next one would get the same
 * number and with it the same name. A copy costs the size of the file, 33 MiB:
 * training makes them, a pipeline does not.
 */
#define _GNU_SOURCE
#include "kernels/facenet-gemm-copies-private.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST 8                  /* copies of a process */

static struct
{
  GMutex lock;                  /* held while opening */
  gint n;                       /* atomic; those below it never change */
  FacenetGemmCopy copies[MOST];
} all;

/* Appends size bytes of one file to another. */
static gboolean
copy_bytes (int to, int from, gsize size)
{
  while (size > 0) {
    gssize n = sendfile (to, from, NULL, size);

    if (n <= 0 && errno == EINTR && n < 0)
      continue;
    if (n <= 0)
      return FALSE;
    size -= (gsize) n;
  }
  return TRUE;
}

/* A descriptor of a file in memory with the same contents, -1 when there can
 * be none. */
static int
copy_file (const gchar * path)
{
  int from = open (path, O_RDONLY | O_CLOEXEC);
  int to = from >= 0 ? memfd_create ("facenet-blas", MFD_CLOEXEC) : -1;
  struct stat info;
  gboolean ok = to >= 0 && fstat (from, &info) == 0
      && copy_bytes (to, from, (gsize) info.st_size);

  if (from >= 0)
    close (from);
  if (!ok && to >= 0)
    close (to);
  return ok ? to : -1;
}

static FacenetSgemm *
open_copy (const gchar * path)
{
  int fd = copy_file (path);
  g_autofree gchar *name = NULL;
  void *handle, *symbol = NULL;

  if (fd < 0)
    return NULL;
  name = g_strdup_printf ("/proc/self/fd/%d", fd);
  handle = facenet_gemm_dlopen (name);
  if (handle != NULL)
    symbol = dlsym (handle, "cblas_sgemm");
  if (symbol == NULL) {
    g_debug ("no copy of %s: %s", path, dlerror ());
    g_clear_pointer (&handle, dlclose);
    close (fd);
  }
  return (FacenetSgemm *) symbol;
}

guint
facenet_gemm_copies_open (const gchar * path, guint n)
{
  guint n_open;

  g_mutex_lock (&all.lock);
  n_open = (guint) g_atomic_int_get (&all.n);
  while (n_open < MIN (n, MOST)) {
    FacenetSgemm *sgemm = open_copy (path);

    if (sgemm == NULL)
      break;
    all.copies[n_open].sgemm = sgemm;
    g_mutex_init (&all.copies[n_open].lock);
    g_atomic_int_set (&all.n, (gint)++ n_open);
  }
  g_mutex_unlock (&all.lock);
  return n_open;
}

FacenetGemmCopy *
facenet_gemm_copies_get (guint index)
{
  return index < (guint) g_atomic_int_get (&all.n) ? &all.copies[index] : NULL;
}
