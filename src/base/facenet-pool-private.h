/* facenet-pool-private.h - a few threads that share a loop
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _FacenetPool FacenetPool;

/* task: 0 <= task < n_tasks; worker: 0 <= worker < number of threads, no two
 * calls at once with the same one. */
typedef void (*FacenetPoolFunc) (gpointer data, guint task, guint worker);

/* Starts n_threads - 1 threads; the caller of facenet_pool_run() is the last.
 * 0 = one per core. Should the system refuse a thread, there are fewer. */
FacenetPool *facenet_pool_new (guint n_threads);
void facenet_pool_free (FacenetPool * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetPool, facenet_pool_free)

guint facenet_pool_get_n_threads (const FacenetPool * self);

/* Calls func for every task and returns when all are done. Allocates nothing.
 * One caller at a time. */
void facenet_pool_run (FacenetPool * self, FacenetPoolFunc func, gpointer data,
    guint n_tasks);

G_END_DECLS
