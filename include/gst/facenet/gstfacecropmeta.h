/* gstfacecropmeta.h - where in a frame a cropped face is from
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/gst.h>
#include <facenet/facenet-macros.h>

G_BEGIN_DECLS

/**
 * GstFaceCropMeta:
 * @meta: parent
 * @index: number of the face in its frame, from 0, the largest first
 * @n_faces: how many faces of that frame were cropped or tried
 * @roi_type: type of the region that the detector gave
 * @x: left edge of the detector's box, in pixels of the frame
 * @y: top edge
 * @w: width
 * @h: height
 * @frame_width: width of the frame, in pixels
 * @frame_height: its height
 * @track_id: track given by a tracker upstream, -1 when there is none
 * @detect_confidence: the detector's, in [0,1]; NaN when it gave none
 * @to_frame: where the picture lies in the frame. With u and v in [0,1] over
 *   its width and height, the point (u, v) of the picture is the point
 *   (to_frame[0] u + to_frame[1] v + to_frame[2],
 *   to_frame[3] u + to_frame[4] v + to_frame[5]) of the frame, in pixels
 *
 * Says of a buffer that it is the picture of one face, cut out of a larger
 * frame. `facenetencode` takes such a buffer for a face whatever its size, unless
 * its inference-region is `roi-list`, and gives its embedding the box and the
 * frame size of this meta.
 *
 * The meta survives every element that copies metas. A later videoscale does
 * not change what it says, a later videocrop makes @to_frame wrong.
 *
 * Since: 0.1
 */
typedef struct {
  GstMeta meta;
  guint index, n_faces;
  GQuark roi_type;
  guint x, y, w, h;
  guint frame_width, frame_height;
  gint track_id;
  gdouble detect_confidence;
  gdouble to_frame[6];
} GstFaceCropMeta;

#define GST_FACE_CROP_META_API_TYPE (gst_face_crop_meta_api_get_type ())
#define GST_FACE_CROP_META_INFO (gst_face_crop_meta_get_info ())

FACENET_API GType gst_face_crop_meta_api_get_type (void);
FACENET_API const GstMetaInfo *gst_face_crop_meta_get_info (void);

FACENET_API GstFaceCropMeta *gst_buffer_add_face_crop_meta (GstBuffer * buffer);
FACENET_API GstFaceCropMeta *gst_buffer_get_face_crop_meta (GstBuffer * buffer);

G_END_DECLS
