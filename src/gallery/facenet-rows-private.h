/* facenet-rows-private.h - a block of floats that grows
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* n floats at data, aligned for vectors where they are its own; all zero is an
 * empty block. */
typedef struct {
  gfloat *data;
  gsize n;
  gsize capacity;               /* 0: the floats are the owner's */
  GBytes *owner;                /* nullable */
} FacenetRows;

/* Makes the block the n floats of somebody else's memory, of which it keeps a
 * reference and which nobody else looks at. */
void facenet_rows_borrow (FacenetRows * self, GBytes * owner, gfloat * data,
    gsize n);

/* Room for n floats in all; FALSE when there is no memory. */
gboolean facenet_rows_reserve (FacenetRows * self, gsize n);

/* Puts n floats in front of float at; FALSE, with nothing done, when there is
 * no memory. */
gboolean facenet_rows_insert (FacenetRows * self, gsize at,
    const gfloat * values, gsize n);

/* Takes out n floats from float at on. There always is memory for that, but
 * where the block is borrowed it is changed in place. */
void facenet_rows_remove (FacenetRows * self, gsize at, gsize n);

void facenet_rows_clear (FacenetRows * self);

G_END_DECLS
