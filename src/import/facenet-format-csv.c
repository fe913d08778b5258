/* facenet-format-csv.c - weights in a folder of CSV files
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * In: a folder as Keras-OpenFace has it, one file for each tensor under the
 * tensor's name, e.g. "conv1_w.csv", "dense_b.csv". Other files and hidden
 * ones are passed over. The files do not say what shape their values have:
 * the tensors are flat, and the network gives them its shapes.
 */
#include "import/facenet-import-private.h"

#include "base/facenet-file-private.h"
#include "import/facenet-csv-private.h"

#include <string.h>

#define SUFFIX ".csv"
#define MAX_FILES 4096

static gboolean
is_tensor_file (const gchar * name)
{
  return g_str_has_suffix (name, SUFFIX) && *name != '.';
}

static gint
compare_strings (gconstpointer a, gconstpointer b)
{
  const gchar *const *one = a, *const *other = b;

  return strcmp (*one, *other);
}

/* (transfer full): the names in strcmp order, so that of several errors it is
 * always the same one that is told */
static GPtrArray *
list_files (const gchar * location, GError ** error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) cause = NULL;
  g_autoptr (GDir) folder = g_dir_open (location, 0, &cause);
  const gchar *name;

  if (folder == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN, "%s: %s", location,
        cause->message);
    return NULL;
  }
  while ((name = g_dir_read_name (folder)) != NULL) {
    if (is_tensor_file (name)) {
      g_ptr_array_add (names, g_strdup (name));
    }
    if (names->len > MAX_FILES) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
          "%s: more than %d CSV files", location, MAX_FILES);
      return NULL;
    }
  }
  g_ptr_array_sort (names, compare_strings);
  return g_steal_pointer (&names);
}

/* left: how many bytes the folder's files may still have. */
static gboolean
load_tensor (FacenetWeights * self, const gchar * file, gsize * left,
    GError ** error)
{
  const gchar *location = facenet_weights_get_location (self);
  g_autofree gchar *path = g_build_filename (location, file, NULL);
  g_autofree gchar *name = g_strndup (file, strlen (file) - strlen (SUFFIX));
  g_autoptr (GBytes) bytes = NULL;
  gfloat *values;
  gsize n_values;
  guint32 dim;

  if (!g_utf8_validate (name, -1, NULL)) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: a file's name is not UTF-8", location);
    return FALSE;
  }
  bytes = facenet_file_read (path, *left, error);
  if (bytes == NULL) {
    return FALSE;
  }
  *left -= g_bytes_get_size (bytes);
  values = facenet_csv_parse (bytes, path, &n_values, error);
  if (values == NULL) {
    return FALSE;
  }
  dim = (guint32) n_values;
  return facenet_weights_take (self, name, 1, &dim, values, error);
}

FacenetWeights *
facenet_format_csv_load (const FacenetSource * source, GError ** error)
{
  g_autoptr (FacenetWeights) self = facenet_weights_new (source->location);
  g_autoptr (GPtrArray) files = list_files (source->location, error);
  gsize left = FACENET_MAX_MODEL_SIZE;

  for (guint i = 0; files != NULL && i < files->len; i++) {
    if (!load_tensor (self, files->pdata[i], &left, error)) {
      return NULL;
    }
  }
  facenet_weights_set_flat (self, TRUE);
  return files != NULL ? g_steal_pointer (&self) : NULL;
}
