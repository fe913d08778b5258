/* fuzz-safetensors.c - any bytes as a model file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * What is accepted must keep the promises of FacenetTensor.
 */
#include "fuzz-private.h"

#include "weights/facenet-format-private.h"
#include "weights/facenet-weights-private.h"

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
  g_autoptr (FacenetWeights) weights = NULL;
  g_autofree const gchar **names = NULL;

  facenet_format_sniff ("fuzz", bytes);
  weights = facenet_weights_parse (bytes, "fuzz", &error);
  if (weights == NULL) {
    g_assert (error != NULL && error->domain == FACENET_ERROR);
    return 0;
  }
  g_assert (error == NULL);
  names = facenet_weights_list (weights);
  for (guint i = 0; names[i] != NULL; i++) {
    check_tensor (facenet_weights_get (weights, names[i]));
  }
  return 0;
}
