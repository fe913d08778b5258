/* facenet-memory.c - large pieces of memory, on huge pages
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A gallery of a million people is half a gigabyte, and a pass reads all
 * weights of a model once. On pages of 4 KiB the system would spend as long on
 * handing them out as on reading the file, and whoever reads them would wait
 * for page tables as long as for the numbers.
 */
#include "base/facenet-memory-private.h"

#include <stdlib.h>
#include <sys/mman.h>

gpointer
facenet_memory_try_new (gsize size)
{
  gboolean large = size >= FACENET_MEMORY_HUGE_PAGE;
  gpointer memory = NULL;

  if (size > G_MAXSSIZE || posix_memalign (&memory, large ?
          FACENET_MEMORY_HUGE_PAGE : FACENET_MEMORY_ALIGNMENT, MAX (size, 1)))
    return NULL;
#ifdef MADV_HUGEPAGE
  /* The system may refuse: nothing depends on it. */
  if (large)
    madvise (memory, size - size % FACENET_MEMORY_HUGE_PAGE, MADV_HUGEPAGE);
#endif
  return memory;
}

void
facenet_memory_free (gpointer memory)
{
  free (memory);
}
