/* gallery-schema.c - the schema knows what the loader knows
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * docs/gallery.schema.json is for other programs; every member of the
 * loader's tables is in it, with the same type, bounds and duty, and no other.
 */
#include <math.h>

#include "gallery/facenet-gallery-check-private.h"

static JsonObject *
load_schema (JsonParser * parser)
{
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, GALLERY_SCHEMA, &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (parser));
}

static gboolean
is_required (JsonObject * object, const gchar * name)
{
  JsonArray *names;
  guint i;

  if (!json_object_has_member (object, "required"))
    return FALSE;
  names = json_object_get_array_member (object, "required");
  for (i = 0; i < json_array_get_length (names); i++) {
    if (g_str_equal (json_array_get_string_element (names, i), name))
      return TRUE;
  }
  return FALSE;
}

/* Whether a schema of one member says the same as the loader. References and
 * constants are of the right type by their nature. */
static void
check_member (JsonObject * schema, const FacenetMember * member)
{
  static const gchar *const types[] = { "string", "number", "integer",
    "array", "object"
  };

  if (json_object_has_member (schema, "type"))
    g_assert_cmpstr (json_object_get_string_member (schema, "type"), ==,
        types[member->kind]);
  else
    g_assert_true (json_object_has_member (schema, "$ref")
        || json_object_has_member (schema, "const"));
  if (member->max > 0) {
    g_assert_cmpfloat (json_object_get_double_member (schema,
            member->kind == FACENET_KIND_STRING ? "maxLength" : "maximum"), ==,
        member->max);
    if (member->kind != FACENET_KIND_STRING || member->min > 0)
      g_assert_cmpfloat (json_object_get_double_member (schema,
              member->kind == FACENET_KIND_STRING ? "minLength" : "minimum"),
          ==, member->min);
  }
}

static void
check_part (JsonObject * schema, FacenetPart part)
{
  /* "decoy" is read by facenet-rule.c, with its own check. */
  guint others = part == FACENET_PART_IDENTITY ? 1 : 0;
  JsonObject *properties = json_object_get_object_member (schema, "properties");
  const FacenetMember *members;
  guint n, i;

  members = facenet_gallery_get_members (part, &n);
  g_assert_cmpuint (json_object_get_size (properties), ==, n + others);
  for (i = 0; i < n; i++) {
    g_test_message ("%s", members[i].name);
    g_assert_true (json_object_has_member (properties, members[i].name));
    g_assert_cmpint (is_required (schema, members[i].name), ==,
        members[i].required);
    check_member (json_object_get_object_member (properties, members[i].name),
        &members[i]);
  }
}

static void
test_members (void)
{
  static const gchar *const names[] = { NULL, "model", "defaults", "identity",
    "embedding"
  };
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *root = load_schema (parser);
  guint i;

  check_part (root, FACENET_PART_ROOT);
  for (i = FACENET_PART_MODEL; i <= FACENET_PART_EMBEDDING; i++) {
    check_part (json_object_get_object_member (json_object_get_object_member
            (root, "$defs"), names[i]), (FacenetPart) i);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gallery-schema/every-member", test_members);
  return g_test_run ();
}
