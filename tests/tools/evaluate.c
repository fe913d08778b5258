/* evaluate.c - evaluate, on pictures that are faces
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The fixture's pictures are no faces: two of one seed are one person at
 * distance 0, two of two seeds are two people.
 */
#include "fixture.h"

#include <math.h>
#include <string.h>

/* faces/a.png and a2.png show one person, b.png and c.png two others. */
static void
write_faces (void)
{
  tool_write_picture ("faces/a.png", 1, 1);
  tool_write_picture ("faces/a2.png", 1, 1);
  tool_write_picture ("faces/b.png", 2, 1);
  tool_write_picture ("faces/b2.png", 2, 1);
  tool_write_picture ("faces/c.png", 3, 1);
}

static void
write_text (const gchar * name, const gchar * text)
{
  tool_write (name, text, strlen (text));
}

static void
test_separable_pairs_are_all_right (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (JsonObject) result = NULL;
  JsonObject *tar;

  write_faces ();
  write_text ("good.csv", "a.png,a2.png,1\nb.png,b2.png,1\n"
      "a.png,b.png,0\na.png,c.png,0\n");
  run = tool_run ("evaluate -c -j --pairs @/good.csv --images @/faces");
  tool_run_expect (run, 0);
  result = tool_run_get_json (run, 0);
  g_assert_cmpint (json_object_get_int_member (result, "pairs"), ==, 4);
  g_assert_cmpint (json_object_get_int_member (result, "failed"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (result, "folds"), ==, 2);
  g_assert_cmpfloat (json_object_get_double_member (result, "accuracy"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (result, "std"), ==, 0);
  g_assert_cmpfloat (json_object_get_double_member (result, "threshold"), >, 0);
  g_assert_cmpfloat (json_object_get_double_member (result, "auc"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (result, "eer"), ==, 0);
  tar = json_object_get_object_member (result, "tar_at_far");
  g_assert_cmpfloat (json_object_get_double_member (tar, "0.01"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (tar, "0.001"), ==, 1);
}

/* One of five pairs is of an image that is not there, one of a text. */
static void
test_failed_images_are_errors_and_named (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (ToolRun) text = NULL;
  g_autoptr (JsonObject) result = NULL;
  JsonObject *compared, *failure;

  write_faces ();
  write_text ("faces/note.png", "not a picture");
  write_text ("bad.txt", "a.png a2.png 1\nb.png none.png 1\n"
      "a.png b.png 0\na.png c.png 0\nc.png note.png 0\n");
  run = tool_run ("evaluate -c -j -t 2 -p @/bad.txt -i @/faces "
      "--threshold 0.001");
  tool_run_expect (run, 0);
  result = tool_run_get_json (run, 0);
  g_assert_cmpint (json_object_get_int_member (result, "failed"), ==, 2);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (result,
          "accuracy"), 0.6, 1e-9);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (result,
          "auc"), 0.5, 1e-9);
  compared = json_object_get_object_member (result, "compared");
  g_assert_cmpint (json_object_get_int_member (compared, "pairs"), ==, 3);
  g_assert_cmpfloat (json_object_get_double_member (compared, "accuracy"), ==,
      1);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member
          (result, "failures")), ==, 2);
  failure = json_array_get_object_element (json_object_get_array_member
      (result, "failures"), 0);
  g_assert_true (g_str_has_suffix (json_object_get_string_member (failure,
              "image"), "/none.png"));

  text = tool_run ("evaluate -c -p @/bad.txt -i @/faces");
  tool_run_expect (text, 0);
  tool_run_expect_error (text, "@/faces/none.png: ");
  tool_run_expect_error (text, "@/faces/note.png: ");
  g_assert_nonnull (strstr (text->out, "2 pairs failed"));
  g_assert_nonnull (strstr (text->out, "3 that were compared"));
}

static void
test_plots_are_written (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (ToolRun) refused = NULL;
  g_autofree gchar *roc = NULL;
  g_autofree gchar *histogram = NULL;
  gsize size;

  write_faces ();
  write_text ("plot.txt", "a.png a2.png 1\na.png b.png 0\n");
  run = tool_run ("evaluate -c -p @/plot.txt -i @/faces --plot @/roc.svg "
      "--histogram @/h.SVG");
  tool_run_expect (run, 0);
  roc = tool_read ("roc.svg", &size);
  g_assert_nonnull (strstr (roc, "AUC 1.0000"));
  histogram = tool_read ("h.SVG", &size);
  g_assert_nonnull (strstr (histogram, "two people"));

  refused = tool_run ("evaluate -c -p @/plot.txt -i @/faces --plot @/x.pdf");
  tool_run_expect (refused, 2);
  tool_run_expect_error (refused, "@/x.pdf: the name of a plot must end");
}

/* Where rsvgdec is not installed, the message says what is missing. */
static void
test_a_plot_may_be_png (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autofree gchar *png = NULL;
  gsize size;

  write_faces ();
  write_text ("plot.txt", "a.png a2.png 1\na.png b.png 0\n");
  run = tool_run ("evaluate -c -p @/plot.txt -i @/faces --plot @/roc.png");
  if (run->status != 0) {
    tool_run_expect (run, 2);
    tool_run_expect_error (run, "gstreamer1.0-plugins-bad");
    return;
  }
  png = tool_read ("roc.png", &size);
  g_assert_cmpuint (size, >, 1000);
  g_assert_cmpmem (png, 4, "\x89PNG", 4);
}

static void
test_what_cannot_be_evaluated_is_said (void)
{
  static const struct
  {
    const gchar *arguments, *said;
  } runs[] = {
    {"", "needs --pairs"},
    {"--pairs @/cut.txt",
        "@/cut.txt: the first line announces 20 pairs, got 1"},
    {"--pairs @/none.txt", "@/none.txt: "},
    {"--pairs @/lost.txt", "@/lost.txt: no pair could be compared"},
    {"--pairs @/cut.txt --folds 1", "--folds must be"},
    {"--pairs @/cut.txt @/faces", "1 arguments"},
    {"--pairs @/cut.txt --identification", "exclude each other"},
    {"--identification", "needs --images"},
    {"--identification --images @/none", "@/none: "},
  };

  write_text ("cut.txt", "10 1\nA 1 2\n");
  write_text ("lost.txt", "gone.png lost.png 1\n");
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++) {
    g_autoptr (ToolRun) run = tool_run ("evaluate -c %s", runs[i].arguments);

    tool_run_expect (run, 2);
    tool_run_expect_error (run, runs[i].said);
    g_assert_cmpstr (run->out, ==, "");
  }
}

/* Ann has three pictures of one seed, Bob two, Zoe one; Cy's second is like
 * Ann's, so that he is taken for her. */
static void
test_identification_looks_among_all (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (ToolRun) text = NULL;
  g_autoptr (JsonObject) result = NULL;
  JsonObject *rates;

  tool_write_picture ("people/Ann/1.png", 11, 1);
  tool_write_picture ("people/Ann/2.png", 11, 1);
  tool_write_picture ("people/Ann/3.png", 11, 1);
  tool_write_picture ("people/Bob/1.png", 12, 1);
  tool_write_picture ("people/Bob/2.png", 12, 1);
  tool_write_picture ("people/Cy/1.png", 13, 1);
  tool_write_picture ("people/Cy/2.png", 11, 1);
  tool_write_picture ("people/Zoe/1.png", 14, 1);
  run = tool_run ("evaluate -c -j --identification --images @/people");
  tool_run_expect (run, 0);
  result = tool_run_get_json (run, 0);
  g_assert_cmpint (json_object_get_int_member (result, "people"), ==, 4);
  g_assert_cmpint (json_object_get_int_member (result, "identities"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (result, "probes"), ==, 4);
  g_assert_cmpint (json_object_get_int_member (result, "strangers"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (result, "rank_1"), ==,
      0.75);
  rates = json_object_get_object_member (result, "dir_at_far");
  g_assert_cmpfloat (json_object_get_double_member (rates, "0.01"), ==, 0.75);

  text = tool_run ("evaluate -c --identification --images @/people "
      "--enrol-count 2");
  tool_run_expect (text, 0);
  g_assert_nonnull (strstr (text->out, "1 people enrolled with 2 images"));
  g_assert_nonnull (strstr (text->out, "1 probes of them, 5 of strangers"));
}

gint
main (gint argc, gchar ** argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tool/evaluate/separable-pairs-are-all-right",
      test_separable_pairs_are_all_right);
  g_test_add_func ("/tool/evaluate/failed-images-are-errors-and-named",
      test_failed_images_are_errors_and_named);
  g_test_add_func ("/tool/evaluate/plots-are-written", test_plots_are_written);
  g_test_add_func ("/tool/evaluate/a-plot-may-be-png", test_a_plot_may_be_png);
  g_test_add_func ("/tool/evaluate/what-cannot-be-evaluated-is-said",
      test_what_cannot_be_evaluated_is_said);
  g_test_add_func ("/tool/evaluate/identification-looks-among-all",
      test_identification_looks_among_all);
  return tool_test_main ();
}
