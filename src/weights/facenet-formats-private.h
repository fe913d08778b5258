/* facenet-formats-private.h - the model files that can be read
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A format is two functions and one row of the table in
 * facenet-weights-load.c. They are asked in the order of the table, so a
 * format that is easy to recognise goes before one that is not.
 */
#pragma once

#include "weights/facenet-weights-private.h"

G_BEGIN_DECLS

/* Bytes of a model file, or of the files of a folder together. */
#define FACENET_MAX_MODEL_SIZE ((gsize) 1024 * 1024 * 1024)

typedef struct {
  const gchar *location;
  GBytes *bytes;                /* the whole file; NULL for a folder */
} FacenetSource;

typedef struct {
  const gchar *name;            /* for messages */
  gboolean (*sniff) (const FacenetSource * source);
  FacenetWeights *(*load) (const FacenetSource * source, GError ** error);
} FacenetFormat;

gboolean facenet_format_safetensors_sniff (const FacenetSource * source);
FacenetWeights *facenet_format_safetensors_load (const FacenetSource * source,
    GError ** error);

gboolean facenet_format_csv_sniff (const FacenetSource * source);
FacenetWeights *facenet_format_csv_load (const FacenetSource * source,
    GError ** error);

gboolean facenet_format_t7_sniff (const FacenetSource * source);
FacenetWeights *facenet_format_t7_load (const FacenetSource * source,
    GError ** error);

gboolean facenet_format_hdf5_sniff (const FacenetSource * source);
FacenetWeights *facenet_format_hdf5_load (const FacenetSource * source,
    GError ** error);
gboolean facenet_format_torch_sniff (const FacenetSource * source);
FacenetWeights *facenet_format_torch_load (const FacenetSource * source,
    GError ** error);

G_END_DECLS
