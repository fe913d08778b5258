/* report.h - what facenet train says
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "options.h"

G_BEGIN_DECLS

/* model_id: of the model written, NULL when none was
 * skipped: of ToolSkipped */
typedef struct {
  const ToolTrainOptions *options;
  const FacenetTrainer *trainer;
  const GArray *skipped;
  const gchar *model_id;
} ToolTrainReport;

/* What there is to learn from, and how good the model is before. */
void tool_train_report_begin (const ToolTrainReport * self);

/* The last epoch. kept: whether it is the best so far */
void tool_train_report_epoch (const ToolTrainReport * self, gboolean kept);

/* What it all came to, as text or as JSON. */
void tool_train_report_end (const ToolTrainReport * self);

/* Draws loss and accuracy of all epochs so far. */
gboolean tool_train_report_plot (const ToolTrainReport * self,
    GError ** error);

G_END_DECLS
