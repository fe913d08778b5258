/* facenet-trainer-save.c - the best model of a run, as a file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "train/facenet-trainer-private.h"

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
