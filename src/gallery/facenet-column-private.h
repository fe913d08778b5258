/* facenet-column-private.h - strings out of a binary file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "base/facenet-safetensors-private.h"

#include <string.h>

G_BEGIN_DECLS

/* Strings that have been checked: UTF-8, each with a NUL behind it and none in
 * it. Both point into the file's bytes; NULL: all strings are empty. */
typedef struct {
  const gchar *text;
  const guint8 *offsets;        /* [n + 1] of u64 LE */
} FacenetColumn;

/* Looks at the column of n strings whose bytes are the tensor blob, U8, and
 * whose n + 1 offsets the tensor offsets, U64; both NULL: n empty strings.
 * location names the file in errors. */
gboolean facenet_column_read (FacenetColumn * self,
    const FacenetSafetensor * blob, const FacenetSafetensor * offsets, guint n,
    const gchar * location, GError ** error);

static inline guint64
facenet_column_offset (const FacenetColumn * self, guint i)
{
  guint64 offset;

  memcpy (&offset, self->offsets + (gsize) i * sizeof offset, sizeof offset);
  return GUINT64_FROM_LE (offset);
}

/* String i, or NULL when it is empty. */
static inline const gchar *
facenet_column_get (const FacenetColumn * self, guint i)
{
  const gchar *string;

  if (self->text == NULL)
    return NULL;
  string = self->text + facenet_column_offset (self, i);
  return string[0] != '\0' ? string : NULL;
}

G_END_DECLS
