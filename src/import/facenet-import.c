/* facenet-import.c - a model file of any format
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "import/facenet-import.h"

#include "base/facenet-file-private.h"
#include "import/facenet-import-private.h"
#include "network/facenet-model-private.h"
#include "weights/facenet-format-private.h"

#include <glib/gstdio.h>

#define EXPECTED "a model: safetensors, Torch7 .t7, PyTorch .pt, Keras .h5, " \
    "a folder of CSV files"

typedef FacenetWeights *(*Load) (const FacenetSource * source, GError ** error);

static FacenetWeights *
load_safetensors (const FacenetSource * source, GError ** error)
{
  return facenet_weights_parse (source->bytes, source->location, error);
}

static const Load loaders[] = {
  [FACENET_FORMAT_SAFETENSORS] = load_safetensors,
  [FACENET_FORMAT_CSV] = facenet_format_csv_load,
  [FACENET_FORMAT_HDF5] = facenet_format_hdf5_load,
  [FACENET_FORMAT_T7] = facenet_format_t7_load,
  [FACENET_FORMAT_TORCH] = facenet_format_torch_load,
};

FacenetWeights *
facenet_import_weights (const gchar * location, GError ** error)
{
  g_autoptr (GBytes) bytes = NULL;
  FacenetSource source = { location, NULL };
  FacenetFormat format;

  if (!g_file_test (location, G_FILE_TEST_IS_DIR)) {
    bytes = facenet_file_read (location, FACENET_MAX_MODEL_SIZE, error);
    if (bytes == NULL)
      return NULL;
    source.bytes = bytes;
  }
  format = facenet_format_sniff (location, bytes);
  if (format != FACENET_FORMAT_UNKNOWN)
    return loaders[format] (&source, error);
  facenet_format_fail (location, bytes, EXPECTED, error);
  return NULL;
}

FacenetModel *
facenet_import_model (const gchar * location, const gchar * network,
    GError ** error)
{
  g_autofree gchar *found = NULL;
  g_autoptr (FacenetWeights) weights = NULL;

  if (location == NULL)
    location = found = facenet_model_find_default (error);
  if (location == NULL)
    return NULL;
  weights = facenet_import_weights (location, error);
  return weights != NULL ? facenet_model_new (weights, network, error) : NULL;
}

gchar *
facenet_import_compute_id (const FacenetModel * model, GError ** error)
{
  g_autoptr (FacenetWeights) weights =
      facenet_import_weights (facenet_model_get_location (model), error);

  return weights != NULL ? facenet_model_hash (model, weights, error) : NULL;
}

/* Whether two names mean one file: a link, or another way to it. */
static gboolean
is_same_file (const gchar * a, const gchar * b)
{
  GStatBuf one, other;

  return g_stat (a, &one) == 0 && g_stat (b, &other) == 0
      && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

gboolean
facenet_import_convert (const gchar * in, const gchar * out,
    const gchar * network, FacenetDtype dtype, gchar ** model_id,
    GError ** error)
{
  g_autoptr (FacenetWeights) weights = NULL;
  g_autoptr (FacenetModel) model = NULL;

  if (is_same_file (in, out)) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
        "%s: is the file to read; the output must be another file", out);
    return FALSE;
  }
  weights = facenet_import_weights (in, error);
  if (weights == NULL || !facenet_weights_round (weights, dtype, error))
    return FALSE;
  /* Without a stated id the model computes its own. */
  facenet_weights_set_metadata (weights, "id", NULL);
  model = facenet_model_new (weights, network, error);
  if (model == NULL)
    return FALSE;
  facenet_model_describe (model, weights);
  if (!facenet_weights_save (weights, out, dtype, error))
    return FALSE;
  if (model_id != NULL)
    *model_id = g_strdup (facenet_model_get_id (model));
  return TRUE;
}
