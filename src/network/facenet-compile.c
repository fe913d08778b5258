/* facenet-compile.c - from weights to a model
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * weights -> network's table -> plan -> check of every tensor -> folding.
 */
#include "network/facenet-model-private.h"

#include "kernels/facenet-gemm-private.h"
#include "network/facenet-fold-private.h"

#include <facenet/facenet-gallery.h>
#include <string.h>

#define DEFAULT_NETWORK "nn4.small2"

static const gchar *
block_kind (const FacenetNetwork * network, const FacenetBlock * block)
{
  static const gchar *const pools[] = { "max-pool", "avg-pool", "l2-pool" };

  switch (block->kind) {
    case FACENET_BLOCK_CONV:
      return "conv";
    case FACENET_BLOCK_UPSAMPLE_ADD:
      return "upsample-add";
    case FACENET_BLOCK_POOL:
      return pools[block->pool == FACENET_POOL_L2 ?
          network->l2_pool : block->pool];
    case FACENET_BLOCK_LRN:
      return "lrn";
    case FACENET_BLOCK_INCEPTION:
      return "inception";
    case FACENET_BLOCK_DENSE:
      return "dense";
    case FACENET_BLOCK_L2_NORMALIZE:
      return "l2-normalize";
  }
  g_return_val_if_reached (NULL);
}

/* One layer per block that the variant has, and the totals. */
static void
count_layers (FacenetModel * self)
{
  const FacenetNetwork *network = self->plan->network;
  guint last_block = G_MAXUINT;

  self->layers = g_new0 (FacenetLayer, network->n_blocks);
  for (guint i = 0; i < self->plan->steps->len; i++) {
    const FacenetStep *step = facenet_plan_get_step (self->plan, i);
    guint64 parameters = facenet_step_get_parameters (step);
    guint64 macs = facenet_step_get_macs (step);
    FacenetLayer *layer;

    if (step->block != last_block) {
      const FacenetBlock *block = &network->blocks[step->block];
      const FacenetShape *shape = &self->plan->block_shapes[step->block];

      layer = &self->layers[self->n_layers++];
      layer->name = block->name;
      layer->kind = block_kind (network, block);
      layer->c = shape->c;
      layer->h = shape->h;
      layer->w = shape->w;
      last_block = step->block;
    }
    layer = &self->layers[self->n_layers - 1];
    layer->parameters += parameters;
    layer->macs += macs;
    self->parameters += parameters;
    self->trainable += parameters - facenet_step_get_statistics (step);
    self->macs += macs;
  }
}

static const gchar *
metadata_or (const FacenetWeights * weights, const gchar * key,
    const gchar * fallback)
{
  const gchar *value = facenet_weights_get_metadata (weights, key);

  return value != NULL ? value : fallback;
}

/* A network of that name for another task. */
static gboolean
check_task (const FacenetWeights * weights, const gchar * name,
    FacenetTask task, GError ** error)
{
  const FacenetNetwork *network = facenet_network_find (name);
  g_autofree gchar *known = NULL;

  if (network == NULL || network->task == task)
    return TRUE;
  known = facenet_network_list (task);
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH,
      "%s: is %s, network \"%s\"; expected %s: %s",
      facenet_weights_get_location (weights),
      facenet_task_describe (network->task), name,
      facenet_task_describe (task), known);
  return FALSE;
}

const FacenetNetwork *
facenet_model_find_network (const FacenetWeights * weights, const gchar * wish,
    FacenetTask task, GError ** error)
{
  const gchar *stated = metadata_or (weights, "network", DEFAULT_NETWORK);
  const gchar *name = wish != NULL ? wish : stated;
  const FacenetNetwork *network = facenet_network_find (name);
  g_autofree gchar *known = NULL;

  if (!check_task (weights, stated, task, error)
      || !check_task (weights, name, task, error))
    return NULL;
  if (network != NULL)
    return network;
  known = facenet_network_list (task);
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH,
      "%s: network \"%s\" is not known, expected one of %s",
      facenet_weights_get_location (weights), name, known);
  return NULL;
}

static gboolean
read_threshold (FacenetModel * self, const FacenetWeights * weights,
    GError ** error)
{
  const gchar *text = facenet_weights_get_metadata (weights, "threshold");
  gchar *end;

  self->threshold = FACENET_GALLERY_THRESHOLD;
  if (text == NULL)
    return TRUE;
  self->threshold = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && self->threshold > 0.0
      && self->threshold <= 4.0)
    return TRUE;
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: metadata threshold is \"%s\", expected a squared L2 distance in (0,4]",
      facenet_weights_get_location (weights), text);
  return FALSE;
}

static void
read_metadata (FacenetModel * self, const FacenetWeights * weights)
{
  g_auto (GStrv) keys = facenet_weights_list_metadata (weights);

  self->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      g_free);
  for (guint i = 0; keys[i] != NULL; i++)
    g_hash_table_insert (self->metadata, g_strdup (keys[i]),
        g_strdup (facenet_weights_get_metadata (weights, keys[i])));
}

static gboolean
is_id (const gchar * text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

static gchar *
hash_weights (const FacenetPlan * plan, const FacenetWeights * weights,
    const gchar * preprocess, GError ** error)
{
  g_autoptr (GArray) specs = facenet_plan_list_tensors (plan);
  g_autofree const gchar **names = g_new0 (const gchar *, specs->len + 1);

  for (guint i = 0; i < specs->len; i++)
    names[i] = g_array_index (specs, FacenetTensorSpec, i).name;
  return facenet_weights_compute_id (weights, plan->network->name, preprocess,
      names, error);
}

/* The id that the file states, if it states one for the network it is used
 * as; else the hash of what was read. */
static gboolean
read_id (FacenetModel * self, const FacenetWeights * weights, GError ** error)
{
  const gchar *id = facenet_weights_get_metadata (weights, "id");
  const gchar *network = metadata_or (weights, "network", DEFAULT_NETWORK);

  if (id != NULL && !is_id (id)) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: metadata id is \"%s\", expected 64 lower-case hex digits",
        facenet_weights_get_location (weights), id);
    return FALSE;
  }
  if (id != NULL && strcmp (network, self->plan->network->name) == 0)
    self->id = g_strdup (id);
  else
    self->id = hash_weights (self->plan, weights,
        facenet_model_get_preprocess (self), error);
  return self->id != NULL;
}

void
facenet_model_free (FacenetModel * self)
{
  g_clear_pointer (&self->program, facenet_program_free);
  g_clear_pointer (&self->plan, facenet_plan_free);
  g_clear_pointer (&self->memory, facenet_arena_free);
  g_clear_pointer (&self->metadata, g_hash_table_unref);
  g_free (self->folded);
  g_free (self->layers);
  facenet_shared_clear (self);
  g_free (self->location);
  g_free (self->id);
  g_free (self);
}

FacenetModel *
facenet_model_new (FacenetWeights * weights, const gchar * network,
    GError ** error)
{
  const FacenetNetwork *found =
      facenet_model_find_network (weights, network, FACENET_TASK_EMBED, error);
  const FacenetKernels *kernels = facenet_kernels_get ();
  FacenetModel *self;

  if (found == NULL)
    return NULL;
  if (kernels == NULL && !facenet_gemm_open (error))
    return NULL;
  self = g_new0 (FacenetModel, 1);
  facenet_shared_init (self);
  self->location = g_strdup (facenet_weights_get_location (weights));
  self->plan = facenet_plan_new (found);
  read_metadata (self, weights);
  facenet_fold_shape (self->plan, weights);
  if (!facenet_fold_check (self->plan, weights, error)
      || !read_threshold (self, weights, error)
      || !read_id (self, weights, error)) {
    facenet_model_free (self);
    return NULL;
  }
  if (kernels != NULL)
    self->program = facenet_program_new (self->plan, weights, kernels);
  else
    self->folded = facenet_fold_new (self->plan, weights, &self->memory);
  count_layers (self);
  return self;
}

void
facenet_model_describe (const FacenetModel * self, FacenetWeights * weights)
{
  facenet_weights_set_metadata (weights, "network",
      facenet_model_get_network (self));
  facenet_weights_set_metadata (weights, "name", facenet_model_get_name (self));
  facenet_weights_set_metadata (weights, "preprocess",
      facenet_model_get_preprocess (self));
  facenet_weights_set_metadata (weights, "id", facenet_model_get_id (self));
}

gchar *
facenet_model_hash (const FacenetModel * self, FacenetWeights * weights,
    GError ** error)
{
  facenet_fold_shape (self->plan, weights);
  return hash_weights (self->plan, weights,
      facenet_model_get_preprocess (self), error);
}

/**
 * facenet_model_compute_id:
 * @self: a model
 * @error: return location for an error
 *
 * Reads the file again and hashes its tensors: hex SHA-256 over network and
 * preprocess, each with its NUL, then name, NUL, rank and dims (32 bits,
 * little-endian) and values (float32, little-endian) of every tensor of the
 * network in byte order of the names. The same tensors have the same id
 * whatever file they came from; it takes longer than loading.
 *
 * Returns: (transfer full) (nullable): the id, which differs from
 *   facenet_model_get_id() only when the file states a wrong one or was
 *   changed since
 *
 * Since: 0.1
 */
gchar *
facenet_model_compute_id (const FacenetModel * self, GError ** error)
{
  g_autoptr (FacenetWeights) weights = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  weights = facenet_weights_load (self->location, error);
  return weights != NULL ? facenet_model_hash (self, weights, error) : NULL;
}
