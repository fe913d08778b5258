/* drawing.h - pictures with their faces drawn in
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "image.h"

#include <facenet/facenet-face.h>

G_BEGIN_DECLS

/* The drawings of one run, in one folder. */
typedef struct _ToolDrawings ToolDrawings;

/* Makes the folder unless it is there; OPEN on failure. (transfer full) */
ToolDrawings *tool_drawings_new (const gchar * folder, GError ** error);
void tool_drawings_free (ToolDrawings * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolDrawings, tool_drawings_free)

/* Draws boxes and points into a copy of the image and writes it as PNG, named
 * after the file that the image is from; a number is added where another
 * drawing of this run has that name. OPEN if it cannot be written, MISSING if
 * GStreamer has no PNG encoder. */
gboolean tool_drawings_save (ToolDrawings * self, const gchar * location,
    const ToolImage * image, const FacenetFace * faces, guint n_faces,
    GError ** error);

G_END_DECLS
