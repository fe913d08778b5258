/* facenet-aligner.c - how a face lies, by a shape predictor of dlib's
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * An ensemble of regression trees (Kazemi and Sullivan, "One millisecond face
 * alignment with an ensemble of regression trees", CVPR 2014, section 2) begins
 * with the mean shape in a box. Each stage looks at pixels beside the points
 * found so far, and each of its trees adds a correction to all points, chosen
 * by differences of pixels. The offsets of the pixels turn and scale with the
 * shape.
 *
 * The trees were trained on the boxes of dlib's detector and on upright faces.
 * OpenFace's template, which is the model's frame, is made of their mean shape,
 * so where the box lies in the frame is known. The points are looked for as
 * the frame says that the face lies, turned too, and those that are found give
 * a better frame. Two rounds: the first from the detector's box, the second
 * from the first. Both look at one grey copy of the face and its surroundings
 * of fixed size, in which the pixels of large faces are averaged.
 */
#include "image/facenet-aligner-private.h"

#include <math.h>
#include <string.h>

#include "image/facenet-landmarks-private.h"
#include "image/facenet-warper-private.h"

/* Pixels of the first frame in the grey copy, and how much more it shows on
 * each side, in sides of the frame. */
#define FRAME_PIXELS 128
#define MARGIN 0.75
#define PATCH_SIDE ((guint) (FRAME_PIXELS * (1.0 + 2.0 * MARGIN)))

#define N_ROUNDS 2

/* OpenFace's template (Amos et al., openface/align_dlib.py): corners of the
 * rectangle around the mean shape of 68 points, in dlib's box. In the frame,
 * pixel centres are at integers of 96. */
#define TEMPLATE_LEFT 0.0792396913815
#define TEMPLATE_TOP 0.182360984545
#define TEMPLATE_RIGHT 0.971193274221
#define TEMPLATE_BOTTOM 1.06080371126
#define HALF_PIXEL (0.5 / 96.0)

/* The points that frame a face, outer corners of the eyes and base of the
 * nose, and where the mean shape has them in dlib's box. */
static const guint frame_points[] = { 36, 45, 33 };

/* *INDENT-OFF* */
static const FacenetPoint template_points[] = {
  { 0.252418718401, 0.331052263829 },
  { 0.782865376271, 0.321305281656 },
  { 0.520712933176, 0.634268222208 },
};
/* *INDENT-ON* */

#define N_FRAME_POINTS G_N_ELEMENTS (frame_points)

struct _FacenetAligner
{
  FacenetLandmarks *landmarks;
  FacenetWarper *warper;
  FacenetRect patch_rect;       /* of the picture */
  gfloat *patch;                /* [3,PATCH_SIDE,PATCH_SIDE] */
  gfloat *values;               /* [n_features], grey levels */
  guint *leaves;                /* [n_trees] */
  gfloat shape[FACENET_SHAPE_SIZE];     /* in dlib's box */
};

/* Four numbers of a shape as one register. */
typedef gfloat Vector __attribute__((vector_size (16), aligned (4)));
#define N_VECTORS (FACENET_SHAPE_SIZE / 4)

/* From dlib's box to the frame, both with sides of 1. */
static FacenetPoint
box_to_frame (gdouble x, gdouble y)
{
  FacenetPoint point;

  point.x = (x - TEMPLATE_LEFT) / (TEMPLATE_RIGHT - TEMPLATE_LEFT)
      + HALF_PIXEL;
  point.y = (y - TEMPLATE_TOP) / (TEMPLATE_BOTTOM - TEMPLATE_TOP)
      + HALF_PIXEL;
  return point;
}

FacenetAligner *
facenet_aligner_new (FacenetLandmarks * landmarks)
{
  FacenetAligner *self;
  guint n_features = 0, n_trees = 0;
  guint i;

  for (i = 0; i < landmarks->n_stages; i++) {
    n_features = MAX (n_features, landmarks->stages[i].n_features);
    n_trees = MAX (n_trees, landmarks->stages[i].n_trees);
  }
  self = g_new0 (FacenetAligner, 1);
  self->landmarks = facenet_landmarks_ref (landmarks);
  self->warper = facenet_warper_new (PATCH_SIDE, PATCH_SIDE);
  self->patch = g_new (gfloat, 3 * PATCH_SIDE * PATCH_SIDE);
  self->values = g_new (gfloat, n_features);
  self->leaves = g_new (guint, n_trees);
  return self;
}

void
facenet_aligner_free (FacenetAligner * self)
{
  if (self == NULL)
    return;
  facenet_landmarks_unref (self->landmarks);
  facenet_warper_free (self->warper);
  g_free (self->patch);
  g_free (self->values);
  g_free (self->leaves);
  g_free (self);
}

/* Copies the face and its surroundings, as grey levels, to the first plane. */
static void
cut_patch (FacenetAligner * self, const FacenetImage * image,
    const FacenetRect * guess)
{
  const gsize n = (gsize) PATCH_SIDE * PATCH_SIDE;
  gsize i;

  self->patch_rect.x = guess->x - MARGIN * guess->width;
  self->patch_rect.y = guess->y - MARGIN * guess->height;
  self->patch_rect.width = guess->width * (1.0 + 2.0 * MARGIN);
  self->patch_rect.height = guess->height * (1.0 + 2.0 * MARGIN);
  facenet_warper_crop_rect (self->warper, image, &self->patch_rect,
      self->patch);
  for (i = 0; i < n; i++)
    self->patch[i] = (self->patch[i] + self->patch[n + i]
        + self->patch[2 * n + i]) * (255.0f / 3.0f);
}

/* The map from dlib's box, laid where the frame says, to pixels of the patch. */
static void
find_box (const FacenetAligner * self, const FacenetAffine * frame,
    FacenetAffine * box)
{
  const FacenetRect *rect = &self->patch_rect;
  const gdouble sx = PATCH_SIDE / rect->width;
  const gdouble sy = PATCH_SIDE / rect->height;
  const FacenetPoint zero = box_to_frame (0.0, 0.0);
  const FacenetPoint one = box_to_frame (1.0, 1.0);
  FacenetPoint origin;

  facenet_affine_map (frame, &zero, &origin);
  box->xu = frame->xu * (one.x - zero.x) * sx;
  box->xv = frame->xv * (one.y - zero.y) * sx;
  box->x0 = (origin.x - rect->x) * sx;
  box->yu = frame->yu * (one.x - zero.x) * sy;
  box->yv = frame->yv * (one.y - zero.y) * sy;
  box->y0 = (origin.y - rect->y) * sy;
}

/* The grey level at a point of dlib's box, 0 beyond the patch. */
static gfloat
look (const FacenetAligner * self, const FacenetAffine * box, gfloat x,
    gfloat y)
{
  FacenetPoint point = { (gdouble) x, (gdouble) y };

  facenet_affine_map (box, &point, &point);
  if (!(point.x >= 0.0 && point.x < PATCH_SIDE && point.y >= 0.0
          && point.y < PATCH_SIDE))
    return 0.0f;
  return self->patch[(gsize) point.y * PATCH_SIDE + (gsize) point.x];
}

/* How the shape is turned and scaled against the mean shape: [a -b; b a]. */
static void
find_turn (const FacenetAligner * self, gfloat * a, gfloat * b)
{
  FacenetPoint from[FACENET_N_SHAPE_POINTS], to[FACENET_N_SHAPE_POINTS];
  FacenetAffine affine = {.xu = 1.0 };
  guint i;

  for (i = 0; i < FACENET_N_SHAPE_POINTS; i++) {
    from[i].x = (gdouble) self->landmarks->mean[2 * i];
    from[i].y = (gdouble) self->landmarks->mean[2 * i + 1];
    to[i].x = (gdouble) self->shape[2 * i];
    to[i].y = (gdouble) self->shape[2 * i + 1];
  }
  /* A shape that shrank to a point is not turned. */
  facenet_affine_from_points (&affine, from, to, FACENET_N_SHAPE_POINTS);
  *a = (gfloat) affine.xu;
  *b = (gfloat) affine.yu;
}

static void
look_at_features (FacenetAligner * self, const FacenetStage * stage,
    const FacenetAffine * box)
{
  gfloat a, b;
  guint i;

  find_turn (self, &a, &b);
  for (i = 0; i < stage->n_features; i++) {
    const FacenetFeature *feature = &stage->features[i];
    const gfloat *anchor = self->shape + 2 * feature->anchor;

    self->values[i] = look (self, box,
        anchor[0] + a * feature->dx - b * feature->dy,
        anchor[1] + b * feature->dx + a * feature->dy);
  }
}

/* Number of the leaf that the pixels lead to. */
static guint
climb (const FacenetSplit * splits, guint n_splits, const gfloat * values)
{
  guint i = 0;

  while (i < n_splits) {
    const FacenetSplit *split = &splits[i];

    i = 2 * i + (values[split->first] - values[split->second] >
        split->threshold ? 1 : 2);
  }
  return i - n_splits;
}

/* shape += change */
static void
add_shape (gfloat * shape, const gfloat * change)
{
  Vector *sum = (Vector *) shape;
  const Vector *term = (const Vector *) change;
  guint i;

  for (i = 0; i < N_VECTORS; i++)
    sum[i] += term[i];
}

/* The leaves lie all over the memory: all are found before the first is
 * needed, so that they are fetched while others are added. */
static void
run_stage (FacenetAligner * self, const FacenetStage * stage,
    const FacenetAffine * box)
{
  const guint n_leaves = self->landmarks->n_leaves;
  guint t;

  look_at_features (self, stage, box);
  for (t = 0; t < stage->n_trees; t++) {
    self->leaves[t] = t * n_leaves + climb (stage->splits
        + (gsize) t * (n_leaves - 1), n_leaves - 1, self->values);
    __builtin_prefetch (stage->leaves
        + (gsize) self->leaves[t] * FACENET_SHAPE_SIZE);
  }
  for (t = 0; t < stage->n_trees; t++)
    add_shape (self->shape, stage->leaves
        + (gsize) self->leaves[t] * FACENET_SHAPE_SIZE);
}

/* Finds the points of a face that fills the frame, and a better frame. */
static void
improve (FacenetAligner * self, FacenetAffine * frame, FacenetPoint * points)
{
  FacenetPoint from[N_FRAME_POINTS], to[N_FRAME_POINTS];
  FacenetAffine better, box;
  guint i;

  find_box (self, frame, &box);
  memcpy (self->shape, self->landmarks->mean, sizeof self->shape);
  for (i = 0; i < self->landmarks->n_stages; i++)
    run_stage (self, &self->landmarks->stages[i], &box);
  for (i = 0; i < FACENET_N_SHAPE_POINTS; i++) {
    points[i] = box_to_frame ((gdouble) self->shape[2 * i],
        (gdouble) self->shape[2 * i + 1]);
    facenet_affine_map (frame, &points[i], &points[i]);
  }
  for (i = 0; i < N_FRAME_POINTS; i++) {
    from[i] = box_to_frame (template_points[i].x, template_points[i].y);
    to[i] = points[frame_points[i]];
  }
  if (facenet_affine_from_points (&better, from, to, N_FRAME_POINTS))
    *frame = better;
}

void
facenet_aligner_align (FacenetAligner * self, const FacenetImage * image,
    const FacenetRect * guess, FacenetAffine * affine, FacenetPoint * points)
{
  FacenetPoint own[FACENET_N_SHAPE_POINTS];
  guint i;

  g_return_if_fail (guess->width > 0.0 && guess->height > 0.0);

  cut_patch (self, image, guess);
  facenet_affine_from_rect (affine, guess);
  for (i = 0; i < N_ROUNDS; i++)
    improve (self, affine, points != NULL ? points : own);
}
