/* facenet-gallery-check.c - what the objects of a gallery may hold
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * docs/gallery-format.md is the format. The tables below are its members: what
 * must be there and of which type; members that are in no table are nobody's
 * business here.
 */
#include "gallery/facenet-gallery-check-private.h"

#include <string.h>

#include "gallery/facenet-gallery-private.h"

/* *INDENT-OFF* */
static const FacenetMember root_members[] = {
  { "format",     FACENET_KIND_STRING,  TRUE,  0, 0 },
  { "version",    FACENET_KIND_INTEGER, TRUE,  0, 0 },
  { "model",      FACENET_KIND_OBJECT,  TRUE,  0, 0 },
  { "defaults",   FACENET_KIND_OBJECT,  FALSE, 0, 0 },
  { "identities", FACENET_KIND_ARRAY,   TRUE,  0, 0 }
};

static const FacenetMember model_members[] = {
  { "id",         FACENET_KIND_STRING,  TRUE,  1, FACENET_GALLERY_MAX_NAME },
  { "name",       FACENET_KIND_STRING,  FALSE, 0, FACENET_GALLERY_MAX_NAME },
  { "preprocess", FACENET_KIND_STRING,  FALSE, 0, FACENET_GALLERY_MAX_NAME },
  { "dims",       FACENET_KIND_INTEGER, TRUE,  1, FACENET_GALLERY_MAX_DIMS }
};

static const FacenetMember defaults_members[] = {
  { "threshold",  FACENET_KIND_NUMBER,  FALSE, 0, FACENET_GALLERY_MAX_THRESHOLD }
};

static const FacenetMember identity_members[] = {
  { "id",         FACENET_KIND_STRING,  TRUE,  1, FACENET_GALLERY_MAX_NAME },
  { "name",       FACENET_KIND_STRING,  FALSE, 0, FACENET_GALLERY_MAX_NAME },
  { "threshold",  FACENET_KIND_NUMBER,  FALSE, 0, FACENET_GALLERY_MAX_THRESHOLD },
  { "tags",       FACENET_KIND_ARRAY,   FALSE, 0, 0 },
  { "action",     FACENET_KIND_STRING,  FALSE, 0, 0 },
  { "valid-until", FACENET_KIND_STRING, FALSE, 0, 0 },
  { "embeddings", FACENET_KIND_ARRAY,   FALSE, 0, 0 }
};

static const FacenetMember embedding_members[] = {
  { "vector",     FACENET_KIND_ARRAY,   TRUE,  0, 0 },
  { "source",     FACENET_KIND_STRING,  FALSE, 0, 0 },
  { "quality",    FACENET_KIND_NUMBER,  FALSE, 0, 1 },
  { "created",    FACENET_KIND_STRING,  FALSE, 0, 0 }
};
/* *INDENT-ON* */

typedef struct
{
  const FacenetMember *members;
  guint n;
} FacenetMemberTable;

/* By FacenetPart. */
static const FacenetMemberTable tables[] = {
  {root_members, G_N_ELEMENTS (root_members)},
  {model_members, G_N_ELEMENTS (model_members)},
  {defaults_members, G_N_ELEMENTS (defaults_members)},
  {identity_members, G_N_ELEMENTS (identity_members)},
  {embedding_members, G_N_ELEMENTS (embedding_members)}
};

const FacenetMember *
facenet_gallery_get_members (FacenetPart part, guint * n)
{
  *n = tables[part].n;
  return tables[part].members;
}

gboolean
facenet_gallery_place_fail (GError ** error, const FacenetGalleryPlace * place,
    FacenetError code, const gchar * format, ...)
{
  g_autoptr (GString) text = g_string_new (place->item);
  va_list args;

  if (place->part != NULL)
    g_string_append_printf (text, ": %s", place->part);
  if (place->identity >= 0)
    g_string_append_printf (text, ": identity %d", place->identity);
  if (place->id != NULL)
    g_string_append_printf (text, " \"%s\"", place->id);
  if (place->embedding >= 0)
    g_string_append_printf (text, ", embedding %d", place->embedding);
  g_string_append (text, ": ");
  va_start (args, format);
  g_string_append_vprintf (text, format, args);
  va_end (args);
  g_set_error_literal (error, FACENET_ERROR, (gint) code, text->str);
  return FALSE;
}

static const gchar *
kind_name (FacenetKind kind)
{
  switch (kind) {
    case FACENET_KIND_STRING:
      return "a string";
    case FACENET_KIND_NUMBER:
      return "a number";
    case FACENET_KIND_INTEGER:
      return "an integer";
    case FACENET_KIND_ARRAY:
      return "an array";
    case FACENET_KIND_OBJECT:
    default:
      return "an object";
  }
}

const gchar *
facenet_node_get_kind_name (JsonNode * node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return "an object";
  if (JSON_NODE_HOLDS_ARRAY (node))
    return "an array";
  if (JSON_NODE_HOLDS_NULL (node))
    return "null";
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return "a string";
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return json_node_get_boolean (node) ? "true" : "false";
  return "a number";
}

gboolean
facenet_node_is_number (JsonNode * node)
{
  return JSON_NODE_HOLDS_VALUE (node)
      && (json_node_get_value_type (node) == G_TYPE_DOUBLE
      || json_node_get_value_type (node) == G_TYPE_INT64);
}

static gboolean
node_is_kind (JsonNode * node, FacenetKind kind)
{
  switch (kind) {
    case FACENET_KIND_STRING:
      return JSON_NODE_HOLDS_VALUE (node)
          && json_node_get_value_type (node) == G_TYPE_STRING;
    case FACENET_KIND_NUMBER:
      return facenet_node_is_number (node);
    case FACENET_KIND_INTEGER:
      return JSON_NODE_HOLDS_VALUE (node)
          && json_node_get_value_type (node) == G_TYPE_INT64;
    case FACENET_KIND_ARRAY:
      return JSON_NODE_HOLDS_ARRAY (node);
    case FACENET_KIND_OBJECT:
    default:
      return JSON_NODE_HOLDS_OBJECT (node);
  }
}

/* A string too short is empty; one too long is beyond a limit. */
static gboolean
check_string (const gchar * string, const FacenetMember * member,
    const FacenetGalleryPlace * place, GError ** error)
{
  gsize length = strlen (string);

  if (member->min > 0 && length == 0)
    return facenet_gallery_place_fail (error, place, FACENET_ERROR_FORMAT,
        "\"%s\" is empty, expected a name", member->name);
  if (member->max > 0 && (gdouble) length > member->max)
    return facenet_gallery_place_fail (error, place, FACENET_ERROR_LIMIT,
        "\"%s\" has %" G_GSIZE_FORMAT " bytes, at most %.0f are accepted",
        member->name, length, member->max);
  return TRUE;
}

static gboolean
check_number (gdouble number, const FacenetMember * member,
    const FacenetGalleryPlace * place, GError ** error)
{
  gchar found[G_ASCII_DTOSTR_BUF_SIZE];
  gchar max[G_ASCII_DTOSTR_BUF_SIZE];

  if (member->max <= 0 || (number >= member->min && number <= member->max))
    return TRUE;
  g_ascii_formatd (found, sizeof found, "%.9g", number);
  g_ascii_formatd (max, sizeof max, "%.9g", member->max);
  return facenet_gallery_place_fail (error, place, FACENET_ERROR_FORMAT,
      "\"%s\" is %s, expected a number in [%d,%s]", member->name, found,
      (gint) member->min, max);
}

static gboolean
check_member (JsonNode * node, const FacenetMember * member,
    const FacenetGalleryPlace * place, GError ** error)
{
  if (!node_is_kind (node, member->kind))
    return facenet_gallery_place_fail (error, place, FACENET_ERROR_FORMAT,
        "\"%s\" is %s, expected %s", member->name,
        facenet_node_get_kind_name (node), kind_name (member->kind));
  if (member->kind == FACENET_KIND_STRING)
    return check_string (json_node_get_string (node), member, place, error);
  if (facenet_node_is_number (node))
    return check_number (json_node_get_double (node), member, place, error);
  return TRUE;
}

gboolean
facenet_gallery_check_members (JsonObject * object, FacenetPart part, guint n,
    const FacenetGalleryPlace * place, GError ** error)
{
  const FacenetMember *members = tables[part].members;
  guint i;

  for (i = 0; i < (n > 0 ? n : tables[part].n); i++) {
    JsonNode *node = json_object_get_member (object, members[i].name);

    if (node == NULL && members[i].required)
      return facenet_gallery_place_fail (error, place, FACENET_ERROR_MISSING,
          "\"%s\" is missing, expected %s", members[i].name,
          kind_name (members[i].kind));
    if (node != NULL && !check_member (node, &members[i], place, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
facenet_gallery_check_document (JsonNode * document, gboolean binary,
    const FacenetGalleryPlace * place, GError ** error)
{
  FacenetGalleryPlace part = *place;
  JsonObject *root;
  gint64 version;

  if (!JSON_NODE_HOLDS_OBJECT (document))
    return facenet_gallery_place_fail (error, place, FACENET_ERROR_FORMAT,
        "the document is %s, expected an object",
        facenet_node_get_kind_name (document));
  root = json_node_get_object (document);
  /* What is no gallery, or one of another version, should be told just that
   * and not what else it lacks. */
  if (!facenet_gallery_check_members (root, FACENET_PART_ROOT, 2, place, error))
    return FALSE;
  if (strcmp (json_object_get_string_member (root, "format"),
          FACENET_GALLERY_FORMAT) != 0)
    return facenet_gallery_place_fail (error, place, FACENET_ERROR_FORMAT,
        "\"format\" is not \"%s\": this is not a gallery",
        FACENET_GALLERY_FORMAT);
  version = json_object_get_int_member (root, "version");
  if (version != FACENET_GALLERY_VERSION)
    return facenet_gallery_place_fail (error, place, FACENET_ERROR_FORMAT,
        "\"version\" is %" G_GINT64_FORMAT ", expected %d", version,
        FACENET_GALLERY_VERSION);
  if (binary)
    json_object_set_array_member (root, "identities", json_array_new ());
  if (!facenet_gallery_check_members (root, FACENET_PART_ROOT, 0, place, error))
    return FALSE;
  part.part = "model";
  if (!facenet_gallery_check_members (json_object_get_object_member (root,
              "model"), FACENET_PART_MODEL, 0, &part, error))
    return FALSE;
  part.part = "defaults";
  return !json_object_has_member (root, "defaults")
      || facenet_gallery_check_members (json_object_get_object_member (root,
          "defaults"), FACENET_PART_DEFAULTS, 0, &part, error);
}
