/* finder.h - the faces of a picture, as the options say
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "image.h"
#include "common/options.h"

G_BEGIN_DECLS

/* A detector of one thread; with --cropped a picture is one face. */
typedef struct _ToolFinder ToolFinder;

/* Errors are those of facenet_detector_new(). */
ToolFinder *tool_finder_new (const ToolOptions * options, GError ** error);
void tool_finder_free (ToolFinder * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolFinder, tool_finder_free)

/* Whether a picture is one face. */
gboolean tool_finder_is_cropped (const ToolFinder * self);

/* Which detector it is, for what is kept of its faces: the id of its weights,
 * "cropped" without one. */
const gchar *tool_finder_get_id (const ToolFinder * self);

/* The faces of a picture, largest first; owned by the finder, until it is used
 * again. */
const FacenetFace *tool_finder_find (ToolFinder * self,
    const ToolImage * image, guint * n_faces);

G_END_DECLS
