/* analytics.h - the part of GStreamer 1.24's analytics library that we use
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Debian 12 has GStreamer 1.22, without that library. So that what reads its
 * metadata is compiled and run there too, analytics.c does what the documented
 * functions of these names do, no more, over a metadata of its own.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef guintptr GstAnalyticsMtdType;
typedef struct _GstAnalyticsRelationMeta GstAnalyticsRelationMeta;

typedef struct {
  guint id;
  GstAnalyticsRelationMeta *meta;
} GstAnalyticsMtd;

typedef GstAnalyticsMtd GstAnalyticsODMtd;
typedef GstAnalyticsMtd GstAnalyticsTrackingMtd;

typedef enum {
  GST_ANALYTICS_REL_TYPE_NONE = 0,
  GST_ANALYTICS_REL_TYPE_IS_PART_OF = 1 << 1,
  GST_ANALYTICS_REL_TYPE_CONTAIN = 1 << 2,
  GST_ANALYTICS_REL_TYPE_RELATE_TO = 1 << 3,
  GST_ANALYTICS_REL_TYPE_ANY = G_MAXINT
} GstAnalyticsRelTypes;

GstAnalyticsRelationMeta *gst_buffer_add_analytics_relation_meta (GstBuffer *
    buffer);
GstAnalyticsRelationMeta *gst_buffer_get_analytics_relation_meta (GstBuffer *
    buffer);
gboolean gst_analytics_relation_meta_iterate (GstAnalyticsRelationMeta * meta,
    gpointer * state, GstAnalyticsMtdType type, GstAnalyticsMtd * mtd);
gboolean gst_analytics_relation_meta_set_relation (GstAnalyticsRelationMeta *
    meta, GstAnalyticsRelTypes type, guint first, guint second);
gboolean gst_analytics_relation_meta_get_direct_related
    (GstAnalyticsRelationMeta * meta, guint id, GstAnalyticsRelTypes relation,
    GstAnalyticsMtdType type, gpointer * state, GstAnalyticsMtd * mtd);

GstAnalyticsMtdType gst_analytics_od_mtd_get_mtd_type (void);
gboolean gst_analytics_relation_meta_add_od_mtd (GstAnalyticsRelationMeta *
    meta, GQuark type, gint x, gint y, gint w, gint h, gfloat confidence,
    GstAnalyticsODMtd * mtd);
gboolean gst_analytics_od_mtd_get_location (GstAnalyticsODMtd * mtd, gint * x,
    gint * y, gint * w, gint * h, gfloat * confidence);
GQuark gst_analytics_od_mtd_get_obj_type (GstAnalyticsODMtd * mtd);

GstAnalyticsMtdType gst_analytics_tracking_mtd_get_mtd_type (void);
gboolean gst_analytics_relation_meta_add_tracking_mtd (GstAnalyticsRelationMeta
    * meta, guint64 id, GstClockTime first_seen,
    GstAnalyticsTrackingMtd * mtd);
gboolean gst_analytics_tracking_mtd_get_info (const GstAnalyticsTrackingMtd *
    mtd, guint64 * id, GstClockTime * first_seen, GstClockTime * last_seen,
    gboolean * lost);

G_END_DECLS
