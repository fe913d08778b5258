/* gstfacenetdetect.h - frames to faces
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

#define GST_TYPE_FACENET_DETECT (gst_facenet_detect_get_type ())
G_DECLARE_FINAL_TYPE (GstFacenetDetect, gst_facenet_detect, GST,
    FACENET_DETECT, GstBaseTransform)

GST_ELEMENT_REGISTER_DECLARE (facenetdetect)

G_END_DECLS
