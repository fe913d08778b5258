/* portraits.h - one embedding for each of many images
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "common/options.h"

G_BEGIN_DECLS

/* What many images gave. */
typedef struct _ToolPortraits ToolPortraits;

/* Embeds the central face of each image, many at a time on all cores or
 * --threads: the face whose middle is nearest to the image's, as LFW has it
 * that an image is of whom it is centred on. An image that cannot be read or
 * shows no face is no error here. locations: (element-type filename), kept by
 * reference; (transfer full). */
ToolPortraits *tool_portraits_read (const ToolOptions * options,
    GPtrArray * locations, GError ** error);
void tool_portraits_free (ToolPortraits * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolPortraits, tool_portraits_free)

FacenetModel *tool_portraits_get_model (const ToolPortraits * self);

/* The embedding of an image [dims], NULL when there is none. */
const gfloat *tool_portraits_get (const ToolPortraits * self, guint index);
guint tool_portraits_count_failed (const ToolPortraits * self);

/* Squared L2 of two images, NaN when one of them failed. */
gdouble tool_portraits_measure (const ToolPortraits * self, guint a, guint b);

/* Names each failed image and why, on stderr or as the member "failures" of an
 * object: [{"image":…,"reason":…}]. */
void tool_portraits_report (const ToolPortraits * self, GString * json);

G_END_DECLS
