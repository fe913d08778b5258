/* fuzz-t7.c - any bytes as a Torch7 file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * What is accepted must keep the promises of FacenetTensor, and hold no more
 * values than there are bytes.
 */
#include "fuzz-private.h"

#include "import/facenet-import-private.h"

#include <math.h>

static void
check_tensor (const FacenetTensor * tensor)
{
  gsize n = 1;

  g_assert (tensor != NULL && tensor->rank <= FACENET_TENSOR_MAX_RANK);
  for (guint i = 0; i < tensor->rank; i++) {
    n *= tensor->dims[i];
  }
  g_assert (n == tensor->n_values);
  for (gsize i = 0; i < n; i++) {
    g_assert (isfinite (tensor->values[i]));
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  FacenetSource source = { "fuzz", bytes };
  g_autoptr (FacenetWeights) weights = NULL;
  g_autofree const gchar **names = NULL;
  gsize n_values = 0;

  weights = facenet_format_t7_load (&source, &error);
  if (weights == NULL) {
    g_assert (error != NULL && error->domain == FACENET_ERROR);
    return 0;
  }
  g_assert (error == NULL);
  names = facenet_weights_list (weights);
  for (guint i = 0; names[i] != NULL; i++) {
    check_tensor (facenet_weights_get (weights, names[i]));
    n_values += facenet_weights_get (weights, names[i])->n_values;
  }
  g_assert (n_values <= size);
  return 0;
}
