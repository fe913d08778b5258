/* facenet-nearest.c - the nearest identities of some probes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * One pass over the gallery's block of rows, in pieces that threads share and
 * that fit in a cache, so that all probes have their turn at a piece while it
 * is there. What is found goes into a list per probe and thread; the farthest
 * of a full list is the cut beyond which rows are skipped.
 *
 * Up to a few probes, the distances of all rows are computed as they are
 * defined. More probes are compared sixteen at a time by dot products, which
 * are quicker but round differently. For a probe a and a row b
 *
 *   d = |a|^2 + |b|^2 - 2 a.b,
 *
 * so that d <= cut needs a.b >= (|a|^2 + min |b|^2 - cut) / 2, less what
 * rounding may be off by: n u |a| |b| for the dot product (Higham, Accuracy
 * and Stability of Numerical Algorithms, section 3.1; u = 2^-24) and as much
 * for the distance. Rows that pass are looked at again by the definition of
 * the distance, which alone decides: every path finds the same.
 */
#include "gallery/facenet-nearest-private.h"

#include <facenet/facenet-metric.h>

#include <math.h>
#include <string.h>

#include "base/facenet-memory-private.h"
#include "base/facenet-pool-private.h"

/* Probes up to which computing all distances is quicker than dot products for
 * sixteen. */
#define FEW_PROBES 3

/* Numbers of one piece: 256 KiB, a fraction of the cache of a core. */
#define PIECE_NUMBERS 65536

/* Numbers of a gallery from which on waking threads pays. */
#define MANY_NUMBERS (1u << 20)

/* The least |b|^2 in a gallery, whose rows are of length one within its
 * tolerance. */
#define MIN_SQUARED (1 - 3 * FACENET_GALLERY_UNIT_TOLERANCE)

/* Probes longer than this are no embeddings; the bound above is not for
 * them. */
#define MAX_SQUARED 4.0

/* Sixteen probes side by side, [n_dims, LANES], and which they are. */
typedef struct
{
  gfloat *lanes;
  guint probes[FACENET_SEARCH_LANES];
  gdouble squared[FACENET_SEARCH_LANES];
  guint n;
} FacenetGroup;

/* The lists of one thread. */
typedef struct
{
  FacenetNeighbour *lists;      /* [n_probes, k] */
  guint *n_found;               /* [n_probes] */
} FacenetFinds;

/* A search; all but next_piece and the finds is only read by its threads. */
typedef struct
{
  const FacenetQuery *query;
  const FacenetSearchLoops *loops;
  guint n_dims;
  guint piece_rows;
  guint n_pieces;
  gint next_piece;              /* atomic */
  FacenetGroup *groups;         /* [n_groups] */
  guint n_groups;
  guint *singles;               /* [n_singles]: probes compared one by one */
  guint n_singles;
  FacenetFinds *finds;          /* [n_threads] */
} FacenetSearch;

/* The identity that a row is of. */
static guint
find_identity (const FacenetGallery * gallery, guint row)
{
  guint low = 0, high = gallery->people->len - 1;

  /* The last whose first row is not behind this one; who has no rows comes
   * before. */
  while (low < high) {
    guint middle = low + (high - low + 1) / 2;

    if (facenet_gallery_person (gallery, middle)->first <= row)
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

static gboolean
is_nearer (const FacenetNeighbour * a, const FacenetNeighbour * b)
{
  if (a->distance < b->distance)
    return TRUE;
  return !(a->distance > b->distance) && a->identity < b->identity;
}

/* Puts an identity into a list [k] that has n of them, at most once. */
static void
keep_neighbour (FacenetNeighbour * list, guint * n, guint k,
    const FacenetNeighbour * neighbour)
{
  guint at;

  for (at = 0; at < *n && list[at].identity != neighbour->identity; at++);
  if (at < *n && !(neighbour->distance < list[at].distance))
    return;
  if (at == *n) {
    if (*n < k)
      *n += 1;
    else if (is_nearer (neighbour, &list[k - 1]))
      at = k - 1;
    else
      return;
  }
  for (; at > 0 && is_nearer (neighbour, &list[at - 1]); at--) {
    list[at] = list[at - 1];
  }
  list[at] = *neighbour;
}

/* The distance beyond which a row is of no use for a probe's list. */
static gfloat
get_cut (const FacenetSearch * self, const FacenetFinds * finds, guint probe)
{
  guint k = self->query->k;

  if (finds->n_found[probe] < k)
    return INFINITY;
  return finds->lists[(gsize) probe * k + k - 1].distance;
}

static void
keep_row (const FacenetSearch * self, const FacenetFinds * finds, guint probe,
    guint row, gfloat distance)
{
  guint k = self->query->k;
  FacenetNeighbour neighbour;

  if (!isfinite (distance))
    return;
  neighbour.identity = find_identity (self->query->gallery, row);
  neighbour.distance = distance;
  keep_neighbour (finds->lists + (gsize) probe * k, &finds->n_found[probe], k,
      &neighbour);
}

/* Computes all distances of one probe; rows: [first, end) of the gallery. */
static void
search_single (const FacenetSearch * self, const FacenetFinds * finds,
    guint probe, guint first, guint end)
{
  const FacenetGallery *gallery = self->query->gallery;
  const gfloat *vector = self->query->probes + (gsize) probe * self->n_dims;
  FacenetSearchRows rows;

  rows.n_dims = self->n_dims;
  while (first < end) {
    gfloat distance = 0.0f;
    gsize i;

    rows.data = facenet_gallery_row (gallery, first);
    rows.n_rows = end - first;
    i = self->loops->next_near (vector, &rows, get_cut (self, finds, probe),
        &distance);
    if (i < rows.n_rows)
      keep_row (self, finds, probe, first + (guint) i, distance);
    first += (guint) i + 1;
  }
}

/* The least dot products that make a row worth a look; [LANES]. */
static void
set_bounds (const FacenetSearch * self, const FacenetFinds * finds,
    const FacenetGroup * group, gfloat * bounds)
{
  /* Twice u, for both sums, and for the few roundings around them. */
  gdouble unit = (self->n_dims + 32) * ldexp (1, -23);
  guint i;

  for (i = 0; i < FACENET_SEARCH_LANES; i++) {
    gdouble cut, reach;

    if (i >= group->n) {
      bounds[i] = INFINITY;
      continue;
    }
    cut = (gdouble) get_cut (self, finds, group->probes[i]);
    reach = 1 + sqrt (group->squared[i]);
    bounds[i] = nextafterf ((gfloat) ((group->squared[i] + MIN_SQUARED - cut
                - unit * reach * reach) / 2), -INFINITY);
  }
}

/* Looks again at the rows of a step. */
static void
check_step (const FacenetSearch * self, const FacenetFinds * finds,
    const FacenetGroup * group, guint row, const guint16 * masks)
{
  const FacenetQuery *query = self->query;
  guint r;

  for (r = 0; r < self->loops->step; r++) {
    guint mask = masks[r];

    for (; mask != 0; mask &= mask - 1) {
      guint probe = group->probes[__builtin_ctz (mask)];
      gfloat distance = (gfloat) facenet_squared_l2 (query->probes +
          (gsize) probe * self->n_dims, facenet_gallery_row (query->gallery,
              row + r), self->n_dims);

      if (distance <= get_cut (self, finds, probe))
        keep_row (self, finds, probe, row + r, distance);
    }
  }
}

static void
search_group (const FacenetSearch * self, const FacenetFinds * finds,
    const FacenetGroup * group, guint first, guint end)
{
  gfloat bounds[FACENET_SEARCH_LANES];
  guint16 masks[FACENET_SEARCH_MAX_STEP];
  FacenetSearchRows rows;

  rows.n_dims = self->n_dims;
  while (first < end) {
    gsize i;

    set_bounds (self, finds, group, bounds);
    rows.data = facenet_gallery_row (self->query->gallery, first);
    rows.n_rows = end - first;
    i = self->loops->next_step (group->lanes, bounds, &rows, masks);
    if (i < rows.n_rows)
      check_step (self, finds, group, first + (guint) i, masks);
    first += (guint) i + self->loops->step;
  }
}

/* One thread's part: pieces until there are no more. */
static void
search_pieces (gpointer data, guint thread, guint worker)
{
  FacenetSearch *self = data;
  const FacenetFinds *finds = &self->finds[thread];
  guint n_rows = facenet_gallery_get_n_embeddings (self->query->gallery);
  guint piece, i;

  while ((piece = (guint) g_atomic_int_add (&self->next_piece, 1))
      < self->n_pieces) {
    guint first = piece * self->piece_rows;
    guint end = MIN (n_rows - first, self->piece_rows) + first;

    for (i = 0; i < self->n_groups; i++) {
      search_group (self, finds, &self->groups[i], first, end);
    }
    for (i = 0; i < self->n_singles; i++) {
      search_single (self, finds, self->singles[i], first, end);
    }
  }
}

/* |a|^2 of a probe; NaN or infinite when it is no embedding. */
static gdouble
square (const gfloat * probe, guint n_dims)
{
  gdouble sum = 0;
  guint i;

  for (i = 0; i < n_dims; i++) {
    sum += (gdouble) probe[i] * (gdouble) probe[i];
  }
  return sum;
}

static void
add_to_group (FacenetSearch * self, guint probe, gdouble squared)
{
  const gfloat *vector = self->query->probes + (gsize) probe * self->n_dims;
  FacenetGroup *group;
  guint i;

  if (self->n_groups == 0
      || self->groups[self->n_groups - 1].n == FACENET_SEARCH_LANES) {
    gsize size = (gsize) self->n_dims * FACENET_SEARCH_LANES * sizeof (gfloat);

    group = &self->groups[self->n_groups++];
    group->n = 0;
    group->lanes = facenet_memory_try_new (size);
    if (group->lanes == NULL)
      g_error ("no memory for %" G_GSIZE_FORMAT " bytes of probes", size);
    memset (group->lanes, 0, size);
  }
  group = &self->groups[self->n_groups - 1];
  for (i = 0; i < self->n_dims; i++) {
    group->lanes[(gsize) i * FACENET_SEARCH_LANES + group->n] = vector[i];
  }
  group->probes[group->n] = probe;
  group->squared[group->n++] = squared;
}

/* Decides which probes are compared together. */
static void
arrange_probes (FacenetSearch * self)
{
  const FacenetQuery *query = self->query;
  gboolean few = query->n_probes <= FEW_PROBES
      || self->loops->next_step == NULL;
  guint i;

  self->singles = g_new (guint, query->n_probes);
  self->groups = g_new (FacenetGroup, query->n_probes /
      FACENET_SEARCH_LANES + 1);
  for (i = 0; i < query->n_probes; i++) {
    gdouble squared =
        square (query->probes + (gsize) i * self->n_dims, self->n_dims);

    if (!few && squared <= MAX_SQUARED)
      add_to_group (self, i, squared);
    else
      self->singles[self->n_singles++] = i;
  }
}

/* Runs the threads. There is one pool for all searches of a process; whoever
 * finds it at work searches alone, as the cores are busy anyway. */
static void
run (FacenetSearch * self, guint n_threads)
{
  static GMutex lock;
  static FacenetPool *pool = NULL;

  if (n_threads > 1 && g_mutex_trylock (&lock)) {
    if (pool == NULL)
      pool = facenet_pool_new (0);
    facenet_pool_run (pool, search_pieces, self, n_threads);
    g_mutex_unlock (&lock);
  } else {
    search_pieces (self, 0, 0);
  }
}

static void
new_finds (FacenetFinds * finds, const FacenetQuery * query)
{
  finds->lists = g_new (FacenetNeighbour, (gsize) query->n_probes * query->k);
  finds->n_found = g_new0 (guint, query->n_probes);
}

/* Adds what another thread has found. */
static void
merge (const FacenetQuery * query, FacenetFinds * finds,
    const FacenetFinds * other)
{
  guint i, j;

  for (i = 0; i < query->n_probes; i++) {
    gsize list = (gsize) i * query->k;

    for (j = 0; j < other->n_found[i]; j++) {
      keep_neighbour (finds->lists + list, &finds->n_found[i], query->k,
          &other->lists[list + j]);
    }
  }
}

static guint
count_threads (const FacenetQuery * query, guint n_pieces)
{
  guint n = g_get_num_processors ();

  if (query->gallery->rows.n < MANY_NUMBERS)
    return 1;
  if (query->max_threads > 0)
    n = MIN (n, query->max_threads);
  return MIN (n, n_pieces);
}

void
facenet_gallery_find_nearest (const FacenetQuery * query,
    FacenetNeighbour * neighbours, guint * n_found)
{
  guint n_rows = facenet_gallery_get_n_embeddings (query->gallery);
  FacenetSearch self = { 0 };
  guint n_threads, i;

  memset (n_found, 0, query->n_probes * sizeof *n_found);
  if (n_rows == 0 || query->n_probes == 0)
    return;
  self.query = query;
  self.loops = query->loops;
  if (self.loops == NULL)
    self.loops = facenet_search_get_loops ();
  self.n_dims = query->gallery->model.n_dims;
  self.piece_rows = MAX (PIECE_NUMBERS / self.n_dims, 1);
  self.n_pieces = (n_rows - 1) / self.piece_rows + 1;
  arrange_probes (&self);
  n_threads = count_threads (query, self.n_pieces);
  self.finds = g_new (FacenetFinds, n_threads);
  self.finds[0].lists = neighbours;
  self.finds[0].n_found = n_found;
  for (i = 1; i < n_threads; i++) {
    new_finds (&self.finds[i], query);
  }
  run (&self, n_threads);
  for (i = 1; i < n_threads; i++) {
    merge (query, &self.finds[0], &self.finds[i]);
    g_free (self.finds[i].lists);
    g_free (self.finds[i].n_found);
  }
  for (i = 0; i < self.n_groups; i++) {
    facenet_memory_free (self.groups[i].lanes);
  }
  g_free (self.finds);
  g_free (self.groups);
  g_free (self.singles);
}
