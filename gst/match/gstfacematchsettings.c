/* gstfacematchsettings.c - the properties that facematch judges by
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The element guards them with its object lock and copies them once per
 * buffer.
 */
#include "gstfacematchsettings.h"

#define MAX_DISTANCE 4.0
#define MAX_TOP_K 100
#define MAX_MIN_MATCHES 1000
#define DEFAULT_WINDOW (2 * GST_SECOND)
#define DEFAULT_REPORT GST_FACE_MATCH_REPORT_MATCH

#define FLAGS (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | \
    GST_PARAM_MUTABLE_PLAYING)

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
    {GST_FACE_MATCH_REPORT_UNKNOWN,
          "Faces of people who are not in the gallery",
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

static gchar *
string_ref (gchar * string)
{
  return string != NULL ? g_ref_string_acquire (string) : NULL;
}

static void
string_clear (gchar ** string)
{
  g_clear_pointer (string, g_ref_string_release);
}

static void
string_set (gchar ** string, const GValue * value)
{
  const gchar *text = g_value_get_string (value);

  string_clear (string);
  if (text != NULL)
    *string = g_ref_string_new (text);
}

void
gst_face_match_settings_init (GstFaceMatchSettings * self)
{
  self->metric = FACENET_METRIC_SQUARED_L2;
  self->threshold = 0;
  self->unknown_threshold = 0;
  self->margin = 0;
  self->mode = GST_FACE_MATCH_MODE_IDENTIFY;
  self->claimed_id = NULL;
  self->claim_serial = 1;
  self->top_k = 1;
  self->report = DEFAULT_REPORT;
  self->post_messages = TRUE;
  self->stream_id = NULL;
  self->min_matches = 1;
  self->match_window = DEFAULT_WINDOW;
  self->message_interval = 0;
  self->min_quality = 0;
  self->attach_frame = FALSE;
  self->log_biometrics = FALSE;
}

void
gst_face_match_settings_copy (const GstFaceMatchSettings * self,
    GstFaceMatchSettings * copy)
{
  *copy = *self;
  copy->claimed_id = string_ref (self->claimed_id);
  copy->stream_id = string_ref (self->stream_id);
}

void
gst_face_match_settings_clear (GstFaceMatchSettings * self)
{
  string_clear (&self->claimed_id);
  string_clear (&self->stream_id);
}

void
gst_face_match_snapshot_clear (GstFaceMatchSnapshot * self)
{
  gst_face_match_settings_clear (&self->settings);
  g_clear_pointer (&self->gallery, facenet_gallery_unref);
}

void
gst_face_match_settings_set (GstFaceMatchSettings * self, guint id,
    const GValue * value)
{
  switch (id) {
    case GST_FACE_MATCH_PROP_METRIC:
      self->metric = (FacenetMetric) g_value_get_enum (value);
      break;
    case GST_FACE_MATCH_PROP_THRESHOLD:
      self->threshold = g_value_get_double (value);
      break;
    case GST_FACE_MATCH_PROP_UNKNOWN_THRESHOLD:
      self->unknown_threshold = g_value_get_double (value);
      break;
    case GST_FACE_MATCH_PROP_MARGIN:
      self->margin = g_value_get_double (value);
      break;
    case GST_FACE_MATCH_PROP_MODE:
      self->mode = (GstFaceMatchMode) g_value_get_enum (value);
      self->claim_serial++;
      break;
    case GST_FACE_MATCH_PROP_CLAIMED_ID:
      string_set (&self->claimed_id, value);
      self->claim_serial++;
      break;
    case GST_FACE_MATCH_PROP_TOP_K:
      self->top_k = g_value_get_uint (value);
      break;
    case GST_FACE_MATCH_PROP_REPORT:
      self->report = (GstFaceMatchReport) g_value_get_flags (value);
      break;
    case GST_FACE_MATCH_PROP_POST_MESSAGES:
      self->post_messages = g_value_get_boolean (value);
      break;
    case GST_FACE_MATCH_PROP_STREAM_ID:
      string_set (&self->stream_id, value);
      break;
    case GST_FACE_MATCH_PROP_MIN_MATCHES:
      self->min_matches = g_value_get_uint (value);
      break;
    case GST_FACE_MATCH_PROP_MATCH_WINDOW:
      self->match_window = g_value_get_uint64 (value);
      break;
    case GST_FACE_MATCH_PROP_MESSAGE_INTERVAL:
      self->message_interval = g_value_get_uint64 (value);
      break;
    case GST_FACE_MATCH_PROP_MIN_QUALITY:
      self->min_quality = g_value_get_double (value);
      break;
    case GST_FACE_MATCH_PROP_ATTACH_FRAME:
      self->attach_frame = g_value_get_boolean (value);
      break;
    case GST_FACE_MATCH_PROP_LOG_BIOMETRICS:
      self->log_biometrics = g_value_get_boolean (value);
      break;
    default:
      g_assert_not_reached ();
  }
}

void
gst_face_match_settings_get (const GstFaceMatchSettings * self, guint id,
    GValue * value)
{
  switch (id) {
    case GST_FACE_MATCH_PROP_METRIC:
      g_value_set_enum (value, (gint) self->metric);
      break;
    case GST_FACE_MATCH_PROP_THRESHOLD:
      g_value_set_double (value, self->threshold);
      break;
    case GST_FACE_MATCH_PROP_UNKNOWN_THRESHOLD:
      g_value_set_double (value, self->unknown_threshold);
      break;
    case GST_FACE_MATCH_PROP_MARGIN:
      g_value_set_double (value, self->margin);
      break;
    case GST_FACE_MATCH_PROP_MODE:
      g_value_set_enum (value, (gint) self->mode);
      break;
    case GST_FACE_MATCH_PROP_CLAIMED_ID:
      g_value_set_string (value, self->claimed_id);
      break;
    case GST_FACE_MATCH_PROP_TOP_K:
      g_value_set_uint (value, self->top_k);
      break;
    case GST_FACE_MATCH_PROP_REPORT:
      g_value_set_flags (value, (guint) self->report);
      break;
    case GST_FACE_MATCH_PROP_POST_MESSAGES:
      g_value_set_boolean (value, self->post_messages);
      break;
    case GST_FACE_MATCH_PROP_STREAM_ID:
      g_value_set_string (value, self->stream_id);
      break;
    case GST_FACE_MATCH_PROP_MIN_MATCHES:
      g_value_set_uint (value, self->min_matches);
      break;
    case GST_FACE_MATCH_PROP_MATCH_WINDOW:
      g_value_set_uint64 (value, self->match_window);
      break;
    case GST_FACE_MATCH_PROP_MESSAGE_INTERVAL:
      g_value_set_uint64 (value, self->message_interval);
      break;
    case GST_FACE_MATCH_PROP_MIN_QUALITY:
      g_value_set_double (value, self->min_quality);
      break;
    case GST_FACE_MATCH_PROP_ATTACH_FRAME:
      g_value_set_boolean (value, self->attach_frame);
      break;
    case GST_FACE_MATCH_PROP_LOG_BIOMETRICS:
      g_value_set_boolean (value, self->log_biometrics);
      break;
    default:
      g_assert_not_reached ();
  }
}

void
gst_face_match_settings_get_policy (const GstFaceMatchSettings * self,
    FacenetMatchPolicy * policy)
{
  policy->metric = self->metric;
  policy->threshold = self->threshold;
  policy->unknown_threshold = self->unknown_threshold;
  policy->margin = self->margin;
  policy->top_k = self->top_k;
  policy->claimed_id = NULL;
  policy->now = 0;
  /* Nobody has an empty id, so that a claim left out is a failed one. */
  if (self->mode == GST_FACE_MATCH_MODE_VERIFY)
    policy->claimed_id = self->claimed_id != NULL ? self->claimed_id : "";
}

gboolean
gst_face_match_settings_reports (const GstFaceMatchSettings * self,
    FacenetEvent event)
{
  return ((guint) self->report & (1u << event)) != 0;
}

void
gst_face_match_settings_get_options (const GstFaceMatchSettings * self,
    FacenetVisitOptions * options)
{
  options->follow = self->min_matches > 1 || self->message_interval > 0
      || gst_face_match_settings_reports (self, FACENET_EVENT_LOST);
  options->min_matches = self->min_matches;
  options->window = self->match_window;
  options->interval = self->message_interval;
  options->min_quality = self->min_quality;
  options->split_distance = 0;
}

static void
make_distances (GParamSpec ** properties)
{
  /**
   * GstFaceMatch:metric:
   *
   * How distances are reported, and how the properties below are read.
   * Thresholds in galleries are always squared L2.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_METRIC] = g_param_spec_enum ("metric",
      "Metric", "Scale of all distances, thresholds and margins",
      GST_TYPE_FACE_MATCH_METRIC, FACENET_METRIC_SQUARED_L2, FLAGS);
  /**
   * GstFaceMatch:threshold:
   *
   * Distance up to which a face is accepted. Goes before the gallery's
   * default, never before a person's own. Controllable.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_THRESHOLD] = g_param_spec_double ("threshold",
      "Threshold", "Distance up to which a face is accepted "
      "(0 = the gallery's default)", 0, MAX_DISTANCE, 0,
      FLAGS | GST_PARAM_CONTROLLABLE);
  /**
   * GstFaceMatch:unknown-threshold:
   *
   * Distance beyond which a face is unknown; between the threshold and this it
   * is uncertain. Ignored, with a warning, below the threshold.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_UNKNOWN_THRESHOLD] =
      g_param_spec_double ("unknown-threshold", "Unknown threshold",
      "Distance beyond which a face is unknown (0 = the threshold)",
      0, MAX_DISTANCE, 0, FLAGS);
  /**
   * GstFaceMatch:margin:
   *
   * How much farther away than the best the next person must be.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_MARGIN] = g_param_spec_double ("margin",
      "Margin", "Minimum lead over the second-nearest person",
      0, MAX_DISTANCE, 0, FLAGS);
}

static void
make_question (GParamSpec ** properties)
{
  /**
   * GstFaceMatch:mode:
   *
   * Whether to look for the person (1:N) or to check a claim (1:1).
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_MODE] = g_param_spec_enum ("mode", "Mode",
      "Look for the person, or check a claim", GST_TYPE_FACE_MATCH_MODE,
      GST_FACE_MATCH_MODE_IDENTIFY, FLAGS);
  /**
   * GstFaceMatch:claimed-id:
   *
   * Id of the person whom faces are to be of, for mode verify.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_CLAIMED_ID] =
      g_param_spec_string ("claimed-id", "Claimed id",
      "Id of the person to verify, for mode=verify", NULL, FLAGS);
  /**
   * GstFaceMatch:top-k:
   *
   * How many of the nearest people a message lists as candidates.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_TOP_K] = g_param_spec_uint ("top-k", "Top k",
      "Candidates per message", 1, MAX_TOP_K, 1, FLAGS);
}

static void
make_reports (GParamSpec ** properties)
{
  /**
   * GstFaceMatch:report:
   *
   * The events that are posted as messages. Metadata tells all of them.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_REPORT] = g_param_spec_flags ("report",
      "Report", "Events that are posted as messages",
      GST_TYPE_FACE_MATCH_REPORT, DEFAULT_REPORT, FLAGS);
  /**
   * GstFaceMatch:post-messages:
   *
   * Whether messages about faces are posted at all.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_POST_MESSAGES] =
      g_param_spec_boolean ("post-messages", "Post messages",
      "Post messages about faces", TRUE, FLAGS);
  /**
   * GstFaceMatch:stream-id:
   *
   * Put into every message about a face, to tell cameras apart. %NULL is the
   * id that the source gave the stream.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_STREAM_ID] = g_param_spec_string ("stream-id",
      "Stream id", "Name of this stream in messages (NULL = the stream's own)",
      NULL, FLAGS);
}

static void
make_times (GParamSpec ** properties)
{
  /**
   * GstFaceMatch:min-matches:
   *
   * How many faces of a track must be of the same person, within
   * #GstFaceMatch:match-window, before the person is confirmed. The same holds
   * for a track of unknown faces before it is confirmed as unknown.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_MIN_MATCHES] =
      g_param_spec_uint ("min-matches", "Min matches",
      "Faces of a track that must be of the same person to confirm it",
      1, MAX_MIN_MATCHES, 1, FLAGS);
  /**
   * GstFaceMatch:match-window:
   *
   * How long a vote counts, in nanoseconds of stream time, and how long after
   * its last face a track is over.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_MATCH_WINDOW] =
      g_param_spec_uint64 ("match-window", "Match window",
      "How long votes count and tracks outlive their last face, in ns",
      0, G_MAXINT64, DEFAULT_WINDOW, FLAGS);
  /**
   * GstFaceMatch:message-interval:
   *
   * How long nothing is told of an identity after something was told, for each
   * kind of event, in nanoseconds of stream time. The next message counts what
   * was held back in its field `suppressed`.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_MESSAGE_INTERVAL] =
      g_param_spec_uint64 ("message-interval", "Message interval",
      "Shortest time between two messages about the same identity, in ns",
      0, G_MAXINT64, 0, FLAGS);
  /**
   * GstFaceMatch:min-quality:
   *
   * A face whose measured quality is less is a reject, `low-quality`, and has
   * no vote. The property of the same name of facenetencode leaves such faces
   * out without a word; this one says so.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_MIN_QUALITY] =
      g_param_spec_double ("min-quality", "Minimum quality",
      "Faces of less quality are rejected (0 = none)", 0, 1, 0, FLAGS);
}

static void
make_contents (GParamSpec ** properties)
{
  /**
   * GstFaceMatch:attach-frame:
   *
   * Whether messages carry a picture of the face, if the buffers are raw video
   * in system memory. For applications: gst-launch-1.0 -m prints all of it.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_ATTACH_FRAME] =
      g_param_spec_boolean ("attach-frame", "Attach frame",
      "Attach a small picture of the face to messages", FALSE, FLAGS);
  /**
   * GstFaceMatch:log-biometrics:
   *
   * Whether lines of the log have the embedding of the face too. By that
   * anybody who reads the log can recognise the person elsewhere; laws treat
   * it as biometric data. Pictures are never written.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_LOG_BIOMETRICS] =
      g_param_spec_boolean ("log-biometrics", "Log biometrics",
      "Write embeddings into the log too", FALSE, FLAGS);
}

void
gst_face_match_settings_make_properties (GParamSpec ** properties)
{
  make_distances (properties);
  make_question (properties);
  make_reports (properties);
  make_times (properties);
  make_contents (properties);
}
