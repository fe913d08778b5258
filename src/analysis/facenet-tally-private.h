/* facenet-tally-private.h - how many distances are within each threshold
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "analysis/facenet-calibration.h"

G_BEGIN_DECLS

/* Thresholds are the hundredths up to 2, where vectors are at right angles. */
#define FACENET_TALLY_POINTS 200
#define FACENET_TALLY_PER_UNIT 100.0

/* Distances by groups that belong together: those of one person's faces. */
typedef struct _FacenetTally FacenetTally;

FacenetTally *facenet_tally_new (guint n_groups);
void facenet_tally_free (FacenetTally * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetTally, facenet_tally_free)

void facenet_tally_add (FacenetTally * self, guint group, gdouble distance);
guint64 facenet_tally_get_n (const FacenetTally * self);

/* The share of the distances that are within each threshold, or beyond it, as
 * if the groups were drawn at random; rates: [FACENET_TALLY_POINTS]. */
void facenet_tally_rate (FacenetTally * self, gboolean beyond,
    FacenetRate * rates);

G_END_DECLS
