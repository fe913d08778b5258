/* convert.c - conversion checks all, keeps all, and destroys nothing
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "../network/generator.h"
#include "import/facenet-import.h"
#include "weights/facenet-weights-private.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  gchar *folder;
  gchar *in;
  gchar *out;
  FacenetWeights *weights;
} Fixture;

static void
set_up (Fixture * fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("facenet-convert-XXXXXX", NULL);
  fixture->in = g_build_filename (fixture->folder, "in", NULL);
  fixture->out = g_build_filename (fixture->folder, "out", NULL);
  fixture->weights = generator_weights (1);
  g_assert_true (facenet_weights_save (fixture->weights, fixture->in,
          FACENET_DTYPE_F32, NULL));
}

static void
tear_down (Fixture * fixture, gconstpointer data)
{
  g_remove (fixture->in);
  g_remove (fixture->out);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->in);
  g_free (fixture->out);
  g_free (fixture->folder);
  facenet_weights_free (fixture->weights);
}

/* Puts other weights in place of the file to convert. */
static void
save (Fixture * fixture)
{
  g_assert_true (facenet_weights_save (fixture->weights, fixture->in,
          FACENET_DTYPE_F32, NULL));
}

static gchar *
convert (Fixture * fixture, const gchar * network, FacenetDtype dtype)
{
  g_autoptr (GError) error = NULL;
  gchar *id = NULL;

  facenet_import_convert (fixture->in, fixture->out, network, dtype, &id,
      &error);
  g_assert_no_error (error);
  return id;
}

static void
assert_refused (Fixture * fixture, FacenetDtype dtype, FacenetError code,
    const gchar * words)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *id = NULL;

  g_assert_false (facenet_import_convert (fixture->in, fixture->out, NULL,
          dtype, &id, &error));
  g_assert_error (error, FACENET_ERROR, (gint) code);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (id);
}

static FacenetModel *
load_out (Fixture * fixture)
{
  g_autoptr (GError) error = NULL;
  FacenetModel *model = facenet_model_load (fixture->out, NULL, &error);

  g_assert_no_error (error);
  return model;
}

static void
test_f32_keeps_the_id (Fixture * fixture, gconstpointer data)
{
  g_autoptr (FacenetModel) before =
      facenet_model_load (fixture->in, NULL, NULL);
  g_autofree gchar *id = convert (fixture, NULL, FACENET_DTYPE_F32);
  g_autoptr (FacenetModel) after = load_out (fixture);
  g_autofree gchar *computed = facenet_model_compute_id (after, NULL);

  g_assert_cmpstr (id, ==, facenet_model_get_id (before));
  g_assert_cmpstr (id, ==, computed);
  g_assert_cmpstr (id, ==, facenet_model_get_metadata (after, "id"));
  g_assert_cmpuint (facenet_model_get_parameters (after), ==, 3743280);
}

static void
test_f16_is_another_model (Fixture * fixture, gconstpointer data)
{
  g_autofree gchar *first = convert (fixture, NULL, FACENET_DTYPE_F32);
  g_autofree gchar *id = convert (fixture, NULL, FACENET_DTYPE_F16);
  g_autoptr (FacenetModel) after = load_out (fixture);
  g_autofree gchar *computed = facenet_model_compute_id (after, NULL);

  g_assert_cmpstr (id, !=, first);
  g_assert_cmpstr (id, ==, computed);
  g_assert_cmpstr (id, ==, facenet_model_get_id (after));
}

/* Rounding twice is rounding once, and the wider type adds nothing. */
static void
test_halves_keep_their_id (Fixture * fixture, gconstpointer data)
{
  g_autofree gchar *first = convert (fixture, NULL, FACENET_DTYPE_F16);
  g_autofree gchar *again = NULL;
  g_autofree gchar *wide = NULL;

  g_assert_cmpint (g_rename (fixture->out, fixture->in), ==, 0);
  again = convert (fixture, NULL, FACENET_DTYPE_F16);
  wide = convert (fixture, NULL, FACENET_DTYPE_F32);
  g_assert_cmpstr (first, ==, again);
  g_assert_cmpstr (first, ==, wide);
}

static void
test_metadata_is_kept_and_completed (Fixture * fixture, gconstpointer data)
{
  g_autofree gchar *id = NULL;
  g_autoptr (FacenetModel) model = NULL;

  facenet_weights_set_metadata (fixture->weights, "license", "any");
  facenet_weights_set_metadata (fixture->weights, "threshold", "0.5");
  save (fixture);
  id = convert (fixture, NULL, FACENET_DTYPE_F32);
  model = load_out (fixture);
  g_assert_cmpstr (facenet_model_get_metadata (model, "license"), ==, "any");
  g_assert_cmpstr (facenet_model_get_metadata (model, "threshold"), ==, "0.5");
  g_assert_cmpstr (facenet_model_get_metadata (model, "network"), ==,
      "nn4.small2");
  g_assert_cmpstr (facenet_model_get_metadata (model, "name"), ==,
      "nn4.small2");
  g_assert_cmpstr (facenet_model_get_metadata (model, "preprocess"), ==,
      "rgb-96-unit");
}

static void
test_stated_id_is_not_believed (Fixture * fixture, gconstpointer data)
{
  g_autofree gchar *first = convert (fixture, NULL, FACENET_DTYPE_F32);
  g_autofree gchar *wrong = g_strnfill (64, 'a');
  g_autofree gchar *id = NULL;

  facenet_weights_set_metadata (fixture->weights, "id", wrong);
  save (fixture);
  id = convert (fixture, NULL, FACENET_DTYPE_F32);
  g_assert_cmpstr (id, ==, first);
}

static void
test_network_is_the_one_asked_for (Fixture * fixture, gconstpointer data)
{
  g_autofree gchar *plain = convert (fixture, NULL, FACENET_DTYPE_F32);
  g_autofree gchar *id = convert (fixture, "facereco", FACENET_DTYPE_F32);
  g_autoptr (FacenetModel) model = load_out (fixture);

  g_assert_cmpstr (id, !=, plain);
  g_assert_cmpstr (facenet_model_get_network (model), ==, "facereco");
  g_assert_cmpstr (facenet_model_get_id (model), ==, id);
}

static void
test_the_input_is_not_overwritten (Fixture * fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FacenetModel) model = NULL;

  /* By its own name, then through a link. */
  g_assert_false (facenet_import_convert (fixture->in, fixture->in, NULL,
          FACENET_DTYPE_F16, NULL, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_OPEN);
  g_assert_cmpint (symlink (fixture->in, fixture->out), ==, 0);
  assert_refused (fixture, FACENET_DTYPE_F16, FACENET_ERROR_OPEN,
      "is the file to read");
  model = facenet_model_load (fixture->in, NULL, NULL);
  g_assert_nonnull (model);
}

static void
test_what_is_refused_leaves_the_output (Fixture * fixture, gconstpointer data)
{
  const FacenetTensor *tensor =
      facenet_weights_get (fixture->weights, "dense_w");
  g_autofree gchar *contents = NULL;
  guint32 one = 1;

  g_assert_true (g_file_set_contents (fixture->out, "old", -1, NULL));
  tensor->values[3] = 70000.0f;
  save (fixture);
  assert_refused (fixture, FACENET_DTYPE_F16, FACENET_ERROR_LIMIT,
      "dense_w: value 3");
  facenet_weights_take (fixture->weights, "extra", 1, &one, g_new0 (gfloat, 1),
      NULL);
  save (fixture);
  assert_refused (fixture, FACENET_DTYPE_F32, FACENET_ERROR_FORMAT, "extra");
  g_assert_true (g_file_get_contents (fixture->out, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "old");
}

static void
test_output_that_cannot_be_written (Fixture * fixture, gconstpointer data)
{
  g_free (fixture->out);
  fixture->out = g_build_filename (fixture->folder, "no", "out", NULL);
  assert_refused (fixture, FACENET_DTYPE_F32, FACENET_ERROR_OPEN, "no/out");
}

#define ADD(name, func) \
    g_test_add ("/convert/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("f32-keeps-the-id", test_f32_keeps_the_id);
  ADD ("f16-is-another-model", test_f16_is_another_model);
  ADD ("halves-keep-their-id", test_halves_keep_their_id);
  ADD ("metadata-is-kept-and-completed", test_metadata_is_kept_and_completed);
  ADD ("stated-id-is-not-believed", test_stated_id_is_not_believed);
  ADD ("network-is-the-one-asked-for", test_network_is_the_one_asked_for);
  ADD ("the-input-is-not-overwritten", test_the_input_is_not_overwritten);
  ADD ("what-is-refused-leaves-the-output",
      test_what_is_refused_leaves_the_output);
  ADD ("output-that-cannot-be-written", test_output_that_cannot_be_written);
  return g_test_run ();
}
