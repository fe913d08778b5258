/* facenet-import.h - models out of files of other programs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Reads Torch7, PyTorch, Keras and CSV files. Only the command has these
 * readers: a pipeline reads safetensors and nothing else.
 */
#pragma once

#include "base/facenet-safetensors-private.h"

#include <facenet/facenet-model.h>

G_BEGIN_DECLS

/* facenet_model_load() for a file of any format. (transfer full) */
FacenetModel *facenet_import_model (const gchar * location,
    const gchar * network, GError ** error);

/* facenet_model_compute_id() for a model of any format. (transfer full) */
gchar *facenet_import_compute_id (const FacenetModel * model,
    GError ** error);

/* Writes a model in the native format. Every tensor's name and shape is
 * checked; metadata is kept, and "network", "name", "preprocess" and "id" are
 * set. A file that was there is replaced whole or not at all.
 * in: a model file of any format
 * out: the safetensors file to write; another file than in
 * network: (nullable): network the weights are for, "nn4.small2" or
 *   "facereco"; NULL for the one that in names
 * model_id: (out) (optional) (transfer full): the id of the model in out
 *
 * With F32 the id is that of in, whatever its format. With F16 rounding makes
 * another model with another id, unless in was rounded already: its embeddings
 * must not be compared with those of in.
 *
 * Errors: those of facenet_import_model(); OPEN when out cannot be written or
 * is in; LIMIT when a number is beyond the range of a 16-bit float. */
gboolean facenet_import_convert (const gchar * in, const gchar * out,
    const gchar * network, FacenetDtype dtype, gchar ** model_id,
    GError ** error);

G_END_DECLS
