/* gstfaceneterror.c - errors of libfacenet as element errors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Applications tell "no such file" from "wrong settings" by the domain and the
 * code of an element error, not by its text; this is the one place that maps
 * the codes of FACENET_ERROR to those of GStreamer; a stream error stays one.
 */
#include "gstfaceneterror.h"

#include <facenet/facenet-error.h>

typedef struct
{
  GQuark domain;
  gint code;
} GstFacenetCode;

static GstFacenetCode
map_code (const GError * error)
{
  GstFacenetCode code = { GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_FAILED };

  if (error->domain == GST_STREAM_ERROR) {
    code.domain = error->domain;
    code.code = error->code;
  }
  if (error->domain != FACENET_ERROR)
    return code;
  switch ((FacenetError) error->code) {
    case FACENET_ERROR_OPEN:
      code.domain = GST_RESOURCE_ERROR;
      code.code = GST_RESOURCE_ERROR_NOT_FOUND;
      break;
    case FACENET_ERROR_FORMAT:
    case FACENET_ERROR_TRUNCATED:
    case FACENET_ERROR_MISSING:
    case FACENET_ERROR_LIMIT:
      code.domain = GST_RESOURCE_ERROR;
      code.code = GST_RESOURCE_ERROR_READ;
      break;
    case FACENET_ERROR_MISMATCH:
      code.code = GST_LIBRARY_ERROR_SETTINGS;
      break;
    case FACENET_ERROR_SHAPE:
      code.domain = GST_STREAM_ERROR;
      code.code = GST_STREAM_ERROR_FORMAT;
      break;
  }
  return code;
}

static void
post (GstElement * element, GstMessageType type, const GError * error)
{
  GstFacenetCode code = map_code (error);

  gst_element_message_full (element, type, code.domain, code.code,
      g_strdup (error->message), NULL, __FILE__, G_STRFUNC, __LINE__);
}

void
gst_facenet_post_error (GstElement * element, const GError * error)
{
  g_return_if_fail (GST_IS_ELEMENT (element));
  g_return_if_fail (error != NULL);

  post (element, GST_MESSAGE_ERROR, error);
}

void
gst_facenet_post_warning (GstElement * element, const GError * error)
{
  g_return_if_fail (GST_IS_ELEMENT (element));
  g_return_if_fail (error != NULL);

  post (element, GST_MESSAGE_WARNING, error);
}
