/* parts.c - pieces of the facenet command by themselves
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tools/media/jpeg.h"
#include "tools/common/json.h"
#include "tools/common/person.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

/* A JPEG file without a picture: EXIF with orientation 6, a scan of nothing,
 * the end marker. */
static const guint8 jpeg_file[] = {
  0xff, 0xd8, 0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0,
  'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0,
  0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0,
  0xff, 0xda, 0, 2, 0x11, 0xff, 0x00, 0x22, 0xff, 0xd9
};

static void
inspect (const guint8 * data, gsize size, ToolJpeg * jpeg)
{
  /* In memory of its own, so that a sanitizer sees a read beyond its end. */
  g_autofree guint8 *copy = g_memdup2 (data, size);

  tool_jpeg_inspect (copy, size, jpeg);
}

static void
test_orientation_in_both_byte_orders (void)
{
  guint8 big[sizeof jpeg_file];
  static const guint8 header[] = { 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1,
    0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0
  };
  ToolJpeg jpeg;

  inspect (jpeg_file, sizeof jpeg_file, &jpeg);
  g_assert_true (jpeg.is_jpeg);
  g_assert_true (jpeg.complete);
  g_assert_cmpuint (jpeg.orientation, ==, 6);

  memcpy (big, jpeg_file, sizeof big);
  memcpy (big + 12, header, sizeof header);
  inspect (big, sizeof big, &jpeg);
  g_assert_cmpuint (jpeg.orientation, ==, 6);
  big[12 + 19] = 9;
  inspect (big, sizeof big, &jpeg);
  g_assert_cmpuint (jpeg.orientation, ==, 1);
}

static void
test_a_jpeg_cut_anywhere_is_incomplete (void)
{
  ToolJpeg jpeg;

  for (gsize size = 0; size < sizeof jpeg_file; size++) {
    inspect (jpeg_file, size, &jpeg);
    g_assert_false (jpeg.complete);
    g_assert_cmpint (jpeg.is_jpeg, ==, size >= 3);
  }
}

static void
test_a_jpeg_of_any_bytes_is_survived (void)
{
  guint8 data[sizeof jpeg_file];
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  ToolJpeg jpeg;

  for (guint round = 0; round < 20000; round++) {
    memcpy (data, jpeg_file, sizeof data);
    for (guint i = 0; i < 3; i++)
      data[g_rand_int_range (rand, 3, sizeof data)] =
          (guint8) g_rand_int (rand);
    inspect (data, sizeof data, &jpeg);
    g_assert_true (jpeg.orientation >= 1 && jpeg.orientation <= 8);
  }
}

static void
test_json_is_read_back (void)
{
  static const gdouble numbers[] = { 0, 0.7, -1.5, 1e-30, 0.1 + 0.2, 12345678 };
  static const gchar text[] = "a \"quoted\\\n\t\x01 \xc3\xa9";
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *object;
  JsonArray *array;

  tool_json_open_object (json, NULL);
  tool_json_add_string (json, text, text);
  tool_json_add_string (json, "bytes", "\xff");
  tool_json_add_string (json, "none", NULL);
  tool_json_add_double (json, "nan", (gdouble) NAN);
  tool_json_add_float (json, "third", 1.0f / 3.0f);
  tool_json_add_uint (json, "count", 3743280);
  tool_json_add_boolean (json, "yes", TRUE);
  tool_json_open_array (json, "numbers");
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    tool_json_add_double (json, NULL, numbers[i]);
  tool_json_close_array (json);
  tool_json_open_object (json, "empty");
  tool_json_close_object (json);
  tool_json_close_object (json);

  g_assert_null (strchr (json->str, '\n'));
  g_assert_nonnull (strstr (json->str, "[0,0.7,-1.5,1e-30,"));
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

gint
main (gint argc, gchar ** argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tool/jpeg/orientation-in-both-byte-orders",
      test_orientation_in_both_byte_orders);
  g_test_add_func ("/tool/jpeg/cut-anywhere-is-incomplete",
      test_a_jpeg_cut_anywhere_is_incomplete);
  g_test_add_func ("/tool/jpeg/of-any-bytes-is-survived",
      test_a_jpeg_of_any_bytes_is_survived);
  g_test_add_func ("/tool/json/is-read-back", test_json_is_read_back);
  return g_test_run ();
}
