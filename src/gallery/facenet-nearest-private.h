/* facenet-nearest-private.h - the nearest identities of some probes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "gallery/facenet-gallery-private.h"
#include "kernels/facenet-search-private.h"

G_BEGIN_DECLS

/* An identity, and the squared L2 distance of its nearest embedding. */
typedef struct {
  guint identity;
  gfloat distance;
} FacenetNeighbour;

/* What is looked for.
 * probes: [n_probes, n_dims]
 * k: how many identities to find for each probe, at least 1
 * loops: what to search with, NULL for the fastest
 * max_threads: 0 = one per core; a small gallery is left to the caller's */
typedef struct {
  const FacenetGallery *gallery;
  const gfloat *probes;
  guint n_probes;
  guint k;
  const FacenetSearchLoops *loops;
  guint max_threads;
} FacenetQuery;

/* Finds the k nearest identities of each probe, exactly as comparing
 * facenet_squared_l2() of all embeddings would: nearest first, of two at one
 * distance the earlier in the gallery. neighbours: [n_probes, k], of each row
 * the first n_found [n_probes] are filled. Only what is at a finite distance
 * is found. Goes through the gallery once, whatever n_probes is. */
void facenet_gallery_find_nearest (const FacenetQuery * query,
    FacenetNeighbour * neighbours, guint * n_found);

G_END_DECLS
