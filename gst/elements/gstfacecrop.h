/* gstfacecrop.h - each face of a frame as a picture of its own
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

#define GST_TYPE_FACE_CROP (gst_face_crop_get_type ())
G_DECLARE_FINAL_TYPE (GstFaceCrop, gst_face_crop, GST, FACE_CROP,
    GstBaseTransform)

GST_ELEMENT_REGISTER_DECLARE (facecrop)

G_END_DECLS
