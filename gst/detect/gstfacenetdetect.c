/* gstfacenetdetect.c - frames to faces
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
/**
 * SECTION:element-facenetdetect
 * @title: facenetdetect
 *
 * Finds the faces in video frames with a small network, and five points in
 * each. Every face becomes a #GstVideoRegionOfInterestMeta of type "face" on
 * the buffer, the largest face first, with two params:
 *
 * * `detection`: `confidence` (#gdouble), from 0 to 1
 * * `landmarks`: `x0`, `y0` … `x4`, `y4` (#gdouble), in pixels of the frame:
 *   right eye, left eye, tip of the nose, right and left corner of the mouth.
 *   "Right" is the person's right. A point may lie outside the frame.
 *
 * The box goes from the forehead to the chin and is cut at the edges of the
 * frame. `facenetencode` aligns faces by the five points. Pixels are neither
 * changed nor copied, and no frame is converted: all formats of the pads are
 * read as they are.
 *
 * Small faces cost time: #facenetdetect:min-face-size decides at which scale
 * the network looks at a frame. Twice the size takes about a quarter of the
 * time.
 *
 * A frame without a face is passed on as it is. The fields of
 * #facenetdetect:stats, the structure `facenetdetect-stats`, each a #guint64,
 * count since the start of streaming:
 *
 * * `frames`: frames in which faces were looked for
 * * `faces`: faces found
 * * `mean-latency`, `max-latency`: ns spent on one of these frames
 * * `skipped-interval`: frames passed over by #facenetdetect:detection-interval
 * * `skipped-unreadable`: frames that could not be mapped
 *
 * Weights that cannot be loaded are an element error when going to PAUSED:
 * RESOURCE/NOT_FOUND when the file cannot be opened, RESOURCE/READ when its
 * content is damaged, STREAM/FORMAT when a tensor has another shape,
 * LIBRARY/SETTINGS when they belong to another network.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 v4l2src ! facenetdetect ! facenetencode inference-region=roi-list \
 *   ! facematch gallery-location=people.json ! fakesink
 * ]|
 *
 * Since: 0.1
 */
#include "gstfacenetdetect.h"

#include "common/gstfaceneterror.h"
#include "common/gstfacenetframe.h"
#include "common/gstfacenetpassthrough.h"
#include "common/gstfacenetpath.h"

#include <facenet/facenet-detector.h>

#include <math.h>
#include <string.h>

GST_DEBUG_CATEGORY_STATIC (gst_facenet_detect_debug);
#define GST_CAT_DEFAULT gst_facenet_detect_debug

#define DEFAULT_THRESHOLD 0.0
#define DEFAULT_MIN_FACE_SIZE 0
#define DEFAULT_MAX_FACES 0
#define DEFAULT_DETECTION_INTERVAL 1
#define DEFAULT_N_THREADS 0
#define MAX_THREADS 256

#define ROI_TYPE "face"

/* What may change while playing; a frame is looked at with one snapshot. */
typedef struct
{
  gdouble threshold;            /* 0 = the model's */
  guint min_face_size;          /* 0 = automatic */
  guint max_faces;              /* 0 = all */
  guint interval;
} GstFacenetDetectSettings;

/* Counts since the start of streaming. */
typedef struct
{
  guint64 frames, faces;
  guint64 skipped_interval, skipped_unreadable;
  GstClockTime latency_sum, latency_max;
} GstFacenetDetectStats;

struct _GstFacenetDetect
{
  GstBaseTransform parent;

  /* Under the object lock. */
  GstFacenetDetectSettings settings;
  gchar *model_location;        /* NULL = the default weights */
  guint n_threads;
  GstFacenetDetectStats stats;

  /* Of the streaming thread. */
  FacenetDetector *detector;
  GstVideoInfo info;
  guint64 n_buffers;            /* since the start */
  gboolean warned_unreadable;
};

enum
{
  PROP_0,
  PROP_MODEL_LOCATION,
  PROP_THRESHOLD,
  PROP_MIN_FACE_SIZE,
  PROP_MAX_FACES,
  PROP_DETECTION_INTERVAL,
  PROP_N_THREADS,
  PROP_STATS,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS (GST_VIDEO_CAPS_MAKE (GST_FACENET_FRAME_FORMATS)));

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS,
    GST_STATIC_CAPS (GST_VIDEO_CAPS_MAKE (GST_FACENET_FRAME_FORMATS)));

G_DEFINE_TYPE (GstFacenetDetect, gst_facenet_detect, GST_TYPE_BASE_TRANSFORM);
GST_ELEMENT_REGISTER_DEFINE (facenetdetect, "facenetdetect", GST_RANK_NONE,
    GST_TYPE_FACENET_DETECT);

/* The pixels from low to high that lie in a frame of that side. */
static void
cut_side (gdouble low, gdouble size, gint side, guint * start, guint * length)
{
  const gdouble from = CLAMP (floor (low + 0.5), 0.0, (gdouble) side);
  const gdouble to = CLAMP (floor (low + size + 0.5), from, (gdouble) side);

  *start = (guint) from;
  *length = (guint) (to - from);
}

static void
add_params (GstVideoRegionOfInterestMeta * roi, const FacenetFace * face)
{
  GstStructure *landmarks;

  gst_video_region_of_interest_meta_add_param (roi,
      gst_structure_new ("detection", "confidence", G_TYPE_DOUBLE,
          face->confidence, NULL));
  if (!face->has_landmarks)
    return;
  landmarks = gst_structure_new_empty ("landmarks");
  for (guint i = 0; i < FACENET_N_LANDMARKS; i++) {
    const gchar x_name[] = { 'x', (gchar) ('0' + i), '\0' };
    const gchar y_name[] = { 'y', (gchar) ('0' + i), '\0' };

    gst_structure_set (landmarks,
        x_name, G_TYPE_DOUBLE, face->landmarks[i].x,
        y_name, G_TYPE_DOUBLE, face->landmarks[i].y, NULL);
  }
  gst_video_region_of_interest_meta_add_param (roi, landmarks);
}

/* Attaches a face; FALSE if nothing of its box is in the frame. */
static gboolean
attach_face (GstFacenetDetect * self, GstBuffer * buffer,
    const FacenetFace * face)
{
  const FacenetRect *box = &face->box;
  guint x, y, w, h;

  cut_side (box->x, box->width, GST_VIDEO_INFO_WIDTH (&self->info), &x, &w);
  cut_side (box->y, box->height, GST_VIDEO_INFO_HEIGHT (&self->info), &y, &h);
  if (w == 0 || h == 0)
    return FALSE;
  add_params (gst_buffer_add_video_region_of_interest_meta (buffer, ROI_TYPE,
          x, y, w, h), face);
  return TRUE;
}

static void
use_settings (GstFacenetDetect * self,
    const GstFacenetDetectSettings * settings)
{
  FacenetDetector *detector = self->detector;

  facenet_detector_set_threshold (detector, settings->threshold > 0.0 ?
      settings->threshold : facenet_detector_get_default_threshold (detector));
  facenet_detector_set_min_face_size (detector, settings->min_face_size);
  facenet_detector_set_max_faces (detector, settings->max_faces);
}

/* Finds the faces of a frame and attaches them; FALSE if it cannot be read. */
static gboolean
detect (GstFacenetDetect * self, GstBuffer * buffer, guint * n_attached)
{
  const FacenetFace *faces;
  GstVideoFrame frame;
  FacenetImage image;
  guint n_faces;

  if (!gst_facenet_frame_map (&frame, &self->info, buffer, GST_ELEMENT (self),
          &self->warned_unreadable))
    return FALSE;
  gst_facenet_frame_init_image (&frame, &image);
  faces = facenet_detector_detect (self->detector, &image, &n_faces);
  /* The mapping holds a reference, with which the buffer is not writable. */
  gst_video_frame_unmap (&frame);

  *n_attached = 0;
  for (guint i = 0; i < n_faces; i++)
    if (attach_face (self, buffer, &faces[i]))
      (*n_attached)++;
  return TRUE;
}

static void
count_frame (GstFacenetDetect * self, guint n_faces, GstClockTime latency)
{
  GstFacenetDetectStats *stats = &self->stats;

  GST_OBJECT_LOCK (self);
  stats->frames++;
  stats->faces += n_faces;
  stats->latency_sum += latency;
  stats->latency_max = MAX (stats->latency_max, latency);
  GST_OBJECT_UNLOCK (self);
}

static void
count_skipped (GstFacenetDetect * self, guint64 * counter)
{
  GST_OBJECT_LOCK (self);
  (*counter)++;
  GST_OBJECT_UNLOCK (self);
}

static GstFlowReturn
gst_facenet_detect_transform_ip (GstBaseTransform * trans, GstBuffer * buffer)
{
  GstFacenetDetect *self = GST_FACENET_DETECT (trans);
  const gint64 start = g_get_monotonic_time ();
  GstFacenetDetectSettings settings;
  guint n_faces;

  GST_OBJECT_LOCK (self);
  settings = self->settings;
  GST_OBJECT_UNLOCK (self);

  if (self->n_buffers++ % settings.interval != 0) {
    count_skipped (self, &self->stats.skipped_interval);
    return GST_FLOW_OK;
  }
  use_settings (self, &settings);
  if (!detect (self, buffer, &n_faces)) {
    count_skipped (self, &self->stats.skipped_unreadable);
    return GST_FLOW_OK;
  }
  count_frame (self, n_faces,
      (GstClockTime) (g_get_monotonic_time () - start) * GST_USECOND);
  GST_LOG_OBJECT (self, "%u faces in %" GST_PTR_FORMAT, n_faces, buffer);
  return GST_FLOW_OK;
}

static gboolean
gst_facenet_detect_set_caps (GstBaseTransform * trans, GstCaps * incaps,
    GstCaps * outcaps)
{
  GstFacenetDetect *self = GST_FACENET_DETECT (trans);

  if (!gst_video_info_from_caps (&self->info, incaps)) {
    GST_ERROR_OBJECT (self, "no video caps: %" GST_PTR_FORMAT, incaps);
    return FALSE;
  }
  self->warned_unreadable = FALSE;
  return TRUE;
}

static gboolean
gst_facenet_detect_start (GstBaseTransform * trans)
{
  GstFacenetDetect *self = GST_FACENET_DETECT (trans);
  g_autofree gchar *location = NULL;
  g_autoptr (GError) error = NULL;
  guint n_threads;

  GST_OBJECT_LOCK (self);
  memset (&self->stats, 0, sizeof self->stats);
  location = g_strdup (self->model_location);
  n_threads = self->n_threads;
  GST_OBJECT_UNLOCK (self);

  self->n_buffers = 0;
  self->detector = facenet_detector_new (location, n_threads, &error);
  if (self->detector == NULL) {
    gst_facenet_post_error (GST_ELEMENT (self), error);
    return FALSE;
  }
  return TRUE;
}

static gboolean
gst_facenet_detect_stop (GstBaseTransform * trans)
{
  GstFacenetDetect *self = GST_FACENET_DETECT (trans);

  g_clear_pointer (&self->detector, facenet_detector_unref);
  return TRUE;
}

static GstStructure *
stats_to_structure (const GstFacenetDetectStats * stats)
{
  const guint64 mean =
      stats->frames > 0 ? stats->latency_sum / stats->frames : 0;

  return gst_structure_new ("facenetdetect-stats",
      "frames", G_TYPE_UINT64, stats->frames,
      "faces", G_TYPE_UINT64, stats->faces,
      "mean-latency", G_TYPE_UINT64, mean,
      "max-latency", G_TYPE_UINT64, (guint64) stats->latency_max,
      "skipped-interval", G_TYPE_UINT64, stats->skipped_interval,
      "skipped-unreadable", G_TYPE_UINT64, stats->skipped_unreadable, NULL);
}

static void
gst_facenet_detect_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstFacenetDetect *self = GST_FACENET_DETECT (object);
  GstFacenetDetectSettings *settings = &self->settings;

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_MODEL_LOCATION:
      gst_facenet_path_set (&self->model_location, value);
      break;
    case PROP_THRESHOLD:
      settings->threshold = g_value_get_double (value);
      break;
    case PROP_MIN_FACE_SIZE:
      settings->min_face_size = g_value_get_uint (value);
      break;
    case PROP_MAX_FACES:
      settings->max_faces = g_value_get_uint (value);
      break;
    case PROP_DETECTION_INTERVAL:
      settings->interval = g_value_get_uint (value);
      break;
    case PROP_N_THREADS:
      self->n_threads = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_facenet_detect_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  GstFacenetDetect *self = GST_FACENET_DETECT (object);
  const GstFacenetDetectSettings *settings = &self->settings;

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_MODEL_LOCATION:
      g_value_set_string (value, self->model_location);
      break;
    case PROP_THRESHOLD:
      g_value_set_double (value, settings->threshold);
      break;
    case PROP_MIN_FACE_SIZE:
      g_value_set_uint (value, settings->min_face_size);
      break;
    case PROP_MAX_FACES:
      g_value_set_uint (value, settings->max_faces);
      break;
    case PROP_DETECTION_INTERVAL:
      g_value_set_uint (value, settings->interval);
      break;
    case PROP_N_THREADS:
      g_value_set_uint (value, self->n_threads);
      break;
    case PROP_STATS:
      g_value_take_boxed (value, stats_to_structure (&self->stats));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_facenet_detect_finalize (GObject * object)
{
  GstFacenetDetect *self = GST_FACENET_DETECT (object);

  g_free (self->model_location);
  G_OBJECT_CLASS (gst_facenet_detect_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass * object_class)
{
  const GParamFlags ready = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_READY;
  const GParamFlags playing = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_PLAYING;

  properties[PROP_MODEL_LOCATION] = g_param_spec_string ("model-location",
      "Model location", "File of the detector's weights, unset for those "
      "named by FACENET_DETECTOR or installed with the plugin", NULL, ready);
  properties[PROP_THRESHOLD] = g_param_spec_double ("threshold", "Threshold",
      "Faces with a lower confidence are not reported, 0 for what the model "
      "recommends", 0.0, 1.0, DEFAULT_THRESHOLD, playing);
  properties[PROP_MIN_FACE_SIZE] = g_param_spec_uint ("min-face-size",
      "Minimum face size", "Smallest face to find, in pixels of the frame; "
      "it decides at which scale the frame is looked at, and so the time it "
      "takes. 0 looks at the frame with a long side of at most 640 pixels",
      0, G_MAXUINT, DEFAULT_MIN_FACE_SIZE, playing);
  properties[PROP_MAX_FACES] = g_param_spec_uint ("max-faces",
      "Maximum faces", "Report at most this many faces of a frame, the "
      "largest first, 0 for all", 0, G_MAXUINT, DEFAULT_MAX_FACES, playing);
  properties[PROP_DETECTION_INTERVAL] =
      g_param_spec_uint ("detection-interval", "Detection interval",
      "Look for faces in every n-th frame; the frames between have none", 1,
      G_MAXINT, DEFAULT_DETECTION_INTERVAL, playing);
  properties[PROP_N_THREADS] = g_param_spec_uint ("n-threads", "Threads",
      "Threads that share the work, 0 for one per core", 0, MAX_THREADS,
      DEFAULT_N_THREADS, ready);
  properties[PROP_STATS] = g_param_spec_boxed ("stats", "Statistics",
      "Counts of frames, faces and skipped frames, and latency in ns",
      GST_TYPE_STRUCTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
gst_facenet_detect_class_init (GstFacenetDetectClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_facenet_detect_debug, "facenetdetect", 0,
      "frames to faces");

  object_class->set_property = gst_facenet_detect_set_property;
  object_class->get_property = gst_facenet_detect_get_property;
  object_class->finalize = gst_facenet_detect_finalize;
  install_properties (object_class);

  trans_class->start = gst_facenet_detect_start;
  trans_class->stop = gst_facenet_detect_stop;
  trans_class->set_caps = gst_facenet_detect_set_caps;
  trans_class->prepare_output_buffer = gst_facenet_passthrough_prepare;
  trans_class->transform_ip = gst_facenet_detect_transform_ip;

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Face detector",
      "Filter/Analyzer/Video",
      "Finds faces and five points in each and attaches them as metadata",
      "The gst-facenet developers");
}

static void
gst_facenet_detect_init (GstFacenetDetect * self)
{
  GstFacenetDetectSettings *settings = &self->settings;

  gst_facenet_passthrough_init (GST_BASE_TRANSFORM (self));
  settings->threshold = DEFAULT_THRESHOLD;
  settings->min_face_size = DEFAULT_MIN_FACE_SIZE;
  settings->max_faces = DEFAULT_MAX_FACES;
  settings->interval = DEFAULT_DETECTION_INTERVAL;
  self->n_threads = DEFAULT_N_THREADS;
  gst_video_info_init (&self->info);
}
