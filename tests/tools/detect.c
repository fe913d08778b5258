/* detect.c - facenet detect
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Faces are those of Debian's example photographs: 150x150 pixels, the face
 * upright in the middle.
 */
#include "../example-photos.h"
#include "fixture.h"

#include <string.h>

#define PERSON "John_Savage"
#define N_PHOTOS 11

static gchar *photos;           /* a folder per person, NULL without them */

static gboolean
skip_without_photos (void)
{
  if (photos == NULL)
    g_test_skip (EXAMPLE_PHOTOS_MISSING);
  return photos == NULL;
}

static gdouble
get_point (JsonArray * landmarks, guint index, guint axis)
{
  return json_array_get_double_element (json_array_get_array_element
      (landmarks, index), axis);
}

static void
check_face (JsonObject * face)
{
  JsonObject *box = json_object_get_object_member (face, "box");
  JsonArray *landmarks = json_object_get_array_member (face, "landmarks");
  const gdouble left = json_object_get_double_member (box, "x");
  const gdouble width = json_object_get_double_member (box, "width");
  const gdouble height = json_object_get_double_member (box, "height");
  const gdouble confidence = json_object_get_double_member (face, "confidence");

  g_assert_cmpfloat (confidence, >, 0.5);
  g_assert_cmpfloat (confidence, <=, 1);
  g_assert_cmpfloat (width, >, 50);
  g_assert_cmpfloat (width, <, 150);
  g_assert_cmpfloat (height, >=, width);
  g_assert_cmpuint (json_array_get_length (landmarks), ==, 5);
  /* The person's right eye is on the left, both above the mouth. */
  g_assert_cmpfloat (get_point (landmarks, 0, 0), >, left);
  g_assert_cmpfloat (get_point (landmarks, 0, 0), <,
      get_point (landmarks, 1, 0));
  g_assert_cmpfloat (get_point (landmarks, 1, 0), <, left + width);
  g_assert_cmpfloat (get_point (landmarks, 0, 1), <,
      get_point (landmarks, 3, 1));
  g_assert_cmpfloat (get_point (landmarks, 1, 1), <,
      get_point (landmarks, 4, 1));
}

static void
test_json_has_box_confidence_and_landmarks (void)
{
  g_autoptr (ToolRun) run = NULL;

  if (skip_without_photos ())
    return;
  run = tool_run ("detect --json %s/" PERSON, photos);
  tool_run_expect (run, 0);
  g_assert_cmpuint (tool_run_count_lines (run), ==, N_PHOTOS);
  for (guint i = 0; i < N_PHOTOS; i++) {
    g_autoptr (JsonObject) image = tool_run_get_json (run, i);
    JsonArray *faces = json_object_get_array_member (image, "faces");

    g_assert_true (g_str_has_prefix (json_object_get_string_member (image,
                "image"), photos));
    g_assert_cmpuint (json_array_get_length (faces), >=, 1);
    check_face (json_array_get_object_element (faces, 0));
  }
}

static void
test_text_is_a_line_for_each_face (void)
{
  g_autoptr (ToolRun) run = NULL;

  if (skip_without_photos ())
    return;
  run = tool_run ("detect %s/" PERSON, photos);
  tool_run_expect (run, 0);
  g_assert_cmpuint (tool_run_count_lines (run), >=, N_PHOTOS);
  g_assert_null (strchr (run->out, '\\'));
  g_assert_nonnull (strstr (run->out, ": face 1 of 1, "));
  g_assert_nonnull (strstr (run->out, ", confidence 0."));
}

/* The pictures as drawn: larger than nothing, and told apart by a number. */
static void
test_drawings_do_not_overwrite_each_other (void)
{
  g_autoptr (ToolRun) run = NULL;
  gsize size;
  g_autofree gchar *first = NULL;
  g_autofree gchar *second = NULL;

  tool_write_grey ("a/same.png", 64, 48);
  tool_write_grey ("b/same.png", 64, 48);
  run = tool_run ("detect --draw @/drawn @/a @/b");
  tool_run_expect (run, 1);
  first = tool_read ("drawn/same.png", &size);
  g_assert_cmpuint (size, >, 8);
  g_assert_cmpint (memcmp (first, "\211PNG", 4), ==, 0);
  second = tool_read ("drawn/same-2.png", &size);
  g_assert_cmpuint (size, >, 8);
}

/* Without a face, at the highest threshold, the picture is drawn as it is. */
static void
test_boxes_are_drawn (void)
{
  g_autoptr (ToolRun) drawn = NULL;
  g_autoptr (ToolRun) plain = NULL;
  g_autofree gchar *folder = NULL;
  g_autoptr (GDir) dir = NULL;
  const gchar *name;
  guint n = 0;

  if (skip_without_photos ())
    return;
  drawn = tool_run ("detect --draw @/boxes %s/" PERSON, photos);
  tool_run_expect (drawn, 0);
  plain = tool_run ("detect --detector-threshold 1 --draw @/plain %s/" PERSON,
      photos);
  tool_run_expect (plain, 1);
  folder = tool_path ("boxes");
  dir = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (dir);
  for (; (name = g_dir_read_name (dir)) != NULL; n++) {
    g_autofree gchar *with = g_build_filename ("boxes", name, NULL);
    g_autofree gchar *without = g_build_filename ("plain", name, NULL);
    gsize size, plain_size;
    g_autofree gchar *data = tool_read (with, &size);
    g_autofree gchar *plain_data = tool_read (without, &plain_size);

    g_assert_true (size != plain_size || memcmp (data, plain_data, size) != 0);
  }
  g_assert_cmpuint (n, ==, N_PHOTOS);
}

static void
test_no_face_is_status_1 (void)
{
  g_autoptr (ToolRun) run = NULL;

  tool_write_grey ("grey.png", 320, 240);
  run = tool_run ("detect @/grey.png");
  tool_run_expect (run, 1);
  g_assert_nonnull (strstr (run->out, "no face"));
}

static void
test_what_cannot_be_read_is_named (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (JsonObject) image = NULL;

  tool_write ("broken.jpg", "no picture", 10);
  run = tool_run ("detect --json @/broken.jpg");
  tool_run_expect (run, 2);
  image = tool_run_get_json (run, 0);
  g_assert_true (json_object_has_member (image, "error"));
}

static void
test_options_out_of_range_are_refused (void)
{
  static const struct
  {
    const gchar *options, *error;
  } cases[] = {
    {"--detector-threshold 1.5", "--detector-threshold"},
    {"--detector-threshold x", "--detector-threshold"},
    {"--min-face-size -3", "--min-face-size"},
    {"--detector /nowhere.safetensors", "/nowhere.safetensors"},
  };

  tool_write_grey ("grey.png", 320, 240);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (ToolRun) run = tool_run ("detect %s @/grey.png",
        cases[i].options);

    tool_run_expect (run, 2);
    tool_run_expect_error (run, cases[i].error);
  }
}

gint
main (gint argc, gchar ** argv)
{
  gint status;

  g_test_init (&argc, &argv, NULL);
  photos = example_photos_find ();
  g_test_add_func ("/tool/detect/json-has-box-confidence-and-landmarks",
      test_json_has_box_confidence_and_landmarks);
  g_test_add_func ("/tool/detect/text-is-a-line-for-each-face",
      test_text_is_a_line_for_each_face);
  g_test_add_func ("/tool/detect/drawings-do-not-overwrite-each-other",
      test_drawings_do_not_overwrite_each_other);
  g_test_add_func ("/tool/detect/boxes-are-drawn", test_boxes_are_drawn);
  g_test_add_func ("/tool/detect/no-face-is-status-1",
      test_no_face_is_status_1);
  g_test_add_func ("/tool/detect/what-cannot-be-read-is-named",
      test_what_cannot_be_read_is_named);
  g_test_add_func ("/tool/detect/options-out-of-range-are-refused",
      test_options_out_of_range_are_refused);
  status = tool_test_main ();
  g_free (photos);
  return status;
}
