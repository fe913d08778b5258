/* pairs.h - files that list pairs of images
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Two images, by their index, and whether they are said to show one person. */
typedef struct {
  guint a, b;
  gboolean same;
  guint fold;
} ToolPair;

/* locations: (element-type filename), each once
 * pairs: (element-type ToolPair), at least one
 * n_folds: as the file has them, 1 where it says nothing */
typedef struct {
  GPtrArray *locations;
  GArray *pairs;
  guint n_folds;
} ToolPairs;

/* Reads a list of pairs whose images are in a folder (NULL: the working one):
 * LFW's (a first line "[FOLDS] N", then N lines "NAME 1 2" and N lines "NAME 1
 * OTHER 2" per fold; the images are NAME/NAME_0001.jpg) or any other: a line
 * "IMAGE IMAGE 1" or "IMAGE IMAGE 0" per pair, separated by tabs, commas or
 * blanks. FORMAT, TRUNCATED, LIMIT or OPEN with the line; (transfer full). */
ToolPairs *tool_pairs_load (const gchar * location, const gchar * folder,
    GError ** error);
void tool_pairs_free (ToolPairs * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolPairs, tool_pairs_free)

/* Deals the pairs of each kind out to at most n folds, so that they are of one
 * size; fewer when there are not so many of both kinds. */
void tool_pairs_fold (ToolPairs * self, guint n);

G_END_DECLS
