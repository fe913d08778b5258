/* report.c - what facenet train says
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "report.h"
#include "common/console.h"
#include "base/facenet-json-writer.h"
#include "common/plot.h"
#include "common/skipped.h"

static void
print_score (const gchar * title, const FacenetTrainerScore * score)
{
  g_autofree gchar *line = g_strdup_printf ("%-9s AUC %.5f  accuracy %.2f %%  "
      "distance %.3f within, %.3f across  d' %.2f", title, score->auc,
      100 * score->accuracy, score->mean_same, score->mean_different,
      score->separation);

  tool_print_line (line);
}

void
tool_train_report_begin (const ToolTrainReport * self)
{
  const FacenetTrainerScore *before =
      facenet_trainer_get_before (self->trainer);
  const guint64 n_steps = facenet_trainer_get_n_steps (self->trainer);
  FacenetTrainerCounts counts;
  g_autofree gchar *line = NULL;

  if (self->options->shared.json)
    return;
  facenet_trainer_get_counts (self->trainer, &counts);
  line = g_strdup_printf ("%u photos of %u people to learn from, %u held out "
      "(%u pairs of one person, %u of two); %" G_GUINT64_FORMAT
      " numbers to train, %u steps an epoch", counts.n_photos,
      counts.n_people, counts.n_held_out, before->n_same,
      before->n_different, counts.n_parameters, counts.steps_per_epoch);
  tool_print_line (line);
  print_score ("before", before);
  if (n_steps > 0) {
    g_autofree gchar *resumed = g_strdup_printf ("goes on after step %"
        G_GUINT64_FORMAT, n_steps);

    tool_print_line (resumed);
  }
}

void
tool_train_report_epoch (const ToolTrainReport * self, gboolean kept)
{
  guint n;
  const FacenetTrainerEpoch *epochs =
      facenet_trainer_get_epochs (self->trainer, &n);
  const FacenetTrainerEpoch *epoch = &epochs[n - 1];
  g_autofree gchar *line = NULL;

  if (self->options->shared.json)
    return;
  line = g_strdup_printf ("epoch %2u/%u  loss %.5f (%.1f %% of triplets)  "
      "AUC %.5f  accuracy %.2f %%  d' %.2f%s", n,
      self->options->training.n_epochs, epoch->loss, 100 * epoch->active,
      epoch->score.auc, 100 * epoch->score.accuracy, epoch->score.separation,
      kept ? "  best" : "");
  tool_print_line (line);
}

static void
add_score (GString * json, const gchar * key, const FacenetTrainerScore * score)
{
  facenet_json_open_object (json, key);
  facenet_json_add_double (json, "auc", score->auc);
  facenet_json_add_double (json, "accuracy", score->accuracy);
  facenet_json_add_double (json, "threshold", score->threshold);
  facenet_json_add_double (json, "mean_same", score->mean_same);
  facenet_json_add_double (json, "mean_different", score->mean_different);
  facenet_json_add_double (json, "separation", score->separation);
  facenet_json_close_object (json);
}

static void
add_counts (const ToolTrainReport * self, GString * json)
{
  const FacenetTrainerScore *before =
      facenet_trainer_get_before (self->trainer);
  FacenetTrainerCounts counts;

  facenet_trainer_get_counts (self->trainer, &counts);
  facenet_json_add_uint (json, "people", counts.n_people);
  facenet_json_add_uint (json, "photos", counts.n_photos);
  facenet_json_add_uint (json, "held_out", counts.n_held_out);
  facenet_json_add_uint (json, "strangers", counts.n_strangers);
  facenet_json_add_uint (json, "pairs_same", before->n_same);
  facenet_json_add_uint (json, "pairs_different", before->n_different);
  facenet_json_add_uint (json, "trained", counts.n_parameters);
  tool_skipped_add_json (self->skipped, json);
}

static void
print_json (const ToolTrainReport * self)
{
  g_autoptr (GString) json = g_string_new (NULL);
  const gint best = facenet_trainer_get_best (self->trainer);
  g_autofree gchar *output = g_filename_display_name (self->options->output);
  guint n;
  const FacenetTrainerEpoch *epochs =
      facenet_trainer_get_epochs (self->trainer, &n);

  facenet_json_open_object (json, NULL);
  facenet_json_add_string (json, "output", self->model_id ? output : NULL);
  facenet_json_add_string (json, "model_id", self->model_id);
  add_counts (self, json);
  facenet_json_open_array (json, "epochs");
  for (guint i = 0; i < n; i++) {
    facenet_json_open_object (json, NULL);
    facenet_json_add_double (json, "loss", epochs[i].loss);
    facenet_json_add_double (json, "active", epochs[i].active);
    facenet_json_add_double (json, "learning_rate", epochs[i].learning_rate);
    add_score (json, "score", &epochs[i].score);
    facenet_json_close_object (json);
  }
  facenet_json_close_array (json);
  add_score (json, "before", facenet_trainer_get_before (self->trainer));
  if (best >= 0) {
    facenet_json_add_uint (json, "best_epoch", (guint64) best + 1);
    add_score (json, "after", &epochs[best].score);
  }
  facenet_json_close_object (json);
  tool_print_line (json->str);
}

void
tool_train_report_end (const ToolTrainReport * self)
{
  const gint best = facenet_trainer_get_best (self->trainer);
  g_autofree gchar *output = g_filename_display_name (self->options->output);
  g_autofree gchar *line = NULL;
  guint n;
  const FacenetTrainerEpoch *epochs =
      facenet_trainer_get_epochs (self->trainer, &n);

  if (self->options->shared.json) {
    print_json (self);
    return;
  }
  print_score ("before", facenet_trainer_get_before (self->trainer));
  if (best < 0) {
    line = g_strdup_printf ("%s: not written: no epoch tells the held-out "
        "faces apart better than the model that went in", output);
  } else {
    print_score ("after", &epochs[best].score);
    line = g_strdup_printf ("%s: the model of epoch %d, id %.12s…; galleries "
        "made with another model must be enrolled again", output, best + 1,
        self->model_id);
  }
  tool_print_line (line);
}

gboolean
tool_train_report_plot (const ToolTrainReport * self, GError ** error)
{
  g_autoptr (FacenetPlot) plot = facenet_plot_new ("Training");
  FacenetPlotAxis x_axis = { "epoch", FACENET_PLOT_LINEAR, 0.0, 0.0 };
  FacenetPlotAxis y_axis = { NULL, FACENET_PLOT_LINEAR, 0.0, 1.05 };
  const gint best = facenet_trainer_get_best (self->trainer);
  guint n;
  const FacenetTrainerEpoch *epochs =
      facenet_trainer_get_epochs (self->trainer, &n);
  g_autofree gdouble *x = g_new (gdouble, n + 1);
  g_autofree gdouble *loss = g_new (gdouble, n + 1);
  g_autofree gdouble *accuracy = g_new (gdouble, n + 1);

  x[0] = 0.0;
  accuracy[0] = facenet_trainer_get_before (self->trainer)->accuracy;
  for (guint i = 0; i < n; i++) {
    x[i + 1] = i + 1;
    loss[i + 1] = epochs[i].loss / MAX (epochs[0].loss, 1e-12);
    accuracy[i + 1] = epochs[i].score.accuracy;
    y_axis.max = MAX (y_axis.max, 1.05 * loss[i + 1]);
  }
  x_axis.max = self->options->training.n_epochs;
  facenet_plot_set_x_axis (plot, &x_axis);
  facenet_plot_set_y_axis (plot, &y_axis);
  facenet_plot_add_line (plot, "loss (1: first epoch)", x + 1, loss + 1, n);
  facenet_plot_add_line (plot, "held-out accuracy", x, accuracy, n + 1);
  if (best >= 0)
    facenet_plot_add_mark (plot, "best", best + 1);
  return tool_plot_save (plot, self->options->plot, error);
}
