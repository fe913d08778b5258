/* facenet-t7-parse.c - from the bytes of a Torch7 file to its objects
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * An object is an int for its type, for tables, functions and objects of
 * classes an index, and unless that index was there before, what it holds:
 *   number    double                  boolean   int
 *   string    length, bytes           function  string, upvalues (an object)
 *   table     how many, then as many pairs of objects
 *   class     version ("V 1", not in old files), name, and then
 *     tensor    rank (int), dims, strides, offset from 1 (long), storage
 *     storage   how many (long), numbers
 *     others    a table with the fields
 * As torch7's File.lua and generic/Tensor.c, Storage.c write them.
 *
 * Everything is bounded by what is left of the file, before memory is taken.
 */
#include "import/facenet-t7-private.h"

#include "import/facenet-t7-stream-private.h"

#include <string.h>

#define MAX_CLASS_NAME 64       /* characters */

/* The int that begins an object. */
enum
{
  TYPE_NIL,
  TYPE_NUMBER,
  TYPE_STRING,
  TYPE_TABLE,
  TYPE_CLASS,
  TYPE_BOOLEAN,
  TYPE_FUNCTION_UNSHARED,       /* without an index */
  TYPE_FUNCTION_OLD,
  TYPE_FUNCTION
};

typedef struct
{
  FacenetT7Stream stream;
  FacenetT7 *file;
  GHashTable *by_index;         /* index to node */
  GError **error;
} T7Parser;

/* *INDENT-OFF* */
static const FacenetT7Type types[] = {
  { "Byte",   1, TRUE,  FALSE },
  { "Char",   1, TRUE,  FALSE },
  { "Short",  2, FALSE, FALSE },
  { "Int",    4, FALSE, FALSE },
  { "Long",   8, FALSE, FALSE },
  { "Half",   2, FALSE, FALSE },
  { "Float",  4, FALSE, TRUE },
  { "Double", 8, FALSE, TRUE },
};
/* *INDENT-ON* */

static const FacenetT7Node nil = { FACENET_T7_NIL, {0.0} };

static const FacenetT7Node *read_object (T7Parser * self, guint depth);

static gboolean
fail (T7Parser * self, gint code, const gchar * message)
{
  g_set_error (self->error, FACENET_ERROR, code, "%s: %s at byte %"
      G_GSIZE_FORMAT, self->file->location, message,
      self->stream.reader.offset);
  return FALSE;
}

static gboolean
check (T7Parser * self)
{
  return facenet_t7_stream_check (&self->stream, self->file->location,
      self->error);
}

/* A node that the file owns; NULL with LIMIT when there are too many. */
static FacenetT7Node *
add_node (T7Parser * self, FacenetT7Kind kind)
{
  FacenetT7Node *node;

  if (self->file->nodes->len >= FACENET_T7_MAX_NODES) {
    g_set_error (self->error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: more than %d objects", self->file->location, FACENET_T7_MAX_NODES);
    return NULL;
  }
  node = g_new0 (FacenetT7Node, 1);
  node->kind = kind;
  g_ptr_array_add (self->file->nodes, node);
  return node;
}

static FacenetT7Node *
add_shared_node (T7Parser * self, FacenetT7Kind kind, gint32 index)
{
  FacenetT7Node *node = add_node (self, kind);

  if (node != NULL) {
    g_hash_table_insert (self->by_index, GINT_TO_POINTER (index), node);
  }
  return node;
}

static const FacenetT7Node *
read_number (T7Parser * self, FacenetT7Kind kind)
{
  gdouble value = kind == FACENET_T7_BOOLEAN
      ? facenet_t7_stream_int (&self->stream)
      : facenet_t7_stream_double (&self->stream);
  FacenetT7Node *node = check (self) ? add_node (self, kind) : NULL;

  if (node != NULL) {
    node->number = value;
  }
  return node;
}

static const FacenetT7Node *
read_string (T7Parser * self)
{
  gsize length = 0;
  const gchar *text = facenet_t7_stream_string (&self->stream, &length);
  FacenetT7Node *node =
      check (self) ? add_node (self, FACENET_T7_STRING) : NULL;

  if (node != NULL) {
    node->string.text = text;
    node->string.length = length;
  }
  return node;
}

static const FacenetT7Node *
read_function (T7Parser * self, FacenetT7Node * node, guint depth)
{
  gsize length;

  if (node == NULL) {
    return NULL;
  }
  facenet_t7_stream_string (&self->stream, &length);
  return check (self) && read_object (self, depth) != NULL ? node : NULL;
}

static const FacenetT7Node *
read_table (T7Parser * self, gint32 index, guint depth)
{
  gint32 n_pairs = facenet_t7_stream_int (&self->stream);
  FacenetT7Node *node;

  if (!check (self)) {
    return NULL;
  }
  if (n_pairs < 0) {
    fail (self, FACENET_ERROR_FORMAT, "table with less than no entries");
    return NULL;
  }
  node = add_shared_node (self, FACENET_T7_TABLE, index);
  if (node == NULL) {
    return NULL;
  }
  /* Grows as entries come: their number is only what the file claims. */
  node->pairs = g_array_new (FALSE, FALSE, sizeof (FacenetT7Pair));
  for (gint32 i = 0; i < n_pairs; i++) {
    FacenetT7Pair pair = { read_object (self, depth), NULL };

    pair.value = pair.key != NULL ? read_object (self, depth) : NULL;
    if (pair.value == NULL) {
      return NULL;
    }
    g_array_append_val (node->pairs, pair);
  }
  return node;
}

/* The values of an ASCII file are parsed here, as where they end is not known
 * before; those of a binary one stay where they are. */
static gboolean
read_values (T7Parser * self, FacenetT7Node * node, guint64 n)
{
  const FacenetT7Type *type = node->storage.type;
  FacenetT7Stream *stream = &self->stream;

  if (!stream->is_ascii || type->is_raw) {
    node->storage.bytes = facenet_t7_stream_bytes (stream,
        n > G_MAXUINT64 / type->size ? G_MAXUINT64 : n * type->size);
  } else if (facenet_t7_stream_may_have (stream, n)) {
    if (type->is_real) {
      node->storage.values = g_try_new (gfloat, (gsize) n + 1);
      if (node->storage.values == NULL) {
        return fail (self, FACENET_ERROR_LIMIT, "no memory for a storage");
      }
    }
    facenet_t7_stream_numbers (stream, node->storage.values, (gsize) n);
  }
  return check (self);
}

static const FacenetT7Node *
read_storage (T7Parser * self, FacenetT7Node * node)
{
  gint64 n = facenet_t7_stream_long (&self->stream);

  if (!check (self)) {
    return NULL;
  }
  if (n < 0) {
    fail (self, FACENET_ERROR_FORMAT, "storage with less than no values");
    return NULL;
  }
  if (!read_values (self, node, (guint64) n)) {
    return NULL;
  }
  node->storage.n_values = (gsize) n;
  if (node->storage.type->is_real) {
    self->file->n_values += (gsize) n;
  }
  return node;
}

static const FacenetT7Node *
read_tensor (T7Parser * self, FacenetT7Node * node, guint depth)
{
  gint32 rank = facenet_t7_stream_int (&self->stream);

  if (!check (self)) {
    return NULL;
  }
  if (rank < 0 || rank > FACENET_T7_MAX_RANK) {
    fail (self, FACENET_ERROR_LIMIT, "tensor with more than 8 dimensions");
    return NULL;
  }
  node->tensor.rank = (guint) rank;
  node->tensor.dims = g_new0 (gint64, 2 * (gsize) rank + 1);
  for (gint32 i = 0; i < 2 * rank; i++) {
    node->tensor.dims[i] = facenet_t7_stream_long (&self->stream);
  }
  node->tensor.offset = facenet_t7_stream_long (&self->stream);
  if (!check (self)) {
    return NULL;
  }
  node->tensor.storage = read_object (self, depth);
  return node->tensor.storage != NULL ? node : NULL;
}

/* "torch.FloatTensor" with "Tensor": the type of that name. */
static const FacenetT7Type *
find_type (const gchar * class_name, const gchar * suffix)
{
  gsize length = strlen ("torch.");

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    gsize n = strlen (types[i].name);

    if (g_str_has_prefix (class_name, "torch.")
        && strncmp (class_name + length, types[i].name, n) == 0
        && g_str_equal (class_name + length + n, suffix)) {
      return &types[i];
    }
  }
  return NULL;
}

/* (transfer full): NULL with an error when it is none that may be printed */
static gchar *
read_class_name (T7Parser * self)
{
  gsize length = 0;
  const gchar *text = facenet_t7_stream_string (&self->stream, &length);

  /* Files from before there were versions begin with the name. */
  if (text != NULL && length > 2 && memcmp (text, "V ", 2) == 0) {
    text = facenet_t7_stream_string (&self->stream, &length);
  }
  if (!check (self)) {
    return NULL;
  }
  for (gsize i = 0; i < length; i++) {
    if (length > MAX_CLASS_NAME || !g_ascii_isgraph (text[i])) {
      fail (self, FACENET_ERROR_FORMAT, "no name of a class");
      return NULL;
    }
  }
  return g_strndup (text, length);
}

static gboolean
fail_class (T7Parser * self, const gchar * class_name)
{
  gboolean cuda = g_str_has_prefix (class_name, "torch.Cuda");

  g_set_error (self->error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: holds a %s, expected nn modules and float or double tensors%s",
      self->file->location, class_name,
      cuda ? "; in Torch, model:float() makes them" : "");
  return FALSE;
}

static const FacenetT7Node *
read_fields (T7Parser * self, FacenetT7Node * node, guint depth)
{
  node->object.fields = read_object (self, depth);
  if (node->object.fields != NULL
      && node->object.fields->kind != FACENET_T7_TABLE) {
    g_set_error (self->error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: a %s without a table of fields", self->file->location,
        node->object.class_name);
    return NULL;
  }
  return node->object.fields != NULL ? node : NULL;
}

static const FacenetT7Node *
read_class (T7Parser * self, gint32 index, guint depth)
{
  g_autofree gchar *class_name = read_class_name (self);
  const FacenetT7Type *tensor, *storage;
  FacenetT7Node *node;

  if (class_name == NULL) {
    return NULL;
  }
  tensor = find_type (class_name, "Tensor");
  storage = find_type (class_name, "Storage");
  if (tensor == NULL && storage == NULL
      && g_str_has_prefix (class_name, "torch.")) {
    fail_class (self, class_name);
    return NULL;
  }
  node = add_shared_node (self, tensor != NULL ? FACENET_T7_TENSOR :
      storage != NULL ? FACENET_T7_STORAGE : FACENET_T7_OBJECT, index);
  if (node == NULL) {
    return NULL;
  }
  if (tensor != NULL) {
    node->tensor.type = tensor;
    /* A tensor that is met again before it is whole is an empty one. */
    node->tensor.storage = &nil;
    return read_tensor (self, node, depth);
  }
  if (storage != NULL) {
    node->storage.type = storage;
    return read_storage (self, node);
  }
  node->object.class_name = g_steal_pointer (&class_name);
  return read_fields (self, node, depth);
}

/* Whether an object of this type may be a reference to that node. */
static gboolean
is_of_type (const FacenetT7Node * node, gint32 type)
{
  if (type == TYPE_TABLE) {
    return node->kind == FACENET_T7_TABLE;
  }
  if (type == TYPE_CLASS) {
    return node->kind == FACENET_T7_STORAGE || node->kind == FACENET_T7_TENSOR
        || node->kind == FACENET_T7_OBJECT;
  }
  return node->kind == FACENET_T7_FUNCTION;
}

static const FacenetT7Node *
read_shared (T7Parser * self, gint32 type, guint depth)
{
  gint32 index = facenet_t7_stream_int (&self->stream);
  const FacenetT7Node *known;

  if (!check (self)) {
    return NULL;
  }
  known = g_hash_table_lookup (self->by_index, GINT_TO_POINTER (index));
  if (known != NULL && !is_of_type (known, type)) {
    fail (self, FACENET_ERROR_FORMAT, "an index stands for two objects");
    return NULL;
  }
  if (known != NULL) {
    return known;
  }
  switch (type) {
    case TYPE_TABLE:
      return read_table (self, index, depth);
    case TYPE_CLASS:
      return read_class (self, index, depth);
    default:
      return read_function (self, add_shared_node (self, FACENET_T7_FUNCTION,
              index), depth);
  }
}

/* NULL with an error when there is no whole object. */
static const FacenetT7Node *
read_object (T7Parser * self, guint depth)
{
  gint32 type = facenet_t7_stream_int (&self->stream);

  if (!check (self)) {
    return NULL;
  }
  if (depth >= FACENET_T7_MAX_DEPTH) {
    fail (self, FACENET_ERROR_LIMIT, "more than 64 objects in each other");
    return NULL;
  }
  switch (type) {
    case TYPE_NIL:
      return &nil;
    case TYPE_NUMBER:
      return read_number (self, FACENET_T7_NUMBER);
    case TYPE_BOOLEAN:
      return read_number (self, FACENET_T7_BOOLEAN);
    case TYPE_STRING:
      return read_string (self);
    case TYPE_FUNCTION_UNSHARED:
      return read_function (self, add_node (self, FACENET_T7_FUNCTION),
          depth + 1);
    case TYPE_TABLE:
    case TYPE_CLASS:
    case TYPE_FUNCTION_OLD:
    case TYPE_FUNCTION:
      return read_shared (self, type, depth + 1);
    default:
      fail (self, FACENET_ERROR_FORMAT, "object of no type that Torch has");
      return NULL;
  }
}

FacenetT7 *
facenet_t7_parse (GBytes * bytes, const gchar * location, GError ** error)
{
  g_autoptr (FacenetT7) self = facenet_t7_new (location);
  g_autoptr (GHashTable) by_index = g_hash_table_new (NULL, NULL);
  T7Parser parser = { 0 };
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  facenet_reader_init (&parser.stream.reader, data, size);
  parser.stream.is_ascii = size > 0 && g_ascii_isdigit ((gchar) data[0]);
  parser.file = self;
  parser.by_index = by_index;
  parser.error = error;
  self->root = read_object (&parser, 0);
  if (self->root == NULL) {
    return NULL;
  }
  if (!facenet_t7_stream_is_at_end (&parser.stream)) {
    fail (&parser, FACENET_ERROR_FORMAT, "expected nothing after the model");
    return NULL;
  }
  return g_steal_pointer (&self);
}
