/* facenet-mean-private.h - the mean direction of some embeddings
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The weighted sum of unit vectors and its direction, which is the mean that
 * is compared. All zero before the first. */
typedef struct {
  guint n_dims;
  gdouble *sum;                 /* [n_dims] */
  gdouble length;               /* of the sum, when last updated */
  gfloat *direction;            /* [n_dims], the sum made of length one then */
} FacenetMean;

void facenet_mean_clear (FacenetMean * self);

/* Forgets the embeddings. */
void facenet_mean_reset (FacenetMean * self);

/* Adds an embedding [n_dims]: the sum s becomes keep s + weight e, keep and
 * weight >= 0. One whose numbers are broken has no weight; one of another
 * length than the others begins anew. */
void facenet_mean_add (FacenetMean * self, const gfloat * embedding,
    guint n_dims, gdouble keep, gdouble weight);

/* Adds what is in another mean of as many numbers. */
void facenet_mean_join (FacenetMean * self, const FacenetMean * other);

/* Brings length and direction up to date. FALSE: the sum has no direction to
 * speak of; it is that of the fallback [n_dims] then, or zero for NULL. */
gboolean facenet_mean_update (FacenetMean * self, const gfloat * fallback);

G_END_DECLS
