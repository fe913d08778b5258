/* convert-gallery.h - galleries from one format into the other
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "base/facenet-safetensors-private.h"
#include "common/options.h"

G_BEGIN_DECLS

/* Converts the first path into the second, which it is known to be a gallery:
 * JSON becomes binary, and binary JSON unless dtype is not NULL. */
ToolStatus tool_convert_gallery (const ToolOptions * options,
    const FacenetDtype * dtype, GError ** error);

G_END_DECLS
