/* facenet-model.c - a network with its weights, ready to run
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Elements which name the same file share one copy.
 */
#include "network/facenet-model-private.h"

#include <string.h>

#define DEFAULT_FILE "nn4-small2.safetensors"

G_DEFINE_BOXED_TYPE (FacenetModel, facenet_model, facenet_model_ref,
    facenet_model_unref);

static FacenetSharedTable table;

static gpointer
load_unshared (const gchar * location, const gchar * network, GError ** error)
{
  g_autoptr (FacenetWeights) weights = facenet_weights_load (location, error);

  return weights != NULL ? facenet_model_new (weights, network, error) : NULL;
}

/**
 * facenet_model_load:
 * @location: (nullable): a safetensors file, as `facenet convert` makes them
 *   of other formats; %NULL for the one that facenet_model_find_default() gives
 * @network: (nullable): network the weights are for, "nn4.small2" or
 *   "facereco"; %NULL for the one that the file names
 * @error: return location for an error
 *
 * Loads a model, or shares the one that is in use already when @location is
 * the same unchanged file.
 *
 * Errors: %FACENET_ERROR_OPEN, %FACENET_ERROR_FORMAT,
 * %FACENET_ERROR_TRUNCATED and %FACENET_ERROR_LIMIT for the file;
 * %FACENET_ERROR_MISSING and %FACENET_ERROR_SHAPE for its tensors;
 * %FACENET_ERROR_MISMATCH for a network that is not known.
 *
 * Returns: (transfer full) (nullable): the model
 *
 * Since: 0.1
 */
FacenetModel *
facenet_model_load (const gchar * location, const gchar * network,
    GError ** error)
{
  g_autofree gchar *found = NULL;

  if (location == NULL)
    location = found = facenet_model_find_default (error);
  if (location == NULL)
    return NULL;
  return facenet_shared_load (&table, location, network, load_unshared, error);
}

/**
 * facenet_model_ref:
 * @self: a model
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
FacenetModel *
facenet_model_ref (FacenetModel * self)
{
  g_return_val_if_fail (self != NULL, NULL);

  facenet_shared_ref (&table, self);
  return self;
}

/**
 * facenet_model_unref:
 * @self: (transfer full): a model
 *
 * Gives up a reference; the last one frees the model.
 *
 * Since: 0.1
 */
void
facenet_model_unref (FacenetModel * self)
{
  g_return_if_fail (self != NULL);

  if (facenet_shared_unref (&table, self))
    facenet_model_free (self);
}

/**
 * facenet_model_find_default:
 * @error: return location for an error
 *
 * Finds the model to use when none is named: the file that the environment
 * variable `FACENET_MODEL` names, else the one installed with the library.
 *
 * Returns: (transfer full) (nullable): its path; %FACENET_ERROR_OPEN when
 *   there is none
 *
 * Since: 0.1
 */
gchar *
facenet_model_find_default (GError ** error)
{
  const gchar *wish = g_getenv ("FACENET_MODEL");
  g_autofree gchar *installed =
      g_build_filename (FACENET_DATADIR, DEFAULT_FILE, NULL);

  if (wish != NULL && *wish != '\0')
    return g_strdup (wish);
  if (g_file_test (installed, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&installed);
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
      "%s: no model is installed here and FACENET_MODEL names none", installed);
  return NULL;
}

/**
 * facenet_model_get_location:
 * @self: a model
 *
 * Gets the name of the model file.
 *
 * Returns: the file it was loaded from
 *
 * Since: 0.1
 */
const gchar *
facenet_model_get_location (const FacenetModel * self)
{
  return self->location;
}

/**
 * facenet_model_get_id:
 * @self: a model
 *
 * Two models with one id give the same embeddings; those of two models with
 * different ids must never be compared.
 *
 * Returns: 64 hex digits, see facenet_model_compute_id()
 *
 * Since: 0.1
 */
const gchar *
facenet_model_get_id (const FacenetModel * self)
{
  return self->id;
}

/**
 * facenet_model_get_name:
 * @self: a model
 *
 * Gets the name of the model.
 *
 * Returns: what the file calls it, or the name of its network
 *
 * Since: 0.1
 */
const gchar *
facenet_model_get_name (const FacenetModel * self)
{
  const gchar *name = g_hash_table_lookup (self->metadata, "name");

  return name != NULL ? name : self->plan->network->name;
}

/**
 * facenet_model_get_network:
 * @self: a model
 *
 * Gets the name of the network.
 *
 * Returns: the network that runs, "nn4.small2" or "facereco"
 *
 * Since: 0.1
 */
const gchar *
facenet_model_get_network (const FacenetModel * self)
{
  return self->plan->network->name;
}

/**
 * facenet_model_get_preprocess:
 * @self: a model
 *
 * Gets the name of the preprocessing that the model expects.
 *
 * Returns: how pixels become its input: "rgb-96-unit" is planar RGB of
 *   96x96 pixels in [0,1]
 *
 * Since: 0.1
 */
const gchar *
facenet_model_get_preprocess (const FacenetModel * self)
{
  const gchar *value = g_hash_table_lookup (self->metadata, "preprocess");

  return value != NULL ? value : FACENET_DEFAULT_PREPROCESS;
}

/**
 * facenet_model_get_threshold:
 * @self: a model
 *
 * Gets the recommended threshold of the model.
 *
 * Returns: recommended squared L2 distance up to which two faces are taken
 *   for the same person, in (0,4]; %FACENET_GALLERY_THRESHOLD when the model
 *   names none
 *
 * Since: 0.1
 */
gdouble
facenet_model_get_threshold (const FacenetModel * self)
{
  return self->threshold;
}

/**
 * facenet_model_get_metadata:
 * @self: a model
 * @key: e.g. "license", "training", "lfw", "crop"
 *
 * Looks up an entry of the metadata of the model file.
 *
 * Returns: (nullable): what the file says under @key
 *
 * Since: 0.1
 */
const gchar *
facenet_model_get_metadata (const FacenetModel * self, const gchar * key)
{
  return g_hash_table_lookup (self->metadata, key);
}

/**
 * facenet_model_list_metadata:
 * @self: a model
 *
 * Lists the metadata of the model file.
 *
 * Returns: (transfer full) (array zero-terminated=1): the keys of its
 *   metadata, sorted
 *
 * Since: 0.1
 */
gchar **
facenet_model_list_metadata (const FacenetModel * self)
{
  g_autoptr (GList) keys =
      g_list_sort (g_hash_table_get_keys (self->metadata),
      (GCompareFunc) strcmp);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (GList * l = keys; l != NULL; l = l->next)
    g_strv_builder_add (names, l->data);
  return g_strv_builder_end (names);
}

/**
 * facenet_model_get_input_shape:
 * @self: a model
 * @c: (out) (optional): channels of a face, 3
 * @h: (out) (optional): its rows, 96
 * @w: (out) (optional): its columns, 96
 *
 * Gets the shape of one face, as facenet_session_embed() expects it.
 *
 * Since: 0.1
 */
void
facenet_model_get_input_shape (const FacenetModel * self, guint * c, guint * h,
    guint * w)
{
  const FacenetShape *input = &self->plan->network->input;

  if (c != NULL)
    *c = input->c;
  if (h != NULL)
    *h = input->h;
  if (w != NULL)
    *w = input->w;
}

/**
 * facenet_model_get_dims:
 * @self: a model
 *
 * Gets the length of an embedding.
 *
 * Returns: the length of its embeddings, 128
 *
 * Since: 0.1
 */
guint
facenet_model_get_dims (const FacenetModel * self)
{
  return self->plan->n_dims;
}

/**
 * facenet_model_get_layers:
 * @self: a model
 * @n_layers: (out): how many
 *
 * Describes the blocks of the network.
 *
 * Returns: (array length=n_layers) (transfer none): its blocks in order
 *
 * Since: 0.1
 */
const FacenetLayer *
facenet_model_get_layers (const FacenetModel * self, guint * n_layers)
{
  *n_layers = self->n_layers;
  return self->layers;
}

/**
 * facenet_model_get_parameters:
 * @self: a model
 *
 * Counts the numbers that the model file stores.
 *
 * Returns: numbers stored for it
 *
 * Since: 0.1
 */
guint64
facenet_model_get_parameters (const FacenetModel * self)
{
  return self->parameters;
}

/**
 * facenet_model_get_trainable:
 * @self: a model
 *
 * Counts the parameters that training can change.
 *
 * Returns: parameters less the moving means and variances
 *
 * Since: 0.1
 */
guint64
facenet_model_get_trainable (const FacenetModel * self)
{
  return self->trainable;
}

/**
 * facenet_model_get_macs:
 * @self: a model
 *
 * Counts the multiply-adds of one pass.
 *
 * Returns: multiply-adds of its convolutions and products for one face
 *
 * Since: 0.1
 */
guint64
facenet_model_get_macs (const FacenetModel * self)
{
  return self->macs;
}
