/* finder.c - the faces of a picture, as the options say
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "finder.h"
#include "detect.h"

struct _ToolFinder
{
  ToolDetector *detector;       /* NULL with --cropped */
};

ToolFinder *
tool_finder_new (const ToolOptions * options, GError ** error)
{
  g_autoptr (ToolFinder) self = g_new0 (ToolFinder, 1);

  if (!options->cropped) {
    self->detector = tool_detector_new (error);
    if (self->detector == NULL)
      return NULL;
  }
  return g_steal_pointer (&self);
}

void
tool_finder_free (ToolFinder * self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->detector, tool_detector_free);
  g_free (self);
}

void
tool_finder_set_video (ToolFinder * self, gint max_side)
{
  if (self->detector)
    tool_detector_set_video (self->detector, max_side);
}

gboolean
tool_finder_is_cropped (const ToolFinder * self)
{
  return self->detector == NULL;
}

GArray *
tool_finder_find (ToolFinder * self, const ToolImage * image, GError ** error)
{
  FacenetFace face = {.box = {0, 0, image->width, image->height} };
  g_autoptr (GArray) boxes = NULL;
  GArray *faces;

  if (self->detector) {
    boxes = tool_detector_find (self->detector, image, error);
    if (boxes == NULL)
      return NULL;
  }
  faces = g_array_new (FALSE, FALSE, sizeof (FacenetFace));
  if (boxes == NULL)
    g_array_append_val (faces, face);
  for (guint i = 0; boxes && i < boxes->len; i++) {
    face.box = g_array_index (boxes, FacenetRect, i);
    g_array_append_val (faces, face);
  }
  return faces;
}
