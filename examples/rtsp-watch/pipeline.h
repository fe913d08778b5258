/* pipeline.h - from a camera to facematch's messages
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/gst.h>

/* What all cameras have in common; strings are not owned by a camera. */
typedef struct
{
  gchar *gallery;
  gchar *transport;             /* tcp, udp or auto */
  gchar *report;                /* facematch's flags */
  gint latency;                 /* ms that packets may wait for others */
  gint rate;                    /* most frames per second to look at */
  gint min_face_size;           /* pixels of the frame, 0: automatic */
  gdouble detector_threshold;   /* 0: what the model recommends */
  gdouble threshold;            /* 0: the gallery's */
  gdouble margin;
  gint min_matches;
  gdouble message_interval;     /* seconds */
  gdouble stall_timeout;        /* seconds without a frame */
  gdouble max_delay;            /* seconds between two tries */
  gboolean json;
  gboolean stats;
  gboolean window;
} WatchOptions;

GstElement *watch_pipeline_new (const gchar * name, const gchar * uri,
    const WatchOptions * options, GError ** error);
