/* gstfacematchannotation.h - boxes and labels as overlay rectangles
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/facenet/gstfacenet.h>
#include <gst/video/video.h>

G_BEGIN_DECLS

/**
 * GstFaceMatchAnnotation:
 * @x: left edge of the box, in parts of the frame's width
 * @y: top edge, in parts of its height
 * @w: width of the box, in parts of the frame's
 * @h: height of the box, in parts of the frame's
 * @event: chooses the colour
 * @judged: whether there is a verdict; else the colour is that of a reject
 * @label: (nullable): what to write
 *
 * What to draw of one face.
 */
typedef struct {
  gdouble x, y, w, h;
  FacenetEvent event;
  gboolean judged;
  gchar *label;
} GstFaceMatchAnnotation;

/**
 * GstFaceMatchStyle:
 * @width: of the frame to draw on, in pixels
 * @height: its height
 * @line_width: in pixels, 0 for one that suits the height
 * @font: family of the font
 *
 * How and where to draw.
 */
typedef struct {
  gint width, height;
  gdouble line_width;
  const gchar *font;
} GstFaceMatchStyle;

void gst_face_match_annotation_init (GstFaceMatchAnnotation * self,
    const GstFaceEmbeddingMeta * face, const GstFaceMatchMeta * match,
    gboolean with_distance);
void gst_face_match_annotation_clear (GstFaceMatchAnnotation * self);
GstVideoOverlayRectangle *gst_face_match_annotation_draw (const GstFaceMatchAnnotation *
    self, const GstFaceMatchStyle * style);

G_END_DECLS
