/* races.c - races that are planted, and what GLib keeps from being one
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Two threads count to many in one plain variable; the argument says how they
 * agree. Where they do not, ThreadSanitizer must say so and end the program
 * with a status, else the set-up of these tests hides races.
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#define N 2000

static GMutex mutex, other_mutex;
static GCond cond;
static GRWLock rw_lock;
static GAsyncQueue *queue;
static guint *box;
static guint counter;
static guint turn;

static gpointer
count_alone (gpointer data)
{
  counter++;
  return NULL;
}

static gpointer
count_with_nothing (gpointer data)
{
  guint i;

  for (i = 0; i < N; i++)
    counter++;
  return NULL;
}

/* Each thread locks, but not the same. */
static gpointer
count_with_two_mutexes (gpointer data)
{
  GMutex *mine = GPOINTER_TO_UINT (data) == 0 ? &mutex : &other_mutex;
  guint i;

  for (i = 0; i < N; i++) {
    g_mutex_lock (mine);
    counter++;
    g_mutex_unlock (mine);
  }
  return NULL;
}

static gpointer
count_with_mutex (gpointer data)
{
  guint i;

  for (i = 0; i < N; i++) {
    if (i % 2 == 0 || !g_mutex_trylock (&mutex))
      g_mutex_lock (&mutex);
    counter++;
    g_mutex_unlock (&mutex);
  }
  return NULL;
}

/* The threads take turns. */
static gpointer
count_with_cond (gpointer data)
{
  guint i;

  for (i = 0; i < N; i++) {
    g_mutex_lock (&mutex);
    while (turn != GPOINTER_TO_UINT (data))
      g_cond_wait (&cond, &mutex);
    g_mutex_unlock (&mutex);
    counter++;
    g_mutex_lock (&mutex);
    turn = !turn;
    g_cond_signal (&cond);
    g_mutex_unlock (&mutex);
  }
  return NULL;
}

static gpointer
count_with_rw_lock (gpointer data)
{
  guint i, seen = 0;

  for (i = 0; i < N; i++) {
    g_rw_lock_reader_lock (&rw_lock);
    seen += counter;
    g_rw_lock_reader_unlock (&rw_lock);
    g_rw_lock_writer_lock (&rw_lock);
    counter++;
    g_rw_lock_writer_unlock (&rw_lock);
  }
  return GUINT_TO_POINTER (seen);
}

static gpointer
count_once (gpointer data)
{
  static gsize done = 0;

  if (g_once_init_enter (&done)) {
    counter = 2 * N;
    g_once_init_leave (&done, 1);
  }
  return GUINT_TO_POINTER (counter);
}

static gpointer
fill_once (gpointer data)
{
  counter = 2 * N;
  return data;
}

static gpointer
count_with_g_once (gpointer data)
{
  static GOnce once = G_ONCE_INIT;

  g_once (&once, fill_once, NULL);
  return GUINT_TO_POINTER (counter);
}

/* Who has the token counts. */
static gpointer
count_with_queue (gpointer data)
{
  guint i;

  for (i = 0; i < N; i++) {
    gpointer token = g_async_queue_pop (queue);

    counter++;
    g_async_queue_push (queue, token);
  }
  return NULL;
}

/* The last owner of the box sees what the other one did. */
static void
clear_box (gpointer data)
{
  counter = *(guint *) data + 2 * N;
  *(guint *) data = 1;
}

static gpointer
count_with_rc_box (gpointer data)
{
  guint seen = *box;

  g_atomic_rc_box_release_full (box, clear_box);
  return GUINT_TO_POINTER (seen);
}

typedef struct
{
  const gchar *name;
  GThreadFunc func;
} Way;

/* *INDENT-OFF* */
static const Way ways[] = {
  { "nothing",     count_with_nothing },
  { "two-mutexes", count_with_two_mutexes },
  { "alone",       count_alone },
  { "mutex",       count_with_mutex },
  { "cond",        count_with_cond },
  { "rw-lock",     count_with_rw_lock },
  { "once-init",   count_once },
  { "once",        count_with_g_once },
  { "async-queue", count_with_queue },
  { "rc-box",      count_with_rc_box }
};
/* *INDENT-ON* */

static void
run (GThreadFunc func)
{
  GThread *first = g_thread_new ("first", func, GUINT_TO_POINTER (0));
  GThread *second = NULL;

  /* Starting and joining a thread orders as well. */
  if (func == count_alone)
    g_thread_join (first);
  second = g_thread_new ("second", func, GUINT_TO_POINTER (1));
  if (func != count_alone)
    g_thread_join (first);
  g_thread_join (second);
}

int
main (int argc, char **argv)
{
  guint i;

  box = g_atomic_rc_box_acquire (g_atomic_rc_box_new0 (guint));
  queue = g_async_queue_new ();
  g_async_queue_push (queue, &counter);
  for (i = 0; i < G_N_ELEMENTS (ways); i++) {
    if (argc == 2 && strcmp (argv[1], ways[i].name) == 0) {
      run (ways[i].func);
      printf ("%s: %u\n", ways[i].name, counter);
      return 0;
    }
  }
  return 0;
}
