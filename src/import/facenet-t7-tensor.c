/* facenet-t7-tensor.c - the values of a Torch7 tensor
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A tensor is a view: value [i,j,…] is number offset + i stride0 + j stride1 …
 * of its storage. Many tensors may share one storage, and a network that was
 * trained has all its weights in a single one.
 */
#include "import/facenet-t7-private.h"

#include "base/facenet-half-private.h"

#include <string.h>

static gboolean
fail (const gchar * item, GError ** error, gint code, const gchar * message)
{
  g_set_error (error, FACENET_ERROR, code, "%s: %s", item, message);
  return FALSE;
}

static gboolean
check_types (const FacenetT7Node * tensor, const gchar * item, GError ** error)
{
  const FacenetT7Node *storage;

  if (tensor->kind != FACENET_T7_TENSOR) {
    return fail (item, error, FACENET_ERROR_FORMAT, "is not a tensor");
  }
  storage = tensor->tensor.storage;
  if (!tensor->tensor.type->is_real) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: is a torch.%sTensor, expected floats or doubles", item,
        tensor->tensor.type->name);
    return FALSE;
  }
  if (tensor->tensor.rank == 0 || storage->kind != FACENET_T7_STORAGE) {
    return fail (item, error, FACENET_ERROR_FORMAT, "is an empty tensor");
  }
  if (storage->storage.type != tensor->tensor.type) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: is a torch.%sTensor in a torch.%sStorage", item,
        tensor->tensor.type->name, storage->storage.type->name);
    return FALSE;
  }
  return TRUE;
}

/* Every index must be in the storage. A tensor that counts some of its numbers
 * twice could be of any size, so it has at most as many as the storage. */
static gboolean
check_extent (const FacenetT7Node * tensor, gsize * n_values,
    const gchar * item, GError ** error)
{
  guint rank = tensor->tensor.rank;
  const gint64 *dims = tensor->tensor.dims, *strides = dims + rank;
  gint64 n = (gint64) tensor->tensor.storage->storage.n_values;
  gint64 last = tensor->tensor.offset - 1;
  gint64 left = n;

  *n_values = 1;
  for (guint i = 0; i < rank; i++) {
    if (dims[i] < 1 || dims[i] > left) {
      return fail (item, error, FACENET_ERROR_FORMAT,
          "has dimensions that its storage does not hold");
    }
    left /= dims[i];
    *n_values *= (gsize) dims[i];
  }
  for (guint i = 0; i < rank; i++) {
    if (last < 0 || last >= n || strides[i] < 0
        || (dims[i] > 1 && strides[i] > (n - 1 - last) / (dims[i] - 1))) {
      return fail (item, error, FACENET_ERROR_FORMAT,
          "reaches beyond its storage");
    }
    last += (dims[i] - 1) * strides[i];
  }
  return TRUE;
}

static inline gfloat
get (const FacenetT7Node * storage, gsize i)
{
  gdouble value;
  guint64 bits;

  if (storage->storage.values != NULL) {
    return storage->storage.values[i];
  }
  memcpy (&bits, storage->storage.bytes + i * sizeof bits, sizeof bits);
  bits = GUINT64_FROM_LE (bits);
  memcpy (&value, &bits, sizeof value);
  return (gfloat) value;
}

/* n values from start on, stride apart */
static void
copy_row (gfloat * values, const FacenetT7Node * storage, gsize start,
    gsize stride, gsize n)
{
  gboolean floats = storage->storage.values == NULL
      && storage->storage.type->size == sizeof (gfloat);

  if (floats && stride == 1) {
    facenet_float_read (values, storage->storage.bytes
        + start * sizeof (gfloat), n);
    return;
  }
  for (gsize i = 0; i < n; i++) {
    gsize at = start + i * stride;

    if (floats) {
      facenet_float_read (values + i,
          storage->storage.bytes + at * sizeof (gfloat), 1);
    } else {
      values[i] = get (storage, at);
    }
  }
}

/* Row by row; index counts through all dimensions but the last. */
static void
copy_values (gfloat * values, const FacenetT7Node * tensor, gsize n_values)
{
  gint64 index[FACENET_T7_MAX_RANK] = { 0 };
  guint last = tensor->tensor.rank - 1;
  const gint64 *dims = tensor->tensor.dims, *strides = dims + last + 1;
  gint64 start = tensor->tensor.offset - 1;
  gsize row = (gsize) dims[last];

  for (gsize done = 0; done < n_values; done += row) {
    copy_row (values + done, tensor->tensor.storage, (gsize) start,
        (gsize) strides[last], row);
    for (guint i = last; i-- > 0;) {
      start += strides[i];
      if (++index[i] < dims[i]) {
        break;
      }
      start -= dims[i] * strides[i];
      index[i] = 0;
    }
  }
}

gfloat *
facenet_t7_read_tensor (const FacenetT7Node * tensor, gsize * left,
    gsize * n_values, const gchar * item, GError ** error)
{
  gfloat *values;

  if (!check_types (tensor, item, error)
      || !check_extent (tensor, n_values, item, error)) {
    return NULL;
  }
  values = *n_values <= *left ? g_try_new (gfloat, *n_values) : NULL;
  if (values == NULL) {
    fail (item, error, FACENET_ERROR_LIMIT,
        "the tensors have more values than the file");
    return NULL;
  }
  *left -= *n_values;
  copy_values (values, tensor, *n_values);
  return values;
}
