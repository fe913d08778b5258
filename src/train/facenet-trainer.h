/* facenet-trainer.h - makes a model better on the faces one has
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Fine-tuning with the triplet loss: photographs of people go in, a part of
 * them is held out, and of the models that training passes through the one
 * that tells the held-out faces apart best comes out, if it does so better
 * than the one that went in.
 */
#pragma once

#include <facenet/facenet-error.h>
#include <facenet/facenet-cropper.h>
#include "train/facenet-triplet.h"

G_BEGIN_DECLS

/**
 * FacenetOptimizer:
 * @FACENET_OPTIMIZER_ADAM: Adam (Kingma and Ba 2015)
 * @FACENET_OPTIMIZER_SGD: stochastic gradient descent with momentum
 *
 * How gradients change the weights.
 */
typedef enum {
  FACENET_OPTIMIZER_ADAM,
  FACENET_OPTIMIZER_SGD
} FacenetOptimizer;

/**
 * FacenetSchedule:
 * @FACENET_SCHEDULE_COSINE: falls to 0 as half a cosine does
 * @FACENET_SCHEDULE_STEP: is divided by ten after each third of the run
 * @FACENET_SCHEDULE_CONSTANT: stays
 *
 * How the learning rate changes behind the warm-up, which is the first
 * twentieth of the run.
 */
typedef enum {
  FACENET_SCHEDULE_COSINE,
  FACENET_SCHEDULE_STEP,
  FACENET_SCHEDULE_CONSTANT
} FacenetSchedule;

/**
 * FacenetTrainerSplit:
 * @FACENET_SPLIT_PHOTOS: photos of everybody who has four or more: says how
 *   well these people are recognised on other photos
 * @FACENET_SPLIT_PEOPLE: some people altogether: says how well people are
 *   told apart whom training has not seen
 *
 * What is held out to measure with.
 */
typedef enum {
  FACENET_SPLIT_PHOTOS,
  FACENET_SPLIT_PEOPLE
} FacenetTrainerSplit;

/**
 * FacenetTrainerOptions:
 * @from: (nullable): first block that is trained, e.g. "inception_4e"; those
 *   before it stay as they are; %NULL trains all
 * @n_people: people of a step, 2 or more
 * @n_photos: photos of each of them, 2 or more; @n_people times @n_photos is
 *   at most %FACENET_TRAINER_MAX_BATCH
 * @n_epochs: how often to go through the photos, 1 or more
 * @optimizer: how gradients change the weights
 * @schedule: how the learning rate changes
 * @learning_rate: the highest learning rate, in (0,1]
 * @momentum: of the optimizer, in [0,1)
 * @weight_decay: how strongly weights are pulled towards 0, in [0,1]
 * @alpha: margin of the loss, in [0,4]
 * @mining: which triplets of a step to learn from
 * @augmentation: how much photos are changed, in [0,2]; 0 not at all, 1 as
 *   much as cameras and detectors differ
 * @validation: the part that is held out, in [0.01,0.9]
 * @split: what is held out
 * @seed: of all that is left to chance
 * @n_threads: 0 = one per core; changes no result
 *
 * How to train. facenet_trainer_options_init() fills in what does well.
 */
typedef struct {
  const gchar *from;
  guint n_people;
  guint n_photos;
  guint n_epochs;
  FacenetOptimizer optimizer;
  FacenetSchedule schedule;
  gdouble learning_rate;
  gdouble momentum;
  gdouble weight_decay;
  gdouble alpha;
  FacenetTripletMining mining;
  gdouble augmentation;
  gdouble validation;
  FacenetTrainerSplit split;
  guint32 seed;
  guint n_threads;
} FacenetTrainerOptions;

/**
 * FACENET_TRAINER_MAX_BATCH:
 *
 * The most photos of a step.
 */
#define FACENET_TRAINER_MAX_BATCH 512

/**
 * FACENET_TRAINER_MAX_PHOTOS:
 *
 * The most photos a trainer takes; each is kept in 43,200 bytes.
 */
#define FACENET_TRAINER_MAX_PHOTOS 100000

/**
 * FacenetTrainerCounts:
 * @n_people: people that are learnt from
 * @n_photos: photos of them
 * @n_held_out: photos that are held out
 * @n_strangers: of these, photos of people of whom there is only one
 * @steps_per_epoch: steps that go through the photos once
 * @n_parameters: numbers that are trained
 *
 * What there is to train with.
 */
typedef struct {
  guint n_people;
  guint n_photos;
  guint n_held_out;
  guint n_strangers;
  guint steps_per_epoch;
  guint64 n_parameters;
} FacenetTrainerCounts;

/**
 * FacenetTrainerScore:
 * @n_same: held-out pairs of one person, none of a photo with itself
 * @n_different: held-out pairs of two people
 * @auc: chance that a pair of one person is nearer than one of two people
 * @accuracy: share of the pairs of one person that are accepted and share of
 *   those of two that are refused, at the threshold where both are the same: 1
 *   less the equal error rate
 * @threshold: that threshold, squared L2
 * @mean_same: mean squared L2 of pairs of one person
 * @mean_different: mean squared L2 of pairs of two people
 * @separation: the difference of the two means over the root of the mean of
 *   the two variances (Daugman's decidability d')
 *
 * How well held-out faces are told apart: every held-out photo as it is and in
 * two versions as a worse camera would have taken it.
 */
typedef struct {
  guint n_same;
  guint n_different;
  gdouble auc;
  gdouble accuracy;
  gdouble threshold;
  gdouble mean_same;
  gdouble mean_different;
  gdouble separation;
} FacenetTrainerScore;

/**
 * FacenetTrainerEpoch:
 * @loss: mean over the triplets of its batches, those without loss included
 * @active: share of the triplets that had a loss
 * @learning_rate: of its last step
 * @score: of the held-out faces at its end
 *
 * What came of one epoch.
 */
typedef struct {
  gdouble loss;
  gdouble active;
  gdouble learning_rate;
  FacenetTrainerScore score;
} FacenetTrainerEpoch;

/**
 * FacenetTrainer:
 *
 * A model in training, and what it is trained with. Not thread-safe.
 */
typedef struct _FacenetTrainer FacenetTrainer;

void facenet_trainer_options_init (FacenetTrainerOptions * options);
FacenetTrainer *facenet_trainer_new (const gchar * location,
    const gchar * network, const FacenetTrainerOptions * options,
    GError ** error);
void facenet_trainer_free (FacenetTrainer * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetTrainer, facenet_trainer_free)

gboolean facenet_trainer_add (FacenetTrainer * self, const gchar * person,
    const FacenetImage * image, const FacenetAffine * frame, GError ** error);
gboolean facenet_trainer_begin (FacenetTrainer * self, GError ** error);
void facenet_trainer_get_counts (const FacenetTrainer * self,
    FacenetTrainerCounts * counts);
const FacenetTrainerScore *facenet_trainer_get_before (
    const FacenetTrainer * self);

gboolean facenet_trainer_step (FacenetTrainer * self, gdouble * loss,
    GError ** error);
guint64 facenet_trainer_get_n_steps (const FacenetTrainer * self);
gboolean facenet_trainer_is_epoch_over (const FacenetTrainer * self);
gboolean facenet_trainer_end_epoch (FacenetTrainer * self);
const FacenetTrainerEpoch *facenet_trainer_get_epochs (
    const FacenetTrainer * self, guint * n_epochs);
gint facenet_trainer_get_best (const FacenetTrainer * self);

gboolean facenet_trainer_save_checkpoint (FacenetTrainer * self,
    const gchar * location, GError ** error);
gboolean facenet_trainer_load_checkpoint (FacenetTrainer * self,
    const gchar * location, GError ** error);
void facenet_trainer_set_metadata (FacenetTrainer * self, const gchar * key,
    const gchar * value);
gboolean facenet_trainer_save_model (FacenetTrainer * self,
    const gchar * location, GError ** error);

G_END_DECLS
