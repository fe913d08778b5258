/* analytics.c - stands in for GStreamer 1.24's analytics library
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Objects and tracks are in one array, numbered in the order in which they
 * were added; each may relate to one other.
 */
#include <gst/analytics/analytics.h>

#define MAX_ENTRIES 16
#define OBJECT 1
#define TRACKING 2

typedef struct
{
  GstAnalyticsMtdType kind;
  GQuark type;
  gint x, y, w, h;
  gfloat confidence;
  guint64 track_id;
  GstClockTime first_seen;
  GstAnalyticsRelTypes relation;
  guint related;
} Entry;

struct _GstAnalyticsRelationMeta
{
  GstMeta meta;
  guint n;
  Entry entries[MAX_ENTRIES];
};

static gboolean
init (GstMeta * meta, gpointer params, GstBuffer * buffer)
{
  ((GstAnalyticsRelationMeta *) meta)->n = 0;
  return TRUE;
}

static const GstMetaInfo *
get_info (void)
{
  static const GstMetaInfo *info = NULL;
  static const gchar *tags[] = { NULL };

  if (info == NULL)
    info = gst_meta_register (gst_meta_api_type_register ("TestAnalyticsAPI",
            tags), "TestAnalytics", sizeof (GstAnalyticsRelationMeta), init,
        NULL, NULL);
  return info;
}

GstAnalyticsRelationMeta *
gst_buffer_add_analytics_relation_meta (GstBuffer * buffer)
{
  return (GstAnalyticsRelationMeta *) gst_buffer_add_meta (buffer,
      get_info (), NULL);
}

GstAnalyticsRelationMeta *
gst_buffer_get_analytics_relation_meta (GstBuffer * buffer)
{
  return (GstAnalyticsRelationMeta *) gst_buffer_get_meta (buffer,
      get_info ()->api);
}

static gboolean
get_entry (GstAnalyticsRelationMeta * meta, guint id, GstAnalyticsMtdType kind,
    GstAnalyticsMtd * mtd)
{
  if (meta->entries[id].kind != kind)
    return FALSE;
  mtd->id = id;
  mtd->meta = meta;
  return TRUE;
}

gboolean
gst_analytics_relation_meta_iterate (GstAnalyticsRelationMeta * meta,
    gpointer * state, GstAnalyticsMtdType type, GstAnalyticsMtd * mtd)
{
  guint id;

  for (id = GPOINTER_TO_UINT (*state); id < meta->n; id++) {
    *state = GUINT_TO_POINTER (id + 1);
    if (get_entry (meta, id, type, mtd))
      return TRUE;
  }
  return FALSE;
}

gboolean
gst_analytics_relation_meta_set_relation (GstAnalyticsRelationMeta * meta,
    GstAnalyticsRelTypes type, guint first, guint second)
{
  meta->entries[first].relation = type;
  meta->entries[first].related = second;
  return TRUE;
}

gboolean
gst_analytics_relation_meta_get_direct_related (GstAnalyticsRelationMeta *
    meta, guint id, GstAnalyticsRelTypes relation, GstAnalyticsMtdType type,
    gpointer * state, GstAnalyticsMtd * mtd)
{
  const Entry *entry = &meta->entries[id];

  return (entry->relation & relation) != 0
      && get_entry (meta, entry->related, type, mtd);
}

static Entry *
add (GstAnalyticsRelationMeta * meta, GstAnalyticsMtdType kind,
    GstAnalyticsMtd * mtd)
{
  Entry *entry = &meta->entries[meta->n];

  g_assert_cmpuint (meta->n, <, MAX_ENTRIES);
  mtd->id = meta->n++;
  mtd->meta = meta;
  entry->kind = kind;
  entry->relation = GST_ANALYTICS_REL_TYPE_NONE;
  return entry;
}

GstAnalyticsMtdType
gst_analytics_od_mtd_get_mtd_type (void)
{
  return OBJECT;
}

gboolean
gst_analytics_relation_meta_add_od_mtd (GstAnalyticsRelationMeta * meta,
    GQuark type, gint x, gint y, gint w, gint h, gfloat confidence,
    GstAnalyticsODMtd * mtd)
{
  Entry *entry = add (meta, OBJECT, mtd);

  entry->type = type;
  entry->x = x;
  entry->y = y;
  entry->w = w;
  entry->h = h;
  entry->confidence = confidence;
  return TRUE;
}

gboolean
gst_analytics_od_mtd_get_location (GstAnalyticsODMtd * mtd, gint * x, gint * y,
    gint * w, gint * h, gfloat * confidence)
{
  const Entry *entry = &mtd->meta->entries[mtd->id];

  *x = entry->x;
  *y = entry->y;
  *w = entry->w;
  *h = entry->h;
  *confidence = entry->confidence;
  return TRUE;
}

GQuark
gst_analytics_od_mtd_get_obj_type (GstAnalyticsODMtd * mtd)
{
  return mtd->meta->entries[mtd->id].type;
}

GstAnalyticsMtdType
gst_analytics_tracking_mtd_get_mtd_type (void)
{
  return TRACKING;
}

gboolean
gst_analytics_relation_meta_add_tracking_mtd (GstAnalyticsRelationMeta * meta,
    guint64 id, GstClockTime first_seen, GstAnalyticsTrackingMtd * mtd)
{
  Entry *entry = add (meta, TRACKING, mtd);

  entry->track_id = id;
  entry->first_seen = first_seen;
  return TRUE;
}

gboolean
gst_analytics_tracking_mtd_get_info (const GstAnalyticsTrackingMtd * mtd,
    guint64 * id, GstClockTime * first_seen, GstClockTime * last_seen,
    gboolean * lost)
{
  const Entry *entry = &mtd->meta->entries[mtd->id];

  *id = entry->track_id;
  *first_seen = *last_seen = entry->first_seen;
  *lost = FALSE;
  return TRUE;
}
