/* track.c - one face of a video from when it comes to when it goes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "track.h"

#include <facenet/facenet-error.h>
#include <glib/gstdio.h>
#include <math.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)
/* Sound may go on a little longer than the pictures, and lengths be rounded:
 * what is missing must be more than this, and more than this part. */
#define MIN_MISSING (2 * SECOND)
#define MIN_PART 50

ToolTrack *
tool_track_new (gfloat * embedding)
{
  ToolTrack *self = g_new0 (ToolTrack, 1);

  self->embedding = embedding;
  self->subject = TOOL_NOBODY;
  self->distance = NAN;
  return self;
}

void
tool_track_free (ToolTrack * self)
{
  if (self == NULL)
    return;
  g_free (self->embedding);
  g_clear_pointer (&self->shot, g_bytes_unref);
  g_free (self);
}

ToolScan *
tool_scan_new (const gchar * name, const gchar * path)
{
  ToolScan *self = g_new0 (ToolScan, 1);
  GStatBuf info;

  if (g_stat (path, &info) == 0) {
    self->size = (guint64) info.st_size;
    self->changed = (gint64) info.st_mtim.tv_sec * G_USEC_PER_SEC
        + info.st_mtim.tv_nsec / 1000;
  }
  self->name = g_strdup (name);
  self->path = g_strdup (path);
  self->tracks =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tool_track_free);
  return self;
}

void
tool_scan_free (ToolScan * self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->path);
  g_ptr_array_unref (self->tracks);
  g_clear_error (&self->error);
  g_free (self);
}

void
tool_scan_check_length (ToolScan * self)
{
  guint64 missing = self->length - MIN (self->duration, self->length);

  if (self->error || missing <= MIN_MISSING
      || missing <= self->length / MIN_PART)
    return;
  g_set_error (&self->error, FACENET_ERROR, FACENET_ERROR_TRUNCATED,
      "%s: its pictures end after %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
      " s: is it cut off?", self->name, self->duration / SECOND,
      self->length / SECOND);
}
