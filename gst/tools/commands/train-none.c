/* train-none.c - facenet train in a build without training
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "common/command.h"
#include "common/console.h"

#define MESSAGE "this build has no training: meson setup -Dtraining=enabled"

static ToolStatus
run (const ToolCommand * command, gint argc, gchar ** argv)
{
  tool_message ("%s", MESSAGE);
  return TOOL_ERROR;
}

const ToolCommand tool_command_train = {
  .name = "train",
  .arguments = "DIR...",
  .summary = "Not in this build: fine-tunes a model (-Dtraining)",
  .description = MESSAGE,
  .reads_faces = FALSE,
  .run = run,
};
