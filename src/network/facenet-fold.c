/* facenet-fold.c - batch normalisation folded into the weights
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * At inference batch normalisation (Ioffe and Szegedy 2015, section 3.1) is
 * an affine map of each channel, so it goes into the convolution before it:
 * with g = gamma / sqrt(variance + epsilon), weights become g w and the bias
 * g (b - mean) + beta. Computed in double.
 */
#include "network/facenet-fold-private.h"

#include <math.h>
#include <string.h>

void
facenet_fold_shape (const FacenetPlan * plan, FacenetWeights * weights)
{
  g_autoptr (GArray) specs = facenet_plan_list_tensors (plan);
  guint n_shaped = 0;

  if (!facenet_weights_is_flat (weights))
    return;
  for (guint i = 0; i < specs->len; i++) {
    const FacenetTensorSpec *spec =
        &g_array_index (specs, FacenetTensorSpec, i);

    if (facenet_weights_get (weights, spec->name) != NULL)
      n_shaped += facenet_weights_reshape (weights, spec->name, spec->rank,
          spec->dims);
  }
  facenet_weights_set_flat (weights, n_shaped < specs->len);
}

static gchar *
shape_to_string (guint rank, const guint32 * dims)
{
  GString *text = g_string_new ("[");

  for (guint i = 0; i < rank; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? "," : "", dims[i]);
  return g_string_free (g_string_append_c (text, ']'), FALSE);
}

static gboolean
check_tensor (const FacenetTensorSpec * spec, const FacenetWeights * weights,
    const gchar * network, GError ** error)
{
  const gchar *location = facenet_weights_get_location (weights);
  const FacenetTensor *tensor = facenet_weights_get (weights, spec->name);
  g_autofree gchar *wanted = shape_to_string (spec->rank, spec->dims);
  g_autofree gchar *found = NULL;

  if (tensor == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "%s/%s: is missing; %s needs it with shape %s", location, spec->name,
        network, wanted);
    return FALSE;
  }
  if (tensor->rank == spec->rank && memcmp (tensor->dims, spec->dims,
          spec->rank * sizeof *spec->dims) == 0)
    return TRUE;
  found = shape_to_string (tensor->rank, tensor->dims);
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE,
      "%s/%s: shape %s, %s needs %s", location, spec->name, found, network,
      wanted);
  return FALSE;
}

/* A variance below zero would become NaN under the root. */
static gboolean
check_variance (const FacenetTensorSpec * spec, const FacenetWeights * weights,
    GError ** error)
{
  const FacenetTensor *tensor = facenet_weights_get (weights, spec->name);

  if (!g_str_has_suffix (spec->name, "_v"))
    return TRUE;
  for (gsize i = 0; i < tensor->n_values; i++) {
    if (tensor->values[i] < 0.0f) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
          "%s/%s: variance %" G_GSIZE_FORMAT " is %g, expected 0 or more",
          facenet_weights_get_location (weights), spec->name, i,
          (gdouble) tensor->values[i]);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
is_wanted (const GArray * specs, const gchar * name)
{
  for (guint i = 0; i < specs->len; i++)
    if (strcmp (g_array_index (specs, FacenetTensorSpec, i).name, name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
check_specs (const GArray * specs, const FacenetPlan * plan,
    const FacenetWeights * weights, GError ** error)
{
  for (guint i = 0; i < specs->len; i++) {
    const FacenetTensorSpec *spec =
        &g_array_index (specs, FacenetTensorSpec, i);

    if (!check_tensor (spec, weights, plan->network->name, error)
        || !check_variance (spec, weights, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
facenet_fold_check (const FacenetPlan * plan, const FacenetWeights * weights,
    GError ** error)
{
  return facenet_fold_check_both (plan, NULL, weights, error);
}

gboolean
facenet_fold_check_both (const FacenetPlan * plan, const FacenetPlan * other,
    const FacenetWeights * weights, GError ** error)
{
  g_autoptr (GArray) specs = facenet_plan_list_tensors (plan);
  g_autoptr (GArray) more = other != NULL ?
      facenet_plan_list_tensors (other) : NULL;
  g_autofree const gchar **names = facenet_weights_list (weights);

  if (!check_specs (specs, plan, weights, error)
      || (more != NULL && !check_specs (more, other, weights, error)))
    return FALSE;
  for (guint i = 0; names[i] != NULL; i++) {
    if (is_wanted (specs, names[i])
        || (more != NULL && is_wanted (more, names[i])))
      continue;
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s/%s: no tensor of %s, expected none but its %u",
        facenet_weights_get_location (weights), names[i],
        plan->network->name, specs->len);
    return FALSE;
  }
  return TRUE;
}

static const gfloat *
values (const FacenetWeights * weights, const gchar * base, gchar suffix)
{
  g_autofree gchar *name = g_strdup_printf ("%s_%c", base, suffix);

  return facenet_weights_get (weights, name)->values;
}

gsize
facenet_fold_get_size (const FacenetStep * step)
{
  if (step->kind == FACENET_STEP_CONV)
    return (gsize) step->out.c * step->in.c * step->conv.k * step->conv.k;
  return (gsize) step->dense.n_out * step->dense.n_in;
}

static void
fold_norm (const FacenetStep * step, const FacenetWeights * weights,
    FacenetFolded * folded)
{
  const gfloat *gamma = values (weights, step->norm, 'w');
  const gfloat *beta = values (weights, step->norm, 'b');
  const gfloat *mean = values (weights, step->norm, 'm');
  const gfloat *variance = values (weights, step->norm, 'v');
  gsize depth = facenet_fold_get_size (step) / step->out.c;

  for (guint o = 0; o < step->out.c; o++) {
    gdouble g = (gdouble) gamma[o] /
        sqrt ((gdouble) variance[o] + step->epsilon);
    gfloat *row = folded->weights + o * depth;

    for (gsize i = 0; i < depth; i++)
      row[i] = (gfloat) (g * (gdouble) row[i]);
    folded->bias[o] = (gfloat) (g * ((gdouble) folded->bias[o] -
            (gdouble) mean[o]) + (gdouble) beta[o]);
  }
}

void
facenet_fold_step (const FacenetStep * step, const FacenetWeights * weights,
    FacenetFolded * folded)
{
  memcpy (folded->weights, values (weights, step->weights, 'w'),
      facenet_fold_get_size (step) * sizeof (gfloat));
  memcpy (folded->bias, values (weights, step->weights, 'b'),
      step->out.c * sizeof (gfloat));
  if (step->norm != NULL)
    fold_norm (step, weights, folded);
}

static gsize
aligned_size (gsize n_floats)
{
  gsize align = FACENET_ARENA_ALIGN / sizeof (gfloat);

  return (n_floats + align - 1) / align * align;
}

static gsize
total_size (const FacenetPlan * plan)
{
  gsize total = 0;

  for (guint i = 0; i < plan->steps->len; i++) {
    const FacenetStep *step = facenet_plan_get_step (plan, i);

    if (step->weights != NULL)
      total +=
          aligned_size (facenet_fold_get_size (step)) +
          aligned_size (step->out.c);
  }
  return total;
}

FacenetFolded *
facenet_fold_new (const FacenetPlan * plan, const FacenetWeights * weights,
    gfloat ** memory)
{
  FacenetFolded *folded = g_new0 (FacenetFolded, plan->steps->len);
  gfloat *next = *memory = facenet_arena_alloc (total_size (plan));

  for (guint i = 0; i < plan->steps->len; i++) {
    const FacenetStep *step = facenet_plan_get_step (plan, i);
    gsize n = step->weights != NULL ? facenet_fold_get_size (step) : 0;

    if (n == 0)
      continue;
    folded[i].weights = next;
    folded[i].bias = next + aligned_size (n);
    next = folded[i].bias + aligned_size (step->out.c);
    facenet_fold_step (step, weights, &folded[i]);
  }
  return folded;
}
