/* json.c - JSON from strangers: what is read, what is refused
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * One test for each line of two tables: y_ texts are read and come out of
 * json-glib's generator as said, n_ texts are refused with that code.
 */
#include "base/facenet-json-private.h"

#include <string.h>

typedef struct
{
  const gchar *name;
  const gchar *text;
  const gchar *wanted;          /* what json-glib makes of the nodes */
} Accepted;

typedef struct
{
  const gchar *name;
  const gchar *text;
  FacenetError code;
} Refused;

#define BAD FACENET_ERROR_FORMAT
#define CUT FACENET_ERROR_TRUNCATED

/* *INDENT-OFF* */
static const Accepted accepted[] = {
  { "y_null", "null", "null" },
  { "y_true", "true", "true" },
  { "y_false", " false\t\r\n", "false" },
  { "y_string_empty", "\"\"", "\"\"" },
  { "y_array_empty", "[ ]", "[]" },
  { "y_object_empty", "{ }", "{}" },
  { "y_nested", "{\"a\": [1, {\"b\": null}], \"c\": [[]]}",
    "{\"a\":[1,{\"b\":null}],\"c\":[[]]}" },
  { "y_key_empty", "{\"\":1}", "{\"\":1}" },
  { "y_keys_in_order", "{\"b\":1,\"a\":2}", "{\"b\":1,\"a\":2}" },
  { "y_keys_of_other_case", "{\"a\":1,\"A\":2}", "{\"a\":1,\"A\":2}" },
  { "y_same_key_in_two_objects", "[{\"a\":1},{\"a\":{\"a\":2}}]",
    "[{\"a\":1},{\"a\":{\"a\":2}}]" },
  { "y_number_zero", "0", "0" },
  { "y_number_minus_zero", "-0", "0" },
  { "y_number_negative", "-17", "-17" },
  { "y_number_fraction", "0.5", "0.5" },
  { "y_number_exponent", "2e3", "2000.0" },
  { "y_number_zero_exponent", "0e5", "0.0" },
  { "y_number_exponent_signs", "[25E-2,1e+2]", "[0.25,100.0]" },
  { "y_number_underflow_is_zero", "1e-999", "0.0" },
  { "y_integer_2_53", "9007199254740992", "9007199254740992" },
  { "y_integer_minus_2_53", "-9007199254740992", "-9007199254740992" },
  { "y_string_escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    "\"\\\"\\\\/\\b\\f\\n\\r\\t\"" },
  { "y_string_unicode_escape", "\"\\u00e9\\u20AC\"",
    "\"\xc3\xa9\xe2\x82\xac\"" },
  { "y_string_surrogate_pair", "\"\\ud83d\\uDE00\"", "\"\xf0\x9f\x98\x80\"" },
  { "y_string_utf8", "\"\xf0\x9f\x98\x80\"", "\"\xf0\x9f\x98\x80\"" },
};

static const Refused refused[] = {
  { "n_nothing", "", CUT },
  { "n_spaces", " \n ", CUT },
  { "n_byte_order_mark", "\xef\xbb\xbf{}", BAD },
  { "n_two_values", "1 2", BAD },
  { "n_trailing_garbage", "{}x", BAD },
  { "n_trailing_bracket", "[]]", BAD },
  { "n_comment", "/* a */ 1", BAD },
  { "n_comment_line", "[1] // a", BAD },
  { "n_word_case", "True", BAD },
  { "n_word_long", "truer", BAD },
  { "n_word_wrong", "nul1", BAD },
  { "n_word_nan", "NaN", BAD },
  { "n_word_infinity", "Infinity", BAD },
  { "n_word_minus_infinity", "-Infinity", BAD },
  { "n_array_comma_last", "[1,]", BAD },
  { "n_array_comma_first", "[,1]", BAD },
  { "n_array_no_comma", "[1 2]", BAD },
  { "n_array_closed_as_object", "[1}", BAD },
  { "n_object_comma_last", "{\"a\":1,}", BAD },
  { "n_object_no_colon", "{\"a\" 1}", BAD },
  { "n_object_no_value", "{\"a\":}", BAD },
  { "n_object_bare_key", "{a:1}", BAD },
  { "n_object_number_key", "{1:1}", BAD },
  { "n_object_closed_as_array", "{\"a\":1]", BAD },
  { "n_key_twice", "{\"a\":1,\"b\":2,\"a\":1}", BAD },
  { "n_key_twice_escaped", "{\"a\":1,\"\\u0061\":2}", BAD },
  { "n_key_twice_nested", "[{\"x\":{\"k\":1,\"k\":2}}]", BAD },
  { "n_number_hex", "0x10", BAD },
  { "n_number_octal", "010", BAD },
  { "n_number_minus_leading_zero", "-01", BAD },
  { "n_number_plus", "+1", BAD },
  { "n_number_bare_point", ".5", BAD },
  { "n_number_point_last", "[1.]", BAD },
  { "n_number_point_exponent", "1.e5", BAD },
  { "n_number_exponent_empty", "[1e]", BAD },
  { "n_number_exponent_sign_only", "[1e+]", BAD },
  { "n_number_two_signs", "--1", BAD },
  { "n_number_minus_only", "[-]", BAD },
  { "n_number_comma", "[1,5e-]", BAD },
  { "n_number_infinite", "1e999", BAD },
  { "n_number_minus_infinite", "-1e999", BAD },
  { "n_integer_2_53_plus_1", "9007199254740993", BAD },
  { "n_integer_minus_2_53_minus_1", "-9007199254740993", BAD },
  { "n_integer_2_64", "18446744073709551616", BAD },
  { "n_string_single_quotes", "'a'", BAD },
  { "n_string_newline", "\"a\nb\"", BAD },
  { "n_string_tab", "\"\t\"", BAD },
  { "n_string_escape_unknown", "\"\\x41\"", BAD },
  { "n_string_escape_short", "\"\\u12\"", BAD },
  { "n_string_escape_not_hex", "\"\\u12g4\"", BAD },
  { "n_string_nul_escape", "\"a\\u0000b\"", BAD },
  { "n_string_lone_high", "\"\\ud800\"", BAD },
  { "n_string_lone_low", "\"\\udc00\"", BAD },
  { "n_string_high_then_high", "\"\\ud800\\ud800\"", BAD },
  { "n_string_high_then_letter", "\"\\ud800\\u0041\"", BAD },
  { "n_string_high_then_text", "\"\\ud800abcdef\"", BAD },
  { "n_utf8_stray_byte", "\"\xff\"", BAD },
  { "n_utf8_overlong", "\"\xc0\xaf\"", BAD },
  { "n_utf8_surrogate", "\"\xed\xa0\x80\"", BAD },
  { "n_utf8_beyond_unicode", "\"\xf5\x80\x80\x80\"", BAD },
  { "n_utf8_cut_inside", "\"\xe2\x82\"", BAD },
  { "n_utf8_cut_at_end", "\"\xe2\x82", CUT },
  { "n_cut_minus", "-", CUT },
  { "n_cut_fraction", "1.", CUT },
  { "n_cut_exponent", "1e", CUT },
};
/* *INDENT-ON* */

static JsonNode *
parse (const gchar * text, GError ** error)
{
  /* A copy without a NUL: sanitizers see a read that goes too far. */
  gsize length = strlen (text);
  g_autofree gchar *copy = g_memdup2 (text, length);

  return facenet_json_parse (copy, length, "a.json", error);
}

static void
test_accepted (gconstpointer data)
{
  const Accepted *row = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = parse (row->text, &error);
  g_autofree gchar *text = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (root);
  text = json_to_string (root, FALSE);
  g_assert_cmpstr (text, ==, row->wanted);
}

static void
test_refused (gconstpointer data)
{
  const Refused *row = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = parse (row->text, &error);

  g_assert_null (root);
  g_assert_error (error, FACENET_ERROR, (gint) row->code);
  g_assert_true (g_str_has_prefix (error->message, "a.json: line "));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
test_errors_say_where (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root =
      parse ("{\n  \"\xc3\xa9\xc3\xa9\": 0x10\n}", &error);

  g_assert_null (root);
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
  g_assert_cmpstr (error->message, ==,
      "a.json: line 2, column 10: found x, expected a comma or a closing brace");
}

static gchar *
nest (guint depth, const gchar * open, const gchar * close)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < depth; i++) {
    g_string_append (text, open);
  }
  g_string_append (text, "1");
  for (guint i = 0; i < depth; i++) {
    g_string_append (text, close);
  }
  return g_string_free (text, FALSE);
}

static void
test_depth_is_limited (void)
{
  const gchar *pairs[][2] = { {"[", "]"}, {"{\"a\":", "}"} };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree gchar *good = nest (64, pairs[i][0], pairs[i][1]);
    g_autofree gchar *bad = nest (65, pairs[i][0], pairs[i][1]);
    g_autofree gchar *awful = nest (100000, pairs[i][0], pairs[i][1]);
    g_autoptr (JsonNode) root = parse (good, &error);

    g_assert_no_error (error);
    g_assert_nonnull (root);
    g_assert_null (parse (bad, &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
    g_clear_error (&error);
    g_assert_null (parse (awful, &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
  }
}

static void
test_siblings_do_not_add_depth (void)
{
  g_autoptr (GString) text = g_string_new ("[[]");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = NULL;

  for (guint i = 0; i < 200; i++) {
    g_string_append (text, ",{\"a\":[]}");
  }
  g_string_append_c (text, ']');
  root = parse (text->str, &error);
  g_assert_no_error (error);
  g_assert_nonnull (root);
}

static gchar *
object_of (guint n_keys)
{
  GString *text = g_string_new ("{\"0\":0");

  for (guint i = 1; i < n_keys; i++) {
    g_string_append_printf (text, ",\"%u\":0", i);
  }
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

static void
test_keys_are_limited (void)
{
  g_autofree gchar *good = object_of (FACENET_JSON_MAX_KEYS);
  g_autofree gchar *bad = object_of (FACENET_JSON_MAX_KEYS + 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = parse (good, &error);

  g_assert_no_error (error);
  g_assert_nonnull (root);
  g_assert_null (parse (bad, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
}

static void
test_long_numbers_are_refused (void)
{
  g_autofree gchar *digits = g_strnfill (FACENET_JSON_MAX_NUMBER - 2, '3');
  g_autofree gchar *good = g_strconcat ("0.", digits, NULL);
  g_autofree gchar *bad = g_strconcat ("0.3", digits, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = parse (good, &error);

  g_assert_no_error (error);
  g_assert_cmpfloat (json_node_get_double (root), ==, 1.0 / 3.0);
  g_assert_null (parse (bad, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
}

static void
test_every_truncation_is_told (void)
{
  const gchar *text = "{\"a\\n\\ud83d\\ude00\":[1,-2.5e+3,true,false,null],"
      "\"\xc3\xa9\":{\"x\":\"y\"}}";

  for (gsize n = 0; n < strlen (text); n++) {
    g_autofree gchar *cut = g_strndup (text, n);
    g_autoptr (GError) error = NULL;

    g_assert_null (parse (cut, &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_TRUNCATED);
  }
}

static void
test_nul_byte_is_refused (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (facenet_json_parse ("[1]\0", 4, "a.json", &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
  g_clear_error (&error);
  g_assert_null (facenet_json_parse ("\"\\\0\"", 4, "a.json", &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
}

static void
test_numbers_have_their_type (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = parse ("[1, 1.0, 0.1]", &error);
  JsonArray *array;

  g_assert_no_error (error);
  array = json_node_get_array (root);
  g_assert_true (json_node_get_value_type (json_array_get_element (array, 0))
      == G_TYPE_INT64);
  g_assert_true (json_node_get_value_type (json_array_get_element (array, 1))
      == G_TYPE_DOUBLE);
  g_assert_cmpfloat (json_array_get_double_element (array, 2), ==, 0.1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (accepted); i++) {
    g_autofree gchar *path = g_strconcat ("/json/", accepted[i].name, NULL);

    g_test_add_data_func (path, &accepted[i], test_accepted);
  }
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autofree gchar *path = g_strconcat ("/json/", refused[i].name, NULL);

    g_test_add_data_func (path, &refused[i], test_refused);
  }
  g_test_add_func ("/json/errors-say-where", test_errors_say_where);
  g_test_add_func ("/json/depth-is-limited", test_depth_is_limited);
  g_test_add_func ("/json/siblings-do-not-add-depth",
      test_siblings_do_not_add_depth);
  g_test_add_func ("/json/keys-are-limited", test_keys_are_limited);
  g_test_add_func ("/json/long-numbers-are-refused",
      test_long_numbers_are_refused);
  g_test_add_func ("/json/every-truncation-is-told",
      test_every_truncation_is_told);
  g_test_add_func ("/json/nul-byte-is-refused", test_nul_byte_is_refused);
  g_test_add_func ("/json/numbers-have-their-type",
      test_numbers_have_their_type);
  return g_test_run ();
}
