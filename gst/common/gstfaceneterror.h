/* gstfaceneterror.h - errors of libfacenet as element errors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Posts an error message on the bus. The text of error goes into the message
 * as it is: it names the file, the item, what was found and what was wanted.
 * Codes: OPEN -> RESOURCE/NOT_FOUND; FORMAT, TRUNCATED, MISSING, LIMIT ->
 * RESOURCE/READ; MISMATCH -> LIBRARY/SETTINGS; SHAPE -> STREAM/FORMAT; another
 * domain -> LIBRARY/FAILED. */
void gst_facenet_post_error (GstElement * element, const GError * error);

/* The same as a warning, for what the element survives. */
void gst_facenet_post_warning (GstElement * element, const GError * error);

G_END_DECLS
