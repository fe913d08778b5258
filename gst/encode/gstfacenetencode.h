/* gstfacenetencode.h - faces to embeddings
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

#define GST_TYPE_FACENET_ENCODE (gst_facenet_encode_get_type ())
G_DECLARE_FINAL_TYPE (GstFacenetEncode, gst_facenet_encode, GST,
    FACENET_ENCODE, GstBaseTransform)

GST_ELEMENT_REGISTER_DECLARE (facenetencode)

G_END_DECLS
