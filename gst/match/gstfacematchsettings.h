/* gstfacematchsettings.h - the properties that facematch judges by
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-visits.h>
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

/* Ids of these properties; the element's others begin behind them. */
enum {
  GST_FACE_MATCH_PROP_METRIC = 1,
  GST_FACE_MATCH_PROP_THRESHOLD,
  GST_FACE_MATCH_PROP_UNKNOWN_THRESHOLD,
  GST_FACE_MATCH_PROP_MARGIN,
  GST_FACE_MATCH_PROP_MODE,
  GST_FACE_MATCH_PROP_CLAIMED_ID,
  GST_FACE_MATCH_PROP_TOP_K,
  GST_FACE_MATCH_PROP_REPORT,
  GST_FACE_MATCH_PROP_POST_MESSAGES,
  GST_FACE_MATCH_PROP_STREAM_ID,
  GST_FACE_MATCH_PROP_MIN_MATCHES,
  GST_FACE_MATCH_PROP_MATCH_WINDOW,
  GST_FACE_MATCH_PROP_MESSAGE_INTERVAL,
  GST_FACE_MATCH_PROP_MIN_QUALITY,
  GST_FACE_MATCH_PROP_ATTACH_FRAME,
  GST_FACE_MATCH_PROP_LOG_BIOMETRICS,
  GST_FACE_MATCH_N_SETTINGS
};

/* Strings are nullable and counted (GRefString), so that a copy of the
 * settings, made for every buffer, allocates nothing. */
typedef struct {
  FacenetMetric metric;
  gdouble threshold;
  gdouble unknown_threshold;
  gdouble margin;
  GstFaceMatchMode mode;
  gchar *claimed_id;
  guint claim_serial;           /* how often mode or claimed_id were set */
  guint top_k;
  GstFaceMatchReport report;
  gboolean post_messages;
  gchar *stream_id;
  guint min_matches;
  guint64 match_window;         /* ns */
  guint64 message_interval;     /* ns, 0: none is held back */
  gdouble min_quality;          /* of a face, in [0,1]; 0: any will do */
  gboolean attach_frame;
  gboolean log_biometrics;
} GstFaceMatchSettings;

/* Settings and gallery of one buffer, whatever is set meanwhile. The gallery
 * is counted; NULL when the element has not started. */
typedef struct {
  GstFaceMatchSettings settings;
  FacenetGallery *gallery;
  guint generation;
} GstFaceMatchSnapshot;

void gst_face_match_snapshot_clear (GstFaceMatchSnapshot * self);

/* Makes the specs of the properties, at their ids. */
void gst_face_match_settings_make_properties (GParamSpec ** properties);

/* The defaults of the properties. */
void gst_face_match_settings_init (GstFaceMatchSettings * self);
void gst_face_match_settings_copy (const GstFaceMatchSettings * self,
    GstFaceMatchSettings * copy);
void gst_face_match_settings_clear (GstFaceMatchSettings * self);

void gst_face_match_settings_set (GstFaceMatchSettings * self, guint id,
    const GValue * value);
void gst_face_match_settings_get (const GstFaceMatchSettings * self, guint id,
    GValue * value);

/* The rules for the matcher; they borrow the claimed id. */
void gst_face_match_settings_get_policy (const GstFaceMatchSettings * self,
    FacenetMatchPolicy * policy);

/* How faces become visits. They are followed where votes, intervals or lost
 * events are asked for; else each buffer is judged on its own. */
void gst_face_match_settings_get_options (const GstFaceMatchSettings * self,
    FacenetVisitOptions * options);

/* Whether an event is among those to be reported. */
gboolean gst_face_match_settings_reports (const GstFaceMatchSettings * self,
    FacenetEvent event);

G_END_DECLS
