/* verdicts.h - who the faces of one image are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "media/encoder.h"

G_BEGIN_DECLS

/* What a gallery says about each face of an image. */
typedef struct _ToolVerdicts ToolVerdicts;

/* faces and gallery must outlive the verdicts. */
ToolVerdicts *tool_verdicts_new (const ToolFaces * faces,
    const FacenetGallery * gallery, const FacenetMatchPolicy * policy);
void tool_verdicts_free (ToolVerdicts * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolVerdicts, tool_verdicts_free)

guint tool_verdicts_count_matches (const ToolVerdicts * self);

/* name: of the image */
void tool_verdicts_print_text (const ToolVerdicts * self, const gchar * name);
void tool_verdicts_print_json (const ToolVerdicts * self, const gchar * name);

G_END_DECLS
