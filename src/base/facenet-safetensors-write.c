/* facenet-safetensors-write.c - the safetensors container, written
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Out: what facenet-safetensors.c reads. The same tensors and strings always
 * give the same bytes. The header is padded with spaces, so that the data
 * begin at a multiple of 64 in the file.
 */
#include "base/facenet-safetensors-private.h"

#include "base/facenet-file-private.h"
#include "base/facenet-json-writer.h"

#include <string.h>

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  const gchar *const *one = a, *const *other = b;

  return strcmp (*one, *other);
}

static void
add_metadata (GString * json, GHashTable * metadata)
{
  guint n = g_hash_table_size (metadata);
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array (metadata, NULL);

  qsort (keys, n, sizeof *keys, compare_names);
  facenet_json_open_object (json, "__metadata__");
  for (guint i = 0; i < n; i++)
    facenet_json_add_string (json, keys[i],
        g_hash_table_lookup (metadata, keys[i]));
  facenet_json_close_object (json);
}

static void
add_tensor (GString * json, const FacenetSafetensor * tensor, gsize begin)
{
  facenet_json_open_object (json, tensor->name);
  facenet_json_add_string (json, "dtype", tensor->dtype);
  facenet_json_open_array (json, "shape");
  for (guint i = 0; i < tensor->rank; i++)
    facenet_json_add_uint (json, NULL, tensor->dims[i]);
  facenet_json_close_array (json);
  facenet_json_open_array (json, "data_offsets");
  facenet_json_add_uint (json, NULL, begin);
  facenet_json_add_uint (json, NULL, begin + tensor->size);
  facenet_json_close_array (json);
  facenet_json_close_object (json);
}

/* The header with its padding. */
static GString *
make_header (const FacenetSafetensor * tensors, gsize n, GHashTable * metadata)
{
  GString *header = g_string_new (NULL);
  gsize begin = 0;

  facenet_json_open_object (header, NULL);
  if (metadata != NULL && g_hash_table_size (metadata) > 0)
    add_metadata (header, metadata);
  for (gsize i = 0; i < n; i++) {
    add_tensor (header, &tensors[i], begin);
    begin += tensors[i].size;
  }
  facenet_json_close_object (header);
  while ((sizeof (guint64) + header->len) % 64 != 0)
    g_string_append_c (header, ' ');
  return header;
}

GBytes *
facenet_safetensors_serialise (const gchar * location,
    const FacenetSafetensor * tensors, gsize n, GHashTable * metadata,
    GError ** error)
{
  g_autoptr (GString) header = make_header (tensors, n, metadata);
  guint8 *file;
  guint64 length = GUINT64_TO_LE ((guint64) header->len);
  gsize offset = sizeof length + header->len, size = offset;

  if (header->len > FACENET_SAFETENSORS_MAX_HEADER) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: a header of %" G_GSIZE_FORMAT " bytes, expected at most %d",
        location, header->len, FACENET_SAFETENSORS_MAX_HEADER);
    return NULL;
  }
  for (gsize i = 0; i < n; i++) {
    size += tensors[i].size;
  }
  file = g_try_malloc (size);
  if (file == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: no memory for its %" G_GSIZE_FORMAT " bytes", location, size);
    return NULL;
  }
  memcpy (file, &length, sizeof length);
  memcpy (file + sizeof length, header->str, header->len);
  for (gsize i = 0; i < n; i++) {
    if (tensors[i].size > 0) {
      memcpy (file + offset, tensors[i].data, tensors[i].size);
      offset += tensors[i].size;
    }
  }
  return g_bytes_new_take (file, size);
}

gboolean
facenet_safetensors_write (const gchar * location,
    const FacenetSafetensor * tensors, gsize n, GHashTable * metadata,
    GError ** error)
{
  g_autoptr (GBytes) bytes = facenet_safetensors_serialise (location, tensors,
      n, metadata, error);

  return bytes != NULL
      && facenet_file_write (location, g_bytes_get_data (bytes, NULL),
      g_bytes_get_size (bytes), error);
}
