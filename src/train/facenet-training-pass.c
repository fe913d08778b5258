/* facenet-training-pass.c - a chunk of faces through the steps, there and back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * All maps of a chunk are [c,n,h,w]: a step's output is then a run of channels
 * of the block's, also for several faces, and nothing is concatenated.
 */
#include "train/facenet-training-private.h"

#include "train/facenet-backward-private.h"
#include "train/facenet-linear-private.h"

#include <string.h>

/* The map of a slot, for all faces of the chunk. */
static gfloat *
get_map (const FacenetTrainingChunk * chunk, guint slot)
{
  const FacenetTrainable *self = chunk->self;
  gfloat *base = self->kept[slot] ?
      self->kept_memory + chunk->first * self->kept_floats :
      chunk->worker->maps;

  return base + self->maps[slot].offset * chunk->n_faces;
}

static gfloat *
get_gradient (const FacenetTrainingChunk * chunk, guint slot)
{
  return chunk->worker->gradients +
      chunk->self->gradients[slot].offset * chunk->n_faces;
}

/* Floats from the beginning of dst to what the step writes of it. */
static gsize
get_slice (const FacenetTrainingChunk * chunk, const FacenetStep * step)
{
  return step->channel * facenet_shape_plane (&step->out) * chunk->n_faces;
}

/* A shape with the faces in its rows. */
static FacenetShape
get_tall (const FacenetTrainingChunk * chunk, const FacenetShape * shape)
{
  FacenetShape tall = { shape->c, shape->h * chunk->n_faces, shape->w };

  return tall;
}

/* A shape with the faces in its channels. */
static FacenetShape
get_deep (const FacenetTrainingChunk * chunk, const FacenetShape * shape)
{
  FacenetShape deep = { shape->c * chunk->n_faces, shape->h, shape->w };

  return deep;
}

static FacenetLinear
get_linear (const FacenetTrainingChunk * chunk,
    const FacenetTrainingStep * step)
{
  FacenetLinear linear = { &step->window, chunk->n_faces,
    step->step->kind == FACENET_STEP_CONV, chunk->copy, chunk->worker->scratch
  };

  return linear;
}

/* Between [n, c, plane], as callers have it, and [c, n, plane]. */
static void
gather (guint n, guint c, gsize plane, const gfloat * faces, gfloat * map)
{
  for (guint ci = 0; ci < c; ci++)
    for (guint i = 0; i < n; i++, map += plane)
      memcpy (map, faces + (i * c + ci) * plane, plane * sizeof *map);
}

static void
scatter (guint n, guint c, gsize plane, const gfloat * map, gfloat * faces)
{
  for (guint ci = 0; ci < c; ci++)
    for (guint i = 0; i < n; i++, map += plane)
      memcpy (faces + (i * c + ci) * plane, map, plane * sizeof *map);
}

static void
forward_pool (const FacenetTrainingChunk * chunk, const FacenetPool2d * pool,
    const gfloat * in, gfloat * out)
{
  FacenetPool2d deep = *pool;

  deep.in = get_deep (chunk, &pool->in);
  deep.out = get_deep (chunk, &pool->out);
  facenet_pool2d (&deep, in, out);
}

static void
forward_step (const FacenetTrainingChunk * chunk,
    const FacenetTrainingStep * training)
{
  const FacenetStep *step = training->step;
  const gfloat *in = get_map (chunk, step->src);
  gfloat *out = get_map (chunk, step->dst) + get_slice (chunk, step);
  FacenetShape tall = get_tall (chunk, &step->in);
  FacenetShape deep = get_deep (chunk, &step->in);
  FacenetShape deep_out = get_deep (chunk, &step->out);
  FacenetLinear linear = get_linear (chunk, training);

  switch (step->kind) {
    case FACENET_STEP_CONV:
    case FACENET_STEP_DENSE:
      facenet_linear_forward (&linear, in, training->weights, training->bias,
          out);
      break;
    case FACENET_STEP_POOL:
      forward_pool (chunk, &step->pool, in, out);
      break;
    case FACENET_STEP_UPSAMPLE_ADD:
      /* Only in detectors, which are trained elsewhere. */
      g_assert_not_reached ();
      break;
    case FACENET_STEP_PAD:
      facenet_pad2d (&deep, &deep_out, in, out);
      break;
    case FACENET_STEP_LRN:
      facenet_lrn (&step->lrn, &tall, in, out);
      break;
    case FACENET_STEP_L2_NORMALIZE:
      facenet_l2_columns_forward (step->in.c,
          (guint) facenet_shape_plane (&tall), in, out);
      break;
  }
}

void
facenet_training_forward (const FacenetTrainingChunk * chunk)
{
  const FacenetTrainable *self = chunk->self;
  const FacenetShape *input = &self->plan->network->input;

  const gfloat *images =
      self->images + chunk->first * facenet_shape_size (input);

  if (self->prefix != NULL)
    facenet_prefix_run (self->prefix, &chunk->worker->prefix, images,
        chunk->n_faces, get_map (chunk,
            facenet_prefix_get_slot (self->prefix)));
  else
    gather (chunk->n_faces, input->c, facenet_shape_plane (input), images,
        get_map (chunk, FACENET_INPUT_SLOT));
  for (guint i = self->prefix != NULL ? self->first_trained : 0;
      i < self->n_steps; i++)
    forward_step (chunk, &self->steps[i]);
  scatter (chunk->n_faces, self->plan->n_dims, 1,
      get_map (chunk, self->plan->output),
      self->embeddings + chunk->first * self->plan->n_dims);
}

static void
backward_linear (const FacenetTrainingChunk * chunk,
    const FacenetTrainingStep * training, gfloat * dy, gfloat * dx)
{
  const FacenetStep *step = training->step;
  FacenetLinear linear = get_linear (chunk, training);
  FacenetLinearGradient gradient = { dy, dx, training->adds,
    chunk->sums + training->sums, NULL
  };

  gradient.bias = gradient.weights + (training->bias - training->weights);
  facenet_linear_backward (&linear, get_map (chunk, step->src),
      training->weights, get_map (chunk, step->dst) + get_slice (chunk, step),
      &gradient);
}

/* What has no weights adds to dx, which the first to do so finds empty. */
static void
backward_plain (const FacenetTrainingChunk * chunk,
    const FacenetTrainingStep * training, const gfloat * dy, gfloat * dx)
{
  const FacenetStep *step = training->step;
  const gfloat *x = get_map (chunk, step->src);
  const gfloat *y = get_map (chunk, step->dst) + get_slice (chunk, step);
  FacenetShape tall = get_tall (chunk, &step->in);
  guint n_pixels = (guint) facenet_shape_plane (&tall);

  if (!training->adds)
    memset (dx, 0, facenet_shape_size (&tall) * sizeof *dx);
  if (step->kind == FACENET_STEP_POOL)
    facenet_pool2d_backward (&step->pool, chunk->n_faces, x, y, dy, dx);
  else if (step->kind == FACENET_STEP_PAD)
    facenet_pad2d_backward (&step->in, &step->out, chunk->n_faces, dy, dx);
  else if (step->kind == FACENET_STEP_LRN)
    facenet_lrn_backward (&step->lrn, step->in.c, n_pixels, x, dy, dx,
        chunk->worker->scratch);
  else
    facenet_l2_columns_backward (step->in.c, n_pixels, x, dy, dx);
}

void
facenet_training_backward (const FacenetTrainingChunk * chunk)
{
  const FacenetTrainable *self = chunk->self;

  gather (chunk->n_faces, self->plan->n_dims, 1,
      self->gradient + chunk->first * self->plan->n_dims,
      get_gradient (chunk, self->plan->output));
  for (guint i = self->n_steps; i-- > self->first_trained;) {
    const FacenetTrainingStep *training = &self->steps[i];
    const FacenetStep *step = training->step;
    gfloat *dy = get_gradient (chunk, step->dst) + get_slice (chunk, step);
    gfloat *dx = training->gives ? get_gradient (chunk, step->src) : NULL;

    if (step->weights != NULL)
      backward_linear (chunk, training, dy, dx);
    else if (dx != NULL)
      backward_plain (chunk, training, dy, dx);
  }
}
