/* facenet-import-private.h - the readers of other model files
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A format is one of these functions, a row of the table in facenet-import.c,
 * and how such a file begins, in weights/facenet-format.c.
 */
#pragma once

#include "weights/facenet-weights-private.h"

G_BEGIN_DECLS

typedef struct {
  const gchar *location;
  GBytes *bytes;                /* the whole file; NULL for a folder */
} FacenetSource;

FacenetWeights *facenet_format_csv_load (const FacenetSource * source,
    GError ** error);
FacenetWeights *facenet_format_hdf5_load (const FacenetSource * source,
    GError ** error);
FacenetWeights *facenet_format_t7_load (const FacenetSource * source,
    GError ** error);
FacenetWeights *facenet_format_torch_load (const FacenetSource * source,
    GError ** error);

/* Reads a model file of any format, safetensors among them. OPEN, FORMAT,
 * TRUNCATED or LIMIT. */
FacenetWeights *facenet_import_weights (const gchar * location,
    GError ** error);

G_END_DECLS
