/* facenet-safetensors-write.c - the safetensors container, written
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Out: what facenet-safetensors.c reads. The same tensors and strings always
 * give the same bytes. The header is padded with spaces, so that the data
 * begin at a multiple of 64 in the file.
 */
#include "base/facenet-safetensors-private.h"

#include "base/facenet-file-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  const gchar *const *one = a, *const *other = b;

  return strcmp (*one, *other);
}

static void
add_metadata (JsonBuilder * builder, GHashTable * metadata)
{
  guint n = g_hash_table_size (metadata);
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array (metadata, NULL);

  qsort (keys, n, sizeof *keys, compare_names);
  json_builder_set_member_name (builder, "__metadata__");
  json_builder_begin_object (builder);
  for (guint i = 0; i < n; i++) {
    json_builder_set_member_name (builder, keys[i]);
    json_builder_add_string_value (builder, g_hash_table_lookup (metadata,
            keys[i]));
  }
  json_builder_end_object (builder);
}

static void
add_tensor (JsonBuilder * builder, const FacenetSafetensor * tensor,
    gsize begin)
{
  json_builder_set_member_name (builder, tensor->name);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "dtype");
  json_builder_add_string_value (builder, tensor->dtype);
  json_builder_set_member_name (builder, "shape");
  json_builder_begin_array (builder);
  for (guint i = 0; i < tensor->rank; i++) {
    json_builder_add_int_value (builder, (gint64) tensor->dims[i]);
  }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "data_offsets");
  json_builder_begin_array (builder);
  json_builder_add_int_value (builder, (gint64) begin);
  json_builder_add_int_value (builder, (gint64) (begin + tensor->size));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

/* The header with its padding. */
static GString *
make_header (const FacenetSafetensor * tensors, gsize n, GHashTable * metadata)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree gchar *text = NULL;
  GString *header;
  gsize begin = 0;

  json_builder_begin_object (builder);
  if (metadata != NULL && g_hash_table_size (metadata) > 0) {
    add_metadata (builder, metadata);
  }
  for (gsize i = 0; i < n; i++) {
    add_tensor (builder, &tensors[i], begin);
    begin += tensors[i].size;
  }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  header = g_string_new (text);
  while ((sizeof (guint64) + header->len) % 64 != 0) {
    g_string_append_c (header, ' ');
  }
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
        "%s: a header of %" G_GSIZE_FORMAT " bytes, wants at most %d",
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
