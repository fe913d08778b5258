/* facenet-rows.c - a block of floats that grows
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Either its own memory, which doubles when it is full, or a part of a file
 * that was read, which is used in place and copied once it has to grow.
 */
#include "gallery/facenet-rows-private.h"

#include <string.h>

#include "base/facenet-memory-private.h"

/* Floats of the smallest block. */
#define MIN_CAPACITY 1024

void
facenet_rows_clear (FacenetRows * self)
{
  if (self->capacity > 0)
    facenet_memory_free (self->data);
  g_clear_pointer (&self->owner, g_bytes_unref);
  self->data = NULL;
  self->n = self->capacity = 0;
}

void
facenet_rows_borrow (FacenetRows * self, GBytes * owner, gfloat * data, gsize n)
{
  facenet_rows_clear (self);
  self->owner = g_bytes_ref (owner);
  self->data = data;
  self->n = n;
}

gboolean
facenet_rows_reserve (FacenetRows * self, gsize n)
{
  gsize used = self->n;
  gfloat *data;

  if (n <= self->capacity)
    return TRUE;
  data = facenet_memory_try_new (n * sizeof (gfloat));
  if (data == NULL)
    return FALSE;
  if (used > 0)
    memcpy (data, self->data, used * sizeof (gfloat));
  facenet_rows_clear (self);
  self->data = data;
  self->n = used;
  self->capacity = n;
  return TRUE;
}

gboolean
facenet_rows_insert (FacenetRows * self, gsize at, const gfloat * values,
    gsize n)
{
  if (n == 0)
    return TRUE;
  if (self->n + n > self->capacity
      && !facenet_rows_reserve (self, MAX (2 * self->n, self->n + n)
          + MIN_CAPACITY))
    return FALSE;
  memmove (self->data + at + n, self->data + at,
      (self->n - at) * sizeof (gfloat));
  memcpy (self->data + at, values, n * sizeof (gfloat));
  self->n += n;
  return TRUE;
}

void
facenet_rows_remove (FacenetRows * self, gsize at, gsize n)
{
  if (n == 0)
    return;
  memmove (self->data + at, self->data + at + n,
      (self->n - at - n) * sizeof (gfloat));
  self->n -= n;
}
