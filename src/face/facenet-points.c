/* facenet-points.c - the landmarks of faces that were found
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A square around the centre of the box, somewhat larger than it, becomes
 * 64x64 pixels of R, G, B in [-1,1]. The network gives a score and for each
 * landmark x and y from the centre of the square, in its sides.
 */
#include "face/facenet-points-private.h"

#include "image/facenet-warper-private.h"
#include "network/facenet-reference-private.h"

#include <math.h>
#include <string.h>

/* Side of the square over the longer side of the box, as in training. */
#define CROP_SCALE 1.3
/* Each face goes through twice, as it is and mirrored; the mean of both places
 * landmarks better: their median error falls by a tenth. */
#define FACES_PER_TASK (FACENET_GROUP / 2)
#define FACE_FLOATS (3 * FACENET_POINTS_SIDE * FACENET_POINTS_SIDE)

/* Which landmark each is in a mirrored picture. */
static const guint mirrored[FACENET_N_LANDMARKS] = { 1, 0, 2, 4, 3 };

/* What one thread works with. */
typedef struct
{
  FacenetWarper *warper;
  gfloat *faces;                /* [FACENET_GROUP,3,64,64] */
  gfloat *arena;
} PointsWorker;

struct _FacenetPoints
{
  const FacenetCompiled *network;
  PointsWorker *workers;        /* [n_threads] */
  guint n_threads;
};

/* What the threads of one call share. */
typedef struct
{
  FacenetPoints *self;
  gfloat **scratch;
  const FacenetImage *image;
  FacenetFace *faces;
  guint n;
} PointsBatch;

FacenetPoints *
facenet_points_new (const FacenetDetectorModel * model, guint n_threads)
{
  FacenetPoints *self = g_new0 (FacenetPoints, 1);
  const FacenetCompiled *network = &model->points;

  self->network = network;
  self->n_threads = n_threads;
  self->workers = g_new0 (PointsWorker, n_threads);
  for (guint i = 0; i < n_threads; i++) {
    PointsWorker *worker = &self->workers[i];

    worker->warper =
        facenet_warper_new (FACENET_POINTS_SIDE, FACENET_POINTS_SIDE);
    worker->faces = facenet_arena_alloc (FACENET_GROUP * FACE_FLOATS);
    worker->arena = facenet_arena_alloc (network->program != NULL ?
        network->program->arena_floats : network->plan->arena_floats);
  }
  return self;
}

void
facenet_points_free (FacenetPoints * self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_threads; i++) {
    facenet_warper_free (self->workers[i].warper);
    facenet_arena_free (self->workers[i].faces);
    facenet_arena_free (self->workers[i].arena);
  }
  g_free (self->workers);
  g_free (self);
}

static FacenetRect
find_square (const FacenetRect * box)
{
  const gdouble side = CROP_SCALE * MAX (box->width, box->height);
  const FacenetRect square = { box->x + 0.5 * (box->width - side),
    box->y + 0.5 * (box->height - side), side, side
  };

  return square;
}

/* face: [2,3,64,64], the crop and its mirror image */
static void
crop (PointsWorker * worker, const FacenetImage * image,
    const FacenetRect * box, gfloat * face)
{
  const FacenetRect square = find_square (box);
  gfloat *mirror = face + FACE_FLOATS;

  facenet_warper_crop_rect (worker->warper, image, &square, face);
  for (guint i = 0; i < FACE_FLOATS; i++)
    face[i] = 2.0f * face[i] - 1.0f;
  for (guint row = 0; row < FACE_FLOATS; row += FACENET_POINTS_SIDE)
    for (guint x = 0; x < FACENET_POINTS_SIDE; x++)
      mirror[row + x] = face[row + FACENET_POINTS_SIDE - 1 - x];
}

/* The mean of what a crop and its mirror image give. values: [2,11]; the first
 * are replaced */
static void
merge_values (gfloat * values)
{
  const gfloat *mirror = values + FACENET_N_POINT_VALUES;

  values[0] = 0.5f * (values[0] + mirror[0]);
  for (guint k = 0; k < FACENET_N_LANDMARKS; k++) {
    const gfloat *other = mirror + 1 + 2 * mirrored[k];

    values[1 + 2 * k] = 0.5f * (values[1 + 2 * k] - other[0]);
    values[2 + 2 * k] = 0.5f * (values[2 + 2 * k] + other[1]);
  }
}

gdouble
facenet_points_get_confidence (gdouble score, gdouble logit)
{
  return sqrt (score / (1.0 + exp (-logit)));
}

gdouble
facenet_points_get_least_score (gdouble confidence)
{
  return confidence * confidence;
}

/* values: [11] */
static void
use_values (FacenetFace * face, const gfloat * values)
{
  const FacenetRect square = find_square (&face->box);

  for (guint i = 0; i < FACENET_N_POINT_VALUES; i++)
    if (!isfinite (values[i]))
      return;
  face->confidence =
      facenet_points_get_confidence (face->confidence, (gdouble) values[0]);
  face->has_landmarks = TRUE;
  for (guint k = 0; k < FACENET_N_LANDMARKS; k++) {
    face->landmarks[k].x = square.x +
        square.width * (0.5 + (gdouble) values[1 + 2 * k]);
    face->landmarks[k].y = square.y +
        square.height * (0.5 + (gdouble) values[2 + 2 * k]);
  }
}

/* out: [n, 11] */
static void
run_network (const PointsBatch * batch, guint thread, guint n, gfloat * out)
{
  const FacenetCompiled *network = batch->self->network;
  const PointsWorker *worker = &batch->self->workers[thread];
  FacenetTeam team = {.program = network->program,.arena = worker->arena,
    .n_threads = 1,.scratch = batch->scratch + thread,
    .faces = worker->faces,.n_faces = n,.embeddings = out
  };

  if (network->program != NULL) {
    facenet_team_run (&team, 0);
    return;
  }
  for (guint i = 0; i < n; i++) {
    facenet_reference_run_steps (network->plan, network->folded,
        worker->faces + i * FACE_FLOATS, worker->arena, NULL, NULL);
    memcpy (out + i * FACENET_N_POINT_VALUES,
        facenet_reference_get_map (network->plan, worker->arena,
            network->plan->output), FACENET_N_POINT_VALUES * sizeof *out);
  }
}

/* A task: as many faces as go through together. */
static void
find_group (gpointer data, guint task, guint thread)
{
  const PointsBatch *batch = data;
  PointsWorker *worker = &batch->self->workers[thread];
  FacenetFace *faces = batch->faces + task * FACES_PER_TASK;
  guint n = MIN (FACES_PER_TASK, batch->n - task * FACES_PER_TASK);
  gfloat out[FACENET_GROUP * FACENET_N_POINT_VALUES];

  for (guint i = 0; i < n; i++)
    crop (worker, batch->image, &faces[i].box,
        worker->faces + 2 * i * FACE_FLOATS);
  run_network (batch, thread, 2 * n, out);
  for (guint i = 0; i < n; i++) {
    gfloat *values = out + 2 * i * FACENET_N_POINT_VALUES;

    merge_values (values);
    use_values (&faces[i], values);
  }
}

void
facenet_points_find (FacenetPoints * self, FacenetPool * pool,
    gfloat ** scratch, const FacenetImage * image, FacenetFace * faces, guint n)
{
  PointsBatch batch = { self, scratch, image, faces, n };

  if (n > 0)
    facenet_pool_run (pool, find_group, &batch,
        (n + FACES_PER_TASK - 1) / FACES_PER_TASK);
}
