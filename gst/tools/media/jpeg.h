/* jpeg.h - what a JPEG file says about itself
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* is_jpeg: it begins like one; the rest is meaningful only then
 * complete: the end of the picture is there
 * orientation: EXIF's, 1 (upright) to 8; 1 where the file says nothing */
typedef struct {
  gboolean is_jpeg;
  gboolean complete;
  guint orientation;
} ToolJpeg;

/* data: [size] bytes, of any origin. */
void tool_jpeg_inspect (const guint8 * data, gsize size, ToolJpeg * jpeg);

G_END_DECLS
