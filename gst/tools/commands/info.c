/* info.c - facenet info: what a model is and what runs it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "common/console.h"
#include "base/facenet-json-writer.h"
#include "common/options.h"
#include "import/facenet-import.h"

static const gchar description[] =
    "MODEL has any format that facenet convert reads. Without MODEL, describes\n"
    "the model that the other commands use. Trainable parameters are the\n"
    "weights; the others are the moving statistics of batch normalisation. The\n"
    "model id is a checksum of all weights; it is computed and compared with the\n"
    "one in the file.\n\n"
    "With --json: {\"network\":...,\"name\":...,\"model_id\":...,\"parameters\":...,\n"
    "\"trainable\":...,\"non_trainable\":...,\"macs\":...,\"blas\":{...},"
    "\"kernels\":...,\n\"metadata\":{...},\"layers\":[...]}\n\n"
    "Exit status: 0 if the model is intact, 1 if its id does not fit its weights,\n"
    "2 if it cannot be read.\n\n"
    "Examples:\n"
    "  facenet info\n" "  facenet info --json my-model.safetensors";

static const gchar *
or_unknown (const gchar * text)
{
  return text ? text : "unknown";
}

static void
print_layers (const FacenetModel * model)
{
  guint n_layers;
  const FacenetLayer *layers = facenet_model_get_layers (model, &n_layers);

  g_print ("\n%-16s %-12s %14s %12s %14s\n", "layer", "kind", "output CxHxW",
      "parameters", "multiply-adds");
  for (guint i = 0; i < n_layers; i++) {
    const FacenetLayer *layer = &layers[i];
    g_autofree gchar *shape =
        g_strdup_printf ("%ux%ux%u", layer->c, layer->h, layer->w);

    g_print ("%-16s %-12s %14s %12" G_GUINT64_FORMAT " %14" G_GUINT64_FORMAT
        "\n", layer->name, layer->kind, shape, layer->parameters, layer->macs);
  }
  g_print ("%-16s %-12s %14s %12" G_GUINT64_FORMAT " %14" G_GUINT64_FORMAT
      "\n", "total", "", "", facenet_model_get_parameters (model),
      facenet_model_get_macs (model));
}

static void
print_metadata (const FacenetModel * model)
{
  g_auto (GStrv) keys = facenet_model_list_metadata (model);

  g_print ("\nmetadata\n");
  for (guint i = 0; keys[i]; i++)
    g_print ("  %-22s %s\n", keys[i],
        facenet_model_get_metadata (model, keys[i]));
}

static void
print_text (const FacenetModel * model, const gchar * id)
{
  guint64 parameters = facenet_model_get_parameters (model);
  guint64 trainable = facenet_model_get_trainable (model);

  g_print ("network        %s\n", facenet_model_get_network (model));
  g_print ("name           %s\n", or_unknown (facenet_model_get_name (model)));
  g_print ("file           %s\n", facenet_model_get_location (model));
  g_print ("model id       %s\n", id);
  g_print ("parameters     %" G_GUINT64_FORMAT ", of these %" G_GUINT64_FORMAT
      " trainable, %" G_GUINT64_FORMAT " not\n", parameters, trainable,
      parameters - trainable);
  g_print ("multiply-adds  %" G_GUINT64_FORMAT " per face\n",
      facenet_model_get_macs (model));
  g_print ("BLAS           %s, core %s\n",
      or_unknown (facenet_runtime_get_blas_library ()),
      or_unknown (facenet_runtime_get_blas_core ()));
  g_print ("kernels        %s\n", or_unknown (facenet_runtime_get_kernels ()));
  print_layers (model);
  print_metadata (model);
}

static void
add_layers_json (GString * json, const FacenetModel * model)
{
  guint n_layers;
  const FacenetLayer *layers = facenet_model_get_layers (model, &n_layers);

  facenet_json_open_array (json, "layers");
  for (guint i = 0; i < n_layers; i++) {
    facenet_json_open_object (json, NULL);
    facenet_json_add_string (json, "name", layers[i].name);
    facenet_json_add_string (json, "kind", layers[i].kind);
    facenet_json_open_array (json, "shape");
    facenet_json_add_uint (json, NULL, layers[i].c);
    facenet_json_add_uint (json, NULL, layers[i].h);
    facenet_json_add_uint (json, NULL, layers[i].w);
    facenet_json_close_array (json);
    facenet_json_add_uint (json, "parameters", layers[i].parameters);
    facenet_json_add_uint (json, "macs", layers[i].macs);
    facenet_json_close_object (json);
  }
  facenet_json_close_array (json);
}

static void
print_json (const FacenetModel * model, const gchar * id)
{
  guint64 parameters = facenet_model_get_parameters (model);
  guint64 trainable = facenet_model_get_trainable (model);
  g_auto (GStrv) keys = facenet_model_list_metadata (model);
  g_autoptr (GString) json = g_string_new (NULL);

  facenet_json_open_object (json, NULL);
  facenet_json_add_string (json, "network", facenet_model_get_network (model));
  facenet_json_add_string (json, "name", facenet_model_get_name (model));
  facenet_json_add_string (json, "model_id", id);
  facenet_json_add_string (json, "stored_id", facenet_model_get_id (model));
  facenet_json_add_uint (json, "parameters", parameters);
  facenet_json_add_uint (json, "trainable", trainable);
  facenet_json_add_uint (json, "non_trainable", parameters - trainable);
  facenet_json_add_uint (json, "macs", facenet_model_get_macs (model));
  facenet_json_open_object (json, "blas");
  facenet_json_add_string (json, "library",
      facenet_runtime_get_blas_library ());
  facenet_json_add_string (json, "core", facenet_runtime_get_blas_core ());
  facenet_json_close_object (json);
  facenet_json_add_string (json, "kernels", facenet_runtime_get_kernels ());
  facenet_json_open_object (json, "metadata");
  for (guint i = 0; keys[i]; i++)
    facenet_json_add_string (json, keys[i],
        facenet_model_get_metadata (model, keys[i]));
  facenet_json_close_object (json);
  add_layers_json (json, model);
  facenet_json_close_object (json);
  tool_print_line (json->str);
}

/* --model FILE and the bare argument mean the same. */
static void
take_model_argument (ToolOptions * options)
{
  if (options->paths && options->paths[0]) {
    g_free (options->model);
    options->model = g_strdup (options->paths[0]);
  }
}

static ToolStatus
describe (const FacenetModel * model, gboolean json, GError ** error)
{
  const gchar *stored = facenet_model_get_id (model);
  g_autofree gchar *id = facenet_import_compute_id (model, error);

  if (id == NULL)
    return TOOL_ERROR;
  if (json)
    print_json (model, id);
  else
    print_text (model, id);
  if (g_strcmp0 (id, stored) == 0)
    return TOOL_YES;
  tool_message ("%s: has the id %s, its weights have %s",
      facenet_model_get_location (model), stored, id);
  return TOOL_NO;
}

static ToolStatus
run (const ToolCommand * command, gint argc, gchar ** argv)
{
  g_auto (ToolOptions) options = { 0 };
  g_autoptr (FacenetModel) model = NULL;
  g_autoptr (GError) error = NULL;
  ToolStatus status = TOOL_ERROR;

  if (tool_options_parse (&options, command, NULL, argc, argv, &error)
      && tool_options_require_paths (&options, command, 0, 1, &error)) {
    take_model_argument (&options);
    model = facenet_import_model (options.model, options.network, &error);
    if (model)
      status = describe (model, options.json, &error);
  }
  if (error)
    tool_message ("%s", error->message);
  return status;
}

const ToolCommand tool_command_info = {
  .name = "info",
  .arguments = "[MODEL]",
  .summary = "Describes a model: layers, id, kernels",
  .description = description,
  .reads_faces = FALSE,
  .run = run,
};
