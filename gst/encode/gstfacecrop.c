/* gstfacecrop.c - each face of a frame as a picture of its own
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
/**
 * SECTION:element-facecrop
 * @title: facecrop
 *
 * Cuts the faces that a detector upstream has found out of video frames. Each
 * face becomes a buffer of its own, an RGB picture of the square that the
 * network expects, by default of 96x96 pixels; caps downstream ask for
 * another size, up to 1024x1024. The faces of a frame follow each other, the
 * largest first, all with the time and duration of the frame. A frame without
 * a face gives no buffer but a gap event, so that live sinks do not wait. The
 * frame rate of the output is therefore variable, 0/1.
 *
 * Faces that come with landmarks are turned upright by them, unless
 * #facecrop:align is false. Which faces are taken, and which part of the frame, is
 * what `facenetencode` would take with the same properties: `facecrop ! facenetencode` gives the
 * embeddings that facenetencode alone gives, but for the rounding of pixels to
 * bytes. A #GstFaceCropMeta on each buffer says where in which frame the face
 * was; facenetencode passes that on.
 *
 * The fields of #facecrop:stats are those of facenetencode; `faces` counts the
 * pictures made.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 filesrc location=party.mp4 ! decodebin ! videoconvertscale \
 *   ! video/x-raw,width=640,height=360 ! facenetdetect \
 *   ! facecrop min-face-size=60 ! video/x-raw,width=192,height=192 \
 *   ! jpegenc ! multifilesink location=face-%05d.jpg
 * ]|
 *
 * Since: 0.1
 */
#include "gstfacecrop.h"

#include "common/gstfacenetframe.h"
#include "gstfacenetselection.h"
#include "common/gstfacenetstats.h"

#include <facenet/facenet-cropper.h>
#include <gst/facenet/gstfacecropmeta.h>

#include <string.h>

GST_DEBUG_CATEGORY_STATIC (gst_face_crop_debug);
#define GST_CAT_DEFAULT gst_face_crop_debug

#define STATS_NAME "facecrop-stats"

/* Of the network's input. */
#define DEFAULT_SIDE 96

#define CROP_CAPS "video/x-raw, format = (string) RGB, " \
    "width = (int) [ 1, 1024 ], height = (int) [ 1, 1024 ], " \
    "pixel-aspect-ratio = (fraction) 1/1, framerate = (fraction) 0/1"

typedef struct
{
  /* Under the object lock. */
  GstFacenetSelection selection;
  gboolean align;
  GstFacenetStats stats;

  /* Of the streaming thread. */
  GstFacenetRegions regions;
  GstVideoInfo info;            /* of frames */
  GstVideoInfo crop_info;       /* of pictures */
  FacenetLandmarks *landmarks;  /* NULL: none */
  FacenetCropper *cropper;      /* of their size */
  gfloat *face;                 /* [3,h,w] of that */
  GstBuffer *frame;             /* being cropped, or NULL */
  GstFacenetFraming framing;    /* for it, with the next */
  gboolean aligns;
  guint next;                   /* face of it, in regions */
  guint n_done;                 /* pictures made of it */
  gint64 spent;                 /* us cropping it */
  gboolean warned_unreadable;
} GstFaceCropPrivate;

enum
{
  PROP_0,
  PROP_SELECTION,               /* and those that follow it */
  PROP_ALIGN = PROP_SELECTION + GST_FACENET_SELECTION_N_PROPERTIES,
  PROP_STATS,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS (GST_VIDEO_CAPS_MAKE (GST_FACENET_FRAME_FORMATS)));

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (CROP_CAPS));

G_DEFINE_TYPE_WITH_PRIVATE (GstFaceCrop, gst_face_crop,
    GST_TYPE_BASE_TRANSFORM);
GST_ELEMENT_REGISTER_DEFINE (facecrop, "facecrop", GST_RANK_NONE,
    GST_TYPE_FACE_CROP);

void
gst_face_crop_set_landmarks (GstFaceCrop * self, FacenetLandmarks * landmarks)
{
  GstFaceCropPrivate *priv = gst_face_crop_get_instance_private (self);

  g_clear_pointer (&priv->landmarks, facenet_landmarks_unref);
  if (landmarks != NULL)
    priv->landmarks = facenet_landmarks_ref (landmarks);
}

/* planes: [3,h,w] in [0,1]. */
static void
write_pixels (GstVideoFrame * picture, const gfloat * planes)
{
  const gint w = GST_VIDEO_FRAME_WIDTH (picture);
  const gint h = GST_VIDEO_FRAME_HEIGHT (picture);
  const gsize plane = (gsize) w * (gsize) h;
  gint x, y;
  guint c;

  for (y = 0; y < h; y++) {
    guint8 *pixel = (guint8 *) GST_VIDEO_FRAME_PLANE_DATA (picture, 0)
        + y * GST_VIDEO_FRAME_PLANE_STRIDE (picture, 0);
    const gfloat *row = planes + (gsize) y * (gsize) w;

    for (x = 0; x < w; x++) {
      for (c = 0; c < 3; c++)
        *pixel++ = (guint8) (row[c * plane + (gsize) x] * 255.0f + 0.5f);
    }
  }
}

/* A picture of what is in priv->face. */
static GstBuffer *
new_picture (GstFaceCrop * self)
{
  GstFaceCropPrivate *priv = gst_face_crop_get_instance_private (self);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL,
      GST_VIDEO_INFO_SIZE (&priv->crop_info), NULL);
  GstVideoFrame picture;

  if (buffer == NULL || !gst_video_frame_map (&picture, &priv->crop_info,
          buffer, GST_MAP_WRITE)) {
    gst_clear_buffer (&buffer);
    return NULL;
  }
  write_pixels (&picture, priv->face);
  gst_video_frame_unmap (&picture);
  return buffer;
}

/* Of the metadata of a frame only the time at which it was taken is true of a
 * face as well. */
static gboolean
copy_reference_time (GstBuffer * frame, GstMeta ** meta, gpointer user_data)
{
  GstMetaTransformCopy copy = { FALSE, 0, (gsize) - 1 };

  if ((*meta)->info->api == GST_REFERENCE_TIMESTAMP_META_API_TYPE)
    (*meta)->info->transform_func (user_data, *meta, frame,
        _gst_meta_transform_copy, &copy);
  return TRUE;
}

static void
describe (GstFaceCrop * self, GstBuffer * picture,
    const GstFacenetRegion * region, const FacenetAffine * affine)
{
  GstFaceCropPrivate *priv = gst_face_crop_get_instance_private (self);
  GstFaceCropMeta *meta = gst_buffer_add_face_crop_meta (picture);
  GstFacenetBox box;

  gst_facenet_region_get_box (region, &box);
  meta->index = priv->n_done;
  meta->n_faces = priv->regions.list->len;
  meta->roi_type = region->roi_type;
  meta->x = box.x;
  meta->y = box.y;
  meta->w = box.w;
  meta->h = box.h;
  meta->frame_width = region->frame_width;
  meta->frame_height = region->frame_height;
  meta->track_id = region->track_id;
  meta->detect_confidence = region->confidence;
  meta->to_frame[0] = affine->xu;
  meta->to_frame[1] = affine->xv;
  meta->to_frame[2] = affine->x0;
  meta->to_frame[3] = affine->yu;
  meta->to_frame[4] = affine->yv;
  meta->to_frame[5] = affine->y0;
}

/* Returns the picture of a face, NULL when it cannot be made. */
static GstBuffer *
crop_region (GstFaceCrop * self, const GstFacenetRegion * region)
{
  GstFaceCropPrivate *priv = gst_face_crop_get_instance_private (self);
  GstVideoFrame frame;
  GstBuffer *picture;
  FacenetImage image;
  FacenetFace face;
  FacenetCrop crop;

  if (!gst_facenet_frame_map (&frame, &priv->info, priv->frame,
          GST_ELEMENT (self), &priv->warned_unreadable)) {
    priv->regions.skipped[GST_FACENET_SKIP_UNREADABLE]++;
    return NULL;
  }
  gst_facenet_frame_init_image (&frame, &image);
  gst_facenet_region_get_face (region, &face);
  facenet_cropper_set_framing (priv->cropper, priv->framing.scale,
      priv->framing.offset_y);
  facenet_cropper_set_align (priv->cropper, priv->aligns);
  facenet_cropper_crop_face (priv->cropper, &image, &face, priv->face, &crop);
  gst_video_frame_unmap (&frame);
  if (crop.landmarks_ignored)
    gst_facenet_regions_ignore_landmarks (&priv->regions, region);

  picture = new_picture (self);
  if (picture == NULL)
    return NULL;
  gst_buffer_copy_into (picture, priv->frame, GST_BUFFER_COPY_TIMESTAMPS, 0,
      (gsize) - 1);
  gst_buffer_foreach_meta (priv->frame, copy_reference_time, picture);
  describe (self, picture, region, &crop.frame);
  return picture;
}

static void
drop_frame (GstFaceCrop * self)
{
  GstFaceCropPrivate *priv = gst_face_crop_get_instance_private (self);
  gst_clear_buffer (&priv->frame);
  priv->next = priv->n_done = 0;
  priv->spent = 0;
}

/* Takes the frame that the base class queued. */
static void
begin_frame (GstFaceCrop * self, GstBuffer * frame)
{
  GstFaceCropPrivate *priv = gst_face_crop_get_instance_private (self);
  GstFacenetRules rules;

  drop_frame (self);
  GST_OBJECT_LOCK (self);
  rules = priv->selection.rules;
  priv->framing = priv->selection.framing;
  priv->aligns = priv->align;
  GST_OBJECT_UNLOCK (self);

  priv->frame = frame;
  gst_facenet_regions_collect (&priv->regions, frame, &priv->info, &rules);
}

/* All faces of the frame have been seen. */
static void
end_frame (GstFaceCrop * self)
{
  GstFaceCropPrivate *priv = gst_face_crop_get_instance_private (self);
  GST_LOG_OBJECT (self, "%u faces in %" GST_PTR_FORMAT, priv->n_done,
      priv->frame);
  GST_OBJECT_LOCK (self);
  gst_facenet_stats_add_skipped (&priv->stats, priv->regions.skipped,
      GST_FACENET_N_SKIPS);
  priv->stats.landmarks_ignored += priv->regions.landmarks_ignored;
  gst_facenet_stats_add_frame (&priv->stats, priv->n_done,
      (GstClockTime) priv->spent * GST_USECOND);
  GST_OBJECT_UNLOCK (self);
  if (priv->n_done == 0 && GST_BUFFER_PTS_IS_VALID (priv->frame))
    gst_pad_push_event (GST_BASE_TRANSFORM_SRC_PAD (self),
        gst_event_new_gap (GST_BUFFER_PTS (priv->frame),
            GST_BUFFER_DURATION (priv->frame)));
  drop_frame (self);
}

/* The base class calls this until it gives no buffer any more. */
static GstFlowReturn
gst_face_crop_generate_output (GstBaseTransform * trans, GstBuffer ** outbuf)
{
  GstFaceCrop *self = GST_FACE_CROP (trans);
  GstFaceCropPrivate *priv = gst_face_crop_get_instance_private (self);
  const gint64 start = g_get_monotonic_time ();

  *outbuf = NULL;
  if (trans->queued_buf != NULL)
    begin_frame (self, g_steal_pointer (&trans->queued_buf));
  if (priv->frame == NULL)
    return GST_FLOW_OK;
  while (*outbuf == NULL && priv->next < priv->regions.list->len)
    *outbuf = crop_region (self, &g_array_index (priv->regions.list,
            GstFacenetRegion, priv->next++));
  priv->spent += g_get_monotonic_time () - start;
  if (*outbuf != NULL)
    priv->n_done++;
  else
    end_frame (self);
  return GST_FLOW_OK;
}

static GstCaps *
gst_face_crop_transform_caps (GstBaseTransform * trans,
    GstPadDirection direction, GstCaps * caps, GstCaps * filter)
{
  g_autoptr (GstCaps) other =
      gst_static_pad_template_get_caps (direction == GST_PAD_SINK ?
      &src_template : &sink_template);

  if (filter == NULL)
    return g_steal_pointer (&other);
  return gst_caps_intersect_full (filter, other, GST_CAPS_INTERSECT_FIRST);
}

/* The network's size unless downstream asks for another; a square where only one
 * side is asked for. */
static GstCaps *
gst_face_crop_fixate_caps (GstBaseTransform * trans,
    GstPadDirection direction, GstCaps * caps, GstCaps * othercaps)
{
  GstStructure *structure;
  gint width, height;

  if (direction == GST_PAD_SRC)
    return gst_caps_fixate (othercaps);
  othercaps = gst_caps_make_writable (gst_caps_truncate (othercaps));
  structure = gst_caps_get_structure (othercaps, 0);
  if (!gst_structure_get_int (structure, "height", &height))
    height = DEFAULT_SIDE;
  gst_structure_fixate_field_nearest_int (structure, "width", height);
  gst_structure_get_int (structure, "width", &width);
  gst_structure_fixate_field_nearest_int (structure, "height", width);
  return gst_caps_fixate (othercaps);
}

static gboolean
gst_face_crop_set_caps (GstBaseTransform * trans, GstCaps * incaps,
    GstCaps * outcaps)
{
  GstFaceCrop *self = GST_FACE_CROP (trans);
  GstFaceCropPrivate *priv = gst_face_crop_get_instance_private (self);
  guint w, h;

  if (!gst_video_info_from_caps (&priv->info, incaps)
      || !gst_video_info_from_caps (&priv->crop_info, outcaps)) {
    GST_ERROR_OBJECT (self, "no video caps: %" GST_PTR_FORMAT " or %"
        GST_PTR_FORMAT, incaps, outcaps);
    return FALSE;
  }
  w = (guint) GST_VIDEO_INFO_WIDTH (&priv->crop_info);
  h = (guint) GST_VIDEO_INFO_HEIGHT (&priv->crop_info);
  drop_frame (self);
  g_clear_pointer (&priv->cropper, facenet_cropper_free);
  priv->cropper = facenet_cropper_new (h, w);
  facenet_cropper_set_landmarks (priv->cropper, priv->landmarks);
  g_free (priv->face);
  priv->face = g_new (gfloat, 3 * (gsize) h * w);
  priv->warned_unreadable = FALSE;
  return TRUE;
}

/* Pictures are small and plain: whatever downstream offers is not needed. */
static gboolean
gst_face_crop_decide_allocation (GstBaseTransform * trans, GstQuery * query)
{
  return TRUE;
}

static gboolean
gst_face_crop_propose_allocation (GstBaseTransform * trans,
    GstQuery * decide_query, GstQuery * query)
{
  gst_query_add_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL);
  return TRUE;
}

static gboolean
gst_face_crop_sink_event (GstBaseTransform * trans, GstEvent * event)
{
  GstFaceCrop *self = GST_FACE_CROP (trans);
  GstFaceCropPrivate *priv = gst_face_crop_get_instance_private (self);

  if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START)
    gst_facenet_regions_reset (&priv->regions);
  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    drop_frame (self);
  return GST_BASE_TRANSFORM_CLASS (gst_face_crop_parent_class)->sink_event
      (trans, event);
}

static gboolean
gst_face_crop_start (GstBaseTransform * trans)
{
  GstFaceCrop *self = GST_FACE_CROP (trans);
  GstFaceCropPrivate *priv = gst_face_crop_get_instance_private (self);

  GST_OBJECT_LOCK (self);
  memset (&priv->stats, 0, sizeof priv->stats);
  GST_OBJECT_UNLOCK (self);
  gst_facenet_regions_reset (&priv->regions);
  return TRUE;
}

static gboolean
gst_face_crop_stop (GstBaseTransform * trans)
{
  GstFaceCrop *self = GST_FACE_CROP (trans);
  GstFaceCropPrivate *priv = gst_face_crop_get_instance_private (self);

  drop_frame (self);
  g_clear_pointer (&priv->cropper, facenet_cropper_free);
  g_clear_pointer (&priv->face, g_free);
  return TRUE;
}

static void
gst_face_crop_set_property (GObject * object, guint id, const GValue * value,
    GParamSpec * pspec)
{
  GstFaceCrop *self = GST_FACE_CROP (object);
  GstFaceCropPrivate *priv = gst_face_crop_get_instance_private (self);

  GST_OBJECT_LOCK (self);
  if (id == PROP_ALIGN)
    priv->align = g_value_get_boolean (value);
  else if (!gst_facenet_selection_set_property (&priv->selection,
          id - PROP_SELECTION, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_face_crop_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  GstFaceCrop *self = GST_FACE_CROP (object);
  GstFaceCropPrivate *priv = gst_face_crop_get_instance_private (self);

  GST_OBJECT_LOCK (self);
  if (id == PROP_STATS)
    g_value_take_boxed (value, gst_facenet_stats_to_structure (&priv->stats,
            STATS_NAME));
  else if (id == PROP_ALIGN)
    g_value_set_boolean (value, priv->align);
  else if (!gst_facenet_selection_get_property (&priv->selection,
          id - PROP_SELECTION, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_face_crop_finalize (GObject * object)
{
  GstFaceCrop *self = GST_FACE_CROP (object);
  GstFaceCropPrivate *priv = gst_face_crop_get_instance_private (self);

  gst_facenet_regions_clear (&priv->regions);
  g_clear_pointer (&priv->landmarks, facenet_landmarks_unref);
  G_OBJECT_CLASS (gst_face_crop_parent_class)->finalize (object);
}

static void
gst_face_crop_class_init (GstFaceCropClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_face_crop_debug, "facecrop", 0,
      "faces as pictures of their own");

  object_class->set_property = gst_face_crop_set_property;
  object_class->get_property = gst_face_crop_get_property;
  object_class->finalize = gst_face_crop_finalize;
  gst_facenet_selection_init_properties (properties + PROP_SELECTION);
  properties[PROP_ALIGN] = g_param_spec_boolean ("align", "Align",
      "Turn faces that come with landmarks upright; roi-scale and roi-offset-y "
      "are for the others", TRUE,
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);
  properties[PROP_STATS] = g_param_spec_boxed ("stats", "Statistics",
      "Counts of frames, faces and what was skipped and why, and latency in "
      "ns", GST_TYPE_STRUCTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  trans_class->start = gst_face_crop_start;
  trans_class->stop = gst_face_crop_stop;
  trans_class->transform_caps = gst_face_crop_transform_caps;
  trans_class->fixate_caps = gst_face_crop_fixate_caps;
  trans_class->set_caps = gst_face_crop_set_caps;
  trans_class->decide_allocation = gst_face_crop_decide_allocation;
  trans_class->propose_allocation = gst_face_crop_propose_allocation;
  trans_class->sink_event = gst_face_crop_sink_event;
  trans_class->generate_output = gst_face_crop_generate_output;

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Face cropper",
      "Filter/Effect/Video",
      "Turns each face that a detector found into a picture of its own",
      "The gst-facenet authors");
}

static void
gst_face_crop_init (GstFaceCrop * self)
{
  GstFaceCropPrivate *priv = gst_face_crop_get_instance_private (self);
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);

  /* Without a transform function the base class begins with passthrough. */
  gst_base_transform_set_passthrough (trans, FALSE);
  gst_base_transform_set_qos_enabled (trans, FALSE);
  gst_facenet_selection_init (&priv->selection);
  priv->align = TRUE;
  gst_video_info_init (&priv->info);
  gst_video_info_init (&priv->crop_info);
  gst_facenet_regions_init (&priv->regions, self, GST_CAT_DEFAULT);
}
