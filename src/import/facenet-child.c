/* facenet-child.c - work that may crash, in a process of its own
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * fork() without exec: the child has all it needs in memory, works, writes
 * what it found into a pipe and ends. Where a library dies of a bad file, the
 * child dies and the parent has an error; what it leaks is gone with it. This
 * contains accidents; it is no jail for code that means harm.
 */
/* For pipe2(). */
#define _GNU_SOURCE

#include "import/facenet-child-private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_SECONDS 20          /* until a child is taken to be stuck */

static gboolean
write_all (int fd, const guint8 * data, gsize size)
{
  while (size > 0) {
    gssize n = write (fd, data, size);

    if (n < 0 && errno != EINTR) {
      return FALSE;
    }
    data += MAX (n, 0);
    size -= (gsize) MAX (n, 0);
  }
  return TRUE;
}

/* FALSE when the end comes before size bytes. */
static gboolean
read_all (int fd, guint8 * data, gsize size)
{
  while (size > 0) {
    gssize n = read (fd, data, size);

    if (n == 0 || (n < 0 && errno != EINTR)) {
      return FALSE;
    }
    data += MAX (n, 0);
    size -= (gsize) MAX (n, 0);
  }
  return TRUE;
}

/* The host's handlers would report a crash of its own, or wait for a
 * debugger; a core dump is of no use. */
static void
die_quietly (void)
{
  static const int signals[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL,
    SIGALRM, SIGPIPE, SIGTERM, SIGINT
  };
  const struct rlimit no_core = { 0, 0 };
  sigset_t all;

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++) {
    signal (signals[i], SIG_DFL);
  }
  sigfillset (&all);
  sigprocmask (SIG_UNBLOCK, &all, NULL);
  setrlimit (RLIMIT_CORE, &no_core);
  alarm (MAX_SECONDS);
}

static void
work (int fd, FacenetChildFunc func, gpointer data)
{
  GByteArray *out = g_byte_array_new ();
  guint64 size;

  die_quietly ();
  func (out, data);
  size = out->len;
  _exit (write_all (fd, (const guint8 *) &size, sizeof size)
      && write_all (fd, out->data, out->len) ? 0 : 1);
}

/* The length comes first: what is whole then needs no look at how the child
 * ended, which a host that ignores SIGCHLD would not let us have. */
static GBytes *
receive (int fd, gsize max_size, const gchar * item, GError ** error)
{
  g_autofree guint8 *data = NULL;
  guint64 size;

  if (read_all (fd, (guint8 *) & size, sizeof size)) {
    if (size > max_size) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
          "%s: became %" G_GUINT64_FORMAT " bytes, expected at most %"
          G_GSIZE_FORMAT, item, size, max_size);
      return NULL;
    }
    data = g_try_malloc (size + 1);
    if (data != NULL && read_all (fd, data, size)) {
      return g_bytes_new_take (g_steal_pointer (&data), size);
    }
  }
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: the library that reads it crashed or did not end: damaged", item);
  return NULL;
}

GBytes *
facenet_child_run (FacenetChildFunc func, gpointer data, gsize max_size,
    const gchar * item, GError ** error)
{
  GBytes *bytes;
  int ends[2];
  pid_t child;

  if (pipe2 (ends, O_CLOEXEC) != 0) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
        "%s: no pipe to read it through: %s", item, g_strerror (errno));
    return NULL;
  }
  child = fork ();
  if (child == 0) {
    /* With this end open it would not notice that nobody reads. */
    close (ends[0]);
    work (ends[1], func, data);
  }
  close (ends[1]);
  if (child < 0) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
        "%s: no process to read it in: %s", item, g_strerror (errno));
    bytes = NULL;
  } else {
    bytes = receive (ends[0], max_size, item, error);
  }
  close (ends[0]);
  while (child > 0 && waitpid (child, NULL, 0) < 0 && errno == EINTR) {
    continue;
  }
  return bytes;
}
