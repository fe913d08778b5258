/* gallery.c - how fast the matcher is on this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Searches a gallery of random unit vectors and takes turns with plain reads
 * of the same memory, which is as fast as a search can be. The least time of
 * many counts: whatever else the machine does only makes it slower.
 */
#include "gallery.h"

#include "common/console.h"
#include "base/facenet-json-writer.h"

#include <math.h>
#include <string.h>

#define N_DIMS 128
#define MAX_PROBES 16
#define MAX_EMBEDDINGS 2000000

typedef struct
{
  FacenetGallery *gallery;
  gfloat *probes;               /* [MAX_PROBES, N_DIMS] */
  gdouble seconds;              /* for each search */
} GalleryBench;

/* Times in ms of one kind of search and of the reads beside it. */
typedef struct
{
  guint n_probes;
  guint n_threads;
  GArray *searches;             /* of gdouble, sorted */
  gdouble read;
} Timing;

/* A cache line, at any address that a number may have. */
typedef guint64 CacheLine __attribute__((vector_size (64), aligned (8)));

/* Reads are to be limited by memory, not by narrow loads. Clang 14 cannot, and
 * a sanitizer is not ready when the choice is made. */
#if defined(__x86_64__) && !defined(__clang__) \
    && !defined(__SANITIZE_ADDRESS__)
#define CLONES __attribute__((target_clones ("avx512f", "avx2", "default")))
#else
#define CLONES
#endif

#define AHEAD 64                /* lines that are fetched ahead */

/* One thread's part of a plain read. */
typedef struct
{
  const guint8 *bytes;
  gsize size;
  guint64 result;
} Share;

CLONES static guint64
read_lines (const CacheLine * lines, gsize n)
{
  CacheLine a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 };
  guint64 result = 0;

  for (gsize i = 0; i + 4 <= n; i += 4) {
    for (guint j = 0; j < 4; j++)
      __builtin_prefetch (lines + i + AHEAD + j);
    a |= lines[i];
    b |= lines[i + 1];
    c |= lines[i + 2];
    d |= lines[i + 3];
  }
  a |= b | c | d;
  for (guint i = 0; i < 8; i++)
    result |= a[i];
  return result;
}

static gpointer
read_share (gpointer data)
{
  Share *self = data;

  self->result = read_lines ((const CacheLine *) (gconstpointer) self->bytes,
      self->size / sizeof (CacheLine));
  return NULL;
}

static gdouble
time_read (const GalleryBench * self, guint n_threads)
{
  const guint8 *bytes =
      (const guint8 *) facenet_gallery_get_embeddings (self->gallery);
  gsize size = (gsize) facenet_gallery_get_n_embeddings (self->gallery)
      * N_DIMS * sizeof (gfloat) / n_threads;
  g_autofree Share *shares = g_new0 (Share, n_threads);
  g_autofree GThread **threads = g_new (GThread *, n_threads);
  gint64 begin = g_get_monotonic_time ();

  for (guint i = 0; i < n_threads; i++) {
    shares[i].bytes = bytes + i * size;
    shares[i].size = size;
    if (i > 0)
      threads[i] = g_thread_new ("read", read_share, &shares[i]);
  }
  read_share (&shares[0]);
  for (guint i = 1; i < n_threads; i++)
    g_thread_join (threads[i]);
  return (gdouble) (g_get_monotonic_time () - begin) / 1000;
}

static gdouble
time_search (const GalleryBench * self, guint n_probes, guint n_threads)
{
  FacenetMatchPolicy policy = {.top_k = 1 };
  FacenetVerdict verdicts[MAX_PROBES];
  FacenetCandidate candidates[MAX_PROBES];
  gint64 begin;

  facenet_match_set_max_threads (n_threads);
  begin = g_get_monotonic_time ();
  facenet_gallery_match (self->gallery, &policy, self->probes, n_probes,
      verdicts, candidates);
  return (gdouble) (g_get_monotonic_time () - begin) / 1000;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  const gdouble *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

static void
measure (const GalleryBench * self, Timing * timing)
{
  gint64 end = g_get_monotonic_time () + (gint64) (self->seconds * 1e6);

  timing->read = (gdouble) INFINITY;
  timing->searches = g_array_new (FALSE, FALSE, sizeof (gdouble));
  while (timing->searches->len < 3 || g_get_monotonic_time () < end) {
    gdouble ms = time_search (self, timing->n_probes, timing->n_threads);

    g_array_append_val (timing->searches, ms);
    timing->read = MIN (timing->read, time_read (self, timing->n_threads));
  }
  g_array_sort (timing->searches, compare);
}

static void
print_timing (const Timing * timing, GString * json)
{
  gdouble least = g_array_index (timing->searches, gdouble, 0);
  gdouble median =
      g_array_index (timing->searches, gdouble, timing->searches->len / 2);
  gdouble rate = timing->n_probes * 1000 / least;

  if (json == NULL) {
    g_print ("%2u faces, %u threads: %8.2f ms (median %.2f), a read %.2f ms "
        "(%.0f %%), %.0f faces per second\n", timing->n_probes,
        timing->n_threads, least, median, timing->read,
        100 * timing->read / least, rate);
    return;
  }
  facenet_json_open_object (json, NULL);
  facenet_json_add_uint (json, "faces", timing->n_probes);
  facenet_json_add_uint (json, "threads", timing->n_threads);
  facenet_json_add_double (json, "ms_min", least);
  facenet_json_add_double (json, "ms_median", median);
  facenet_json_add_double (json, "read_ms_min", timing->read);
  facenet_json_add_double (json, "read_ratio", timing->read / least);
  facenet_json_add_double (json, "faces_per_second", rate);
  facenet_json_close_object (json);
}

static void
fill (GRand * random, gfloat * vector)
{
  for (guint i = 0; i < N_DIMS; i++)
    vector[i] = (gfloat) g_rand_double_range (random, -1, 1);
}

static gboolean
bench_build (GalleryBench * self, guint n, GError ** error)
{
  FacenetGalleryModel model = { "bench", "bench", "rgb-96-unit", N_DIMS };
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  gfloat vector[N_DIMS];
  FacenetEnrolment enrolment = { vector, N_DIMS, NULL, (gdouble) NAN };

  self->gallery = facenet_gallery_new (&model);
  for (guint i = 0; i < n; i++) {
    gchar id[16];

    if (i % 10000 == 0)
      tool_progress (i, n, "making embeddings");
    fill (random, vector);
    g_snprintf (id, sizeof id, "%u", i);
    if (!facenet_gallery_add (self->gallery, id, NULL, &enrolment, error))
      return FALSE;
  }
  tool_progress_end ();
  self->probes = g_new (gfloat, MAX_PROBES * N_DIMS);
  for (guint i = 0; i < MAX_PROBES; i++) {
    gdouble sum = 0;

    fill (random, self->probes + i * N_DIMS);
    for (guint j = 0; j < N_DIMS; j++)
      sum += pow ((gdouble) self->probes[i * N_DIMS + j], 2);
    for (guint j = 0; j < N_DIMS; j++)
      self->probes[i * N_DIMS + j] /= (gfloat) sqrt (sum);
  }
  return TRUE;
}

static void
bench_run (GalleryBench * self, guint n, guint n_threads, gboolean as_json)
{
  static const guint probes[] = { 1, MAX_PROBES };
  g_autoptr (GString) json = as_json ? g_string_new (NULL) : NULL;

  if (json) {
    facenet_json_open_object (json, NULL);
    facenet_json_add_uint (json, "gallery", n);
    facenet_json_add_string (json, "kernels", facenet_match_get_kernels ());
    facenet_json_open_array (json, "searches");
  } else {
    g_print ("%u embeddings, kernels %s\n", n, facenet_match_get_kernels ());
  }
  for (guint i = 0; i < G_N_ELEMENTS (probes); i++) {
    for (guint t = 1; t <= n_threads; t += MAX (n_threads - 1, 1)) {
      Timing timing = { probes[i], t, NULL, 0 };

      measure (self, &timing);
      print_timing (&timing, json);
      g_array_unref (timing.searches);
    }
  }
  if (json) {
    facenet_json_close_array (json);
    facenet_json_close_object (json);
    tool_print_line (json->str);
  }
}

gboolean
tool_bench_gallery (const ToolBenchGallery * self, const ToolOptions * options,
    GError ** error)
{
  GalleryBench bench = { NULL, NULL, self->seconds };
  guint n_cores = g_get_num_processors ();
  guint n_threads = self->n_threads > 0 ? MIN (self->n_threads, n_cores)
      : n_cores;
  gboolean ok;

  if (self->n_embeddings < 1 || self->n_embeddings > MAX_EMBEDDINGS) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--gallery: expected 1 to %d embeddings, got %d", MAX_EMBEDDINGS,
        self->n_embeddings);
    return FALSE;
  }
  ok = bench_build (&bench, (guint) self->n_embeddings, error);
  if (ok)
    bench_run (&bench, (guint) self->n_embeddings, n_threads, options->json);
  facenet_gallery_unref (bench.gallery);
  g_free (bench.probes);
  return ok;
}
