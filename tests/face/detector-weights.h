/* detector-weights.h - detector files whose faces are known
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * All filters are zero, so that the heads give their biases in every cell.
 */
#pragma once

#include "network/facenet-plan-private.h"

/* Zeros for all tensors of a network whose maps have so many channels. */
static inline void
detector_weights_add (FacenetWeights * weights, const gchar * network,
    guint width)
{
  g_autoptr (FacenetWeights) widths = facenet_weights_new ("widths");
  const FacenetNetwork *table = facenet_network_find (network);
  g_autoptr (FacenetPlan) plan = NULL;
  g_autoptr (GArray) specs = NULL;

  for (guint i = 0; i < table->n_blocks; i++) {
    g_autofree gchar *name = g_strdup_printf ("%s_b", table->blocks[i].name);

    facenet_weights_take (widths, name, 1, &width, g_new0 (gfloat, width),
        NULL);
  }
  plan = facenet_plan_new_for_weights (table, widths);
  specs = facenet_plan_list_tensors (plan);
  for (guint i = 0; i < specs->len; i++) {
    FacenetTensorSpec *spec = &g_array_index (specs, FacenetTensorSpec, i);
    gsize n = 1;

    for (guint k = 0; k < spec->rank; k++)
      n *= spec->dims[k];
    facenet_weights_take (weights, spec->name, spec->rank, spec->dims,
        g_new0 (gfloat, n), NULL);
  }
}

static inline gfloat *
detector_weights_get (FacenetWeights * weights, const gchar * name)
{
  return facenet_weights_get (weights, name)->values;
}

/* Weights without faces anywhere. */
static inline FacenetWeights *
detector_weights_new (const gchar * location, const gchar * network)
{
  FacenetWeights *weights = facenet_weights_new (location);

  detector_weights_add (weights, network, 3);
  facenet_weights_set_metadata (weights, "network", network);
  facenet_weights_set_metadata (weights, "threshold", "0.5");
  for (guint i = 0; i < 3; i++) {
    static const gchar *const heads[] = { "o3_b", "o4_b", "o5_b" };

    detector_weights_get (weights, heads[i])[0] = -20.0f;
  }
  return weights;
}

/* A face in every cell of stride 8: score sigmoid (logit), its centre in the
 * middle of the cell, its landmark k there plus (k, -k) quarters of a cell. */
static inline void
detector_weights_add_faces (FacenetWeights * weights, gfloat logit,
    gfloat log_size)
{
  gfloat *head = detector_weights_get (weights, "o3_b");

  head[0] = head[1] = logit;
  head[2] = head[3] = 0.5f;
  head[4] = head[5] = log_size;
  for (guint k = 0; k < 5; k++) {
    head[6 + 2 * k] = 0.5f + 0.25f * (gfloat) k;
    head[7 + 2 * k] = 0.5f - 0.25f * (gfloat) k;
  }
}
