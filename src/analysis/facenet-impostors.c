/* facenet-impostors.c - how near strangers come, of known models
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The tables of the shipped models' cards (weights/README.md): 12.2 million
 * pairs of two people, aligned. Between its rows the logarithm of the share is
 * taken to be straight; below it goes on as between the first two, but not to
 * thresholds that nobody would pass.
 */
#include <math.h>

#include "analysis/facenet-impostors-private.h"

#define N_ROWS 7
#define LEAST_THRESHOLD 0.1

typedef struct
{
  gdouble threshold, far;
} Row;

/* *INDENT-OFF* */
static const struct
{
  const gchar *id;
  Row rows[N_ROWS];
} models[] = {
  /* version 0.4 */
  { "f554b13bf0b7e2c65ef89283a124840d0c50181fb55970c40424f98f3ddc32b9", {
      { 0.51, 1e-6 },
      { 0.64, 1e-5 },
      { 0.79, 1e-4 },
      { 0.97, 1e-3 },
      { 1.04, 2e-3 },
      { 1.21, 1e-2 },
      { 1.30, 2e-2 },
  } },
  /* version 0.3 */
  { "9310a872be9ed1246082f50edad926970a02b256636d36a4f199b4aacf522e76", {
      { 0.36, 1e-6 },
      { 0.44, 1e-5 },
      { 0.56, 1e-4 },
      { 0.72, 1e-3 },
      { 0.80, 2.7e-3 },
      { 0.93, 1e-2 },
      { 1.10, 3.6e-2 },
  } },
  /* version 0.2 */
  { "e73eafa769068263c4ff52d273af1615248c979662b83944dc0b6000696322f6", {
      { 0.22, 1e-6 },
      { 0.31, 1e-5 },
      { 0.44, 1e-4 },
      { 0.62, 1e-3 },
      { 0.70, 2.3e-3 },
      { 0.87, 1e-2 },
      { 1.12, 5.1e-2 },
  } },
  /* version 0.1 */
  { "543aa5702856cebd5a5f0ac4623b67fd51ceb0bb4a0230bc9f23110f05407510", {
      { 0.15, 1e-6 },
      { 0.22, 1e-5 },
      { 0.32, 1e-4 },
      { 0.50, 1e-3 },
      { 0.70, 6e-3 },
      { 0.76, 1e-2 },
      { 1.04, 5.6e-2 },
  } },
};
/* *INDENT-ON* */

static const Row *
find_rows (const gchar * model_id)
{
  for (guint i = 0; i < G_N_ELEMENTS (models); i++) {
    if (g_strcmp0 (model_id, models[i].id) == 0)
      return models[i].rows;
  }
  return NULL;
}

gdouble
facenet_impostors_find_threshold (const gchar * model_id, gdouble far)
{
  const Row *rows = find_rows (model_id);
  gdouble part, threshold;
  guint i = 1;

  if (rows == NULL || !(far > 0))
    return (gdouble) NAN;
  while (i + 1 < N_ROWS && far > rows[i].far)
    i++;
  part = log (far / rows[i - 1].far) / log (rows[i].far / rows[i - 1].far);
  threshold = rows[i - 1].threshold
      + part * (rows[i].threshold - rows[i - 1].threshold);
  return CLAMP (threshold, LEAST_THRESHOLD, rows[N_ROWS - 1].threshold);
}
