/* gstfacenetregions.h - the faces of a frame
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/video/video.h>
#include <facenet/facenet-face.h>
#include <gst/facenet/gstfaceembeddingmeta.h>

#include "common/gstfacenetstats.h"

G_BEGIN_DECLS

typedef enum {
  GST_FACENET_INFERENCE_AUTO,
  GST_FACENET_INFERENCE_FULL_FRAME,
  GST_FACENET_INFERENCE_ROI_LIST
} GstFacenetInference;

/* What counts as a face. */
typedef struct {
  GstFacenetInference inference;
  GQuark object_class;          /* type of region, 0 = any */
  guint min_face_size;          /* pixels, of the shorter side */
  guint max_faces;              /* 0 = all */
} GstFacenetRules;

/* Where the model's frame lies in a detector's box. */
typedef struct {
  gdouble scale;
  gdouble offset_y;
} GstFacenetFraming;

/* One face: its box as the detector gave it, it may reach beyond the frame. */
typedef struct {
  gint64 x, y;
  guint w, h;
  guint frame_width, frame_height;      /* of the frame that it is a box in */
  GQuark roi_type;              /* 0 when the box is the whole frame */
  gboolean is_frame;            /* the whole buffer is the face */
  gdouble side;                 /* of a face cropped upstream, in pixels of the
                                 * frame it is from; 0 for others */
  gint track_id;                /* -1: none */
  gdouble confidence;           /* NaN: none */
  gboolean has_landmarks;
  FacenetPoint landmarks[FACENET_N_LANDMARKS];  /* as of FacenetFace */
} GstFacenetRegion;

typedef struct {
  gpointer owner;               /* for log lines, with the next */
  GstDebugCategory *category;
  GArray *list;                 /* GstFacenetRegion, largest first */
  gboolean roi_seen;            /* ever on this stream, of any type */
  guint skipped[GST_FACENET_N_SKIPS];   /* in the frame collected last */
  guint landmarks_ignored;              /* in that frame */
} GstFacenetRegions;

void gst_facenet_regions_init (GstFacenetRegions * self, gpointer owner,
    GstDebugCategory * category);
void gst_facenet_regions_clear (GstFacenetRegions * self);

/* Forgets what was seen, for a new stream. */
void gst_facenet_regions_reset (GstFacenetRegions * self);

/* Fills list with the faces of buffer, a frame of info, and counts those
 * that were left out. */
void gst_facenet_regions_collect (GstFacenetRegions * self,
    GstBuffer * buffer, const GstVideoInfo * info,
    const GstFacenetRules * rules);

/* A face's box without what is left of or above the frame, as metadata has
 * it. */
typedef struct {
  guint x, y, w, h;
} GstFacenetBox;

void gst_facenet_region_get_box (const GstFacenetRegion * region,
    GstFacenetBox * box);

/* Says in the metadata of a face where it was. */
void gst_facenet_region_describe (const GstFacenetRegion * region,
    GstFaceEmbeddingMeta * meta);

/* A region that is not the whole buffer, for a cropper. */
void gst_facenet_region_get_face (const GstFacenetRegion * region,
    FacenetFace * face);

/* Counts and logs a face that is left out; it is not taken off the list. */
void gst_facenet_regions_skip (GstFacenetRegions * self,
    GstFacenetSkip reason, const GstFacenetRegion * region,
    const gchar * why);

/* Counts and logs a face with landmarks that cannot be its own. */
void gst_facenet_regions_ignore_landmarks (GstFacenetRegions * self,
    const GstFacenetRegion * region);

G_END_DECLS
