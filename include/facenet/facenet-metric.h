/* facenet-metric.h - how far apart two embeddings are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Embeddings are unit vectors, so with d the squared L2 distance (FaceNet,
 * Schroff et al. 2015, section 3.1) the three metrics are one number in three
 * scales: d in [0,4], sqrt(d) in [0,2], and d/2 = 1 - cos in [0,2]. Smaller is
 * always nearer.
 */
#pragma once

#include <facenet/facenet-macros.h>

G_BEGIN_DECLS

/**
 * FacenetMetric:
 * @FACENET_METRIC_SQUARED_L2: d, the sum of squared differences
 * @FACENET_METRIC_L2: sqrt(d)
 * @FACENET_METRIC_COSINE: d / 2 = 1 - cosine similarity
 *
 * The scale in which distances and thresholds are spoken of.
 */
typedef enum {
  FACENET_METRIC_SQUARED_L2,
  FACENET_METRIC_L2,
  FACENET_METRIC_COSINE
} FacenetMetric;

FACENET_API gdouble facenet_metric_from_squared_l2 (FacenetMetric metric,
    gdouble squared_l2);
FACENET_API gdouble facenet_metric_to_squared_l2 (FacenetMetric metric,
    gdouble distance);
FACENET_API const gchar *facenet_metric_get_nick (FacenetMetric metric);
FACENET_API gdouble facenet_squared_l2 (const gfloat * a, const gfloat * b,
    guint n_dims);

G_END_DECLS
