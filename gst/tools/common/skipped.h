/* skipped.h - images that could not be used, and why
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One image; both owned by the array it is in. */
typedef struct {
  gchar *image;
  gchar *reason;
} ToolSkipped;

/* (transfer full) (element-type ToolSkipped) */
GArray *tool_skipped_new (void);

/* Names an image and says why on stderr, and remembers both. message may begin
 * with the name of the file, as errors do. */
void tool_skipped_add (GArray * self, const gchar * location,
    const gchar * message);

/* "skipped":[{"image":…,"reason":…}] */
void tool_skipped_add_json (const GArray * self, GString * json);

G_END_DECLS
