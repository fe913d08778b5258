/* facenet-session.c - one thread's use of a model
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Faces are shared out among the threads of a small pool, each of which has
 * an arena of its own and takes a face through all steps. A face never meets
 * another one in a product, so its embedding is the same to the bit whatever
 * the batch and the number of threads.
 */
#include "network/facenet-session-private.h"

#include "base/facenet-pool-private.h"
#include "network/facenet-model-private.h"

#include <string.h>

struct _FacenetSession
{
  gatomicrefcount refs;
  FacenetModel *model;
  FacenetPool *pool;
  gfloat **arenas;              /* [number of threads] */
};

G_DEFINE_BOXED_TYPE (FacenetSession, facenet_session, facenet_session_ref,
    facenet_session_unref);

/* What the threads of one call of facenet_session_embed() share. */
typedef struct
{
  FacenetSession *session;
  const gfloat *faces;
  gfloat *embeddings;
} Batch;

/* Where the maps of one face lie. */
typedef struct
{
  const FacenetPlan *plan;
  const gfloat *face;
  gfloat *arena;
} Pass;

static gfloat *
slot_map (const Pass * pass, guint slot)
{
  if (slot == FACENET_NO_SLOT)
    return NULL;
  return pass->arena +
      g_array_index (pass->plan->slots, FacenetSlot, slot).offset;
}

static void
run_step (const Pass * pass, const FacenetStep * step,
    const FacenetFolded * folded)
{
  const gfloat *in = step->src == FACENET_INPUT_SLOT ?
      pass->face : slot_map (pass, step->src);
  gfloat *out = slot_map (pass, step->dst) +
      step->channel * facenet_shape_plane (&step->out);

  switch (step->kind) {
    case FACENET_STEP_CONV:
      facenet_conv_relu (&step->conv, in, folded->weights, folded->bias,
          slot_map (pass, step->columns), out);
      break;
    case FACENET_STEP_POOL:
      facenet_pool2d (&step->pool, in, out);
      break;
    case FACENET_STEP_PAD:
      facenet_pad2d (&step->in, &step->out, in, out);
      break;
    case FACENET_STEP_LRN:
      facenet_lrn (&step->lrn, &step->in, in, out);
      break;
    case FACENET_STEP_DENSE:
      facenet_dense (&step->dense, in, folded->weights, folded->bias, out);
      break;
    case FACENET_STEP_L2_NORMALIZE:
      facenet_l2_normalize (step->in.c, in, out);
      break;
  }
}

static void
embed_face (gpointer data, guint task, guint worker)
{
  Batch *batch = data;
  const FacenetModel *model = batch->session->model;
  const FacenetPlan *plan = model->plan;
  const FacenetFolded *folded = model->folded;
  gsize n_in = facenet_shape_size (&plan->network->input);
  Pass pass = { plan, batch->faces + task * n_in,
    batch->session->arenas[worker]
  };

  for (guint i = 0; i < plan->steps->len; i++)
    run_step (&pass, facenet_plan_get_step (plan, i), &folded[i]);
  memcpy (batch->embeddings + (gsize) task * plan->n_dims,
      slot_map (&pass, plan->output), plan->n_dims * sizeof (gfloat));
}

void
facenet_session_trace (FacenetSession * self, const gfloat * face,
    FacenetTraceFunc func, gpointer data)
{
  const FacenetPlan *plan = self->model->plan;
  const FacenetFolded *folded = self->model->folded;
  const guint n_steps = plan->steps->len;
  Pass pass = { plan, face, self->arenas[0] };

  for (guint i = 0; i < n_steps; i++) {
    const FacenetStep *step = facenet_plan_get_step (plan, i);

    run_step (&pass, step, &folded[i]);
    if (i + 1 == n_steps
        || facenet_plan_get_step (plan, i + 1)->block != step->block)
      func (data, &plan->network->blocks[step->block],
          &plan->block_shapes[step->block], slot_map (&pass, step->dst));
  }
}

/**
 * facenet_session_new:
 * @model: the model to embed with; the session takes a reference
 * @n_threads: threads that share the faces of a call, the caller's included;
 *   0 for one per core
 *
 * Returns: (transfer full): a session for one thread's use
 *
 * Since: 0.1
 */
FacenetSession *
facenet_session_new (FacenetModel * model, guint n_threads)
{
  FacenetSession *self;
  guint n_arenas;

  g_return_val_if_fail (model != NULL, NULL);

  self = g_new0 (FacenetSession, 1);
  g_atomic_ref_count_init (&self->refs);
  self->model = facenet_model_ref (model);
  self->pool = facenet_pool_new (n_threads);
  n_arenas = facenet_pool_get_n_threads (self->pool);
  self->arenas = g_new0 (gfloat *, n_arenas);
  for (guint i = 0; i < n_arenas; i++)
    self->arenas[i] = facenet_arena_alloc (model->plan->arena_floats);
  return self;
}

/**
 * facenet_session_ref:
 * @self: a session
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
  for (guint i = 0; i < facenet_pool_get_n_threads (self->pool); i++)
    facenet_arena_free (self->arenas[i]);
  g_free (self->arenas);
  facenet_pool_free (self->pool);
  facenet_model_unref (self->model);
  g_free (self);
}

/**
 * facenet_session_get_model:
 * @self: a session
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
 * Returns: how many threads share the faces of a call
 *
 * Since: 0.1
 */
guint
facenet_session_get_n_threads (const FacenetSession * self)
{
  return facenet_pool_get_n_threads (self->pool);
}

/**
 * facenet_session_embed:
 * @self: a session
 * @faces: [@n_faces, 3, 96, 96] planar RGB in [0,1], see
 *   facenet_model_get_input_shape() and facenet_cropper_crop()
 * @n_faces: how many, may be 0
 * @embeddings: (out caller-allocated): [@n_faces, 128] unit vectors
 *
 * Embeds faces. Allocates nothing and cannot fail. The result for a face is
 * the same to the bit whatever @n_faces and the number of threads.
 *
 * Since: 0.1
 */
void
facenet_session_embed (FacenetSession * self, const gfloat * faces,
    guint n_faces, gfloat * embeddings)
{
  Batch batch = { self, faces, embeddings };

  g_return_if_fail (self != NULL);
  g_return_if_fail (n_faces == 0 || (faces != NULL && embeddings != NULL));

  facenet_pool_run (self->pool, embed_face, &batch, n_faces);
}
