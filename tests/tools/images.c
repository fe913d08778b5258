/* images.c - what images the facenet command reads, and how
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "fixture.h"

#include <facenet/facenet.h>
#include <glib/gstdio.h>
#include <string.h>

/* Squared L2 between a picture and the same picture behind JPEG: measured
 * 0.0006 to 0.0013, and 0.022 or more when it is turned another way. */
#define SAME 0.005

static gdouble
distance (JsonObject * a, JsonObject * b)
{
  gfloat left[128], right[128];

  tool_json_get_embedding (a, 0, left);
  tool_json_get_embedding (b, 0, right);
  return facenet_squared_l2 (left, right, 128);
}

static void
test_a_cropped_image_is_one_face (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autofree gchar *path = tool_path ("one.png");
  JsonObject *face, *box;
  gfloat embedding[128], zero[128] = { 0 };

  tool_write_picture ("one.png", 1, 1);
  run = tool_run ("embed --cropped --json --threads 1 @/one.png");
  tool_run_expect (run, 0);
  g_assert_cmpuint (tool_run_count_lines (run), ==, 1);
  object = tool_run_get_json (run, 0);
  g_assert_cmpstr (json_object_get_string_member (object, "image"), ==, path);
  face = json_array_get_object_element (json_object_get_array_member (object,
          "faces"), 0);
  g_assert_cmpfloat (json_object_get_double_member (face, "quality"), >, 0);
  g_assert_cmpfloat (json_object_get_double_member (face, "quality"), <, 1);
  box = json_object_get_object_member (face, "box");
  g_assert_cmpint (json_object_get_int_member (box, "x"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (box, "y"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (box, "width"), ==, 128);
  g_assert_cmpint (json_object_get_int_member (box, "height"), ==, 96);
  tool_json_get_embedding (object, 0, embedding);
  g_assert_cmpfloat_with_epsilon (facenet_squared_l2 (embedding, zero, 128),
      1.0, 1e-5);
}

/* A gallery must not be made with crops that the model does not know. */
static void
test_a_foreign_model_is_refused (void)
{
  g_autofree gchar *location = facenet_model_find_default (NULL);
  g_autofree gchar *data = NULL;
  g_autoptr (ToolRun) run = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (location, &data, &size, NULL));
  memcpy (g_strstr_len (data + 8, 65536, "rgb-96-unit"), "bgr", 3);
  tool_write ("bgr.safetensors", data, size);
  tool_write_picture ("one.png", 1, 1);
  run = tool_run ("enrol --cropped --model @/bgr.safetensors --gallery "
      "@/bgr.json --name One @/one.png");
  tool_run_expect_error (run, "bgr.safetensors/preprocess: expected "
      "\"rgb-96-unit\", got \"bgr-96-unit\"");
}

static void
test_text_says_the_same_as_json (void)
{
  g_autoptr (ToolRun) run = NULL;

  tool_write_picture ("one.png", 1, 1);
  run = tool_run ("embed --cropped @/one.png");
  tool_run_expect (run, 0);
  g_assert_nonnull (strstr (run->out, "one.png: face 1 of 1, 128x96 at 0,0"));
  g_assert_cmpuint (tool_run_count_lines (run), ==, 1 + 128 / 8);
}

static void
test_pictures_are_turned_as_exif_says (void)
{
  g_autoptr (GString) names = g_string_new ("embed --cropped --json "
      "@/upright.png @/other.png");
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (JsonObject) upright = NULL;
  g_autoptr (JsonObject) other = NULL;

  tool_write_picture ("upright.png", 1, 1);
  /* PNG is read as it is stored: this one lies on its side. */
  tool_write_picture ("other.png", 1, 6);
  for (guint i = 1; i <= 8; i++) {
    g_autofree gchar *name = g_strdup_printf ("turned-%u.jpg", i);

    tool_write_picture (name, 1, i);
    g_string_append_printf (names, " @/%s", name);
  }
  run = tool_run ("%s", names->str);
  tool_run_expect (run, 0);
  upright = tool_run_get_json (run, 0);
  other = tool_run_get_json (run, 1);
  g_assert_cmpfloat (distance (upright, other), >, 2 * SAME);
  for (guint i = 1; i <= 8; i++) {
    g_autoptr (JsonObject) turned = tool_run_get_json (run, i + 1);

    g_test_message ("orientation %u: %g", i, distance (upright, turned));
    g_assert_cmpfloat (distance (upright, turned), <, SAME);
  }
}

/* Files that are no images, each broken in another way. */
static void
write_broken_files (void)
{
  static const guint8 webp[] = "RIFF\x64\0\0\0WEBPVP8 \x58\0\0\0"
      "\x30\x01\x00\x9d\x01\x2a\x10\x00\x10\x00";
  g_autofree gchar *jpeg = NULL;
  g_autofree gchar *png = NULL;
  g_autofree gchar *noise = g_malloc (20000);
  gsize jpeg_size, png_size;

  tool_write_picture ("whole.jpg", 2, 1);
  tool_write_picture ("whole.png", 2, 1);
  jpeg = tool_read ("whole.jpg", &jpeg_size);
  png = tool_read ("whole.png", &png_size);
  for (guint i = 0; i < 20000; i++)
    noise[i] = (gchar) ((i * 7919) >> 3);
  tool_write ("broken/cut.jpg", jpeg, jpeg_size * 3 / 4);
  tool_write ("broken/cut-early.jpg", jpeg, 60);
  tool_write ("broken/cut.png", png, png_size / 2);
  tool_write ("broken/empty.jpg", "", 0);
  tool_write ("broken/noise.jpg", noise, 20000);
  tool_write ("broken/text.jpg", "This is a text.\n", 16);
  tool_write ("broken/foreign.webp", webp, sizeof webp);
  tool_write_grey ("broken/wide.jpg", 17000, 8);
}

static void
test_broken_images_are_named_and_the_rest_goes_on (void)
{
  static const struct
  {
    const gchar *name;
    const gchar *said;
  } cases[] = {
    {"broken/cut-early.jpg", "the JPEG data end before"},
    {"broken/cut.jpg", "the JPEG data end before"},
    {"broken/cut.png", "ends before the picture does"},
    {"broken/empty.jpg", "is empty"},
    {"broken/foreign.webp", "no GStreamer plugin for it"},
    {"broken/noise.jpg", "cannot be decoded"},
    {"broken/text.jpg", "cannot be decoded"},
    {"broken/wide.jpg", "17000x8 pixels, at most 16384x16384"},
    {"none.png", "No such file"},
  };
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (JsonObject) last = NULL;
  guint n = G_N_ELEMENTS (cases);

  write_broken_files ();
  run = tool_run ("embed --cropped --json @/broken @/none.png @/whole.jpg");
  tool_run_expect (run, 0);
  g_assert_cmpuint (tool_run_count_lines (run), ==, n + 1);
  for (guint i = 0; i < n; i++) {
    g_autoptr (JsonObject) object = tool_run_get_json (run, i);
    g_autofree gchar *path = tool_path (cases[i].name);
    g_autofree gchar *said = g_strdup_printf ("facenet: %s: ", path);

    g_assert_cmpstr (json_object_get_string_member (object, "image"), ==, path);
    g_assert_nonnull (strstr (json_object_get_string_member (object, "error"),
            cases[i].said));
    tool_run_expect_error (run, said);
  }
  last = tool_run_get_json (run, n);
  g_assert_true (json_object_has_member (last, "faces"));
}

static void
test_nothing_readable_is_an_error (void)
{
  g_autoptr (ToolRun) embed = tool_run ("embed --cropped @/none.png");
  g_autoptr (ToolRun) verify = NULL;

  tool_write_picture ("one.png", 1, 1);
  verify = tool_run ("verify --cropped @/one.png @/none.png");
  tool_run_expect (embed, 2);
  tool_run_expect (verify, 2);
  tool_run_expect_error (verify, "@/none.png: ");
}

static void
test_a_folder_stands_for_its_images (void)
{
  g_autoptr (ToolRun) run = NULL;
  static const gchar *const names[] = { "folder/a.png", "folder/b/c.png" };

  tool_write_picture ("folder/a.png", 1, 1);
  tool_write_picture ("folder/b/c.png", 2, 1);
  tool_write ("folder/.hidden", "x", 1);
  run = tool_run ("embed --cropped --json @/folder");
  tool_run_expect (run, 0);
  g_assert_cmpuint (tool_run_count_lines (run), ==, 2);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (JsonObject) object = tool_run_get_json (run, i);
    g_autofree gchar *path = tool_path (names[i]);

    g_assert_cmpstr (json_object_get_string_member (object, "image"), ==, path);
  }
}

static void
test_a_picture_without_a_face_has_none (void)
{
  static const gchar *const names[] = {
    "tall.png", "small.png", "large.jpg"
  };
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (ToolRun) verify = NULL;

  tool_write_grey ("tall.png", 4, 1500);
  tool_write_grey ("small.png", 4, 1);
  tool_write_grey ("large.jpg", 2600, 1400);
  run = tool_run ("embed --json @/tall.png @/small.png @/large.jpg");
  tool_run_expect (run, 1);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (JsonObject) object = tool_run_get_json (run, i);

    g_assert_cmpuint (json_array_get_length (json_object_get_array_member
            (object, "faces")), ==, 0);
  }
  verify = tool_run ("verify @/tall.png @/small.png");
  tool_run_expect (verify, 2);
  tool_run_expect_error (verify, "@/tall.png: no face found");
}

gint
main (gint argc, gchar ** argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tool/images/a-cropped-image-is-one-face",
      test_a_cropped_image_is_one_face);
  g_test_add_func ("/tool/images/a-foreign-model-is-refused",
      test_a_foreign_model_is_refused);
  g_test_add_func ("/tool/images/text-says-the-same-as-json",
      test_text_says_the_same_as_json);
  g_test_add_func ("/tool/images/pictures-are-turned-as-exif-says",
      test_pictures_are_turned_as_exif_says);
  g_test_add_func ("/tool/images/broken-images-are-named-and-the-rest-goes-on",
      test_broken_images_are_named_and_the_rest_goes_on);
  g_test_add_func ("/tool/images/nothing-readable-is-an-error",
      test_nothing_readable_is_an_error);
  g_test_add_func ("/tool/images/a-folder-stands-for-its-images",
      test_a_folder_stands_for_its_images);
  g_test_add_func ("/tool/images/a-picture-without-a-face-has-none",
      test_a_picture_without_a_face_has_none);
  return tool_test_main ();
}
