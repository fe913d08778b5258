/* cropper.h - faces cut out of pictures
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "image.h"
#include "common/options.h"

G_BEGIN_DECLS

/* Detector and scratch memory of one thread. */
typedef struct _ToolCropper ToolCropper;

/* What --align needs, the same for all: errors of facenet_landmarks_load(). */
FacenetLandmarks *tool_cropper_load_landmarks (GError ** error);

/* For the shape of a model's input. With --cropped a picture is one face;
 * without, MISSING when there is no detector. With --align the errors of
 * tool_cropper_load_landmarks(). */
ToolCropper *tool_cropper_new (const FacenetModel * model,
    const ToolOptions * options, GError ** error);
void tool_cropper_free (ToolCropper * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolCropper, tool_cropper_free)

/* From now on for the frames of videos, see tool_detector_set_video(). */
void tool_cropper_set_video (ToolCropper * self, gint max_side);

/* Numbers of one cropped face. */
gsize tool_cropper_get_face_size (const ToolCropper * self);

/* The boxes of the faces, largest first; (transfer full) (element-type
 * FacenetRect). */
GArray *tool_cropper_find (ToolCropper * self, const ToolImage * image,
    GError ** error);

/* The square that the network sees of the face in a box. */
void tool_cropper_get_frame (const ToolCropper * self, const FacenetRect * box,
    FacenetRect * frame);

/* Cuts the face in a box out, [face_size], and tells its quality score. */
gdouble tool_cropper_crop (ToolCropper * self, const ToolImage * image,
    const FacenetRect * box, gfloat * face);

G_END_DECLS
