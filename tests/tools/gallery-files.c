/* gallery-files.c - convert, lint and bench on galleries
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "fixture.h"

#include <facenet/facenet.h>
#include <string.h>

/* Ann and Bob share a picture, Bob's other is far from it and too long; both
 * are called the same, and of Eve there is none. */
static const gchar text[] =
    "{\"format\":\"facenet-gallery\",\"version\":1,\"acme\":[1],"
    "\"model\":{\"id\":\"m\",\"dims\":2},\"identities\":["
    "{\"id\":\"ann\",\"name\":\"A\",\"tags\":[\"x\"],"
    "\"embeddings\":[{\"vector\":[1,0],\"source\":\"1.jpg\"}]},"
    "{\"id\":\"bob\",\"name\":\"a\",\"embeddings\":[{\"vector\":[1,0]},"
    "{\"vector\":[-2,0]}]},{\"id\":\"eve\"}]}";

static void
test_convert_there_and_back (void)
{
  g_autoptr (ToolRun) there = NULL;
  g_autoptr (ToolRun) again = NULL;
  g_autoptr (ToolRun) back = NULL;
  g_autoptr (JsonObject) said = NULL;
  g_autofree gchar *binary = tool_path ("two");
  g_autofree gchar *first = NULL, *second = NULL;
  g_autoptr (FacenetGallery) gallery = NULL;
  gsize size;

  tool_write ("one", text, strlen (text));
  there = tool_run ("convert --json @/one @/two");
  tool_run_expect (there, 0);
  said = tool_run_get_json (there, 0);
  g_assert_cmpstr (json_object_get_string_member (said, "format"), ==,
      "binary");
  g_assert_cmpint (json_object_get_int_member (said, "embeddings"), ==, 3);
  gallery = facenet_gallery_load (binary, NULL);
  g_assert_cmpint (facenet_gallery_get_format (gallery), ==,
      FACENET_GALLERY_BINARY);
  back = tool_run ("convert @/two @/three");
  tool_run_expect (back, 0);
  /* Written by us once, it is the same from then on. */
  tool_run_free (tool_run ("convert @/three @/four"));
  again = tool_run ("convert @/four @/five");
  tool_run_expect (again, 0);
  first = tool_read ("three", &size);
  second = tool_read ("five", &size);
  g_assert_cmpstr (first, ==, second);
  g_assert_nonnull (strstr (first, "\"acme\": [1]"));
  g_assert_nonnull (strstr (first, "\"tags\": [\"x\"]"));
}

static void
test_convert_to_halves (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autofree gchar *path = tool_path ("half");
  g_autoptr (FacenetGallery) gallery = NULL;

  tool_write ("one", text, strlen (text));
  run = tool_run ("convert --dtype f16 @/one @/half");
  tool_run_expect (run, 0);
  tool_run_expect_error (run, "rounded");
  gallery = facenet_gallery_load (path, NULL);
  g_assert_cmpint (facenet_gallery_get_format (gallery), ==,
      FACENET_GALLERY_BINARY_F16);
}

static void
test_convert_refuses_a_broken_gallery (void)
{
  g_autoptr (ToolRun) run = NULL;

  tool_write ("cut", text, strlen (text) - 9);
  run = tool_run ("convert @/cut @/out");
  tool_run_expect (run, 2);
  tool_run_expect_error (run, "@/cut: ");
}

static void
test_lint_finds (void)
{
  static const gchar *const kinds[] = { "near-duplicate", "outlier", "norm",
    "duplicate-name", "no-embeddings"
  };
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (JsonObject) object = NULL;
  JsonArray *findings;

  tool_write ("one", text, strlen (text));
  run = tool_run ("lint --json @/one");
  tool_run_expect (run, 1);
  object = tool_run_get_json (run, 0);
  findings = json_object_get_array_member (object, "findings");
  g_assert_cmpuint (json_array_get_length (findings), ==, G_N_ELEMENTS (kinds));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_assert_cmpstr (json_object_get_string_member
        (json_array_get_object_element (findings, i), "kind"), ==, kinds[i]);
}

static void
test_lint_finds_nothing (void)
{
  static const gchar clean[] =
      "{\"format\":\"facenet-gallery\",\"version\":1,"
      "\"model\":{\"id\":\"m\",\"dims\":2},\"identities\":["
      "{\"id\":\"ann\",\"embeddings\":[{\"vector\":[1,0]}]}]}";
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (ToolRun) missing = NULL, wrong = NULL;

  tool_write ("clean", clean, strlen (clean));
  run = tool_run ("lint @/clean");
  tool_run_expect (run, 0);
  missing = tool_run ("lint @/not-there");
  tool_run_expect (missing, 2);
  wrong = tool_run ("lint --near abc @/clean");
  tool_run_expect (wrong, 2);
  tool_run_expect_error (wrong, "facenet: --near: expected a number");
}

static void
test_bench_gallery (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (ToolRun) none = NULL;
  g_autoptr (JsonObject) object = NULL;

  run = tool_run ("bench --gallery 500 --seconds 0.01 --threads 1 --json");
  tool_run_expect (run, 0);
  object = tool_run_get_json (run, 0);
  g_assert_cmpint (json_object_get_int_member (object, "gallery"), ==, 500);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member
          (object, "searches")), ==, 2);
  none = tool_run ("bench --gallery -3");
  tool_run_expect (none, 2);
}

static void
test_bench_network (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (ToolRun) wrong = NULL;

  run = tool_run ("bench --batch 1,3 --threads 1,2 --seconds 0 --json");
  tool_run_expect (run, 0);
  g_assert_cmpuint (tool_run_count_lines (run), ==, 4);
  for (guint i = 0; i < 4; i++) {
    g_autoptr (JsonObject) object = tool_run_get_json (run, i);

    g_assert_cmpint (json_object_get_int_member (object, "batch"), ==,
        i < 2 ? 1 : 3);
    g_assert_cmpint (json_object_get_int_member (object, "threads"), ==,
        i % 2 + 1);
    g_assert_cmpfloat (json_object_get_double_member (object, "ms_min"), >, 0);
  }
  wrong = tool_run ("bench --batch 1,none");
  tool_run_expect (wrong, 2);
  tool_run_expect_error (wrong, "none");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tool/convert/gallery-there-and-back",
      test_convert_there_and_back);
  g_test_add_func ("/tool/convert/gallery-to-halves", test_convert_to_halves);
  g_test_add_func ("/tool/convert/broken-gallery",
      test_convert_refuses_a_broken_gallery);
  g_test_add_func ("/tool/lint/findings", test_lint_finds);
  g_test_add_func ("/tool/lint/clean-and-missing", test_lint_finds_nothing);
  g_test_add_func ("/tool/bench/gallery", test_bench_gallery);
  g_test_add_func ("/tool/bench/network", test_bench_network);
  return tool_test_main ();
}
