/* encoder.c - from an image file to the embeddings of its faces
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * decode -> detect -> crop to the frame the model was trained on -> embed, all
 * faces of an image at once. With --cropped the whole image is that frame.
 */
#include "encoder.h"
#include "common/console.h"
#include "cropper.h"
#include "base/facenet-json-writer.h"

#include <gst/gst.h>

struct _ToolEncoder
{
  FacenetModel *model;
  FacenetSession *session;
  ToolCropper *cropper;
};

ToolEncoder *
tool_encoder_new (const ToolOptions * options, GError ** error)
{
  g_autoptr (ToolEncoder) self = g_new0 (ToolEncoder, 1);

  gst_init (NULL, NULL);
  self->model = tool_options_load_model (options, error);
  if (self->model == NULL)
    return NULL;
  self->cropper = tool_cropper_new (self->model, options, error);
  if (self->cropper == NULL)
    return NULL;
  self->session = facenet_session_new (self->model, (guint) options->threads);
  return g_steal_pointer (&self);
}

ToolEncoder *
tool_encoder_new_for_video (const ToolOptions * options, FacenetModel * model,
    gint max_side, GError ** error)
{
  g_autoptr (ToolEncoder) self = g_new0 (ToolEncoder, 1);

  self->model = facenet_model_ref (model);
  self->cropper = tool_cropper_new (self->model, options, error);
  if (self->cropper == NULL)
    return NULL;
  tool_cropper_set_video (self->cropper, max_side);
  self->session = facenet_session_new (self->model, (guint) options->threads);
  return g_steal_pointer (&self);
}

void
tool_encoder_free (ToolEncoder * self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->cropper, tool_cropper_free);
  g_clear_pointer (&self->session, facenet_session_unref);
  g_clear_pointer (&self->model, facenet_model_unref);
  g_free (self);
}

FacenetModel *
tool_encoder_get_model (const ToolEncoder * self)
{
  return self->model;
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

ToolFaces *
tool_encoder_find (ToolEncoder * self, const ToolImage * image,
    guint max_faces, GError ** error)
{
  g_autoptr (ToolFaces) faces = NULL;
  g_autoptr (GArray) boxes = tool_cropper_find (self->cropper, image, error);
  g_autofree gfloat *crops = NULL;
  gsize face_size = tool_cropper_get_face_size (self->cropper);

  if (boxes == NULL)
    return NULL;

  faces = g_new0 (ToolFaces, 1);
  faces->n_found = boxes->len;
  faces->n_faces = max_faces > 0 ? MIN (boxes->len, max_faces) : boxes->len;
  faces->n_dims = facenet_model_get_dims (self->model);
  faces->boxes = g_new0 (ToolBox, faces->n_faces);
  faces->qualities = g_new0 (gdouble, faces->n_faces);
  faces->embeddings = g_new0 (gfloat, (gsize) faces->n_faces * faces->n_dims);
  crops = g_new (gfloat, faces->n_faces * face_size);
  for (guint i = 0; i < faces->n_faces; i++) {
    const FacenetRect *box = &g_array_index (boxes, FacenetRect, i);

    clip_box (box, image, &faces->boxes[i]);
    faces->qualities[i] = tool_cropper_crop (self->cropper, image, box,
        crops + i * face_size);
  }
  if (faces->n_faces > 0)
    facenet_session_embed (self->session, crops, faces->n_faces,
        faces->embeddings);
  return g_steal_pointer (&faces);
}

ToolFaces *
tool_encoder_read (ToolEncoder * self, const gchar * location, guint max_faces,
    GError ** error)
{
  g_autoptr (ToolImage) image = tool_image_load (location, error);

  return image ? tool_encoder_find (self, image, max_faces, error) : NULL;
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
