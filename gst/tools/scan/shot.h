/* shot.h - small pictures of faces
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "media/encoder.h"

G_BEGIN_DECLS

/* Side of a shot in pixels. */
#define TOOL_SHOT_SIDE 128

/* Cuts faces out of frames and packs them as JPEG. */
typedef struct _ToolShooter ToolShooter;

/* MISSING when there is no JPEG encoder; (transfer full). */
ToolShooter *tool_shooter_new (GError ** error);
void tool_shooter_free (ToolShooter * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolShooter, tool_shooter_free)

/* A face with some room around it, NULL when the encoder failed;
 * (transfer full). */
GBytes *tool_shooter_take (ToolShooter * self, const ToolImage * image,
    const ToolBox * box);

G_END_DECLS
