/* gstfacecrop.h - each face of a frame as a picture of its own
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/base/gstbasetransform.h>
#include <facenet/facenet-landmarks.h>

G_BEGIN_DECLS

#define GST_TYPE_FACE_CROP (gst_face_crop_get_type ())
G_DECLARE_DERIVABLE_TYPE (GstFaceCrop, gst_face_crop, GST, FACE_CROP,
    GstBaseTransform)

struct _GstFaceCropClass {
  GstBaseTransformClass parent_class;
};

/* For subclasses, before caps are set: what is to find the points of faces that
 * come without landmarks; a reference is kept. NULL, as at first, for none. */
void gst_face_crop_set_landmarks (GstFaceCrop * self,
    FacenetLandmarks * landmarks);

GST_ELEMENT_REGISTER_DECLARE (facecrop)

G_END_DECLS
