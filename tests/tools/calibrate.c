/* calibrate.c - calibrate, on small galleries written by hand
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "fixture.h"

#include <facenet/facenet.h>
#include <math.h>
#include <string.h>

#define N_PEOPLE 40

/* Of model "m" with two numbers: people around a circle, two faces each at
 * 0.0025 of each other and 0.025 from the next person's. */
static void
write_gallery (const gchar * name, guint n_faces)
{
  g_autoptr (GString) text = g_string_new ("{\"format\":\"facenet-gallery\","
      "\"version\":1,\"note\":\"kept\",\"model\":{\"id\":\"m\",\"dims\":2},"
      "\"defaults\":{\"threshold\":0.9},\"identities\":[");

  for (guint i = 0; i < N_PEOPLE; i++) {
    g_string_append_printf (text, "%s{\"id\":\"p%u\",\"color\":\"red\","
        "\"embeddings\":[", i > 0 ? "," : "", i);
    for (guint k = 0; k < n_faces; k++) {
      gdouble angle = 2 * G_PI * i / N_PEOPLE + 0.05 * k;
      gchar x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];

      g_string_append_printf (text, "%s{\"vector\":[%s,%s]}", k > 0 ? "," : "",
          g_ascii_formatd (x, sizeof x, "%.8f", cos (angle)),
          g_ascii_formatd (y, sizeof y, "%.8f", sin (angle)));
    }
    g_string_append (text, "]}");
  }
  g_string_append (text, "]}");
  tool_write (name, text->str, text->len);
}

/* Own faces are within the first threshold, 0.01. The next person is at the
 * angle of 0.157 less 0.05, 0.0115, or more: beyond it. */
static void
test_a_threshold_is_suggested (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (ToolRun) text = NULL;
  g_autoptr (JsonObject) result = NULL;
  JsonObject *suggested, *first;
  JsonArray *thresholds;

  write_gallery ("ring.json", 2);
  run = tool_run ("calibrate -j -g @/ring.json --false-alarm 0.1 "
      "--faces-per-day 50");
  tool_run_expect (run, 0);
  result = tool_run_get_json (run, 0);
  g_assert_cmpint (json_object_get_int_member (result, "identities"), ==,
      N_PEOPLE);
  g_assert_cmpint (json_object_get_int_member (result, "genuine"), ==, 80);
  g_assert_cmpint (json_object_get_int_member (result, "comparisons"), ==,
      80 * 39);
  g_assert_false (json_object_get_boolean_member (result, "written"));
  suggested = json_object_get_object_member (result, "suggested");
  g_assert_cmpfloat (json_object_get_double_member (suggested, "threshold"),
      ==, 0.01);
  g_assert_cmpstr (json_object_get_string_member (suggested, "basis"), ==,
      "measured");
  g_assert_cmpfloat (json_object_get_double_member (suggested, "frr"), ==, 0);
  thresholds = json_object_get_array_member (result, "thresholds");
  g_assert_cmpuint (json_array_get_length (thresholds), ==, 200);
  first = json_array_get_object_element (thresholds, 1);
  g_assert_cmpfloat (json_object_get_double_member (first, "threshold"), ==,
      0.02);
  /* One of the two neighbours is within for each face: 1 of 39. */
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (first,
          "far"), 1.0 / 39, 1e-9);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (first,
          "false_alarm"), 1 - pow (1 - 1.0 / 39, N_PEOPLE), 1e-9);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (first,
          "false_alarms_per_day"), 50 * (1 - pow (1 - 1.0 / 39, N_PEOPLE)),
      1e-6);

  text = tool_run ("calibrate -g @/ring.json --false-alarm 0.1");
  tool_run_expect (text, 0);
  g_assert_nonnull (strstr (text->out, "Suggested: threshold 0.01"));
  g_assert_nonnull (strstr (text->out, "With threshold 0.01 no face here"));
}

static void
test_write_keeps_everything_else (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (FacenetGallery) gallery = NULL;
  g_autofree gchar *location = tool_path ("written.json");
  g_autofree gchar *text = NULL;
  gsize size;

  write_gallery ("written.json", 2);
  run = tool_run ("calibrate -w -g @/written.json --false-alarm 0.1");
  tool_run_expect (run, 0);
  gallery = facenet_gallery_load (location, NULL);
  g_assert_cmpfloat (facenet_gallery_get_threshold (gallery), ==, 0.01);
  g_assert_cmpuint (facenet_gallery_get_n_embeddings (gallery), ==, 80);
  text = tool_read ("written.json", &size);
  g_assert_nonnull (strstr (text, "kept"));
  g_assert_nonnull (strstr (text, "red"));
}

/* One face each: nobody can be looked for, and no model card helps. */
static void
test_too_little_is_said_and_changes_nothing (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (ToolRun) json = NULL;
  g_autoptr (JsonObject) result = NULL;
  g_autofree gchar *before = NULL;
  g_autofree gchar *after = NULL;
  gsize before_size, after_size;

  write_gallery ("single.json", 1);
  before = tool_read ("single.json", &before_size);
  run = tool_run ("calibrate --write -g @/single.json --false-alarm 0.0001");
  tool_run_expect (run, 1);
  g_assert_nonnull (strstr (run->out, "enrol a second photo of"));
  g_assert_nonnull (strstr (run->out, "1560 comparisons with somebody else"));
  g_assert_nonnull (strstr (run->out, "cannot be told"));
  g_assert_nonnull (strstr (run->out, "No threshold is suggested."));
  after = tool_read ("single.json", &after_size);
  g_assert_cmpmem (before, before_size, after, after_size);
  json = tool_run ("calibrate -j -g @/single.json --false-alarm 0.0001");
  tool_run_expect (json, 1);
  result = tool_run_get_json (json, 0);
  g_assert_true (json_object_get_null_member (result, "suggested"));
}

static void
test_strangers_are_looked_up (void)
{
  g_autoptr (ToolRun) enrol = NULL;
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (ToolRun) none = NULL;
  g_autoptr (JsonObject) result = NULL;

  tool_write_picture ("people/Ann/1.png", 11, 1);
  tool_write_picture ("people/Ann/2.png", 12, 1);
  tool_write_picture ("people/Bob/1.png", 13, 1);
  tool_write_picture ("strangers/1.png", 21, 1);
  tool_write_picture ("strangers/2.png", 22, 1);
  tool_write ("strangers/note.txt", "not a picture", 13);
  enrol = tool_run ("enrol -c -g @/two.json @/people");
  tool_run_expect (enrol, 0);
  run = tool_run ("calibrate -c -j -g @/two.json --strangers @/strangers "
      "--histogram @/h.svg --plot @/rates.svg");
  g_assert_cmpint (run->status, !=, 2);
  tool_run_expect_error (run, "@/strangers/note.txt: ");
  result = tool_run_get_json (run, 0);
  g_assert_cmpint (json_object_get_int_member (result, "strangers"), ==, 2);
  /* Two of Ann with Bob, one of Bob with Ann, two strangers with both. */
  g_assert_cmpint (json_object_get_int_member (result, "comparisons"), ==, 7);

  none = tool_run ("calibrate -c -g @/two.json --strangers @/nobody");
  tool_run_expect (none, 2);
  tool_run_expect_error (none, "@/nobody: no face found");
}

static void
test_bad_options_are_refused (void)
{
  static const struct
  {
    const gchar *arguments, *said;
  } runs[] = {
    {"", "needs --gallery"},
    {"-g @/none.json", "@/none.json"},
    {"-g @/x.json --false-alarm 0", "--false-alarm must be"},
    {"-g @/x.json --false-alarm 1", "--false-alarm must be"},
    {"-g @/x.json --false-alarm 0,1", "such as 0.7, got 0,1"},
    {"-g @/x.json --faces-per-day 0", "--faces-per-day must be"},
    {"-g @/x.json --alarms-per-day 1", "needs --faces-per-day"},
    {"-g @/x.json --plot rates.gif", "end in .svg or .png"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (runs); i++) {
    g_autoptr (ToolRun) run = tool_run ("calibrate %s", runs[i].arguments);

    tool_run_expect (run, 2);
    tool_run_expect_error (run, runs[i].said);
  }
}

gint
main (gint argc, gchar ** argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tool/calibrate/a-threshold-is-suggested",
      test_a_threshold_is_suggested);
  g_test_add_func ("/tool/calibrate/write-keeps-everything-else",
      test_write_keeps_everything_else);
  g_test_add_func ("/tool/calibrate/too-little-is-said",
      test_too_little_is_said_and_changes_nothing);
  g_test_add_func ("/tool/calibrate/strangers-are-looked-up",
      test_strangers_are_looked_up);
  g_test_add_func ("/tool/calibrate/bad-options-are-refused",
      test_bad_options_are_refused);
  return tool_test_main ();
}
