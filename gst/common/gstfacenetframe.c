/* gstfacenetframe.c - a video frame as a picture to crop from
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Every raw format of GStreamer comes with a function that unpacks a stretch
 * of a row into ARGB or AYUV bytes, so a face is read without converting the
 * frame. What is left is affine: from the offsets and scales of the colour
 * range to Y in [0,1], Pb and Pr in [-0.5,0.5] and with the luma weights Kr,
 * Kb of the colour matrix to RGB (ITU-R BT.601-7 and BT.709-6, section 3):
 *   R = Y + 2(1-Kr) Pr,  B = Y + 2(1-Kb) Pb,  G = (Y - Kr R - Kb B) / Kg.
 *
 * Subsampled chroma is taken from the sample that a pixel shares, as
 * videoconvert does with chroma-mode=none.
 */
#include "gstfacenetframe.h"

static void
read_row (gpointer user_data, gint x, gint y, gint n_pixels, guint8 * pixels)
{
  GstVideoFrame *frame = user_data;
  const GstVideoFormatInfo *format = frame->info.finfo;
  const GstVideoPackFlags flags = GST_VIDEO_FRAME_IS_INTERLACED (frame) ?
      GST_VIDEO_PACK_FLAG_INTERLACED : GST_VIDEO_PACK_FLAG_NONE;

  format->unpack_func (format, flags, pixels, frame->data,
      frame->info.stride, x, y, n_pixels);
}

/* Luma weights; BT.601 where the caps name none that has them. */
static void
get_luma_weights (const GstVideoInfo * info, gdouble * kr, gdouble * kb)
{
  if (!gst_video_color_matrix_get_Kr_Kb (info->colorimetry.matrix, kr, kb))
    gst_video_color_matrix_get_Kr_Kb (GST_VIDEO_COLOR_MATRIX_BT601, kr, kb);
}

/* rows: R, G, B as sums of Y, Pb, Pr. */
static void
get_yuv_matrix (const GstVideoInfo * info, gdouble rows[3][3])
{
  gdouble kr = 0.0;
  gdouble kb = 0.0;
  gdouble kg;
  guint i;

  get_luma_weights (info, &kr, &kb);
  kg = 1.0 - kr - kb;
  for (i = 0; i < 3; i++)
    rows[i][0] = 1.0;
  rows[0][1] = 0.0;
  rows[0][2] = 2.0 * (1.0 - kr);
  rows[1][1] = -2.0 * kb * (1.0 - kb) / kg;
  rows[1][2] = -2.0 * kr * (1.0 - kr) / kg;
  rows[2][1] = 2.0 * (1.0 - kb);
  rows[2][2] = 0.0;
}

static void
get_identity (gdouble rows[3][3])
{
  guint i, j;

  for (i = 0; i < 3; i++) {
    for (j = 0; j < 3; j++)
      rows[i][j] = i == j ? 1.0 : 0.0;
  }
}

void
gst_facenet_frame_init_image (const GstVideoFrame * frame, FacenetImage * image)
{
  const GstVideoInfo *info = &frame->info;
  const GstVideoFormatInfo *unpacked =
      gst_video_format_get_info (info->finfo->unpack_format);
  gint offset[GST_VIDEO_MAX_COMPONENTS];
  gint scale[GST_VIDEO_MAX_COMPONENTS];
  gdouble rows[3][3];
  guint i, j;

  /* Other depths unpack to more than four bytes per pixel. */
  g_return_if_fail (info->finfo->unpack_format == GST_VIDEO_FORMAT_ARGB
      || info->finfo->unpack_format == GST_VIDEO_FORMAT_AYUV);

  image->width = GST_VIDEO_FRAME_WIDTH (frame);
  image->height = GST_VIDEO_FRAME_HEIGHT (frame);
  image->read_row = read_row;
  image->user_data = (gpointer) frame;

  gst_video_color_range_offsets (info->colorimetry.range, unpacked,
      offset, scale);
  if (GST_VIDEO_FORMAT_INFO_IS_YUV (unpacked))
    get_yuv_matrix (info, rows);
  else
    get_identity (rows);
  for (i = 0; i < 3; i++) {
    gdouble constant = 0.0;

    for (j = 0; j < 3; j++) {
      image->to_rgb[i][j] = (gfloat) (rows[i][j] / scale[j]);
      constant -= rows[i][j] * offset[j] / scale[j];
    }
    image->to_rgb[i][3] = (gfloat) constant;
  }
}

gboolean
gst_facenet_frame_map (GstVideoFrame * frame, const GstVideoInfo * info,
    GstBuffer * buffer, GstElement * owner, gboolean * warned)
{
  if (gst_video_frame_map (frame, info, buffer, GST_MAP_READ))
    return TRUE;
  if (!*warned)
    GST_ELEMENT_WARNING (owner, RESOURCE, READ,
        ("A video frame cannot be read, its faces are left out."),
        ("buffer of %" G_GSIZE_FORMAT " bytes, a frame of its caps has %"
            G_GSIZE_FORMAT, gst_buffer_get_size (buffer),
            GST_VIDEO_INFO_SIZE (info)));
  *warned = TRUE;
  return FALSE;
}
