/* finder.c - the faces of a picture, as the options say
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "finder.h"

struct _ToolFinder
{
  FacenetDetector *detector;    /* NULL with --cropped */
  FacenetFace whole;            /* the picture as one face */
};

ToolFinder *
tool_finder_new (const ToolOptions * options, GError ** error)
{
  g_autoptr (ToolFinder) self = g_new0 (ToolFinder, 1);

  if (options->cropped)
    return g_steal_pointer (&self);
  self->detector = facenet_detector_new (options->detector,
      (guint) options->threads, error);
  if (self->detector == NULL)
    return NULL;
  if (options->detector_threshold > 0.0)
    facenet_detector_set_threshold (self->detector,
        options->detector_threshold);
  facenet_detector_set_min_face_size (self->detector,
      (guint) options->min_face_size);
  return g_steal_pointer (&self);
}

void
tool_finder_free (ToolFinder * self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->detector, facenet_detector_unref);
  g_free (self);
}

gboolean
tool_finder_is_cropped (const ToolFinder * self)
{
  return self->detector == NULL;
}

const gchar *
tool_finder_get_id (const ToolFinder * self)
{
  return self->detector ? facenet_detector_get_id (self->detector) : "cropped";
}

const FacenetFace *
tool_finder_find (ToolFinder * self, const ToolImage * image, guint * n_faces)
{
  const FacenetPixels pixels = { image->data, image->stride };
  FacenetImage source;

  if (self->detector == NULL) {
    self->whole.box.width = image->width;
    self->whole.box.height = image->height;
    *n_faces = 1;
    return &self->whole;
  }
  facenet_image_init_rgb (&source, &pixels, image->width, image->height);
  return facenet_detector_detect (self->detector, &source, n_faces);
}
