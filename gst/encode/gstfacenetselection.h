/* gstfacenetselection.h - properties that choose faces and frame them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "gstfacenetregions.h"

G_BEGIN_DECLS

#define GST_FACENET_LANDMARKS_BLURB \
    "File of a shape predictor of dlib's for 68 points, unset for the one " \
    "that FACENET_LANDMARKS names or of Debian's package libdlib-data"

/* Whether faces are turned upright by landmarks; numbered so that FALSE and TRUE
 * mean what they did when the property was a boolean. */
typedef enum {
  GST_FACENET_ALIGN_NEVER = FALSE,
  GST_FACENET_ALIGN_ALWAYS = TRUE,
  GST_FACENET_ALIGN_AUTO
} GstFacenetAlign;

#define GST_TYPE_FACENET_INFERENCE (gst_facenet_inference_get_type ())
#define GST_TYPE_FACENET_ALIGN (gst_facenet_align_get_type ())

GType gst_facenet_inference_get_type (void);
GType gst_facenet_align_get_type (void);

/* What the elements that take a detector's boxes have in common. */
typedef struct {
  GstFacenetRules rules;
  GstFacenetFraming framing;
} GstFacenetSelection;

/* Their places from the first one on. */
enum {
  GST_FACENET_SELECTION_OBJECT_CLASS,
  GST_FACENET_SELECTION_ROI_SCALE,
  GST_FACENET_SELECTION_ROI_OFFSET_Y,
  GST_FACENET_SELECTION_MIN_FACE_SIZE,
  GST_FACENET_SELECTION_MAX_FACES,
  GST_FACENET_SELECTION_N_PROPERTIES
};

/* Sets the defaults, and inference to a detector's boxes. */
void gst_facenet_selection_init (GstFacenetSelection * self);

/* Writes GST_FACENET_SELECTION_N_PROPERTIES specifications. */
void gst_facenet_selection_init_properties (GParamSpec ** properties);

/* With the caller's lock held. FALSE when id, counted from the first one of
 * these, is none of them. */
gboolean gst_facenet_selection_set_property (GstFacenetSelection * self,
    guint id, const GValue * value);
gboolean gst_facenet_selection_get_property (const GstFacenetSelection * self,
    guint id, GValue * value);

G_END_DECLS
