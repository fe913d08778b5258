/* pipeline.h - from a camera to facematch's messages
 * SPDX-License-Identifier: LGPL-2.1-or-later
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
  gint width;                   /* pixels, most that facedetect gets */
  gint rate;                    /* frames per second, most that it gets */
  gint min_size;                /* pixels of those frames */
  gdouble scale_factor;
  gdouble threshold;            /* 0: the gallery's */
  gdouble margin;
  gint min_matches;
  gdouble message_interval;     /* seconds */
  gdouble stall_timeout;        /* seconds without a frame */
  gdouble max_delay;            /* seconds between two tries */
  gboolean align;               /* faces turned upright */
  gboolean json;
  gboolean stats;
  gboolean window;
} WatchOptions;

GstElement *watch_pipeline_new (const gchar * name, const gchar * uri,
    const WatchOptions * options, GError ** error);
