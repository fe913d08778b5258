/* facenet-format-private.h - which format a model file has
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The content decides, never the name: downloads and links lose their
 * endings. Only safetensors are read here; the others are for `facenet
 * convert` (src/import), and are recognised to say so.
 */
#pragma once

#include <facenet/facenet-error.h>

G_BEGIN_DECLS

typedef enum {
  FACENET_FORMAT_UNKNOWN,
  FACENET_FORMAT_SAFETENSORS,
  FACENET_FORMAT_CSV,
  FACENET_FORMAT_HDF5,
  FACENET_FORMAT_T7,
  FACENET_FORMAT_TORCH
} FacenetFormat;

/* bytes: the whole file, NULL for a folder. */
FacenetFormat facenet_format_sniff (const gchar * location, GBytes * bytes);

/* "a PyTorch file"; NULL for an unknown format. */
const gchar *facenet_format_get_name (FacenetFormat format);

/* Sets the error for a file of unknown format: OPEN for a folder, TRUNCATED
 * for an empty file, else FORMAT, and what the file seems to be.
 * expected: "a model: safetensors" */
void facenet_format_fail (const gchar * location, GBytes * bytes,
    const gchar * expected, GError ** error);

G_END_DECLS
