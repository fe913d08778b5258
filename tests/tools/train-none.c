/* train-none.c - a build without training says so
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Links the stand-in in place of the command.
 */
#include "common/command.h"

#include <string.h>

static void
train (const gchar * argument)
{
  g_autofree gchar *name = g_strdup ("train");
  g_autofree gchar *copy = g_strdup (argument);
  gchar *argv[] = { name, copy, NULL };

  g_assert_cmpint (tool_command_train.run (&tool_command_train, 2, argv), ==,
      TOOL_ERROR);
}

static void
test_the_option_is_named (void)
{
  if (g_test_subprocess ()) {
    train ("--epochs=3");
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr
      ("facenet: this build has no training: *-Dtraining=enabled*");
}

static void
test_help_is_printed (void)
{
  if (g_test_subprocess ()) {
    train ("--help");
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("Usage:*facenet train*-Dtraining=enabled*"
      "Exit status: 2*");
}

static void
test_the_list_of_commands_says_so (void)
{
  g_assert_cmpstr (tool_command_train.name, ==, "train");
  g_assert_nonnull (strstr (tool_command_train.summary, "Not in this build"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train-none/the-option-is-named", test_the_option_is_named);
  g_test_add_func ("/train-none/help-is-printed", test_help_is_printed);
  g_test_add_func ("/train-none/the-list-of-commands-says-so",
      test_the_list_of_commands_says_so);
  return g_test_run ();
}
