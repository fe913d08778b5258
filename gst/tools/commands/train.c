/* train.c - facenet train: fine-tunes a model on one's own faces
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The library does the training; here are the folders, the files and the user:
 * what is read, kept, said and, if it is any better, written.
 */
#include "common/command.h"
#include "common/console.h"
#include "common/skipped.h"
#include "train/options.h"
#include "train/photos.h"
#include "train/report.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <signal.h>

/* How often the run is kept between the ends of its epochs. */
#define CHECKPOINT_INTERVAL (60 * G_USEC_PER_SEC)

static const gchar description[] =
    "DIR has one folder of photos per person, as for enrol. Holds part of the\n"
    "photos out (--validation): some of each person with four or more or, with\n"
    "--split people, all photos of some people. Trains with the triplet loss on\n"
    "the rest. Takes the largest face of each photo; names and leaves out photos\n"
    "that cannot be used.\n\n"
    "After each epoch, evaluates the held-out photos, as they are and degraded\n"
    "as by a worse camera. Writes the model with the best AUC, then the best d',\n"
    "to --output. If none is better than the original, writes nothing and exits\n"
    "with 1. The new model has a new id: enrol and calibrate again.\n\n"
    "Ctrl-C ends after the current step. The checkpoint file is written then and\n"
    "after each epoch; the same command with --resume continues exactly. The\n"
    "file is removed when the run is finished.\n\n"
    "With --json: {\"output\":...,\"model_id\":...,\"epochs\":[{\"loss\":...,\n"
    "\"score\":{...}}],\"before\":{\"auc\":...,\"accuracy\":...,\"separation\":"
    "...},\n\"after\":{...},\"skipped\":[...]}\n\n"
    "Exit status: 0 if a better model was written, 1 if none was better, 2 on\n"
    "error or if interrupted.\n\n"
    "Examples:\n"
    "  facenet train photos/ --output mine.safetensors --plot loss.svg\n"
    "  facenet train photos/ -o mine.safetensors --from inception_5a "
    "--epochs 10";

/* A run of the command. */
typedef struct
{
  ToolTrainOptions options;
  FacenetModel *model;          /* the one that goes in */
  FacenetTrainer *trainer;
  FacenetModel *written;        /* the one that came out, or NULL */
  GArray *skipped;              /* of ToolSkipped */
  gint64 kept_at;               /* time of the last checkpoint */
} Training;

static void
training_clear (Training * self)
{
  g_clear_pointer (&self->model, facenet_model_unref);
  g_clear_pointer (&self->written, facenet_model_unref);
  g_clear_pointer (&self->trainer, facenet_trainer_free);
  g_clear_pointer (&self->skipped, g_array_unref);
  tool_train_options_clear (&self->options);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Training, training_clear);

static volatile sig_atomic_t interrupted;

static void
on_signal (int signal_number)
{
  interrupted = 1;
}

/* A second signal ends the process as ever. */
static void
watch_signals (void)
{
  struct sigaction action = { 0 };

  action.sa_handler = on_signal;
  action.sa_flags = (int) (SA_RESETHAND | SA_RESTART);
  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
}

static ToolTrainReport
make_report (const Training * self)
{
  ToolTrainReport report = { &self->options, self->trainer, self->skipped,
    NULL
  };

  if (self->written)
    report.model_id = facenet_model_get_id (self->written);
  return report;
}

static gboolean
keep (Training * self, GError ** error)
{
  self->kept_at = g_get_monotonic_time ();
  return facenet_trainer_save_checkpoint (self->trainer,
      self->options.checkpoint, error);
}

/* What the library says of too few photos gets the name of the folder. */
static gboolean
begin_trainer (Training * self, GError ** error)
{
  g_autofree gchar *name =
      g_filename_display_name (self->options.shared.paths[0]);

  if (facenet_trainer_begin (self->trainer, error))
    return TRUE;
  g_prefix_error (error, "%s: ", name);
  return FALSE;
}

static gboolean
begin (Training * self, GError ** error)
{
  const ToolTrainOptions *options = &self->options;
  const ToolOptions *shared = &options->shared;
  g_autoptr (ToolFinder) finder = NULL;

  gst_init (NULL, NULL);
  self->model = tool_options_load_model (shared, error);
  if (self->model == NULL)
    return FALSE;
  finder = tool_finder_new (shared, error);
  if (finder == NULL)
    return FALSE;
  self->trainer = facenet_trainer_new (shared->model, shared->network,
      &options->training, error);
  if (self->trainer == NULL
      || !tool_train_photos_load (self->trainer, finder, shared->paths,
          self->skipped, error)
      || !begin_trainer (self, error))
    return FALSE;
  if (options->resume && !facenet_trainer_load_checkpoint (self->trainer,
          options->checkpoint, error))
    return FALSE;
  self->kept_at = g_get_monotonic_time ();
  return TRUE;
}

/* Whether no better epoch came for long enough, or all are done. */
static gboolean
is_over (const Training * self)
{
  const ToolTrainOptions *options = &self->options;
  const gint best = facenet_trainer_get_best (self->trainer);
  guint n;

  facenet_trainer_get_epochs (self->trainer, &n);
  return n >= options->training.n_epochs || (options->patience > 0
      && (gint) n - 1 - best >= options->patience);
}

static gboolean
end_epoch (Training * self, GError ** error)
{
  const gboolean best = facenet_trainer_end_epoch (self->trainer);
  const ToolTrainReport report = make_report (self);

  tool_train_report_epoch (&report, best);
  return (self->options.plot == NULL || tool_train_report_plot (&report, error))
      && keep (self, error);
}

static void
show_progress (const Training * self, gdouble loss)
{
  FacenetTrainerCounts counts;
  g_autofree gchar *text = g_strdup_printf ("loss %.4f", loss);

  facenet_trainer_get_counts (self->trainer, &counts);
  tool_progress ((guint) facenet_trainer_get_n_steps (self->trainer),
      self->options.training.n_epochs * counts.steps_per_epoch, text);
}

/* Trains until all is done or a signal interrupts it. */
static gboolean
train (Training * self, GError ** error)
{
  while (!is_over (self) && !interrupted) {
    gdouble loss;

    if (facenet_trainer_is_epoch_over (self->trainer)) {
      if (!end_epoch (self, error))
        return FALSE;
      continue;
    }
    if (!facenet_trainer_step (self->trainer, &loss, error))
      return FALSE;
    show_progress (self, loss);
    if (g_get_monotonic_time () - self->kept_at > CHECKPOINT_INTERVAL
        && !keep (self, error))
      return FALSE;
  }
  tool_progress_end ();
  return !interrupted || keep (self, error);
}

/* The recommended threshold moves as the one of equal errors moved. */
static void
move_threshold (Training * self, const FacenetTrainerScore * after)
{
  const FacenetTrainerScore *before =
      facenet_trainer_get_before (self->trainer);
  const gdouble old = facenet_model_get_threshold (self->model);
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  if (before->threshold <= 0.0 || after->threshold <= 0.0)
    return;
  g_ascii_formatd (text, sizeof text, "%.3f",
      CLAMP (old * after->threshold / before->threshold, 0.001, 4.0));
  facenet_trainer_set_metadata (self->trainer, "threshold", text);
}

/* What the new model says about itself. Its licence is that of the old one;
 * what was measured of that one is left out. */
static void
describe (Training * self, guint epoch, const FacenetTrainerScore * after)
{
  const FacenetTrainerScore *before =
      facenet_trainer_get_before (self->trainer);
  const gchar *old = facenet_model_get_metadata (self->model, "training");
  g_autofree gchar *name = NULL;
  g_autofree gchar *text = NULL;
  FacenetTrainerCounts counts;

  facenet_trainer_get_counts (self->trainer, &counts);
  text = g_strdup_printf ("fine-tuned from model %s with the triplet loss on "
      "%u photos of %u people, %u epochs from %s on; on %u held-out photos "
      "AUC %.5f -> %.5f, d' %.2f -> %.2f%s%s",
      facenet_model_get_id (self->model), counts.n_photos, counts.n_people,
      epoch, self->options.training.from ? self->options.training.from
      : "the first block", counts.n_held_out, before->auc, after->auc,
      before->separation, after->separation, old ? "; before that: " : "",
      old ? old : "");
  name = g_strconcat (facenet_model_get_name (self->model), " fine-tuned",
      NULL);
  facenet_trainer_set_metadata (self->trainer, "training", text);
  facenet_trainer_set_metadata (self->trainer, "name", name);
  facenet_trainer_set_metadata (self->trainer, "version", NULL);
  facenet_trainer_set_metadata (self->trainer, "lfw", NULL);
  facenet_trainer_set_metadata (self->trainer, "threshold-verification", NULL);
  move_threshold (self, after);
}

static gboolean
write_model (Training * self, GError ** error)
{
  const gint best = facenet_trainer_get_best (self->trainer);
  const FacenetTrainerEpoch *epochs;
  guint n;

  if (best >= 0) {
    epochs = facenet_trainer_get_epochs (self->trainer, &n);
    describe (self, (guint) best + 1, &epochs[best].score);
    if (!facenet_trainer_save_model (self->trainer, self->options.output,
            error))
      return FALSE;
    self->written = facenet_model_load (self->options.output, NULL, error);
    if (self->written == NULL)
      return FALSE;
  }
  g_unlink (self->options.checkpoint);
  return TRUE;
}

static ToolStatus
say_interrupted (const Training * self)
{
  g_autofree gchar *name = g_filename_display_name (self->options.checkpoint);

  tool_message ("interrupted after step %" G_GUINT64_FORMAT "; the run is "
      "kept in %s: the same command with --resume continues it",
      facenet_trainer_get_n_steps (self->trainer), name);
  return TOOL_ERROR;
}

static gboolean
start (Training * self, const ToolCommand * command, gint argc, gchar ** argv,
    GError ** error)
{
  ToolTrainReport report;

  self->skipped = tool_skipped_new ();
  if (!tool_train_options_parse (&self->options, command, argc, argv, error)
      || !begin (self, error))
    return FALSE;
  report = make_report (self);
  tool_train_report_begin (&report);
  watch_signals ();
  return TRUE;
}

static ToolStatus
run (const ToolCommand * command, gint argc, gchar ** argv)
{
  g_auto (Training) self = { 0 };
  g_autoptr (GError) error = NULL;
  ToolTrainReport report;

  if (!start (&self, command, argc, argv, &error) || !train (&self, &error)
      || (!interrupted && !write_model (&self, &error))) {
    tool_message ("%s", error->message);
    return TOOL_ERROR;
  }
  if (interrupted)
    return say_interrupted (&self);
  report = make_report (&self);
  tool_train_report_end (&report);
  return self.written ? TOOL_YES : TOOL_NO;
}

const ToolCommand tool_command_train = {
  .name = "train",
  .arguments = "DIR...",
  .summary = "Fine-tunes a model on a folder of photos per person",
  .description = description,
  .reads_faces = TRUE,
  .run = run,
};
