/* facenet-block-private.h - large pieces of memory
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes to which a block is aligned: a line of the cache. */
#define FACENET_BLOCK_ALIGNMENT 64

/* Memory of this size, not cleared, or NULL when there is none. A large block
 * is on huge pages where the system has them. Freed with free(), which
 * facenet_block_free() is. */
gpointer facenet_block_try_new (gsize size);
void facenet_block_free (gpointer block);

G_END_DECLS
