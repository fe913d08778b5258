/* gstfacematchtypes.c - enumerations among facematch's properties
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "gstfacematchtypes.h"

GType
gst_face_match_metric_get_type (void)
{
  static const GEnumValue values[] = {
    {FACENET_METRIC_SQUARED_L2, "Squared L2 distance d, 0 to 4",
        "squared-l2"},
    {FACENET_METRIC_L2, "L2 distance, the root of d, 0 to 2", "l2"},
    {FACENET_METRIC_COSINE, "Cosine distance d / 2 = 1 - cos, 0 to 2",
        "cosine"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstFaceMatchMetric", values));
  return (GType) type;
}

GType
gst_face_match_mode_get_type (void)
{
  static const GEnumValue values[] = {
    {GST_FACE_MATCH_MODE_IDENTIFY, "Who of the gallery is it (1:N)",
        "identify"},
    {GST_FACE_MATCH_MODE_VERIFY, "Is it the claimed identity (1:1)", "verify"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstFaceMatchMode", values));
  return (GType) type;
}

GType
gst_face_match_report_get_type (void)
{
  static const GFlagsValue values[] = {
    {GST_FACE_MATCH_REPORT_MATCH, "Faces that were accepted", "match"},
    {GST_FACE_MATCH_REPORT_UNKNOWN, "Faces of nobody in the gallery",
        "unknown"},
    {GST_FACE_MATCH_REPORT_UNCERTAIN,
        "Faces between the thresholds or with too little margin", "uncertain"},
    {GST_FACE_MATCH_REPORT_LOST, "Confirmed tracks that ended", "lost"},
    {GST_FACE_MATCH_REPORT_REJECT, "Faces that were not eligible", "reject"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_flags_register_static ("GstFaceMatchReport", values));
  return (GType) type;
}
