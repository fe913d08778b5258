/* embed.c - facenet embed: the embeddings of the faces in images
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "common/console.h"
#include "media/encoder.h"
#include "common/files.h"
#include "base/facenet-json-writer.h"

#define NUMBERS_PER_LINE 8

static const gchar description[] =
    "Turns each face of each image into a vector of length 1. The squared\n"
    "distance of two vectors measures how alike the faces are. A folder means\n"
    "all images in it and its subfolders.\n\n"
    "With --json each image is a line\n"
    "  {\"image\":...,\"faces\":[{\"box\":{...},\"quality\":...,"
    "\"embedding\":[...]}]}\n"
    "or, if it cannot be read, {\"image\":...,\"error\":...}.\n\n"
    "Exit status: 0 if a face was found, 1 if not, 2 if no image could be read\n"
    "or on another error.\n\n"
    "Examples:\n"
    "  facenet embed party.jpg\n"
    "  facenet embed --json photos/ > photos.jsonl\n"
    "  facenet embed --cropped --json face-96x96.png";

static void
print_numbers (const gfloat * numbers, guint n)
{
  g_autoptr (GString) line = g_string_new (" ");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (line, " %9.6f", (gdouble) numbers[i]);
  tool_print_line (line->str);
}

static void
print_text (const gchar * name, const ToolFaces * faces)
{
  if (faces->n_faces == 0)
    tool_print ("%s: no face", name);
  for (guint i = 0; i < faces->n_faces; i++) {
    const ToolBox *box = &faces->boxes[i];
    const gfloat *embedding = faces->embeddings + (gsize) i * faces->n_dims;

    tool_print ("%s: face %u of %u, %dx%d at %d,%d", name, i + 1,
        faces->n_faces, box->width, box->height, box->x, box->y);
    for (guint d = 0; d < faces->n_dims; d += NUMBERS_PER_LINE)
      print_numbers (embedding + d, MIN (faces->n_dims - d, NUMBERS_PER_LINE));
  }
}

static void
print_json (const gchar * name, const ToolFaces * faces)
{
  g_autoptr (GString) json = g_string_new (NULL);

  facenet_json_open_object (json, NULL);
  facenet_json_add_string (json, "image", name);
  facenet_json_open_array (json, "faces");
  for (guint i = 0; i < faces->n_faces; i++) {
    const gfloat *embedding = faces->embeddings + (gsize) i * faces->n_dims;

    facenet_json_open_object (json, NULL);
    tool_box_add_json (&faces->boxes[i], json);
    facenet_json_add_double (json, "quality", faces->qualities[i]);
    facenet_json_open_array (json, "embedding");
    for (guint d = 0; d < faces->n_dims; d++)
      facenet_json_add_float (json, NULL, embedding[d]);
    facenet_json_close_array (json);
    facenet_json_close_object (json);
  }
  facenet_json_close_array (json);
  facenet_json_close_object (json);
  tool_print_line (json->str);
}

static ToolStatus
embed_images (ToolEncoder * encoder, const ToolOptions * options)
{
  g_autoptr (GPtrArray) images =
      tool_files_expand ((const gchar * const *) options->paths);
  guint n_read = 0, n_faces = 0;

  for (guint i = 0; i < images->len; i++) {
    const gchar *location = g_ptr_array_index (images, i);
    g_autofree gchar *name = g_filename_display_name (location);
    g_autoptr (GError) error = NULL;
    g_autoptr (ToolFaces) faces = NULL;

    tool_progress (i, images->len, location);
    faces = tool_encoder_read (encoder, location, 0, &error);
    if (faces == NULL) {
      tool_report_failed_image (name, error, options->json);
      continue;
    }
    n_read++;
    n_faces += faces->n_faces;
    if (options->json)
      print_json (name, faces);
    else
      print_text (name, faces);
  }
  if (n_read == 0)
    return TOOL_ERROR;
  return n_faces > 0 ? TOOL_YES : TOOL_NO;
}

static ToolStatus
run (const ToolCommand * command, gint argc, gchar ** argv)
{
  g_auto (ToolOptions) options = { 0 };
  g_autoptr (ToolEncoder) encoder = NULL;
  g_autoptr (GError) error = NULL;

  if (tool_options_parse (&options, command, NULL, argc, argv, &error)
      && tool_options_require_paths (&options, command, 1, G_MAXUINT, &error)
      && (encoder = tool_encoder_new (&options, &error)))
    return embed_images (encoder, &options);
  tool_message ("%s", error->message);
  return TOOL_ERROR;
}

const ToolCommand tool_command_embed = {
  .name = "embed",
  .arguments = "IMAGE...",
  .summary = "Prints the embeddings of the faces in images",
  .description = description,
  .reads_faces = TRUE,
  .run = run,
};
