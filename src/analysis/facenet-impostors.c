/* facenet-impostors.c - how near strangers come, of known models
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The table of the shipped model's card (weights/README.md): 7.4 million pairs
 * of two people. Between its rows the logarithm of the share is taken to be
 * straight; below it goes on as between the first two, but not to thresholds
 * that nobody would pass.
 */
#include <math.h>

#include "analysis/facenet-impostors-private.h"

#define SHIPPED \
    "543aa5702856cebd5a5f0ac4623b67fd51ceb0bb4a0230bc9f23110f05407510"
#define LEAST_THRESHOLD 0.1

/* *INDENT-OFF* */
static const struct
{
  gdouble threshold, far;
} table[] = {
  { 0.31, 1e-4 },
  { 0.50, 1e-3 },
  { 0.70, 6e-3 },
  { 0.76, 1e-2 },
  { 1.04, 5.6e-2 },
};
/* *INDENT-ON* */

gdouble
facenet_impostors_find_threshold (const gchar * model_id, gdouble far)
{
  gdouble part, threshold;
  guint i = 1;

  if (g_strcmp0 (model_id, SHIPPED) != 0 || !(far > 0))
    return (gdouble) NAN;
  while (i + 1 < G_N_ELEMENTS (table) && far > table[i].far)
    i++;
  part = log (far / table[i - 1].far) / log (table[i].far / table[i - 1].far);
  threshold = table[i - 1].threshold
      + part * (table[i].threshold - table[i - 1].threshold);
  return CLAMP (threshold, LEAST_THRESHOLD,
      table[G_N_ELEMENTS (table) - 1].threshold);
}
