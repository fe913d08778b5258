/* options.h - the options of facenet train
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "common/options.h"

#include "train/facenet-trainer.h"

G_BEGIN_DECLS

/* output: model file to write
 * checkpoint: file to keep the run in
 * plot: NULL for none
 * from: what training.from points to, NULL for all blocks
 * patience: epochs without a better one after which to stop, 0 = never */
typedef struct {
  ToolOptions shared;
  gchar *output;
  gchar *checkpoint;
  gchar *plot;
  gchar *from;
  gboolean resume;
  gint patience;
  FacenetTrainerOptions training;
} ToolTrainOptions;

void tool_train_options_clear (ToolTrainOptions * self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ToolTrainOptions, tool_train_options_clear)

/* Parses the arguments of facenet train, and checks what can be checked
 * before anything is read. */
gboolean tool_train_options_parse (ToolTrainOptions * self,
    const ToolCommand * command, gint argc, gchar ** argv, GError ** error);

G_END_DECLS
