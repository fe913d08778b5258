/* console.h - messages and the progress line of a terminal
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A text with its control characters written as \x1b, a line break as \n, and
 * bytes that are not UTF-8 as U+FFFD; (transfer full). All that this file
 * prints is escaped; what is printed elsewhere has to be. */
gchar *tool_escape (const gchar * text);

/* The same, but line breaks and tabs stay. */
gchar *tool_escape_lines (const gchar * text);

/* Has g_print() escape what it prints, but for line breaks and tabs. */
void tool_console_init (void);

/* "facenet: …" on stderr: what went wrong, and what the user should know. */
void tool_message (const gchar * format, ...) G_GNUC_PRINTF (1, 2);

/* An image that cannot be read: its error on stderr and, with json, a line
 * {"image":…,"error":…} on stdout, so that no image goes missing. */
void tool_report_failed_image (const gchar * name, const GError * error,
    gboolean json);

/* One line of output on stdout, the newline is added. */
void tool_print_line (const gchar * line);
void tool_print (const gchar * format, ...) G_GNUC_PRINTF (1, 2);

/* Shows how far a long run is; on a terminal only, and only once it has taken
 * a second. item is what is worked on now. */
void tool_progress (guint done, guint total, const gchar * item);

/* The same where the steps differ in length: share of the work in [0,1]. Says
 * how much longer it will take. */
void tool_progress_share (gdouble share, guint done, guint total);

/* Removes the progress line and forgets when the run began. */
void tool_progress_end (void);

G_END_DECLS
