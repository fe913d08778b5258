/* facenet-safetensors.c - the safetensors container, read
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * In: a file of u64 LE header length, a JSON header of that many bytes, and
 * the tensors' bytes. The header's members are tensors {"dtype", "shape",
 * "data_offsets": [begin, end]} with offsets from the end of the header, and
 * "__metadata__", strings by name (format of huggingface/safetensors).
 *
 * Nothing is believed: the tensors must tile the data, without hole, overlap
 * or rest, and each must have exactly the bytes of its shape. All that before
 * anything is allocated by a number out of the file.
 */
#include "base/facenet-safetensors-private.h"

#include "base/facenet-json-private.h"
#include "base/facenet-reader-private.h"

#include <string.h>

/* A header beyond our own limit is still recognised, to be refused by name:
 * other writers stop at this many bytes. */
#define PLAUSIBLE_HEADER 100000000

typedef struct
{
  const gchar *name;
  gsize size;                   /* bytes of a value */
} Dtype;

/* *INDENT-OFF* */
static const Dtype dtypes[] = {
  { "F32", 4 }, { "F16", 2 }, { "F64", 8 }, { "BF16", 2 },
  { "U8", 1 }, { "U16", 2 }, { "U32", 4 }, { "U64", 8 },
  { "I8", 1 }, { "I16", 2 }, { "I32", 4 }, { "I64", 8 }, { "BOOL", 1 },
};
/* *INDENT-ON* */

/* Where one tensor's description is read. */
typedef struct
{
  const gchar *location;
  const gchar *name;
  JsonObject *object;
  FacenetReader *data;          /* of all tensors' bytes */
  GError **error;
} Entry;

static gboolean
G_GNUC_PRINTF (3, 4)
fail (const Entry * entry, FacenetError code, const gchar * format, ...)
{
  g_autofree gchar *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (entry->error, FACENET_ERROR, code, "%s/%s: %s",
      entry->location, entry->name, what);
  return FALSE;
}

static void
clear_tensor (gpointer data)
{
  FacenetSafetensor *tensor = data;

  g_free (tensor->name);
}

static gboolean
is_string (JsonNode * node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
      && json_node_get_value_type (node) == G_TYPE_STRING;
}

/* Names go into messages and terminals: no control characters. */
static gboolean
check_name (const Entry * entry)
{
  if (*entry->name == '\0') {
    return fail (entry, FACENET_ERROR_FORMAT, "a tensor without a name");
  }
  for (const gchar * p = entry->name; *p != '\0'; p = g_utf8_next_char (p)) {
    if (g_unichar_iscntrl (g_utf8_get_char (p))) {
      g_set_error (entry->error, FACENET_ERROR, FACENET_ERROR_FORMAT,
          "%s: a control character in a tensor's name", entry->location);
      return FALSE;
    }
  }
  return TRUE;
}

/* Sets dtype and gives the size of one value, or 0. */
static gsize
read_dtype (const Entry * entry, FacenetSafetensor * tensor)
{
  JsonNode *node = json_object_get_member (entry->object, "dtype");
  const gchar *name;

  if (!is_string (node)) {
    fail (entry, FACENET_ERROR_FORMAT, "no \"dtype\" string");
    return 0;
  }
  name = json_node_get_string (node);
  for (guint i = 0; i < G_N_ELEMENTS (dtypes); i++) {
    if (g_str_equal (name, dtypes[i].name)) {
      tensor->dtype = dtypes[i].name;
      return dtypes[i].size;
    }
  }
  fail (entry, FACENET_ERROR_FORMAT, "dtype \"%s\" is not known", name);
  return 0;
}

/* Reads an array of whole numbers, at most max of them; returns how many, or
 * -1. */
static gint
read_sizes (const Entry * entry, const gchar * key, gsize * sizes, guint max)
{
  JsonNode *node = json_object_get_member (entry->object, key);
  JsonArray *array;
  guint n;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node)) {
    fail (entry, FACENET_ERROR_FORMAT, "no \"%s\" array", key);
    return -1;
  }
  array = json_node_get_array (node);
  n = json_array_get_length (array);
  if (n > max) {
    fail (entry, FACENET_ERROR_LIMIT,
        "\"%s\" of %u numbers, expected at most %u", key, n, max);
    return -1;
  }
  for (guint i = 0; i < n; i++) {
    JsonNode *element = json_array_get_element (array, i);

    if (!JSON_NODE_HOLDS_VALUE (element)
        || json_node_get_value_type (element) != G_TYPE_INT64
        || json_node_get_int (element) < 0
        || (guint64) json_node_get_int (element) > G_MAXSIZE) {
      fail (entry, FACENET_ERROR_FORMAT,
          "\"%s\"[%u] is not a whole number of 0 and more", key, i);
      return -1;
    }
    sizes[i] = (gsize) json_node_get_int (element);
  }
  return (gint) n;
}

static gboolean
read_shape (const Entry * entry, FacenetSafetensor * tensor, gsize item_size)
{
  gint rank = read_sizes (entry, "shape", tensor->dims,
      FACENET_SAFETENSORS_MAX_RANK);

  if (rank < 0) {
    return FALSE;
  }
  tensor->rank = (guint) rank;
  tensor->n_values = 1;
  for (guint i = 0; i < tensor->rank; i++) {
    if (!g_size_checked_mul (&tensor->n_values, tensor->n_values,
            tensor->dims[i])) {
      return fail (entry, FACENET_ERROR_LIMIT,
          "the product of its shape is beyond what a file can hold");
    }
  }
  if (!g_size_checked_mul (&tensor->size, tensor->n_values, item_size)) {
    return fail (entry, FACENET_ERROR_LIMIT,
        "the bytes of its shape are beyond what a file can hold");
  }
  return TRUE;
}

/* Finds the tensor's bytes. */
static gboolean
read_offsets (const Entry * entry, FacenetSafetensor * tensor)
{
  gsize offsets[2];
  gint n = read_sizes (entry, "data_offsets", offsets, 2);

  if (n < 0) {
    return FALSE;
  }
  if (n != 2 || offsets[1] < offsets[0]) {
    return fail (entry, FACENET_ERROR_FORMAT,
        "\"data_offsets\" are not a begin and an end");
  }
  if (offsets[1] - offsets[0] != tensor->size) {
    return fail (entry, FACENET_ERROR_FORMAT, "%" G_GSIZE_FORMAT
        " bytes by \"data_offsets\", expected %" G_GSIZE_FORMAT " by its shape",
        offsets[1] - offsets[0], tensor->size);
  }
  if (offsets[1] > entry->data->size) {
    return fail (entry, FACENET_ERROR_TRUNCATED, "ends at byte %"
        G_GSIZE_FORMAT " of the data, of which there are %" G_GSIZE_FORMAT,
        offsets[1], entry->data->size);
  }
  facenet_reader_seek (entry->data, offsets[0]);
  tensor->data = facenet_reader_slice (entry->data, tensor->size);
  return TRUE;
}

static gboolean
read_tensor (FacenetSafetensors * self, const Entry * entry)
{
  FacenetSafetensor tensor = { 0 };
  gsize item_size;

  if (!check_name (entry)) {
    return FALSE;
  }
  item_size = read_dtype (entry, &tensor);
  if (item_size == 0 || !read_shape (entry, &tensor, item_size)
      || !read_offsets (entry, &tensor)) {
    return FALSE;
  }
  tensor.name = g_strdup (entry->name);
  g_array_append_val (self->tensors, tensor);
  return TRUE;
}

static gboolean
read_metadata (FacenetSafetensors * self, const Entry * entry)
{
  JsonObjectIter iter;
  const gchar *key;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, entry->object);
  while (json_object_iter_next_ordered (&iter, &key, &value)) {
    if (!is_string (value)) {
      return fail (entry, FACENET_ERROR_FORMAT, "\"%s\" is not a string", key);
    }
    g_hash_table_insert (self->metadata, g_strdup (key),
        json_node_dup_string (value));
  }
  return TRUE;
}

static gboolean
read_member (FacenetSafetensors * self, Entry * entry, JsonNode * value)
{
  if (!JSON_NODE_HOLDS_OBJECT (value)) {
    return fail (entry, FACENET_ERROR_FORMAT, "is not an object");
  }
  entry->object = json_node_get_object (value);
  if (g_str_equal (entry->name, "__metadata__")) {
    return read_metadata (self, entry);
  }
  return read_tensor (self, entry);
}

static gint
compare_places (gconstpointer a, gconstpointer b)
{
  const FacenetSafetensor *one = a, *other = b;

  if (one->data != other->data) {
    return one->data < other->data ? -1 : 1;
  }
  return (one->size > other->size) - (one->size < other->size);
}

/* Whether the tensors, which lie within the data, tile it. */
static gboolean
check_tiling (FacenetSafetensors * self, const gchar * location,
    const FacenetReader * data, GError ** error)
{
  gsize end = 0;

  g_array_sort (self->tensors, compare_places);
  for (guint i = 0; i < self->tensors->len; i++) {
    const FacenetSafetensor *tensor = &g_array_index (self->tensors,
        FacenetSafetensor, i);
    gsize begin = (gsize) (tensor->data - data->data);

    if (begin != end) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
          "%s/%s: begins at byte %" G_GSIZE_FORMAT " of the data, expected %"
          G_GSIZE_FORMAT ", where another ends", location, tensor->name,
          begin, end);
      return FALSE;
    }
    end += tensor->size;
  }
  if (end != data->size) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: %" G_GSIZE_FORMAT " bytes of data, expected %" G_GSIZE_FORMAT
        " by its header", location, data->size, end);
    return FALSE;
  }
  return TRUE;
}

static gboolean
read_header (FacenetSafetensors * self, const gchar * location, JsonNode * root,
    FacenetReader * data, GError ** error)
{
  JsonObjectIter iter;
  Entry entry = { location, NULL, NULL, data, error };
  JsonNode *value;

  /* The header begins with a brace, so its value is an object. */
  json_object_iter_init_ordered (&iter, json_node_get_object (root));
  while (json_object_iter_next_ordered (&iter, &entry.name, &value)) {
    if (!read_member (self, &entry, value)) {
      return FALSE;
    }
  }
  return check_tiling (self, location, data, error);
}

/* Gives the header's text and leaves the reader behind it. */
static const gchar *
find_header (FacenetReader * file, const gchar * location, gsize * length,
    GError ** error)
{
  guint64 claimed = facenet_reader_u64 (file);
  const guint8 *text;

  if (claimed > FACENET_SAFETENSORS_MAX_HEADER) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: a header of %" G_GUINT64_FORMAT " bytes, expected at most %d",
        location, claimed, FACENET_SAFETENSORS_MAX_HEADER);
    return NULL;
  }
  text = facenet_reader_slice (file, claimed);
  if (!facenet_reader_check (file, location, error)) {
    return NULL;
  }
  if (claimed == 0 || text[0] != '{') {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: a header that is not a JSON object", location);
    return NULL;
  }
  *length = (gsize) claimed;
  return (const gchar *) text;
}

gboolean
facenet_safetensors_sniff (GBytes * bytes)
{
  FacenetReader reader;
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  guint64 length;

  facenet_reader_init (&reader, data, size);
  length = facenet_reader_u64 (&reader);
  return length <= PLAUSIBLE_HEADER && facenet_reader_u8 (&reader) == '{';
}

FacenetSafetensors *
facenet_safetensors_parse (GBytes * bytes, const gchar * location,
    GError ** error)
{
  g_autoptr (FacenetSafetensors) self = NULL;
  g_autofree gchar *item = NULL;
  g_autoptr (JsonNode) root = NULL;
  FacenetReader file, data;
  const gchar *text;
  gsize size, length;
  const void *start = g_bytes_get_data (bytes, &size);

  facenet_reader_init (&file, start, size);
  text = find_header (&file, location, &length, error);
  if (text == NULL) {
    return NULL;
  }
  item = g_strdup_printf ("%s/header", location);
  root = facenet_json_parse (text, length, item, error);
  if (root == NULL) {
    return NULL;
  }
  self = g_new0 (FacenetSafetensors, 1);
  self->bytes = g_bytes_ref (bytes);
  self->tensors = g_array_new (FALSE, FALSE, sizeof (FacenetSafetensor));
  g_array_set_clear_func (self->tensors, clear_tensor);
  self->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      g_free);
  facenet_reader_init (&data, file.data + file.offset,
      facenet_reader_remaining (&file));
  if (!read_header (self, location, root, &data, error)) {
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
facenet_safetensors_free (FacenetSafetensors * self)
{
  g_array_unref (self->tensors);
  g_hash_table_unref (self->metadata);
  g_bytes_unref (self->bytes);
  g_free (self);
}
