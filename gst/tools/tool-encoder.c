/* tool-encoder.c - from an image file to the embeddings of its faces
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * decode -> detect -> crop to the frame the model was trained on -> embed, all
 * faces of an image at once. With --cropped the whole image is that frame.
 */
#include "tool-encoder.h"
#include "tool-console.h"
#include "tool-detect.h"
#include "tool-json.h"

#include <facenet/facenet-quality.h>
#include <gst/gst.h>

struct _ToolEncoder
{
  FacenetModel *model;
  FacenetSession *session;
  FacenetCropper *cropper;
  ToolDetector *detector;       /* NULL with --cropped */
  guint h, w;                   /* of one crop */
  gsize face_size;              /* its floats, c * h * w */
};

ToolEncoder *
tool_encoder_new (const ToolOptions * options, GError ** error)
{
  g_autoptr (ToolEncoder) self = g_new0 (ToolEncoder, 1);
  guint c;

  gst_init (NULL, NULL);
  /* The detector first: whether it is installed is known at once. */
  if (!options->cropped) {
    self->detector = tool_detector_new (error);
    if (self->detector == NULL)
      return NULL;
  }
  self->model = tool_options_load_model (options, error);
  if (self->model == NULL)
    return NULL;
  facenet_model_get_input_shape (self->model, &c, &self->h, &self->w);
  self->face_size = (gsize) c *self->h * self->w;
  self->cropper = facenet_cropper_new (self->h, self->w);
  self->session = facenet_session_new (self->model, (guint) options->threads);
  return g_steal_pointer (&self);
}

void
tool_encoder_free (ToolEncoder * self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->detector, tool_detector_free);
  g_clear_pointer (&self->cropper, facenet_cropper_free);
  g_clear_pointer (&self->session, facenet_session_unref);
  g_clear_pointer (&self->model, facenet_model_unref);
  g_free (self);
}

FacenetModel *
tool_encoder_get_model (const ToolEncoder * self)
{
  return self->model;
}

/* Boxes of the faces and, in place of them, the frames to crop. */
static GArray *
find_faces (ToolEncoder * self, const ToolImage * image, GError ** error)
{
  FacenetRect whole = { 0, 0, image->width, image->height };
  GArray *boxes;

  if (self->detector)
    return tool_detector_find (self->detector, image, error);
  boxes = g_array_new (FALSE, FALSE, sizeof (FacenetRect));
  g_array_append_val (boxes, whole);
  return boxes;
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

/* Crops a face and returns its quality score. */
static gdouble
crop_face (ToolEncoder * self, const ToolImage * image,
    const FacenetRect * box, gfloat * face)
{
  FacenetQuality quality;
  FacenetPixels pixels = { image->data, image->stride };
  FacenetImage source;
  FacenetRect frame = *box;

  if (self->detector)
    facenet_rect_from_box (&frame, box, FACENET_ROI_SCALE,
        FACENET_ROI_OFFSET_Y);
  facenet_image_init_rgb (&source, &pixels, image->width, image->height);
  facenet_cropper_crop (self->cropper, &source, &frame, face);
  facenet_quality_measure (&quality, face, self->h, self->w,
      MIN (frame.width, frame.height));
  return quality.score;
}

ToolFaces *
tool_encoder_read (ToolEncoder * self, const gchar * location, guint max_faces,
    GError ** error)
{
  g_autoptr (ToolImage) image = tool_image_load (location, error);
  g_autoptr (ToolFaces) faces = NULL;
  g_autoptr (GArray) boxes = NULL;
  g_autofree gfloat *crops = NULL;

  if (image == NULL)
    return NULL;
  boxes = find_faces (self, image, error);
  if (boxes == NULL)
    return NULL;

  faces = g_new0 (ToolFaces, 1);
  faces->n_found = boxes->len;
  faces->n_faces = max_faces > 0 ? MIN (boxes->len, max_faces) : boxes->len;
  faces->n_dims = facenet_model_get_dims (self->model);
  faces->boxes = g_new0 (ToolBox, faces->n_faces);
  faces->qualities = g_new0 (gdouble, faces->n_faces);
  faces->embeddings = g_new0 (gfloat, (gsize) faces->n_faces * faces->n_dims);
  crops = g_new (gfloat, faces->n_faces * self->face_size);
  for (guint i = 0; i < faces->n_faces; i++) {
    const FacenetRect *box = &g_array_index (boxes, FacenetRect, i);

    clip_box (box, image, &faces->boxes[i]);
    faces->qualities[i] =
        crop_face (self, image, box, crops + i * self->face_size);
  }
  if (faces->n_faces > 0)
    facenet_session_embed (self->session, crops, faces->n_faces,
        faces->embeddings);
  return g_steal_pointer (&faces);
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
  tool_json_open_object (json, "box");
  tool_json_add_uint (json, "x", (guint64) self->x);
  tool_json_add_uint (json, "y", (guint64) self->y);
  tool_json_add_uint (json, "width", (guint64) self->width);
  tool_json_add_uint (json, "height", (guint64) self->height);
  tool_json_close_object (json);
}
