/* facenet-block.c - large pieces of memory
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A gallery of a million people is half a gigabyte. On pages of 4 KiB the
 * system would spend as long on handing them out as on reading the file, and
 * every search would wait for page tables; on huge pages neither counts.
 */
#include "base/facenet-block-private.h"

#include <stdlib.h>
#include <sys/mman.h>

/* A huge page, where there are any, and from how many bytes on they pay. */
#define HUGE_PAGE ((gsize) 2 << 20)
#define LARGE (4 * HUGE_PAGE)

gpointer
facenet_block_try_new (gsize size)
{
  gsize alignment = size >= LARGE ? HUGE_PAGE : FACENET_BLOCK_ALIGNMENT;
  gpointer block = NULL;

  if (size > G_MAXSSIZE || posix_memalign (&block, alignment, MAX (size, 1)))
    return NULL;
#ifdef MADV_HUGEPAGE
  /* A mere wish: it may be refused, and nothing depends on it. */
  if (size >= LARGE)
    madvise (block, size - size % HUGE_PAGE, MADV_HUGEPAGE);
#endif
  return block;
}

void
facenet_block_free (gpointer block)
{
  free (block);
}
