/* facenet-gallery-binary-private.h - names of a binary gallery's tensors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A column of strings is a blob of bytes, the strings with a NUL behind each,
 * and n + 1 offsets: string i with its NUL is [offset i, offset i + 1).
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The first of these is [n_embeddings, n_dims], the second [n_embeddings]. */
#define FACENET_TENSOR_EMBEDDINGS "embeddings"
#define FACENET_TENSOR_PERSON "person"
#define FACENET_TENSOR_QUALITY "quality"
#define FACENET_TENSOR_DOCUMENT "document"

/* Columns of people and then of embeddings. */
typedef enum {
  FACENET_COLUMN_IDS,
  FACENET_COLUMN_NAMES,
  FACENET_COLUMN_IDENTITY_MEMBERS,
  FACENET_COLUMN_SOURCES,
  FACENET_COLUMN_CREATED,
  FACENET_COLUMN_EMBEDDING_MEMBERS,
  FACENET_N_COLUMNS
} FacenetColumnName;

typedef struct {
  const gchar *blob;
  const gchar *offsets;
} FacenetColumnTensors;

/* By FacenetColumnName. */
extern const FacenetColumnTensors facenet_column_tensors[];

G_END_DECLS
