/* convert.c - what a user of facenet convert sees
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>

static gchar *
get_id (const ToolRun * run)
{
  g_autoptr (JsonObject) object = tool_run_get_json (run, 0);

  return g_strdup (json_object_get_string_member (object, "model_id"));
}

static gchar *
get_shipped_id (void)
{
  g_autoptr (ToolRun) run = tool_run ("info --json");

  return get_id (run);
}

/* The shipped model with its filters as F32 and one bit that F16 lacks. */
static void
write_fine_model (const gchar * name)
{
  g_autoptr (ToolRun) run = tool_run ("convert %s @/wide.safetensors",
      g_getenv ("FACENET_MODEL"));
  g_autofree gchar *model = NULL;
  gsize size;

  tool_run_expect (run, 0);
  model = tool_read ("wide.safetensors", &size);
  /* The lowest byte of the last number of a pool arm's filter. */
  model[size - sizeof (gfloat)] ^= 1;
  tool_write (name, model, size);
}

static void
test_the_same_numbers_keep_their_id (void)
{
  static const gchar *const types[] = { "f32", "f16" };
  g_autofree gchar *shipped = get_shipped_id ();

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autoptr (ToolRun) run =
        tool_run ("convert --json --dtype %s %s @/%s.safetensors", types[i],
        g_getenv ("FACENET_MODEL"), types[i]);
    g_autoptr (ToolRun) info =
        tool_run ("info --json @/%s.safetensors", types[i]);
    g_autofree gchar *id = get_id (run);
    g_autofree gchar *read = get_id (info);

    tool_run_expect (run, 0);
    tool_run_expect (info, 0);
    g_assert_cmpuint (tool_run_count_lines (run), ==, 1);
    g_assert_cmpstr (run->err, ==, "");
    g_assert_cmpstr (id, ==, shipped);
    g_assert_cmpstr (read, ==, shipped);
  }
}

static void
test_rounding_is_said_to_make_a_new_model (void)
{
  g_autoptr (ToolRun) run = NULL;

  write_fine_model ("fine.safetensors");
  run = tool_run ("convert --json --dtype f16 @/fine.safetensors @/round");
  tool_run_expect (run, 0);
  g_assert_nonnull (strstr (run->err, "a new model with a new id"));
  g_assert_nonnull (strstr (run->err, "fine.safetensors"));
}

static void
test_the_input_is_not_overwritten (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autofree gchar *before = NULL;
  g_autofree gchar *after = NULL;
  gsize size, new_size;

  write_fine_model ("own.safetensors");
  before = tool_read ("own.safetensors", &size);
  run = tool_run ("convert --dtype f16 @/own.safetensors @/own.safetensors");
  tool_run_expect (run, 2);
  tool_run_expect_error (run, "is the file to read");
  after = tool_read ("own.safetensors", &new_size);
  g_assert_cmpmem (before, size, after, new_size);
}

static void
test_what_is_no_model_leaves_the_output (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autofree gchar *kept = NULL;
  gsize size;

  tool_write ("none.pt", "no model", 8);
  tool_write ("kept", "kept", 4);
  run = tool_run ("convert @/none.pt @/kept");
  tool_run_expect (run, 2);
  tool_run_expect_error (run, "@/none.pt");
  kept = tool_read ("kept", &size);
  g_assert_cmpmem (kept, size, "kept", 4);
}

/* A model of two tensors, which says itself that it is none of ours. */
static void
test_only_convert_and_info_read_other_formats (void)
{
  static const gchar *const commands[] = {
    "embed", "verify @/a.png", "scan", "train -o @/out"
  };
  g_autofree gchar *folder = tool_path ("csv");
  g_autoptr (ToolRun) info = NULL;
  g_autoptr (ToolRun) converted = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  tool_write ("csv/conv1_b.csv", "1", 1);
  tool_write_picture ("a.png", 1, 1);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_autoptr (ToolRun) run = tool_run ("%s @/a.png --model @/csv",
        commands[i]);

    tool_run_expect (run, 2);
    tool_run_expect_error (run, "@/csv: a folder of CSV files, not "
        "safetensors; run: facenet convert ");
  }
  info = tool_run ("info @/csv");
  tool_run_expect (info, 2);
  tool_run_expect_error (info, "/conv1_w: is missing");
  converted = tool_run ("convert @/csv @/out");
  tool_run_expect (converted, 2);
  tool_run_expect_error (converted, "/conv1_w: is missing");
}

static void
test_the_network_is_the_one_asked_for (void)
{
  g_autoptr (ToolRun) run =
      tool_run ("convert --network facereco %s @/course.safetensors",
      g_getenv ("FACENET_MODEL"));
  g_autoptr (ToolRun) info = tool_run ("info --json @/course.safetensors");
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (ToolRun) unknown =
      tool_run ("convert --network vgg %s @/vgg", g_getenv ("FACENET_MODEL"));

  tool_run_expect (run, 0);
  g_assert_nonnull (strstr (run->out, "model id "));
  tool_run_expect (info, 0);
  object = tool_run_get_json (info, 0);
  g_assert_cmpstr (json_object_get_string_member (object, "network"), ==,
      "facereco");
  tool_run_expect (unknown, 2);
  tool_run_expect_error (unknown, "network \"vgg\" is not known");
}

gint
main (gint argc, gchar ** argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tool/convert/the-same-numbers-keep-their-id",
      test_the_same_numbers_keep_their_id);
  g_test_add_func ("/tool/convert/rounding-is-said-to-make-a-new-model",
      test_rounding_is_said_to_make_a_new_model);
  g_test_add_func ("/tool/convert/the-input-is-not-overwritten",
      test_the_input_is_not_overwritten);
  g_test_add_func ("/tool/convert/what-is-no-model-leaves-the-output",
      test_what_is_no_model_leaves_the_output);
  g_test_add_func ("/tool/convert/only-convert-and-info-read-other-formats",
      test_only_convert_and_info_read_other_formats);
  g_test_add_func ("/tool/convert/the-network-is-the-one-asked-for",
      test_the_network_is_the_one_asked_for);
  return tool_test_main ();
}
