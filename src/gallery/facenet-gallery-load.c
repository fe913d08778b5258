/* facenet-gallery-load.c - a gallery from its file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * docs/gallery-format.md is the format. The tables below are its members: what
 * must be there and of which type; members that are in no table are kept as
 * they are. Vectors go into the gallery's block of floats and leave a null in
 * the document.
 */
#include <facenet/facenet-gallery.h>

#include <string.h>

#include "base/facenet-file-private.h"
#include "base/facenet-json-private.h"
#include "gallery/facenet-gallery-private.h"
#include "gallery/facenet-rule-private.h"

typedef enum
{
  KIND_STRING,
  KIND_NUMBER,
  KIND_INTEGER,
  KIND_ARRAY,
  KIND_OBJECT
} FacenetKind;

/* A member of an object. For numbers min and max bound the value, for strings
 * the bytes; a max of 0 is no bound. */
typedef struct
{
  const gchar *name;
  FacenetKind kind;
  gboolean required;
  gdouble min;
  gdouble max;
} FacenetMember;

/* *INDENT-OFF* */
static const FacenetMember root_members[] = {
  { "format",     KIND_STRING,  TRUE,  0, 0 },
  { "version",    KIND_INTEGER, TRUE,  0, 0 },
  { "model",      KIND_OBJECT,  TRUE,  0, 0 },
  { "defaults",   KIND_OBJECT,  FALSE, 0, 0 },
  { "identities", KIND_ARRAY,   TRUE,  0, 0 }
};

static const FacenetMember model_members[] = {
  { "id",         KIND_STRING,  TRUE,  1, FACENET_GALLERY_MAX_NAME },
  { "name",       KIND_STRING,  FALSE, 0, FACENET_GALLERY_MAX_NAME },
  { "preprocess", KIND_STRING,  FALSE, 0, FACENET_GALLERY_MAX_NAME },
  { "dims",       KIND_INTEGER, TRUE,  1, FACENET_GALLERY_MAX_DIMS }
};

static const FacenetMember defaults_members[] = {
  { "threshold",  KIND_NUMBER,  FALSE, 0, FACENET_GALLERY_MAX_THRESHOLD }
};

static const FacenetMember identity_members[] = {
  { "id",         KIND_STRING,  TRUE,  1, FACENET_GALLERY_MAX_NAME },
  { "name",       KIND_STRING,  FALSE, 0, FACENET_GALLERY_MAX_NAME },
  { "threshold",  KIND_NUMBER,  FALSE, 0, FACENET_GALLERY_MAX_THRESHOLD },
  { "tags",       KIND_ARRAY,   FALSE, 0, 0 },
  { "action",     KIND_STRING,  FALSE, 0, 0 },
  { "valid-until", KIND_STRING, FALSE, 0, 0 },
  { "embeddings", KIND_ARRAY,   FALSE, 0, 0 }
};

static const FacenetMember embedding_members[] = {
  { "vector",     KIND_ARRAY,   TRUE,  0, 0 },
  { "source",     KIND_STRING,  FALSE, 0, 0 },
  { "quality",    KIND_NUMBER,  FALSE, 0, 1 },
  { "created",    KIND_STRING,  FALSE, 0, 0 }
};
/* *INDENT-ON* */

/* Where in the file one is, for error messages; what does not apply is NULL or
 * -1. */
typedef struct
{
  const gchar *item;
  const gchar *part;
  gint identity;
  const gchar *id;
  gint embedding;
} FacenetPlace;

/* Reports "people.json: identity 3 "ann", embedding 1: …"; always FALSE. */
static gboolean
G_GNUC_PRINTF (4, 5)
fail (GError ** error, const FacenetPlace * place, FacenetError code,
    const gchar * format, ...)
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
    case KIND_STRING:
      return "a string";
    case KIND_NUMBER:
      return "a number";
    case KIND_INTEGER:
      return "an integer";
    case KIND_ARRAY:
      return "an array";
    case KIND_OBJECT:
    default:
      return "an object";
  }
}

/* What a node is, in the same words. */
static const gchar *
node_name (JsonNode * node)
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

static gboolean
node_is_number (JsonNode * node)
{
  return JSON_NODE_HOLDS_VALUE (node)
      && (json_node_get_value_type (node) == G_TYPE_DOUBLE
      || json_node_get_value_type (node) == G_TYPE_INT64);
}

static gboolean
node_is_kind (JsonNode * node, FacenetKind kind)
{
  switch (kind) {
    case KIND_STRING:
      return JSON_NODE_HOLDS_VALUE (node)
          && json_node_get_value_type (node) == G_TYPE_STRING;
    case KIND_NUMBER:
      return node_is_number (node);
    case KIND_INTEGER:
      return JSON_NODE_HOLDS_VALUE (node)
          && json_node_get_value_type (node) == G_TYPE_INT64;
    case KIND_ARRAY:
      return JSON_NODE_HOLDS_ARRAY (node);
    case KIND_OBJECT:
    default:
      return JSON_NODE_HOLDS_OBJECT (node);
  }
}

/* A string too short is empty; one too long is beyond a limit. */
static gboolean
check_string (const gchar * string, const FacenetMember * member,
    const FacenetPlace * place, GError ** error)
{
  gsize length = strlen (string);

  if (member->min > 0 && length == 0)
    return fail (error, place, FACENET_ERROR_FORMAT,
        "\"%s\" is empty, wants a name", member->name);
  if (member->max > 0 && (gdouble) length > member->max)
    return fail (error, place, FACENET_ERROR_LIMIT,
        "\"%s\" has %" G_GSIZE_FORMAT " bytes, at most %.0f are accepted",
        member->name, length, member->max);
  return TRUE;
}

static gboolean
check_number (gdouble number, const FacenetMember * member,
    const FacenetPlace * place, GError ** error)
{
  gchar found[G_ASCII_DTOSTR_BUF_SIZE];
  gchar max[G_ASCII_DTOSTR_BUF_SIZE];

  if (member->max <= 0 || (number >= member->min && number <= member->max))
    return TRUE;
  g_ascii_formatd (found, sizeof found, "%.9g", number);
  g_ascii_formatd (max, sizeof max, "%.9g", member->max);
  return fail (error, place, FACENET_ERROR_FORMAT,
      "\"%s\" is %s, wants a number in [%d,%s]", member->name, found,
      (gint) member->min, max);
}

/* Makes sure that an object has the members of a table, each of its type and
 * in its range. */
static gboolean
check_members (JsonObject * object, const FacenetMember * members, gsize n,
    const FacenetPlace * place, GError ** error)
{
  gsize i;

  for (i = 0; i < n; i++) {
    const FacenetMember *member = &members[i];
    JsonNode *node = json_object_get_member (object, member->name);
    gboolean ok = TRUE;

    if (node == NULL && member->required)
      return fail (error, place, FACENET_ERROR_MISSING,
          "\"%s\" is missing, wants %s", member->name,
          kind_name (member->kind));
    if (node == NULL)
      continue;
    if (!node_is_kind (node, member->kind))
      return fail (error, place, FACENET_ERROR_FORMAT,
          "\"%s\" is %s, wants %s", member->name,
          node_name (node), kind_name (member->kind));
    if (member->kind == KIND_STRING)
      ok = check_string (json_node_get_string (node), member, place, error);
    else if (node_is_number (node))
      ok = check_number (json_node_get_double (node), member, place, error);
    if (!ok)
      return FALSE;
  }
  return TRUE;
}

/* Everything of the document but its identities. */
static gboolean
check_document (JsonNode * document, const FacenetPlace * place,
    GError ** error)
{
  FacenetPlace part = *place;
  JsonObject *root;
  gint64 version;

  if (!JSON_NODE_HOLDS_OBJECT (document))
    return fail (error, place, FACENET_ERROR_FORMAT,
        "the document is %s, wants an object", node_name (document));
  root = json_node_get_object (document);
  /* What is no gallery, or one of another version, should be told just that
   * and not what else it lacks. */
  if (!check_members (root, root_members, 2, place, error))
    return FALSE;
  if (strcmp (json_object_get_string_member (root, "format"),
          FACENET_GALLERY_FORMAT) != 0)
    return fail (error, place, FACENET_ERROR_FORMAT,
        "\"format\" is not \"%s\": this is no gallery", FACENET_GALLERY_FORMAT);
  version = json_object_get_int_member (root, "version");
  if (version != FACENET_GALLERY_VERSION)
    return fail (error, place, FACENET_ERROR_FORMAT,
        "\"version\" is %" G_GINT64_FORMAT ", wants %d", version,
        FACENET_GALLERY_VERSION);
  if (!check_members (root, root_members, G_N_ELEMENTS (root_members), place,
          error))
    return FALSE;
  part.part = "model";
  if (!check_members (json_object_get_object_member (root, "model"),
          model_members, G_N_ELEMENTS (model_members), &part, error))
    return FALSE;
  part.part = "defaults";
  return !json_object_has_member (root, "defaults")
      || check_members (json_object_get_object_member (root, "defaults"),
      defaults_members, G_N_ELEMENTS (defaults_members), &part, error);
}

/* Reads numbers: [n_dims], not yet of length one. */
static gboolean
read_vector (JsonArray * array, gfloat * vector, guint n_dims,
    const FacenetPlace * place, GError ** error)
{
  guint i, n = json_array_get_length (array);

  if (n != n_dims)
    return fail (error, place, FACENET_ERROR_SHAPE,
        "vector has %u numbers, wants %u", n, n_dims);
  for (i = 0; i < n_dims; i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (!node_is_number (node))
      return fail (error, place, FACENET_ERROR_FORMAT,
          "vector[%u] is %s, wants a number", i, node_name (node));
    vector[i] = (gfloat) json_node_get_double (node);
  }
  return TRUE;
}

static gboolean
load_embedding (FacenetGallery * self, FacenetPerson * person,
    JsonNode * node, const FacenetPlace * place, GError ** error)
{
  guint n_dims = self->model.n_dims;
  g_autofree gfloat *vector = g_new (gfloat, n_dims);
  JsonObject *object;
  const gchar *fault;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, place, FACENET_ERROR_FORMAT,
        "%s, wants an object", node_name (node));
  object = json_node_get_object (node);
  if (!check_members (object, embedding_members,
          G_N_ELEMENTS (embedding_members), place, error)
      || !read_vector (json_object_get_array_member (object, "vector"),
          vector, n_dims, place, error))
    return FALSE;
  fault = facenet_gallery_normalise (vector, n_dims);
  if (fault != NULL)
    return fail (error, place, FACENET_ERROR_FORMAT, "vector %s", fault);
  if (!facenet_gallery_append_row (self, person, vector))
    return fail (error, place, FACENET_ERROR_LIMIT,
        "at most %u embeddings of %u numbers are accepted",
        FACENET_GALLERY_MAX_NUMBERS / n_dims, n_dims);
  json_object_set_null_member (object, "vector");
  return TRUE;
}

static gboolean
load_identity (FacenetGallery * self, JsonNode * node, FacenetPlace * place,
    GError ** error)
{
  g_autofree gchar *fault = NULL;
  FacenetPerson *person;
  JsonObject *object;
  JsonArray *embeddings;
  const gchar *id;
  guint i;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, place, FACENET_ERROR_FORMAT,
        "%s, wants an object", node_name (node));
  object = json_node_get_object (node);
  /* The id first: errors in the others name it. */
  if (!check_members (object, identity_members, 1, place, error))
    return FALSE;
  id = json_object_get_string_member (object, "id");
  place->id = id;
  if (!check_members (object, identity_members,
          G_N_ELEMENTS (identity_members), place, error))
    return FALSE;
  fault = facenet_rule_find_fault (object);
  if (fault != NULL)
    return fail (error, place, FACENET_ERROR_FORMAT, "%s", fault);
  if (facenet_gallery_find (self, id) >= 0)
    return fail (error, place, FACENET_ERROR_FORMAT,
        "identity %d has the same id", facenet_gallery_find (self, id));

  person = facenet_gallery_append_person (self, object);
  if (!json_object_has_member (object, "embeddings"))
    return TRUE;
  embeddings = json_object_get_array_member (object, "embeddings");
  for (i = 0; i < json_array_get_length (embeddings); i++) {
    place->embedding = (gint) i;
    if (!load_embedding (self, person, json_array_get_element (embeddings, i),
            place, error))
      return FALSE;
  }
  return TRUE;
}

FacenetGallery *
facenet_gallery_parse (const gchar * text, gsize length, const gchar * item,
    GError ** error)
{
  FacenetPlace nowhere = { item, NULL, -1, NULL, -1 };
  g_autoptr (JsonNode) document = NULL;
  g_autoptr (FacenetGallery) self = NULL;
  guint i;

  document = facenet_json_parse (text, length, item, error);
  if (document == NULL || !check_document (document, &nowhere, error))
    return NULL;
  self = facenet_gallery_new_for_document (g_steal_pointer (&document));
  self->location = g_filename_display_name (item);
  for (i = 0; i < json_array_get_length (self->identities); i++) {
    FacenetPlace place = nowhere;

    place.identity = (gint) i;
    if (!load_identity (self, json_array_get_element (self->identities, i),
            &place, error))
      return NULL;
  }
  return g_steal_pointer (&self);
}

/**
 * facenet_gallery_load:
 * @location: (type filename): a gallery file, at most 256 MiB
 * @error: return location for a #GError
 *
 * Reads a gallery from its file, see docs/gallery-format.md. Embeddings that
 * are not of length one are scaled to it.
 *
 * Returns: (transfer full) (nullable): the gallery, or %NULL with
 *   %FACENET_ERROR_OPEN (it cannot be read), %FACENET_ERROR_TRUNCATED,
 *   %FACENET_ERROR_FORMAT (not JSON, not a gallery, a type or value that it
 *   must not have, an id twice), %FACENET_ERROR_MISSING (a member),
 *   %FACENET_ERROR_SHAPE (a vector of another length) or
 *   %FACENET_ERROR_LIMIT; the message names the file, the identity and the
 *   embedding
 *
 * Since: 0.1
 */
FacenetGallery *
facenet_gallery_load (const gchar * location, GError ** error)
{
  g_autoptr (GBytes) bytes = NULL;
  const gchar *text;
  gsize length;

  g_return_val_if_fail (location != NULL, NULL);

  bytes = facenet_file_read (location, FACENET_GALLERY_MAX_BYTES, error);
  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &length);
  return facenet_gallery_parse (text, length, location, error);
}
