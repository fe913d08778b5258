/* appearances.c - from when to when somebody is to be seen in a video
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "appearances.h"

#include <math.h>

#define NS_PER_MS G_GUINT64_CONSTANT (1000000)

static void
appearance_init (ToolAppearance * self, guint scan, const ToolTrack * track)
{
  self->scan = scan;
  self->subject = (guint) track->subject;
  self->start = track->start;
  self->end = track->end;
  self->n_faces = track->n_faces;
  self->distance = track->distance;
  self->best = track;
}

/* Takes in a track that begins later or at the same time. */
static void
appearance_extend (ToolAppearance * self, const ToolTrack * track)
{
  self->end = MAX (self->end, track->end);
  self->n_faces += track->n_faces;
  if (track->distance < self->distance)
    self->distance = track->distance;
  if (track->quality > self->best->quality)
    self->best = track;
}

/* The appearance of the same subject that a track goes on with: the last one
 * of it in this video, if it ended lately; NULL when there is none. */
static ToolAppearance *
find_open (GArray * appearances, guint scan, const ToolTrack * track,
    guint64 gap)
{
  for (guint i = appearances->len; i > 0; i--) {
    ToolAppearance *last = &g_array_index (appearances, ToolAppearance, i - 1);

    if (last->scan != scan)
      return NULL;
    if (last->subject == (guint) track->subject)
      return track->start <= last->end || track->start - last->end <= gap
          ? last : NULL;
  }
  return NULL;
}

static gint
compare_times (gconstpointer a, gconstpointer b)
{
  const ToolAppearance *left = a, *right = b;

  if (left->scan != right->scan)
    return left->scan < right->scan ? -1 : 1;
  if (left->start != right->start)
    return left->start < right->start ? -1 : 1;
  if (left->end != right->end)
    return left->end < right->end ? -1 : 1;
  return left->subject < right->subject ? -1 : left->subject > right->subject;
}

GArray *
tool_appearances_new (GPtrArray * scans, guint64 gap, guint min_faces)
{
  GArray *appearances = g_array_new (FALSE, FALSE, sizeof (ToolAppearance));

  for (guint i = 0; i < scans->len; i++) {
    const ToolScan *scan = g_ptr_array_index (scans, i);

    for (guint k = 0; k < scan->tracks->len; k++) {
      const ToolTrack *track = g_ptr_array_index (scan->tracks, k);
      ToolAppearance *open, begun;

      if (track->subject == TOOL_NOBODY)
        continue;
      open = find_open (appearances, i, track, gap);
      if (open) {
        appearance_extend (open, track);
      } else {
        appearance_init (&begun, i, track);
        g_array_append_val (appearances, begun);
      }
    }
  }
  for (guint i = appearances->len; i > 0; i--) {
    if (g_array_index (appearances, ToolAppearance, i - 1).n_faces < min_faces)
      g_array_remove_index (appearances, i - 1);
  }
  g_array_sort (appearances, compare_times);
  return appearances;
}

static gint
compare_distances (gconstpointer a, gconstpointer b)
{
  const ToolAppearance *left = a, *right = b;

  if (left->distance != right->distance)
    return left->distance < right->distance ? -1 : 1;
  return compare_times (a, b);
}

void
tool_appearances_sort_by_distance (GArray * appearances)
{
  g_array_sort (appearances, compare_distances);
}

gchar *
tool_format_time (guint64 time)
{
  guint64 ms = (time + NS_PER_MS / 2) / NS_PER_MS;

  return g_strdup_printf ("%02" G_GUINT64_FORMAT ":%02u:%02u.%03u",
      ms / 3600000, (guint) (ms / 60000 % 60), (guint) (ms / 1000 % 60),
      (guint) (ms % 1000));
}
