/* facenet-pool.c - a few threads that share a loop
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Tasks are handed out one by one, so that a thread that is held up takes
 * fewer; one that wakes up when all are taken is not waited for. A run with
 * one task wakes nobody.
 */
#include "base/facenet-pool-private.h"

typedef struct
{
  FacenetPool *pool;
  guint worker;
  GThread *thread;
} PoolWorker;

struct _FacenetPool
{
  GMutex lock;
  GCond start;                  /* a run began, or the pool ends */
  GCond done;                   /* the last thread left the run */
  guint n_threads;              /* the caller included */
  PoolWorker *workers;          /* [n_threads - 1] */
  gboolean quit;
  guint generation;             /* counts runs */
  gboolean open;                /* threads may still join the run */
  guint n_busy;                 /* threads that joined it and have not left */
  FacenetPoolFunc func;
  gpointer data;
  guint n_tasks;
  gint next_task;               /* atomic */
};

static void
work (FacenetPool * self, guint worker)
{
  guint task;

  while ((task = (guint) g_atomic_int_add (&self->next_task, 1))
      < self->n_tasks)
    self->func (self->data, task, worker);
}

static gpointer
worker_main (gpointer data)
{
  PoolWorker *worker = data;
  FacenetPool *self = worker->pool;
  guint seen = 0;

  g_mutex_lock (&self->lock);
  while (TRUE) {
    while (!self->quit && self->generation == seen)
      g_cond_wait (&self->start, &self->lock);
    if (self->quit)
      break;
    seen = self->generation;
    if (!self->open)
      continue;
    self->n_busy++;
    g_mutex_unlock (&self->lock);
    work (self, worker->worker);
    g_mutex_lock (&self->lock);
    if (--self->n_busy == 0)
      g_cond_signal (&self->done);
  }
  g_mutex_unlock (&self->lock);
  return NULL;
}

FacenetPool *
facenet_pool_new (guint n_threads)
{
  FacenetPool *self = g_new0 (FacenetPool, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->start);
  g_cond_init (&self->done);
  if (n_threads == 0)
    n_threads = g_get_num_processors ();
  self->workers = g_new0 (PoolWorker, n_threads);
  for (self->n_threads = 1; self->n_threads < n_threads; self->n_threads++) {
    PoolWorker *worker = &self->workers[self->n_threads - 1];

    worker->pool = self;
    worker->worker = self->n_threads;
    worker->thread =
        g_thread_try_new ("facenet-worker", worker_main, worker, NULL);
    if (worker->thread == NULL)
      break;
  }
  return self;
}

void
facenet_pool_free (FacenetPool * self)
{
  g_mutex_lock (&self->lock);
  self->quit = TRUE;
  g_cond_broadcast (&self->start);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i + 1 < self->n_threads; i++)
    g_thread_join (self->workers[i].thread);
  g_free (self->workers);
  g_cond_clear (&self->done);
  g_cond_clear (&self->start);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint
facenet_pool_get_n_threads (const FacenetPool * self)
{
  return self->n_threads;
}

void
facenet_pool_run (FacenetPool * self, FacenetPoolFunc func, gpointer data,
    guint n_tasks)
{
  gboolean alone = self->n_threads == 1 || n_tasks <= 1;

  g_mutex_lock (&self->lock);
  self->func = func;
  self->data = data;
  self->n_tasks = n_tasks;
  g_atomic_int_set (&self->next_task, 0);
  if (!alone) {
    self->open = TRUE;
    self->generation++;
    g_cond_broadcast (&self->start);
  }
  g_mutex_unlock (&self->lock);

  work (self, 0);

  if (alone)
    return;
  g_mutex_lock (&self->lock);
  self->open = FALSE;
  while (self->n_busy > 0)
    g_cond_wait (&self->done, &self->lock);
  g_mutex_unlock (&self->lock);
}
