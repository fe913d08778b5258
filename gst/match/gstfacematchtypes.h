/* gstfacematchtypes.h - enumerations among facematch's properties
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <facenet/facenet-match.h>
#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum {
  GST_FACE_MATCH_MODE_IDENTIFY,
  GST_FACE_MATCH_MODE_VERIFY
} GstFaceMatchMode;

/* Which events are posted: bit 1 << FacenetEvent. */
typedef enum {
  GST_FACE_MATCH_REPORT_MATCH = 1 << FACENET_EVENT_MATCH,
  GST_FACE_MATCH_REPORT_UNKNOWN = 1 << FACENET_EVENT_UNKNOWN,
  GST_FACE_MATCH_REPORT_UNCERTAIN = 1 << FACENET_EVENT_UNCERTAIN,
  GST_FACE_MATCH_REPORT_LOST = 1 << FACENET_EVENT_LOST,
  GST_FACE_MATCH_REPORT_REJECT = 1 << FACENET_EVENT_REJECT
} GstFaceMatchReport;

#define GST_TYPE_FACE_MATCH_METRIC (gst_face_match_metric_get_type ())
#define GST_TYPE_FACE_MATCH_MODE (gst_face_match_mode_get_type ())
#define GST_TYPE_FACE_MATCH_REPORT (gst_face_match_report_get_type ())

GType gst_face_match_metric_get_type (void);
GType gst_face_match_mode_get_type (void);
GType gst_face_match_report_get_type (void);

G_END_DECLS
