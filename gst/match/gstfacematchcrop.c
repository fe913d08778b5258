/* gstfacematchcrop.c - a picture of a face for a message
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Small enough to be posted: a message lives until the application has looked
 * at it, and should not hold a frame of the camera until then.
 */
#include "gstfacematchcrop.h"

#include <gst/video/video.h>
#include <gst/facenet/gstfacecropmeta.h>

#define MAX_SIDE 160

typedef struct
{
  guint x, y, width, height;
} GstFaceMatchBox;

/* An edge of a box in pixels of a frame of another size. */
static guint
scale_edge (guint64 edge, guint size, guint frame_size)
{
  if (frame_size > 0)
    edge = edge * size / frame_size;
  return (guint) MIN (edge, size);
}

/* Where the face is in a frame of this size; face is NULL when it is all of
 * it. The left upper corner is moved to even pixels: the colours of most
 * formats are shared by two. */
static gboolean
find_box (const GstFaceEmbeddingMeta * face, const GstVideoInfo * info,
    GstFaceMatchBox * box)
{
  guint width = (guint) info->width, height = (guint) info->height;
  guint right = width, bottom = height;

  box->x = box->y = 0;
  if (face != NULL && face->w > 0 && face->h > 0) {
    box->x = scale_edge (face->x, width, face->frame_width) & ~1u;
    box->y = scale_edge (face->y, height, face->frame_height) & ~1u;
    right = scale_edge ((guint64) face->x + face->w, width, face->frame_width);
    bottom = scale_edge ((guint64) face->y + face->h, height,
        face->frame_height);
  }
  box->width = right - MIN (right, box->x);
  box->height = bottom - MIN (bottom, box->y);
  return box->width > 0 && box->height > 0;
}

/* The picture's format: as large as the box, but for the limit. Frame rate and
 * interlacing are not what a converter converts. */
static void
init_picture (GstVideoInfo * picture, const GstVideoInfo * info,
    const GstFaceMatchBox * box)
{
  guint side = MAX (MAX (box->width, box->height), MAX_SIDE);
  guint width = MAX (box->width * MAX_SIDE / side, 1);
  guint height = MAX (box->height * MAX_SIDE / side, 1);

  if (side == MAX_SIDE) {
    width = box->width;
    height = box->height;
  }
  gst_video_info_set_format (picture, GST_VIDEO_FORMAT_RGB, width, height);
  picture->par_n = info->par_n;
  picture->par_d = info->par_d;
  picture->fps_n = info->fps_n;
  picture->fps_d = info->fps_d;
  picture->interlace_mode = info->interlace_mode;
}

static GstVideoConverter *
new_converter (const GstVideoInfo * info, const GstVideoInfo * picture,
    const GstFaceMatchBox * box)
{
  GstStructure *options = gst_structure_new ("options",
      GST_VIDEO_CONVERTER_OPT_SRC_X, G_TYPE_INT, (gint) box->x,
      GST_VIDEO_CONVERTER_OPT_SRC_Y, G_TYPE_INT, (gint) box->y,
      GST_VIDEO_CONVERTER_OPT_SRC_WIDTH, G_TYPE_INT, (gint) box->width,
      GST_VIDEO_CONVERTER_OPT_SRC_HEIGHT, G_TYPE_INT, (gint) box->height,
      NULL);

  return gst_video_converter_new (info, picture, options);
}

static gboolean
convert (GstVideoConverter * converter, const GstVideoInfo * info,
    GstBuffer * buffer, const GstVideoInfo * picture, GstBuffer * output)
{
  GstVideoFrame from, to;
  gboolean ok = FALSE;

  if (!gst_video_frame_map (&from, info, buffer, GST_MAP_READ))
    return FALSE;
  if (gst_video_frame_map (&to, picture, output, GST_MAP_WRITE)) {
    gst_video_converter_frame (converter, &from, &to);
    gst_video_frame_unmap (&to);
    ok = TRUE;
  }
  gst_video_frame_unmap (&from);
  return ok;
}

static GstBuffer *
new_picture (GstBuffer * buffer, const GstVideoInfo * info,
    const GstFaceMatchBox * box, const GstVideoInfo * picture)
{
  g_autoptr (GstBuffer) output =
      gst_buffer_new_allocate (NULL, picture->size, NULL);
  GstVideoConverter *converter = new_converter (info, picture, box);
  gboolean ok;

  if (converter == NULL || output == NULL)
    return NULL;
  ok = convert (converter, info, buffer, picture, output);
  gst_video_converter_free (converter);
  if (!ok)
    return NULL;
  GST_BUFFER_PTS (output) = GST_BUFFER_PTS (buffer);
  GST_BUFFER_DURATION (output) = GST_BUFFER_DURATION (buffer);
  return g_steal_pointer (&output);
}

/* Raw video in system memory. */
static gboolean
can_read (const GstCaps * caps, GstVideoInfo * info)
{
  const GstStructure *structure;

  if (caps == NULL || gst_caps_get_size (caps) != 1)
    return FALSE;
  structure = gst_caps_get_structure (caps, 0);
  if (!gst_structure_has_name (structure, "video/x-raw")
      || !gst_caps_features_contains (gst_caps_get_features (caps, 0),
          GST_CAPS_FEATURE_MEMORY_SYSTEM_MEMORY))
    return FALSE;
  return gst_video_info_from_caps (info, caps)
      && info->finfo->format != GST_VIDEO_FORMAT_ENCODED;
}

GstSample *
gst_face_match_crop_new_sample (GstBuffer * buffer, const GstCaps * caps,
    const GstFaceEmbeddingMeta * face)
{
  g_autoptr (GstBuffer) output = NULL;
  g_autoptr (GstCaps) picture_caps = NULL;
  GstVideoInfo info, picture;
  GstFaceMatchBox box;

  /* The box of a face that was cropped upstream is in another picture. */
  if (gst_buffer_get_face_crop_meta (buffer) != NULL)
    face = NULL;
  if (!can_read (caps, &info) || !find_box (face, &info, &box))
    return NULL;
  init_picture (&picture, &info, &box);
  output = new_picture (buffer, &info, &box, &picture);
  if (output == NULL)
    return NULL;
  picture_caps = gst_video_info_to_caps (&picture);
  return gst_sample_new (output, picture_caps, NULL, NULL);
}
