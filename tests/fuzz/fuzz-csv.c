/* fuzz-csv.c - any bytes as a file of values
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "fuzz-private.h"

#include "import/facenet-csv-private.h"

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autofree gfloat *values = NULL;
  gsize n_values = 0;

  values = facenet_csv_parse (bytes, "fuzz", &n_values, &error);
  if (values == NULL) {
    g_assert (error != NULL && error->domain == FACENET_ERROR);
    return 0;
  }
  g_assert (error == NULL && n_values >= 1 && n_values <= size);
  /* All of them are there to be read. */
  for (gsize i = 0; i < n_values; i++) {
    volatile gfloat value = values[i];

    (void) value;
  }
  return 0;
}
