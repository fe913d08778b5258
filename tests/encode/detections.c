/* detections.c - each kind of detection, and all of a buffer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Built against GStreamer's analytics library where it is there, else against
 * a stand-in.
 */
#include "encode/gstfacenetdetections.h"
#include "encode/gstfacenetregions.h"

#include <gst/analytics/analytics.h>

#include <math.h>

static GstVideoRegionOfInterestMeta *
add_region (GstBuffer * buffer, const gchar * type, guint x)
{
  return gst_buffer_add_video_region_of_interest_meta (buffer, type, x, 20,
      30, 40);
}

static guint
count (GstBuffer * buffer)
{
  GstFacenetDetectionIter iter = { 0, NULL };
  GstFacenetDetection detection;
  guint n = 0;

  while (gst_facenet_detections_next (&iter, buffer, &detection))
    n++;
  return n;
}

static void
get_first (GstBuffer * buffer, GstFacenetDetection * detection)
{
  GstFacenetDetectionIter iter = { 0, NULL };

  g_assert_true (gst_facenet_detections_next (&iter, buffer, detection));
}

static void
test_bare_buffer_has_none (void)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();

  g_assert_cmpuint (count (buffer), ==, 0);
  gst_buffer_add_analytics_relation_meta (buffer);
  g_assert_cmpuint (count (buffer), ==, 0);
}

static void
test_region_without_params (void)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();
  GstFacenetDetection detection;

  add_region (buffer, "head", 10);
  get_first (buffer, &detection);
  g_assert_cmpint (detection.x, ==, 10);
  g_assert_cmpint (detection.y, ==, 20);
  g_assert_cmpuint (detection.w, ==, 30);
  g_assert_cmpuint (detection.h, ==, 40);
  g_assert_cmpstr (g_quark_to_string (detection.type), ==, "head");
  g_assert_cmpint (detection.track_id, ==, -1);
  g_assert_true (isnan (detection.confidence));
}

typedef struct
{
  const gchar *object_id, *detection;   /* structures, or NULL */
  gint track_id;
  gdouble confidence;
} ParamCase;

/* *INDENT-OFF* */
static const ParamCase param_cases[] = {
  { "object_id, id=(int)7", "detection, confidence=(double)0.75", 7, 0.75 },
  { "object_id, id=(int)0", "detection, confidence=(float)0.75", 0, 0.75 },
  { "object_id, id=(uint)7", "detection, confidence=(int)1", 7, 1.0 },
  { "object_id, id=(gint64)7", "detection", 7, NAN },
  { "object_id, id=(uint)4294967295", NULL, G_MAXINT, NAN },
  { "object_id, id=(guint64)4294967303", NULL, 7, NAN },
  { "object_id, id=(int)-3", "other, confidence=(double)0.75", -1, NAN },
  { "object_id, id=(string)7", "detection, confidence=(string)0.75", -1, NAN },
  { "object_id", NULL, -1, NAN },
  { "object_id, id=(fraction)7/1", NULL, -1, NAN },
};
/* *INDENT-ON* */

static void
add_param (GstVideoRegionOfInterestMeta * roi, const gchar * text)
{
  if (text != NULL)
    gst_video_region_of_interest_meta_add_param (roi,
        gst_structure_from_string (text, NULL));
}

static void
test_params_of_regions (void)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (param_cases); i++) {
    const ParamCase *self = &param_cases[i];
    g_autoptr (GstBuffer) buffer = gst_buffer_new ();
    GstVideoRegionOfInterestMeta *roi = add_region (buffer, "face", 10);
    GstFacenetDetection detection;

    g_test_message ("%s", self->object_id);
    add_param (roi, self->object_id);
    add_param (roi, self->detection);
    get_first (buffer, &detection);
    g_assert_cmpint (detection.track_id, ==, self->track_id);
    if (isnan (self->confidence))
      g_assert_true (isnan (detection.confidence));
    else
      g_assert_cmpfloat (detection.confidence, ==, self->confidence);
  }
}

static void
test_analytics_objects (void)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();
  GstAnalyticsRelationMeta *meta =
      gst_buffer_add_analytics_relation_meta (buffer);
  const GQuark face = g_quark_from_static_string ("face");
  GstFacenetDetectionIter iter = { 0, NULL };
  GstFacenetDetection detection;
  GstAnalyticsODMtd object;
  GstAnalyticsTrackingMtd tracking;

  gst_analytics_relation_meta_add_od_mtd (meta, face, 10, 20, 30, 40, 0.75f,
      &object);
  gst_analytics_relation_meta_add_tracking_mtd (meta, 9, 0, &tracking);
  gst_analytics_relation_meta_set_relation (meta,
      GST_ANALYTICS_REL_TYPE_RELATE_TO, object.id, tracking.id);
  gst_analytics_relation_meta_add_od_mtd (meta, face, -10, -20, 50, 60, 0.5f,
      &object);

  g_assert_true (gst_facenet_detections_next (&iter, buffer, &detection));
  g_assert_cmpint (detection.x, ==, 10);
  g_assert_cmpint (detection.y, ==, 20);
  g_assert_cmpuint (detection.w, ==, 30);
  g_assert_cmpuint (detection.h, ==, 40);
  g_assert_cmpuint (detection.type, ==, face);
  g_assert_cmpint (detection.track_id, ==, 9);
  g_assert_cmpfloat (detection.confidence, ==, 0.75);
  g_assert_true (gst_facenet_detections_next (&iter, buffer, &detection));
  g_assert_cmpint (detection.x, ==, -10);
  g_assert_cmpint (detection.y, ==, -20);
  g_assert_cmpuint (detection.w, ==, 50);
  g_assert_cmpint (detection.track_id, ==, -1);
  g_assert_cmpfloat (detection.confidence, ==, 0.5);
  g_assert_false (gst_facenet_detections_next (&iter, buffer, &detection));
}

typedef struct
{
  GstVideoInfo info;
  GstFacenetRegions regions;
  GstFacenetRules rules;
} Collector;

static void
collector_init (Collector * self)
{
  gst_video_info_set_format (&self->info, GST_VIDEO_FORMAT_RGB, 320, 240);
  gst_facenet_regions_init (&self->regions, NULL, GST_CAT_DEFAULT);
  self->rules.inference = GST_FACENET_INFERENCE_ROI_LIST;
  self->rules.object_class = g_quark_from_static_string ("face");
  self->rules.min_face_size = 0;
  self->rules.max_faces = 0;
}

static const GstFacenetRegion *
collect_one (Collector * self, GstBuffer * buffer)
{
  gst_facenet_regions_collect (&self->regions, buffer, &self->info,
      &self->rules);
  g_assert_cmpuint (self->regions.list->len, ==, 1);
  return &g_array_index (self->regions.list, GstFacenetRegion, 0);
}

/* DL Streamer tells of each object in both kinds. */
static void
test_face_of_two_kinds_is_one (void)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();
  GstAnalyticsRelationMeta *meta =
      gst_buffer_add_analytics_relation_meta (buffer);
  GstVideoRegionOfInterestMeta *roi = add_region (buffer, "face", 10);
  const GstFacenetRegion *region;
  GstAnalyticsODMtd object;
  Collector collector;

  add_param (roi, "object_id, id=(int)5");
  add_param (roi, "detection, confidence=(double)0.5");
  gst_analytics_relation_meta_add_od_mtd (meta,
      g_quark_from_static_string ("face"), 11, 20, 30, 40, 0.75f, &object);
  gst_analytics_relation_meta_add_od_mtd (meta,
      g_quark_from_static_string ("cat"), 100, 20, 30, 40, 0.75f, &object);
  collector_init (&collector);
  region = collect_one (&collector, buffer);
  g_assert_cmpint (region->x, ==, 11);
  g_assert_cmpfloat (region->confidence, ==, 0.75);
  g_assert_cmpint (region->track_id, ==, 5);
  g_assert_cmpuint (collector.regions.skipped[GST_FACENET_SKIP_DUPLICATE], ==,
      1);
  gst_facenet_regions_clear (&collector.regions);
}

typedef struct
{
  const gchar *landmarks;       /* a structure */
  gboolean valid;
} LandmarksCase;

/* *INDENT-OFF* */
static const LandmarksCase landmarks_cases[] = {
  { "landmarks, x0=(double)1.5, y0=(double)2.5, x1=(double)3, y1=(double)4, "
      "x2=(double)5, y2=(double)6, x3=(double)7, y3=(double)8, x4=(double)9, "
      "y4=(double)10", TRUE },
  { "landmarks, x0=(float)1.5, y0=(float)2.5, x1=(int)3, y1=(int)4, "
      "x2=(uint)5, y2=(uint)6, x3=(gint64)7, y3=(gint64)8, x4=(double)9, "
      "y4=(double)10", TRUE },
  { "landmarks, x0=(double)1.5, y0=(double)2.5, x1=(double)3, y1=(double)4, "
      "x2=(double)5, y2=(double)6, x3=(double)7, y3=(double)8, x4=(double)9",
      FALSE },
  { "landmarks, x0=(string)1.5, y0=(double)2.5, x1=(double)3, y1=(double)4, "
      "x2=(double)5, y2=(double)6, x3=(double)7, y3=(double)8, x4=(double)9, "
      "y4=(double)10", FALSE },
  { "landmarks", FALSE },
};
/* *INDENT-ON* */

static void
test_landmarks_of_regions (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (landmarks_cases); i++) {
    g_autoptr (GstBuffer) buffer = gst_buffer_new ();
    GstFacenetDetection detection;

    add_param (add_region (buffer, "face", 10), landmarks_cases[i].landmarks);
    get_first (buffer, &detection);
    g_assert_cmpint (detection.has_landmarks, ==, landmarks_cases[i].valid);
    if (!detection.has_landmarks)
      continue;
    g_assert_cmpfloat (detection.landmarks[0].x, ==, 1.5);
    g_assert_cmpfloat (detection.landmarks[0].y, ==, 2.5);
    g_assert_cmpfloat (detection.landmarks[2].x, ==, 5.0);
    g_assert_cmpfloat (detection.landmarks[4].y, ==, 10.0);
  }
}

/* A detector that says the same in two ways has landmarks in one of them. */
static void
test_landmarks_outlive_a_merge (void)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();
  GstVideoRegionOfInterestMeta *roi = add_region (buffer, "face", 10);
  GstAnalyticsRelationMeta *meta =
      gst_buffer_add_analytics_relation_meta (buffer);
  const GstFacenetRegion *region;
  GstAnalyticsODMtd object;
  Collector collector;
  FacenetFace face;

  add_param (roi, landmarks_cases[0].landmarks);
  add_param (roi, "detection, confidence=(double)0.5");
  gst_analytics_relation_meta_add_od_mtd (meta,
      g_quark_from_static_string ("face"), 11, 20, 30, 40, 0.75f, &object);
  collector_init (&collector);
  region = collect_one (&collector, buffer);
  gst_facenet_region_get_face (region, &face);
  g_assert_cmpfloat (face.box.x, ==, 11.0);
  g_assert_cmpfloat (face.confidence, ==, 0.75);
  g_assert_true (face.has_landmarks);
  g_assert_cmpfloat (face.landmarks[4].y, ==, 10.0);
  gst_facenet_regions_clear (&collector.regions);
}

/* The crop is of the whole face, the box that is told of what is in sight. */
static void
test_box_may_begin_outside (void)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();
  GstAnalyticsRelationMeta *meta =
      gst_buffer_add_analytics_relation_meta (buffer);
  const GstFacenetRegion *region;
  GstAnalyticsODMtd object;
  Collector collector;
  GstFacenetBox box;
  FacenetFace face;

  gst_analytics_relation_meta_add_od_mtd (meta,
      g_quark_from_static_string ("face"), -10, -5, 60, 60, 0.75f, &object);
  gst_analytics_relation_meta_add_od_mtd (meta,
      g_quark_from_static_string ("face"), -40, -5, 60, 60, 0.75f, &object);
  gst_analytics_relation_meta_add_od_mtd (meta,
      g_quark_from_static_string ("face"), 50, 50, -60, 60, 0.75f, &object);
  collector_init (&collector);
  region = collect_one (&collector, buffer);
  gst_facenet_region_get_face (region, &face);
  g_assert_cmpfloat (face.box.x, ==, -10.0);
  g_assert_cmpfloat (face.box.y, ==, -5.0);
  g_assert_cmpfloat (face.box.width, ==, 60.0);
  gst_facenet_region_get_box (region, &box);
  g_assert_cmpuint (box.x, ==, 0);
  g_assert_cmpuint (box.y, ==, 0);
  g_assert_cmpuint (box.w, ==, 50);
  g_assert_cmpuint (box.h, ==, 55);
  g_assert_cmpuint (collector.regions.skipped[GST_FACENET_SKIP_OUTSIDE], ==, 1);
  g_assert_cmpuint (collector.regions.skipped[GST_FACENET_SKIP_EMPTY], ==, 1);
  gst_facenet_regions_clear (&collector.regions);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/detections/bare-buffer-has-none",
      test_bare_buffer_has_none);
  g_test_add_func ("/detections/region-without-params",
      test_region_without_params);
  g_test_add_func ("/detections/params-of-regions", test_params_of_regions);
  g_test_add_func ("/detections/analytics-objects", test_analytics_objects);
  g_test_add_func ("/detections/face-of-two-kinds-is-one",
      test_face_of_two_kinds_is_one);
  g_test_add_func ("/detections/landmarks-of-regions",
      test_landmarks_of_regions);
  g_test_add_func ("/detections/landmarks-outlive-a-merge",
      test_landmarks_outlive_a_merge);
  g_test_add_func ("/detections/box-may-begin-outside",
      test_box_may_begin_outside);
  return g_test_run ();
}
