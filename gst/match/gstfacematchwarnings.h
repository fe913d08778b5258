/* gstfacematchwarnings.h - settings that cannot mean what they say
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "gstfacematchsettings.h"

G_BEGIN_DECLS

/* What was warned about already. The pair is of the last claim. */
typedef struct {
  gboolean threshold;
  guint serial;
  guint generation;
} GstFaceMatchWarnings;

/* A stream begins: everything may be warned about again. */
void gst_face_match_warnings_reset (GstFaceMatchWarnings * self);

/* Posts element warnings about what is set, each once. */
void gst_face_match_warnings_check (GstFaceMatchWarnings * self,
    GstElement * element, const GstFaceMatchSnapshot * now);

G_END_DECLS
