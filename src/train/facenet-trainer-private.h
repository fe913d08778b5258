/* facenet-trainer-private.h - a model in training
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "base/facenet-pool-private.h"
#include "train/facenet-augment-private.h"
#include "train/facenet-optimizer-private.h"
#include "train/facenet-pictures-private.h"
#include "train/facenet-sampler-private.h"
#include "train/facenet-trainable-private.h"

#include "train/facenet-trainer.h"

G_BEGIN_DECLS

#define FACENET_TRAINER_DIMS 128        /* of an embedding */

/* What a resumed run goes on with, besides weights and optimizer. */
typedef struct {
  guint64 n_steps;              /* that were made */
  gdouble loss;                 /* sums over the steps of this epoch */
  gdouble active;
  gint best;                    /* index of an epoch, -1 for none */
} FacenetProgress;

struct _FacenetTrainer {
  FacenetTrainerOptions options;
  gchar *from;                  /* that options point to */
  gchar *model_id;              /* of the model that went in */
  FacenetTrainable *trainable;
  FacenetPictures *pictures;
  gchar *pictures_id;
  FacenetPool *pool;
  FacenetAugment augment, degrade;

  /* From facenet_trainer_begin() on. */
  FacenetTrainerCounts counts;
  gboolean *held_out;           /* [photos] */
  FacenetSampler *sampler;
  FacenetScheduleOptions schedule;
  FacenetOptimizerRun *optimizer;
  GArray *measured;             /* of guint: held-out photos to measure with */
  guint *drawn;                 /* [batch]: photos of a step, */
  guint *labels;                /* [batch]: who they show, */
  gfloat *faces;                /* [batch,3,96,96]: changed, */
  gfloat *gradient;             /* [batch,128] */

  FacenetProgress progress;
  GArray *epochs;               /* of FacenetTrainerEpoch */
  FacenetTrainerScore before;
  gfloat **best_values;         /* [parameters], those of the best epoch; NULL
                                 * while there is none */
};

/* Measures the model as it is now. */
void facenet_trainer_measure (FacenetTrainer * self,
    FacenetTrainerScore * score);

/* Which held-out photos to measure with; (transfer full). */
GArray *facenet_trainer_choose_measured (const FacenetTrainer * self);

/* Whether a score is better than another one: a larger AUC or, when pairs are
 * no worse in order, a larger separation. */
gboolean facenet_trainer_is_better (const FacenetTrainerScore * score,
    const FacenetTrainerScore * other);

/* Keeps the values of the parameters as those of the best epoch. */
void facenet_trainer_keep_best (FacenetTrainer * self);

G_END_DECLS
