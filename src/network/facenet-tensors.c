/* facenet-tensors.c - the tensors that a plan's steps want, and their number
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A convolution has weights [oc,c,k,k] ("_w") and bias [oc] ("_b"); its batch
 * norm gamma ("_w"), beta ("_b"), moving mean ("_m") and variance ("_v"), [oc]
 * each; a dense layer weights [n_out,n_in] and bias [n_out].
 */
#include "network/facenet-plan-private.h"

static void
spec_clear (gpointer data)
{
  FacenetTensorSpec *spec = data;

  g_free (spec->name);
}

static void
add_vector (GArray * specs, const gchar * base, gchar suffix, guint n)
{
  FacenetTensorSpec spec = { g_strdup_printf ("%s_%c", base, suffix), 1, {n} };

  g_array_append_val (specs, spec);
}

static void
add_weights (GArray * specs, const FacenetStep * step)
{
  FacenetTensorSpec spec;

  spec.name = g_strdup_printf ("%s_w", step->weights);
  if (step->kind == FACENET_STEP_CONV) {
    spec.rank = 4;
    spec.dims[0] = step->conv.out.c;
    spec.dims[1] = step->conv.in.c;
    spec.dims[2] = step->conv.k;
    spec.dims[3] = step->conv.k;
  } else {
    spec.rank = 2;
    spec.dims[0] = step->dense.n_out;
    spec.dims[1] = step->dense.n_in;
  }
  g_array_append_val (specs, spec);
}

GArray *
facenet_plan_list_tensors (const FacenetPlan * self)
{
  GArray *specs = g_array_new (FALSE, FALSE, sizeof (FacenetTensorSpec));

  g_array_set_clear_func (specs, spec_clear);
  for (guint i = 0; i < self->steps->len; i++) {
    const FacenetStep *step = facenet_plan_get_step (self, i);

    if (step->weights == NULL)
      continue;
    add_weights (specs, step);
    add_vector (specs, step->weights, 'b', step->out.c);
    for (const gchar * c = "wbmv"; step->norm != NULL && *c != '\0'; c++)
      add_vector (specs, step->norm, *c, step->out.c);
  }
  return specs;
}

guint64
facenet_step_get_macs (const FacenetStep * step)
{
  switch (step->kind) {
    case FACENET_STEP_CONV:
      return (guint64) facenet_shape_size (&step->out) * step->in.c *
          step->conv.k * step->conv.k;
    case FACENET_STEP_DENSE:
      return (guint64) step->dense.n_in * step->dense.n_out;
    default:
      return 0;
  }
}

guint64
facenet_step_get_statistics (const FacenetStep * step)
{
  return step->norm != NULL ? 2 * (guint64) step->out.c : 0;
}

guint64
facenet_step_get_parameters (const FacenetStep * step)
{
  guint64 bias = step->out.c;

  switch (step->kind) {
    case FACENET_STEP_CONV:
      return (guint64) step->out.c * step->in.c * step->conv.k *
          step->conv.k + bias + (step->norm != NULL ? 2 * bias : 0) +
          facenet_step_get_statistics (step);
    case FACENET_STEP_DENSE:
      return (guint64) step->dense.n_in * step->dense.n_out + bias;
    default:
      return 0;
  }
}
