/* gstfacenetpassthrough.h - elements that add metadata and leave pixels alone
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

/* Sets an instance up, without quality of service: no frame is dropped. */
void gst_facenet_passthrough_init (GstBaseTransform * trans);

/* A GstBaseTransformClass.prepare_output_buffer: *output is input when it is
 * writable, else a copy that shares its memory. GST_FLOW_ERROR, with an error
 * on the bus, when the buffer cannot be copied. */
GstFlowReturn gst_facenet_passthrough_prepare (GstBaseTransform * trans,
    GstBuffer * input, GstBuffer ** output);

G_END_DECLS
