/* facenet-cropper.c - from a face in a picture to the network's input
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The network knows faces that lie in its input as those did that it was
 * trained on. Where that frame lies in a picture follows, in this order, from
 *
 *   five landmarks of the face: the similarity that takes the template below
 *     to them, by least squares (facenet-affine.c);
 *   68 points that a shape predictor finds in the pixels (facenet-aligner.c);
 *   the detector's box, scaled and moved.
 *
 * Landmarks that are not those of a face in its box would cut out something
 * else. They are ignored where one lies outside twice the box or is no number,
 * where the frame would be far smaller or larger than the box, or where they
 * lie otherwise than in the template: with n the sum of squares of its points
 * and m that of the landmarks, both about their means, and s the scale of the
 * similarity, s^2 n / m is the share of m that the similarity explains. It is 1
 * for the template itself, 0.59 for a full profile, whose eyes and corners of
 * the mouth coincide, and 0.03 where left and right are swapped.
 */
#include <facenet/facenet-cropper.h>

#include <math.h>

#include "image/facenet-aligner-private.h"
#include "image/facenet-warper-private.h"

/* Side of the frame over the side of the box, at least and at most. */
#define MIN_FRAME 0.25
#define MAX_FRAME 4.0
#define MIN_EXPLAINED 0.3
/* How far a landmark may lie from the centre of its box, in boxes. */
#define MAX_DISTANCE 1.0

/* Where a face has its landmarks in the frame: means over 1,198 faces of the
 * shipped model's training set, as it was trained on them, of 68 points that a
 * shape predictor found on each and on its mirror image; an eye is the mean of
 * its six. Standard deviations: eyes 1.0 and 1.1, nose 4.2 and 3.1, mouth 3.6
 * and 3.3 pixels along x and y. Pixel i covers [i, i+1). */
#define TEMPLATE_SIDE 96.0

/* *INDENT-OFF* */
static const FacenetPoint template_points[FACENET_N_LANDMARKS] = {
  { 27.66, 17.46 },
  { 69.66, 16.49 },
  { 49.27, 43.16 },
  { 31.37, 61.65 },
  { 68.09, 60.82 },
};
/* *INDENT-ON* */

struct _FacenetCropper
{
  gdouble scale, offset_y;      /* from a box to the frame */
  gboolean align;
  FacenetWarper *warper;
  FacenetAligner *aligner;      /* NULL without a shape predictor */
};

/**
 * facenet_rect_from_box:
 * @rect: (out caller-allocates): the square to crop
 * @box: what a detector calls the face
 * @scale: side of the crop over the side of the box, > 0; for the shipped
 *   model behind OpenCV's frontal-face cascade %FACENET_ROI_SCALE
 * @offset_y: how far the centre of the crop lies below the centre of the box,
 *   in sides of the box; there %FACENET_ROI_OFFSET_Y
 *
 * Finds the square that a model expects around a detected face. The side of a
 * box is the mean of its width and its height.
 *
 * Since: 0.1
 */
void
facenet_rect_from_box (FacenetRect * rect, const FacenetRect * box,
    gdouble scale, gdouble offset_y)
{
  gdouble box_side, side;

  g_return_if_fail (rect != NULL && box != NULL);

  box_side = 0.5 * (box->width + box->height);
  side = scale * box_side;
  /* rect may be box. */
  rect->x = box->x + 0.5 * (box->width - side);
  rect->y = box->y + 0.5 * (box->height - side) + offset_y * box_side;
  rect->width = rect->height = side;
}

/**
 * facenet_cropper_new: (skip)
 * @height: rows of a crop, > 0
 * @width: columns of a crop, > 0
 *
 * Makes a cropper that aligns faces by their landmarks, and frames boxes for
 * the shipped model behind OpenCV's frontal-face cascade. Its scratch memory of
 * about 40 KB grows with the largest face, up to 3 MB for 96x96 pixels of one
 * that is turned.
 *
 * Returns: (transfer full): a cropper, for one thread at a time
 *
 * Since: 0.1
 */
FacenetCropper *
facenet_cropper_new (guint height, guint width)
{
  FacenetCropper *self;

  g_return_val_if_fail (height > 0 && width > 0, NULL);

  self = g_new0 (FacenetCropper, 1);
  self->scale = FACENET_ROI_SCALE;
  self->offset_y = FACENET_ROI_OFFSET_Y;
  self->align = TRUE;
  self->warper = facenet_warper_new (height, width);
  return self;
}

/**
 * facenet_cropper_free: (skip)
 * @self: (transfer full) (nullable): a cropper
 *
 * Frees a cropper.
 *
 * Since: 0.1
 */
void
facenet_cropper_free (FacenetCropper * self)
{
  if (self == NULL)
    return;
  facenet_warper_free (self->warper);
  facenet_aligner_free (self->aligner);
  g_free (self);
}

/**
 * facenet_cropper_set_framing: (skip)
 * @self: a cropper
 * @scale: side of the crop over the side of the box, > 0
 * @offset_y: how far the centre of the crop lies below the centre of the box,
 *   in sides of the box
 *
 * Says where in a detector's box the frame lies, for faces that are not
 * aligned; see facenet_rect_from_box(). It holds from the next face on.
 *
 * Since: 0.1
 */
void
facenet_cropper_set_framing (FacenetCropper * self, gdouble scale,
    gdouble offset_y)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (isfinite (scale) && scale > 0.0 && isfinite (offset_y));

  self->scale = scale;
  self->offset_y = offset_y;
}

/**
 * facenet_cropper_set_align: (skip)
 * @self: a cropper
 * @align: %FALSE to frame all faces by their boxes
 *
 * Says whether faces are turned upright by landmarks; a new cropper does.
 *
 * Since: 0.1
 */
void
facenet_cropper_set_align (FacenetCropper * self, gboolean align)
{
  g_return_if_fail (self != NULL);

  self->align = align;
}

/**
 * facenet_cropper_set_landmarks: (skip)
 * @self: a cropper
 * @landmarks: (nullable): a shape predictor, a reference is kept; %NULL, as in
 *   a new cropper, for none
 *
 * Says what is to find the points of faces that come without landmarks. It
 * takes 1.3 MB and 3 ms a face.
 *
 * Since: 0.1
 */
void
facenet_cropper_set_landmarks (FacenetCropper * self,
    FacenetLandmarks * landmarks)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->aligner, facenet_aligner_free);
  if (landmarks != NULL)
    self->aligner = facenet_aligner_new (landmarks);
}

/* FALSE for NaN. */
static gboolean
is_near_box (const FacenetPoint * point, const FacenetRect * box)
{
  const gdouble x = point->x - (box->x + 0.5 * box->width);
  const gdouble y = point->y - (box->y + 0.5 * box->height);

  return fabs (x) <= MAX_DISTANCE * box->width
      && fabs (y) <= MAX_DISTANCE * box->height;
}

/* Sum of squares about the mean. */
static gdouble
find_spread (const FacenetPoint * points, guint n_points)
{
  FacenetPoint mean = { 0.0, 0.0 };
  gdouble sum = 0.0;

  for (guint i = 0; i < n_points; i++) {
    mean.x += points[i].x / n_points;
    mean.y += points[i].y / n_points;
  }
  for (guint i = 0; i < n_points; i++) {
    const gdouble x = points[i].x - mean.x, y = points[i].y - mean.y;

    sum += x * x + y * y;
  }
  return sum;
}

/* FALSE if these are not the landmarks of a face in its box. */
static gboolean
place_by_landmarks (const FacenetFace * face, FacenetAffine * frame)
{
  const gdouble box_side = 0.5 * (face->box.width + face->box.height);
  FacenetPoint from[FACENET_N_LANDMARKS];
  FacenetAffine found;
  gdouble side;

  for (guint i = 0; i < FACENET_N_LANDMARKS; i++) {
    if (!is_near_box (&face->landmarks[i], &face->box))
      return FALSE;
    from[i].x = template_points[i].x / TEMPLATE_SIDE;
    from[i].y = template_points[i].y / TEMPLATE_SIDE;
  }
  if (!facenet_affine_from_points (&found, from, face->landmarks,
          FACENET_N_LANDMARKS))
    return FALSE;
  side = facenet_affine_get_side (&found);
  if (side < MIN_FRAME * box_side || side > MAX_FRAME * box_side
      || side * side * find_spread (from, FACENET_N_LANDMARKS) <
      MIN_EXPLAINED * find_spread (face->landmarks, FACENET_N_LANDMARKS))
    return FALSE;
  *frame = found;
  return TRUE;
}

/* Finds where a face lies of which rect is a first guess. */
static void
place_by_pixels (FacenetCropper * self, const FacenetImage * image,
    const FacenetRect * rect, FacenetCrop * crop)
{
  if (self->align && self->aligner != NULL) {
    facenet_aligner_align (self->aligner, image, rect, &crop->frame, NULL);
    crop->aligned = TRUE;
  } else {
    facenet_affine_from_rect (&crop->frame, rect);
    crop->aligned = FALSE;
  }
}

/**
 * facenet_cropper_place_face: (skip)
 * @self: a cropper
 * @image: the picture
 * @face: where the face is: finite numbers, sides of the box > 0
 * @crop: (out caller-allocates): where facenet_cropper_crop_face() would crop it
 *
 * Finds where the frame of a face lies, without cropping it.
 *
 * Since: 0.1
 */
void
facenet_cropper_place_face (FacenetCropper * self, const FacenetImage * image,
    const FacenetFace * face, FacenetCrop * crop)
{
  FacenetRect rect;

  g_return_if_fail (self != NULL && image != NULL && image->read_row != NULL);
  g_return_if_fail (face != NULL && crop != NULL);
  g_return_if_fail (face->box.width > 0.0 && face->box.height > 0.0);

  crop->aligned = self->align && face->has_landmarks
      && place_by_landmarks (face, &crop->frame);
  crop->landmarks_ignored = self->align && face->has_landmarks
      && !crop->aligned;
  if (!crop->aligned) {
    facenet_rect_from_box (&rect, &face->box, self->scale, self->offset_y);
    place_by_pixels (self, image, &rect, crop);
  }
}

/**
 * facenet_cropper_crop_face: (skip)
 * @self: a cropper of height h and width w
 * @image: the picture
 * @face: where the face is: finite numbers, sides of the box > 0. It may reach
 *   beyond the picture, whose edge pixels are then repeated
 * @pixels: (out caller-allocates): [3,h,w] floats, planes R, G, B in [0,1]
 * @crop: (out caller-allocates) (nullable): where it is from
 *
 * Crops a face as the network expects it: turned, scaled and moved by its
 * landmarks if it has them, else by a shape predictor if there is one, else by
 * its box.
 *
 * Allocates nothing if the face is not larger than those before.
 *
 * Since: 0.1
 */
void
facenet_cropper_crop_face (FacenetCropper * self, const FacenetImage * image,
    const FacenetFace * face, gfloat * pixels, FacenetCrop * crop)
{
  FacenetCrop own;

  g_return_if_fail (self != NULL && image != NULL && image->read_row != NULL);
  g_return_if_fail (face != NULL && pixels != NULL);
  g_return_if_fail (face->box.width > 0.0 && face->box.height > 0.0);

  if (crop == NULL)
    crop = &own;
  facenet_cropper_place_face (self, image, face, crop);
  facenet_warper_crop (self->warper, image, &crop->frame, pixels);
}

/**
 * facenet_cropper_crop_rect: (skip)
 * @self: a cropper of height h and width w
 * @image: the picture
 * @rect: what to crop; finite numbers, sides > 0. It may reach beyond the
 *   picture or lie wholly outside, the edge pixels are repeated
 * @pixels: (out caller-allocates): [3,h,w] floats, planes R, G, B in [0,1]
 * @crop: (out caller-allocates) (nullable): where it is from
 *
 * Crops a rectangle that is the frame of a face already. If there is a shape
 * predictor, it is where the predictor begins. Output pixel i covers [i, i+1)
 * times the scale of @rect; its value is the area average of the picture when
 * shrinking, the bilinear interpolation between pixel centres when enlarging.
 *
 * Since: 0.1
 */
void
facenet_cropper_crop_rect (FacenetCropper * self, const FacenetImage * image,
    const FacenetRect * rect, gfloat * pixels, FacenetCrop * crop)
{
  FacenetCrop own;

  g_return_if_fail (self != NULL && image != NULL && image->read_row != NULL);
  g_return_if_fail (rect != NULL && pixels != NULL);
  g_return_if_fail (rect->width > 0.0 && rect->height > 0.0);

  if (crop == NULL)
    crop = &own;
  crop->landmarks_ignored = FALSE;
  place_by_pixels (self, image, rect, crop);
  facenet_warper_crop (self->warper, image, &crop->frame, pixels);
}
