/* frame.c - pixels of a frame against videoconvert's converter
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Frames of random bytes, of odd and even sizes and with strides of their own,
 * are read in stretches from even columns. Each byte read is compared with
 * where the description of the format says that it lies, and each colour with
 * what GstVideoConverter, which videoconvert is made of, makes of the whole
 * frame with chroma-mode=none: to seven grey levels, because its fast way from
 * YUV to RGB has coefficients of seven bits, which shows in the wild colours
 * of noise. How exact our colours are is tested against the formulas of the
 * standards.
 */
#include "common/gstfacenetframe.h"

#include <facenet/facenet-cropper.h>

#include <math.h>

#define CONVERTER_ERROR (7.0f / 255.0f)

typedef struct
{
  gint width, height;
  const gchar *colorimetry;     /* NULL = the format's default */
  gboolean interlaced;
} FrameCase;

/* *INDENT-OFF* */
static const FrameCase cases[] = {
  { 33, 17, NULL, FALSE },
  { 34, 18, "bt709", FALSE },
  { 35, 16, "bt601", FALSE },
  { 38, 15, "1:4:0:0", FALSE },
  { 39, 14, "1:3:0:0", FALSE },
  { 40, 13, "smpte240m", FALSE },
  { 1, 1, NULL, FALSE },
  { 2, 3, NULL, FALSE },
  { 34, 16, NULL, TRUE },
};
/* *INDENT-ON* */

static GstBuffer *
make_noise (const GstVideoInfo * info)
{
  const gsize size = GST_VIDEO_INFO_SIZE (info);
  guint8 *data = g_malloc (size);
  gsize i;

  for (i = 0; i < size; i++)
    data[i] = (guint8) g_test_rand_int_range (0, 256);
  return gst_buffer_new_wrapped (data, size);
}

static void
init_info (GstVideoInfo * info, GstVideoFormat format, const FrameCase * self)
{
  GstVideoAlignment align;
  const GstVideoInterlaceMode mode = self->interlaced ?
      GST_VIDEO_INTERLACE_MODE_INTERLEAVED :
      GST_VIDEO_INTERLACE_MODE_PROGRESSIVE;

  g_assert_true (gst_video_info_set_interlaced_format (info, format, mode,
          (guint) self->width, (guint) self->height));
  if (self->colorimetry != NULL && !GST_VIDEO_FORMAT_INFO_IS_RGB (info->finfo))
    g_assert_true (gst_video_colorimetry_from_string (&info->colorimetry,
            self->colorimetry));
  gst_video_alignment_reset (&align);
  align.padding_right = 26;
  align.padding_bottom = 3;
  g_assert_true (gst_video_info_align (info, &align));
}

static GstStructure *
make_config (void)
{
  return gst_structure_new ("config",
      GST_VIDEO_CONVERTER_OPT_CHROMA_MODE, GST_TYPE_VIDEO_CHROMA_MODE,
      GST_VIDEO_CHROMA_MODE_NONE,
      GST_VIDEO_CONVERTER_OPT_DITHER_METHOD, GST_TYPE_VIDEO_DITHER_METHOD,
      GST_VIDEO_DITHER_NONE, NULL);
}

/* Converts the whole frame to RGB and maps the outcome. */
static GstBuffer *
convert (GstVideoFrame * frame, GstVideoFrame * out)
{
  GstVideoConverter *converter;
  GstVideoInfo info;
  GstBuffer *buffer;

  g_assert_true (gst_video_info_set_interlaced_format (&info,
          GST_VIDEO_FORMAT_RGB, GST_VIDEO_INFO_INTERLACE_MODE (&frame->info),
          (guint) GST_VIDEO_FRAME_WIDTH (frame),
          (guint) GST_VIDEO_FRAME_HEIGHT (frame)));
  buffer = gst_buffer_new_allocate (NULL, GST_VIDEO_INFO_SIZE (&info), NULL);
  converter = gst_video_converter_new (&frame->info, &info, make_config ());
  g_assert_nonnull (converter);
  g_assert_true (gst_video_frame_map (out, &info, buffer, GST_MAP_READWRITE));
  gst_video_converter_frame (converter, frame, out);
  gst_video_converter_free (converter);
  return buffer;
}

static const guint8 *
pixel_at (const GstVideoFrame * frame, gint x, gint y)
{
  return (const guint8 *) GST_VIDEO_FRAME_PLANE_DATA (frame, 0)
      + y * GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0) + 3 * x;
}

/* The byte of channel c that a pixel has, or shares with its neighbours; the
 * two fields of an interlaced frame share no lines. */
static guint8
channel_at (const GstVideoFrame * frame, guint c, gint x, gint y)
{
  const GstVideoFormatInfo *format = frame->info.finfo;
  const gint line = GST_VIDEO_FRAME_IS_INTERLACED (frame)
      && format->h_sub[c] == 1 ? (y >> 2 << 1) + (y & 1)
      : y >> format->h_sub[c];

  if (c >= format->n_components)
    return 128;
  return ((const guint8 *) GST_VIDEO_FRAME_COMP_DATA (frame, c))
      [line * GST_VIDEO_FRAME_COMP_STRIDE (frame, c)
      + (x >> format->w_sub[c]) * GST_VIDEO_FRAME_COMP_PSTRIDE (frame, c)];
}

static gfloat
to_rgb (const FacenetImage * image, const guint8 * pixel, guint c)
{
  const gfloat *m = image->to_rgb[c];
  const gfloat value =
      m[0] * pixel[1] + m[1] * pixel[2] + m[2] * pixel[3] + m[3];

  return CLAMP (value, 0.0f, 1.0f);
}

/* Returns the largest difference of the colours of a stretch of row y. */
static gfloat
compare_stretch (const FacenetImage * image, const GstVideoFrame * frame,
    const GstVideoFrame * rgb, gint x, gint y)
{
  const gint n = g_test_rand_int_range (1, image->width - x + 1);
  g_autofree guint8 *pixels = g_malloc (4 * (gsize) n);
  gfloat worst = 0.0f;
  gint i;
  guint c;

  image->read_row (image->user_data, x, y, n, pixels);
  for (i = 0; i < n; i++) {
    const guint8 *pixel = pixels + 4 * i;
    const guint8 *wanted = pixel_at (rgb, x + i, y);

    for (c = 0; c < 3; c++) {
      g_assert_cmpuint (pixel[c + 1], ==, channel_at (frame, c, x + i, y));
      worst = MAX (worst, fabsf (to_rgb (image, pixel, c)
              - wanted[c] / 255.0f));
    }
  }
  return worst;
}

static gfloat
compare_frame (GstVideoFormat format, const FrameCase * self)
{
  GstVideoInfo info;
  GstVideoFrame frame, rgb;
  FacenetImage image;
  g_autoptr (GstBuffer) buffer = NULL;
  g_autoptr (GstBuffer) rgb_buffer = NULL;
  gfloat worst = 0.0f;
  gint x, y;

  init_info (&info, format, self);
  buffer = make_noise (&info);
  if (self->interlaced)
    GST_BUFFER_FLAG_SET (buffer, GST_VIDEO_BUFFER_FLAG_INTERLACED);
  g_assert_true (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ));
  rgb_buffer = convert (&frame, &rgb);
  gst_facenet_frame_init_image (&frame, &image);
  g_assert_cmpint (image.width, ==, self->width);
  g_assert_cmpint (image.height, ==, self->height);
  for (y = 0; y < self->height; y++) {
    for (x = 0; x < self->width; x += 2)
      worst = MAX (worst, compare_stretch (&image, &frame, &rgb, x, y));
  }
  gst_video_frame_unmap (&rgb);
  gst_video_frame_unmap (&frame);
  return worst;
}

static void
test_format (gconstpointer data)
{
  const GstVideoFormat format = gst_video_format_from_string (data);
  guint i;

  g_assert_cmpint (format, !=, GST_VIDEO_FORMAT_UNKNOWN);
  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    const gfloat worst = compare_frame (format, &cases[i]);

    g_test_message ("%s %dx%d %s: off by %.3f of 255", (const gchar *) data,
        cases[i].width, cases[i].height,
        cases[i].colorimetry != NULL ? cases[i].colorimetry : "default",
        (gdouble) worst * 255.0);
    g_assert_cmpfloat ((gdouble) worst, <=, (gdouble) CONVERTER_ERROR);
  }
}

typedef struct
{
  const gchar *colorimetry;
  guint8 yuv[3];
  gdouble rgb[3];               /* by the formulas of the standard, unclamped */
} Colour;

/* BT.601: E'R = E'Y + 1.402 E'CR, E'G = E'Y - 0.344136 E'CB - 0.714136 E'CR,
 * E'B = E'Y + 1.772 E'CB; BT.709: 1.5748, 0.187324, 0.468124, 1.8556. Of 8
 * bits, E'Y = (Y - 16) / 219, E'C = (C - 128) / 224, or / 255 in full range. */
/* *INDENT-OFF* */
static const Colour colours[] = {
  { "bt601", { 16, 128, 128 }, { 0.0, 0.0, 0.0 } },
  { "bt601", { 235, 128, 128 }, { 1.0, 1.0, 1.0 } },
  { "bt601", { 100, 120, 150 }, { 0.521258, 0.325714, 0.320276 } },
  { "bt709", { 235, 128, 128 }, { 1.0, 1.0, 1.0 } },
  { "bt709", { 100, 120, 150 }, { 0.538230, 0.344275, 0.317290 } },
  { "1:4:0:0", { 255, 128, 128 }, { 1.0, 1.0, 1.0 } },
  { "1:4:0:0", { 100, 120, 150 }, { 0.513114, 0.341342, 0.336565 } },
};
/* *INDENT-ON* */

static void
test_colours_follow_the_standards (void)
{
  guint i, c;

  for (i = 0; i < G_N_ELEMENTS (colours); i++) {
    const guint8 *yuv = colours[i].yuv;
    const guint8 bytes[4] = { 255, yuv[0], yuv[1], yuv[2] };
    const FrameCase one = { 1, 1, colours[i].colorimetry, FALSE };
    GstVideoInfo info;
    GstVideoFrame frame;
    FacenetImage image;
    g_autoptr (GstBuffer) buffer = NULL;

    init_info (&info, GST_VIDEO_FORMAT_AYUV, &one);
    buffer = make_noise (&info);
    g_assert_true (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ));
    gst_facenet_frame_init_image (&frame, &image);
    for (c = 0; c < 3; c++)
      g_assert_cmpfloat (fabs ((gdouble) to_rgb (&image, bytes, c)
              - colours[i].rgb[c]), <=, 2e-6);
    gst_video_frame_unmap (&frame);
  }
}

int
main (int argc, char **argv)
{
  g_autoptr (GstCaps) caps = NULL;
  const GValue *formats;
  guint i;

  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/frame/colours-follow-the-standards",
      test_colours_follow_the_standards);
  caps = gst_caps_from_string (GST_VIDEO_CAPS_MAKE (GST_FACENET_FRAME_FORMATS));
  formats = gst_structure_get_value (gst_caps_get_structure (caps, 0),
      "format");
  for (i = 0; i < gst_value_list_get_size (formats); i++) {
    const gchar *name =
        g_value_get_string (gst_value_list_get_value (formats, i));
    g_autofree gchar *path = g_strconcat ("/frame/reads/", name, NULL);
    g_test_add_data_func (path, name, test_format);
  }
  return g_test_run ();
}
