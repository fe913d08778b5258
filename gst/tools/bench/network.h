/* network.h - how fast the network is on this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "common/options.h"

G_BEGIN_DECLS

/* batches, n_threads: words such as "1,8,32", NULL for the default. seconds:
 * how long to go on; each setting is measured at least once. */
typedef struct {
  const gchar *batches;
  const gchar *threads;
  gdouble seconds;
} ToolBenchNetwork;

/* Prints milliseconds per face for each number of faces in a call with each
 * number of threads. */
gboolean tool_bench_network (const ToolBenchNetwork * self,
    const ToolOptions * options, GError ** error);

G_END_DECLS
