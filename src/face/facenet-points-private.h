/* facenet-points-private.h - the landmarks of faces that were found
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The second network of a detector looks at each box by itself.
 */
#pragma once

#include "face/facenet-candidates-private.h"

G_BEGIN_DECLS

typedef struct _FacenetPoints FacenetPoints;

/* model: with a second network; must outlive it. */
FacenetPoints *facenet_points_new (const FacenetDetectorModel * model,
    guint n_threads);
void facenet_points_free (FacenetPoints * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetPoints, facenet_points_free)

/* Sets the landmarks of n faces, at most FACENET_DETECTOR_MAX_FACES, by their
 * boxes, and their confidences to facenet_points_get_confidence(). Both stay
 * where they come out as no numbers.
 * scratch: [threads of the pool] */
void facenet_points_find (FacenetPoints * self, FacenetPool * pool,
    gfloat ** scratch, const FacenetImage * image, FacenetFace * faces,
    guint n);

/* Of a face with this score of the first network and this first value of the
 * second. */
gdouble facenet_points_get_confidence (gdouble score, gdouble logit);

/* A score below which no face reaches a confidence. */
gdouble facenet_points_get_least_score (gdouble confidence);

G_END_DECLS
