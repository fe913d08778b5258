/* facenet-column-private.h - strings out of a binary file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "base/facenet-safetensors-private.h"

G_BEGIN_DECLS

/* n strings that have been checked and copied: UTF-8 without NUL, each with a
 * NUL behind it. String i begins at text + starts[i]. */
typedef struct {
  gchar *text;                  /* owned */
  gsize *starts;                /* [n], owned */
  guint n;
} FacenetColumn;

/* Reads the column whose bytes are the tensor blob, U8, and whose n + 1
 * offsets the tensor offsets, U64. Both NULL: n empty strings. location names
 * the file in errors. The column is to be cleared also on failure. */
gboolean facenet_column_read (FacenetColumn * self,
    const FacenetSafetensor * blob, const FacenetSafetensor * offsets, guint n,
    const gchar * location, GError ** error);
void facenet_column_clear (FacenetColumn * self);

/* String i, or NULL when it is empty. */
static inline const gchar *
facenet_column_get (const FacenetColumn * self, guint i)
{
  const gchar *string;

  if (self->text == NULL)
    return NULL;
  string = self->text + self->starts[i];
  return string[0] != '\0' ? string : NULL;
}

G_END_DECLS
