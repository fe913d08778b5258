/* memory.c - memory is aligned, and a size that cannot be had is no crash
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "base/facenet-memory-private.h"

#include <string.h>

static void
test_memory_is_aligned (void)
{
  const gsize sizes[] = { 0, 1, 100, FACENET_MEMORY_HUGE_PAGE - 1 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    guint8 *memory = facenet_memory_try_new (sizes[i]);

    g_assert_nonnull (memory);
    g_assert_cmpuint ((guintptr) memory % FACENET_MEMORY_ALIGNMENT, ==, 0);
    memset (memory, 1, sizes[i]);
    facenet_memory_free (memory);
  }
}

static void
test_large_memory_begins_at_a_huge_page (void)
{
  const gsize sizes[] = { FACENET_MEMORY_HUGE_PAGE,
    5 * FACENET_MEMORY_HUGE_PAGE + 1
  };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    guint8 *memory = facenet_memory_try_new (sizes[i]);

    g_assert_nonnull (memory);
    g_assert_cmpuint ((guintptr) memory % FACENET_MEMORY_HUGE_PAGE, ==, 0);
    memset (memory, 1, sizes[i]);
    facenet_memory_free (memory);
  }
}

static void
test_what_cannot_be_had_is_null (void)
{
  g_assert_null (facenet_memory_try_new (G_MAXSIZE));
  facenet_memory_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/memory/is-aligned", test_memory_is_aligned);
  g_test_add_func ("/memory/large-begins-at-a-huge-page",
      test_large_memory_begins_at_a_huge_page);
  g_test_add_func ("/memory/what-cannot-be-had-is-null",
      test_what_cannot_be_had_is_null);
  return g_test_run ();
}
