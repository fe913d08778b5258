/* facenet-trainer.c - makes a model better on the faces one has
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A step: P people with K photos each are drawn and changed a little, go
 * through the network, triplets among them are mined, and the gradient of
 * their mean loss changes the weights. At the end of an epoch the held-out
 * faces are measured, and the weights are kept when none were better.
 *
 * What a step draws follows from the seed and its number, so that runs with
 * other threads and runs that were interrupted come to the same weights.
 *
 * The loss that is learnt from is the mean over the mined triplets, so that
 * the learning rate means the same for every mining and batch. The loss that
 * is told is the mean over all triplets of the batch, whatever is mined: that
 * of semi-hard ones alone hardly falls, as only hard ones are counted.
 */
#include "train/facenet-trainer-private.h"

#include <facenet/facenet-model.h>

#include <math.h>
#include <string.h>

/* Part of the run in which the learning rate grows. */
#define WARM_UP 20

/**
 * facenet_trainer_options_init:
 * @options: (out caller-allocates): options to fill in
 *
 * Fills in values that do well on a few photos of a few people.
 */
void
facenet_trainer_options_init (FacenetTrainerOptions * options)
{
  memset (options, 0, sizeof *options);
  options->from = "inception_4e";
  options->n_people = 8;
  options->n_photos = 4;
  options->n_epochs = 20;
  options->optimizer = FACENET_OPTIMIZER_ADAM;
  options->schedule = FACENET_SCHEDULE_COSINE;
  options->learning_rate = 3e-4;
  options->momentum = 0.9;
  options->alpha = FACENET_TRIPLET_ALPHA;
  options->mining = FACENET_TRIPLET_MINING_BATCH_ALL;
  options->augmentation = 1.0;
  options->validation = 0.25;
  options->split = FACENET_SPLIT_PHOTOS;
  options->seed = 1;
}

static gboolean
check_number (const gchar * name, gdouble value, gdouble min, gdouble max,
    GError ** error)
{
  if (value >= min && value <= max)
    return TRUE;
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
      "%s: %g, expected %g to %g", name, value, min, max);
  return FALSE;
}

static gboolean
check_options (const FacenetTrainerOptions * options, GError ** error)
{
  const gdouble most = FACENET_TRAINER_MAX_BATCH;

  return check_number ("people of a batch", options->n_people, 2, most / 2,
      error)
      && check_number ("photos of a person in a batch", options->n_photos, 2,
      floor (most / options->n_people), error)
      && check_number ("epochs", options->n_epochs, 1, 100000, error)
      && check_number ("learning rate", options->learning_rate, 1e-12, 1, error)
      && check_number ("momentum", options->momentum, 0, 0.9999, error)
      && check_number ("weight decay", options->weight_decay, 0, 1, error)
      && check_number ("margin", options->alpha, 0, 4, error)
      && check_number ("augmentation", options->augmentation, 0, 2, error)
      && check_number ("validation", options->validation, 0.01, 0.9, error);
}

/* Loads the model to start from and makes it trainable. */
static gboolean
load_model (FacenetTrainer * self, const gchar * location,
    const gchar * network, GError ** error)
{
  g_autoptr (FacenetModel) model =
      facenet_model_load (location, network, error);
  FacenetTrainableOptions options = { network, self->from,
    self->options.n_people * self->options.n_photos, self->options.n_threads
  };
  FacenetWeights *weights;

  if (model == NULL)
    return FALSE;
  weights = facenet_weights_load (facenet_model_get_location (model), error);
  if (weights == NULL)
    return FALSE;
  self->model_id = g_strdup (facenet_model_get_id (model));
  self->trainable = facenet_trainable_new (weights, &options, error);
  return self->trainable != NULL;
}

/**
 * facenet_trainer_new:
 * @location: (nullable): model to start from, any that facenet_model_load()
 *   reads; %NULL for the one that facenet_model_find_default() gives
 * @network: (nullable): network of that file, whatever it says itself
 * @options: how to train; what it points to is copied
 * @error: return location for an error
 *
 * Loads a model to train. Photos are added to it next.
 *
 * Errors: those of facenet_model_load(); %FACENET_ERROR_LIMIT for an option
 * that is out of its range; %FACENET_ERROR_MISMATCH when there is no block of
 * the name in @options.
 *
 * Returns: (transfer full) (nullable): a trainer
 */
FacenetTrainer *
facenet_trainer_new (const gchar * location, const gchar * network,
    const FacenetTrainerOptions * options, GError ** error)
{
  g_autoptr (FacenetTrainer) self = NULL;

  g_return_val_if_fail (options != NULL, NULL);

  if (!check_options (options, error))
    return NULL;
  self = g_new0 (FacenetTrainer, 1);
  self->options = *options;
  self->options.from = self->from = g_strdup (options->from);
  self->progress.best = -1;
  self->pictures = facenet_pictures_new ();
  self->epochs = g_array_new (FALSE, TRUE, sizeof (FacenetTrainerEpoch));
  facenet_augment_init (&self->augment, options->augmentation);
  facenet_augment_init (&self->degrade, 1.0);
  self->pool = facenet_pool_new (options->n_threads);
  return load_model (self, location, network, error)
      ? g_steal_pointer (&self) : NULL;
}

static void
free_best (FacenetTrainer * self)
{
  if (self->best_values == NULL)
    return;
  for (guint i = 0;
      i < facenet_trainable_get_n_parameters (self->trainable); i++)
    g_free (self->best_values[i]);
  g_clear_pointer (&self->best_values, g_free);
}

/**
 * facenet_trainer_free:
 * @self: (nullable) (transfer full): a trainer
 *
 * Frees a trainer and the photos in it.
 */
void
facenet_trainer_free (FacenetTrainer * self)
{
  if (self == NULL)
    return;
  free_best (self);
  g_clear_pointer (&self->trainable, facenet_trainable_free);
  g_clear_pointer (&self->pictures, facenet_pictures_free);
  g_clear_pointer (&self->pool, facenet_pool_free);
  g_clear_pointer (&self->sampler, facenet_sampler_free);
  g_clear_pointer (&self->optimizer, facenet_optimizer_free);
  g_clear_pointer (&self->measured, g_array_unref);
  g_clear_pointer (&self->epochs, g_array_unref);
  g_free (self->from);
  g_free (self->model_id);
  g_free (self->pictures_id);
  g_free (self->held_out);
  g_free (self->drawn);
  g_free (self->labels);
  g_free (self->faces);
  g_free (self->gradient);
  g_free (self);
}

/**
 * facenet_trainer_add:
 * @self: a trainer, before facenet_trainer_begin()
 * @person: whom the photo shows, any string
 * @image: the photo
 * @frame: where in it is what the network would see, see
 *   facenet_cropper_place_face()
 * @error: return location for an error
 *
 * Adds a photo; what is kept of it is the frame with an eighth more on each
 * side.
 *
 * Returns: %FALSE with %FACENET_ERROR_LIMIT beyond
 *   %FACENET_TRAINER_MAX_PHOTOS
 */
gboolean
facenet_trainer_add (FacenetTrainer * self, const gchar * person,
    const FacenetImage * image, const FacenetAffine * frame, GError ** error)
{
  g_return_val_if_fail (self != NULL && self->sampler == NULL, FALSE);
  g_return_val_if_fail (person != NULL && image != NULL, FALSE);
  g_return_val_if_fail (frame != NULL, FALSE);

  return facenet_pictures_add (self->pictures, person, image, frame, error);
}

static void
count_photos (FacenetTrainer * self, const FacenetLabels * labels)
{
  FacenetTrainerCounts *counts = &self->counts;
  g_autofree guint *n_of = g_new0 (guint, labels->n_people + 1);

  for (guint i = 0; i < labels->n_photos; i++) {
    n_of[labels->labels[i]]++;
    counts->n_held_out += self->held_out[i] != FALSE;
  }
  for (guint i = 0; i < labels->n_people; i++)
    counts->n_strangers += n_of[i] == 1;
  counts->n_people = facenet_sampler_get_n_people (self->sampler);
  counts->n_photos = facenet_sampler_get_n_photos (self->sampler);
  counts->steps_per_epoch = MAX (1, (counts->n_photos
          + facenet_sampler_get_batch (self->sampler) - 1)
      / MAX (1, facenet_sampler_get_batch (self->sampler)));
}

static void
begin_optimizer (FacenetTrainer * self)
{
  const guint n = facenet_trainable_get_n_parameters (self->trainable);
  g_autofree FacenetOptimizerTensor *tensors =
      g_new0 (FacenetOptimizerTensor, n);
  FacenetOptimizerOptions options = { self->options.optimizer,
    self->options.momentum, 0.999, 1e-8, self->options.weight_decay
  };

  for (guint i = 0; i < n; i++) {
    const FacenetParameter *parameter =
        facenet_trainable_get_parameter (self->trainable, i);

    tensors[i].n_values = parameter->n_values;
    tensors[i].values = parameter->values;
    tensors[i].gradient = parameter->gradient;
    /* Biases do not make a network complicated. */
    tensors[i].decays = g_str_has_suffix (parameter->name, "_w");
    self->counts.n_parameters += parameter->n_values;
  }
  self->optimizer = facenet_optimizer_new (&options, tensors, n);
}

static gboolean
check_photos (const FacenetTrainer * self, GError ** error)
{
  if (self->counts.n_people < 2) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "%u people with two photos or more to learn from, expected at least 2 "
        "beside those held out", self->counts.n_people);
    return FALSE;
  }
  if (self->before.n_same > 0 && self->before.n_different > 0)
    return TRUE;
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
      "%u held-out pairs of one person and %u of two, expected some of both: "
      "%s",
      self->before.n_same, self->before.n_different,
      self->options.split == FACENET_SPLIT_PEOPLE
      ? "holding out people needs four with two photos or more"
      : "holding out photos needs two people with four or more");
  return FALSE;
}

/**
 * facenet_trainer_begin:
 * @self: a trainer with photos
 * @error: return location for an error
 *
 * Decides which photos are held out and measures the model that went in. No
 * photo can be added afterwards. People with a single photo are strangers:
 * nothing is learnt from them, but held-out faces are compared with them.
 *
 * Returns: %FALSE with %FACENET_ERROR_MISSING when there are too few people
 *   or photos
 */
gboolean
facenet_trainer_begin (FacenetTrainer * self, GError ** error)
{
  const FacenetTrainerOptions *options = &self->options;
  FacenetLabels labels;
  guint batch;

  g_return_val_if_fail (self != NULL && self->sampler == NULL, FALSE);

  labels.labels = facenet_pictures_get_labels (self->pictures);
  labels.n_photos = facenet_pictures_get_n (self->pictures);
  labels.n_people = facenet_pictures_get_n_people (self->pictures);
  self->held_out = g_new0 (gboolean, labels.n_photos + 1);
  facenet_sampler_split (&labels, options->split, options->validation,
      options->seed, self->held_out);
  self->sampler = facenet_sampler_new (&labels, self->held_out,
      options->n_people, options->n_photos, options->seed);
  count_photos (self, &labels);
  begin_optimizer (self);
  self->schedule.rate = options->learning_rate;
  self->schedule.kind = options->schedule;
  self->schedule.n_steps =
      (guint64) options->n_epochs * self->counts.steps_per_epoch;
  self->schedule.warm_up = self->schedule.n_steps / WARM_UP;

  batch = options->n_people * options->n_photos;
  self->drawn = g_new0 (guint, batch);
  self->labels = g_new0 (guint, batch);
  self->faces = g_new (gfloat, batch * FACENET_AUGMENT_FLOATS);
  self->gradient = g_new0 (gfloat, (gsize) batch * FACENET_TRAINER_DIMS);
  self->pictures_id = facenet_pictures_compute_id (self->pictures);
  self->measured = facenet_trainer_choose_measured (self);
  if (self->counts.n_people >= 2)
    facenet_trainer_measure (self, &self->before);
  return check_photos (self, error);
}

/**
 * facenet_trainer_get_counts:
 * @self: a trainer that has begun
 * @counts: (out caller-allocates): what there is to train with
 */
void
facenet_trainer_get_counts (const FacenetTrainer * self,
    FacenetTrainerCounts * counts)
{
  *counts = self->counts;
}

/**
 * facenet_trainer_get_before:
 * @self: a trainer that has begun
 *
 * Returns: (transfer none): the score of the model that went in
 */
const FacenetTrainerScore *
facenet_trainer_get_before (const FacenetTrainer * self)
{
  return &self->before;
}

/**
 * facenet_trainer_get_n_steps:
 * @self: a trainer
 *
 * Returns: how many steps were made, those of a checkpoint included
 */
guint64
facenet_trainer_get_n_steps (const FacenetTrainer * self)
{
  return self->progress.n_steps;
}

/**
 * facenet_trainer_is_epoch_over:
 * @self: a trainer that has begun
 *
 * Returns: whether facenet_trainer_end_epoch() comes next, not a step
 */
gboolean
facenet_trainer_is_epoch_over (const FacenetTrainer * self)
{
  return self->progress.n_steps >=
      (guint64) (self->epochs->len + 1) * self->counts.steps_per_epoch;
}

/**
 * facenet_trainer_get_epochs:
 * @self: a trainer
 * @n_epochs: (out): how many have ended
 *
 * Returns: (transfer none) (array length=n_epochs): what came of each, valid
 *   until the next ends
 */
const FacenetTrainerEpoch *
facenet_trainer_get_epochs (const FacenetTrainer * self, guint * n_epochs)
{
  *n_epochs = self->epochs->len;
  return (gconstpointer) self->epochs->data;
}

/**
 * facenet_trainer_get_best:
 * @self: a trainer
 *
 * Returns: index of the epoch with the best score, of those that are better
 *   than the model that went in; -1 while there is none
 */
gint
facenet_trainer_get_best (const FacenetTrainer * self)
{
  return self->progress.best;
}

void
facenet_trainer_keep_best (FacenetTrainer * self)
{
  const guint n = facenet_trainable_get_n_parameters (self->trainable);

  free_best (self);
  self->best_values = g_new0 (gfloat *, n);
  for (guint i = 0; i < n; i++) {
    const FacenetParameter *parameter =
        facenet_trainable_get_parameter (self->trainable, i);

    self->best_values[i] = g_memdup2 (parameter->values,
        parameter->n_values * sizeof (gfloat));
  }
}

static void
make_face (gpointer data, guint index, guint worker)
{
  FacenetTrainer *self = data;
  g_autoptr (GRand) rand = facenet_seed_rand (self->options.seed,
      FACENET_SEED_AUGMENT, self->progress.n_steps, index);

  facenet_augment_apply (&self->augment,
      facenet_pictures_get (self->pictures, self->drawn[index]), rand,
      self->faces + index * FACENET_AUGMENT_FLOATS);
}

static void
draw_batch (FacenetTrainer * self, guint n)
{
  const guint *labels = facenet_pictures_get_labels (self->pictures);

  facenet_sampler_draw (self->sampler, self->progress.n_steps, self->drawn);
  for (guint i = 0; i < n; i++)
    self->labels[i] = labels[self->drawn[i]];
  facenet_pool_run (self->pool, make_face, self, n);
}

/* Mean loss over all triplets, and the share of them that has one. */
static gdouble
tell_loss (const FacenetTripletBatch * batch, gdouble alpha, gdouble * active)
{
  g_autoptr (GArray) triplets = facenet_triplet_mine (batch,
      FACENET_TRIPLET_MINING_BATCH_ALL, alpha);
  const gdouble n = MAX (triplets->len, 1);
  guint n_active = 0;
  gdouble loss = facenet_triplet_loss (batch, triplets, alpha, NULL,
      &n_active);

  *active = n_active / n;
  return loss / n;
}

/* Changes the weights, unless no triplet was found. */
static void
learn (FacenetTrainer * self, const FacenetTripletBatch * batch)
{
  const FacenetTrainerOptions *options = &self->options;
  g_autoptr (GArray) triplets = facenet_triplet_mine (batch, options->mining,
      options->alpha);
  const gfloat scale = 1.0f / (gfloat) MAX (triplets->len, 1);

  if (triplets->len == 0)
    return;
  facenet_triplet_loss (batch, triplets, options->alpha, self->gradient, NULL);
  for (gsize i = 0; i < (gsize) batch->n * batch->n_dims; i++)
    self->gradient[i] *= scale;
  facenet_trainable_backward (self->trainable, self->gradient);
  facenet_optimizer_step (self->optimizer, self->progress.n_steps + 1,
      facenet_schedule_get_rate (&self->schedule, self->progress.n_steps));
}

/**
 * facenet_trainer_step:
 * @self: a trainer that has begun, whose epoch is not over
 * @loss: (out) (optional): mean loss over all triplets of the step
 * @error: return location for an error
 *
 * Learns from one batch.
 *
 * Returns: %FALSE with %FACENET_ERROR_LIMIT when the weights have grown beyond
 *   all bounds, because of a learning rate that is too high; what can be used
 *   then is the best epoch, or a checkpoint
 */
gboolean
facenet_trainer_step (FacenetTrainer * self, gdouble * loss, GError ** error)
{
  const guint n = facenet_sampler_get_batch (self->sampler);
  FacenetTripletBatch batch = { NULL, self->labels, n, FACENET_TRAINER_DIMS };
  gdouble told, active;

  g_return_val_if_fail (self->optimizer != NULL, FALSE);
  g_return_val_if_fail (!facenet_trainer_is_epoch_over (self), FALSE);

  draw_batch (self, n);
  batch.embeddings = facenet_trainable_forward (self->trainable, self->faces,
      n);
  told = tell_loss (&batch, self->options.alpha, &active);
  if (!isfinite (told)) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "step %" G_GUINT64_FORMAT ": the loss is %g, not finite: the "
        "learning rate of %g is too high", self->progress.n_steps + 1, told,
        self->options.learning_rate);
    return FALSE;
  }
  learn (self, &batch);
  self->progress.n_steps++;
  self->progress.loss += told;
  self->progress.active += active;
  if (loss != NULL)
    *loss = told;
  return TRUE;
}

/**
 * facenet_trainer_set_metadata:
 * @self: a trainer
 * @key: e.g. "training"
 * @value: (nullable): what the file says under @key, UTF-8; %NULL for nothing
 *
 * Says something about the model that facenet_trainer_save_model() writes.
 * Other metadata are those of the model that went in, and "lfw" may not be
 * true any more. The file's "network", "preprocess" and "id" follow from the
 * model.
 */
void
facenet_trainer_set_metadata (FacenetTrainer * self, const gchar * key,
    const gchar * value)
{
  g_return_if_fail (self != NULL && key != NULL);

  facenet_weights_set_metadata (facenet_trainable_get_weights
      (self->trainable), key, value);
}

/* Exchanges the weights that are trained with those of the best epoch. */
static void
exchange_best (FacenetTrainer * self)
{
  for (guint i = 0;
      i < facenet_trainable_get_n_parameters (self->trainable); i++) {
    const FacenetParameter *parameter =
        facenet_trainable_get_parameter (self->trainable, i);

    for (gsize k = 0; k < parameter->n_values; k++) {
      const gfloat value = parameter->values[k];

      parameter->values[k] = self->best_values[i][k];
      self->best_values[i][k] = value;
    }
  }
}

/**
 * facenet_trainer_save_model:
 * @self: a trainer
 * @location: the safetensors file to write
 * @error: return location for an error
 *
 * Writes the model of the best epoch. A file that was there is replaced whole
 * or not at all.
 *
 * Errors: %FACENET_ERROR_MISSING when no epoch is better than the model that
 * went in; %FACENET_ERROR_OPEN when the file cannot be written.
 *
 * Returns: whether it was written
 */
gboolean
facenet_trainer_save_model (FacenetTrainer * self, const gchar * location,
    GError ** error)
{
  gboolean written;

  g_return_val_if_fail (self != NULL && location != NULL, FALSE);

  if (self->best_values == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "%s: not written: no epoch is better than the model that went in",
        location);
    return FALSE;
  }
  exchange_best (self);
  written = facenet_trainable_save (self->trainable, location, error);
  exchange_best (self);
  return written;
}
