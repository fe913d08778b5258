/* facenet-trainable-private.h - a network whose weights can be trained
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A step of training: forward() turns faces into unit vectors and keeps what
 * the way back needs, a loss says how it changes with each vector, backward()
 * says how it changes with each weight, and the caller then changes the values
 * of the parameters in place.
 *
 * Batch normalisation is a fixed scale and shift. What is trained are weights
 * and biases as the model file holds them, without it.
 */
#pragma once

#include "weights/facenet-weights-private.h"

G_BEGIN_DECLS

typedef struct {
  const gchar *network;         /* NULL: the one that the weights name */
  const gchar *from;            /* first block of the network's table that is
                                 * trained, "inception_4e"; NULL: all are */
  guint max_batch;              /* most faces of a pass, at least 1 */
  guint n_threads;              /* 0 = one per core */
} FacenetTrainableOptions;

/* One trained tensor. */
typedef struct {
  const gchar *name;            /* in the file, "inception_4e_3x3_conv1_w" */
  gsize n_values;
  gfloat *values;               /* may be written between passes */
  const gfloat *gradient;       /* dJ/d values, set by backward() */
} FacenetParameter;

typedef struct _FacenetTrainable FacenetTrainable;

/* Takes the weights, also when it fails, and drops the model id in their
 * metadata. MISMATCH when there is no such network or block, or no weight
 * from that block on; the errors of facenet_model_load() for tensors; OPEN
 * without BLAS. (transfer full) */
FacenetTrainable *facenet_trainable_new (FacenetWeights * weights,
    const FacenetTrainableOptions * options, GError ** error);
void facenet_trainable_free (FacenetTrainable * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetTrainable, facenet_trainable_free)

/* images: [n,3,96,96] in [0,1], 1 <= n <= max_batch
 * Returns [n,128] unit vectors, valid until the next call. The same bytes for
 * any number of threads. Allocates nothing. */
const gfloat *facenet_trainable_forward (FacenetTrainable * self,
    const gfloat * images, guint n);

/* Sets the gradient of each parameter, to what belongs to the last forward();
 * the values must not have changed since. gradient: [n,128], dJ/d of what
 * forward() returned. The same bytes for any number of threads. */
void facenet_trainable_backward (FacenetTrainable * self,
    const gfloat * gradient);

/* In the order of the network, a layer's weights before its bias. */
guint facenet_trainable_get_n_parameters (const FacenetTrainable * self);
const FacenetParameter *facenet_trainable_get_parameter (const FacenetTrainable
    * self, guint index);

/* Threads that work: a few faces go through together, so there may be fewer
 * than were asked for. */
guint facenet_trainable_get_n_threads (const FacenetTrainable * self);

/* Floats of memory, for all that grows with batch and threads. */
gsize facenet_trainable_get_size (const FacenetTrainable * self);

/* The weights as they are now, with the metadata of the file but its id; they
 * belong to self. facenet_model_new() makes a model of them. */
FacenetWeights *facenet_trainable_get_weights (FacenetTrainable * self);

/* Writes them as a model file with network, name, preprocess and the id of
 * these values. The errors of facenet_model_new() and
 * facenet_weights_save(): not finite any more is FORMAT. */
gboolean facenet_trainable_save (FacenetTrainable * self,
    const gchar * location, GError ** error);

G_END_DECLS
