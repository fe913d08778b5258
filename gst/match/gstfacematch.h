/* gstfacematch.h - compares faces with a gallery
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

#define GST_TYPE_FACE_MATCH (gst_face_match_get_type ())
G_DECLARE_FINAL_TYPE (GstFaceMatch, gst_face_match, GST, FACE_MATCH,
    GstBaseTransform)

GST_ELEMENT_REGISTER_DECLARE (facematch);

G_END_DECLS
