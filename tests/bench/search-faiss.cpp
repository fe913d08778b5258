/* search-faiss.cpp - the matcher against FAISS and against BLAS
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 *   search-faiss [ROWS [ROUNDS]]
 *
 * Searches ROWS random unit vectors of 128 floats, by default a million, for 1
 * and for 16 probes, with everybody taking turns, and prints the least time of
 * each in ms. All must find the same. read is a plain read of the same bytes.
 */
#include <facenet/facenet.h>

#include <cblas.h>
#include <faiss/IndexFlat.h>
#include <omp.h>
#include <thread>
#include <vector>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

static const guint n_dims = 128;
static const guint max_probes = 16;

typedef long long Line __attribute__((vector_size (64)));

struct State {
  guint n_rows;
  FacenetGallery *gallery;
  const gfloat *rows;
  std::vector<gfloat> probes;
  faiss::IndexFlatL2 *index;
  std::vector<gfloat> products;
  std::vector<gint64> found;
};

static void
fill (gfloat *row, GRand *random)
{
  gdouble sum = 0;

  for (guint i = 0; i < n_dims; i++) {
    gdouble x = 0;

    for (guint j = 0; j < 3; j++)
      x += g_rand_double_range (random, -1, 1);
    row[i] = (gfloat) x;
    sum += x * x;
  }
  for (guint i = 0; i < n_dims; i++)
    row[i] = (gfloat) (row[i] / std::sqrt (sum));
}

/* Reads bytes [begin, end) as fast as one core can. */
__attribute__((target_clones ("avx512f", "avx2", "default")))
static void
read_part (const gfloat *rows, gsize n, Line *result)
{
  const Line *lines = (const Line *) rows;
  Line a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 };

  for (gsize i = 0; i + 4 <= n / 16; i += 4) {
    a |= lines[i];
    b |= lines[i + 1];
    c |= lines[i + 2];
    d |= lines[i + 3];
  }
  *result = a | b | c | d;
}

static gdouble
read_all (State &state, guint n_threads)
{
  gint64 begin = g_get_monotonic_time ();
  std::vector<std::thread> threads;
  static Line results[64];
  gsize share = (gsize) state.n_rows / n_threads * n_dims;

  for (guint i = 1; i < n_threads; i++)
    threads.emplace_back (read_part, state.rows + i * share, share,
        &results[i]);
  read_part (state.rows, share, &results[0]);
  for (auto &thread : threads)
    thread.join ();
  return (g_get_monotonic_time () - begin) / 1e3;
}

static gdouble
search_facenet (State &state, guint n_probes, guint n_threads)
{
  FacenetMatchPolicy policy = { FACENET_METRIC_SQUARED_L2, 0, 0, 0, NULL, 1 };
  FacenetVerdict verdicts[max_probes];
  FacenetCandidate candidates[max_probes];
  gint64 begin = g_get_monotonic_time ();

  facenet_match_set_max_threads (n_threads);
  facenet_gallery_match (state.gallery, &policy, state.probes.data (),
      n_probes, verdicts, candidates);
  gdouble ms = (g_get_monotonic_time () - begin) / 1e3;
  for (guint i = 0; i < n_probes; i++)
    state.found[i] = candidates[i].identity;
  return ms;
}

static gdouble
search_faiss (State &state, guint n_probes, guint n_threads)
{
  gfloat distances[max_probes];
  faiss::Index::idx_t labels[max_probes];
  gint64 begin = g_get_monotonic_time ();

  omp_set_num_threads ((int) n_threads);
  state.index->search (n_probes, state.probes.data (), 1, distances, labels);
  gdouble ms = (g_get_monotonic_time () - begin) / 1e3;
  for (guint i = 0; i < n_probes; i++)
    state.found[i] = labels[i];
  return ms;
}

/* One product of everything, and the greatest of each column. */
static gdouble
search_blas (State &state, guint n_probes, guint n_threads)
{
  gint64 begin = g_get_monotonic_time ();

  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int) n_probes,
      (int) state.n_rows, n_dims, 1.0f, state.probes.data (), n_dims,
      state.rows, n_dims, 0.0f, state.products.data (), (int) state.n_rows);
  for (guint i = 0; i < n_probes; i++)
    state.found[i] = (gint64) cblas_isamax ((int) state.n_rows,
        state.products.data () + (gsize) i * state.n_rows, 1);
  return (g_get_monotonic_time () - begin) / 1e3;
}

static void
build (State &state)
{
  FacenetGalleryModel model = { "bench", "bench", "rgb-96-unit", n_dims };
  GRand *random = g_rand_new_with_seed (1);
  gfloat row[n_dims];

  state.gallery = facenet_gallery_new (&model);
  for (guint i = 0; i < state.n_rows; i++) {
    FacenetEnrolment enrolment = { row, n_dims, NULL, NAN };
    gchar id[16];

    fill (row, random);
    g_snprintf (id, sizeof id, "p%07u", i);
    facenet_gallery_add (state.gallery, id, NULL, &enrolment, NULL);
  }
  state.rows = facenet_gallery_get_embeddings (state.gallery);
  state.index = new faiss::IndexFlatL2 (n_dims);
  state.index->add (state.n_rows, state.rows);
  state.probes.resize (max_probes * n_dims);
  for (guint i = 0; i < max_probes; i++) {
    /* Near somebody: where all are equally far, rounding decides who is the
     * nearest, and the three need not agree. */
    gfloat *probe = &state.probes[i * n_dims];

    fill (probe, random);
    for (guint j = 0; j < n_dims; j++)
      probe[j] = 0.3f * probe[j] + 0.95f * state.rows[(gsize) (i * 7919u
              % state.n_rows) * n_dims + j];
  }
  state.products.resize ((gsize) max_probes * state.n_rows);
  state.found.resize (max_probes);
  g_rand_free (random);
}

struct Contender {
  const char *name;
  gdouble (*search) (State &state, guint n_probes, guint n_threads);
  guint n_probes;
  guint n_threads;
};

int
main (int argc, char **argv)
{
  static const Contender contenders[] = {
    { "read", NULL, 0, 1 },
    { "facenet", search_facenet, 1, 1 },
    { "faiss", search_faiss, 1, 1 },
    { "read", NULL, 0, 2 },
    { "facenet", search_facenet, 1, 2 },
    { "faiss", search_faiss, 1, 2 },
    { "facenet", search_facenet, 16, 1 },
    { "faiss", search_faiss, 16, 1 },
    { "sgemm", search_blas, 16, 1 },
    { "facenet", search_facenet, 16, 2 },
    { "faiss", search_faiss, 16, 2 },
  };
  const guint n = G_N_ELEMENTS (contenders);
  gdouble least[n];
  State state;
  guint rounds = argc > 2 ? (guint) atoi (argv[2]) : 20;

  /* BLAS is to run with one thread; it reads this when it is loaded. */
  if (g_getenv ("OPENBLAS_NUM_THREADS") == NULL) {
    g_setenv ("OPENBLAS_NUM_THREADS", "1", TRUE);
    execv ("/proc/self/exe", argv);
  }
  state.n_rows = argc > 1 ? (guint) atoi (argv[1]) : 1000000;
  build (state);
  for (guint i = 0; i < n; i++)
    least[i] = INFINITY;
  for (guint round = 0; round < rounds; round++) {
    std::vector<gint64> nearest;

    for (guint i = 0; i < n; i++) {
      const Contender &who = contenders[i];
      gdouble ms = who.search == NULL ? read_all (state, who.n_threads)
          : who.search (state, who.n_probes, who.n_threads);

      least[i] = std::fmin (least[i], ms);
      if (who.search == NULL)
        continue;
      for (guint p = 0; p < who.n_probes; p++) {
        if (nearest.size () <= p)
          nearest.push_back (state.found[p]);
        if (nearest[p] != state.found[p]) {
          printf ("%s finds %lld for probe %u, others %lld\n", who.name,
              (long long) state.found[p], p, (long long) nearest[p]);
          return 1;
        }
      }
    }
  }
  printf ("%u rows of %u, %u rounds, kernels %s, BLAS %s, least ms\n",
      state.n_rows, n_dims, rounds, facenet_match_get_kernels (),
      "as linked");
  for (guint i = 0; i < n; i++)
    printf ("%-8s %2u probes %u threads %8.2f\n", contenders[i].name,
        contenders[i].n_probes, contenders[i].n_threads, least[i]);
  return 0;
}
