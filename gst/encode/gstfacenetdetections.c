/* gstfacenetdetections.c - what detectors say of a buffer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Detectors have more than one way to hand on what they found. Each kind is a
 * function that gives one detection after the other, and a line in the table
 * below; nothing else in the elements knows where a box is from.
 *
 * Regions of interest: GstVideoRegionOfInterestMeta, of facedetect and most
 * others. Track id and confidence are in structures among its params, under
 * the names that Intel's DL Streamer gives them: "object_id" with the field id,
 * "detection" with the field confidence. facenetdetect adds "landmarks", of
 * which the fields x0, y0 to x4, y4 are the points of a FacenetFace in pixels of
 * the frame.
 *
 * Analytics: the object detections of a GstAnalyticsRelationMeta, which
 * GStreamer has since 1.24; a track id is in the tracking that a detection
 * relates to.
 */
#include "gstfacenetdetections.h"

#include <gst/video/video.h>
#ifdef FACENET_ANALYTICS
#include <gst/analytics/analytics.h>
#endif

#include <math.h>

/* Ids of 64 bits are told apart by their lower 31. */
static gint
fold_track_id (guint64 id)
{
  return (gint) (id & G_MAXINT);
}

/* The number in a field of a param, which may be NULL, whatever its type; FALSE
 * without. */
static gboolean
get_number (const GstStructure * structure, const gchar * field,
    GValue * number)
{
  const GValue *value;

  if (structure == NULL)
    return FALSE;
  value = gst_structure_get_value (structure, field);
  /* Strings would be transformed as well. */
  return value != NULL && !G_VALUE_HOLDS_STRING (value)
      && g_value_type_transformable (G_VALUE_TYPE (value),
      G_VALUE_TYPE (number))
      && g_value_transform (value, number);
}

static gint
get_track_id (GstVideoRegionOfInterestMeta * roi)
{
  const GstStructure *param =
      gst_video_region_of_interest_meta_get_param (roi, "object_id");
  g_auto (GValue) id = G_VALUE_INIT;

  g_value_init (&id, G_TYPE_INT64);
  if (!get_number (param, "id", &id) || g_value_get_int64 (&id) < 0)
    return -1;
  return fold_track_id ((guint64) g_value_get_int64 (&id));
}

static gdouble
get_confidence (GstVideoRegionOfInterestMeta * roi)
{
  const GstStructure *param =
      gst_video_region_of_interest_meta_get_param (roi, "detection");
  g_auto (GValue) confidence = G_VALUE_INIT;

  g_value_init (&confidence, G_TYPE_DOUBLE);
  if (!get_number (param, "confidence", &confidence))
    return (gdouble) NAN;
  return g_value_get_double (&confidence);
}

/* FALSE unless all landmarks are there. */
static gboolean
get_landmarks (GstVideoRegionOfInterestMeta * roi, FacenetPoint * landmarks)
{
  static const gchar *const names[FACENET_N_LANDMARKS][2] = {
    {"x0", "y0"}, {"x1", "y1"}, {"x2", "y2"}, {"x3", "y3"}, {"x4", "y4"}
  };
  const GstStructure *param =
      gst_video_region_of_interest_meta_get_param (roi, "landmarks");
  g_auto (GValue) x = G_VALUE_INIT;
  g_auto (GValue) y = G_VALUE_INIT;

  g_value_init (&x, G_TYPE_DOUBLE);
  g_value_init (&y, G_TYPE_DOUBLE);
  for (guint i = 0; i < FACENET_N_LANDMARKS; i++) {
    if (!get_number (param, names[i][0], &x)
        || !get_number (param, names[i][1], &y))
      return FALSE;
    landmarks[i].x = g_value_get_double (&x);
    landmarks[i].y = g_value_get_double (&y);
  }
  return TRUE;
}

static gboolean
next_region (GstBuffer * buffer, gpointer * state,
    GstFacenetDetection * detection)
{
  GstVideoRegionOfInterestMeta *roi = (GstVideoRegionOfInterestMeta *)
      gst_buffer_iterate_meta_filtered (buffer, state,
      GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE);

  if (roi == NULL)
    return FALSE;
  detection->x = roi->x;
  detection->y = roi->y;
  detection->w = roi->w;
  detection->h = roi->h;
  detection->type = roi->roi_type;
  detection->track_id = get_track_id (roi);
  detection->confidence = get_confidence (roi);
  detection->has_landmarks = get_landmarks (roi, detection->landmarks);
  return TRUE;
}

#ifdef FACENET_ANALYTICS
/* The track of an object detection, -1 without. */
static gint
get_related_track (GstAnalyticsODMtd * object)
{
  GstAnalyticsTrackingMtd tracking;
  GstClockTime first_seen, last_seen;
  gboolean lost;
  guint64 id;

  if (!gst_analytics_relation_meta_get_direct_related (object->meta,
          object->id, GST_ANALYTICS_REL_TYPE_ANY,
          gst_analytics_tracking_mtd_get_mtd_type (), NULL, &tracking)
      || !gst_analytics_tracking_mtd_get_info (&tracking, &id, &first_seen,
          &last_seen, &lost))
    return -1;
  return fold_track_id (id);
}

static gboolean
next_object (GstBuffer * buffer, gpointer * state,
    GstFacenetDetection * detection)
{
  GstAnalyticsRelationMeta *meta =
      gst_buffer_get_analytics_relation_meta (buffer);
  GstAnalyticsODMtd object;
  gint x, y, w, h;
  gfloat confidence;

  /* A location that cannot be told as an upright box is passed over. */
  do {
    if (meta == NULL || !gst_analytics_relation_meta_iterate (meta, state,
            gst_analytics_od_mtd_get_mtd_type (), &object))
      return FALSE;
  } while (!gst_analytics_od_mtd_get_location (&object, &x, &y, &w, &h,
          &confidence));
  detection->x = x;
  detection->y = y;
  detection->w = (guint) MAX (w, 0);
  detection->h = (guint) MAX (h, 0);
  detection->type = gst_analytics_od_mtd_get_obj_type (&object);
  detection->track_id = get_related_track (&object);
  detection->confidence = (gdouble) confidence;
  detection->has_landmarks = FALSE;
  return TRUE;
}
#endif

typedef gboolean (*GstFacenetNext) (GstBuffer * buffer, gpointer * state,
    GstFacenetDetection * detection);

static const GstFacenetNext kinds[] = {
  next_region,
#ifdef FACENET_ANALYTICS
  next_object,
#endif
};

gboolean
gst_facenet_detections_next (GstFacenetDetectionIter * iter,
    GstBuffer * buffer, GstFacenetDetection * detection)
{
  while (iter->kind < G_N_ELEMENTS (kinds)) {
    if (kinds[iter->kind] (buffer, &iter->state, detection))
      return TRUE;
    iter->kind++;
    iter->state = NULL;
  }
  return FALSE;
}
