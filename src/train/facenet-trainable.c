/* facenet-trainable.c - a network whose weights can be trained
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Builds one from weights, hands its passes to threads, and gives the weights
 * out again. The network's table decides the steps; see
 * facenet-training-private.h for how the work is cut.
 */
#include "train/facenet-training-private.h"

#include "kernels/facenet-gemm-private.h"
#include "network/facenet-fold-private.h"
#include "network/facenet-model-private.h"

#include <math.h>
#include <string.h>

/* The blocks that training may begin with, for an error message. */
static gchar *
list_blocks (const FacenetNetwork * network)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  for (guint i = 0; i < network->n_blocks; i++)
    if (network->blocks[i].kind == FACENET_BLOCK_CONV
        || network->blocks[i].kind == FACENET_BLOCK_INCEPTION
        || network->blocks[i].kind == FACENET_BLOCK_DENSE)
      g_strv_builder_add (names, network->blocks[i].name);
  list = g_strv_builder_end (names);
  return g_strjoinv (", ", list);
}

/* Whether a step of that block, or of one after it, has weights. */
static gboolean
find_first (FacenetTrainable * self, const gchar * from)
{
  const FacenetNetwork *network = self->plan->network;
  guint n_steps = self->plan->steps->len, block = 0;
  gboolean has_weights = FALSE;

  while (from != NULL && block < network->n_blocks
      && strcmp (network->blocks[block].name, from) != 0)
    block++;
  self->first_trained = n_steps;
  for (guint i = n_steps; i-- > 0;) {
    const FacenetStep *step = facenet_plan_get_step (self->plan, i);

    if (step->block < block)
      break;
    self->first_trained = i;
    has_weights |= step->weights != NULL;
  }
  return has_weights;
}

static gboolean
check_from (FacenetTrainable * self, const gchar * from, GError ** error)
{
  g_autofree gchar *blocks = NULL;

  if (find_first (self, from))
    return TRUE;
  blocks = list_blocks (self->plan->network);
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH,
      "%s: \"%s\" is not a block of %s to train from, expected one of %s",
      facenet_weights_get_location (self->weights), from,
      self->plan->network->name, blocks);
  return FALSE;
}

/* Weights, checked as a model's are. */
static gboolean
check_weights (FacenetTrainable * self, const FacenetNetwork * network,
    GError ** error)
{
  self->plan = facenet_plan_new (network);
  facenet_fold_shape (self->plan, self->weights);
  return facenet_fold_check (self->plan, self->weights, error);
}

static void
start_threads (FacenetTrainable * self, guint n_threads)
{
  if (n_threads == 0)
    n_threads = g_get_num_processors ();
  n_threads = MIN (n_threads, facenet_training_n_chunks (self->max_batch));
  /* Sets an environment variable for a moment: before there are threads. */
  if (n_threads > 1)
    facenet_gemm_open_copies (n_threads);
  self->pool = facenet_pool_new (n_threads);
  self->n_threads = facenet_pool_get_n_threads (self->pool);
}

FacenetTrainable *
facenet_trainable_new (FacenetWeights * weights,
    const FacenetTrainableOptions * options, GError ** error)
{
  const FacenetNetwork *network =
      facenet_model_find_network (weights, options->network,
      FACENET_TASK_EMBED, error);

  if (network == NULL) {
    facenet_weights_free (weights);
    return NULL;
  }
  return facenet_trainable_new_from_table (weights, network, options, error);
}

FacenetTrainable *
facenet_trainable_new_from_table (FacenetWeights * weights,
    const FacenetNetwork * network, const FacenetTrainableOptions * options,
    GError ** error)
{
  g_autoptr (FacenetTrainable) self = g_new0 (FacenetTrainable, 1);
  guint block;

  self->weights = weights;
  self->max_batch = MAX (options->max_batch, 1);
  self->parameters = g_array_new (FALSE, FALSE, sizeof (FacenetParameter));
  self->names = g_ptr_array_new_with_free_func (g_free);
  if (!facenet_gemm_open (error) || !check_weights (self, network, error)
      || !check_from (self, options->from, error))
    return NULL;
  facenet_weights_set_metadata (weights, "id", NULL);
  block = facenet_plan_get_step (self->plan, self->first_trained)->block;
  if (block > 0)
    self->prefix = facenet_prefix_new (network, block, weights);
  facenet_training_plan (self);
  start_threads (self, options->n_threads);
  facenet_training_alloc (self);
  return g_steal_pointer (&self);
}

void
facenet_trainable_free (FacenetTrainable * self)
{
  g_clear_pointer (&self->pool, facenet_pool_free);
  for (guint i = 0; self->workers != NULL && i < self->n_threads; i++) {
    facenet_arena_free (self->workers[i].maps);
    facenet_arena_free (self->workers[i].gradients);
    facenet_arena_free (self->workers[i].scratch);
    g_clear_pointer (&self->workers[i].prefix.arena, facenet_arena_free);
    g_clear_pointer (&self->workers[i].prefix.scratch, facenet_arena_free);
  }
  g_clear_pointer (&self->prefix, facenet_prefix_free);
  g_clear_pointer (&self->folded, facenet_arena_free);
  g_clear_pointer (&self->kept_memory, facenet_arena_free);
  g_clear_pointer (&self->sums, facenet_arena_free);
  g_clear_pointer (&self->parameter_gradients, facenet_arena_free);
  g_clear_pointer (&self->embeddings, facenet_arena_free);
  g_clear_pointer (&self->plan, facenet_plan_free);
  g_array_unref (self->parameters);
  g_ptr_array_unref (self->names);
  facenet_weights_free (self->weights);
  g_free (self->workers);
  g_free (self->norms);
  g_free (self->steps);
  g_free (self->kept);
  g_free (self->maps);
  g_free (self->gradients);
  g_free (self);
}

static FacenetTrainingChunk
make_chunk (const FacenetTrainable * self, guint index, guint worker)
{
  guint faces = facenet_training_chunk_faces (self->n);
  FacenetTrainingChunk chunk = { self, &self->workers[worker],
    self->n_threads > 1 ? worker : G_MAXUINT, index * faces,
    MIN (faces, self->n - index * faces),
    self->sums + index * self->sums_floats
  };

  return chunk;
}

static void
fold_task (gpointer data, guint task, guint worker)
{
  FacenetTrainable *self = data;
  const FacenetTrainingStep *step = &self->steps[self->first_trained + task];

  if (step->step->weights != NULL)
    facenet_training_fold (step);
}

static void
forward_task (gpointer data, guint task, guint worker)
{
  FacenetTrainingChunk chunk = make_chunk (data, task, worker);

  facenet_training_forward (&chunk);
}

static void
backward_task (gpointer data, guint task, guint worker)
{
  FacenetTrainingChunk chunk = make_chunk (data, task, worker);

  facenet_training_backward (&chunk);
}

static void
sum_task (gpointer data, guint task, guint worker)
{
  FacenetTrainable *self = data;
  const FacenetTrainingStep *step = &self->steps[self->first_trained + task];

  if (step->step->weights != NULL)
    facenet_training_sum (self, step);
}

const gfloat *
facenet_trainable_forward (FacenetTrainable * self, const gfloat * images,
    guint n)
{
  g_return_val_if_fail (n >= 1 && n <= self->max_batch, NULL);

  self->n = n;
  self->images = images;
  facenet_pool_run (self->pool, fold_task, self,
      self->n_steps - self->first_trained);
  facenet_pool_run (self->pool, forward_task, self,
      facenet_training_n_chunks (n));
  self->images = NULL;
  return self->embeddings;
}

void
facenet_trainable_backward (FacenetTrainable * self, const gfloat * gradient)
{
  g_return_if_fail (self->n > 0);

  self->gradient = gradient;
  facenet_pool_run (self->pool, backward_task, self,
      facenet_training_n_chunks (self->n));
  facenet_pool_run (self->pool, sum_task, self,
      self->n_steps - self->first_trained);
  self->gradient = NULL;
}

guint
facenet_trainable_get_n_parameters (const FacenetTrainable * self)
{
  return self->parameters->len;
}

const FacenetParameter *
facenet_trainable_get_parameter (const FacenetTrainable * self, guint index)
{
  g_return_val_if_fail (index < self->parameters->len, NULL);

  return &g_array_index (self->parameters, FacenetParameter, index);
}

guint
facenet_trainable_get_n_threads (const FacenetTrainable * self)
{
  return self->n_threads;
}

gsize
facenet_trainable_get_size (const FacenetTrainable * self)
{
  return self->size;
}

FacenetWeights *
facenet_trainable_get_weights (FacenetTrainable * self)
{
  return self->weights;
}

static gboolean
check_finite (const FacenetTrainable * self, const gchar * location,
    GError ** error)
{
  for (guint i = 0; i < self->parameters->len; i++) {
    const FacenetParameter *parameter =
        facenet_trainable_get_parameter (self, i);

    for (gsize k = 0; k < parameter->n_values; k++) {
      if (!isfinite (parameter->values[k])) {
        g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
            "%s/%s: value %" G_GSIZE_FORMAT " is %g after training, expected "
            "finite numbers", location, parameter->name, k,
            (gdouble) parameter->values[k]);
        return FALSE;
      }
    }
  }
  return TRUE;
}

gboolean
facenet_trainable_save (FacenetTrainable * self, const gchar * location,
    GError ** error)
{
  g_autoptr (FacenetModel) model = NULL;
  gboolean ok;

  if (!check_finite (self, location, error))
    return FALSE;
  model = facenet_model_new (self->weights, self->plan->network->name, error);
  if (model == NULL)
    return FALSE;
  facenet_model_describe (model, self->weights);
  ok = facenet_weights_save (self->weights, location, FACENET_DTYPE_F32, error);
  /* The values may go on changing. */
  facenet_weights_set_metadata (self->weights, "id", NULL);
  return ok;
}
