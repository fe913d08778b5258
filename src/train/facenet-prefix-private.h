/* facenet-prefix-private.h - the frozen blocks, with the kernels of inference
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "network/facenet-program-private.h"

G_BEGIN_DECLS

typedef struct _FacenetPrefix FacenetPrefix;

/* Memory of one thread. */
typedef struct {
  gfloat *arena;                /* facenet_prefix_get_arena_size() floats */
  gfloat *scratch;              /* facenet_prefix_get_scratch_size() floats */
} FacenetPrefixMemory;

/* The first n_blocks of a network, at least 1. NULL where no kernels of our
 * own run. network: outlives the prefix  weights: have passed
 * facenet_fold_check() (transfer full) */
FacenetPrefix *facenet_prefix_new (const FacenetNetwork * network,
    guint n_blocks, const FacenetWeights * weights);
void facenet_prefix_free (FacenetPrefix * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetPrefix, facenet_prefix_free)

gsize facenet_prefix_get_arena_size (const FacenetPrefix * self);
gsize facenet_prefix_get_scratch_size (const FacenetPrefix * self);

/* The output's slot in the plan of the whole network as well. */
guint facenet_prefix_get_slot (const FacenetPrefix * self);

/* faces: [n, c, h, w] of the network's input
 * out: [c,n,h,w] of the last block. The same bytes for any n. */
void facenet_prefix_run (const FacenetPrefix * self,
    const FacenetPrefixMemory * memory, const gfloat * faces, guint n_faces,
    gfloat * out);

G_END_DECLS
