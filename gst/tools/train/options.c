/* options.c - the options of facenet train
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "options.h"
#include "common/files.h"
#include "common/plot.h"

/* Words of an option, as they stand in the order of an enumeration. */
static const gchar *const optimizers[] = { "adam", "sgd", NULL };
static const gchar *const schedules[] = { "cosine", "step", "constant", NULL };
static const gchar *const minings[] = { "all", "hard", "semi-hard", NULL };
static const gchar *const splits[] = { "photos", "people", NULL };

/* What the command line says as text, NULL where it says nothing. */
typedef struct
{
  gchar *batch, *optimizer, *schedule, *mining, *split;
  gint epochs;
  gint64 seed;
} Words;

static void
words_clear (Words * self)
{
  g_free (self->batch);
  g_free (self->optimizer);
  g_free (self->schedule);
  g_free (self->mining);
  g_free (self->split);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear);

void
tool_train_options_clear (ToolTrainOptions * self)
{
  tool_options_clear (&self->shared);
  g_free (self->output);
  g_free (self->checkpoint);
  g_free (self->plot);
  g_free (self->from);
}

static gboolean
fail (GError ** error, const gchar * option, const gchar * found,
    const gchar * expected)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "--%s: expected %s, got %s", option, expected, found);
  return FALSE;
}

/* index: which of the words it is; unchanged when text is NULL. */
static gboolean
parse_word (const gchar * option, const gchar * text,
    const gchar * const *words, guint * index, GError ** error)
{
  g_autofree gchar *all = NULL;

  if (text == NULL)
    return TRUE;
  for (guint i = 0; words[i]; i++) {
    if (g_str_equal (text, words[i])) {
      *index = i;
      return TRUE;
    }
  }
  all = g_strjoinv (", ", (gchar **) words);
  return fail (error, option, text, all);
}

static gboolean
parse_words (FacenetTrainerOptions * training, const Words * words,
    GError ** error)
{
  guint optimizer = training->optimizer, schedule = training->schedule;
  guint mining = training->mining, split = training->split;

  if (!parse_word ("optimizer", words->optimizer, optimizers, &optimizer, error)
      || !parse_word ("schedule", words->schedule, schedules, &schedule, error)
      || !parse_word ("mining", words->mining, minings, &mining, error)
      || !parse_word ("split", words->split, splits, &split, error))
    return FALSE;
  training->optimizer = (FacenetOptimizer) optimizer;
  training->schedule = (FacenetSchedule) schedule;
  training->mining = (FacenetTripletMining) mining;
  training->split = (FacenetTrainerSplit) split;
  return TRUE;
}

/* "8x4" */
static gboolean
parse_batch (FacenetTrainerOptions * training, const gchar * text,
    GError ** error)
{
  g_auto (GStrv) parts = g_strsplit (text ? text : "", "x", 2);
  guint64 people, photos;

  if (text == NULL)
    return TRUE;
  if (g_strv_length (parts) != 2
      || !g_ascii_string_to_unsigned (parts[0], 10, 2,
          FACENET_TRAINER_MAX_BATCH / 2, &people, NULL)
      || !g_ascii_string_to_unsigned (parts[1], 10, 2,
          FACENET_TRAINER_MAX_BATCH / people, &photos, NULL)) {
    g_autofree gchar *wanted = g_strdup_printf ("people x photos such as 8x4,"
        " 2 and more of each and at most %d in all", FACENET_TRAINER_MAX_BATCH);

    return fail (error, "batch", text, wanted);
  }
  training->n_people = (guint) people;
  training->n_photos = (guint) photos;
  return TRUE;
}

static gboolean
parse_numbers (ToolTrainOptions * self, const Words * words, GError ** error)
{
  g_autofree gchar *text = NULL;

  if (words->epochs < 1) {
    text = g_strdup_printf ("%d", words->epochs);
    return fail (error, "epochs", text, "1 or more");
  }
  if (self->patience < 0) {
    text = g_strdup_printf ("%d", self->patience);
    return fail (error, "patience", text, "0 or more");
  }
  if (words->seed < 0 || words->seed > G_MAXUINT32) {
    text = g_strdup_printf ("%" G_GINT64_FORMAT, words->seed);
    return fail (error, "seed", text, "0 to 4294967295");
  }
  self->training.n_epochs = (guint) words->epochs;
  self->training.seed = (guint32) words->seed;
  self->training.n_threads = (guint) self->shared.threads;
  return TRUE;
}

/* Files that are written, and those that are in the way. */
static gboolean
check_files (ToolTrainOptions * self, GError ** error)
{
  if (self->output == NULL)
    return fail (error, "output", "nothing", "the model file to write");
  if (self->checkpoint == NULL)
    self->checkpoint = g_strconcat (self->output, ".checkpoint", NULL);
  if (!tool_files_check_writable (self->output, error)
      || !tool_files_check_writable (self->checkpoint, error)
      || !tool_plot_check (self->plot, error)
      || (self->plot && !tool_files_check_writable (self->plot, error)))
    return FALSE;
  if (!self->resume && g_file_test (self->checkpoint, G_FILE_TEST_EXISTS)) {
    g_autofree gchar *name = g_filename_display_name (self->checkpoint);

    g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
        "%s: holds an interrupted run: continue it with --resume, or "
        "remove the file to begin anew", name);
    return FALSE;
  }
  return TRUE;
}

gboolean
tool_train_options_parse (ToolTrainOptions * self, const ToolCommand * command,
    gint argc, gchar ** argv, GError ** error)
{
  FacenetTrainerOptions *training = &self->training;
  g_auto (Words) words = { 0 };
  /* *INDENT-OFF* */
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self->output,
      "Model file to write", "FILE" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &self->from,
      "First block to train, or all (default: inception_4e)", "BLOCK" },
    { "epochs", 0, 0, G_OPTION_ARG_INT, &words.epochs,
      "Number of epochs (default: 20)", "N" },
    { "batch", 0, 0, G_OPTION_ARG_STRING, &words.batch,
      "People x photos per step (default: 8x4)", "PxK" },
    { "lr", 0, 0, G_OPTION_ARG_DOUBLE, &training->learning_rate,
      "Highest learning rate (default: 0.0003)", "RATE" },
    { "optimizer", 0, 0, G_OPTION_ARG_STRING, &words.optimizer,
      "adam or sgd (default: adam)", "NAME" },
    { "schedule", 0, 0, G_OPTION_ARG_STRING, &words.schedule,
      "Learning rate: cosine, step or constant (default: cosine)", "NAME" },
    { "weight-decay", 0, 0, G_OPTION_ARG_DOUBLE, &training->weight_decay,
      "Weight decay (default: 0)", "NUMBER" },
    { "loss-margin", 0, 0, G_OPTION_ARG_DOUBLE, &training->alpha,
      "Margin of the triplet loss, squared L2 (default: 0.2)", "DISTANCE" },
    { "mining", 0, 0, G_OPTION_ARG_STRING, &words.mining,
      "Triplets: all, hard or semi-hard (default: all)", "NAME" },
    { "augment", 0, 0, G_OPTION_ARG_DOUBLE, &training->augmentation,
      "Strength of augmentation, 0 to 2 (default: 1)", "STRENGTH" },
    { "validation", 0, 0, G_OPTION_ARG_DOUBLE, &training->validation,
      "Part to hold out, 0.01 to 0.9 (default: 0.25)", "PART" },
    { "split", 0, 0, G_OPTION_ARG_STRING, &words.split,
      "Hold out photos or people (default: photos)", "WHAT" },
    { "patience", 0, 0, G_OPTION_ARG_INT, &self->patience,
      "Epochs without improvement before stopping; 0: never (default: 10)", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &words.seed,
      "Seed of the random numbers (default: 1)", "N" },
    { "checkpoint", 0, 0, G_OPTION_ARG_FILENAME, &self->checkpoint,
      "Checkpoint file (default: OUTPUT.checkpoint)", "FILE" },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &self->resume,
      "Continue the run in the checkpoint file", NULL },
    { "plot", 0, 0, G_OPTION_ARG_FILENAME, &self->plot,
      "Plot loss and accuracy, .svg or .png", "FILE" },
    G_OPTION_ENTRY_NULL
  };
  /* *INDENT-ON* */

  facenet_trainer_options_init (training);
  self->patience = 10;
  words.epochs = (gint) training->n_epochs;
  words.seed = training->seed;
  self->from = g_strdup (training->from);
  if (!tool_options_parse (&self->shared, command, entries, argc, argv, error)
      || !tool_options_require_paths (&self->shared, command, 1, G_MAXUINT,
          error)
      || !parse_words (training, &words, error)
      || !parse_batch (training, words.batch, error)
      || !parse_numbers (self, &words, error))
    return FALSE;
  training->from = g_str_equal (self->from, "all") ? NULL : self->from;
  return check_files (self, error);
}
