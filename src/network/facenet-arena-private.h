/* facenet-arena-private.h - one block of memory for all maps of a pass
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * First plan, then run: every map is entered with the steps between which it
 * is needed, and gets an offset that no other map of the same time shares.
 */
#pragma once

#include "base/facenet-memory-private.h"

G_BEGIN_DECLS

#define FACENET_ARENA_ALIGN FACENET_MEMORY_ALIGNMENT

typedef struct {
  gsize n_floats;
  guint first;                  /* step that writes it */
  guint last;                   /* last step that reads it, >= first */
  gsize offset;                 /* in floats, a multiple of 16; the result */
} FacenetSlot;

/* Sets the offset of each slot; returns the floats of the whole arena. */
gsize facenet_arena_plan (FacenetSlot * slots, guint n_slots);

/* Uninitialised floats on a 64-byte boundary, at least one; free with
 * facenet_arena_free(). */
gfloat *facenet_arena_alloc (gsize n_floats);
void facenet_arena_free (gfloat * arena);

G_END_DECLS
