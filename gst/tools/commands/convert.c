/* convert.c - facenet convert: a model file into the native format
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "common/console.h"
#include "convert-gallery.h"
#include "base/facenet-json-writer.h"
#include "common/options.h"
#include "import/facenet-import.h"

static const gchar description[] =
    "Reads a model in any format that docs/model.md lists and writes\n"
    "safetensors, the format of the elements and the other commands. The content\n"
    "decides the format of IN, not the name. Checks every tensor. Replaces OUT\n"
    "completely or not at all.\n\n"
    "--dtype f16 makes the file half as large and rounds the weights. The result\n"
    "is a new model with a new id: galleries made with IN do not fit it. f32\n"
    "keeps the id, whatever the format of IN.\n\n"
    "Converts a JSON gallery to the binary format, for very many people, and a\n"
    "binary one to JSON; with --dtype to the binary format of that type.\n\n"
    "With --json: {\"model_id\":…}, for a gallery\n"
    "{\"format\":…,\"identities\":N,\"embeddings\":N}\n\n"
    "Exit status: 0 if OUT was written, 2 on error.\n\n"
    "Examples:\n"
    "  facenet convert nn4.small2.v1.pt openface.safetensors\n"
    "  facenet convert --network facereco weights.h5 course.safetensors\n"
    "  facenet convert staff.json staff.gallery";

static gboolean
parse_dtype (const gchar * text, FacenetDtype * dtype, GError ** error)
{
  *dtype = FACENET_DTYPE_F32;
  if (text == NULL || g_str_equal (text, "f32"))
    return TRUE;
  *dtype = FACENET_DTYPE_F16;
  if (g_str_equal (text, "f16"))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "--dtype: expected f32 or f16, got %s", text);
  return FALSE;
}

/* --model is shared by all commands, but which file is meant by it here? */
static gboolean
refuse_model (const ToolOptions * options, GError ** error)
{
  if (options->model == NULL)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "--model: convert takes the model as its first argument, IN");
  return FALSE;
}

/* (transfer full) (nullable): what the weights of a file really are; its own
 * word is not enough where a gallery depends on it */
static gchar *
compute_id (const gchar * path, const gchar * network)
{
  g_autoptr (FacenetModel) model = facenet_import_model (path, network, NULL);

  return model ? facenet_import_compute_id (model, NULL) : NULL;
}

static ToolStatus
convert (const ToolOptions * options, FacenetDtype dtype, GError ** error)
{
  const gchar *in = options->paths[0], *out = options->paths[1];
  g_autofree gchar *old_id = NULL;
  g_autofree gchar *id = NULL;

  /* Before OUT is written: IN may be a link to what is replaced. */
  if (dtype == FACENET_DTYPE_F16)
    old_id = compute_id (in, options->network);
  if (!facenet_import_convert (in, out, options->network, dtype, &id, error))
    return TOOL_ERROR;
  if (old_id && !g_str_equal (old_id, id))
    tool_message ("%s: rounded to F16: a new model with a new id; galleries "
        "made with %s do not fit it", out, in);
  if (options->json) {
    g_autoptr (GString) json = g_string_new (NULL);

    facenet_json_open_object (json, NULL);
    facenet_json_add_string (json, "model_id", id);
    facenet_json_close_object (json);
    tool_print_line (json->str);
  } else {
    tool_print ("%s: model id %s", out, id);
  }
  return TOOL_YES;
}

static ToolStatus
run (const ToolCommand * command, gint argc, gchar ** argv)
{
  g_auto (ToolOptions) options = { 0 };
  g_autofree gchar *dtype_text = NULL;
  g_autoptr (GError) error = NULL;
  FacenetDtype dtype;
  ToolStatus status = TOOL_ERROR;
  /* *INDENT-OFF* */
  const GOptionEntry entries[] = {
    { "dtype", 0, 0, G_OPTION_ARG_STRING, &dtype_text,
      "Type of the numbers, f32 or f16 (default: f32)", "TYPE" },
    G_OPTION_ENTRY_NULL
  };
  /* *INDENT-ON* */

  if (tool_options_parse (&options, command, entries, argc, argv, &error)
      && tool_options_require_paths (&options, command, 2, 2, &error)
      && refuse_model (&options, &error)
      && parse_dtype (dtype_text, &dtype, &error)) {
    if (facenet_gallery_probe (options.paths[0]))
      status =
          tool_convert_gallery (&options, dtype_text ? &dtype : NULL, &error);
    else
      status = convert (&options, dtype, &error);
  }
  if (error)
    tool_message ("%s", error->message);
  return status;
}

const ToolCommand tool_command_convert = {
  .name = "convert",
  .arguments = "IN OUT",
  .summary = "Converts models to safetensors, and galleries",
  .description = description,
  .reads_faces = FALSE,
  .run = run,
};
