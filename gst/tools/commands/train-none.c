/* train-none.c - facenet train in a build without training
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "common/console.h"
#include "common/options.h"

#define MESSAGE "this build has no training: meson setup -Dtraining=enabled"

static ToolStatus
run (const ToolCommand * command, gint argc, gchar ** argv)
{
  g_auto (ToolOptions) options = { 0 };

  /* Its help and the listing that the manual is made of; options of training
   * are not known here. */
  tool_options_parse (&options, command, NULL, argc, argv, NULL);
  tool_message ("%s", MESSAGE);
  return TOOL_ERROR;
}

const ToolCommand tool_command_train = {
  .name = "train",
  .arguments = "DIR...",
  .summary = "Not in this build: fine-tunes a model (-Dtraining)",
  .description = MESSAGE "\n\nExit status: 2.",
  .reads_faces = FALSE,
  .run = run,
};
