/* gstfacematchoverlay.h - draws who is in the picture
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_FACE_MATCH_OVERLAY (gst_face_match_overlay_get_type ())
G_DECLARE_FINAL_TYPE (GstFaceMatchOverlay, gst_face_match_overlay, GST,
    FACE_MATCH_OVERLAY, GstBin)

GST_ELEMENT_REGISTER_DECLARE (facematchoverlay)

G_END_DECLS
