/* listing.c - a command's options, for the programs that write its manual
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The man page and the shell completion are made of this output when the
 * project is built, so that they have the options of the tables, no others.
 */
#include "listing.h"

#include <stdio.h>

/* Names of people are options of this type too, to take any bytes. */
static gboolean
is_file (const GOptionEntry * entry)
{
  return !g_str_equal (entry->arg_description, "NAME")
      && !g_str_equal (entry->arg_description, "ID");
}

static const gchar *
kind_of (const GOptionEntry * entry)
{
  switch (entry->arg) {
    case G_OPTION_ARG_NONE:
      return "flag";
    case G_OPTION_ARG_FILENAME:
    case G_OPTION_ARG_FILENAME_ARRAY:
      return is_file (entry) ? "file" : "value";
    default:
      return "value";
  }
}

static void
print_option (const GOptionEntry * entry)
{
  const gchar letter[] = { entry->short_name ? entry->short_name : '-', '\0' };

  printf ("option\t%s\t%s\t%s\t%s\t%s\n", entry->long_name, letter,
      kind_of (entry), entry->arg_description ? entry->arg_description : "-",
      entry->description);
}

void
tool_listing_print (const ToolCommand * command,
    const GOptionEntry * const *tables, guint n_tables)
{
  g_auto (GStrv) lines = g_strsplit (command->description, "\n", -1);

  printf ("arguments\t%s\nsummary\t%s\n", command->arguments, command->summary);
  for (guint i = 0; i < n_tables; i++) {
    const GOptionEntry *entry = tables[i];

    /* The rest of the command line, G_OPTION_REMAINING, has an empty name. */
    for (; entry && entry->long_name; entry++) {
      if (*entry->long_name != '\0' && !(entry->flags & G_OPTION_FLAG_HIDDEN))
        print_option (entry);
    }
  }
  for (guint i = 0; lines[i]; i++)
    printf ("text\t%s\n", lines[i]);
}
