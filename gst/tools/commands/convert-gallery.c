/* convert-gallery.c - galleries from one format into the other
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "common/console.h"
#include "convert-gallery.h"
#include "base/facenet-json-writer.h"

static const gchar *
name_format (FacenetGalleryFormat format)
{
  switch (format) {
    case FACENET_GALLERY_BINARY:
      return "binary";
    case FACENET_GALLERY_BINARY_F16:
      return "binary-f16";
    case FACENET_GALLERY_JSON:
    default:
      return "json";
  }
}

static FacenetGalleryFormat
choose_format (FacenetGalleryFormat old, const FacenetDtype * dtype)
{
  if (dtype != NULL)
    return *dtype == FACENET_DTYPE_F16 ? FACENET_GALLERY_BINARY_F16
        : FACENET_GALLERY_BINARY;
  return old == FACENET_GALLERY_JSON ? FACENET_GALLERY_BINARY
      : FACENET_GALLERY_JSON;
}

ToolStatus
tool_convert_gallery (const ToolOptions * options, const FacenetDtype * dtype,
    GError ** error)
{
  const gchar *in = options->paths[0], *out = options->paths[1];
  g_autoptr (FacenetGallery) gallery = facenet_gallery_load (in, error);
  FacenetGalleryFormat old, new;
  guint n_identities, n_embeddings;

  if (gallery == NULL)
    return TOOL_ERROR;
  old = facenet_gallery_get_format (gallery);
  new = choose_format (old, dtype);
  facenet_gallery_set_format (gallery, new);
  if (!facenet_gallery_save (gallery, out, error))
    return TOOL_ERROR;
  if (new == FACENET_GALLERY_BINARY_F16 && old != new)
    tool_message ("%s: embeddings are rounded to eleven bits", out);
  n_identities = facenet_gallery_get_n_identities (gallery);
  n_embeddings = facenet_gallery_get_n_embeddings (gallery);
  if (options->json) {
    g_autoptr (GString) json = g_string_new (NULL);

    facenet_json_open_object (json, NULL);
    facenet_json_add_string (json, "format", name_format (new));
    facenet_json_add_uint (json, "identities", n_identities);
    facenet_json_add_uint (json, "embeddings", n_embeddings);
    facenet_json_close_object (json);
    tool_print_line (json->str);
  } else {
    tool_print ("%s: %s gallery, %u identities, %u embeddings", out,
        name_format (new), n_identities, n_embeddings);
  }
  return TOOL_YES;
}
