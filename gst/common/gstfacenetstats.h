/* gstfacenetstats.h - what was done with faces and what was left out
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Why a face, or a whole frame, was left out. */
typedef enum {
  GST_FACENET_SKIP_SMALL,       /* face below min-face-size */
  GST_FACENET_SKIP_DUPLICATE,   /* face whose box covers another's */
  GST_FACENET_SKIP_OUTSIDE,     /* face mostly outside the frame */
  GST_FACENET_SKIP_EMPTY,       /* face with a box without area */
  GST_FACENET_SKIP_MAX_FACES,   /* face beyond max-faces */
  GST_FACENET_SKIP_QUALITY,     /* face below min-quality */
  GST_FACENET_SKIP_FULL_FRAME,  /* frame without regions, too large or oblong */
  GST_FACENET_SKIP_UNREADABLE,  /* frame that could not be mapped */
  GST_FACENET_SKIP_INTERVAL,    /* frame passed over by inference-interval */
  GST_FACENET_N_SKIPS
} GstFacenetSkip;

typedef struct {
  guint64 frames;               /* that were looked at */
  guint64 faces;                /* that were encoded or cropped */
  guint64 skipped[GST_FACENET_N_SKIPS];
  guint64 landmarks_ignored;    /* faces whose landmarks were not used */
  guint64 encodes;              /* frames with at least one face */
  GstClockTime latency_sum;     /* over those frames */
  GstClockTime latency_max;
} GstFacenetStats;

/* Adds one frame with n_faces encoded in latency ns. */
void gst_facenet_stats_add_frame (GstFacenetStats * self, guint n_faces,
    GstClockTime latency);
/* Adds n_skips counts of one frame, indexed by GstFacenetSkip. */
void gst_facenet_stats_add_skipped (GstFacenetStats * self,
    const guint * skipped, guint n_skips);
/* (transfer full) (nullable): why there was no face, NULL when there was one */
gchar *gst_facenet_stats_explain_silence (const GstFacenetStats * self);
/* (transfer full) */
GstStructure *gst_facenet_stats_to_structure (const GstFacenetStats * self,
    const gchar * name);

G_END_DECLS
