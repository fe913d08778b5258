/* train.c - facenet train, from folders to a model
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The pictures show no faces. A margin that no two vectors can have keeps
 * something to learn, so held-out pictures always get farther apart.
 */
#include "fixture.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#define N_PEOPLE 4
#define N_PHOTOS 4

/* Two steps an epoch, quick ones. */
#define QUICK "train --cropped @/people --from inception_5b --batch 4x2 " \
    "--loss-margin 3 --lr 0.001 --epochs 6 "

/* Photos of a person are alike but for JPEG. */
static void
write_people (void)
{
  for (guint person = 0; person < N_PEOPLE; person++) {
    for (guint photo = 0; photo < N_PHOTOS; photo++) {
      g_autofree gchar *name = g_strdup_printf ("people/P%u/%u.%s", person,
          photo, photo % 2 ? "jpg" : "png");

      tool_write_picture (name, 10 + person, 1);
    }
  }
}

static gboolean
exists (const gchar * name)
{
  g_autofree gchar *path = tool_path (name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
assert_same_files (const gchar * a, const gchar * b)
{
  gsize one_size, other_size;
  g_autofree gchar *one = tool_read (a, &one_size);
  g_autofree gchar *other = tool_read (b, &other_size);

  g_assert_cmpuint (one_size, ==, other_size);
  g_assert_true (memcmp (one, other, one_size) == 0);
}

static void
test_writes_a_better_model (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (ToolRun) info = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (JsonObject) described = NULL;
  g_autofree gchar *plot = NULL;
  JsonArray *epochs;
  JsonObject *first, *last, *before, *after, *metadata;

  run = tool_run (QUICK "--json -o @/whole.safetensors --plot @/loss.svg");
  tool_run_expect (run, 0);
  g_assert_cmpuint (tool_run_count_lines (run), ==, 1);
  object = tool_run_get_json (run, 0);
  epochs = json_object_get_array_member (object, "epochs");
  g_assert_cmpuint (json_array_get_length (epochs), ==, 6);
  first = json_array_get_object_element (epochs, 0);
  last = json_array_get_object_element (epochs, 5);
  g_assert_cmpfloat (json_object_get_double_member (last, "loss"), <,
      json_object_get_double_member (first, "loss"));
  before = json_object_get_object_member (object, "before");
  after = json_object_get_object_member (object, "after");
  g_assert_cmpfloat (json_object_get_double_member (after, "auc"), >=,
      json_object_get_double_member (before, "auc"));
  g_assert_cmpfloat (json_object_get_double_member (after, "separation"), >,
      json_object_get_double_member (before, "separation"));
  g_assert_cmpint (json_object_get_int_member (object, "people"), ==, 4);
  g_assert_cmpint (json_object_get_int_member (object, "held_out"), ==, 8);

  plot = tool_read ("loss.svg", NULL);
  g_assert_nonnull (strstr (plot, "<svg"));
  g_assert_nonnull (strstr (plot, "held-out accuracy"));
  g_assert_false (exists ("whole.safetensors.checkpoint"));

  info = tool_run ("info --json @/whole.safetensors");
  tool_run_expect (info, 0);
  described = tool_run_get_json (info, 0);
  g_assert_cmpstr (json_object_get_string_member (described, "model_id"), ==,
      json_object_get_string_member (object, "model_id"));
  metadata = json_object_get_object_member (described, "metadata");
  g_assert_true (g_str_has_prefix (json_object_get_string_member (metadata,
              "training"), "fine-tuned from model "));
  g_assert_true (json_object_has_member (metadata, "license"));
  g_assert_true (json_object_has_member (metadata, "crop"));
  g_assert_true (json_object_has_member (metadata, "threshold"));
  g_assert_false (json_object_has_member (metadata, "lfw"));
}

/* Starts the command and sends it a signal once it has kept its run, behind
 * the first epoch; returns its exit status, -1 when the signal ended it. */
static gint
interrupt (const gchar * output, gint signal_number)
{
  g_autofree gchar *text = g_strconcat (QUICK "-o @/", output, NULL);
  g_autofree gchar *people = tool_path ("people");
  g_autofree gchar *model = tool_path (output);
  g_autofree gchar *checkpoint = g_strconcat (model, ".checkpoint", NULL);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  g_ptr_array_add (argv, (gpointer) g_getenv ("FACENET_TOOL"));
  for (guint i = 0; words[i]; i++) {
    if (g_str_equal (words[i], "@/people"))
      g_ptr_array_add (argv, people);
    else if (g_str_has_prefix (words[i], "@/"))
      g_ptr_array_add (argv, model);
    else if (words[i][0])
      g_ptr_array_add (argv, words[i]);
  }
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const gchar * const *) argv->pdata,
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 30000
      && !g_file_test (checkpoint, G_FILE_TEST_EXISTS); i++)
    g_usleep (2000);
  g_subprocess_send_signal (process, signal_number);
  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
  return g_subprocess_get_if_exited (process)
      ? g_subprocess_get_exit_status (process) : -1;
}

static void
test_killed_it_goes_on (void)
{
  g_autoptr (ToolRun) again = NULL;
  g_autoptr (ToolRun) other = NULL;
  g_autoptr (ToolRun) resumed = NULL;

  g_assert_cmpint (interrupt ("killed.safetensors", SIGKILL), ==, -1);
  g_assert_false (exists ("killed.safetensors"));

  again = tool_run (QUICK "-o @/killed.safetensors");
  tool_run_expect (again, 2);
  tool_run_expect_error (again, "killed.safetensors.checkpoint: holds an "
      "interrupted run: continue it with --resume");
  other = tool_run (QUICK "-o @/killed.safetensors --resume --seed 7");
  tool_run_expect (other, 2);
  tool_run_expect_error (other, "was made with seed 1, expected 7");

  resumed = tool_run (QUICK "-o @/killed.safetensors --resume --threads 1");
  tool_run_expect (resumed, 0);
  g_assert_nonnull (strstr (resumed->out, "goes on after step "));
  assert_same_files ("whole.safetensors", "killed.safetensors");
  g_assert_false (exists ("killed.safetensors.checkpoint"));
}

static void
test_interrupted_it_goes_on (void)
{
  g_autoptr (ToolRun) resumed = NULL;
  const gint status = interrupt ("interrupted.safetensors", SIGINT);

  if (status == 0) {
    g_test_skip ("it was over before the signal came");
    return;
  }
  g_assert_cmpint (status, ==, 2);
  resumed = tool_run (QUICK "-o @/interrupted.safetensors --resume");
  tool_run_expect (resumed, 0);
  assert_same_files ("whole.safetensors", "interrupted.safetensors");
}

static void
test_no_better_is_not_written (void)
{
  g_autoptr (ToolRun) run = tool_run (QUICK "-o @/worse.safetensors "
      "--lr 1e-12 --epochs 1");

  tool_run_expect (run, 1);
  g_assert_nonnull (strstr (run->out, "worse.safetensors: not written: no "
          "epoch tells the held-out faces apart better"));
  g_assert_false (exists ("worse.safetensors"));
  g_assert_false (exists ("worse.safetensors.checkpoint"));
}

/* What cannot be used is named, the rest goes on. */
static void
test_bad_photos_are_named (void)
{
  g_autofree gchar *empty = tool_path ("mixed/Empty");
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (JsonObject) object = NULL;

  for (guint i = 0; i < 3 * N_PHOTOS; i++) {
    g_autofree gchar *name = g_strdup_printf ("mixed/P%u/%u.png", i / N_PHOTOS,
        i % N_PHOTOS);

    if (i % N_PHOTOS == 1)
      tool_write_grey (name, 40 + 4 * i, 200 - 5 * i);
    else
      tool_write_picture (name, i / N_PHOTOS, i % 8 + 1);
  }
  g_assert_cmpint (g_mkdir_with_parents (empty, 0755), ==, 0);
  tool_write_picture ("mixed/Lonely/1.png", 7, 1);
  tool_write ("mixed/P0/broken.png", "\x89PNG no", 7);
  tool_write ("mixed/P0/notes.txt", "hello", 5);
  tool_write ("mixed/readme", "hello", 5);
  tool_write_grey ("mixed/P1/tiny.png", 12, 12);
  run = tool_run ("train --cropped @/mixed --json --from inception_5b "
      "--epochs 1 --batch 3x2 -o @/mixed.safetensors");
  g_assert_cmpint (run->status, <, 2);
  tool_run_expect_error (run, "Empty: left out: no photo can be used");
  tool_run_expect_error (run, "Lonely: only one photo");
  tool_run_expect_error (run, "@/mixed/P0/broken.png: skipped: ");
  tool_run_expect_error (run, "@/mixed/P0/notes.txt: skipped: ");
  tool_run_expect_error (run, "@/mixed/readme: skipped: is in no person's "
      "folder");
  tool_run_expect_error (run, "@/mixed/P1/tiny.png: skipped: expected at "
      "least 20 pixels on each side, got a face of 12x12");
  object = tool_run_get_json (run, 0);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member
          (object, "skipped")), ==, 4);
  g_assert_cmpint (json_object_get_int_member (object, "people"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (object, "strangers"), ==, 1);
}

static void
expect_refusal (const gchar * arguments, const gchar * text)
{
  g_autoptr (ToolRun) run = tool_run ("%s", arguments);

  tool_run_expect (run, 2);
  tool_run_expect_error (run, text);
}

static void
test_says_what_it_expects (void)
{
  g_autofree gchar *hollow = tool_path ("hollow");

  g_assert_cmpint (g_mkdir_with_parents (hollow, 0755), ==, 0);
  tool_write_picture ("alone/Ann/1.png", 1, 1);
  tool_write_picture ("alone/Ann/2.png", 2, 1);
  expect_refusal ("train --cropped @/people",
      "--output: expected the model file");
  expect_refusal ("train --cropped -o @/x", "expected DIR...");
  expect_refusal (QUICK "-o @/x --batch 8", "--batch: expected people x "
      "photos such as 8x4");
  expect_refusal (QUICK "-o @/x --batch 1x8", "at most 512 in all, got 1x8");
  expect_refusal (QUICK "-o @/x --mining soft", "--mining: expected all, "
      "hard, semi-hard, got soft");
  expect_refusal (QUICK "-o @/x --epochs 0", "--epochs: expected 1 or more");
  expect_refusal (QUICK "-o @/x --seed -1",
      "--seed: expected 0 to 4294967295, got -1");
  expect_refusal (QUICK "-o @/x --lr 0", "learning rate: 0");
  expect_refusal (QUICK "-o @/x --from conv9", "conv9");
  expect_refusal (QUICK "-o @/nowhere/x", "@/nowhere/x: cannot be written");
  expect_refusal (QUICK "-o @/x --resume", "@/x.checkpoint: cannot be opened");
  expect_refusal ("train --cropped @/gone -o @/x", "@/gone: ");
  expect_refusal ("train --cropped @/hollow -o @/x",
      "@/hollow: has no folder per person");
  expect_refusal ("train --cropped @/alone -o @/x",
      "@/alone: 1 people with two photos or more to learn from");
}

gint
main (gint argc, gchar ** argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tool/train/people", write_people);
  g_test_add_func ("/tool/train/writes-a-better-model",
      test_writes_a_better_model);
  g_test_add_func ("/tool/train/killed-it-goes-on", test_killed_it_goes_on);
  g_test_add_func ("/tool/train/interrupted-it-goes-on",
      test_interrupted_it_goes_on);
  g_test_add_func ("/tool/train/no-better-is-not-written",
      test_no_better_is_not_written);
  g_test_add_func ("/tool/train/bad-photos-are-named",
      test_bad_photos_are_named);
  g_test_add_func ("/tool/train/says-what-it-expects",
      test_says_what_it_expects);
  return tool_test_main ();
}
