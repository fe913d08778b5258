/* facenet-detector-model.c - the weights of a detector
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "face/facenet-detector-model-private.h"

#include "kernels/facenet-gemm-private.h"
#include "network/facenet-model-private.h"

#define POINTS_NETWORK "facenet-points"
#define POINTS_TENSOR "points_w"        /* is there when the second network is */
#define DEFAULT_THRESHOLD 0.7   /* where the file recommends none */

static FacenetSharedTable table;

static void
model_free (FacenetDetectorModel * self)
{
  facenet_compiled_clear (&self->detect);
  facenet_compiled_clear (&self->points);
  facenet_shared_clear (self);
  g_free (self->location);
  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

static gboolean
read_threshold (FacenetDetectorModel * self, const FacenetWeights * weights,
    GError ** error)
{
  const gchar *text = facenet_weights_get_metadata (weights, "threshold");
  gchar *end;

  self->threshold = DEFAULT_THRESHOLD;
  if (text == NULL)
    return TRUE;
  self->threshold = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && self->threshold > 0.0
      && self->threshold < 1.0)
    return TRUE;
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: metadata threshold is \"%s\", expected a confidence in (0,1)",
      self->location, text);
  return FALSE;
}

/* What the file says, or the hash of all its tensors. */
static gboolean
read_id (FacenetDetectorModel * self, const FacenetWeights * weights,
    const FacenetNetwork * network, GError ** error)
{
  const gchar *stated = facenet_weights_get_metadata (weights, "id");
  const gchar *preprocess =
      facenet_weights_get_metadata (weights, "preprocess");
  g_autofree const gchar **names = facenet_weights_list (weights);

  self->id = stated != NULL ? g_strdup (stated) :
      facenet_weights_compute_id (weights, network->name,
      preprocess != NULL ? preprocess : "", names, error);
  return self->id != NULL;
}

/* The heads are what the decoding reads. */
static void
find_levels (FacenetDetectorModel * self)
{
  static const gchar *const names[FACENET_N_LEVELS] = { "o3", "o4", "o5" };

  for (guint i = 0; i < FACENET_N_LEVELS; i++)
    self->levels[i] = facenet_plan_find_block (self->detect.plan, names[i]);
}

/* Where the file decides how wide a map is. A width beyond the limit was not
 * taken over, so it is looked for by the tensor. */
static gboolean
check_widths (const FacenetPlan * plan, const FacenetWeights * weights,
    GError ** error)
{
  const gchar *location = facenet_weights_get_location (weights);

  for (guint i = 0; i < plan->steps->len; i++) {
    const FacenetStep *step = facenet_plan_get_step (plan, i);
    g_autofree gchar *name = g_strdup_printf ("%s_b", step->weights);
    const FacenetTensor *bias = facenet_weights_get (weights, name);

    if (bias != NULL && bias->n_values > FACENET_PLAN_MAX_WIDTH) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
          "%s/%s: %" G_GSIZE_FORMAT " channels, expected at most %u",
          location, name, bias->n_values, FACENET_PLAN_MAX_WIDTH);
      return FALSE;
    }
    if (step->kind == FACENET_STEP_UPSAMPLE_ADD && step->in.c != step->out.c) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE,
          "%s/%s: adds maps of %u and of %u channels, expected as many",
          location, plan->network->blocks[step->block].name, step->in.c,
          step->out.c);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
compile (FacenetDetectorModel * self, FacenetWeights * weights,
    const FacenetNetwork * network, GError ** error)
{
  g_autoptr (FacenetPlan) detect =
      facenet_plan_new_for_weights (network, weights);
  g_autoptr (FacenetPlan) points = NULL;

  if (facenet_weights_get (weights, POINTS_TENSOR) != NULL)
    points =
        facenet_plan_new_for_weights (facenet_network_find (POINTS_NETWORK),
        weights);
  if (!check_widths (detect, weights, error)
      || (points != NULL && !check_widths (points, weights, error))
      || !facenet_fold_check_both (detect, points, weights, error))
    return FALSE;
  facenet_compiled_init (&self->detect, g_steal_pointer (&detect), weights);
  if (points != NULL)
    facenet_compiled_init (&self->points, g_steal_pointer (&points), weights);
  find_levels (self);
  return TRUE;
}

FacenetDetectorModel *
facenet_detector_model_new (FacenetWeights * weights, GError ** error)
{
  const FacenetNetwork *network = facenet_model_find_network (weights, NULL,
      FACENET_TASK_DETECT, error);
  FacenetDetectorModel *self;
  const gchar *name;

  if (network == NULL)
    return NULL;
  if (facenet_kernels_get () == NULL && !facenet_gemm_open (error))
    return NULL;
  self = g_new0 (FacenetDetectorModel, 1);
  facenet_shared_init (self);
  self->location = g_strdup (facenet_weights_get_location (weights));
  name = facenet_weights_get_metadata (weights, "name");
  self->name = g_strdup (name != NULL ? name : network->name);
  if (read_threshold (self, weights, error)
      && compile (self, weights, network, error)
      && read_id (self, weights, network, error))
    return self;
  model_free (self);
  return NULL;
}

static gpointer
load_unshared (const gchar * location, const gchar * variant, GError ** error)
{
  g_autoptr (FacenetWeights) weights = facenet_weights_load (location, error);

  return weights != NULL ? facenet_detector_model_new (weights, error) : NULL;
}

FacenetDetectorModel *
facenet_detector_model_load (const gchar * location, GError ** error)
{
  return facenet_shared_load (&table, location, NULL, load_unshared, error);
}

void
facenet_detector_model_unref (FacenetDetectorModel * self)
{
  if (facenet_shared_unref (&table, self))
    model_free (self);
}
