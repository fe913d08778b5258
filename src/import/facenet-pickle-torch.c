/* facenet-pickle-torch.c - what a state dict's pickle may name
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Classes and functions stand in a pickle by name. Three kinds are known, and
 * "calling" one fills a struct: OrderedDict; the types of storages; and
 * torch._utils._rebuild_tensor_v2 (storage, offset, size, stride, …), a view
 * of a storage. The rest is refused by its name.
 */
#include "import/facenet-pickle-private.h"

#include <string.h>

typedef struct
{
  const gchar *module, *name;
  guint global;
} Known;

/* *INDENT-OFF* */
static const Known known[] = {
  { "collections", "OrderedDict", FACENET_GLOBAL_ORDERED_DICT },
  { "torch._utils", "_rebuild_tensor_v2", FACENET_GLOBAL_REBUILD_TENSOR },
  { "torch", "FloatStorage", FACENET_GLOBAL_STORAGE + FACENET_STORAGE_FLOAT },
  { "torch", "DoubleStorage", FACENET_GLOBAL_STORAGE + FACENET_STORAGE_DOUBLE },
  { "torch", "HalfStorage", FACENET_GLOBAL_STORAGE + FACENET_STORAGE_HALF },
  { "torch", "LongStorage", FACENET_GLOBAL_STORAGE + FACENET_STORAGE_LONG },
};
/* *INDENT-ON* */

gboolean
facenet_pickle_find_global (FacenetPickleValue * value, const gchar * module,
    const gchar * name, const gchar * item, GError ** error)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    if (g_str_equal (known[i].module, module)
        && g_str_equal (known[i].name, name)) {
      value->kind = FACENET_PICKLE_GLOBAL;
      value->global = known[i].global;
      return TRUE;
    }
  }
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: names %s.%s, which is refused and was not run; expected a state "
      "dict "
      "of float tensors, as torch.save (model.state_dict (), …) writes it",
      item, module, name);
  return FALSE;
}

static gboolean
fail (const gchar * item, FacenetError code, const gchar * what,
    GError ** error)
{
  g_set_error (error, FACENET_ERROR, (gint) code, "%s: %s", item, what);
  return FALSE;
}

/* The item of a tuple if it is of that kind, else NULL. */
static const FacenetPickleValue *
get (const FacenetPickleValue * tuple, guint i, FacenetPickleKind kind)
{
  const FacenetPickleValue *value = g_ptr_array_index (tuple->items, i);

  return value->kind == kind ? value : NULL;
}

gboolean
facenet_pickle_load_storage (FacenetPickleValue * value,
    const FacenetPickleValue * id, const gchar * item, GError ** error)
{
  const FacenetPickleValue *word, *type, *key, *n;

  if (id->kind != FACENET_PICKLE_TUPLE || id->items->len != 5) {
    return fail (item, FACENET_ERROR_FORMAT,
        "a persistent id that is not a tuple of 5", error);
  }
  word = get (id, 0, FACENET_PICKLE_STRING);
  type = get (id, 1, FACENET_PICKLE_GLOBAL);
  key = get (id, 2, FACENET_PICKLE_STRING);
  n = get (id, 4, FACENET_PICKLE_INT);
  if (word == NULL || !g_str_equal (word->string, "storage") || type == NULL
      || type->global <FACENET_GLOBAL_STORAGE || key == NULL || n == NULL
      || n->integer < 0) {
    return fail (item, FACENET_ERROR_FORMAT, "a persistent id that is not "
        "(\"storage\", type, key, device, count)", error);
  }
  value->kind = FACENET_PICKLE_STORAGE;
  value->storage.type = type->global -FACENET_GLOBAL_STORAGE;
  value->storage.key = key->string;
  value->storage.n_values = (guint64) n->integer;
  return TRUE;
}

/* FALSE unless it is a tuple of numbers from 0 to max. */
static gboolean
read_numbers (const FacenetPickleValue * tuple, guint64 max, guint64 * numbers)
{
  for (guint i = 0; i < tuple->items->len; i++) {
    const FacenetPickleValue *number = get (tuple, i, FACENET_PICKLE_INT);

    if (number == NULL || number->integer < 0
        || (guint64) number->integer > max) {
      return FALSE;
    }
    numbers[i] = (guint64) number->integer;
  }
  return TRUE;
}

/* Whether the view has no more values than its storage, and no value of it
 * lies outside. Strides of 0 could otherwise make terabytes out of a number. */
static gboolean
fits (FacenetPickleTensor * tensor)
{
  guint64 last = tensor->offset, step;

  tensor->n_values = 1;
  for (guint i = 0; i < tensor->rank; i++) {
    if (!g_uint64_checked_mul (&tensor->n_values, tensor->n_values,
            tensor->dims[i])) {
      return FALSE;
    }
  }
  if (tensor->n_values == 0) {
    return TRUE;
  }
  for (guint i = 0; i < tensor->rank; i++) {
    if (!g_uint64_checked_mul (&step, tensor->strides[i], tensor->dims[i] - 1)
        || !g_uint64_checked_add (&last, last, step)) {
      return FALSE;
    }
  }
  return tensor->n_values <= tensor->storage->n_values
      && last < tensor->storage->n_values;
}

/* args: storage, offset, size, stride, requires_grad, hooks[, metadata] */
static gboolean
rebuild_tensor (FacenetPickleValue * value, const FacenetPickleValue * args,
    const gchar * item, GError ** error)
{
  FacenetPickleTensor *tensor = &value->tensor;
  const FacenetPickleValue *storage, *offset, *size, *stride;
  guint64 dims[FACENET_PICKLE_MAX_RANK];

  if (args->items->len < 6 || args->items->len > 7) {
    return fail (item, FACENET_ERROR_FORMAT,
        "a tensor of other than 6 or 7 arguments", error);
  }
  storage = get (args, 0, FACENET_PICKLE_STORAGE);
  offset = get (args, 1, FACENET_PICKLE_INT);
  size = get (args, 2, FACENET_PICKLE_TUPLE);
  stride = get (args, 3, FACENET_PICKLE_TUPLE);
  if (storage == NULL || offset == NULL || offset->integer < 0 || size == NULL
      || stride == NULL || size->items->len != stride->items->len) {
    return fail (item, FACENET_ERROR_FORMAT, "a tensor that is not made of "
        "storage, offset, size and stride", error);
  }
  if (size->items->len > FACENET_PICKLE_MAX_RANK) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: a tensor of %u dimensions, expected at most %d", item,
        size->items->len, FACENET_PICKLE_MAX_RANK);
    return FALSE;
  }
  value->kind = FACENET_PICKLE_TENSOR;
  tensor->storage = &storage->storage;
  tensor->offset = (guint64) offset->integer;
  tensor->rank = size->items->len;
  if (!read_numbers (size, G_MAXUINT32, dims)
      || !read_numbers (stride, G_MAXINT64, tensor->strides)) {
    return fail (item, FACENET_ERROR_LIMIT,
        "a tensor with a size or stride out of range", error);
  }
  for (guint i = 0; i < tensor->rank; i++) {
    tensor->dims[i] = (guint32) dims[i];
  }
  return fits (tensor) || fail (item, FACENET_ERROR_LIMIT,
      "a tensor that is larger than its storage", error);
}

gboolean
facenet_pickle_call (FacenetPickleValue * value,
    const FacenetPickleValue * function, const FacenetPickleValue * args,
    const gchar * item, GError ** error)
{
  if (function->kind != FACENET_PICKLE_GLOBAL
      || args->kind != FACENET_PICKLE_TUPLE) {
    return fail (item, FACENET_ERROR_FORMAT,
        "calls something that is not a function", error);
  }
  if (function->global == FACENET_GLOBAL_REBUILD_TENSOR) {
    return rebuild_tensor (value, args, item, error);
  }
  if (function->global !=FACENET_GLOBAL_ORDERED_DICT || args->items->len > 0) {
    return fail (item, FACENET_ERROR_FORMAT,
        "calls a type with arguments that no state dict has", error);
  }
  value->kind = FACENET_PICKLE_DICT;
  value->items = g_ptr_array_new ();
  return TRUE;
}
