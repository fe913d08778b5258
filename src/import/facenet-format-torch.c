/* facenet-format-torch.c - weights in PyTorch state dicts (.pt, .pth)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * In: the zip archive that torch.save() writes since PyTorch 1.6: a folder
 * with "data.pkl", the pickled dict of tensors, and "data/0", "data/1", …, the
 * numbers of each storage. Out: its tensors, row-major, under the names of
 * Keras-OpenFace where they have those of OpenFace's port, else under their
 * own. The older format, one pickle after the other, is named and refused.
 */
#include "import/facenet-import-private.h"

#include "base/facenet-half-private.h"
#include "import/facenet-pickle-private.h"
#include "import/facenet-torch-names-private.h"
#include "import/facenet-zip-private.h"

#include <string.h>

#define PICKLE_NAME "/data.pkl"
#define PARALLEL_PREFIX "module."       /* of a model in DataParallel */
#define COUNTER ".num_batches_tracked"  /* of a batch norm, for training */

G_STATIC_ASSERT (FACENET_PICKLE_MAX_RANK == FACENET_TENSOR_MAX_RANK);

static const gsize value_sizes[] = {
  [FACENET_STORAGE_FLOAT] = 4,
  [FACENET_STORAGE_DOUBLE] = 8,
  [FACENET_STORAGE_HALF] = 2,
  [FACENET_STORAGE_LONG] = 8,
};

typedef struct
{
  FacenetWeights *weights;
  FacenetZip *zip;
  gchar *folder;                /* of data.pkl in the archive */
  guint64 bytes_left;           /* that tensors may still take */
} TorchLoader;

/* Else it is of the older format, a pickle. */
static gboolean
is_zip (GBytes * bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return size >= 2 && memcmp (data, "PK", 2) == 0;
}

static gdouble
read_double (const guint8 * data)
{
  guint64 bits;
  gdouble value;

  memcpy (&bits, data, sizeof bits);
  bits = GUINT64_FROM_LE (bits);
  memcpy (&value, &bits, sizeof value);
  return value;
}

/* n values of a storage, stride apart; the first of them is at data. */
static void
read_row (gfloat * values, const guint8 * data, gsize n, guint64 stride,
    FacenetStorageType type)
{
  if (stride == 1 && type == FACENET_STORAGE_FLOAT) {
    facenet_float_read (values, data, n);
    return;
  }
  for (gsize i = 0; i < n; i++) {
    const guint8 *at = data + i * stride * value_sizes[type];

    if (type == FACENET_STORAGE_FLOAT) {
      facenet_float_read (values + i, at, 1);
    } else if (type == FACENET_STORAGE_HALF) {
      facenet_half_read (values + i, at, 1);
    } else {
      values[i] = (gfloat) read_double (at);
    }
  }
}

/* Row after row, whatever the strides are. All indices lie in the storage:
 * facenet-pickle-torch.c has checked. */
static void
read_values (gfloat * values, const FacenetPickleTensor * tensor,
    const guint8 * data)
{
  gsize dims[FACENET_TENSOR_MAX_RANK] = { 1, 1, 1, 1 };
  guint64 strides[FACENET_TENSOR_MAX_RANK] = { 0, 0, 0, 1 };
  guint shift = FACENET_TENSOR_MAX_RANK - tensor->rank;
  gsize size = value_sizes[tensor->storage->type];

  for (guint i = 0; i < tensor->rank; i++) {
    dims[shift + i] = tensor->dims[i];
    strides[shift + i] = tensor->strides[i];
  }
  for (gsize a = 0; a < dims[0]; a++) {
    for (gsize b = 0; b < dims[1]; b++) {
      for (gsize c = 0; c < dims[2]; c++) {
        guint64 first = tensor->offset + a * strides[0] + b * strides[1]
            + c * strides[2];

        read_row (values, data + first * size, dims[3], strides[3],
            tensor->storage->type);
        values += dims[3];
      }
    }
  }
}

/* The numbers of a storage in the archive, of the size that it claims. */
static const guint8 *
find_storage (const TorchLoader * self, const FacenetPickleStorage * storage,
    const gchar * name, GError ** error)
{
  const gchar *location = self->zip->location;
  g_autofree gchar *path =
      g_strdup_printf ("%s/data/%s", self->folder, storage->key);
  const FacenetZipEntry *entry = facenet_zip_find (self->zip, path);
  gsize size = value_sizes[storage->type];

  if (entry == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "%s/%s: its numbers, %s, are not in the archive", location, name, path);
    return NULL;
  }
  if (entry->size % size != 0 || entry->size / size != storage->n_values) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE,
        "%s/%s: %s has %" G_GSIZE_FORMAT " bytes, expected %" G_GUINT64_FORMAT
        " values of %" G_GSIZE_FORMAT, location, name, path, entry->size,
        storage->n_values, size);
    return NULL;
  }
  return entry->data;
}

/* (transfer full): the values as floats, or NULL. What all tensors together
 * take is bounded by the size of the file, however many share a storage. */
static gfloat *
widen (TorchLoader * self, const FacenetPickleTensor * tensor,
    const gchar * name, GError ** error)
{
  gsize size = value_sizes[tensor->storage->type];
  const guint8 *data = find_storage (self, tensor->storage, name, error);
  gfloat *values;

  if (data == NULL) {
    return NULL;
  }
  if (tensor->n_values > self->bytes_left / size) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s/%s: all tensors up to here have more bytes than the file, expected "
        "storages that are used once", self->zip->location, name);
    return NULL;
  }
  self->bytes_left -= tensor->n_values * size;
  /* One more, so that an empty tensor is not NULL. */
  values = g_try_new (gfloat, tensor->n_values + 1);
  if (values == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s/%s: no memory for its %" G_GUINT64_FORMAT " values",
        self->zip->location, name, tensor->n_values);
  } else if (tensor->n_values > 0) {
    read_values (values, tensor, data);
  }
  return values;
}

static gboolean
load_tensor (TorchLoader * self, const gchar * key,
    const FacenetPickleValue * value, GError ** error)
{
  const gchar *location = self->zip->location;
  const gchar *name = g_str_has_prefix (key, PARALLEL_PREFIX) ?
      key + strlen (PARALLEL_PREFIX) : key;
  g_autofree gchar *mapped = NULL;
  gfloat *values;

  if (value->kind != FACENET_PICKLE_TENSOR) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s/%s: is %s, expected a tensor", location, key,
        facenet_pickle_describe (value));
    return FALSE;
  }
  if (g_str_has_suffix (name, COUNTER)) {
    return TRUE;
  }
  if (value->tensor.storage->type == FACENET_STORAGE_LONG) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s/%s: a LongStorage, expected a Float-, Double- or HalfStorage",
        location, key);
    return FALSE;
  }
  values = widen (self, &value->tensor, key, error);
  mapped = facenet_torch_map_name (name);
  return values != NULL && facenet_weights_take (self->weights,
      mapped != NULL ? mapped : name, value->tensor.rank, value->tensor.dims,
      values, error);
}

/* The dict of tensors: the whole, or what training scripts put it under. */
static const FacenetPickleValue *
find_state (const TorchLoader * self, const FacenetPickleValue * root,
    GError ** error)
{
  static const gchar *const keys[] = { "state_dict", "model_state_dict" };

  for (guint i = 0; root->kind == FACENET_PICKLE_DICT
      && i < G_N_ELEMENTS (keys); i++) {
    const FacenetPickleValue *found = facenet_pickle_lookup (root, keys[i]);

    if (found != NULL && found->kind == FACENET_PICKLE_DICT) {
      return found;
    }
  }
  if (root->kind == FACENET_PICKLE_DICT) {
    return root;
  }
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: holds %s, expected a dict of tensors", self->zip->location,
      facenet_pickle_describe (root));
  return NULL;
}

static gboolean
load_state (TorchLoader * self, const FacenetPickleValue * root,
    GError ** error)
{
  const FacenetPickleValue *state = find_state (self, root, error);

  for (guint i = 0; state != NULL && i < state->items->len; i += 2) {
    const FacenetPickleValue *key = g_ptr_array_index (state->items, i);

    if (key->kind != FACENET_PICKLE_STRING) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
          "%s: a key is %s, expected names of tensors", self->zip->location,
          facenet_pickle_describe (key));
      return FALSE;
    }
    if (!load_tensor (self, key->string,
            g_ptr_array_index (state->items, i + 1), error)) {
      return FALSE;
    }
  }
  return state != NULL;
}

/* Sets folder; returns the pickle in it. */
static const FacenetZipEntry *
find_pickle (TorchLoader * self, GError ** error)
{
  for (guint i = 0; i < self->zip->entries->len; i++) {
    const FacenetZipEntry *entry =
        &g_array_index (self->zip->entries, FacenetZipEntry, i);
    gsize n = strlen (entry->name);

    if (g_str_has_suffix (entry->name, PICKLE_NAME)) {
      self->folder = g_strndup (entry->name, n - strlen (PICKLE_NAME));
      return entry;
    }
  }
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: a zip archive without data.pkl, expected one that "
      "torch.save() wrote", self->zip->location);
  return NULL;
}

/* PyTorch of a machine that keeps numbers the other way round says so. */
static gboolean
check_byte_order (const TorchLoader * self, GError ** error)
{
  g_autofree gchar *name = g_strconcat (self->folder, "/byteorder", NULL);
  const FacenetZipEntry *order = facenet_zip_find (self->zip, name);

  if (order == NULL || (order->size == 6
          && memcmp (order->data, "little", 6) == 0)) {
    return TRUE;
  }
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: numbers of another byte order, expected \"little\" in %s",
      self->zip->location, name);
  return FALSE;
}

static gboolean
load_archive (TorchLoader * self, GError ** error)
{
  const FacenetZipEntry *entry = find_pickle (self, error);
  g_autoptr (FacenetPickle) pickle = NULL;
  g_autofree gchar *item = NULL;

  if (entry == NULL || !check_byte_order (self, error)) {
    return FALSE;
  }
  item = g_strdup_printf ("%s%s", self->zip->location, PICKLE_NAME);
  pickle = facenet_pickle_read (entry->data, entry->size, item, error);
  return pickle != NULL && load_state (self, pickle->root, error);
}

FacenetWeights *
facenet_format_torch_load (const FacenetSource * source, GError ** error)
{
  g_autoptr (FacenetZip) zip = NULL;
  TorchLoader loader = { 0 };
  gboolean ok;

  if (!is_zip (source->bytes)) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: PyTorch's format from before 1.6, expected the zip format: "
        "torch.save (torch.load (FILE), NEW) with PyTorch 1.6 or later",
        source->location);
    return NULL;
  }
  zip = facenet_zip_open (source->bytes, source->location, error);
  if (zip == NULL) {
    return NULL;
  }
  loader.zip = zip;
  loader.bytes_left = g_bytes_get_size (source->bytes);
  loader.weights = facenet_weights_new (source->location);
  ok = load_archive (&loader, error);
  g_free (loader.folder);
  if (!ok) {
    g_clear_pointer (&loader.weights, facenet_weights_free);
  }
  return loader.weights;
}
