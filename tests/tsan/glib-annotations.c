/* glib-annotations.c - tells ThreadSanitizer how GLib synchronises
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * ThreadSanitizer reports two accesses as a race unless it saw something that
 * orders them. Debian's GLib is not built for it, and makes its mutexes and
 * conditions of futexes, so it sees nothing, and reports correct programs. This
 * library is preloaded (LD_PRELOAD) into the tests of a build with
 * -Db_sanitize=thread: it stands before GLib's functions, calls them, and says
 * what they mean - what was done before a release is seen after the acquire of
 * the same address.
 *
 * It knows nothing of our code, and annotates nothing that GLib does not
 * promise: tests/tsan/races.c plants races that must still be found.
 */
#include <dlfcn.h>
#include <glib.h>

/* Of the sanitizer's run-time library. */
void __tsan_acquire (void *address);
void __tsan_release (void *address);

/* Finds GLib's own function of the same name, once. Two threads may do so at
 * the same time and find the same. */
#define REAL(name) \
  static __typeof__ (&name) real; \
  __typeof__ (&name) function = __atomic_load_n (&real, __ATOMIC_RELAXED); \
  if (function == NULL) { \
    function = (__typeof__ (&name)) dlsym (RTLD_NEXT, #name); \
    __atomic_store_n (&real, function, __ATOMIC_RELAXED); \
  }

void
g_mutex_lock (GMutex * mutex)
{
  REAL (g_mutex_lock);
  function (mutex);
  __tsan_acquire (mutex);
}

gboolean
g_mutex_trylock (GMutex * mutex)
{
  gboolean locked;

  REAL (g_mutex_trylock);
  locked = function (mutex);
  if (locked)
    __tsan_acquire (mutex);
  return locked;
}

void
g_mutex_unlock (GMutex * mutex)
{
  REAL (g_mutex_unlock);
  __tsan_release (mutex);
  function (mutex);
}

/* Waiting unlocks the mutex and locks it again. */
void
g_cond_wait (GCond * cond, GMutex * mutex)
{
  REAL (g_cond_wait);
  __tsan_release (mutex);
  function (cond, mutex);
  __tsan_acquire (mutex);
}

gboolean
g_cond_wait_until (GCond * cond, GMutex * mutex, gint64 end_time)
{
  gboolean signalled;

  REAL (g_cond_wait_until);
  __tsan_release (mutex);
  signalled = function (cond, mutex, end_time);
  __tsan_acquire (mutex);
  return signalled;
}

void
g_rw_lock_writer_lock (GRWLock * lock)
{
  REAL (g_rw_lock_writer_lock);
  function (lock);
  __tsan_acquire (lock);
}

gboolean
g_rw_lock_writer_trylock (GRWLock * lock)
{
  gboolean locked;

  REAL (g_rw_lock_writer_trylock);
  locked = function (lock);
  if (locked)
    __tsan_acquire (lock);
  return locked;
}

void
g_rw_lock_writer_unlock (GRWLock * lock)
{
  REAL (g_rw_lock_writer_unlock);
  __tsan_release (lock);
  function (lock);
}

/* Readers order nothing among themselves, but this says they do: a reader that
 * writes is not found. */
void
g_rw_lock_reader_lock (GRWLock * lock)
{
  REAL (g_rw_lock_reader_lock);
  function (lock);
  __tsan_acquire (lock);
}

gboolean
g_rw_lock_reader_trylock (GRWLock * lock)
{
  gboolean locked;

  REAL (g_rw_lock_reader_trylock);
  locked = function (lock);
  if (locked)
    __tsan_acquire (lock);
  return locked;
}

void
g_rw_lock_reader_unlock (GRWLock * lock)
{
  REAL (g_rw_lock_reader_unlock);
  __tsan_release (lock);
  function (lock);
}

/* The macros of these names read the location first, atomically, which the
 * sanitizer sees; what they read was stored by GLib, which it does not. */
#undef g_once_init_enter
#undef g_once_init_leave

gboolean
g_once_init_enter (volatile void *location)
{
  gboolean first;

  REAL (g_once_init_enter);
  first = function (location);
  __tsan_acquire ((void *) location);
  return first;
}

void
g_once_init_leave (volatile void *location, gsize result)
{
  REAL (g_once_init_leave);
  __tsan_release ((void *) location);
  function (location, result);
}

/* What runs once is released by whoever runs it. */
gpointer
g_once_impl (GOnce * once, GThreadFunc func, gpointer data)
{
  gpointer result;

  REAL (g_once_impl);
  result = function (once, func, data);
  __tsan_release (once);
  __tsan_acquire (once);
  return result;
}

void
g_async_queue_push (GAsyncQueue * queue, gpointer data)
{
  REAL (g_async_queue_push);
  __tsan_release (queue);
  function (queue, data);
}

gpointer
g_async_queue_pop (GAsyncQueue * queue)
{
  gpointer data;

  REAL (g_async_queue_pop);
  data = function (queue);
  __tsan_acquire (queue);
  return data;
}

gpointer
g_async_queue_try_pop (GAsyncQueue * queue)
{
  gpointer data;

  REAL (g_async_queue_try_pop);
  data = function (queue);
  if (data != NULL)
    __tsan_acquire (queue);
  return data;
}

gpointer
g_async_queue_timeout_pop (GAsyncQueue * queue, guint64 timeout)
{
  gpointer data;

  REAL (g_async_queue_timeout_pop);
  data = function (queue, timeout);
  if (data != NULL)
    __tsan_acquire (queue);
  return data;
}

/* What every owner did before giving up its reference is seen by the function
 * that clears the box. The last owner is known only inside GLib, which calls
 * back from the same thread; boxes in the box come and go meanwhile. */
static __thread GDestroyNotify clear;

static void
acquire_and_clear (gpointer box)
{
  __tsan_acquire (box);
  if (clear != NULL)
    clear (box);
}

void
g_atomic_rc_box_release_full (gpointer box, GDestroyNotify func)
{
  GDestroyNotify outer = clear;

  REAL (g_atomic_rc_box_release_full);
  clear = func;
  __tsan_release (box);
  function (box, acquire_and_clear);
  clear = outer;
}
