/* facenet-checkpoint.c - a run that can go on another day
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A safetensors file with all that a run has come to: "weights/NAME" of each
 * trained tensor, what the optimizer remembers as "mean/NAME" and
 * "square/NAME", the weights of the best epoch as "best/NAME", "epochs"
 * [epochs, figures] and "sums" of the epoch in progress, both in double. The
 * metadata say what the run was made with. Nothing else influences a step, so
 * a run that goes on comes to the same weights, to the last bit.
 *
 * The file is replaced atomically: killed at any moment, a run has its last
 * checkpoint or the one before. All of a file is checked before anything of
 * the trainer changes.
 */
#include "train/facenet-trainer-private.h"

#include "base/facenet-file-private.h"
#include "base/facenet-half-private.h"
#include "base/facenet-safetensors-private.h"

#include <math.h>
#include <string.h>

#define CHECKPOINT_FORMAT "facenet-checkpoint"
#define CHECKPOINT_VERSION "1"

/* Figures of an epoch, in the order of the structure's members: loss, active,
 * learning rate; two counts and six figures of the score. */
#define CHECKPOINT_FIGURES 11

/* Sums of the epoch in progress: loss, active. */
#define CHECKPOINT_SUMS 2

/* Four times the largest network there is, with room. */
#define MAX_SIZE ((gsize) 1 << 30)

/* figures: [FIGURES] */
static void
pack_epoch (const FacenetTrainerEpoch * epoch, gdouble * figures)
{
  const FacenetTrainerScore *score = &epoch->score;
  const gdouble all[CHECKPOINT_FIGURES] =
      { epoch->loss, epoch->active, epoch->learning_rate,
    score->n_same, score->n_different, score->auc, score->accuracy,
    score->threshold, score->mean_same, score->mean_different,
    score->separation
  };

  memcpy (figures, all, sizeof all);
}

static void
unpack_epoch (FacenetTrainerEpoch * epoch, const gdouble * figures)
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

/* What two runs must have in common for one to go on with the other: strings
 * by name; (transfer full). */
static GHashTable *
describe (const FacenetTrainer * self)
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
  const gdouble sums[CHECKPOINT_SUMS] =
      { self->progress.loss, self->progress.active };
  const gsize n_figures = (gsize) self->epochs->len * CHECKPOINT_FIGURES;
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
    pack_epoch (&g_array_index (self->epochs,
            FacenetTrainerEpoch, i), figures + i * CHECKPOINT_FIGURES);
  add_doubles (rows, "epochs", figures, n_figures);
  add_doubles (rows, "sums", sums, CHECKPOINT_SUMS);
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

  metadata = describe (self);
  g_hash_table_insert (metadata, g_strdup ("format"),
      g_strdup (CHECKPOINT_FORMAT));
  g_hash_table_insert (metadata, g_strdup ("version"),
      g_strdup (CHECKPOINT_VERSION));
  set_uint (metadata, "steps", self->progress.n_steps);
  g_hash_table_insert (metadata, g_strdup ("best"),
      g_strdup_printf ("%d", self->progress.best));
  rows = list_rows (self);
  return facenet_safetensors_write (location,
      (gconstpointer) rows->data, rows->len, metadata, error);
}

/* A checkpoint that is being read. */
typedef struct
{
  const gchar *location;
  FacenetSafetensors *file;
  FacenetTrainer *trainer;
  FacenetProgress progress;
} Checkpoint;

static gboolean
fail (const Checkpoint * self, FacenetError code, const gchar * what,
    GError ** error)
{
  g_set_error (error, FACENET_ERROR, (gint) code, "%s: %s", self->location,
      what);
  return FALSE;
}

static const gchar *
get_string (const Checkpoint * self, const gchar * key)
{
  return g_hash_table_lookup (self->file->metadata, key);
}

static gboolean
check_format (const Checkpoint * self, GError ** error)
{
  const gchar *version = get_string (self, "version");

  if (g_strcmp0 (get_string (self, "format"), CHECKPOINT_FORMAT) != 0)
    return fail (self, FACENET_ERROR_FORMAT,
        "is not a checkpoint of a training run", error);
  if (g_strcmp0 (version, CHECKPOINT_VERSION) == 0)
    return TRUE;
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: checkpoint version %s, expected "
      CHECKPOINT_VERSION, self->location,
      version != NULL ? version : "is missing");
  return FALSE;
}

/* Names the first thing in which the run differs from this one. */
static gboolean
check_run (const Checkpoint * self, GError ** error)
{
  g_autoptr (GHashTable) run = describe (self->trainer);
  g_autoptr (GList) keys = g_list_sort (g_hash_table_get_keys (run),
      (GCompareFunc) strcmp);

  for (GList * l = keys; l != NULL; l = l->next) {
    const gchar *wanted = g_hash_table_lookup (run, l->data);
    const gchar *found = get_string (self, l->data);

    if (g_strcmp0 (found, wanted) == 0)
      continue;
    if (g_str_equal (l->data, "photos"))
      return fail (self, FACENET_ERROR_MISMATCH, "was made with other photos, "
          "or with other people, than there are now", error);
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH,
        "%s: was made with %s %s, expected %s", self->location,
        (const gchar *) l->data, found != NULL ? found : "unknown", wanted);
    return FALSE;
  }
  return TRUE;
}

/* A tensor of that many values, or NULL and an error. */
static const FacenetSafetensor *
find_row (const Checkpoint * self, const gchar * name, const gchar * dtype,
    gsize n, GError ** error)
{
  const GArray *rows = self->file->tensors;

  for (guint i = 0; i < rows->len; i++) {
    const FacenetSafetensor *row = &g_array_index (rows, FacenetSafetensor, i);

    if (!g_str_equal (row->name, name))
      continue;
    if (row->n_values == n && g_str_equal (row->dtype, dtype))
      return row;
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE,
        "%s/%s: %" G_GSIZE_FORMAT " values of %s, expected %" G_GSIZE_FORMAT
        " of %s", self->location, name, row->n_values, row->dtype, n, dtype);
    return NULL;
  }
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
      "%s/%s: is missing", self->location, name);
  return NULL;
}

/* into: [n], or NULL only to check that it is there and finite */
static gboolean
read_floats (const Checkpoint * self, const gchar * kind, const gchar * name,
    gfloat * into, gsize n, GError ** error)
{
  g_autofree gchar *full = g_strconcat (kind, "/", name, NULL);
  const FacenetSafetensor *row = find_row (self, full, "F32", n, error);
  g_autofree gfloat *values = NULL;

  if (row == NULL)
    return FALSE;
  values = g_new (gfloat, n);
  facenet_float_read (values, row->data, n);
  for (gsize i = 0; i < n; i++) {
    if (!isfinite (values[i])) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
          "%s/%s: value %" G_GSIZE_FORMAT " is not a finite number",
          self->location, full, i);
      return FALSE;
    }
  }
  if (into != NULL)
    memcpy (into, values, n * sizeof *values);
  return TRUE;
}

static gboolean
read_doubles (const Checkpoint * self, const gchar * name, gdouble * values,
    gsize n, GError ** error)
{
  const FacenetSafetensor *row = find_row (self, name, "F64", n, error);

  if (row == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++) {
    guint64 bits;

    memcpy (&bits, row->data + i * 8, sizeof bits);
    bits = GUINT64_FROM_LE (bits);
    memcpy (&values[i], &bits, sizeof bits);
    if (!isfinite (values[i]))
      return fail (self, FACENET_ERROR_FORMAT,
          "epochs or sums: a figure is not a finite number", error);
  }
  return TRUE;
}

/* All arrays of all parameters: with store into the trainer, else only to see
 * that they are there. */
static gboolean
read_parameters (const Checkpoint * self, gboolean store, GError ** error)
{
  FacenetTrainer *trainer = self->trainer;
  const guint n = facenet_trainable_get_n_parameters (trainer->trainable);

  for (guint i = 0; i < n; i++) {
    const FacenetParameter *parameter =
        facenet_trainable_get_parameter (trainer->trainable, i);

    for (guint k = 0; k < facenet_optimizer_get_n_states (trainer->optimizer);
        k++) {
      gfloat *state = facenet_optimizer_get_state (trainer->optimizer, i, k);

      if (!read_floats (self, facenet_optimizer_get_state_name (k),
              parameter->name, store ? state : NULL, parameter->n_values,
              error))
        return FALSE;
    }
    if (self->progress.best >= 0
        && !read_floats (self, "best", parameter->name,
            store ? trainer->best_values[i] : NULL, parameter->n_values, error))
      return FALSE;
    if (!read_floats (self, "weights", parameter->name,
            store ? parameter->values : NULL, parameter->n_values, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_progress (Checkpoint * self, GError ** error)
{
  const FacenetTrainer *trainer = self->trainer;
  const gchar *steps = get_string (self, "steps");
  const gchar *best = get_string (self, "best");
  guint64 n_steps;
  gint64 index;
  gdouble sums[CHECKPOINT_SUMS];

  if (steps == NULL || !g_ascii_string_to_unsigned (steps, 10, 0,
          trainer->schedule.n_steps, &n_steps, error)
      || best == NULL || !g_ascii_string_to_signed (best, 10, -1,
          trainer->options.n_epochs - 1, &index, error)) {
    g_clear_error (error);
    return fail (self, FACENET_ERROR_FORMAT,
        "metadata steps or best: no number in the range of this run", error);
  }
  if (!read_doubles (self, "sums", sums, CHECKPOINT_SUMS, error))
    return FALSE;
  self->progress.n_steps = n_steps;
  self->progress.best = (gint) index;
  self->progress.loss = sums[0];
  self->progress.active = sums[1];
  return TRUE;
}

static GArray *
unpack_epochs (const gdouble * figures, guint n)
{
  GArray *epochs = g_array_new (FALSE, TRUE, sizeof (FacenetTrainerEpoch));

  for (guint i = 0; i < n; i++) {
    FacenetTrainerEpoch epoch;

    memset (&epoch, 0, sizeof epoch);
    unpack_epoch (&epoch, figures + i * CHECKPOINT_FIGURES);
    g_array_append_val (epochs, epoch);
  }
  return epochs;
}

/* One epoch fewer than the steps make, when the last was not measured yet.
 * (transfer full) */
static GArray *
read_epochs (const Checkpoint * self, GError ** error)
{
  const guint steps_per_epoch = self->trainer->counts.steps_per_epoch;
  const guint most = (guint) (self->progress.n_steps / steps_per_epoch);
  const guint least = self->progress.n_steps % steps_per_epoch == 0 && most > 0
      ? most - 1 : most;
  g_autofree gdouble *figures =
      g_new0 (gdouble, (most + 1) * CHECKPOINT_FIGURES);

  for (guint n = most + 1; n-- > least;) {
    if (self->progress.best < (gint) n && read_doubles (self, "epochs",
            figures, (gsize) n * CHECKPOINT_FIGURES, NULL))
      return unpack_epochs (figures, n);
  }
  fail (self, FACENET_ERROR_SHAPE, "epochs: not as many as the steps make",
      error);
  return NULL;
}

/* Checks everything before anything of the trainer changes. */
static gboolean
read_checkpoint (Checkpoint * self, GError ** error)
{
  FacenetTrainer *trainer = self->trainer;
  g_autoptr (GArray) epochs = NULL;

  if (!check_format (self, error) || !check_run (self, error)
      || !read_progress (self, error))
    return FALSE;
  epochs = read_epochs (self, error);
  if (epochs == NULL || !read_parameters (self, FALSE, error))
    return FALSE;
  if (self->progress.best >= 0)
    facenet_trainer_keep_best (trainer);
  g_array_set_size (trainer->epochs, 0);
  g_array_append_vals (trainer->epochs, epochs->data, epochs->len);
  trainer->progress = self->progress;
  return read_parameters (self, TRUE, error);
}

/**
 * facenet_trainer_load_checkpoint:
 * @self: a trainer that has begun and made no step yet
 * @location: what facenet_trainer_save_checkpoint() wrote
 * @error: return location for an error
 *
 * Goes on where another run stopped: the steps to come will give the very
 * weights that they would have given there. That run must have had the same
 * model, photos and options, but for the number of threads.
 *
 * Errors: %FACENET_ERROR_OPEN and %FACENET_ERROR_LIMIT for the file;
 * %FACENET_ERROR_FORMAT, %FACENET_ERROR_TRUNCATED, %FACENET_ERROR_MISSING and
 * %FACENET_ERROR_SHAPE for its contents; %FACENET_ERROR_MISMATCH, which names
 * what is different, for one of another run. The trainer is then as it was.
 *
 * Returns: whether it was loaded
 */
gboolean
facenet_trainer_load_checkpoint (FacenetTrainer * self, const gchar * location,
    GError ** error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FacenetSafetensors) file = NULL;
  Checkpoint reader = { location, NULL, self, {0, 0.0, 0.0, -1} };

  g_return_val_if_fail (self->optimizer != NULL, FALSE);
  g_return_val_if_fail (self->progress.n_steps == 0, FALSE);
  g_return_val_if_fail (location != NULL, FALSE);

  bytes = facenet_file_read (location, MAX_SIZE, error);
  file = bytes != NULL
      ? facenet_safetensors_parse (bytes, location, error) : NULL;
  reader.file = file;
  return file != NULL && read_checkpoint (&reader, error);
}
