/* facenet-search-private.h - loops that look for near rows
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Rows [n_rows, n_dims] are gone through in order; a loop stops where it has
 * found something, for the caller to look at and to go on behind it. What is
 * found is thereby kept out of the loops, and nothing is written but finds.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Probes of one group, and the most rows of one step of a group's loop. */
#define FACENET_SEARCH_LANES 16
#define FACENET_SEARCH_MAX_STEP 16

/* Rows to look through: data [n_rows, n_dims]. */
typedef struct {
  const gfloat *data;
  gsize n_rows;
  guint n_dims;
} FacenetSearchRows;

/* One set of loops. */
typedef struct {
  const gchar *name;            /* for people: "avx512", "avx2", "c" */

  /* The first row at most cut away from probe [n_dims], as
   * facenet_squared_l2() has it to the last bit; n_rows when there is none.
   * Sets distance to that row's. NaN is never within. */
  gsize (*next_near) (const gfloat * probe, const FacenetSearchRows * rows,
      gfloat cut, gfloat * distance);

  /* The first row whose distance from probe is not between low and high, which
   * NaN is not; n_rows when there is none. */
  gsize (*next_odd) (const gfloat * probe, const FacenetSearchRows * rows,
      gfloat low, gfloat high);

  /* Rows of one step, at most FACENET_SEARCH_MAX_STEP. */
  guint step;

  /* The first step of rows in which a row's dot product with any of a group
   * of probes is at least that probe's bound; n_rows when there is none. Sets
   * bit l of masks[r] for row r of the step and lane l; masks [step].
   * lanes: [n_dims, LANES], probes side by side; bounds: [LANES]. NULL when
   * this set has no such loop. The order of additions is the set's own. */
  gsize (*next_step) (const gfloat * lanes, const gfloat * bounds,
      const FacenetSearchRows * rows, guint16 * masks);
} FacenetSearchLoops;

/* The fastest set that this processor can run. */
const FacenetSearchLoops *facenet_search_get_loops (void);

/* All sets that this processor can run, the fastest first; (transfer none),
 * NULL-terminated. */
const FacenetSearchLoops *const *facenet_search_list_loops (void);

/* Built with flags of their own; only where FACENET_HAVE_LANES. */
extern const FacenetSearchLoops facenet_search_avx2;
extern const FacenetSearchLoops facenet_search_avx512;

G_END_DECLS
