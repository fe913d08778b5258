/* session.c - embedding is exact, repeatable and allocates nothing
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "../count-allocations.h"
#include "generator.h"
#include "network/facenet-model-private.h"

#include <facenet/facenet-session.h>
#include <string.h>

#define N_FACES 7
#define N_DIMS 128

static FacenetModel *model;
static gfloat *faces;           /* [N_FACES, 3, 96, 96] */

#ifndef FACENET_SANITIZE
static void
test_embedding_allocates_nothing (void)
{
  g_autoptr (FacenetSession) session = facenet_session_new (model, 2);
  gfloat out[N_FACES * N_DIMS];
  gint before;

  facenet_session_embed (session, faces, N_FACES, out);
  before = g_atomic_int_get (&n_allocations);
  facenet_session_embed (session, faces, N_FACES, out);
  facenet_session_embed (session, faces, 1, out);
  g_assert_cmpint (g_atomic_int_get (&n_allocations), ==, before);
  g_free (g_malloc (1));
  g_assert_cmpint (g_atomic_int_get (&n_allocations), >, before);
}
#endif

static void
embed (guint n_threads, guint first, guint n, gfloat * out)
{
  g_autoptr (FacenetSession) session = facenet_session_new (model, n_threads);

  memset (out, 0xff, n * N_DIMS * sizeof *out);
  facenet_session_embed (session, faces + first * GENERATOR_FACE, n, out);
}

static void
test_batch_and_threads_do_not_change_a_bit (void)
{
  gfloat wanted[N_FACES * N_DIMS], found[N_FACES * N_DIMS];

  embed (1, 0, N_FACES, wanted);
  for (guint n_threads = 1; n_threads <= 5; n_threads++) {
    embed (n_threads, 0, N_FACES, found);
    g_assert_cmpmem (found, sizeof found, wanted, sizeof wanted);
    for (guint i = 0; i < N_FACES; i++)
      embed (n_threads, i, 1, found + i * N_DIMS);
    g_assert_cmpmem (found, sizeof found, wanted, sizeof wanted);
  }
}

/* What earlier faces left behind in the arena is never seen. */
static void
test_a_session_forgets (void)
{
  g_autoptr (FacenetSession) session = facenet_session_new (model, 2);
  gfloat wanted[N_FACES * N_DIMS], found[N_FACES * N_DIMS];

  facenet_session_embed (session, faces, N_FACES, wanted);
  for (guint i = N_FACES; i-- > 0;)
    facenet_session_embed (session, faces + i * GENERATOR_FACE, 1,
        found + i * N_DIMS);
  g_assert_cmpmem (found, sizeof found, wanted, sizeof wanted);
}

static void
test_embeddings_are_unit_vectors (void)
{
  gfloat out[N_FACES * N_DIMS];

  embed (1, 0, N_FACES, out);
  for (guint i = 0; i < N_FACES; i++) {
    gdouble sum = 0.0;

    for (guint j = 0; j < N_DIMS; j++)
      sum += (gdouble) out[i * N_DIMS + j] * (gdouble) out[i * N_DIMS + j];
    g_assert_cmpfloat_with_epsilon (sum, 1.0, 1e-6);
  }
}

static void
test_no_faces_is_no_error (void)
{
  g_autoptr (FacenetSession) session = facenet_session_new (model, 0);

  facenet_session_embed (session, NULL, 0, NULL);
  g_assert_cmpuint (facenet_session_get_n_threads (session), >=, 1);
  g_assert_true (facenet_session_get_model (session) == model);
}

static gpointer
embed_repeatedly (gpointer data)
{
  g_autoptr (FacenetSession) session = facenet_session_new (model, 2);
  gfloat wanted[N_FACES * N_DIMS], found[N_FACES * N_DIMS];

  facenet_session_embed (session, faces, N_FACES, wanted);
  for (guint i = 0; i < 5; i++) {
    facenet_session_embed (session, faces, N_FACES, found);
    g_assert_cmpmem (found, sizeof found, wanted, sizeof wanted);
  }
  return NULL;
}

static void
test_sessions_share_a_model_at_once (void)
{
  GThread *threads[3];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new (NULL, embed_repeatedly, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char **argv)
{
  g_autoptr (FacenetWeights) weights = NULL;
  int result;

  if (generator_skip_kernels ())
    return 0;
  g_test_init (&argc, &argv, NULL);
  weights = generator_weights (1);
  model = facenet_model_new (weights, NULL, NULL);
  g_assert_nonnull (model);
  faces = g_new (gfloat, N_FACES * GENERATOR_FACE);
  for (guint i = 0; i < N_FACES; i++)
    generator_image (1, i, faces + i * GENERATOR_FACE);

#ifndef FACENET_SANITIZE
  g_test_add_func ("/session/embedding-allocates-nothing",
      test_embedding_allocates_nothing);
#endif
  g_test_add_func ("/session/batch-and-threads-do-not-change-a-bit",
      test_batch_and_threads_do_not_change_a_bit);
  g_test_add_func ("/session/a-session-forgets", test_a_session_forgets);
  g_test_add_func ("/session/embeddings-are-unit-vectors",
      test_embeddings_are_unit_vectors);
  g_test_add_func ("/session/no-faces-is-no-error", test_no_faces_is_no_error);
  g_test_add_func ("/session/sessions-share-a-model-at-once",
      test_sessions_share_a_model_at_once);
  result = g_test_run ();
  facenet_model_unref (model);
  g_free (faces);
  return result;
}
