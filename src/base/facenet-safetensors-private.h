/* facenet-safetensors-private.h - the safetensors container
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Names, types, shapes and the bytes of each tensor, checked against each
 * other and against the size of the file; what the tensors mean is for the
 * reader of a model or of a gallery.
 */
#pragma once

#include <facenet/facenet-error.h>

G_BEGIN_DECLS

#define FACENET_SAFETENSORS_MAX_RANK 4
#define FACENET_SAFETENSORS_MAX_HEADER (1024 * 1024)    /* bytes */

/* How floats are stored. */
typedef enum {
  FACENET_DTYPE_F32,            /* all as 32-bit floats */
  FACENET_DTYPE_F16             /* matrices and filters as 16-bit floats,
                                 * vectors (biases, batch normalisation) as
                                 * 32-bit floats */
} FacenetDtype;

typedef struct {
  gchar *name;                  /* owned by whoever made the struct */
  const gchar *dtype;           /* "F32", "U8", …; a constant */
  guint rank;
  gsize dims[FACENET_SAFETENSORS_MAX_RANK];
  gsize n_values;               /* product of dims */
  const guint8 *data;           /* row-major, little-endian, not aligned */
  gsize size;                   /* bytes of data */
} FacenetSafetensor;

typedef struct {
  GBytes *bytes;                /* the file; data points into it */
  GArray *tensors;              /* of FacenetSafetensor, as they lie in it */
  GHashTable *metadata;         /* string to string */
} FacenetSafetensors;

/* Whether a file begins like one of these. */
gboolean facenet_safetensors_sniff (GBytes * bytes);

/* Checks a whole file; keeps a reference to bytes. location names it in
 * errors: FORMAT, TRUNCATED or LIMIT. (transfer full) */
FacenetSafetensors *facenet_safetensors_parse (GBytes * bytes,
    const gchar * location, GError ** error);
void facenet_safetensors_free (FacenetSafetensors * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetSafetensors, facenet_safetensors_free)

/* Writes n tensors in their order (name, dtype, rank, dims, data and size are
 * read) and, when metadata is not NULL and not empty, its strings in strcmp
 * order. Replaces a file atomically. OPEN, LIMIT. */
gboolean facenet_safetensors_write (const gchar * location,
    const FacenetSafetensor * tensors, gsize n, GHashTable * metadata,
    GError ** error);

/* The bytes of such a file, (transfer full); LIMIT. */
GBytes *facenet_safetensors_serialise (const gchar * location,
    const FacenetSafetensor * tensors, gsize n, GHashTable * metadata,
    GError ** error);

G_END_DECLS
