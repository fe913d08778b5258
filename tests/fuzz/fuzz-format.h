/* fuzz-format.h - any bytes as a model file of one format
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "fuzz-private.h"

#include "import/facenet-import-private.h"
#include "weights/facenet-format-private.h"

#include <math.h>

/* The promises of FacenetTensor. */
static inline void
fuzz_check_tensor (const FacenetTensor * tensor)
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

typedef FacenetWeights *(*FuzzLoad) (const FacenetSource * source,
    GError ** error);

/* Loads bytes (transfer full) that begin like the format; what is accepted
 * must keep those promises, what is refused must say why. */
static inline void
fuzz_format (FacenetFormat format, FuzzLoad load, GBytes * bytes)
{
  g_autoptr (GBytes) file = bytes;
  FacenetSource source = { "fuzz", file };
  g_autoptr (GError) error = NULL;
  g_autoptr (FacenetWeights) weights = NULL;
  g_autofree const gchar **names = NULL;

  if (facenet_format_sniff (source.location, file) != format) {
    return;
  }
  weights = load (&source, &error);
  if (weights == NULL) {
    g_assert (error != NULL && error->domain == FACENET_ERROR);
    return;
  }
  g_assert (error == NULL);
  names = facenet_weights_list (weights);
  for (guint i = 0; names[i] != NULL; i++) {
    fuzz_check_tensor (facenet_weights_get (weights, names[i]));
  }
}
