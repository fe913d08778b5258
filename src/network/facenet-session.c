/* facenet-session.c - one thread's use of a model
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Faces are shared out among the threads of a small pool, each of which has
 * an arena of its own; faces that are too few for that are worked on by all
 * threads together. An embedding is the same to the bit either way.
 */
#include "network/facenet-session-private.h"

#include "base/facenet-pool-private.h"
#include "network/facenet-reference-private.h"
#include "network/facenet-team-private.h"

struct _FacenetSession
{
  gatomicrefcount refs;
  FacenetModel *model;
  FacenetPool *pool;
  guint n_threads;
  gfloat **arenas;              /* [n_threads] */
  gfloat **scratch;             /* [n_threads], NULL without a program */
  GMutex lock;                  /* held by a call that embeds */
};

G_DEFINE_BOXED_TYPE (FacenetSession, facenet_session, facenet_session_ref,
    facenet_session_unref);

/* What the threads of one call of facenet_session_embed() share. */
typedef struct
{
  FacenetSession *session;
  const gfloat *faces;
  guint n_faces;
  guint n_parts;                /* tasks that the faces are shared out in */
  gfloat *embeddings;
} Batch;

/* Faces first to end - 1 of a batch, for n_threads threads from number
 * `thread` of the session on. */
static FacenetTeam
make_team (const Batch * batch, guint first, guint end, guint thread,
    guint n_threads)
{
  const FacenetSession *session = batch->session;
  const FacenetPlan *plan = session->model->plan;
  FacenetTeam team = {.program = session->model->program,
    .arena = session->arenas[thread],.n_threads = n_threads,
    .scratch = session->scratch + thread,.n_faces = end - first
  };

  team.faces =
      batch->faces + first * facenet_shape_size (&plan->network->input);
  team.embeddings = batch->embeddings + (gsize) first *plan->n_dims;
  return team;
}

/* One thread takes part number `task`. */
static void
embed_part (gpointer data, guint task, guint worker)
{
  const Batch *batch = data;
  guint first = (guint) ((guint64) batch->n_faces * task / batch->n_parts);
  guint end = (guint) ((guint64) batch->n_faces * (task + 1) / batch->n_parts);
  FacenetTeam team = make_team (batch, first, end, worker, 1);

  facenet_team_run (&team, 0);
}

static void
embed_together (gpointer data, guint task, guint worker)
{
  facenet_team_run (data, task);
}

/* Parts of at most FACENET_GROUP faces, as many for each thread; what is left
 * over, fewer faces than threads, goes through by joint effort. */
static void
embed_with_program (const Batch * batch)
{
  FacenetSession *session = batch->session;
  guint n_rest = batch->n_faces % session->n_threads;
  guint n_each = batch->n_faces / session->n_threads;
  Batch shared = *batch;

  shared.n_faces -= n_rest;
  shared.n_parts = session->n_threads *
      ((n_each + FACENET_GROUP - 1) / FACENET_GROUP);
  facenet_pool_run (session->pool, embed_part, &shared, shared.n_parts);
  for (guint i = shared.n_faces; i < batch->n_faces; i += FACENET_GROUP) {
    FacenetTeam team = make_team (batch, i,
        MIN (i + FACENET_GROUP, batch->n_faces), 0, session->n_threads);

    facenet_pool_run (session->pool, embed_together, &team, team.n_threads);
  }
}

static void
embed_reference (gpointer data, guint task, guint worker)
{
  const Batch *batch = data;
  const FacenetModel *model = batch->session->model;
  gsize n_in = facenet_shape_size (&model->plan->network->input);

  facenet_reference_run (model, batch->faces + task * n_in,
      batch->session->arenas[worker],
      batch->embeddings + (gsize) task * model->plan->n_dims, NULL, NULL);
}

/* What facenet_session_trace() carries through a pass. */
typedef struct
{
  const FacenetPlan *plan;
  FacenetTeam *team;
  FacenetTraceFunc func;
  gpointer data;
  gfloat *map;                  /* [c,h,w] of the largest block */
} Trace;

static void
show_block (const Trace * trace, guint block, const gfloat * map)
{
  trace->func (trace->data, &trace->plan->network->blocks[block],
      &trace->plan->block_shapes[block], map);
}

static void
trace_step (gpointer data, guint index, const gfloat * map)
{
  const Trace *trace = data;
  const FacenetPlan *plan = trace->plan;
  guint block = facenet_plan_get_step (plan, index)->block;

  if (index + 1 == plan->steps->len
      || facenet_plan_get_step (plan, index + 1)->block != block)
    show_block (trace, block, map);
}

static void
trace_phase (gpointer data, const FacenetOp * last)
{
  const Trace *trace = data;
  const GArray *ops = trace->team->program->ops;

  if (last->kind == FACENET_OP_L2_NORMALIZE) {
    show_block (trace, last->block, trace->team->embeddings);
  } else if (last + 1 < (const FacenetOp *) (gpointer) ops->data + ops->len
      && last[1].block != last->block) {
    facenet_team_read_map (trace->team, last->dst.map, 0, trace->map);
    show_block (trace, last->block, trace->map);
  }
}

void
facenet_session_trace (FacenetSession * self, const gfloat * face,
    FacenetTraceFunc func, gpointer data)
{
  const FacenetPlan *plan = self->model->plan;
  g_autofree gfloat *embedding = g_new (gfloat, plan->n_dims);
  Batch batch = { self, face, 1, 1, embedding };
  FacenetTeam team = make_team (&batch, 0, 1, 0, 1);
  Trace trace = { plan, &team, func, data, NULL };
  gsize largest = 0;

  if (self->model->program == NULL) {
    facenet_reference_run (self->model, face, self->arenas[0], embedding,
        trace_step, &trace);
    return;
  }
  for (guint i = 0; i < plan->network->n_blocks; i++)
    largest = MAX (largest, facenet_shape_size (&plan->block_shapes[i]));
  trace.map = g_new (gfloat, largest);
  team.watch = trace_phase;
  team.watch_data = &trace;
  facenet_team_run (&team, 0);
  g_free (trace.map);
}

/**
 * facenet_session_new:
 * @model: the model to embed with; the session takes a reference
 * @n_threads: threads that share the faces of a call, the caller's included;
 *   0 for one per core
 *
 * Creates a session: threads and scratch memory of one caller.
 *
 * Returns: (transfer full): a session for one thread's use
 *
 * Since: 0.1
 */
FacenetSession *
facenet_session_new (FacenetModel * model, guint n_threads)
{
  FacenetSession *self;
  const FacenetProgram *program;

  g_return_val_if_fail (model != NULL, NULL);

  self = g_new0 (FacenetSession, 1);
  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  self->model = facenet_model_ref (model);
  self->pool = facenet_pool_new (n_threads);
  self->n_threads = facenet_pool_get_n_threads (self->pool);
  self->arenas = g_new0 (gfloat *, self->n_threads);
  self->scratch = g_new0 (gfloat *, self->n_threads);
  program = model->program;
  for (guint i = 0; i < self->n_threads; i++) {
    self->arenas[i] = facenet_arena_alloc (program != NULL ?
        program->arena_floats : model->plan->arena_floats);
    self->scratch[i] =
        facenet_arena_alloc (program != NULL ? program->scratch_floats : 0);
  }
  return self;
}

/**
 * facenet_session_ref:
 * @self: a session
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
FacenetSession *
facenet_session_ref (FacenetSession * self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * facenet_session_unref:
 * @self: (transfer full): a session
 *
 * Gives up a reference; the last one ends the session's threads.
 *
 * Since: 0.1
 */
void
facenet_session_unref (FacenetSession * self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  for (guint i = 0; i < self->n_threads; i++) {
    facenet_arena_free (self->arenas[i]);
    facenet_arena_free (self->scratch[i]);
  }
  g_free (self->arenas);
  g_free (self->scratch);
  facenet_pool_free (self->pool);
  facenet_model_unref (self->model);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * facenet_session_get_model:
 * @self: a session
 *
 * Gets the model of the session.
 *
 * Returns: (transfer none): its model
 *
 * Since: 0.1
 */
FacenetModel *
facenet_session_get_model (const FacenetSession * self)
{
  return self->model;
}

/**
 * facenet_session_get_n_threads:
 * @self: a session
 *
 * Gets the number of threads.
 *
 * Returns: how many threads share the faces of a call
 *
 * Since: 0.1
 */
guint
facenet_session_get_n_threads (const FacenetSession * self)
{
  return self->n_threads;
}

/**
 * facenet_session_embed:
 * @self: a session
 * @faces: [@n_faces, 3, 96, 96] planar RGB in [0,1], see
 *   facenet_model_get_input_shape() and facenet_cropper_crop_rect()
 * @n_faces: how many, may be 0
 * @embeddings: (out caller-allocates): [@n_faces, 128] unit vectors
 *
 * Embeds faces. Allocates nothing and cannot fail. The result for a face is
 * the same to the bit whatever @n_faces and the number of threads. Threads that
 * share a session wait for each other: give each one of its own.
 *
 * Since: 0.1
 */
void
facenet_session_embed (FacenetSession * self, const gfloat * faces,
    guint n_faces, gfloat * embeddings)
{
  Batch batch = { self, faces, n_faces, 0, embeddings };

  g_return_if_fail (self != NULL);
  g_return_if_fail (n_faces == 0 || (faces != NULL && embeddings != NULL));

  g_mutex_lock (&self->lock);
  if (self->model->program != NULL)
    embed_with_program (&batch);
  else
    facenet_pool_run (self->pool, embed_reference, &batch, n_faces);
  g_mutex_unlock (&self->lock);
}
