/* facenet-model-private.h - what a session needs to know of a model
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "base/facenet-shared-private.h"
#include "network/facenet-program-private.h"

#include <facenet/facenet-model.h>

G_BEGIN_DECLS

/* Everything is set by facenet_model_new() and never changes, but
 * `shared`. */
struct _FacenetModel {
  FacenetShared shared;
  gchar *location;
  gchar *id;
  gdouble threshold;
  FacenetPlan *plan;
  FacenetProgram *program;      /* for kernels of our own, or NULL and */
  FacenetFolded *folded;        /* [number of steps], for the reference */
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

/* The network that weights are for: the one named or, with NULL, the one in
 * their metadata. MISMATCH when it is not known or does something else. */
const FacenetNetwork *facenet_model_find_network (const FacenetWeights *
    weights, const gchar * wish, FacenetTask task, GError ** error);

/* Sets what a file must say about itself to be used without options: network,
 * name, preprocess, id. */
void facenet_model_describe (const FacenetModel * self,
    FacenetWeights * weights);

/* facenet_model_compute_id() of weights that were read already; flat ones have
 * the shapes of the network from then on. (transfer full) */
gchar *facenet_model_hash (const FacenetModel * self,
    FacenetWeights * weights, GError ** error);

/* Frees a model that nobody refers to. */
void facenet_model_free (FacenetModel * self);

G_END_DECLS
