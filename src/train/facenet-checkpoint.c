/* facenet-checkpoint.c - a run that can go on another day
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A safetensors file with all that a run has come to: "weights/NAME" of each
 * trained tensor, what the optimizer remembers as "mean/NAME" and
 * "square/NAME", the weights of the best epoch as "best/NAME", "epochs"
 * [epochs, figures] and "sums" of the epoch in progress, both in double. The
 * metadata say what the run was made with. Nothing else influences a step, so
 * a run that goes on comes to the same weights, to the last bit.
 *
 * The file is replaced atomically: killed at any moment, a run has its last
 * checkpoint or the one before.
 */
#include "train/facenet-checkpoint-private.h"

#include "base/facenet-half-private.h"
#include "base/facenet-safetensors-private.h"

#include <string.h>

void
facenet_checkpoint_pack_epoch (const FacenetTrainerEpoch * epoch,
    gdouble * figures)
{
  const FacenetTrainerScore *score = &epoch->score;
  const gdouble all[FACENET_CHECKPOINT_FIGURES] =
      { epoch->loss, epoch->active, epoch->learning_rate,
    score->n_same, score->n_different, score->auc, score->accuracy,
    score->threshold, score->mean_same, score->mean_different,
    score->separation
  };

  memcpy (figures, all, sizeof all);
}

void
facenet_checkpoint_unpack_epoch (FacenetTrainerEpoch * epoch,
    const gdouble * figures)
{
  FacenetTrainerScore *score = &epoch->score;

  epoch->loss = figures[0];
  epoch->active = figures[1];
  epoch->learning_rate = figures[2];
  score->n_same = (guint) CLAMP (figures[3], 0.0, G_MAXUINT32);
  score->n_different = (guint) CLAMP (figures[4], 0.0, G_MAXUINT32);
  score->auc = figures[5];
  score->accuracy = figures[6];
  score->threshold = figures[7];
  score->mean_same = figures[8];
  score->mean_different = figures[9];
  score->separation = figures[10];
}

static void
set_double (GHashTable * table, const gchar * key, gdouble value)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_dtostr (text, sizeof text, value);
  g_hash_table_insert (table, g_strdup (key), g_strdup (text));
}

static void
set_uint (GHashTable * table, const gchar * key, guint64 value)
{
  g_hash_table_insert (table, g_strdup (key),
      g_strdup_printf ("%" G_GUINT64_FORMAT, value));
}

GHashTable *
facenet_checkpoint_describe (const FacenetTrainer * self)
{
  static const gchar *const optimizers[] = { "adam", "sgd" };
  static const gchar *const schedules[] = { "cosine", "step", "constant" };
  static const gchar *const minings[] = { "all", "hard", "semi-hard" };
  static const gchar *const splits[] = { "photos", "people" };
  const FacenetTrainerOptions *options = &self->options;
  GHashTable *run = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      g_free);

  g_hash_table_insert (run, g_strdup ("model"), g_strdup (self->model_id));
  g_hash_table_insert (run, g_strdup ("photos"), g_strdup (self->pictures_id));
  g_hash_table_insert (run, g_strdup ("from"),
      g_strdup (options->from != NULL ? options->from : "the first block"));
  g_hash_table_insert (run, g_strdup ("batch"),
      g_strdup_printf ("%ux%u", options->n_people, options->n_photos));
  set_uint (run, "epochs", options->n_epochs);
  g_hash_table_insert (run, g_strdup ("optimizer"),
      g_strdup (optimizers[options->optimizer]));
  g_hash_table_insert (run, g_strdup ("schedule"),
      g_strdup (schedules[options->schedule]));
  g_hash_table_insert (run, g_strdup ("mining"),
      g_strdup (minings[options->mining]));
  g_hash_table_insert (run, g_strdup ("split"),
      g_strdup (splits[options->split]));
  set_double (run, "learning rate", options->learning_rate);
  set_double (run, "momentum", options->momentum);
  set_double (run, "weight decay", options->weight_decay);
  set_double (run, "margin", options->alpha);
  set_double (run, "augmentation", options->augmentation);
  set_double (run, "validation", options->validation);
  set_uint (run, "seed", options->seed);
  return run;
}

static void
free_row (gpointer data)
{
  FacenetSafetensor *row = data;

  g_free (row->name);
  g_free ((gpointer) row->data);
}

static void
add_row (GArray * rows, gchar * name, const gchar * dtype, guint8 * data,
    gsize size)
{
  FacenetSafetensor row = { 0 };

  row.name = name;
  row.dtype = dtype;
  row.rank = 1;
  row.n_values = row.dims[0] = size / (g_str_equal (dtype, "F64") ? 8 : 4);
  row.data = data;
  row.size = size;
  g_array_append_val (rows, row);
}

static void
add_floats (GArray * rows, const gchar * kind, const gchar * name,
    const gfloat * values, gsize n)
{
  guint8 *data = g_malloc (n * 4);

  facenet_float_write (data, values, n);
  add_row (rows, g_strconcat (kind, "/", name, NULL), "F32", data, n * 4);
}

static void
add_doubles (GArray * rows, const gchar * name, const gdouble * values, gsize n)
{
  guint64 *data = g_new (guint64, n + 1);

  memcpy (data, values, n * sizeof *values);
  for (gsize i = 0; i < n; i++)
    data[i] = GUINT64_TO_LE (data[i]);
  add_row (rows, g_strdup (name), "F64", (guint8 *) data, n * 8);
}

/* (transfer full) (element-type FacenetSafetensor) */
static GArray *
list_rows (FacenetTrainer * self)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (FacenetSafetensor));
  const gdouble sums[FACENET_CHECKPOINT_SUMS] =
      { self->progress.loss, self->progress.active };
  const gsize n_figures =
      (gsize) self->epochs->len * FACENET_CHECKPOINT_FIGURES;
  g_autofree gdouble *figures = g_new0 (gdouble, n_figures + 1);

  g_array_set_clear_func (rows, free_row);
  for (guint i = 0;
      i < facenet_trainable_get_n_parameters (self->trainable); i++) {
    const FacenetParameter *parameter =
        facenet_trainable_get_parameter (self->trainable, i);
    const gsize n = parameter->n_values;

    add_floats (rows, "weights", parameter->name, parameter->values, n);
    for (guint k = 0; k < facenet_optimizer_get_n_states (self->optimizer); k++)
      add_floats (rows, facenet_optimizer_get_state_name (k), parameter->name,
          facenet_optimizer_get_state (self->optimizer, i, k), n);
    if (self->best_values != NULL)
      add_floats (rows, "best", parameter->name, self->best_values[i], n);
  }
  for (guint i = 0; i < self->epochs->len; i++)
    facenet_checkpoint_pack_epoch (&g_array_index (self->epochs,
            FacenetTrainerEpoch, i), figures + i * FACENET_CHECKPOINT_FIGURES);
  add_doubles (rows, "epochs", figures, n_figures);
  add_doubles (rows, "sums", sums, FACENET_CHECKPOINT_SUMS);
  return rows;
}

/**
 * facenet_trainer_save_checkpoint:
 * @self: a trainer that has begun
 * @location: the file to write
 * @error: return location for an error
 *
 * Writes all that the run has come to, for facenet_trainer_load_checkpoint().
 * A file that was there is replaced whole or not at all. The photos are not in
 * it.
 *
 * Returns: %FALSE with %FACENET_ERROR_OPEN when it cannot be written
 */
gboolean
facenet_trainer_save_checkpoint (FacenetTrainer * self, const gchar * location,
    GError ** error)
{
  g_autoptr (GHashTable) metadata = NULL;
  g_autoptr (GArray) rows = NULL;

  g_return_val_if_fail (self->optimizer != NULL, FALSE);
  g_return_val_if_fail (location != NULL, FALSE);

  metadata = facenet_checkpoint_describe (self);
  g_hash_table_insert (metadata, g_strdup ("format"),
      g_strdup (FACENET_CHECKPOINT_FORMAT));
  g_hash_table_insert (metadata, g_strdup ("version"),
      g_strdup (FACENET_CHECKPOINT_VERSION));
  set_uint (metadata, "steps", self->progress.n_steps);
  g_hash_table_insert (metadata, g_strdup ("best"),
      g_strdup_printf ("%d", self->progress.best));
  rows = list_rows (self);
  return facenet_safetensors_write (location,
      (gconstpointer) rows->data, rows->len, metadata, error);
}
