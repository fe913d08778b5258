/* command.h - what a command of facenet is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Exit status of every command: like a predicate's. */
typedef enum {
  TOOL_YES = 0,
  TOOL_NO = 1,
  TOOL_ERROR = 2
} ToolStatus;

typedef struct _ToolCommand ToolCommand;

/* name: the word behind "facenet"
 * arguments: shown in the usage line, e.g. "IMAGE…"
 * summary: half a line for the list of commands
 * description: what --help says below the options: examples, exit status
 * reads_faces: takes images, and so --cropped, --threads and the options of
 *   the detector
 * detects: takes the options of the detector
 * no_model: does not take --model and --network
 * run: argv[0] is the command's name */
struct _ToolCommand
{
  const gchar *name;
  const gchar *arguments;
  const gchar *summary;
  const gchar *description;
  gboolean reads_faces;
  gboolean detects;
  gboolean no_model;
  ToolStatus (*run) (const ToolCommand * self, gint argc, gchar ** argv);
};

extern const ToolCommand tool_command_info;
extern const ToolCommand tool_command_convert;
extern const ToolCommand tool_command_detect;
extern const ToolCommand tool_command_embed;
extern const ToolCommand tool_command_enrol;
extern const ToolCommand tool_command_verify;
extern const ToolCommand tool_command_identify;
extern const ToolCommand tool_command_evaluate;
extern const ToolCommand tool_command_calibrate;
extern const ToolCommand tool_command_scan;
extern const ToolCommand tool_command_gallery;
extern const ToolCommand tool_command_lint;
extern const ToolCommand tool_command_train;
extern const ToolCommand tool_command_bench;

G_END_DECLS
