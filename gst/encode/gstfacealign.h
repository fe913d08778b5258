/* gstfacealign.h - each face of a frame, turned upright
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "gstfacecrop.h"

G_BEGIN_DECLS

#define GST_TYPE_FACE_ALIGN (gst_face_align_get_type ())
G_DECLARE_FINAL_TYPE (GstFaceAlign, gst_face_align, GST, FACE_ALIGN,
    GstFaceCrop)

GST_ELEMENT_REGISTER_DECLARE (facealign)

G_END_DECLS
