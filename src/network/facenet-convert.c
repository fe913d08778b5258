/* facenet-convert.c - any model file into the native format
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Rounds first and compiles what is left, so that nothing is written that
 * could not be loaded, and the id is that of the numbers in the file.
 */
#include "network/facenet-model-private.h"

#include <glib/gstdio.h>

/* Whether two names mean one file: a link, or another way to it. */
static gboolean
is_same_file (const gchar * a, const gchar * b)
{
  GStatBuf one, other;

  return g_stat (a, &one) == 0 && g_stat (b, &other) == 0
      && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
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

/**
 * facenet_model_convert:
 * @in: a model file of any format that facenet_model_load() reads
 * @out: the safetensors file to write; another file than @in
 * @network: (nullable): network the weights are for, "nn4.small2" or
 *   "facereco"; %NULL for the one that @in names
 * @dtype: how to store the numbers
 * @model_id: (out) (optional) (transfer full): the id of the model in @out
 * @error: return location for an error
 *
 * Writes a model in the native format. Every tensor's name and shape is
 * checked; metadata is kept, and "network", "name", "preprocess" and "id" are
 * set. A file that was there is replaced whole or not at all.
 *
 * With %FACENET_DTYPE_F32 the id is that of @in, whatever its format. With
 * %FACENET_DTYPE_F16 rounding makes another model with another id, unless @in
 * was rounded already: its embeddings must not be compared with those of @in.
 *
 * Errors: those of facenet_model_load(); %FACENET_ERROR_OPEN when @out cannot
 * be written or is @in; %FACENET_ERROR_LIMIT when a number is beyond the range
 * of a 16-bit float.
 *
 * Returns: whether @out was written
 *
 * Since: 0.1
 */
gboolean
facenet_model_convert (const gchar * in, const gchar * out,
    const gchar * network, FacenetDtype dtype, gchar ** model_id,
    GError ** error)
{
  g_autoptr (FacenetWeights) weights = NULL;
  g_autoptr (FacenetModel) model = NULL;

  g_return_val_if_fail (in != NULL && out != NULL, FALSE);

  if (is_same_file (in, out)) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
        "%s: is the file to read, wants another one to write", out);
    return FALSE;
  }
  weights = facenet_weights_load (in, error);
  if (weights == NULL || !facenet_weights_round (weights, dtype, error))
    return FALSE;
  /* Without a stated id the model computes its own. */
  facenet_weights_set_metadata (weights, "id", NULL);
  model = facenet_model_new (weights, network, error);
  if (model == NULL)
    return FALSE;
  facenet_model_describe (model, weights);
  if (!facenet_weights_save (weights, out, dtype, error))
    return FALSE;
  if (model_id != NULL)
    *model_id = g_strdup (facenet_model_get_id (model));
  return TRUE;
}
