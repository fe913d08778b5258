/* facenet.c - the facenet command
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Runs the command that its first argument names. Each command is a file in
 * commands/; the other folders hold what they share.
 */
#include "common/command.h"
#include "common/console.h"

#include <facenet/facenet.h>
#include <locale.h>
#include <stdio.h>

static const ToolCommand *const commands[] = {
  &tool_command_info,
  &tool_command_convert,
  &tool_command_detect,
  &tool_command_embed,
  &tool_command_enrol,
  &tool_command_verify,
  &tool_command_identify,
  &tool_command_evaluate,
  &tool_command_calibrate,
  &tool_command_scan,
  &tool_command_gallery,
  &tool_command_lint,
  &tool_command_train,
  &tool_command_bench,
};

static void
print_usage (FILE * stream)
{
  fputs ("Usage: facenet COMMAND [OPTION...] ...\n\n"
      "Recognises people in photographs and videos.\n\n" "Commands:\n", stream);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (stream, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
  fputs ("\nfacenet COMMAND --help describes a command. This is version "
      FACENET_VERSION_STRING ".\n", stream);
}

/* For the programs that write the manual; TOOL_LISTING_OPTION of each command
 * tells the rest. */
static void
list_commands (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    puts (commands[i]->name);
}

static const ToolCommand *
find_command (const gchar * name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (g_str_equal (commands[i]->name, name))
      return commands[i];
  }
  return NULL;
}

static ToolStatus
run_help (const gchar * name)
{
  gchar option[] = "--help";
  gchar *argv[] = { NULL, option, NULL };
  const ToolCommand *command = name ? find_command (name) : NULL;

  if (command) {
    g_autofree gchar *program = g_strdup (name);

    argv[0] = program;
    return command->run (command, 2, argv);
  }
  print_usage (name ? stderr : stdout);
  return name ? TOOL_ERROR : TOOL_YES;
}

static ToolStatus
run (gint argc, gchar ** argv)
{
  const ToolCommand *command;

  if (argc < 2) {
    print_usage (stderr);
    return TOOL_ERROR;
  }
  if (g_str_equal (argv[1], "--version")) {
    puts ("facenet " FACENET_VERSION_STRING);
    return TOOL_YES;
  }
  if (g_str_equal (argv[1], "--list-commands")) {
    list_commands ();
    return TOOL_YES;
  }
  if (g_str_equal (argv[1], "help") || g_str_equal (argv[1], "--help")
      || g_str_equal (argv[1], "-h"))
    return run_help (argc > 2 ? argv[2] : NULL);

  command = find_command (argv[1]);
  if (command == NULL) {
    tool_message ("unknown command \"%s\"; facenet --help lists the commands",
        argv[1]);
    return TOOL_ERROR;
  }
  return command->run (command, argc - 1, argv + 1);
}

gint
main (gint argc, gchar ** argv)
{
  ToolStatus status;

  /* Names and messages in the user's language, numbers with a point: what is
   * printed here is read by programs too. */
  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");

  tool_console_init ();
  status = run (argc, argv);
  tool_progress_end ();
  if (fflush (stdout) != 0 || ferror (stdout)) {
    tool_message ("cannot write the output");
    return TOOL_ERROR;
  }
  return status;
}
