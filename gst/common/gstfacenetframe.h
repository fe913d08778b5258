/* gstfacenetframe.h - a video frame as a picture to crop from
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/video/video.h>
#include <facenet/facenet-image.h>

G_BEGIN_DECLS

/* The formats that tests/common/frame.c has compared with
 * videoconvert, for a pad template. Of those of 8 bits, the unpackers of
 * VYUY (odd widths) and Y41B (columns that are no multiple of 4) of GStreamer
 * 1.22 are wrong. */
#define GST_FACENET_FRAME_FORMATS \
    "{ RGB, BGR, RGBx, BGRx, xRGB, xBGR, RGBA, BGRA, ARGB, ABGR, GBR, GRAY8, " \
    "I420, YV12, NV12, NV21, YUY2, UYVY, YVYU, Y42B, Y444, NV16, NV24, AYUV }"

/* Maps a buffer for reading. A buffer that cannot be mapped is a warning on
 * the bus, one for a stream of them: *warned is set by the first. */
gboolean gst_facenet_frame_map (GstVideoFrame * frame,
    const GstVideoInfo * info, GstBuffer * buffer, GstElement * owner,
    gboolean * warned);

/* Makes image read from frame, a frame of one of those formats that stays
 * mapped for reading, and stays where it is, as long as image is used. */
void gst_facenet_frame_init_image (const GstVideoFrame * frame,
    FacenetImage * image);

G_END_DECLS
