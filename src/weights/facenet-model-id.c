/* facenet-model-id.c - which model this is, as a number
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * In: a network's name, how its images are prepared, and the tensors it runs
 * on. Out: SHA-256 (FIPS 180-4) of all that as 64 hexadecimal digits, the same
 * for the same numbers in any file format. Embeddings of models with different
 * ids must not be compared. The bytes that are hashed are in the header.
 */
#include "weights/facenet-weights-private.h"

#include "base/facenet-half-private.h"

#include <string.h>

#define CHUNK 4096              /* values */

/* The string with its NUL. */
static void
hash_string (GChecksum * sum, const gchar * string)
{
  g_checksum_update (sum, (const guchar *) string,
      (gssize) strlen (string) + 1);
}

static void
hash_u32 (GChecksum * sum, guint32 value)
{
  guint32 bytes = GUINT32_TO_LE (value);

  g_checksum_update (sum, (const guchar *) &bytes, sizeof bytes);
}

static void
hash_tensor (GChecksum * sum, const FacenetTensor * tensor)
{
  guint8 bytes[CHUNK * sizeof (gfloat)];

  hash_string (sum, tensor->name);
  hash_u32 (sum, tensor->rank);
  for (guint i = 0; i < tensor->rank; i++) {
    hash_u32 (sum, tensor->dims[i]);
  }
  for (gsize i = 0; i < tensor->n_values; i += CHUNK) {
    gsize n = MIN (CHUNK, tensor->n_values - i);

    facenet_float_write (bytes, tensor->values + i, n);
    g_checksum_update (sum, bytes, (gssize) (n * sizeof (gfloat)));
  }
}

static gint
compare_strings (gconstpointer a, gconstpointer b)
{
  const gchar *const *one = a, *const *other = b;

  return strcmp (*one, *other);
}

gchar *
facenet_weights_compute_id (const FacenetWeights * self, const gchar * network,
    const gchar * preprocess, const gchar * const *names, GError ** error)
{
  guint n = g_strv_length ((gchar **) names);
  g_autofree const gchar **sorted = g_memdup2 (names, n * sizeof *names);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  if (n > 0) {
    qsort (sorted, n, sizeof *sorted, compare_strings);
  }
  hash_string (sum, network);
  hash_string (sum, preprocess);
  for (guint i = 0; i < n; i++) {
    const FacenetTensor *tensor = facenet_weights_get (self, sorted[i]);

    if (tensor == NULL) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
          "%s: no tensor %s", facenet_weights_get_location (self), sorted[i]);
      return NULL;
    }
    hash_tensor (sum, tensor);
  }
  return g_strdup (g_checksum_get_string (sum));
}
