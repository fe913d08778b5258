/* gstfacenetencode.c - faces to embeddings
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
/**
 * SECTION:element-facenetencode
 * @title: facenetencode
 *
 * Turns each face of a video frame into a vector of length 1, by default of 128
 * numbers, such that two pictures of one person lie near each other, and attaches
 * it as a #GstFaceEmbeddingMeta. Pixels are neither changed nor copied.
 *
 * Faces are what a detector upstream attached: regions of interest (any
 * element that adds #GstVideoRegionOfInterestMeta, such as `facenetdetect`) or,
 * where this plugin is built with GStreamer 1.24 or later, the object
 * detections of a #GstAnalyticsRelationMeta. Or the whole frame is one cropped
 * face; see #facenetencode:inference-region. A buffer with a #GstFaceCropMeta, as
 * `facecrop` gives them, is one face unless the region is `roi-list`, and its
 * embedding has the box and the frame size of that meta.
 * The faces of a buffer are numbered from 0, the largest first. A region's
 * param structure `object_id` with the field `id` gives the track id of the
 * meta, a param structure `detection` with the field `confidence` its
 * confidence, numbers of any type; DL Streamer's elements write both.
 *
 * A face whose region has a param structure `landmarks`, the numbers x0, y0 to
 * x4, y4 in pixels of the frame (right eye, left eye, nose tip, right and left
 * corner of the mouth; right is the person's), is turned upright by them, unless
 * #facenetencode:align is never. With align=always the points of other faces
 * are looked for, as `facealign` does. Landmarks that cannot be those of a face
 * in its box are ignored.
 *
 * The meta's quality is the score of facenet_quality_measure(): from 0 to 1, how
 * sharp, well exposed, large and frontal the face is. Of ordinary portraits of
 * 150x150 pixels half have 0.66 or more, and nearly all more than 0.4.
 *
 * A face that is left out is neither an error nor forgotten: the property
 * #facenetencode:stats counts it under the reason, and the debug category
 * `facenetencode` logs it at level DEBUG. The fields of the structure
 * `facenetencode-stats`, each a #guint64, since the start of streaming:
 *
 * * `frames`: frames in which faces were looked for
 * * `faces`: faces encoded
 * * `mean-latency`, `max-latency`: ns spent on a frame with faces, cropping
 *   included
 * * `skipped-small`: faces below #facenetencode:min-face-size
 * * `skipped-duplicate`: boxes that cover another face's box (their
 *   intersection is more than half of their union)
 * * `skipped-outside`: boxes of which more than half lies outside the frame
 * * `skipped-empty`: boxes without area
 * * `skipped-max-faces`: faces beyond #facenetencode:max-faces
 * * `skipped-quality`: faces below #facenetencode:min-quality
 * * `skipped-full-frame`: frames without regions that are no cropped face
 *   either: larger than 256x256, or not between 3:4 and 4:3
 * * `skipped-unreadable`: frames that could not be mapped
 * * `skipped-interval`: frames passed over by #facenetencode:inference-interval
 * * `landmarks-ignored`: faces that came with landmarks that cannot be theirs
 *
 * A model that cannot be loaded is an element error when going to PAUSED:
 * RESOURCE/NOT_FOUND if the file cannot be opened, RESOURCE/READ if it is
 * damaged, STREAM/FORMAT if a tensor has another shape, LIBRARY/SETTINGS if the
 * model expects other input than this element gives.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 v4l2src ! facenetdetect \
 *   ! facenetencode inference-region=roi-list ! facematch gallery-location=people.json \
 *   ! videoconvert ! autovideosink
 * ]|
 *
 * Since: 0.1
 */
#include "gstfacenetencode.h"

#include "common/gstfaceneterror.h"
#include "common/gstfacenetpath.h"
#include "common/gstfacenetframe.h"
#include "common/gstfacenetpassthrough.h"
#include "gstfacenetregions.h"
#include "gstfacenetselection.h"
#include "common/gstfacenetstats.h"

#include <facenet/facenet-encoder.h>
#include <gst/facenet/gstfaceembeddingmeta.h>

#include <string.h>

GST_DEBUG_CATEGORY_STATIC (gst_facenet_encode_debug);
#define GST_CAT_DEFAULT gst_facenet_encode_debug

#define DEFAULT_INFERENCE_REGION GST_FACENET_INFERENCE_AUTO
#define DEFAULT_MIN_QUALITY 0.0
#define DEFAULT_INFERENCE_INTERVAL 1
#define DEFAULT_N_THREADS 0
#define DEFAULT_ALIGN GST_FACENET_ALIGN_AUTO
#define MAX_THREADS 256

/* What may change while playing; a buffer is processed with one snapshot. */
typedef struct
{
  GstFacenetSelection selection;
  gdouble min_quality;
  guint interval;
} Settings;

struct _GstFacenetEncode
{
  GstBaseTransform parent;

  /* Under the object lock. */
  Settings settings;
  gchar *model_location;        /* NULL = the default model */
  guint n_threads;
  GstFacenetAlign align;
  gchar *landmarks_location;    /* NULL = the default ones */
  GstFacenetStats stats;

  /* Of the streaming thread. */
  FacenetEncoder *encoder;
  gboolean aligns;              /* faces of regions */
  GstFacenetRegions regions;
  GArray *faces;                /* FacenetFace of each region */
  GstVideoInfo info;
  guint64 n_buffers;            /* since the start */
  gboolean warned_full_frame;
  gboolean warned_unreadable;
};

enum
{
  PROP_0,
  PROP_MODEL_LOCATION,
  PROP_INFERENCE_REGION,
  PROP_SELECTION,               /* and those that follow it */
  PROP_MIN_QUALITY = PROP_SELECTION + GST_FACENET_SELECTION_N_PROPERTIES,
  PROP_INFERENCE_INTERVAL,
  PROP_N_THREADS,
  PROP_ALIGN,
  PROP_LANDMARKS_LOCATION,
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

G_DEFINE_TYPE (GstFacenetEncode, gst_facenet_encode, GST_TYPE_BASE_TRANSFORM);
GST_ELEMENT_REGISTER_DEFINE (facenetencode, "facenetencode", GST_RANK_NONE,
    GST_TYPE_FACENET_ENCODE);

static void
count_skipped (GstFacenetEncode * self, GstFacenetSkip reason)
{
  GST_OBJECT_LOCK (self);
  self->stats.skipped[reason]++;
  GST_OBJECT_UNLOCK (self);
}

/* Users who forgot the detector get no embeddings and no error. */
static void
warn_full_frame (GstFacenetEncode * self)
{
  if (self->warned_full_frame
      || self->regions.skipped[GST_FACENET_SKIP_FULL_FRAME] == 0)
    return;
  self->warned_full_frame = TRUE;
  GST_WARNING_OBJECT (self, "frames of %dx%d without regions of interest are "
      "no cropped faces (at most 256x256, 3:4 to 4:3) and are not encoded; "
      "put a face detector before this element or set "
      "inference-region=full-frame", GST_VIDEO_INFO_WIDTH (&self->info),
      GST_VIDEO_INFO_HEIGHT (&self->info));
}

/* Of the regions of a frame those below min-quality are taken off the list;
 * returns how many are left. */
static guint
attach (GstFacenetEncode * self, GstBuffer * buffer,
    const FacenetEncoding * encodings)
{
  FacenetModel *model = facenet_encoder_get_model (self->encoder);
  const guint n_dims = facenet_model_get_dims (model);
  guint n = 0;

  for (guint i = 0; i < self->regions.list->len; i++) {
    const GstFacenetRegion *region =
        &g_array_index (self->regions.list, GstFacenetRegion, i);
    GstFaceEmbeddingMeta *meta;

    if (encodings[i].crop.landmarks_ignored)
      gst_facenet_regions_ignore_landmarks (&self->regions, region);
    if (encodings[i].embedding == NULL) {
      gst_facenet_regions_skip (&self->regions, GST_FACENET_SKIP_QUALITY,
          region, "below min-quality");
      continue;
    }
    meta = gst_buffer_add_face_embedding_meta (buffer, encodings[i].embedding,
        n_dims, facenet_model_get_id (model));
    gst_facenet_region_describe (region, meta);
    meta->index = n++;
    meta->quality = encodings[i].quality;
  }
  return n;
}

/* The frame is one face, or its regions are. What was cropped upstream is not
 * aligned again: there is too little around it. */
static const FacenetEncoding *
encode_regions (GstFacenetEncode * self, const FacenetImage * image,
    const Settings * settings)
{
  const GstFacenetRegion *regions =
      (const GstFacenetRegion *) (gpointer) self->regions.list->data;
  FacenetCropper *cropper = facenet_encoder_get_cropper (self->encoder);

  facenet_encoder_set_min_quality (self->encoder, settings->min_quality);
  facenet_cropper_set_align (cropper, self->aligns && !regions[0].is_frame);
  facenet_cropper_set_framing (cropper, settings->selection.framing.scale,
      settings->selection.framing.offset_y);
  if (regions[0].is_frame) {
    const FacenetRect whole = { 0.0, 0.0, image->width, image->height };

    return facenet_encoder_encode_rect (self->encoder, image, &whole,
        regions[0].side);
  }
  g_array_set_size (self->faces, self->regions.list->len);
  for (guint i = 0; i < self->faces->len; i++)
    gst_facenet_region_get_face (&regions[i],
        &g_array_index (self->faces, FacenetFace, i));
  return facenet_encoder_encode (self->encoder, image,
      (const FacenetFace *) (gpointer) self->faces->data, self->faces->len);
}

/* Returns how many faces were encoded, 0 if the frame cannot be read. */
static guint
encode (GstFacenetEncode * self, GstBuffer * buffer, const Settings * settings)
{
  const FacenetEncoding *encodings;
  GstVideoFrame frame;
  FacenetImage image;

  if (!gst_facenet_frame_map (&frame, &self->info, buffer, GST_ELEMENT (self),
          &self->warned_unreadable)) {
    count_skipped (self, GST_FACENET_SKIP_UNREADABLE);
    return 0;
  }
  gst_facenet_frame_init_image (&frame, &image);
  encodings = encode_regions (self, &image, settings);
  /* A mapped buffer is not writable. */
  gst_video_frame_unmap (&frame);
  return attach (self, buffer, encodings);
}

static GstFlowReturn
gst_facenet_encode_transform_ip (GstBaseTransform * trans, GstBuffer * buffer)
{
  GstFacenetEncode *self = GST_FACENET_ENCODE (trans);
  const gint64 start = g_get_monotonic_time ();
  Settings settings;
  guint n_faces;

  GST_OBJECT_LOCK (self);
  settings = self->settings;
  GST_OBJECT_UNLOCK (self);

  if (self->n_buffers++ % settings.interval != 0) {
    count_skipped (self, GST_FACENET_SKIP_INTERVAL);
    return GST_FLOW_OK;
  }
  gst_facenet_regions_collect (&self->regions, buffer, &self->info,
      &settings.selection.rules);
  warn_full_frame (self);
  n_faces = self->regions.list->len;
  if (n_faces > 0)
    n_faces = encode (self, buffer, &settings);

  GST_OBJECT_LOCK (self);
  gst_facenet_stats_add_skipped (&self->stats, self->regions.skipped,
      GST_FACENET_N_SKIPS);
  self->stats.landmarks_ignored += self->regions.landmarks_ignored;
  gst_facenet_stats_add_frame (&self->stats, n_faces,
      (GstClockTime) (g_get_monotonic_time () - start) * GST_USECOND);
  GST_OBJECT_UNLOCK (self);
  GST_LOG_OBJECT (self, "%u faces in %" GST_PTR_FORMAT, n_faces, buffer);
  return GST_FLOW_OK;
}

static gboolean
gst_facenet_encode_set_caps (GstBaseTransform * trans, GstCaps * incaps,
    GstCaps * outcaps)
{
  GstFacenetEncode *self = GST_FACENET_ENCODE (trans);

  if (!gst_video_info_from_caps (&self->info, incaps)) {
    GST_ERROR_OBJECT (self, "no video caps: %" GST_PTR_FORMAT, incaps);
    return FALSE;
  }
  self->warned_full_frame = FALSE;
  self->warned_unreadable = FALSE;
  return TRUE;
}

/* gst-launch-1.0 prints the second text only. */
static void
tell_no_face (GstFacenetEncode * self)
{
  g_autofree gchar *what = NULL;

  GST_OBJECT_LOCK (self);
  what = gst_facenet_stats_explain_silence (&self->stats);
  GST_OBJECT_UNLOCK (self);
  if (what != NULL)
    GST_ELEMENT_INFO (self, STREAM, FAILED, ("%s", what), ("%s", what));
}

static gboolean
gst_facenet_encode_sink_event (GstBaseTransform * trans, GstEvent * event)
{
  GstFacenetEncode *self = GST_FACENET_ENCODE (trans);

  if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START)
    gst_facenet_regions_reset (&self->regions);
  else if (GST_EVENT_TYPE (event) == GST_EVENT_EOS)
    tell_no_face (self);
  return GST_BASE_TRANSFORM_CLASS (gst_facenet_encode_parent_class)->sink_event
      (trans, event);
}

/* location: NULL for the default model. */
static FacenetEncoder *
load_encoder (const gchar * location, guint n_threads, GError ** error)
{
  g_autofree gchar *found = NULL;
  g_autoptr (FacenetModel) model = NULL;

  if (location == NULL) {
    location = found = facenet_model_find_default (error);
    if (found == NULL)
      return NULL;
  }
  model = facenet_model_load (location, NULL, error);
  return model != NULL ? facenet_encoder_new (model, n_threads, error) : NULL;
}

/* Takes the settings that hold until the element stops. */
static gboolean
prepare_encoder (GstFacenetEncode * self, GError ** error)
{
  g_autofree gchar *location = NULL;
  g_autofree gchar *landmarks_location = NULL;
  g_autoptr (FacenetEncoder) encoder = NULL;
  GstFacenetAlign align;
  guint n_threads;

  GST_OBJECT_LOCK (self);
  location = g_strdup (self->model_location);
  landmarks_location = g_strdup (self->landmarks_location);
  n_threads = self->n_threads;
  align = self->align;
  GST_OBJECT_UNLOCK (self);

  encoder = load_encoder (location, n_threads, error);
  if (encoder == NULL)
    return FALSE;
  if (align == GST_FACENET_ALIGN_ALWAYS) {
    g_autoptr (FacenetLandmarks) landmarks =
        facenet_landmarks_load (landmarks_location, error);

    if (landmarks == NULL)
      return FALSE;
    facenet_cropper_set_landmarks (facenet_encoder_get_cropper (encoder),
        landmarks);
  }
  self->aligns = align != GST_FACENET_ALIGN_NEVER;
  self->encoder = g_steal_pointer (&encoder);
  return TRUE;
}

static gboolean
gst_facenet_encode_start (GstBaseTransform * trans)
{
  GstFacenetEncode *self = GST_FACENET_ENCODE (trans);
  g_autoptr (GError) error = NULL;
  FacenetModel *model;

  GST_OBJECT_LOCK (self);
  memset (&self->stats, 0, sizeof self->stats);
  GST_OBJECT_UNLOCK (self);

  self->n_buffers = 0;
  gst_facenet_regions_reset (&self->regions);
  if (!prepare_encoder (self, &error)) {
    gst_facenet_post_error (GST_ELEMENT (self), error);
    return FALSE;
  }
  model = facenet_encoder_get_model (self->encoder);
  GST_INFO_OBJECT (self, "model %s from %s, id %s",
      facenet_model_get_name (model), facenet_model_get_location (model),
      facenet_model_get_id (model));
  return TRUE;
}

static gboolean
gst_facenet_encode_stop (GstBaseTransform * trans)
{
  GstFacenetEncode *self = GST_FACENET_ENCODE (trans);

  g_clear_pointer (&self->encoder, facenet_encoder_unref);
  return TRUE;
}

static void
gst_facenet_encode_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstFacenetEncode *self = GST_FACENET_ENCODE (object);
  Settings *settings = &self->settings;

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_MODEL_LOCATION:
      gst_facenet_path_set (&self->model_location, value);
      break;
    case PROP_INFERENCE_REGION:
      settings->selection.rules.inference = g_value_get_enum (value);
      break;
    case PROP_MIN_QUALITY:
      settings->min_quality = g_value_get_double (value);
      break;
    case PROP_INFERENCE_INTERVAL:
      settings->interval = g_value_get_uint (value);
      break;
    case PROP_N_THREADS:
      self->n_threads = g_value_get_uint (value);
      break;
    case PROP_ALIGN:
      self->align = (GstFacenetAlign) g_value_get_enum (value);
      break;
    case PROP_LANDMARKS_LOCATION:
      gst_facenet_path_set (&self->landmarks_location, value);
      break;
    default:
      if (!gst_facenet_selection_set_property (&settings->selection,
              id - PROP_SELECTION, value))
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_facenet_encode_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  GstFacenetEncode *self = GST_FACENET_ENCODE (object);
  const Settings *settings = &self->settings;

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_MODEL_LOCATION:
      g_value_set_string (value, self->model_location);
      break;
    case PROP_INFERENCE_REGION:
      g_value_set_enum (value, (gint) settings->selection.rules.inference);
      break;
    case PROP_MIN_QUALITY:
      g_value_set_double (value, settings->min_quality);
      break;
    case PROP_INFERENCE_INTERVAL:
      g_value_set_uint (value, settings->interval);
      break;
    case PROP_N_THREADS:
      g_value_set_uint (value, self->n_threads);
      break;
    case PROP_ALIGN:
      g_value_set_enum (value, (gint) self->align);
      break;
    case PROP_LANDMARKS_LOCATION:
      g_value_set_string (value, self->landmarks_location);
      break;
    case PROP_STATS:
      g_value_take_boxed (value, gst_facenet_stats_to_structure (&self->stats,
              "facenetencode-stats"));
      break;
    default:
      if (!gst_facenet_selection_get_property (&settings->selection,
              id - PROP_SELECTION, value))
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_facenet_encode_finalize (GObject * object)
{
  GstFacenetEncode *self = GST_FACENET_ENCODE (object);

  gst_facenet_regions_clear (&self->regions);
  g_array_unref (self->faces);
  g_free (self->model_location);
  g_free (self->landmarks_location);
  G_OBJECT_CLASS (gst_facenet_encode_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass * object_class)
{
  const GParamFlags ready = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_READY;
  const GParamFlags playing = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_PLAYING;

  properties[PROP_MODEL_LOCATION] = g_param_spec_string ("model-location",
      "Model location", "File of the network's weights, unset for the model "
      "that is installed with the plugin or named by FACENET_MODEL",
      NULL, ready);
  properties[PROP_INFERENCE_REGION] = g_param_spec_enum ("inference-region",
      "Inference region", "What is a face: the regions of object-class, the "
      "whole frame, or (auto) regions where there are any, and a frame of at "
      "most 256x256 on a stream without regions; with a detector, say "
      "roi-list", GST_TYPE_FACENET_INFERENCE, DEFAULT_INFERENCE_REGION,
      playing);
  gst_facenet_selection_init_properties (properties + PROP_SELECTION);
  properties[PROP_MIN_QUALITY] = g_param_spec_double ("min-quality",
      "Minimum quality", "Faces of which the quality score is lower are "
      "skipped; max-faces counts before this", 0.0, 1.0, DEFAULT_MIN_QUALITY,
      playing);
  properties[PROP_INFERENCE_INTERVAL] =
      g_param_spec_uint ("inference-interval", "Inference interval",
      "Encode the faces of every n-th buffer", 1, G_MAXINT,
      DEFAULT_INFERENCE_INTERVAL, playing);
  properties[PROP_N_THREADS] = g_param_spec_uint ("n-threads", "Threads",
      "Threads that share the work, 0 for one per core", 0, MAX_THREADS,
      DEFAULT_N_THREADS, ready);
  properties[PROP_ALIGN] = g_param_spec_enum ("align", "Align",
      "Turn faces of regions upright: never, by landmarks that come with them "
      "(auto), or else by those that landmarks-location finds (always)",
      GST_TYPE_FACENET_ALIGN, DEFAULT_ALIGN, ready);
  properties[PROP_LANDMARKS_LOCATION] =
      g_param_spec_string ("landmarks-location", "Landmarks location",
      GST_FACENET_LANDMARKS_BLURB, NULL, ready);
  properties[PROP_STATS] = g_param_spec_boxed ("stats", "Statistics",
      "Counts of frames, faces and what was skipped and why, and latency in "
      "ns", GST_TYPE_STRUCTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
gst_facenet_encode_class_init (GstFacenetEncodeClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_facenet_encode_debug, "facenetencode", 0,
      "faces to embeddings");

  object_class->set_property = gst_facenet_encode_set_property;
  object_class->get_property = gst_facenet_encode_get_property;
  object_class->finalize = gst_facenet_encode_finalize;
  install_properties (object_class);

  trans_class->start = gst_facenet_encode_start;
  trans_class->stop = gst_facenet_encode_stop;
  trans_class->set_caps = gst_facenet_encode_set_caps;
  trans_class->sink_event = gst_facenet_encode_sink_event;
  trans_class->prepare_output_buffer = gst_facenet_passthrough_prepare;
  trans_class->transform_ip = gst_facenet_encode_transform_ip;

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Face encoder",
      "Filter/Analyzer/Video",
      "Turns faces into embeddings and attaches them as metadata",
      "The gst-facenet authors");
  gst_type_mark_as_plugin_api (GST_TYPE_FACENET_ALIGN, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_FACENET_INFERENCE, 0);
}

static void
gst_facenet_encode_init (GstFacenetEncode * self)
{
  Settings *settings = &self->settings;

  gst_facenet_passthrough_init (GST_BASE_TRANSFORM (self));
  gst_facenet_selection_init (&settings->selection);
  settings->selection.rules.inference = DEFAULT_INFERENCE_REGION;
  settings->min_quality = DEFAULT_MIN_QUALITY;
  settings->interval = DEFAULT_INFERENCE_INTERVAL;
  self->n_threads = DEFAULT_N_THREADS;
  self->align = DEFAULT_ALIGN;
  gst_video_info_init (&self->info);
  gst_facenet_regions_init (&self->regions, self, GST_CAT_DEFAULT);
  self->faces = g_array_new (FALSE, FALSE, sizeof (FacenetFace));
}
