/* facenet-weights-load.c - a model file of any format
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a file or a folder. Out: its tensors. The content decides which format
 * it is, never the name: downloads and links lose their endings. What nothing
 * here reads is named in the error as far as it is known.
 */
#include "weights/facenet-formats-private.h"

#include "base/facenet-file-private.h"

#include <string.h>

typedef struct
{
  const gchar *bytes;           /* how such a file begins */
  gsize size;
  const gchar *name;
} Signature;

/* *INDENT-OFF* */
static const FacenetFormat formats[] = {
  { "safetensors", facenet_format_safetensors_sniff,
    facenet_format_safetensors_load },
  { "Torch7 .t7", facenet_format_t7_sniff, facenet_format_t7_load },
  { "a folder of CSV files", facenet_format_csv_sniff,
    facenet_format_csv_load },
  { "PyTorch .pt", facenet_format_torch_sniff, facenet_format_torch_load },
  { "Keras .h5", facenet_format_hdf5_sniff, facenet_format_hdf5_load },
};

/* What people have been seen to pass for a model. */
static const Signature signatures[] = {
  { "version https://git-lfs", 23, "a git-lfs pointer and not the file" },
  { "\x1f\x8b", 2, "a gzip file" },
  { "\x89PNG", 4, "a PNG image" },
  { "\xff\xd8\xff", 3, "a JPEG image" },
  { "{", 1, "JSON" },
  { "<", 1, "HTML or XML" },
};
/* *INDENT-ON* */

/* (transfer full): the formats of the table */
static gchar *
list_formats (void)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", formats[i].name);
  }
  return g_string_free (list, FALSE);
}

/* (transfer full): what a file seems to be */
static gchar *
describe (GBytes * bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  GString *hex;

  for (guint i = 0; i < G_N_ELEMENTS (signatures); i++) {
    if (size >= signatures[i].size
        && memcmp (data, signatures[i].bytes, signatures[i].size) == 0) {
      return g_strdup_printf ("is %s", signatures[i].name);
    }
  }
  hex = g_string_new ("begins with bytes");
  for (gsize i = 0; i < MIN (size, 9); i++) {
    g_string_append_printf (hex, " %02x", data[i]);
  }
  return g_string_free (hex, FALSE);
}

static void
fail_unknown (const FacenetSource * source, GError ** error)
{
  g_autofree gchar *wanted = list_formats ();
  g_autofree gchar *found = NULL;

  if (source->bytes == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
        "%s: is a folder, wants a model: %s", source->location, wanted);
    return;
  }
  if (g_bytes_get_size (source->bytes) == 0) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_TRUNCATED,
        "%s: is empty, wants a model: %s", source->location, wanted);
    return;
  }
  found = describe (source->bytes);
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: %s, wants a model: %s", source->location, found, wanted);
}

FacenetWeights *
facenet_weights_load (const gchar * location, GError ** error)
{
  g_autoptr (GBytes) bytes = NULL;
  FacenetSource source = { location, NULL };

  g_return_val_if_fail (location != NULL, NULL);

  if (!g_file_test (location, G_FILE_TEST_IS_DIR)) {
    bytes = facenet_file_read (location, FACENET_MAX_MODEL_SIZE, error);
    if (bytes == NULL) {
      return NULL;
    }
    source.bytes = bytes;
  }
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    if (formats[i].sniff (&source)) {
      return formats[i].load (&source, error);
    }
  }
  fail_unknown (&source, error);
  return NULL;
}
