/* image.h - a picture in memory, decoded from a file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet.h>
#include <gst/gst.h>

G_BEGIN_DECLS

/* data: height rows of stride bytes, R, G, B per pixel, owned; stride is
 * width * 3 rounded up to a multiple of 4, as GStreamer lays out RGB. */
typedef struct {
  gint width;
  gint height;
  gsize stride;
  guint8 *data;
} ToolImage;

ToolImage *tool_image_new (gint width, gint height);
void tool_image_free (ToolImage * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolImage, tool_image_free)

/* The picture of a sample (RGB) in memory of our own, NULL when it cannot be
 * mapped; (transfer full). */
ToolImage *tool_image_new_from_sample (GstSample * sample);

/* Decodes the first picture of a file, upright as EXIF says. OPEN when the
 * file cannot be read, FORMAT when no decoder takes it, TRUNCATED when it ends
 * early, LIMIT when the picture is too large; returns (transfer full). */
ToolImage *tool_image_load (const gchar * location, GError ** error);

G_END_DECLS
