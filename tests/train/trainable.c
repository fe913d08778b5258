/* trainable.c - passes there and back: threads, frozen blocks, weights out
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "../count-allocations.h"
#include "../network/generator.h"
#include "network/facenet-model-private.h"
#include "train/facenet-trainable-private.h"

#include <facenet/facenet-session.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define SEED 1
#define N 9                     /* faces: chunks of 4, 4 and 1 */
#define N_DIMS 128

/* All gradients of a pass, one after the other. */
typedef struct
{
  gfloat embeddings[N * N_DIMS];
  GArray *gradients;
} Result;

static gfloat *
make_faces (void)
{
  gfloat *faces = g_new (gfloat, N * GENERATOR_FACE);

  for (guint i = 0; i < N; i++)
    generator_image (SEED, i, faces + i * GENERATOR_FACE);
  return faces;
}

static FacenetTrainable *
make_trainable (const gchar * from, guint max_batch, guint n_threads)
{
  FacenetTrainableOptions options = { NULL, from, max_batch, n_threads };
  FacenetTrainable *trainable =
      facenet_trainable_new (generator_weights (SEED), &options, NULL);

  g_assert_nonnull (trainable);
  return trainable;
}

static void
run (FacenetTrainable * trainable, guint n, Result * result)
{
  g_autofree gfloat *faces = make_faces ();
  gfloat c[N * N_DIMS];

  generator_uniform ("loss", SEED, c, N * N_DIMS);
  memset (result->embeddings, 0, sizeof result->embeddings);
  memcpy (result->embeddings, facenet_trainable_forward (trainable, faces, n),
      n * N_DIMS * sizeof (gfloat));
  facenet_trainable_backward (trainable, c);
  result->gradients = g_array_new (FALSE, FALSE, sizeof (gfloat));
  for (guint i = 0; i < facenet_trainable_get_n_parameters (trainable); i++) {
    const FacenetParameter *parameter =
        facenet_trainable_get_parameter (trainable, i);

    g_array_append_vals (result->gradients, parameter->gradient,
        (guint) parameter->n_values);
  }
}

static void
assert_same (const Result * a, const Result * b)
{
  g_assert_cmpmem (a->embeddings, sizeof a->embeddings, b->embeddings,
      sizeof b->embeddings);
  g_assert_cmpmem (a->gradients->data, a->gradients->len * sizeof (gfloat),
      b->gradients->data, b->gradients->len * sizeof (gfloat));
}

static void
test_forward_is_what_a_session_embeds (void)
{
  g_autoptr (FacenetTrainable) trainable = make_trainable (NULL, N, 2);
  g_autoptr (FacenetModel) model =
      facenet_model_new (facenet_trainable_get_weights (trainable), NULL, NULL);
  g_autoptr (FacenetSession) session = facenet_session_new (model, 1);
  g_autofree gfloat *faces = make_faces ();
  gfloat wanted[N * N_DIMS];
  const gfloat *found = facenet_trainable_forward (trainable, faces, N);

  facenet_session_embed (session, faces, N, wanted);
  for (guint i = 0; i < N * N_DIMS; i++)
    g_assert_cmpfloat_with_epsilon (found[i], wanted[i], 2e-6f);
}

static void
test_any_number_of_threads_gives_the_same_bytes (gconstpointer data)
{
  g_autoptr (FacenetTrainable) one = make_trainable (data, N, 1);
  Result wanted;

  run (one, N, &wanted);
  for (guint n_threads = 2; n_threads <= 3; n_threads++) {
    g_autoptr (FacenetTrainable) more = make_trainable (data, N, n_threads);
    Result found;

    g_assert_cmpuint (facenet_trainable_get_n_threads (more), ==, n_threads);
    run (more, N, &found);
    assert_same (&found, &wanted);
    g_array_unref (found.gradients);
  }
  g_array_unref (wanted.gradients);
}

#ifndef FACENET_SANITIZE
/* From the second pass on: BLAS gets its work buffers with the first. */
static void
test_passes_allocate_nothing (gconstpointer data)
{
  g_autoptr (FacenetTrainable) trainable = make_trainable (data, N, 2);
  g_autofree gfloat *faces = make_faces ();
  gfloat c[N * N_DIMS];
  gint before;

  generator_uniform ("loss", SEED, c, N * N_DIMS);
  facenet_trainable_forward (trainable, faces, N);
  facenet_trainable_backward (trainable, c);
  before = g_atomic_int_get (&n_allocations);
  facenet_trainable_forward (trainable, faces, N);
  facenet_trainable_backward (trainable, c);
  g_assert_cmpint (g_atomic_int_get (&n_allocations), ==, before);
  g_free (g_malloc (1));
  g_assert_cmpint (g_atomic_int_get (&n_allocations), >, before);
}
#endif

static void
test_passes_leave_nothing_behind (void)
{
  g_autoptr (FacenetTrainable) fresh = make_trainable (NULL, N, 2);
  g_autoptr (FacenetTrainable) used = make_trainable (NULL, N + 20, 2);
  Result wanted, found;

  run (used, N, &found);
  g_array_unref (found.gradients);
  run (used, 1, &found);
  run (fresh, 1, &wanted);
  assert_same (&found, &wanted);
  g_array_unref (found.gradients);
  g_array_unref (wanted.gradients);
}

/* Frozen blocks may run on other kernels, which round otherwise, and here and
 * there a number is carried over a kink. */
static void
assert_near (const gfloat * found, const gfloat * wanted, gsize n)
{
  gdouble squares = 0.0, off = 0.0;

  for (gsize i = 0; i < n; i++) {
    squares += (gdouble) wanted[i] * (gdouble) wanted[i];
    off += pow ((gdouble) found[i] - (gdouble) wanted[i], 2.0);
  }
  g_assert_cmpfloat (sqrt (off / squares), <, 0.01);
}

static void
test_frozen_blocks_change_no_gradient (gconstpointer data)
{
  g_autoptr (FacenetTrainable) all = make_trainable (NULL, N, 2);
  g_autoptr (FacenetTrainable) some = make_trainable (data, N, 2);
  guint n_all = facenet_trainable_get_n_parameters (all);
  guint n_some = facenet_trainable_get_n_parameters (some);
  const FacenetParameter *first = facenet_trainable_get_parameter (some, 0);
  Result a, b;

  g_assert_true (g_str_has_prefix (first->name, data));
  g_assert_cmpuint (n_some, <, n_all);
  g_assert_cmpuint (facenet_trainable_get_size (some), <,
      facenet_trainable_get_size (all));
  run (all, N, &a);
  run (some, N, &b);
  for (guint i = 0; i < N * N_DIMS; i++)
    g_assert_cmpfloat_with_epsilon (b.embeddings[i], a.embeddings[i], 2e-6f);
  assert_near ((gfloat *) (gpointer) b.gradients->data,
      (gfloat *) (gpointer) a.gradients->data + a.gradients->len -
      b.gradients->len, b.gradients->len);
  for (guint i = 0; i < n_some; i++)
    g_assert_cmpstr (facenet_trainable_get_parameter (some, i)->name, ==,
        facenet_trainable_get_parameter (all, n_all - n_some + i)->name);
  g_array_unref (a.gradients);
  g_array_unref (b.gradients);
}

/* J = sum c e must fall by about step |dJ|² when values go against dJ. */
static void
test_a_step_against_the_gradient_lowers_the_loss (void)
{
  g_autoptr (FacenetTrainable) trainable = make_trainable (NULL, N, 2);
  gdouble before = 0.0, after = 0.0, squares = 0.0, step = 1e-7;
  gfloat c[N * N_DIMS];
  Result a, b;

  generator_uniform ("loss", SEED, c, N * N_DIMS);
  run (trainable, N, &a);
  for (guint i = 0; i < facenet_trainable_get_n_parameters (trainable); i++) {
    const FacenetParameter *p = facenet_trainable_get_parameter (trainable, i);

    for (gsize k = 0; k < p->n_values; k++) {
      squares += (gdouble) p->gradient[k] * (gdouble) p->gradient[k];
      p->values[k] -= (gfloat) step *p->gradient[k];
    }
  }
  run (trainable, N, &b);
  for (guint i = 0; i < N * N_DIMS; i++) {
    before += (gdouble) c[i] * (gdouble) a.embeddings[i];
    after += (gdouble) c[i] * (gdouble) b.embeddings[i];
  }
  g_assert_cmpfloat_with_epsilon ((before - after) / (step * squares), 1.0,
      0.1);
  g_array_unref (a.gradients);
  g_array_unref (b.gradients);
}

static void
test_unknown_blocks_are_named (gconstpointer data)
{
  FacenetTrainableOptions options = { NULL, data, 4, 1 };
  g_autoptr (GError) error = NULL;

  g_assert_null (facenet_trainable_new (generator_weights (SEED), &options,
          &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH);
  g_assert_nonnull (strstr (error->message, data));
  g_assert_nonnull (strstr (error->message, "inception_4e"));
}

static void
test_other_weights_are_refused (void)
{
  FacenetTrainableOptions options = { "nn9", NULL, 4, 1 };
  g_autoptr (GError) error = NULL;

  g_assert_null (facenet_trainable_new (generator_weights (SEED), &options,
          &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH);
  g_clear_error (&error);
  options.network = NULL;
  g_assert_null (facenet_trainable_new (facenet_weights_new ("empty"),
          &options, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISSING);
}

static void
test_saved_weights_are_another_model (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("facenet-XXXXXX", NULL);
  g_autofree gchar *file = g_build_filename (folder, "m.safetensors", NULL);
  FacenetTrainableOptions options = { NULL, "dense", 4, 1 };
  FacenetWeights *weights = generator_weights (SEED);
  g_autoptr (FacenetTrainable) trainable = NULL;
  g_autoptr (FacenetModel) before = NULL, after = NULL;
  g_autofree gchar *id = NULL;
  g_autoptr (GError) error = NULL;

  facenet_weights_set_metadata (weights, "license", "some");
  before = facenet_model_new (weights, NULL, NULL);
  facenet_weights_set_metadata (weights, "id", facenet_model_get_id (before));
  trainable = facenet_trainable_new (weights, &options, NULL);
  facenet_trainable_get_parameter (trainable, 1)->values[5] += 1.0f;
  g_assert_true (facenet_trainable_save (trainable, file, &error));
  g_assert_no_error (error);

  after = facenet_model_load (file, NULL, NULL);
  id = facenet_model_compute_id (after, NULL);
  g_assert_cmpstr (facenet_model_get_id (after), ==, id);
  g_assert_cmpstr (id, !=, facenet_model_get_id (before));
  g_assert_cmpstr (facenet_model_get_metadata (after, "license"), ==, "some");
  g_assert_cmpstr (facenet_model_get_metadata (after, "network"), ==,
      "nn4.small2");
  g_assert_null (facenet_weights_get_metadata (facenet_trainable_get_weights
          (trainable), "id"));

  facenet_trainable_get_parameter (trainable, 1)->values[5] = (gfloat) NAN;
  g_assert_false (facenet_trainable_save (trainable, file, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "dense_b: value 5 is"));
  g_unlink (file);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trainable/forward-is-what-a-session-embeds",
      test_forward_is_what_a_session_embeds);
  g_test_add_data_func
      ("/trainable/any-number-of-threads-gives-the-same-bytes", NULL,
      test_any_number_of_threads_gives_the_same_bytes);
  g_test_add_data_func
      ("/trainable/any-number-of-threads-gives-the-same-bytes/frozen",
      "inception_4e", test_any_number_of_threads_gives_the_same_bytes);
#ifndef FACENET_SANITIZE
  g_test_add_data_func ("/trainable/passes-allocate-nothing", NULL,
      test_passes_allocate_nothing);
  g_test_add_data_func ("/trainable/passes-allocate-nothing/frozen",
      "inception_4e", test_passes_allocate_nothing);
#endif
  g_test_add_func ("/trainable/passes-leave-nothing-behind",
      test_passes_leave_nothing_behind);
  g_test_add_data_func ("/trainable/frozen-blocks-change-no-gradient/4e",
      "inception_4e", test_frozen_blocks_change_no_gradient);
  g_test_add_data_func ("/trainable/frozen-blocks-change-no-gradient/dense",
      "dense", test_frozen_blocks_change_no_gradient);
  g_test_add_func ("/trainable/a-step-against-the-gradient-lowers-the-loss",
      test_a_step_against_the_gradient_lowers_the_loss);
  g_test_add_data_func ("/trainable/unknown-blocks-are-named", "inception_9z",
      test_unknown_blocks_are_named);
  g_test_add_data_func ("/trainable/blocks-after-all-weights-are-named",
      "norm", test_unknown_blocks_are_named);
  g_test_add_func ("/trainable/other-weights-are-refused",
      test_other_weights_are_refused);
  g_test_add_func ("/trainable/saved-weights-are-another-model",
      test_saved_weights_are_another_model);
  return g_test_run ();
}
