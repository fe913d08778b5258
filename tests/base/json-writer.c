/* json-writer.c - what is written is read back, in few characters
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "base/facenet-json-writer.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

static void
test_json_is_read_back (void)
{
  static const gdouble numbers[] = {
    0, 0.7, -1.5, 1e-30, 0.1 + 0.2, 12345678, 0.1234567890123
  };
  static const gchar text[] = "a \"quoted\\\n\t\x01 \xc3\xa9";
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *object;
  JsonArray *array;

  facenet_json_open_object (json, NULL);
  facenet_json_add_string (json, text, text);
  facenet_json_add_string (json, "bytes", "\xff");
  facenet_json_add_string (json, "none", NULL);
  facenet_json_add_double (json, "nan", (gdouble) NAN);
  facenet_json_add_float (json, "third", 1.0f / 3.0f);
  facenet_json_add_uint (json, "count", 3743280);
  facenet_json_add_boolean (json, "yes", TRUE);
  facenet_json_open_array (json, "numbers");
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    facenet_json_add_double (json, NULL, numbers[i]);
  facenet_json_close_array (json);
  facenet_json_open_object (json, "empty");
  facenet_json_close_object (json);
  facenet_json_close_object (json);

  g_assert_null (strchr (json->str, '\n'));
  g_assert_nonnull (strstr (json->str, "[0,0.7,-1.5,1e-30,"
          "0.30000000000000004,12345678,0.1234567890123]"));
  g_assert_nonnull (strstr (json->str, "\"third\":0.33333334,"));
  node = json_from_string (json->str, &error);
  g_assert_no_error (error);
  object = json_node_get_object (node);
  g_assert_cmpstr (json_object_get_string_member (object, text), ==, text);
  g_assert_cmpstr (json_object_get_string_member (object, "bytes"), ==,
      "\xef\xbf\xbd");
  g_assert_true (json_object_get_null_member (object, "none"));
  g_assert_true (json_object_get_null_member (object, "nan"));
  g_assert_cmpfloat ((gfloat) json_object_get_double_member (object, "third"),
      ==, 1.0f / 3.0f);
  g_assert_cmpint (json_object_get_int_member (object, "count"), ==, 3743280);
  g_assert_true (json_object_get_boolean_member (object, "yes"));
  array = json_object_get_array_member (object, "numbers");
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_assert_cmpfloat (json_array_get_double_element (array, i), ==,
        numbers[i]);
}

static void
test_strings_are_escaped (void)
{
  g_autoptr (GString) json = g_string_new ("x");

  facenet_json_append_string (json, "\"\\\n\t\r\x1f\x7f/\xe2\x82\xac\xc3");
  g_assert_cmpstr (json->str, ==,
      "x\"\\\"\\\\\\n\\t\\u000d\\u001f\x7f/\xe2\x82\xac\xef\xbf\xbd\"");
}

static void
test_a_terminal_sees_no_controls (void)
{
  g_autoptr (GString) json = g_string_new (NULL);

  facenet_json_open_object (json, "\x7f");
  facenet_json_add_string (json, "k", "\xc2\x9b\xc2\xa0\xc2\x80");
  g_assert_cmpstr (json->str, ==,
      "\"\\u007f\":{\"k\":\"\\u009b\xc2\xa0\\u0080\"");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-writer/is-read-back", test_json_is_read_back);
  g_test_add_func ("/json-writer/strings-are-escaped",
      test_strings_are_escaped);
  g_test_add_func ("/json-writer/a-terminal-sees-no-controls",
      test_a_terminal_sees_no_controls);
  return g_test_run ();
}
