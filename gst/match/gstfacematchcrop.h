/* gstfacematchcrop.h - a picture of a face for a message
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/facenet/gstfaceembeddingmeta.h>
#include <gst/gst.h>

G_BEGIN_DECLS

/* The face, or the whole frame if it has no box, as RGB of at most 160 pixels
 * a side, (transfer full); NULL when the buffer is not raw video that can be
 * read. */
GstSample *gst_face_match_crop_new_sample (GstBuffer * buffer,
    const GstCaps * caps, const GstFaceEmbeddingMeta * face);

G_END_DECLS
