/* facenet-metric.c - how far apart two embeddings are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Squared L2 distance by direct differences, d = sum (a_i - b_i)^2 (FaceNet,
 * Schroff et al. 2015, section 3.1), and the two other scales in which it is
 * spoken of. Differences rather than 2 - 2 a.b: near zero, where it matters
 * most, the difference of two nearly equal numbers would lose all digits.
 */
#include <facenet/facenet-metric.h>

#include <math.h>
#include <string.h>

/* Four floats that are added side by side. With four such sums the order of
 * the additions is written down here and not left to the compiler: the same
 * two vectors have the same distance however it is optimised. */
typedef gfloat FacenetQuad __attribute__((vector_size (16)));

/* in: [4] each, at any address. */
static inline FacenetQuad
square_difference (const gfloat * a, const gfloat * b)
{
  FacenetQuad x, y;

  memcpy (&x, a, sizeof x);
  memcpy (&y, b, sizeof y);
  x -= y;
  return x * x;
}

/**
 * facenet_squared_l2: (skip)
 * @a: (array length=n_dims): an embedding
 * @b: (array length=n_dims): another of the same model
 * @n_dims: length of both
 *
 * The squared L2 distance of two vectors, in float.
 *
 * Returns: sum of squared differences, in [0,4] for unit vectors; NaN when
 *   there is a NaN in either
 *
 * Since: 0.1
 */
gdouble
facenet_squared_l2 (const gfloat * a, const gfloat * b, guint n_dims)
{
  FacenetQuad sum0 = { 0 }, sum1 = { 0 }, sum2 = { 0 }, sum3 = { 0 };
  gfloat rest = 0.0f;
  guint i;

  for (i = 0; i + 16 <= n_dims; i += 16) {
    sum0 += square_difference (a + i, b + i);
    sum1 += square_difference (a + i + 4, b + i + 4);
    sum2 += square_difference (a + i + 8, b + i + 8);
    sum3 += square_difference (a + i + 12, b + i + 12);
  }
  for (; i < n_dims; i++) {
    rest += (a[i] - b[i]) * (a[i] - b[i]);
  }
  sum0 = (sum0 + sum1) + (sum2 + sum3);
  return (gdouble) (((sum0[0] + sum0[1]) + (sum0[2] + sum0[3])) + rest);
}

/**
 * facenet_metric_from_squared_l2:
 * @metric: the scale wanted
 * @squared_l2: a squared L2 distance of unit vectors, in [0,4]
 *
 * Expresses a squared L2 distance d in another metric: d, sqrt(d) or d/2.
 *
 * Returns: the same distance in @metric
 *
 * Since: 0.1
 */
gdouble
facenet_metric_from_squared_l2 (FacenetMetric metric, gdouble squared_l2)
{
  switch (metric) {
    case FACENET_METRIC_L2:
      return sqrt (squared_l2);
    case FACENET_METRIC_COSINE:
      return squared_l2 / 2;
    case FACENET_METRIC_SQUARED_L2:
    default:
      return squared_l2;
  }
}

/**
 * facenet_metric_to_squared_l2:
 * @metric: the scale of @distance
 * @distance: a distance of unit vectors in that scale, >= 0
 *
 * Expresses a distance or threshold as squared L2, the scale of galleries and
 * models.
 *
 * Returns: the same distance as squared L2
 *
 * Since: 0.1
 */
gdouble
facenet_metric_to_squared_l2 (FacenetMetric metric, gdouble distance)
{
  switch (metric) {
    case FACENET_METRIC_L2:
      return distance * distance;
    case FACENET_METRIC_COSINE:
      return distance * 2;
    case FACENET_METRIC_SQUARED_L2:
    default:
      return distance;
  }
}

/**
 * facenet_metric_get_nick:
 * @metric: a metric
 *
 * The name of a metric in messages, properties and files.
 *
 * Returns: "squared-l2", "l2" or "cosine"
 *
 * Since: 0.1
 */
const gchar *
facenet_metric_get_nick (FacenetMetric metric)
{
  switch (metric) {
    case FACENET_METRIC_L2:
      return "l2";
    case FACENET_METRIC_COSINE:
      return "cosine";
    case FACENET_METRIC_SQUARED_L2:
    default:
      return "squared-l2";
  }
}
