/* gstfacenetpassthrough.c - elements that add metadata and leave pixels alone
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Metadata needs a writable buffer, not writable pixels. A base transform that
 * works in place would copy the pixels of each shared buffer. One that passes
 * through does not, and sends ALLOCATION queries on to downstream; but its
 * transform_ip gets buffers that are not writable. So these elements pass
 * through, and hand transform_ip a copy that shares the memory.
 */
#include "gstfacenetpassthrough.h"

void
gst_facenet_passthrough_init (GstBaseTransform * trans)
{
  g_return_if_fail (GST_IS_BASE_TRANSFORM (trans));

  gst_base_transform_set_passthrough (trans, TRUE);
  gst_base_transform_set_qos_enabled (trans, FALSE);
}

GstFlowReturn
gst_facenet_passthrough_prepare (GstBaseTransform * trans, GstBuffer * input,
    GstBuffer ** output)
{
  *output = gst_buffer_is_writable (input) ? input : gst_buffer_copy (input);
  if (*output != NULL)
    return GST_FLOW_OK;
  GST_ELEMENT_ERROR (trans, RESOURCE, FAILED, ("A buffer cannot be copied."),
      ("%" GST_PTR_FORMAT, (void *) input));
  return GST_FLOW_ERROR;
}
