/* camera.h - one camera of rtsp-watch
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "pipeline.h"

typedef struct _WatchCamera WatchCamera;

/* Called when a camera cannot go on and trying again would not help. */
typedef void (*WatchFailed) (gpointer user_data);

WatchCamera *watch_camera_new (const gchar * name, const gchar * uri,
    const WatchOptions * options, WatchFailed failed, gpointer user_data);
void watch_camera_start (WatchCamera * self);
void watch_camera_free (WatchCamera * self);
