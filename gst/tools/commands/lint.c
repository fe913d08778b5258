/* lint.c - facenet lint: what looks wrong in a gallery
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "analysis/facenet-lint.h"
#include "common/console.h"
#include "base/facenet-json-writer.h"
#include "common/options.h"

#include <math.h>

static const gchar description[] =
    "Finds what a gallery may hold but what causes wrong matches:\n"
    "  near-duplicate  two people with nearly the same embedding: one person\n"
    "                  under two ids, or a photograph in the wrong folder\n"
    "  outlier         an embedding far from all others of its person\n"
    "  norm            an embedding whose length in the file is not 1\n"
    "  duplicate-name  two people of the same name\n"
    "  no-embeddings   a person who can never be found\n\n"
    "Distances are squared L2. Defaults: --near is half the gallery's\n"
    "threshold, --outlier is 1.5 times the threshold.\n\n"
    "With --json: {\"gallery\":...,\"identities\":N,\"embeddings\":N,\n"
    "\"findings\":[{\"kind\":...,\"id\":...,\"name\":...,\"embedding\":N,\n"
    "\"other_id\":...,\"other_name\":...,\"other_embedding\":N,"
    "\"distance\":...,\n\"length\":...}]}; fields that do not apply are left out.\n\n"
    "Exit status: 0 if nothing was found, 1 if something was, 2 on error.\n\n"
    "Examples:\n"
    "  facenet lint staff.json\n" "  facenet lint --near 0.2 --json staff.json";

/* "Ann Smith (ann), embedding 3" */
static gchar *
describe (const FacenetGallery * gallery, guint identity, gint embedding)
{
  const FacenetIdentity *view =
      facenet_gallery_get_identity (gallery, identity);

  if (embedding < 0)
    return g_strdup_printf ("%s (%s)", view->name, view->id);
  return g_strdup_printf ("%s (%s), embedding %d", view->name, view->id,
      embedding);
}

static void
print_finding (const FacenetGallery * gallery,
    const FacenetLintFinding * finding)
{
  g_autofree gchar *one =
      describe (gallery, finding->identity, finding->embedding);
  g_autofree gchar *other = NULL;
  const gchar *kind = facenet_lint_kind_get_nick (finding->kind);

  if (finding->other_identity >= 0)
    other = describe (gallery, (guint) finding->other_identity,
        finding->other_embedding);
  switch (finding->kind) {
    case FACENET_LINT_NEAR_DUPLICATE:
      tool_print ("%s: %s and %s: distance %.4f", kind, one, other,
          finding->value);
      break;
    case FACENET_LINT_OUTLIER:
      tool_print ("%s: %s: the nearest of the same person is embedding %d, at "
          "distance %.4f", kind, one, finding->other_embedding, finding->value);
      break;
    case FACENET_LINT_NORM:
      tool_print ("%s: %s: length %.6g in the file", kind, one, finding->value);
      break;
    case FACENET_LINT_DUPLICATE_NAME:
      tool_print ("%s: %s and %s", kind, other, one);
      break;
    case FACENET_LINT_NO_EMBEDDINGS:
    default:
      tool_print ("%s: %s", kind, one);
  }
}

static void
add_person_json (GString * json, const FacenetGallery * gallery,
    const gchar * const keys[3], guint identity, gint embedding)
{
  const FacenetIdentity *view =
      facenet_gallery_get_identity (gallery, identity);

  facenet_json_add_string (json, keys[0], view->id);
  facenet_json_add_string (json, keys[1], view->name);
  if (embedding >= 0)
    facenet_json_add_uint (json, keys[2], (guint64) embedding);
}

static void
add_finding_json (GString * json, const FacenetGallery * gallery,
    const FacenetLintFinding * finding)
{
  static const gchar *const keys[] = { "id", "name", "embedding" };
  static const gchar *const other_keys[] = { "other_id", "other_name",
    "other_embedding"
  };

  facenet_json_open_object (json, NULL);
  facenet_json_add_string (json, "kind",
      facenet_lint_kind_get_nick (finding->kind));
  add_person_json (json, gallery, keys, finding->identity, finding->embedding);
  if (finding->other_identity >= 0)
    add_person_json (json, gallery, other_keys,
        (guint) finding->other_identity, finding->other_embedding);
  if (!isnan (finding->value))
    facenet_json_add_double (json, finding->kind == FACENET_LINT_NORM ? "length"
        : "distance", finding->value);
  facenet_json_close_object (json);
}

static void
print_json (const gchar * location, const FacenetGallery * gallery,
    const GArray * findings)
{
  g_autoptr (GString) json = g_string_new (NULL);

  facenet_json_open_object (json, NULL);
  facenet_json_add_string (json, "gallery", location);
  facenet_json_add_uint (json, "identities",
      facenet_gallery_get_n_identities (gallery));
  facenet_json_add_uint (json, "embeddings",
      facenet_gallery_get_n_embeddings (gallery));
  facenet_json_open_array (json, "findings");
  for (guint i = 0; i < findings->len; i++)
    add_finding_json (json, gallery, &g_array_index (findings,
            FacenetLintFinding, i));
  facenet_json_close_array (json);
  facenet_json_close_object (json);
  tool_print_line (json->str);
}

static ToolStatus
lint (const ToolOptions * options, const FacenetLintOptions * limits,
    GError ** error)
{
  const gchar *location = options->paths[0];
  g_autoptr (FacenetGallery) gallery = facenet_gallery_load (location, error);
  g_autoptr (GArray) findings = NULL;

  if (gallery == NULL)
    return TOOL_ERROR;
  findings = facenet_gallery_lint (gallery, limits);
  if (options->json) {
    print_json (location, gallery, findings);
  } else {
    for (guint i = 0; i < findings->len; i++)
      print_finding (gallery, &g_array_index (findings, FacenetLintFinding, i));
    tool_print ("%s: %u identities, %u embeddings, %u findings", location,
        facenet_gallery_get_n_identities (gallery),
        facenet_gallery_get_n_embeddings (gallery), findings->len);
  }
  return findings->len == 0 ? TOOL_YES : TOOL_NO;
}

static gboolean
parse_limit (const gchar * option, const gchar * text, gdouble * limit,
    GError ** error)
{
  return text == NULL || tool_parse_distance (option, text, limit, error);
}

static ToolStatus
run (const ToolCommand * command, gint argc, gchar ** argv)
{
  g_auto (ToolOptions) options = { 0 };
  g_autofree gchar *near_text = NULL;
  g_autofree gchar *outlier_text = NULL;
  g_autoptr (GError) error = NULL;
  FacenetLintOptions limits = { 0, 0 };
  ToolStatus status = TOOL_ERROR;
  /* *INDENT-OFF* */
  const GOptionEntry entries[] = {
    { "near", 0, 0, G_OPTION_ARG_STRING, &near_text,
      "Distance below which two people are near duplicates", "DISTANCE" },
    { "outlier", 0, 0, G_OPTION_ARG_STRING, &outlier_text,
      "Distance from a person's other embeddings that makes an outlier",
      "DISTANCE" },
    G_OPTION_ENTRY_NULL
  };
  /* *INDENT-ON* */

  if (tool_options_parse (&options, command, entries, argc, argv, &error)
      && tool_options_require_paths (&options, command, 1, 1, &error)
      && parse_limit ("near", near_text, &limits.near_duplicate, &error)
      && parse_limit ("outlier", outlier_text, &limits.outlier, &error))
    status = lint (&options, &limits, &error);
  if (error)
    tool_message ("%s", error->message);
  return status;
}

const ToolCommand tool_command_lint = {
  .name = "lint",
  .arguments = "GALLERY",
  .summary = "Finds mistakes in a gallery",
  .description = description,
  .reads_faces = FALSE,
  .run = run,
};
