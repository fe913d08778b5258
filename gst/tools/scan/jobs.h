/* jobs.h - scans videos, several at a time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "media/encoder.h"
#include "state.h"

G_BEGIN_DECLS

/* settings: what the scans depend on
 * options: of the detector
 * model: shared by all jobs
 * state: folder of kept scans, NULL to keep none
 * n_jobs: videos at a time, 0 for as many as there are cores */
typedef struct {
  ToolScanSettings settings;
  const ToolOptions *options;
  FacenetModel *model;
  const gchar *state;
  guint n_jobs;
} ToolJobs;

/* The scans of these videos (element-type filename), in their order; one that
 * is kept is not made again. What goes wrong with one is its error, is said on
 * stderr and does not stop the others; (transfer full)
 * (element-type ToolScan). */
GPtrArray *tool_jobs_run (const ToolJobs * self, GPtrArray * videos);

G_END_DECLS
