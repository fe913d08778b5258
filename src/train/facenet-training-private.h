/* facenet-training-private.h - what a trainable network is made of
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The faces of a pass are cut into chunks, by their number alone; one thread
 * takes a chunk through all steps. Maps that the way back needs are kept per
 * chunk, all others lie in memory of the thread. Each chunk has weight
 * gradients of its own, which are added in the order of the chunks: so the
 * result does not depend on the number of threads.
 */
#pragma once

#include "base/facenet-pool-private.h"
#include "network/facenet-plan-private.h"
#include "train/facenet-columns-private.h"
#include "train/facenet-prefix-private.h"
#include "train/facenet-trainable-private.h"

G_BEGIN_DECLS

#define FACENET_TRAINING_CHUNKS 8       /* most of a pass */
#define FACENET_TRAINING_FACES 4        /* of a chunk, when there are enough */

/* A step of the plan and what training adds to it. */
typedef struct {
  const FacenetStep *step;
  gboolean trained;             /* the way back goes through it, */
  gboolean gives;               /* on to its input, */
  gboolean adds;                /* where a later step has been already */

  /* Of steps with weights, unless the prefix has them: */
  FacenetGeometry window;
  const gfloat *raw_weights, *raw_bias; /* in the tensors of the file */
  gdouble *scale, *shift;       /* [oc] of the batch norm, NULL without:
                                 * scale (y - mean) + beta is scale y + shift */
  gfloat *weights, *bias;       /* with it folded in */
  guint parameter;              /* of the weights; the bias is the next */
  gsize sums;                   /* offset of the weights' gradient in those of
                                 * a chunk; the bias's follows */
} FacenetTrainingStep;

/* Memory of a thread. */
typedef struct {
  gfloat *maps;                 /* of steps that are not trained */
  FacenetPrefixMemory prefix;   /* or of their program */
  gfloat *gradients;            /* of maps */
  gfloat *scratch;              /* columns, or sums of squares */
} FacenetTrainingWorker;

struct _FacenetTrainable {
  FacenetWeights *weights;
  FacenetPlan *plan;
  FacenetPool *pool;
  guint max_batch;
  guint n_threads;
  guint n_steps;
  FacenetTrainingStep *steps;   /* [n_steps] */
  guint first_trained;          /* index of a step */
  FacenetPrefix *prefix;        /* does the steps before it, or NULL */
  GArray *parameters;           /* of FacenetParameter */
  GPtrArray *names;             /* of theirs, owned */

  gboolean *kept;               /* [n_slots] */
  FacenetSlot *maps;            /* [n_slots], of one face: in a chunk's memory
                                 * when kept, else in a worker's */
  FacenetSlot *gradients;       /* [n_slots], of one face, in a worker's */
  gsize kept_floats, maps_floats, gradient_floats;      /* of one face */
  gsize sums_floats;            /* of one chunk */
  gsize scratch_floats;         /* of a worker */
  gsize size;                   /* floats of all that follows */

  gfloat *folded;               /* all weights and biases of steps */
  gfloat *kept_memory;          /* [max_batch, kept_floats] */
  gfloat *sums;                 /* [chunks, sums_floats] */
  gfloat *parameter_gradients;  /* of all parameters */
  gfloat *embeddings;           /* [max_batch, n_dims] */
  FacenetTrainingWorker *workers;       /* [n_threads] */
  gdouble *norms;               /* scale and shift of all steps */

  guint n;                      /* faces of the last forward() */
  const gfloat *images;         /* during forward() */
  const gfloat *gradient;       /* during backward() */
};

/* Faces of each chunk but the last for n faces. */
static inline guint
facenet_training_chunk_faces (guint n)
{
  return MAX (FACENET_TRAINING_FACES, (n + FACENET_TRAINING_CHUNKS - 1) /
      FACENET_TRAINING_CHUNKS);
}

static inline guint
facenet_training_n_chunks (guint n)
{
  guint faces = facenet_training_chunk_faces (n);

  return (n + faces - 1) / faces;
}

/* facenet_trainable_new() for a network of any table; options->network is not
 * looked at. */
FacenetTrainable *facenet_trainable_new_from_table (FacenetWeights * weights,
    const FacenetNetwork * network, const FacenetTrainableOptions * options,
    GError ** error);

/* Works out steps, maps and sizes from the plan; first_trained is set. */
void facenet_training_plan (FacenetTrainable * self);

/* Allocates what was planned and links it. */
void facenet_training_alloc (FacenetTrainable * self);

/* Folds the batch norm into the weights of one step. */
void facenet_training_fold (const FacenetTrainingStep * step);

/* Adds up what the chunks say of the weights of one step. */
void facenet_training_sum (const FacenetTrainable * self,
    const FacenetTrainingStep * step);

/* A chunk on its way; part of the pass. */
typedef struct {
  const FacenetTrainable *self;
  const FacenetTrainingWorker *worker;
  guint copy;                   /* of BLAS */
  guint first, n_faces;         /* of the pass */
  gfloat *sums;                 /* of the chunk */
} FacenetTrainingChunk;

void facenet_training_forward (const FacenetTrainingChunk * chunk);
void facenet_training_backward (const FacenetTrainingChunk * chunk);

G_END_DECLS
