/* facenet-trainer-step.c - one step of training, and the end of an epoch
 * SPDX-License-Identifier: LGPL-2.1-or-later
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
#include "train/facenet-seed-private.h"

#include <math.h>
#include <string.h>

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
        "step %" G_GUINT64_FORMAT ": the loss is %g, wants a finite one: the "
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
 * facenet_trainer_end_epoch:
 * @self: a trainer whose epoch is over
 *
 * Measures the model on what is held out, and keeps it when it is better than
 * the one that went in and than all epochs before.
 *
 * Returns: whether it was kept
 */
gboolean
facenet_trainer_end_epoch (FacenetTrainer * self)
{
  FacenetProgress *progress = &self->progress;
  const FacenetTrainerScore *rival = &self->before;
  FacenetTrainerEpoch epoch;
  gboolean better;

  g_return_val_if_fail (facenet_trainer_is_epoch_over (self), FALSE);

  memset (&epoch, 0, sizeof epoch);
  epoch.loss = progress->loss / self->counts.steps_per_epoch;
  epoch.active = progress->active / self->counts.steps_per_epoch;
  epoch.learning_rate = facenet_schedule_get_rate (&self->schedule,
      progress->n_steps - 1);
  facenet_trainer_measure (self, &epoch.score);
  if (progress->best >= 0)
    rival = &g_array_index (self->epochs, FacenetTrainerEpoch,
        progress->best).score;
  better = facenet_trainer_is_better (&epoch.score, rival);
  if (better) {
    progress->best = (gint) self->epochs->len;
    facenet_trainer_keep_best (self);
  }
  g_array_append_val (self->epochs, epoch);
  progress->loss = progress->active = 0.0;
  return better;
}
