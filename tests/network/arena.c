/* arena.c - maps of one time never overlap, maps of different times may
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "network/facenet-arena-private.h"

static gboolean
overlap (const FacenetSlot * a, const FacenetSlot * b)
{
  gboolean in_time = a->first <= b->last && b->first <= a->last;
  gboolean in_space = a->offset < b->offset + b->n_floats
      && b->offset < a->offset + a->n_floats;

  return in_time && in_space;
}

static void
test_random_slots_never_overlap (void)
{
  for (guint round = 0; round < 200; round++) {
    FacenetSlot slots[40];
    gsize total;

    for (guint i = 0; i < G_N_ELEMENTS (slots); i++) {
      slots[i].n_floats = (gsize) g_test_rand_int_range (0, 3000);
      slots[i].first = i;
      slots[i].last = i + (guint) g_test_rand_int_range (0, 8);
    }
    total = facenet_arena_plan (slots, G_N_ELEMENTS (slots));
    for (guint i = 0; i < G_N_ELEMENTS (slots); i++) {
      g_assert_cmpuint (slots[i].offset % 16, ==, 0);
      g_assert_cmpuint (slots[i].offset + slots[i].n_floats, <=, total);
      for (guint j = 0; j < i; j++)
        g_assert_false (overlap (&slots[i], &slots[j]));
    }
  }
}

static void
test_a_chain_reuses_memory (void)
{
  FacenetSlot slots[] = {
    {1000, 0, 1, 0}, {1000, 1, 2, 0}, {1000, 2, 3, 0}, {1000, 3, 4, 0}
  };

  /* Two maps at a time, each rounded up to 64 bytes. */
  g_assert_cmpuint (facenet_arena_plan (slots, 4), ==, 2 * 1008);
}

static void
test_memory_is_aligned (void)
{
  for (gsize n = 0; n < 100; n += 33) {
    gfloat *arena = facenet_arena_alloc (n);

    g_assert_cmpuint ((guintptr) arena % FACENET_ARENA_ALIGN, ==, 0);
    arena[0] = 1.0f;
    facenet_arena_free (arena);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/arena/random-slots-never-overlap",
      test_random_slots_never_overlap);
  g_test_add_func ("/arena/a-chain-reuses-memory", test_a_chain_reuses_memory);
  g_test_add_func ("/arena/memory-is-aligned", test_memory_is_aligned);
  return g_test_run ();
}
