/* encoder.c - from an image file to the embeddings of its faces
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * decode -> find the faces -> encode them, all of an image at once. With
 * --cropped the whole image is the frame of one face.
 */
#include "encoder.h"
#include "common/console.h"
#include "finder.h"
#include "base/facenet-json-writer.h"

#include <gst/gst.h>

#include <math.h>
#include <string.h>

struct _ToolEncoder
{
  ToolFinder *finder;
  FacenetEncoder *encoder;
};

ToolEncoder *
tool_encoder_new (const ToolOptions * options, GError ** error)
{
  g_autoptr (FacenetModel) model = NULL;

  gst_init (NULL, NULL);
  model = tool_options_load_model (options, error);
  return model ? tool_encoder_new_for_model (options, model, error) : NULL;
}

ToolEncoder *
tool_encoder_new_for_model (const ToolOptions * options, FacenetModel * model,
    GError ** error)
{
  g_autoptr (ToolEncoder) self = g_new0 (ToolEncoder, 1);

  self->encoder = facenet_encoder_new (model, (guint) options->threads, error);
  if (self->encoder == NULL)
    return NULL;
  self->finder = tool_finder_new (options, error);
  if (self->finder == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

void
tool_encoder_free (ToolEncoder * self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->finder, tool_finder_free);
  g_clear_pointer (&self->encoder, facenet_encoder_unref);
  g_free (self);
}

FacenetModel *
tool_encoder_get_model (const ToolEncoder * self)
{
  return facenet_encoder_get_model (self->encoder);
}

static void
clip_box (const FacenetRect * box, const ToolImage * image, ToolBox * clipped)
{
  gint right = MIN ((gint) (box->x + box->width + 0.5), image->width);
  gint bottom = MIN ((gint) (box->y + box->height + 0.5), image->height);

  clipped->x = (gint) (MAX (box->x, 0) + 0.5);
  clipped->y = (gint) (MAX (box->y, 0) + 0.5);
  clipped->width = right - clipped->x;
  clipped->height = bottom - clipped->y;
}

/* Encodes n_faces of the n_found faces of an image; (transfer full). */
static ToolFaces *
encode (ToolEncoder * self, const ToolImage * image, const FacenetFace * found,
    guint n_found, guint n_faces)
{
  const FacenetPixels pixels = { image->data, image->stride };
  const FacenetModel *model = facenet_encoder_get_model (self->encoder);
  const FacenetEncoding *encodings;
  FacenetImage source;
  ToolFaces *faces = g_new0 (ToolFaces, 1);

  facenet_image_init_rgb (&source, &pixels, image->width, image->height);
  encodings = tool_finder_is_cropped (self->finder)
      ? facenet_encoder_encode_rect (self->encoder, &source, &found->box, 0)
      : facenet_encoder_encode (self->encoder, &source, found, n_faces);
  faces->n_found = n_found;
  faces->n_faces = n_faces;
  faces->n_dims = facenet_model_get_dims (model);
  faces->boxes = g_new0 (ToolBox, n_faces);
  faces->qualities = g_new0 (gdouble, n_faces);
  faces->embeddings = g_new0 (gfloat, (gsize) n_faces * faces->n_dims);
  for (guint i = 0; i < n_faces; i++) {
    clip_box (&found[i].box, image, &faces->boxes[i]);
    faces->qualities[i] = encodings[i].quality;
    memcpy (faces->embeddings + (gsize) i * faces->n_dims,
        encodings[i].embedding, faces->n_dims * sizeof (gfloat));
  }
  return faces;
}

ToolFaces *
tool_encoder_find (ToolEncoder * self, const ToolImage * image, guint max_faces)
{
  guint n_found;
  const FacenetFace *found = tool_finder_find (self->finder, image, &n_found);

  return encode (self, image, found, n_found,
      max_faces > 0 ? MIN (n_found, max_faces) : n_found);
}

ToolFaces *
tool_encoder_find_central (ToolEncoder * self, const ToolImage * image)
{
  guint n_found;
  const FacenetFace *found = tool_finder_find (self->finder, image, &n_found);
  const FacenetFace *central = NULL;
  gdouble least = (gdouble) INFINITY;

  for (guint i = 0; i < n_found; i++) {
    const FacenetFace *face = &found[i];
    gdouble distance =
        hypot (face->box.x + face->box.width / 2 - image->width / 2.0,
        face->box.y + face->box.height / 2 - image->height / 2.0);

    if (distance < least) {
      least = distance;
      central = face;
    }
  }
  return encode (self, image, central, n_found, central ? 1 : 0);
}

ToolFaces *
tool_encoder_read (ToolEncoder * self, const gchar * location, guint max_faces,
    GError ** error)
{
  g_autoptr (ToolImage) image = tool_image_load (location, error);

  return image ? tool_encoder_find (self, image, max_faces) : NULL;
}

ToolFaces *
tool_encoder_read_one (ToolEncoder * self, const gchar * location,
    GError ** error)
{
  g_autoptr (ToolFaces) faces = tool_encoder_read (self, location, 1, error);
  g_autofree gchar *name = g_filename_display_name (location);

  if (faces == NULL)
    return NULL;
  if (faces->n_faces == 0) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "%s: no face found", name);
    return NULL;
  }
  if (faces->n_found > 1)
    tool_message ("%s: %u faces, the largest is taken", name, faces->n_found);
  return g_steal_pointer (&faces);
}

void
tool_faces_free (ToolFaces * self)
{
  if (self == NULL)
    return;
  g_free (self->boxes);
  g_free (self->qualities);
  g_free (self->embeddings);
  g_free (self);
}

void
tool_box_add_json (const ToolBox * self, GString * json)
{
  facenet_json_open_object (json, "box");
  facenet_json_add_uint (json, "x", (guint64) self->x);
  facenet_json_add_uint (json, "y", (guint64) self->y);
  facenet_json_add_uint (json, "width", (guint64) self->width);
  facenet_json_add_uint (json, "height", (guint64) self->height);
  facenet_json_close_object (json);
}
