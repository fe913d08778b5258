/* state.h - what is kept of a scan for the next one
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "track.h"

G_BEGIN_DECLS

/* What a scan depends on besides the video.
 * model_id: of the embeddings; n_dims: their length
 * rate: frames looked at per second, 0 for all
 * detector_id: of its weights
 * detector_threshold: smallest confidence of a face, 0 for the default
 * min_face_size: pixels of a frame, 0 for automatic */
typedef struct {
  const gchar *model_id;
  guint n_dims;
  gdouble rate;
  const gchar *detector_id;
  gdouble detector_threshold;
  guint min_face_size;
} ToolScanSettings;

/* Makes the folder when it is not there; OPEN when nothing can be kept in it.
 * Only the owner may read what is. */
gboolean tool_state_prepare (const gchar * folder, GError ** error);

/* Writes the scan of a video to its file in the folder. */
gboolean tool_state_save (const gchar * folder, const ToolScan * scan,
    const ToolScanSettings * settings, GError ** error);

/* The kept scan of a video, NULL when there is none, when the video has
 * changed since, or when it was made with other settings. A damaged file is
 * an error; (transfer full). */
ToolScan *tool_state_load (const gchar * folder, const gchar * name,
    const gchar * path, const ToolScanSettings * settings, GError ** error);

/* All kept scans in the order of their videos' paths, whether those are still
 * there or not. MISMATCH when one was made with another model; (transfer full)
 * (element-type ToolScan). */
GPtrArray *tool_state_load_all (const gchar * folder,
    const ToolScanSettings * settings, GError ** error);

G_END_DECLS
