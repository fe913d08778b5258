/* gallery.h - galleries that fit a model
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet.h>

G_BEGIN_DECLS

/* An empty gallery with the model's threshold; (transfer full). */
FacenetGallery *tool_gallery_new (const FacenetModel * model);

/* The gallery of a file or, where there is none, a new one for it with the
 * model's threshold. MISMATCH when another model made it; (transfer full). */
FacenetGallery *tool_gallery_open (const FacenetModel * model,
    const gchar * location, GError ** error);

/* Reads a gallery; MISMATCH when another model made it; (transfer full). */
FacenetGallery *tool_gallery_load (const FacenetModel * model,
    const gchar * location, GError ** error);

G_END_DECLS
