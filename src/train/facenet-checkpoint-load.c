/* facenet-checkpoint-load.c - an interrupted run goes on
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: what facenet-checkpoint.c wrote, by this run or by another one, whole or
 * not. All of it is checked before anything of the trainer changes.
 */
#include "train/facenet-checkpoint-private.h"

#include "base/facenet-file-private.h"
#include "base/facenet-half-private.h"
#include "base/facenet-safetensors-private.h"

#include <math.h>
#include <string.h>

/* Four times the largest network there is, with room. */
#define MAX_SIZE ((gsize) 1 << 30)

/* A checkpoint that is being read. */
typedef struct
{
  const gchar *location;
  FacenetSafetensors *file;
  FacenetTrainer *trainer;
  FacenetProgress progress;
} Reader;

static gboolean
fail (const Reader * self, FacenetError code, const gchar * what,
    GError ** error)
{
  g_set_error (error, FACENET_ERROR, (gint) code, "%s: %s", self->location,
      what);
  return FALSE;
}

static const gchar *
get_string (const Reader * self, const gchar * key)
{
  return g_hash_table_lookup (self->file->metadata, key);
}

static gboolean
check_format (const Reader * self, GError ** error)
{
  const gchar *version = get_string (self, "version");

  if (g_strcmp0 (get_string (self, "format"), FACENET_CHECKPOINT_FORMAT) != 0)
    return fail (self, FACENET_ERROR_FORMAT,
        "is no checkpoint of a training run", error);
  if (g_strcmp0 (version, FACENET_CHECKPOINT_VERSION) == 0)
    return TRUE;
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: checkpoint version %s, wants "
      FACENET_CHECKPOINT_VERSION, self->location,
      version != NULL ? version : "is missing");
  return FALSE;
}

/* Names the first thing in which the run differs from this one. */
static gboolean
check_run (const Reader * self, GError ** error)
{
  g_autoptr (GHashTable) run = facenet_checkpoint_describe (self->trainer);
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
        "%s: was made with %s %s, wants %s", self->location,
        (const gchar *) l->data, found != NULL ? found : "unknown", wanted);
    return FALSE;
  }
  return TRUE;
}

/* A tensor of that many values, or NULL and an error. */
static const FacenetSafetensor *
find_row (const Reader * self, const gchar * name, const gchar * dtype,
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
        "%s/%s: %" G_GSIZE_FORMAT " values of %s, wants %" G_GSIZE_FORMAT
        " of %s", self->location, name, row->n_values, row->dtype, n, dtype);
    return NULL;
  }
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
      "%s/%s: is missing", self->location, name);
  return NULL;
}

/* into: [n], or NULL only to check that it is there and finite */
static gboolean
read_floats (const Reader * self, const gchar * kind, const gchar * name,
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
          "%s/%s: value %" G_GSIZE_FORMAT " is no finite number",
          self->location, full, i);
      return FALSE;
    }
  }
  if (into != NULL)
    memcpy (into, values, n * sizeof *values);
  return TRUE;
}

static gboolean
read_doubles (const Reader * self, const gchar * name, gdouble * values,
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
          "epochs or sums: a figure is no finite number", error);
  }
  return TRUE;
}

/* All arrays of all parameters: with store into the trainer, else only to see
 * that they are there. */
static gboolean
read_parameters (const Reader * self, gboolean store, GError ** error)
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
read_progress (Reader * self, GError ** error)
{
  const FacenetTrainer *trainer = self->trainer;
  const gchar *steps = get_string (self, "steps");
  const gchar *best = get_string (self, "best");
  guint64 n_steps;
  gint64 index;
  gdouble sums[FACENET_CHECKPOINT_SUMS];

  if (steps == NULL || !g_ascii_string_to_unsigned (steps, 10, 0,
          trainer->schedule.n_steps, &n_steps, error)
      || best == NULL || !g_ascii_string_to_signed (best, 10, -1,
          trainer->options.n_epochs - 1, &index, error)) {
    g_clear_error (error);
    return fail (self, FACENET_ERROR_FORMAT,
        "metadata steps or best: no number in the range of this run", error);
  }
  if (!read_doubles (self, "sums", sums, FACENET_CHECKPOINT_SUMS, error))
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
    facenet_checkpoint_unpack_epoch (&epoch,
        figures + i * FACENET_CHECKPOINT_FIGURES);
    g_array_append_val (epochs, epoch);
  }
  return epochs;
}

/* One epoch fewer than the steps make, when the last was not measured yet.
 * (transfer full) */
static GArray *
read_epochs (const Reader * self, GError ** error)
{
  const guint steps_per_epoch = self->trainer->counts.steps_per_epoch;
  const guint most = (guint) (self->progress.n_steps / steps_per_epoch);
  const guint least = self->progress.n_steps % steps_per_epoch == 0 && most > 0
      ? most - 1 : most;
  g_autofree gdouble *figures =
      g_new0 (gdouble, (most + 1) * FACENET_CHECKPOINT_FIGURES);

  for (guint n = most + 1; n-- > least;) {
    if (self->progress.best < (gint) n && read_doubles (self, "epochs",
            figures, (gsize) n * FACENET_CHECKPOINT_FIGURES, NULL))
      return unpack_epochs (figures, n);
  }
  fail (self, FACENET_ERROR_SHAPE, "epochs: not as many as the steps make",
      error);
  return NULL;
}

/* Checks everything before anything of the trainer changes. */
static gboolean
read_checkpoint (Reader * self, GError ** error)
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
  Reader reader = { location, NULL, self, {0, 0.0, 0.0, -1} };

  g_return_val_if_fail (self->optimizer != NULL, FALSE);
  g_return_val_if_fail (self->progress.n_steps == 0, FALSE);
  g_return_val_if_fail (location != NULL, FALSE);

  bytes = facenet_file_read (location, MAX_SIZE, error);
  file = bytes != NULL
      ? facenet_safetensors_parse (bytes, location, error) : NULL;
  reader.file = file;
  return file != NULL && read_checkpoint (&reader, error);
}
