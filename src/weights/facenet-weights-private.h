/* facenet-weights-private.h - named tensors and what is said about them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * What every model file becomes, whatever its format: float32 tensors under
 * the names of the Keras-OpenFace files, and string metadata.
 */
#pragma once

#include "base/facenet-safetensors-private.h"

G_BEGIN_DECLS

#define FACENET_TENSOR_MAX_RANK 4

/* Bytes of a model file, or of the files of a folder together. */
#define FACENET_MAX_MODEL_SIZE ((gsize) 1024 * 1024 * 1024)

typedef struct {
  gchar *name;
  guint rank;
  guint32 dims[FACENET_TENSOR_MAX_RANK];
  gsize n_values;               /* product of dims */
  gfloat *values;               /* row-major, owned, never NaN or infinite */
} FacenetTensor;

typedef struct _FacenetWeights FacenetWeights;

FacenetWeights *facenet_weights_new (const gchar * location);
void facenet_weights_free (FacenetWeights * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetWeights, facenet_weights_free)

/* Name of the file, for errors. */
const gchar *facenet_weights_get_location (const FacenetWeights * self);

/* Adds a tensor (copies name and dims, takes values, also when it fails).
 * FORMAT when the name is there already or a value is NaN or infinite, LIMIT
 * when the rank or the product of dims is too large. values must be as many
 * as that product. */
gboolean facenet_weights_take (FacenetWeights * self, const gchar * name,
    guint rank, const guint32 * dims, gfloat * values, GError ** error);

/* NULL when there is none of that name. */
const FacenetTensor *facenet_weights_get (const FacenetWeights * self,
    const gchar * name);

/* Flat weights are from a file without shapes: all tensors are [n] and stand
 * for any shape of n values, in row-major order. Whoever has given them all
 * their shapes by facenet_weights_reshape() says that they are not flat. */
void facenet_weights_set_flat (FacenetWeights * self, gboolean flat);
gboolean facenet_weights_is_flat (const FacenetWeights * self);

/* Gives a tensor that is there another shape. FALSE, and nothing changed, when
 * that is not as many values. */
gboolean facenet_weights_reshape (FacenetWeights * self, const gchar * name,
    guint rank, const guint32 * dims);

/* Names in strcmp order, NULL-terminated; (transfer container). */
const gchar **facenet_weights_list (const FacenetWeights * self);

void facenet_weights_set_metadata (FacenetWeights * self, const gchar * key,
    const gchar * value);
const gchar *facenet_weights_get_metadata (const FacenetWeights * self,
    const gchar * key);
/* Keys in strcmp order, NULL-terminated; (transfer full). */
gchar **facenet_weights_list_metadata (const FacenetWeights * self);

/* Model id: hex SHA-256 over network, NUL, preprocess, NUL, then for each of
 * names (NULL-terminated, any order; hashed in strcmp order): name, NUL, rank
 * and dims as u32 LE, values as float32 LE. MISSING when a name is not there.
 * (transfer full) */
gchar *facenet_weights_compute_id (const FacenetWeights * self,
    const gchar * network, const gchar * preprocess,
    const gchar * const *names, GError ** error);

/* Reads a safetensors file: OPEN, FORMAT, TRUNCATED or LIMIT. For a file that
 * `facenet convert` reads, the error says so. */
FacenetWeights *facenet_weights_load (const gchar * location, GError ** error);

/* The same of a file in memory; location names it in errors. */
FacenetWeights *facenet_weights_parse (GBytes * bytes, const gchar * location,
    GError ** error);

/* Rounds to what a file of that type holds: with F16, tensors of rank 2 and
 * more to halves. LIMIT, naming tensor and index, when a value is beyond the
 * range of a half; nothing is changed then. Another model, if it changes
 * anything, so the metadata "id" is dropped then. */
gboolean facenet_weights_round (FacenetWeights * self, FacenetDtype dtype,
    GError ** error);

/* Writes safetensors: tensors in strcmp order; with F16, tensors of rank 2
 * and more as F16 and the rest as F32. Replaces a file atomically. OPEN,
 * LIMIT, or SHAPE when the weights are flat. When facenet_weights_round() would change values, the file is another
 * model than these weights, and their metadata "id" is not written. */
gboolean facenet_weights_save (const FacenetWeights * self,
    const gchar * location, FacenetDtype dtype, GError ** error);

G_END_DECLS
