/* facenet-arena.c - one block of memory for all maps of a pass
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Maps are placed in the order they are written, each at the lowest offset
 * where it meets no map that is alive at the same time. For a chain of blocks
 * this first fit is within a few per cent of the largest sum of living maps.
 */
#include "network/facenet-arena-private.h"

#include <stdlib.h>
#include <sys/mman.h>

#define LARGE_PAGE (2 << 20)    /* bytes, where the system has such pages */
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

/* A pass reads all the weights once: with pages of 4 KiB it would wait for
 * the page table nearly as long as for the numbers. */
gfloat *
facenet_arena_alloc (gsize n_floats)
{
  gsize size = MAX (round_up (n_floats), ALIGN_FLOATS) * sizeof (gfloat);
  gsize align = size >= LARGE_PAGE ? LARGE_PAGE : FACENET_ARENA_ALIGN;
  gfloat *arena;

  size = (size + align - 1) / align * align;
  arena = aligned_alloc (align, size);
  if (arena == NULL)
    g_error ("%" G_GSIZE_FORMAT " bytes for the maps cannot be had", size);
#ifdef MADV_HUGEPAGE
  if (align == LARGE_PAGE)
    madvise (arena, size, MADV_HUGEPAGE);
#endif
  return arena;
}

void
facenet_arena_free (gfloat * arena)
{
  free (arena);
}
