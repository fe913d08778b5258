/* listing.h - a command's options, for the programs that write its manual
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "command.h"

G_BEGIN_DECLS

/* The option that prints a listing. --help does not show it. */
#define TOOL_LISTING_OPTION "--list-options"

/* Prints what --help tells, one fact per line, fields separated by tabs:
 *   arguments TEXT
 *   summary TEXT
 *   option LONG SHORT KIND VALUE DESCRIPTION
 *   text LINE                                  a line of the description
 * SHORT is "-" if there is none; KIND is flag, file or value; VALUE names the
 * option's argument, "-" for a flag.
 * tables: n_tables arrays, each ended by G_OPTION_ENTRY_NULL; NULL is empty */
void tool_listing_print (const ToolCommand * command,
    const GOptionEntry * const *tables, guint n_tables);

G_END_DECLS
