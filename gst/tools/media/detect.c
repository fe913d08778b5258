/* detect.c - where in a picture the faces are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * appsrc ! facedetect ! appsink with one picture at a time. facedetect runs
 * OpenCV's frontal-face cascade (Viola and Jones 2001) and attaches a region
 * of interest per face. It ignores the row stride, so that the width it gets
 * must be a multiple of 4; and the cascade needs some room around a face,
 * which a passport photo or a tight crop does not have. So the picture is
 * scaled down to a bounded size and put on a grey ground with a border, and
 * the boxes are mapped back.
 */
#include "detect.h"

#include <gst/app/app.h>
#include <gst/video/video.h>

/* The time of the cascade grows with the pixels: at most so many a side,
 * unless tool_detector_set_video() says otherwise. */
#define MAX_SIDE 1280
/* Border around the picture, in parts of its shorter side, and the most it
 * may be. On 55 photographs of 150x150 that the face fills, facedetect finds
 * 44 without a border and 51 with a sixth; on 919 of 190x190 it finds 915. A
 * border that repeats the edge pixels does no better than a grey one. */
#define BORDER_DIVISOR 6
#define MAX_BORDER 64
/* Finer steps than facedetect's 1.25 and 3: fewer faces are missed, at twice
 * the time; more agreement keeps the false ones away. */
#define SCALE_FACTOR 1.1
#define MIN_NEIGHBORS 5
/* A face that is missed on one frame of a video is found on the next: with
 * these a scan takes 0.6 of the time and finds as many appearances (17 of 19
 * people among 22 strangers, no more false names). */
#define VIDEO_SCALE_FACTOR 1.2
#define VIDEO_MIN_NEIGHBORS 3
#define GREY 0xff808080
/* Smallest face that is looked for, in pixels of the scaled picture. */
#define MIN_FACE 30
/* Part of a box that a larger one may cover before it is taken for it. */
#define MAX_OVERLAP 0.5
#define TIMEOUT (60 * GST_SECOND)
#define POLL (100 * GST_MSECOND)

struct _ToolDetector
{
  GstElement *pipeline;
  GstElement *source;
  GstElement *sink;
  gint width, height;           /* of the frames it is set up for */
  gint max_side;                /* of the scaled picture */
  gint max_border;              /* around it */
};

/* How a picture lies in the frame given to facedetect. */
typedef struct
{
  gint width, height;           /* of the frame */
  gint border;                  /* left of and above the picture */
  gint inner_width, inner_height;       /* of the picture in the frame */
} Layout;

static void
layout_init (Layout * self, const ToolImage * image,
    const ToolDetector * detector)
{
  gint side = MAX (image->width, image->height);
  gdouble scale = MIN (1.0, (gdouble) detector->max_side / side);
  gint shorter;

  self->inner_width = MAX (1, (gint) (image->width * scale + 0.5));
  self->inner_height = MAX (1, (gint) (image->height * scale + 0.5));
  shorter = MIN (self->inner_width, self->inner_height);
  self->border = MIN (shorter / BORDER_DIVISOR, detector->max_border);
  self->width = GST_ROUND_UP_4 (self->inner_width + 2 * self->border);
  self->height = self->inner_height + 2 * self->border;
}

/* The picture, scaled, on its ground; (transfer full). */
static GstBuffer *
layout_draw (const Layout * self, const ToolImage * image,
    const GstVideoInfo * info)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, info->size, NULL);
  g_autoptr (GstBuffer) input = NULL;
  GstVideoConverter *converter;
  GstVideoInfo input_info;
  GstVideoFrame from, to;

  gst_video_info_set_format (&input_info, GST_VIDEO_FORMAT_RGB,
      (guint) image->width, (guint) image->height);
  input = gst_buffer_new_wrapped_full (GST_MEMORY_FLAG_READONLY, image->data,
      input_info.size, 0, input_info.size, NULL, NULL);
  converter = gst_video_converter_new (&input_info, info,
      gst_structure_new ("options",
          GST_VIDEO_CONVERTER_OPT_DEST_X, G_TYPE_INT, self->border,
          GST_VIDEO_CONVERTER_OPT_DEST_Y, G_TYPE_INT, self->border,
          GST_VIDEO_CONVERTER_OPT_DEST_WIDTH, G_TYPE_INT, self->inner_width,
          GST_VIDEO_CONVERTER_OPT_DEST_HEIGHT, G_TYPE_INT, self->inner_height,
          GST_VIDEO_CONVERTER_OPT_BORDER_ARGB, G_TYPE_UINT, GREY, NULL));

  gst_video_frame_map (&from, &input_info, input, GST_MAP_READ);
  gst_video_frame_map (&to, info, buffer, GST_MAP_WRITE);
  gst_video_converter_frame (converter, &from, &to);
  gst_video_frame_unmap (&to);
  gst_video_frame_unmap (&from);
  gst_video_converter_free (converter);
  return buffer;
}

/* A box of the frame in pixels of the picture. */
static void
layout_map_back (const Layout * self, const ToolImage * image,
    const GstVideoRegionOfInterestMeta * roi, FacenetRect * box)
{
  gdouble scale_x = (gdouble) image->width / self->inner_width;
  gdouble scale_y = (gdouble) image->height / self->inner_height;

  box->x = ((gdouble) roi->x - self->border) * scale_x;
  box->y = ((gdouble) roi->y - self->border) * scale_y;
  box->width = roi->w * scale_x;
  box->height = roi->h * scale_y;
}

/* A face has its centre in the picture; the border is none of it. */
static gboolean
is_inside (const FacenetRect * box, const ToolImage * image)
{
  gdouble x = box->x + box->width / 2;
  gdouble y = box->y + box->height / 2;

  return x >= 0 && x < image->width && y >= 0 && y < image->height;
}

static gint
compare_boxes (gconstpointer a, gconstpointer b)
{
  const FacenetRect *left = a, *right = b;
  gdouble left_area = left->width * left->height;
  gdouble right_area = right->width * right->height;

  if (left_area != right_area)
    return left_area > right_area ? -1 : 1;
  if (left->y != right->y)
    return left->y < right->y ? -1 : 1;
  return left->x < right->x ? -1 : left->x > right->x;
}

/* A cascade that is not there is no error to facedetect: it finds nothing. */
static gboolean
check_cascade (GstElement * detect, GError ** error)
{
  g_autofree gchar *profile = NULL;

  g_object_get (detect, "profile", &profile, NULL);
  if (profile && g_file_test (profile, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
      "cannot find faces: the cascade %s is missing (package opencv-data); "
      "--cropped does without", profile ? profile : "of facedetect");
  return FALSE;
}

ToolDetector *
tool_detector_new (GError ** error)
{
  g_autoptr (ToolDetector) self = g_new0 (ToolDetector, 1);
  GstElement *detect = gst_element_factory_make ("facedetect", "detect");

  self->source = gst_element_factory_make ("appsrc", NULL);
  self->sink = gst_element_factory_make ("appsink", NULL);
  if (detect == NULL || self->source == NULL || self->sink == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "cannot find faces: GStreamer's %s cannot be loaded (package %s); "
        "--cropped does without", detect ? "appsrc or appsink" : "facedetect",
        detect ? "gstreamer1.0-plugins-base" : "gstreamer1.0-opencv");
    g_clear_object (&detect);
    return NULL;
  }
  self->max_side = MAX_SIDE;
  self->max_border = MAX_BORDER;
  /* The bin owns its elements, and so do source and sink here. */
  self->pipeline = gst_pipeline_new (NULL);
  gst_bin_add_many (GST_BIN (self->pipeline), gst_object_ref (self->source),
      detect, gst_object_ref (self->sink), NULL);
  gst_element_link_many (self->source, detect, self->sink, NULL);
  g_object_set (self->source, "format", GST_FORMAT_TIME, NULL);
  g_object_set (self->sink, "sync", FALSE, NULL);
  g_object_set (detect, "display", FALSE, "qos", FALSE, NULL);
  gst_util_set_object_arg (G_OBJECT (detect), "updates", "none");
  g_object_set (detect, "min-size-width", MIN_FACE, "min-size-height",
      MIN_FACE, "scale-factor", SCALE_FACTOR, "min-neighbors", MIN_NEIGHBORS,
      NULL);
  if (!check_cascade (detect, error))
    return NULL;
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  return g_steal_pointer (&self);
}

void
tool_detector_free (ToolDetector * self)
{
  if (self == NULL)
    return;
  if (self->pipeline)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object (&self->source);
  gst_clear_object (&self->sink);
  gst_clear_object (&self->pipeline);
  g_free (self);
}

void
tool_detector_set_video (ToolDetector * self, gint max_side)
{
  g_autoptr (GstElement) detect =
      gst_bin_get_by_name (GST_BIN (self->pipeline), "detect");

  self->max_side = max_side;
  self->max_border = 0;
  g_object_set (detect, "scale-factor", VIDEO_SCALE_FACTOR, "min-neighbors",
      VIDEO_MIN_NEIGHBORS, NULL);
}

static void
set_frame_size (ToolDetector * self, const GstVideoInfo * info)
{
  g_autoptr (GstCaps) caps = NULL;

  if (self->width == info->width && self->height == info->height)
    return;
  caps = gst_video_info_to_caps (info);
  gst_app_src_set_caps (GST_APP_SRC (self->source), caps);
  self->width = info->width;
  self->height = info->height;
}

/* Runs one frame through the pipeline; (transfer full), NULL when it broke. */
static GstSample *
run_detector (ToolDetector * self, GstBuffer * buffer, GError ** error)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) cause = NULL;
  GstClockTime waited = 0;

  gst_app_src_push_buffer (GST_APP_SRC (self->source), buffer);
  while (message == NULL && waited < TIMEOUT) {
    GstSample *sample =
        gst_app_sink_try_pull_sample (GST_APP_SINK (self->sink), POLL);

    if (sample)
      return sample;
    message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
    waited += POLL;
  }
  if (message)
    gst_message_parse_error (message, &cause, NULL);
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "facedetect failed: %s", cause ? cause->message : "no answer");
  return NULL;
}

/* Of boxes that lie mostly on each other the larger is the face: the cascade
 * takes eyes, noses and buttons inside a face for faces of their own. */
static void
drop_inner_boxes (GArray * boxes)
{
  for (guint i = 0; i < boxes->len; i++) {
    for (guint k = boxes->len - 1; k > i; k--) {
      const FacenetRect *outer = &g_array_index (boxes, FacenetRect, i);
      const FacenetRect *inner = &g_array_index (boxes, FacenetRect, k);
      gdouble width = MIN (outer->x + outer->width, inner->x + inner->width)
          - MAX (outer->x, inner->x);
      gdouble height = MIN (outer->y + outer->height, inner->y + inner->height)
          - MAX (outer->y, inner->y);

      if (width > 0 && height > 0
          && width * height > MAX_OVERLAP * inner->width * inner->height)
        g_array_remove_index (boxes, k);
    }
  }
}

GArray *
tool_detector_find (ToolDetector * self, const ToolImage * image,
    GError ** error)
{
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (FacenetRect));
  g_autoptr (GstSample) sample = NULL;
  GstVideoInfo info;
  GstMeta *meta;
  gpointer state = NULL;
  Layout layout;

  layout_init (&layout, image, self);
  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_RGB,
      (guint) layout.width, (guint) layout.height);
  set_frame_size (self, &info);
  sample = run_detector (self, layout_draw (&layout, image, &info), error);
  if (sample == NULL)
    return NULL;

  while ((meta = gst_buffer_iterate_meta_filtered (gst_sample_get_buffer
              (sample), &state, GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE))) {
    FacenetRect box;

    layout_map_back (&layout, image, (GstVideoRegionOfInterestMeta *) meta,
        &box);
    if (is_inside (&box, image))
      g_array_append_val (boxes, box);
  }
  g_array_sort (boxes, compare_boxes);
  drop_inner_boxes (boxes);
  return g_steal_pointer (&boxes);
}
