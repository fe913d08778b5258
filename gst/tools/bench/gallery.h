/* gallery.h - how fast the matcher is on this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "common/options.h"

G_BEGIN_DECLS

/* seconds: how long to repeat each search. n_threads: the most to search
 * with, 0 for one per core. */
typedef struct {
  gint n_embeddings;
  guint n_threads;
  gdouble seconds;
} ToolBenchGallery;

/* Prints the times of searches for 1 and for 16 faces, and of plain reads of
 * the same memory beside them. */
gboolean tool_bench_gallery (const ToolBenchGallery * self,
    const ToolOptions * options, GError ** error);

G_END_DECLS
