/* cropper.c - faces cut out of pictures
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * detect -> crop to the frame the model was trained on. With --cropped the
 * whole picture is that frame. With --align that is only where to begin.
 */
#include "cropper.h"
#include "detect.h"

#include <facenet/facenet-quality.h>

#include <math.h>

struct _ToolCropper
{
  FacenetWarper *warper;
  FacenetAligner *aligner;      /* with --align, else NULL */
  ToolDetector *detector;       /* NULL with --cropped */
  guint c, h, w;                /* of one crop */
};

FacenetLandmarks *
tool_cropper_load_landmarks (GError ** error)
{
  FacenetLandmarks *landmarks = facenet_landmarks_load (NULL, error);

  if (landmarks == NULL)
    g_prefix_error (error, "--align: ");
  return landmarks;
}

static FacenetAligner *
new_aligner (GError ** error)
{
  g_autoptr (FacenetLandmarks) landmarks = tool_cropper_load_landmarks (error);

  return landmarks ? facenet_aligner_new (landmarks) : NULL;
}

ToolCropper *
tool_cropper_new (const FacenetModel * model, const ToolOptions * options,
    GError ** error)
{
  g_autoptr (ToolCropper) self = g_new0 (ToolCropper, 1);

  if (!options->cropped) {
    self->detector = tool_detector_new (error);
    if (self->detector == NULL)
      return NULL;
  }
  if (options->align) {
    self->aligner = new_aligner (error);
    if (self->aligner == NULL)
      return NULL;
  }
  facenet_model_get_input_shape (model, &self->c, &self->h, &self->w);
  self->warper = facenet_warper_new (self->h, self->w);
  return g_steal_pointer (&self);
}

void
tool_cropper_free (ToolCropper * self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->detector, tool_detector_free);
  g_clear_pointer (&self->aligner, facenet_aligner_free);
  g_clear_pointer (&self->warper, facenet_warper_free);
  g_free (self);
}

void
tool_cropper_set_video (ToolCropper * self, gint max_side)
{
  if (self->detector)
    tool_detector_set_video (self->detector, max_side);
}

gsize
tool_cropper_get_face_size (const ToolCropper * self)
{
  return (gsize) self->c * self->h * self->w;
}

GArray *
tool_cropper_find (ToolCropper * self, const ToolImage * image, GError ** error)
{
  FacenetRect whole = { 0, 0, image->width, image->height };
  GArray *boxes;

  if (self->detector)
    return tool_detector_find (self->detector, image, error);
  boxes = g_array_new (FALSE, FALSE, sizeof (FacenetRect));
  g_array_append_val (boxes, whole);
  return boxes;
}

void
tool_cropper_get_frame (const ToolCropper * self, const FacenetRect * box,
    FacenetRect * frame)
{
  *frame = *box;
  if (self->detector)
    facenet_rect_from_box (frame, box, FACENET_ROI_SCALE, FACENET_ROI_OFFSET_Y);
}

gdouble
tool_cropper_crop (ToolCropper * self, const ToolImage * image,
    const FacenetRect * box, gfloat * face)
{
  FacenetQuality quality;
  FacenetPixels pixels = { image->data, image->stride };
  FacenetImage source;
  FacenetRect frame;
  FacenetAffine affine;

  tool_cropper_get_frame (self, box, &frame);
  facenet_image_init_rgb (&source, &pixels, image->width, image->height);
  facenet_affine_from_rect (&affine, &frame);
  if (self->aligner)
    facenet_aligner_align (self->aligner, &source, &frame, &affine, NULL);
  facenet_warper_crop (self->warper, &source, &affine, face);
  facenet_quality_measure (&quality, face, self->h, self->w,
      MIN (hypot (affine.xu, affine.yu), hypot (affine.xv, affine.yv)));
  return quality.score;
}
