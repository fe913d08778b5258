/* facenet-gallery-print.c - a gallery as JSON
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Writes the document as JSON that is kind to diff: two spaces a level, one
 * member a line, but an array without objects or arrays in it, such as a
 * vector, on one line. Floats have nine significant digits, doubles as many
 * as they need, so that both are read back as they were. Members keep their
 * order, and no locale has a say.
 */
#include "gallery/facenet-gallery-private.h"

#include "base/facenet-json-writer.h"

#include <math.h>
#include <string.h>

typedef struct _FacenetPrinter FacenetPrinter;

/* Prints the value of one member of an object. */
typedef void (*FacenetPrintMember) (FacenetPrinter * self,
    const gchar * name, JsonNode * node);

/* person and row are those that are being printed. A compact text is all on
 * one line. */
struct _FacenetPrinter
{
  GString *text;
  guint depth;
  gboolean compact;
  const FacenetGallery *gallery;
  const FacenetPerson *person;
  guint row;
};

static void
print_line (FacenetPrinter * self)
{
  guint i;

  if (self->compact)
    return;
  g_string_append_c (self->text, '\n');
  for (i = 0; i < self->depth; i++) {
    g_string_append (self->text, "  ");
  }
}

/* Not to be taken for an integer. */
static void
print_double (FacenetPrinter * self, gdouble value)
{
  gsize start = self->text->len;

  facenet_json_append_double (self->text, value);
  if (strpbrk (self->text->str + start, ".e") == NULL)
    g_string_append (self->text, ".0");
}

/* in: [n_dims]; nine digits tell any two floats apart. A zero loses its sign:
 * to JSON readers "-0" may be an integer, which has none. */
static void
print_vector (FacenetPrinter * self, const gfloat * vector, guint n_dims)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];
  guint i;

  g_string_append_c (self->text, '[');
  for (i = 0; i < n_dims; i++) {
    if (i > 0)
      g_string_append (self->text, ", ");
    g_ascii_formatd (text, sizeof text, "%.9g", (gdouble) (vector[i] + 0.0f));
    g_string_append (self->text, text);
  }
  g_string_append_c (self->text, ']');
}

static void
print_value (FacenetPrinter * self, JsonNode * node)
{
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING)
    facenet_json_append_string (self->text, json_node_get_string (node));
  else if (type == G_TYPE_DOUBLE)
    print_double (self, json_node_get_double (node));
  else if (type == G_TYPE_INT64)
    g_string_append_printf (self->text, "%" G_GINT64_FORMAT,
        json_node_get_int (node));
  else
    g_string_append (self->text,
        json_node_get_boolean (node) ? "true" : "false");
}

static void
print_object (FacenetPrinter * self, JsonObject * object,
    FacenetPrintMember print_member)
{
  JsonObjectIter iter;
  const gchar *name;
  JsonNode *node;
  gboolean first = TRUE;

  g_string_append_c (self->text, '{');
  self->depth++;
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node)) {
    if (!first)
      g_string_append_c (self->text, ',');
    print_line (self);
    facenet_json_append_string (self->text, name);
    g_string_append (self->text, ": ");
    print_member (self, name, node);
    first = FALSE;
  }
  self->depth--;
  if (!first)
    print_line (self);
  g_string_append_c (self->text, '}');
}

/* Whether an array is spread over lines. */
static gboolean
array_is_deep (JsonArray * array)
{
  guint i;

  for (i = 0; i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (JSON_NODE_HOLDS_OBJECT (node) || JSON_NODE_HOLDS_ARRAY (node))
      return TRUE;
  }
  return FALSE;
}

/* Objects in the array are printed with print_member. */
static void
print_array (FacenetPrinter * self, JsonArray * array,
    FacenetPrintMember print_member)
{
  gboolean deep = array_is_deep (array);
  guint i;

  g_string_append_c (self->text, '[');
  self->depth++;
  for (i = 0; i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (i > 0)
      g_string_append (self->text, deep ? "," : ", ");
    if (deep)
      print_line (self);
    if (JSON_NODE_HOLDS_OBJECT (node))
      print_object (self, json_node_get_object (node), print_member);
    else
      print_member (self, NULL, node);
  }
  self->depth--;
  if (deep)
    print_line (self);
  g_string_append_c (self->text, ']');
}

/* Anything that is printed as it stands in the document. */
static void
print_any (FacenetPrinter * self, const gchar * name, JsonNode * node)
{
  switch (json_node_get_node_type (node)) {
    case JSON_NODE_OBJECT:
      print_object (self, json_node_get_object (node), print_any);
      break;
    case JSON_NODE_ARRAY:
      print_array (self, json_node_get_array (node), print_any);
      break;
    case JSON_NODE_VALUE:
      print_value (self, node);
      break;
    case JSON_NODE_NULL:
    default:
      g_string_append (self->text, "null");
  }
}

static void
print_embedding_member (FacenetPrinter * self, const gchar * name,
    JsonNode * node)
{
  const FacenetGallery *gallery = self->gallery;

  if (g_strcmp0 (name, "vector") == 0)
    print_vector (self, facenet_gallery_row (gallery, self->row),
        gallery->model.n_dims);
  else
    print_any (self, name, node);
}

JsonObject *
facenet_note_to_object (const FacenetNote * note)
{
  JsonObject *object;

  if (note->object != NULL)
    return json_object_ref (note->object);
  object = json_object_new ();
  json_object_set_null_member (object, "vector");
  if (note->source != NULL)
    json_object_set_string_member (object, "source", note->source);
  if (!isnan (note->quality))
    json_object_set_double_member (object, "quality", note->quality);
  if (note->created != NULL)
    json_object_set_string_member (object, "created", note->created);
  return object;
}

/* All embeddings of the person. */
static void
print_embeddings (FacenetPrinter * self)
{
  const FacenetPerson *person = self->person;
  guint i, n = person->view.n_embeddings;

  g_string_append_c (self->text, '[');
  self->depth++;
  for (i = 0; i < n; i++) {
    g_autoptr (JsonObject) object = NULL;

    self->row = person->first + i;
    object = facenet_note_to_object (facenet_gallery_note (self->gallery,
            self->row));
    if (i > 0)
      g_string_append_c (self->text, ',');
    print_line (self);
    print_object (self, object, print_embedding_member);
  }
  self->depth--;
  if (n > 0)
    print_line (self);
  g_string_append_c (self->text, ']');
}

static void
print_identity_member (FacenetPrinter * self, const gchar * name,
    JsonNode * node)
{
  if (g_strcmp0 (name, "embeddings") == 0)
    print_embeddings (self);
  else
    print_any (self, name, node);
}

/* A person as an object with a null in place of the embeddings. */
static JsonObject *
describe_person (const FacenetPerson * person)
{
  JsonObject *object;

  if (person->object != NULL)
    return json_object_ref (person->object);
  object = json_object_new ();
  json_object_set_string_member (object, "id", person->view.id);
  if (person->view.name != person->view.id)
    json_object_set_string_member (object, "name", person->view.name);
  json_object_set_null_member (object, "embeddings");
  return object;
}

static void
print_people (FacenetPrinter * self)
{
  guint i, n = self->gallery->people->len;

  g_string_append_c (self->text, '[');
  self->depth++;
  for (i = 0; i < n; i++) {
    g_autoptr (JsonObject) object = NULL;

    self->person = facenet_gallery_person (self->gallery, i);
    object = describe_person (self->person);
    if (i > 0)
      g_string_append_c (self->text, ',');
    print_line (self);
    print_object (self, object, print_identity_member);
  }
  self->depth--;
  if (n > 0)
    print_line (self);
  g_string_append_c (self->text, ']');
}

static void
print_root_member (FacenetPrinter * self, const gchar * name, JsonNode * node)
{
  if (g_strcmp0 (name, "identities") == 0)
    print_people (self);
  else
    print_any (self, name, node);
}

GString *
facenet_gallery_print (const FacenetGallery * self)
{
  FacenetPrinter printer = { 0 };

  printer.text = g_string_new (NULL);
  printer.gallery = self;
  print_object (&printer, json_node_get_object (self->document),
      print_root_member);
  g_string_append_c (printer.text, '\n');
  return printer.text;
}

/* Prints an object on one line, without some of its members. */
static void
print_rest (JsonObject * object, const gchar * const *without, GString * text)
{
  FacenetPrinter printer = { 0 };
  g_autoptr (JsonObject) rest = json_object_new ();
  JsonObjectIter iter;
  const gchar *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node)) {
    if (!g_strv_contains (without, name))
      json_object_set_member (rest, name, json_node_copy (node));
  }
  if (json_object_get_size (rest) == 0)
    return;
  printer.text = text;
  printer.compact = TRUE;
  print_object (&printer, rest, print_any);
}

void
facenet_gallery_print_root (const FacenetGallery * self, GString * text)
{
  static const gchar *const without[] = { "identities", NULL };

  print_rest (json_node_get_object (self->document), without, text);
}

void
facenet_gallery_print_person_rest (const FacenetPerson * person, GString * text)
{
  static const gchar *const without[] = { "id", "name", "embeddings", NULL };

  if (person->object != NULL)
    print_rest (person->object, without, text);
}

void
facenet_gallery_print_note_rest (const FacenetNote * note, GString * text)
{
  static const gchar *const without[] = { "vector", "source", "quality",
    "created", NULL
  };

  if (note->object != NULL)
    print_rest (note->object, without, text);
}
