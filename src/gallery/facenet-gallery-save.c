/* facenet-gallery-save.c - a gallery into its file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Writes the document as JSON that is kind to diff: two spaces a level, one
 * member a line, but an array without objects or arrays in it, such as a
 * vector, on one line. Floats have nine significant digits, doubles as many
 * as they need, so that both are read back as they were. Members keep their
 * order, and no locale has a say.
 */
#include <facenet/facenet-gallery.h>

#include <string.h>

#include "base/facenet-file-private.h"
#include "gallery/facenet-gallery-private.h"

typedef struct _FacenetPrinter FacenetPrinter;

/* Prints the value of one member of an object. */
typedef void (*FacenetPrintMember) (FacenetPrinter * self,
    const gchar * name, JsonNode * node);

/* Rows are met in the order of the document, so counting is enough to know
 * which vector is next. */
struct _FacenetPrinter
{
  GString *text;
  guint depth;
  const FacenetGallery *gallery;
  guint next_row;
};

static void
print_line (FacenetPrinter * self)
{
  guint i;

  g_string_append_c (self->text, '\n');
  for (i = 0; i < self->depth; i++) {
    g_string_append (self->text, "  ");
  }
}

static void
print_string (FacenetPrinter * self, const gchar * string)
{
  const gchar *p;

  g_string_append_c (self->text, '"');
  for (p = string; *p != '\0'; p++) {
    if (*p == '"' || *p == '\\') {
      g_string_append_c (self->text, '\\');
      g_string_append_c (self->text, *p);
    } else if (*p == '\n') {
      g_string_append (self->text, "\\n");
    } else if (*p == '\t') {
      g_string_append (self->text, "\\t");
    } else if ((guchar) * p < 0x20) {
      g_string_append_printf (self->text, "\\u%04x", (guint) * p);
    } else {
      g_string_append_c (self->text, *p);
    }
  }
  g_string_append_c (self->text, '"');
}

/* The shortest of 15, 16 or 17 digits that is read back as the same double,
 * and is not taken for an integer. */
static void
print_double (FacenetPrinter * self, gdouble value)
{
  static const gchar *formats[] = { "%.15g", "%.16g", "%.17g" };
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];
  guint i;

  for (i = 0; i < G_N_ELEMENTS (formats); i++) {
    gdouble back;

    g_ascii_formatd (text, sizeof text, formats[i], value);
    back = g_ascii_strtod (text, NULL);
    if (!(back < value) && !(back > value))
      break;
  }
  g_string_append (self->text, text);
  if (strpbrk (text, ".e") == NULL)
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
    print_string (self, json_node_get_string (node));
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
    print_string (self, name);
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
    print_vector (self, facenet_gallery_row (gallery, self->next_row++),
        gallery->model.n_dims);
  else
    print_any (self, name, node);
}

static void
print_identity_member (FacenetPrinter * self, const gchar * name,
    JsonNode * node)
{
  if (g_strcmp0 (name, "embeddings") == 0)
    print_array (self, json_node_get_array (node), print_embedding_member);
  else
    print_any (self, name, node);
}

static void
print_root_member (FacenetPrinter * self, const gchar * name, JsonNode * node)
{
  if (g_strcmp0 (name, "identities") == 0)
    print_array (self, json_node_get_array (node), print_identity_member);
  else
    print_any (self, name, node);
}

GString *
facenet_gallery_print (const FacenetGallery * self)
{
  FacenetPrinter printer = { g_string_new (NULL), 0, self, 0 };

  print_object (&printer, json_node_get_object (self->document),
      print_root_member);
  g_string_append_c (printer.text, '\n');
  return printer.text;
}

/**
 * facenet_gallery_save:
 * @self: a gallery that is bound to a model
 * @location: (type filename): where to, replaced if it is there
 * @error: return location for a #GError
 *
 * Writes a gallery to a file, as a whole or not at all: on failure a file that
 * was there is as it was. Members of the file it was loaded from that this
 * library does not know are written too, in their old order.
 *
 * Returns: %TRUE, or %FALSE with %FACENET_ERROR_OPEN (it cannot be written),
 *   %FACENET_ERROR_MISSING (the gallery is bound to no model) or
 *   %FACENET_ERROR_LIMIT (more than 256 MiB, which could not be loaded again)
 *
 * Since: 0.1
 */
gboolean
facenet_gallery_save (FacenetGallery * self, const gchar * location,
    GError ** error)
{
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (location != NULL, FALSE);

  if (self->model.id == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "%s: the gallery is bound to no model, there is nothing to write",
        location);
    return FALSE;
  }
  text = facenet_gallery_print (self);
  if (text->len > FACENET_GALLERY_MAX_BYTES) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: the gallery takes %" G_GSIZE_FORMAT
        " bytes, at most %" G_GSIZE_FORMAT " are accepted", location,
        text->len, FACENET_GALLERY_MAX_BYTES);
    return FALSE;
  }
  return facenet_file_write (location, text->str, text->len, error);
}
