/* facenet-memory-private.h - large pieces of memory, on huge pages
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes to which memory is aligned: a line of the cache, an AVX-512 register. */
#define FACENET_MEMORY_ALIGNMENT 64

/* Bytes of a huge page. Memory of this size and more begins at one and, where
 * the system has them, is on huge pages, but for a rest of less than one. */
#define FACENET_MEMORY_HUGE_PAGE ((gsize) 2 << 20)

/* Memory of this size, not cleared; NULL when there is none. */
gpointer facenet_memory_try_new (gsize size);
void facenet_memory_free (gpointer memory);

G_END_DECLS
