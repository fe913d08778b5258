/* finder.h - the faces of a picture, as the options say
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "image.h"
#include "common/options.h"

G_BEGIN_DECLS

/* A detector of one thread; with --cropped a picture is one face. */
typedef struct _ToolFinder ToolFinder;

/* MISSING when there is no detector. */
ToolFinder *tool_finder_new (const ToolOptions * options, GError ** error);
void tool_finder_free (ToolFinder * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolFinder, tool_finder_free)

/* From now on for the frames of videos, see tool_detector_set_video(). */
void tool_finder_set_video (ToolFinder * self, gint max_side);

/* Whether a picture is one face. */
gboolean tool_finder_is_cropped (const ToolFinder * self);

/* The faces of a picture, largest first; (transfer full) (element-type
 * FacenetFace). */
GArray *tool_finder_find (ToolFinder * self, const ToolImage * image,
    GError ** error);

G_END_DECLS
