/* facenet-training-plan.c - steps, maps and memory of a trainable network
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * From the plan of inference. A map is kept for the way back when a trained
 * step reads or writes it. The gradient of a map lives, in steps of the way
 * back, from the last step that reads the map to the first that writes it.
 */
#include "train/facenet-training-private.h"

#include "network/facenet-fold-private.h"
#include "train/facenet-backward-private.h"

#include <math.h>

static gsize
round_up (gsize n_floats)
{
  gsize align = FACENET_ARENA_ALIGN / sizeof (gfloat);

  return (n_floats + align - 1) / align * align;
}

static FacenetGeometry
make_window (const FacenetStep * step)
{
  FacenetGeometry window =
      { step->in, step->out, step->in.h, step->in.w, 1, 0 };

  if (step->kind == FACENET_STEP_CONV) {
    window.kh = window.kw = step->conv.k;
    window.s = step->conv.s;
    window.p = step->conv.p;
  }
  return window;
}

static void
add_parameter (FacenetTrainable * self, const gchar * base, gchar suffix)
{
  gchar *name = g_strdup_printf ("%s_%c", base, suffix);
  const FacenetTensor *tensor = facenet_weights_get (self->weights, name);
  FacenetParameter parameter = { name, tensor->n_values, tensor->values, NULL };

  g_ptr_array_add (self->names, name);
  g_array_append_val (self->parameters, parameter);
}

static const gfloat *
find_values (const FacenetTrainable * self, const gchar * base, gchar suffix)
{
  g_autofree gchar *name = g_strdup_printf ("%s_%c", base, suffix);

  return facenet_weights_get (self->weights, name)->values;
}

static gsize
weights_size (const FacenetTrainingStep * step)
{
  return round_up (facenet_fold_get_size (step->step)) +
      round_up (step->step->out.c);
}

/* Whether a pass goes through the step itself, not through the prefix. */
static gboolean
is_run (const FacenetTrainable * self, const FacenetTrainingStep * step)
{
  return step->trained || self->prefix == NULL;
}

static void
plan_weights (FacenetTrainable * self, FacenetTrainingStep * step)
{
  const gchar *name = step->step->weights;

  step->window = make_window (step->step);
  step->raw_weights = find_values (self, name, 'w');
  step->raw_bias = find_values (self, name, 'b');
  self->scratch_floats = MAX (self->scratch_floats,
      facenet_columns_get_size (&step->window,
          facenet_training_chunk_faces (self->max_batch)));
  if (!step->trained)
    return;
  step->parameter = self->parameters->len;
  step->sums = self->sums_floats;
  self->sums_floats += weights_size (step);
  add_parameter (self, name, 'w');
  add_parameter (self, name, 'b');
}

/* Which gradients a step of the way back reads, sets and adds to. */
static void
plan_gradients (FacenetTrainable * self)
{
  guint n = self->n_steps;
  g_autofree gboolean *wanted = g_new0 (gboolean, self->plan->slots->len);
  g_autofree gboolean *begun = g_new0 (gboolean, self->plan->slots->len);

  /* A gradient is wanted where trained steps write. */
  for (guint i = self->first_trained; i < n; i++)
    wanted[self->steps[i].step->dst] = TRUE;
  for (guint i = n; i-- > self->first_trained;) {
    FacenetTrainingStep *step = &self->steps[i];

    step->gives = wanted[step->step->src];
    step->adds = begun[step->step->src];
    begun[step->step->src] = TRUE;
  }
  for (guint i = 0; i < self->plan->slots->len; i++) {
    FacenetSlot *slot = &self->gradients[i];
    guint first = slot->first;

    slot->first = n - MIN (slot->last, n);
    slot->last = n - MIN (first, n);
    if (!wanted[i])
      slot->n_floats = 0;
  }
  self->gradient_floats =
      facenet_arena_plan (self->gradients, self->plan->slots->len);
}

static void
plan_maps (FacenetTrainable * self)
{
  guint n_slots = self->plan->slots->len;
  g_autofree FacenetSlot *kept = NULL;

  self->maps[FACENET_INPUT_SLOT].n_floats =
      facenet_shape_size (&self->plan->network->input);
  for (guint i = 0; i < self->n_steps; i++) {
    const FacenetTrainingStep *step = &self->steps[i];

    self->kept[step->step->src] |= step->trained;
    self->kept[step->step->dst] |= step->trained;
    if (step->step->columns != FACENET_NO_SLOT) {
      self->maps[step->step->columns].n_floats = 0;
      self->gradients[step->step->columns].n_floats = 0;
    }
  }
  kept = g_memdup2 (self->maps, n_slots * sizeof *kept);
  for (guint i = 0; i < n_slots; i++) {
    kept[i].first = 0;
    kept[i].last = self->n_steps;
    if (self->kept[i] || self->prefix != NULL)
      self->maps[i].n_floats = 0;
    if (!self->kept[i])
      kept[i].n_floats = 0;
  }
  self->kept_floats = facenet_arena_plan (kept, n_slots);
  self->maps_floats = facenet_arena_plan (self->maps, n_slots);
  for (guint i = 0; i < n_slots; i++)
    if (self->kept[i])
      self->maps[i] = kept[i];
}

void
facenet_training_plan (FacenetTrainable * self)
{
  const FacenetPlan *plan = self->plan;

  self->n_steps = plan->steps->len;
  self->steps = g_new0 (FacenetTrainingStep, self->n_steps);
  self->kept = g_new0 (gboolean, plan->slots->len);
  self->maps = g_memdup2 (plan->slots->data,
      plan->slots->len * sizeof (FacenetSlot));
  self->gradients = g_memdup2 (plan->slots->data,
      plan->slots->len * sizeof (FacenetSlot));
  for (guint i = 0; i < self->n_steps; i++) {
    FacenetTrainingStep *step = &self->steps[i];

    step->step = facenet_plan_get_step (plan, i);
    step->trained = i >= self->first_trained;
    if (step->step->weights != NULL && is_run (self, step))
      plan_weights (self, step);
    if (step->step->kind == FACENET_STEP_LRN && step->trained)
      self->scratch_floats = MAX (self->scratch_floats,
          facenet_lrn_backward_size (step->step->in.c));
  }
  plan_maps (self);
  plan_gradients (self);
}

/* Scale and shift of a step's batch norm (Ioffe and Szegedy 2015, section
 * 3.1), at [2 oc] doubles. */
static void
link_norm (const FacenetTrainable * self, FacenetTrainingStep * step,
    gdouble * at)
{
  const gchar *norm = step->step->norm;
  const gfloat *gamma = find_values (self, norm, 'w');
  const gfloat *beta = find_values (self, norm, 'b');
  const gfloat *mean = find_values (self, norm, 'm');
  const gfloat *variance = find_values (self, norm, 'v');
  guint oc = step->step->out.c;

  step->scale = at;
  step->shift = at + oc;
  for (guint o = 0; o < oc; o++) {
    step->scale[o] = (gdouble) gamma[o] /
        sqrt ((gdouble) variance[o] + step->step->epsilon);
    step->shift[o] = (gdouble) beta[o] - step->scale[o] * (gdouble) mean[o];
  }
}

static gfloat *
alloc_floats (FacenetTrainable * self, gsize n_floats)
{
  self->size += n_floats;
  return facenet_arena_alloc (n_floats);
}

static void
alloc_weights (FacenetTrainable * self)
{
  gsize n_floats = 0, n_norms = 0;
  gfloat *folded, *gradient;
  gdouble *norms;

  for (guint i = 0; i < self->n_steps; i++) {
    if (self->steps[i].raw_weights != NULL) {
      n_floats += weights_size (&self->steps[i]);
      n_norms += 2 * self->steps[i].step->out.c;
    }
  }
  folded = self->folded = alloc_floats (self, n_floats);
  gradient = self->parameter_gradients = alloc_floats (self, self->sums_floats);
  norms = self->norms = g_new (gdouble, n_norms);
  for (guint i = 0; i < self->n_steps; i++) {
    FacenetTrainingStep *step = &self->steps[i];

    if (step->raw_weights == NULL)
      continue;
    step->weights = folded;
    step->bias = folded + round_up (facenet_fold_get_size (step->step));
    folded += weights_size (step);
    if (step->step->norm != NULL) {
      link_norm (self, step, norms);
      norms += 2 * step->step->out.c;
    }
    facenet_training_fold (step);
  }
  for (guint i = 0; i < self->parameters->len; i++) {
    FacenetParameter *parameter =
        &g_array_index (self->parameters, FacenetParameter, i);

    parameter->gradient = gradient;
    gradient += round_up (parameter->n_values);
  }
}

void
facenet_training_alloc (FacenetTrainable * self)
{
  guint faces = facenet_training_chunk_faces (self->max_batch);

  alloc_weights (self);
  self->kept_memory = alloc_floats (self, self->kept_floats * self->max_batch);
  self->sums = alloc_floats (self, self->sums_floats *
      facenet_training_n_chunks (self->max_batch));
  self->embeddings = alloc_floats (self,
      (gsize) self->max_batch * self->plan->n_dims);
  self->workers = g_new0 (FacenetTrainingWorker, self->n_threads);
  for (guint i = 0; i < self->n_threads; i++) {
    self->workers[i].maps = alloc_floats (self, self->maps_floats * faces);
    self->workers[i].gradients =
        alloc_floats (self, self->gradient_floats * faces);
    self->workers[i].scratch = alloc_floats (self, self->scratch_floats);
    if (self->prefix == NULL)
      continue;
    self->workers[i].prefix.arena =
        alloc_floats (self, facenet_prefix_get_arena_size (self->prefix));
    self->workers[i].prefix.scratch =
        alloc_floats (self, facenet_prefix_get_scratch_size (self->prefix));
  }
}
