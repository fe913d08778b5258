/* detect.h - where in a picture the faces are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "image.h"

G_BEGIN_DECLS

/* The stock facedetect element, kept running from picture to picture. */
typedef struct _ToolDetector ToolDetector;

/* MISSING when the element or its cascade is not installed. */
ToolDetector *tool_detector_new (GError ** error);
void tool_detector_free (ToolDetector * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolDetector, tool_detector_free)

/* From now on for the frames of videos: they are scaled down to this longer
 * side before faces are looked for, 1280 pixels otherwise (less is faster and
 * misses smaller faces), get no border since there is room around most faces,
 * and are searched in coarser steps. */
void tool_detector_set_video (ToolDetector * self, gint max_side);

/* The boxes of the faces, largest first, in pixels of the image; they may
 * reach a little beyond it. An empty array when there is none, NULL and error
 * when the detector failed; (transfer full) (element-type FacenetRect). */
GArray *tool_detector_find (ToolDetector * self, const ToolImage * image,
    GError ** error);

G_END_DECLS
