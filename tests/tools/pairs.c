/* pairs.c - lists of pairs, good and bad
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "tools/evaluate/pairs.h"

#include <facenet/facenet.h>
#include <glib/gstdio.h>
#include <string.h>

static gchar *folder = NULL;

static ToolPairs *
load (const gchar * text, GError ** error)
{
  g_autofree gchar *location = g_build_filename (folder, "pairs.txt", NULL);
  ToolPairs *pairs;

  g_assert_true (g_file_set_contents (location, text, -1, NULL));
  pairs = tool_pairs_load (location, folder, error);
  g_unlink (location);
  return pairs;
}

/* Fails unless pair index is of these two files in the folder. */
static void
assert_pair (const ToolPairs * pairs, guint index, const gchar * a,
    const gchar * b)
{
  const ToolPair *pair = &g_array_index (pairs->pairs, ToolPair, index);
  g_autofree gchar *first = g_build_filename (folder, a, NULL);
  g_autofree gchar *second = g_build_filename (folder, b, NULL);

  g_assert_cmpstr (g_ptr_array_index (pairs->locations, pair->a), ==, first);
  g_assert_cmpstr (g_ptr_array_index (pairs->locations, pair->b), ==, second);
}

static void
assert_fails (const gchar * text, gint code, const gchar * said)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (load (text, &error));
  g_assert_error (error, FACENET_ERROR, code);
  if (strstr (error->message, said) == NULL)
    g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, said));
  g_assert_nonnull (strstr (error->message, "pairs.txt"));
}

static void
test_lfw_has_folds (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ToolPairs) pairs = load ("2\t1\nAnn_Lee\t1\t12\n"
      "Ann_Lee\t1\tBo\t3\nBo\t1\t2\nBo\t3\tCy\t1\n", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (pairs->n_folds, ==, 2);
  g_assert_cmpuint (pairs->pairs->len, ==, 4);
  g_assert_cmpuint (pairs->locations->len, ==, 6);
  assert_pair (pairs, 0, "Ann_Lee/Ann_Lee_0001.jpg",
      "Ann_Lee/Ann_Lee_0012.jpg");
  assert_pair (pairs, 3, "Bo/Bo_0003.jpg", "Cy/Cy_0001.jpg");
  g_assert_true (g_array_index (pairs->pairs, ToolPair, 2).same);
  g_assert_false (g_array_index (pairs->pairs, ToolPair, 3).same);
  g_assert_cmpuint (g_array_index (pairs->pairs, ToolPair, 1).fold, ==, 0);
  g_assert_cmpuint (g_array_index (pairs->pairs, ToolPair, 2).fold, ==, 1);
}

static void
test_lfw_may_have_no_folds (void)
{
  g_autoptr (ToolPairs) view_1 = load ("1\nAnn 1 2\r\nAnn 1 Bo 3\r\n", NULL);
  g_autoptr (ToolPairs) bare = load ("Ann 1 2\n\nAnn 1 Bo 3", NULL);
  g_autoptr (ToolPairs) table = load ("name,first,second,\nAnn,1,2,\n", NULL);

  g_assert_cmpuint (view_1->n_folds, ==, 1);
  g_assert_cmpuint (view_1->pairs->len, ==, 2);
  g_assert_cmpuint (bare->pairs->len, ==, 2);
  assert_pair (bare, 1, "Ann/Ann_0001.jpg", "Bo/Bo_0003.jpg");
  assert_pair (table, 0, "Ann/Ann_0001.jpg", "Ann/Ann_0002.jpg");
}

static void
test_lfw_takes_png_where_there_is_one (void)
{
  g_autofree gchar *person = g_build_filename (folder, "Ann", NULL);
  g_autofree gchar *image = g_build_filename (person, "Ann_0002.png", NULL);
  g_autoptr (ToolPairs) pairs = NULL;

  g_mkdir (person, 0755);
  g_assert_true (g_file_set_contents (image, "", 0, NULL));
  pairs = load ("1\nAnn 1 2\nAnn 2 Bo 1\n", NULL);
  assert_pair (pairs, 0, "Ann/Ann_0001.jpg", "Ann/Ann_0002.png");
  g_unlink (image);
  g_rmdir (person);
}

static void
test_plain_lists_have_any_separator (void)
{
  g_autoptr (ToolPairs) blanks = load ("a.jpg  b.jpg 1\nb.jpg c.jpg 0\n", NULL);
  g_autoptr (ToolPairs) tabs = load ("\xef\xbb\xbf" "a b.jpg\tc,d.jpg\t1\n",
      NULL);
  g_autoptr (ToolPairs) commas = load ("left,right,same\n"
      "# checked by hand\n\"a b.jpg\", c.jpg, 0\n", NULL);

  g_assert_cmpuint (blanks->locations->len, ==, 3);
  g_assert_true (g_array_index (blanks->pairs, ToolPair, 0).same);
  g_assert_false (g_array_index (blanks->pairs, ToolPair, 1).same);
  assert_pair (blanks, 1, "b.jpg", "c.jpg");
  assert_pair (tabs, 0, "a b.jpg", "c,d.jpg");
  g_assert_cmpuint (commas->pairs->len, ==, 1);
  assert_pair (commas, 0, "a b.jpg", "c.jpg");
}

static void
test_absolute_paths_stay (void)
{
  g_autoptr (ToolPairs) pairs = load ("/a.jpg /b.jpg 1\n", NULL);

  g_assert_cmpstr (g_ptr_array_index (pairs->locations, 0), ==, "/a.jpg");
}

static void
test_folds_are_dealt_out (void)
{
  g_autoptr (ToolPairs) pairs = load ("a b 1\na c 1\na d 1\na e 0\na f 0\n"
      "a g 1\n", NULL);
  static const guint wanted[] = { 0, 1, 0, 0, 1, 1 };

  tool_pairs_fold (pairs, 10);
  g_assert_cmpuint (pairs->n_folds, ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    g_assert_cmpuint (g_array_index (pairs->pairs, ToolPair, i).fold, ==,
        wanted[i]);
}

static void
test_faults_are_named_with_their_line (void)
{
  assert_fails ("", FACENET_ERROR_MISSING, "no pairs");
  assert_fails ("10 300\n", FACENET_ERROR_MISSING, "no pairs");
  assert_fails ("1 2\nA 1 2\n", FACENET_ERROR_TRUNCATED,
      "the first line announces 4 pairs, got 1");
  assert_fails ("1\nA 1 2\nA 1 B 1\nA 1 C 1\n", FACENET_ERROR_FORMAT,
      "the first line announces 2 pairs, got 3");
  assert_fails ("a.jpg b.jpg 1\na.jpg b.jpg\n", FACENET_ERROR_FORMAT,
      "line 2: expected two images and");
  assert_fails ("a.jpg b.jpg 1\na.jpg b.jpg 2\n", FACENET_ERROR_FORMAT,
      "line 2: the third field must be 1 (same person) or 0, got \"2\"");
  assert_fails ("1\nA 1 2\nA 1 B x\n", FACENET_ERROR_FORMAT, "line 3: ");
  assert_fails ("1\nA 1 0\nA 1 B 2\n", FACENET_ERROR_FORMAT, "line 2: ");
  assert_fails ("2000 1\nA 1 2\n", FACENET_ERROR_LIMIT, "2000 folds");
}

static void
test_binary_and_missing_files_are_refused (void)
{
  g_autofree gchar *location = g_build_filename (folder, "no.txt", NULL);
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) binary = NULL;

  g_assert_null (tool_pairs_load (location, NULL, &missing));
  g_assert_error (missing, FACENET_ERROR, FACENET_ERROR_OPEN);
  g_assert_true (g_file_set_contents (location, "a\0b", 3, NULL));
  g_assert_null (tool_pairs_load (location, NULL, &binary));
  g_assert_error (binary, FACENET_ERROR, FACENET_ERROR_FORMAT);
  g_unlink (location);
}

gint
main (gint argc, gchar ** argv)
{
  gint status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("facenet-pairs-XXXXXX", NULL);
  g_test_add_func ("/pairs/lfw-has-folds", test_lfw_has_folds);
  g_test_add_func ("/pairs/lfw-may-have-no-folds", test_lfw_may_have_no_folds);
  g_test_add_func ("/pairs/lfw-takes-png-where-there-is-one",
      test_lfw_takes_png_where_there_is_one);
  g_test_add_func ("/pairs/plain-lists-have-any-separator",
      test_plain_lists_have_any_separator);
  g_test_add_func ("/pairs/absolute-paths-stay", test_absolute_paths_stay);
  g_test_add_func ("/pairs/folds-are-dealt-out", test_folds_are_dealt_out);
  g_test_add_func ("/pairs/faults-are-named-with-their-line",
      test_faults_are_named_with_their_line);
  g_test_add_func ("/pairs/binary-and-missing-files-are-refused",
      test_binary_and_missing_files_are_refused);
  status = g_test_run ();
  g_rmdir (folder);
  g_free (folder);
  return status;
}
