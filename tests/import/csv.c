/* csv.c - weights in a folder of CSV files
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "import/facenet-import-private.h"
#include "import/facenet-import.h"

#include "network/facenet-model-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

typedef struct
{
  gchar *folder;
} Fixture;

static void
set_up (Fixture * self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("facenet-csv-XXXXXX", NULL);
}

static void
tear_down (Fixture * self, gconstpointer data)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (folder)) != NULL) {
    g_autofree gchar *path = g_build_filename (self->folder, name, NULL);

    g_assert_cmpint (g_remove (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
}

static void
put (Fixture * self, const gchar * name, const gchar * text)
{
  g_autofree gchar *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static FacenetWeights *
load (Fixture * self)
{
  g_autoptr (GError) error = NULL;
  FacenetWeights *weights = facenet_import_weights (self->folder, &error);

  g_assert_no_error (error);
  return weights;
}

static void
assert_refused (Fixture * self, gint code, const gchar * words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (facenet_import_weights (self->folder, &error));
  g_assert_error (error, FACENET_ERROR, code);
  g_assert_true (g_str_has_prefix (error->message, self->folder));
  if (strstr (error->message, words) == NULL) {
    g_error ("\"%s\" is not in: %s", words, error->message);
  }
}

static void
test_values_may_stand_in_any_lines (Fixture * self, gconstpointer data)
{
  const gfloat wanted[] = { 1.0f, -2.5f, 3e-3f, 4.0f };
  const gchar *texts[] = {
    "1,-2.5,3e-3,4", "1\n-2.5\n0.003\n4\n", "1,-2.5\n3e-03,4\n",
    " 1 , -2.5 ,\t3e-3\r\n4\r\n\r\n", "1 -2.5 3e-3 4",
    "\xef\xbb\xbf\n1,-2.5,3e-3,4\n", "1,\n-2.5,\n3e-3,\n4\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (FacenetWeights) weights = NULL;
    const FacenetTensor *tensor;

    put (self, "dense_w.csv", texts[i]);
    weights = load (self);
    tensor = facenet_weights_get (weights, "dense_w");
    g_assert_cmpuint (tensor->rank, ==, 1);
    g_assert_cmpmem (tensor->values, tensor->n_values * sizeof (gfloat),
        wanted, sizeof wanted);
  }
}

static void
test_other_files_are_passed_over (Fixture * self, gconstpointer data)
{
  g_autoptr (FacenetWeights) weights = NULL;
  g_autofree const gchar **names = NULL;

  put (self, "dense_b.csv", "1\n");
  put (self, "README.md", "words");
  put (self, "._dense_b.csv", "not\1text");
  put (self, "dense_b.csv.orig", "words");
  weights = load (self);
  names = facenet_weights_list (weights);
  g_assert_cmpstr (names[0], ==, "dense_b");
  g_assert_null (names[1]);
}

static void
test_bad_values_are_named (Fixture * self, gconstpointer data)
{
  const struct
  {
    const gchar *text;
    gint code;
    const gchar *words;
  } rows[] = {
    {"", FACENET_ERROR_TRUNCATED, "dense_b.csv: no values"},
    {" \n\n", FACENET_ERROR_TRUNCATED, "dense_b.csv: no values"},
    {"<!DOCTYPE HTML>\n", FACENET_ERROR_FORMAT,
        "dense_b.csv: line 1 has \"<!DOCTYPE HTML>\", expected a number"},
    {"1,2\n3,x\n", FACENET_ERROR_FORMAT, "line 2 has \"x\""},
    {"1,,2", FACENET_ERROR_FORMAT, "line 1 has \"\""},
    {"1,2,", FACENET_ERROR_FORMAT, "line 1 has \"\""},
    {",1", FACENET_ERROR_FORMAT, "line 1 has \"\""},
    {"1;2", FACENET_ERROR_FORMAT, "line 1 has \";2\""},
    {"1e", FACENET_ERROR_FORMAT, "line 1 has \"1e\""},
    {"0x10", FACENET_ERROR_FORMAT, "line 1 has \"0x10\""},
    {"1\n\xff\xfe", FACENET_ERROR_FORMAT, "line 2 has \"\\377\\376\""},
    {"1,nan", FACENET_ERROR_FORMAT, "dense_b: value 1 is not a number"},
    {"1,2,-inf", FACENET_ERROR_FORMAT, "dense_b: value 2 is infinite"},
    {"1e39", FACENET_ERROR_FORMAT, "dense_b: value 0 is infinite"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    put (self, "dense_b.csv", rows[i].text);
    assert_refused (self, rows[i].code, rows[i].words);
  }
}

static void
test_folder_without_tensors_is_no_model (Fixture * self, gconstpointer data)
{
  assert_refused (self, FACENET_ERROR_OPEN, "is a folder, expected a model");
  put (self, "a.txt", "1");
  assert_refused (self, FACENET_ERROR_OPEN, "a folder of CSV files");
}

static void
test_unreadable_file_is_named (Fixture * self, gconstpointer data)
{
  g_autofree gchar *inner = g_build_filename (self->folder, "a.csv", NULL);

  g_assert_cmpint (g_mkdir (inner, 0700), ==, 0);
  assert_refused (self, FACENET_ERROR_OPEN, "/a.csv: is a folder");
}

/* One line for each row of the first dimension, every digit that counts. */
static void
put_tensor (Fixture * self, const FacenetTensor * tensor)
{
  g_autofree gchar *file = g_strconcat (tensor->name, ".csv", NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  gsize row = tensor->n_values / tensor->dims[0];

  for (gsize i = 0; i < tensor->n_values; i++) {
    gchar number[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd (number, sizeof number, "%.9g",
        (gdouble) tensor->values[i]);
    g_string_append (text, number);
    g_string_append_c (text, (i + 1) % row == 0 ? '\n' : ',');
  }
  put (self, file, text->str);
}

static void
put_shipped_model (Fixture * self)
{
  g_autoptr (FacenetWeights) weights =
      facenet_weights_load (g_getenv ("FACENET_MODEL"), NULL);
  g_autofree const gchar **names = facenet_weights_list (weights);

  for (guint i = 0; names[i] != NULL; i++) {
    put_tensor (self, facenet_weights_get (weights, names[i]));
  }
}

static void
assert_no_model (Fixture * self, gint code, const gchar * words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (facenet_import_model (self->folder, NULL, &error));
  g_assert_error (error, FACENET_ERROR, code);
  if (strstr (error->message, words) == NULL) {
    g_error ("\"%s\" is not in: %s", words, error->message);
  }
}

static void
test_shipped_model_has_the_same_id_until_a_file_changes (Fixture * self,
    gconstpointer data)
{
  g_autoptr (FacenetModel) shipped = facenet_model_load (NULL, NULL, NULL);
  g_autoptr (FacenetModel) model = NULL;
  g_autoptr (FacenetModel) changed = NULL;
  g_autofree gchar *path = g_build_filename (self->folder, "dense_b.csv",
      NULL);
  g_autofree gchar *id = NULL;
  g_autofree gchar *text = NULL;
  g_autoptr (GError) error = NULL;

  put_shipped_model (self);
  model = facenet_import_model (self->folder, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (facenet_model_get_id (model), ==,
      facenet_model_get_id (shipped));

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  strchr (text, '.')[1] ^= 1;
  g_assert_true (g_file_set_contents_full (path, text, -1,
          G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  changed = facenet_import_model (self->folder, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (facenet_model_get_id (changed), !=,
      facenet_model_get_id (model));
  id = facenet_import_compute_id (model, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, facenet_model_get_id (changed));
}

static void
test_tensors_are_checked_against_the_network (Fixture * self,
    gconstpointer data)
{
  g_autoptr (GString) zeros = g_string_new (NULL);

  put (self, "conv1_w.csv", "1,2,3\n");
  assert_no_model (self, FACENET_ERROR_SHAPE,
      "/conv1_w: shape [3], nn4.small2 needs [64,3,7,7]");
  for (guint i = 0; i < 64 * 3 * 7 * 7; i++) {
    g_string_append (zeros, "0\n");
  }
  put (self, "conv1_w.csv", zeros->str);
  assert_no_model (self, FACENET_ERROR_MISSING,
      "/conv1_b: is missing; nn4.small2 needs it with shape [64]");
}

#define ADD(name, func) \
    g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/csv/values-may-stand-in-any-lines",
      test_values_may_stand_in_any_lines);
  ADD ("/csv/other-files-are-passed-over", test_other_files_are_passed_over);
  ADD ("/csv/bad-values-are-named", test_bad_values_are_named);
  ADD ("/csv/folder-without-tensors-is-no-model",
      test_folder_without_tensors_is_no_model);
  ADD ("/csv/unreadable-file-is-named", test_unreadable_file_is_named);
  ADD ("/csv/tensors-are-checked-against-the-network",
      test_tensors_are_checked_against_the_network);
  ADD ("/csv/shipped-model-has-the-same-id-until-a-file-changes",
      test_shipped_model_has_the_same_id_until_a_file_changes);
  return g_test_run ();
}
