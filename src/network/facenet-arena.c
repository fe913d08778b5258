/* facenet-arena.c - one block of memory for all maps of a pass
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Maps are placed in the order they are written, each at the lowest offset
 * where it meets no map that is alive at the same time. For a chain of blocks
 * this first fit is within a few per cent of the largest sum of living maps.
 */
#include "network/facenet-arena-private.h"

#define ALIGN_FLOATS (FACENET_ARENA_ALIGN / sizeof (gfloat))

static gsize
round_up (gsize n_floats)
{
  return (n_floats + ALIGN_FLOATS - 1) / ALIGN_FLOATS * ALIGN_FLOATS;
}

static gboolean
lives_with (const FacenetSlot * a, const FacenetSlot * b)
{
  return a->first <= b->last && b->first <= a->last;
}

/* The lowest offset at or above `from` that ends a slot in the way of `slot`,
 * or `from` itself when nothing is in the way. */
static gsize
step_over (const FacenetSlot * slots, guint n_placed, const FacenetSlot * slot,
    gsize from)
{
  for (guint i = 0; i < n_placed; i++) {
    const FacenetSlot *other = &slots[i];

    if (lives_with (other, slot)
        && other->offset < from + slot->n_floats
        && from < other->offset + other->n_floats)
      return round_up (other->offset + other->n_floats);
  }
  return from;
}

gsize
facenet_arena_plan (FacenetSlot * slots, guint n_slots)
{
  gsize total = 0;

  for (guint i = 0; i < n_slots; i++) {
    gsize offset = 0, next;

    while ((next = step_over (slots, i, &slots[i], offset)) != offset)
      offset = next;
    slots[i].offset = offset;
    total = MAX (total, round_up (offset + slots[i].n_floats));
  }
  return total;
}

gfloat *
facenet_arena_alloc (gsize n_floats)
{
  gsize size = MAX (round_up (n_floats), ALIGN_FLOATS) * sizeof (gfloat);
  gfloat *arena;

  if (size >= FACENET_MEMORY_HUGE_PAGE)
    size = (size + FACENET_MEMORY_HUGE_PAGE - 1) / FACENET_MEMORY_HUGE_PAGE
        * FACENET_MEMORY_HUGE_PAGE;
  arena = facenet_memory_try_new (size);
  if (arena == NULL)
    g_error ("%" G_GSIZE_FORMAT " bytes for the maps cannot be had", size);
  return arena;
}

void
facenet_arena_free (gfloat * arena)
{
  facenet_memory_free (arena);
}
