/* facenet-format.c - which format a model file has
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * In: the first bytes of a file, or the names in a folder.
 */
#include "weights/facenet-format-private.h"

#include "base/facenet-safetensors-private.h"

#include <string.h>

typedef struct
{
  const gchar *bytes;           /* how such a file begins */
  gsize size;
  FacenetFormat format;
  const gchar *name;            /* of a format that nothing here reads */
} Signature;

/* *INDENT-OFF* */
static const Signature signatures[] = {
  /* A table, or an object of a class that is the first one; binary, ASCII. */
  { "\3\0\0\0\1\0\0\0", 8, FACENET_FORMAT_T7, NULL },
  { "\4\0\0\0\1\0\0\0", 8, FACENET_FORMAT_T7, NULL },
  { "3\n1\n", 4, FACENET_FORMAT_T7, NULL },
  { "4\n1\n", 4, FACENET_FORMAT_T7, NULL },
  /* A zip archive; before PyTorch 1.6, a pickled magic number. */
  { "PK\3\4", 4, FACENET_FORMAT_TORCH, NULL },
  { "PK\5\6", 4, FACENET_FORMAT_TORCH, NULL },
  { "\x80\2\x8a\nl\xfc\x9c\x46\xf9\x20\x6a\xa8P\x19.", 15,
    FACENET_FORMAT_TORCH, NULL },
  { "\x89HDF\r\n\x1a\n", 8, FACENET_FORMAT_HDF5, NULL },
  /* What people have been seen to pass for a model. */
  { "version https://git-lfs", 23, FACENET_FORMAT_UNKNOWN,
    "a git-lfs pointer and not the file" },
  { "\x1f\x8b", 2, FACENET_FORMAT_UNKNOWN, "a gzip file" },
  { "\x89PNG", 4, FACENET_FORMAT_UNKNOWN, "a PNG image" },
  { "\xff\xd8\xff", 3, FACENET_FORMAT_UNKNOWN, "a JPEG image" },
  { "{", 1, FACENET_FORMAT_UNKNOWN, "JSON" },
  { "<", 1, FACENET_FORMAT_UNKNOWN, "HTML or XML" },
};
/* *INDENT-ON* */

/* NULL when it begins like none of the table. */
static const Signature *
find_signature (GBytes * bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (guint i = 0; i < G_N_ELEMENTS (signatures); i++) {
    if (size >= signatures[i].size
        && memcmp (data, signatures[i].bytes, signatures[i].size) == 0)
      return &signatures[i];
  }
  return NULL;
}

static gboolean
holds_csv_files (const gchar * folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    if (g_str_has_suffix (name, ".csv") && *name != '.')
      return TRUE;
  }
  return FALSE;
}

FacenetFormat
facenet_format_sniff (const gchar * location, GBytes * bytes)
{
  const Signature *signature;

  if (bytes == NULL)
    return holds_csv_files (location) ? FACENET_FORMAT_CSV
        : FACENET_FORMAT_UNKNOWN;
  if (facenet_safetensors_sniff (bytes))
    return FACENET_FORMAT_SAFETENSORS;
  signature = find_signature (bytes);
  return signature != NULL ? signature->format : FACENET_FORMAT_UNKNOWN;
}

const gchar *
facenet_format_get_name (FacenetFormat format)
{
  switch (format) {
    case FACENET_FORMAT_SAFETENSORS:
      return "a safetensors file";
    case FACENET_FORMAT_CSV:
      return "a folder of CSV files";
    case FACENET_FORMAT_HDF5:
      return "a Keras file (HDF5)";
    case FACENET_FORMAT_T7:
      return "a Torch7 file";
    case FACENET_FORMAT_TORCH:
      return "a PyTorch file";
    case FACENET_FORMAT_UNKNOWN:
      break;
  }
  return NULL;
}

/* (transfer full): what a file of unknown format seems to be */
static gchar *
describe (GBytes * bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  const Signature *signature = find_signature (bytes);
  GString *hex;

  if (signature != NULL)
    return g_strdup_printf ("is %s", signature->name);
  hex = g_string_new ("begins with bytes");
  for (gsize i = 0; i < MIN (size, 9); i++)
    g_string_append_printf (hex, " %02x", data[i]);
  return g_string_free (hex, FALSE);
}

void
facenet_format_fail (const gchar * location, GBytes * bytes,
    const gchar * expected, GError ** error)
{
  g_autofree gchar *found = NULL;

  if (bytes == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
        "%s: is a folder, expected %s", location, expected);
    return;
  }
  if (g_bytes_get_size (bytes) == 0) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_TRUNCATED,
        "%s: is empty, expected %s", location, expected);
    return;
  }
  found = describe (bytes);
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: %s, expected %s", location, found, expected);
}
