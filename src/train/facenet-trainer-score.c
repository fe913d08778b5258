/* facenet-trainer-score.c - held-out faces at the end of an epoch
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Every held-out photo is embedded as it is and in two versions that a worse
 * camera would have taken, always the same ones: on clean photos a good model
 * makes no mistakes that could become fewer. All pairs of different photos are
 * compared. d' = (m_d - m_s) / sqrt ((v_d + v_s) / 2), Daugman 2000.
 */
#include "train/facenet-trainer-private.h"

#include "analysis/facenet-verification.h"

#include <facenet/facenet-metric.h>

#include <math.h>
#include <string.h>

/* Versions of a photo, the photo itself included. */
#define N_VERSIONS 3
/* The most photos that are measured with: their pairs grow with the square. */
#define MAX_MEASURED 600
/* Of AUC, below which two models order pairs alike. */
#define SAME_AUC 1e-6

GArray *
facenet_trainer_choose_measured (const FacenetTrainer * self)
{
  const guint *labels = facenet_pictures_get_labels (self->pictures);
  const guint n_people = facenet_pictures_get_n_people (self->pictures);
  g_autoptr (GRand) rand = facenet_seed_rand (self->options.seed,
      FACENET_SEED_SPLIT, 0, 2);
  g_autofree guint *people = g_new (guint, n_people + 1);
  GArray *measured = g_array_new (FALSE, FALSE, sizeof (guint));

  /* All of some people rather than one of each: pairs want two. */
  for (guint i = 0; i < n_people; i++)
    people[i] = i;
  facenet_seed_shuffle (rand, people, n_people);
  for (guint i = 0; i < n_people && measured->len < MAX_MEASURED; i++) {
    for (guint k = 0; k < facenet_pictures_get_n (self->pictures)
        && measured->len < MAX_MEASURED; k++) {
      if (labels[k] == people[i] && self->held_out[k])
        g_array_append_val (measured, k);
    }
  }
  return measured;
}

/* One chunk of the faces to measure: index first + i is photo
 * (first + i) / N_VERSIONS in version (first + i) % N_VERSIONS. */
typedef struct
{
  FacenetTrainer *trainer;
  guint first;
} Chunk;

static void
make_version (gpointer data, guint index, guint worker)
{
  const Chunk *chunk = data;
  FacenetTrainer *self = chunk->trainer;
  const guint which = chunk->first + index;
  const guint photo = g_array_index (self->measured, guint,
      which / N_VERSIONS);
  const guint8 *picture = facenet_pictures_get (self->pictures, photo);
  gfloat *face = self->faces + index * FACENET_AUGMENT_FLOATS;
  g_autoptr (GRand) rand = facenet_seed_rand (self->options.seed,
      FACENET_SEED_DEGRADE, photo, which % N_VERSIONS);
  FacenetAugment none;

  facenet_augment_init (&none, 0.0);
  facenet_augment_apply (which % N_VERSIONS == 0 ? &none : &self->degrade,
      picture, rand, face);
}

/* [n,128]; (transfer full) */
static gfloat *
embed_measured (FacenetTrainer * self, guint n)
{
  const guint batch = self->options.n_people * self->options.n_photos;
  gfloat *embeddings = g_new (gfloat, (gsize) n * FACENET_TRAINER_DIMS + 1);
  Chunk chunk = { self, 0 };

  for (; chunk.first < n; chunk.first += batch) {
    const guint m = MIN (batch, n - chunk.first);
    const gfloat *vectors;

    facenet_pool_run (self->pool, make_version, &chunk, m);
    vectors = facenet_trainable_forward (self->trainable, self->faces, m);
    memcpy (embeddings + (gsize) chunk.first * FACENET_TRAINER_DIMS, vectors,
        (gsize) m * FACENET_TRAINER_DIMS * sizeof *vectors);
  }
  return embeddings;
}

/* All pairs of different photos; (transfer full) (element-type FacenetPair) */
static GArray *
list_pairs (FacenetTrainer * self)
{
  const guint n = self->measured->len * N_VERSIONS;
  const guint *labels = facenet_pictures_get_labels (self->pictures);
  const guint *photos = (gconstpointer) self->measured->data;
  g_autofree gfloat *embeddings = embed_measured (self, n);
  GArray *pairs = g_array_new (FALSE, TRUE, sizeof (FacenetPair));

  for (guint i = 0; i < n; i++) {
    const guint photo = photos[i / N_VERSIONS];

    for (guint k = (i / N_VERSIONS + 1) * N_VERSIONS; k < n; k++) {
      FacenetPair pair = { 0.0, FALSE, 0 };

      pair.same = labels[photos[k / N_VERSIONS]] == labels[photo];
      pair.distance = facenet_squared_l2 (embeddings
          + (gsize) i * FACENET_TRAINER_DIMS,
          embeddings + (gsize) k * FACENET_TRAINER_DIMS, FACENET_TRAINER_DIMS);
      g_array_append_val (pairs, pair);
    }
  }
  return pairs;
}

/* Mean and variance of the pairs of one kind. */
static guint
describe (const GArray * pairs, gboolean same, gdouble * mean,
    gdouble * variance)
{
  gdouble sum = 0.0, squares = 0.0;
  guint n = 0;

  for (guint i = 0; i < pairs->len; i++) {
    const FacenetPair *pair = &g_array_index (pairs, FacenetPair, i);

    if (pair->same != same)
      continue;
    n++;
    sum += pair->distance;
    squares += pair->distance * pair->distance;
  }
  *mean = n > 0 ? sum / n : 0.0;
  *variance = n > 0 ? MAX (squares / n - *mean * *mean, 0.0) : 0.0;
  return n;
}

void
facenet_trainer_measure (FacenetTrainer * self, FacenetTrainerScore * score)
{
  g_autoptr (GArray) pairs = list_pairs (self);
  g_autoptr (FacenetVerification) verification = NULL;
  gdouble variance_same, variance_different;

  memset (score, 0, sizeof *score);
  score->n_same = describe (pairs, TRUE, &score->mean_same, &variance_same);
  score->n_different = describe (pairs, FALSE, &score->mean_different,
      &variance_different);
  if (score->n_same == 0 || score->n_different == 0)
    return;
  verification = facenet_verification_new ((gconstpointer) pairs->data,
      pairs->len);
  score->auc = facenet_verification_get_auc (verification);
  score->accuracy = 1.0 - facenet_verification_get_eer (verification,
      &score->threshold);
  score->separation = (score->mean_different - score->mean_same)
      / sqrt (MAX (0.5 * (variance_same + variance_different), 1e-12));
}

gboolean
facenet_trainer_is_better (const FacenetTrainerScore * score,
    const FacenetTrainerScore * other)
{
  if (fabs (score->auc - other->auc) > SAME_AUC)
    return score->auc > other->auc;
  return score->separation > other->separation;
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
