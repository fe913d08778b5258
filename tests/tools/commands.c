/* commands.c - help, options and exit status of the facenet command
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "fixture.h"

#include <string.h>

static const gchar *const commands[] = {
  "info", "convert", "embed", "enrol", "verify", "identify"
};

static void
test_help_of_each_command (void)
{
  static const gchar *const parts[] = {
    "Usage:", "--model=FILE", "--json", "Exit status: 0", "Examples:"
  };

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_autoptr (ToolRun) run = tool_run ("%s --help", commands[i]);
    g_autoptr (ToolRun) other = tool_run ("help %s", commands[i]);
    g_autofree gchar *usage = g_strconcat ("facenet ", commands[i], NULL);

    tool_run_expect (run, 0);
    g_assert_cmpstr (run->err, ==, "");
    g_assert_cmpstr (run->out, ==, other->out);
    g_assert_nonnull (strstr (run->out, usage));
    for (guint k = 0; k < G_N_ELEMENTS (parts); k++)
      g_assert_nonnull (strstr (run->out, parts[k]));
    g_assert_cmpint (strstr (run->out, "--cropped") != NULL, ==, i > 1);
  }
}

static void
test_usage_lists_the_commands (void)
{
  g_autoptr (ToolRun) help = tool_run ("--help");
  g_autoptr (ToolRun) bare = tool_run (" ");

  tool_run_expect (help, 0);
  tool_run_expect (bare, 2);
  g_assert_cmpstr (bare->out, ==, "");
  g_assert_cmpstr (bare->err, ==, help->out);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_assert_nonnull (strstr (help->out, commands[i]));
}

static void
test_version (void)
{
  g_autoptr (ToolRun) run = tool_run ("--version");

  tool_run_expect (run, 0);
  g_assert_true (g_str_has_prefix (run->out, "facenet "));
}

static void
test_wrong_use_is_explained (void)
{
  static const struct
  {
    const gchar *arguments;
    const gchar *said;
  } cases[] = {
    {"fly", "unknown command \"fly\""},
    {"help fly", "Usage:"},
    {"embed --fly a.png", "Unknown option --fly"},
    {"embed", "IMAGE"},
    {"embed --threads -1 a.png", "--threads: expected 0 to 1024, got -1"},
    {"info a b", "[MODEL]"},
    {"convert a", "IN OUT"},
    {"convert a b --dtype f8", "--dtype: expected f32 or f16, got f8"},
    {"convert a b --model c", "--model"},
    {"verify a.png", "A B"},
    {"verify a.png b.png --threshold 0,7", "such as 0.7, got 0,7"},
    {"verify a.png b.png --threshold nan", "such as 0.7, got nan"},
    {"verify a.png b.png --metric miles",
        "--metric: expected squared-l2, l2 or"},
    {"identify a.png", "--gallery"},
    {"identify a.png -g g.json --margin -1",
        "--margin: expected a number >= 0"},
    {"identify a.png -g g.json --top-k 0", "--top-k: expected 1 to"},
    {"identify -g g.json", "IMAGE"},
    {"enrol people", "--gallery"},
    {"enrol people -g g.json --id ann", "--name"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (ToolRun) run = tool_run ("%s", cases[i].arguments);

    tool_run_expect (run, 2);
    g_assert_cmpstr (run->out, ==, "");
    tool_run_expect_error (run, cases[i].said);
  }
}

static void
test_info_counts_the_network (void)
{
  g_autoptr (ToolRun) run = tool_run ("info --json");
  g_autoptr (JsonObject) info = NULL;
  JsonArray *layers;
  gint64 parameters = 0, macs = 0;

  tool_run_expect (run, 0);
  g_assert_cmpuint (tool_run_count_lines (run), ==, 1);
  info = tool_run_get_json (run, 0);
  g_assert_cmpint (json_object_get_int_member (info, "parameters"), ==,
      3743280);
  g_assert_cmpint (json_object_get_int_member (info, "trainable"), ==,
      3743280 - 9312);
  g_assert_cmpint (json_object_get_int_member (info, "non_trainable"), ==,
      9312);
  g_assert_cmpuint (strlen (json_object_get_string_member (info, "model_id")),
      ==, 64);
  g_assert_cmpstr (json_object_get_string_member (info, "network"), ==,
      "nn4.small2");
  g_assert_true (json_object_has_member (json_object_get_object_member (info,
              "blas"), "core"));
  g_assert_true (json_object_has_member (info, "kernels"));
  g_assert_true (json_object_has_member (json_object_get_object_member (info,
              "metadata"), "threshold"));

  layers = json_object_get_array_member (info, "layers");
  for (guint i = 0; i < json_array_get_length (layers); i++) {
    JsonObject *layer = json_array_get_object_element (layers, i);

    parameters += json_object_get_int_member (layer, "parameters");
    macs += json_object_get_int_member (layer, "macs");
  }
  g_assert_cmpint (parameters, ==, 3743280);
  g_assert_cmpint (macs, ==, json_object_get_int_member (info, "macs"));
}

static void
test_info_text_has_the_layers (void)
{
  g_autoptr (ToolRun) run = tool_run ("info --model %s",
      g_getenv ("FACENET_MODEL"));

  tool_run_expect (run, 0);
  g_assert_nonnull (strstr (run->out, "3743280"));
  g_assert_nonnull (strstr (run->out, "inception_4e"));
  g_assert_nonnull (strstr (run->out, "1024x3x3"));
}

/* The shipped model with other digits for its id. */
static void
write_model_with_id (const gchar * name, const gchar * id)
{
  static const gchar member[] = "\"id\":\"";
  g_autofree gchar *model = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  gchar *place;

  g_file_get_contents (g_getenv ("FACENET_MODEL"), &model, &size, &error);
  g_assert_no_error (error);
  /* Behind the eight bytes of the length, some of which are zero. */
  place = g_strstr_len (model + 8, (gssize) size - 8, member);
  g_assert_nonnull (place);
  memcpy (place + strlen (member), id, strlen (id));
  tool_write (name, model, size);
}

static void
test_info_sees_an_id_that_is_not_the_weights (void)
{
  static const gchar wrong[] =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (JsonObject) info = NULL;

  write_model_with_id ("wrong-id.safetensors", wrong);
  run = tool_run ("info --json @/wrong-id.safetensors");
  tool_run_expect (run, 1);
  tool_run_expect_error (run, wrong);
  info = tool_run_get_json (run, 0);
  g_assert_cmpstr (json_object_get_string_member (info, "stored_id"), ==,
      wrong);
  g_assert_cmpstr (json_object_get_string_member (info, "model_id"), !=, wrong);
}

static void
test_a_missing_model_is_named (void)
{
  static const gchar *const arguments[] = {
    "info", "embed -c a.png", "enrol -c -g @/g.json people",
    "verify -c a.png b.png", "identify -c -g @/g.json a.png"
  };

  for (guint i = 0; i < G_N_ELEMENTS (arguments); i++) {
    g_autoptr (ToolRun) run = tool_run ("%s --model @/none.safetensors",
        arguments[i]);

    tool_run_expect (run, 2);
    tool_run_expect_error (run, "@/none.safetensors");
  }
}

static void
test_a_missing_detector_is_named (void)
{
  static const gchar *const arguments[] = {
    "detect a.png", "embed a.png", "enrol -g @/g.json people",
    "identify -g @/g.json a.png", "verify a.png b.png", "scan a.avi"
  };

  for (guint i = 0; i < G_N_ELEMENTS (arguments); i++) {
    g_autoptr (ToolRun) run =
        tool_run ("%s --detector @/none.safetensors", arguments[i]);

    tool_run_expect (run, 2);
    tool_run_expect_error (run, "@/none.safetensors");
  }
}

gint
main (gint argc, gchar ** argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tool/commands/help-of-each-command",
      test_help_of_each_command);
  g_test_add_func ("/tool/commands/usage-lists-the-commands",
      test_usage_lists_the_commands);
  g_test_add_func ("/tool/commands/version", test_version);
  g_test_add_func ("/tool/commands/wrong-use-is-explained",
      test_wrong_use_is_explained);
  g_test_add_func ("/tool/commands/info-counts-the-network",
      test_info_counts_the_network);
  g_test_add_func ("/tool/commands/info-text-has-the-layers",
      test_info_text_has_the_layers);
  g_test_add_func ("/tool/commands/info-sees-an-id-that-is-not-the-weights",
      test_info_sees_an_id_that_is_not_the_weights);
  g_test_add_func ("/tool/commands/a-missing-model-is-named",
      test_a_missing_model_is_named);
  g_test_add_func ("/tool/commands/a-missing-detector-is-named",
      test_a_missing_detector_is_named);
  return tool_test_main ();
}
