/* facenet-model-private.h - what a session needs to know of a model
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "network/facenet-plan-private.h"
#include "weights/facenet-weights-private.h"

#include <facenet/facenet-model.h>

G_BEGIN_DECLS

/* Weights of one step with the batch norm folded in, NULL without. */
typedef struct {
  gfloat *weights;              /* [oc, c k k] or [n_out, n_in] */
  gfloat *bias;                 /* [oc] or [n_out] */
} FacenetFolded;

/* Everything is set by facenet_model_new() and never changes, but n_refs. */
struct _FacenetModel {
  guint n_refs;                 /* under the lock of the table */
  gchar *key;                   /* in the table; NULL when not shared */
  gchar *location;
  gchar *id;
  gdouble threshold;
  FacenetPlan *plan;
  FacenetFolded *folded;        /* [number of steps] */
  gfloat *memory;               /* that folded points into */
  GHashTable *metadata;         /* string to string */
  FacenetLayer *layers;         /* [n_layers] */
  guint n_layers;
  guint64 parameters, trainable, macs;
};

#define FACENET_DEFAULT_PREPROCESS "rgb-96-unit"

/* Compiles weights that are in memory already; flat ones have the shapes of
 * the network from then on. network: overrides the metadata when not NULL. */
FacenetModel *facenet_model_new (FacenetWeights * weights,
    const gchar * network, GError ** error);

/* Frees a model that nobody refers to. */
void facenet_model_free (FacenetModel * self);

G_END_DECLS
