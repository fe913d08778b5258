/* nearest.c - the nearest identities of some probes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Whatever the loops, the number of probes and of threads: exactly what
 * comparing everything with everything finds.
 */
#include <facenet/facenet-metric.h>
#include <math.h>
#include <string.h>

#include "gallery/facenet-nearest-private.h"

#define N_PROBES 37

typedef struct
{
  FacenetGallery *gallery;
  gfloat *probes;               /* [N_PROBES, n_dims] */
  guint n_dims;
} Fixture;

static void
random_vector (GRand * random, gfloat * vector, guint n_dims)
{
  guint i;

  for (i = 0; i < n_dims; i++) {
    vector[i] = (gfloat) g_rand_double_range (random, -1, 1);
  }
  g_assert_null (facenet_gallery_normalise (vector, n_dims));
}

/* People of one to four embeddings; every tenth has another's face to the bit,
 * every seventh one that is hardly different. */
static void
set_up (Fixture * self, guint n_rows, guint n_dims)
{
  FacenetGalleryModel model = { "m", NULL, NULL, n_dims };
  g_autoptr (GRand) random = g_rand_new_with_seed (n_rows + n_dims);
  g_autofree gfloat *vector = g_new (gfloat, n_dims);
  FacenetEnrolment enrolment = { vector, n_dims, NULL, (gdouble) NAN };
  guint i, j, person = 0;

  self->n_dims = n_dims;
  self->gallery = facenet_gallery_new (&model);
  for (i = 0; i < n_rows; i++) {
    g_autofree gchar *id = NULL;

    person += g_rand_int_range (random, 0, 3) > 0;
    id = g_strdup_printf ("%u", person);
    random_vector (random, vector, n_dims);
    if (i > 0 && (i % 10 == 0 || i % 7 == 0))
      memcpy (vector, facenet_gallery_row (self->gallery, (guint)
              g_rand_int_range (random, 0, (gint32) i)),
          n_dims * sizeof (gfloat));
    if (i % 7 == 0)
      vector[0] += 1e-6f;
    g_assert_true (facenet_gallery_add (self->gallery, id, NULL, &enrolment,
            NULL));
  }
  self->probes = g_new (gfloat, N_PROBES * n_dims);
  for (i = 0; i < N_PROBES; i++) {
    gfloat *probe = self->probes + i * n_dims;

    random_vector (random, probe, n_dims);
    /* Some are in the gallery, some near somebody in it. */
    if (n_rows > 0 && i % 3 > 0) {
      const gfloat *row = facenet_gallery_row (self->gallery, (guint)
          g_rand_int_range (random, 0, (gint32) n_rows));

      for (j = 0; j < n_dims; j++) {
        probe[j] = i % 3 == 1 ? row[j] : 0.2f * probe[j] + row[j];
      }
    }
  }
  /* And some are no embeddings. */
  self->probes[4 * n_dims] = NAN;
  self->probes[5 * n_dims] = INFINITY;
  self->probes[6 * n_dims] = 1e30f;
  self->probes[7 * n_dims] = 30.0f;
}

static void
tear_down (Fixture * self)
{
  facenet_gallery_unref (self->gallery);
  g_free (self->probes);
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  const FacenetNeighbour *x = a, *y = b;

  if (x->distance < y->distance || x->distance > y->distance)
    return x->distance < y->distance ? -1 : 1;
  return (x->identity > y->identity) - (x->identity < y->identity);
}

/* All identities at a finite distance, by sorting. */
static GArray *
sort_everybody (const Fixture * self, guint probe)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (FacenetNeighbour));
  guint i, j;

  for (i = 0; i < facenet_gallery_get_n_identities (self->gallery); i++) {
    const FacenetIdentity *identity =
        facenet_gallery_get_identity (self->gallery, i);
    FacenetNeighbour neighbour = { i, INFINITY };

    for (j = 0; j < identity->n_embeddings; j++) {
      gfloat distance = (gfloat) facenet_squared_l2 (self->probes +
          probe * self->n_dims, facenet_gallery_get_embedding (self->gallery,
              i, j), self->n_dims);

      if (distance < neighbour.distance)
        neighbour.distance = distance;
    }
    if (isfinite (neighbour.distance))
      g_array_append_val (all, neighbour);
  }
  g_array_sort (all, compare);
  return all;
}

static void
check_query (const Fixture * self, FacenetQuery * query, GArray ** expected)
{
  g_autofree FacenetNeighbour *found =
      g_new (FacenetNeighbour, query->n_probes * query->k);
  g_autofree guint *n_found = g_new (guint, query->n_probes);
  guint i, j;

  facenet_gallery_find_nearest (query, found, n_found);
  for (i = 0; i < query->n_probes; i++) {
    g_assert_cmpuint (n_found[i], ==, MIN (query->k, expected[i]->len));
    for (j = 0; j < n_found[i]; j++) {
      FacenetNeighbour *wanted =
          &g_array_index (expected[i], FacenetNeighbour, j);
      FacenetNeighbour *got = &found[i * query->k + j];

      g_assert_cmpuint (got->identity, ==, wanted->identity);
      g_assert_cmpmem (&got->distance, sizeof (gfloat), &wanted->distance,
          sizeof (gfloat));
    }
  }
}

static void
check_gallery (guint n_rows, guint n_dims)
{
  static const guint probes[] = { 1, 2, 4, 16, 17, N_PROBES };
  static const guint ks[] = { 1, 2, 5, 60 };
  const FacenetSearchLoops *const *loops;
  GArray *expected[N_PROBES];
  Fixture self;
  guint i, k, n_threads;

  set_up (&self, n_rows, n_dims);
  for (i = 0; i < N_PROBES; i++) {
    expected[i] = sort_everybody (&self, i);
  }
  for (loops = facenet_search_list_loops (); *loops != NULL; loops++) {
    for (i = 0; i < G_N_ELEMENTS (probes); i++) {
      for (k = 0; k < G_N_ELEMENTS (ks); k++) {
        for (n_threads = 1; n_threads <= 2; n_threads++) {
          FacenetQuery query = { self.gallery, self.probes, probes[i], ks[k],
            *loops, n_threads
          };

          check_query (&self, &query, expected);
        }
      }
    }
  }
  for (i = 0; i < N_PROBES; i++) {
    g_array_unref (expected[i]);
  }
  tear_down (&self);
}

static void
test_small (void)
{
  static const guint rows[] = { 0, 1, 2, 5, 13, 100, 700 };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    check_gallery (rows[i], 128);
  }
  check_gallery (50, 3);
  check_gallery (50, 37);
}

/* Enough of them for several pieces and threads. */
static void
test_many (void)
{
  check_gallery (9000, 128);
}

/* Where each row is nearer than the one before, all are looked at again. */
static void
test_falling_distances (void)
{
  FacenetGalleryModel model = { "m", NULL, NULL, 2 };
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&model);
  gfloat probes[8 * 2], vector[2];
  FacenetEnrolment enrolment = { vector, 2, NULL, (gdouble) NAN };
  FacenetNeighbour found[8 * 2];
  guint n_found[8], i;

  for (i = 0; i < 1000; i++) {
    g_autofree gchar *id = g_strdup_printf ("%u", i);

    vector[0] = (gfloat) cos (3 - i * 3e-3);
    vector[1] = (gfloat) sin (3 - i * 3e-3);
    facenet_gallery_add (gallery, id, NULL, &enrolment, NULL);
  }
  for (i = 0; i < 8; i++) {
    probes[2 * i] = 1.0f;
    probes[2 * i + 1] = 0.0f;
  }
  for (i = 1; i <= 8; i += 7) {
    FacenetQuery query = { gallery, probes, i, 2, NULL, 0 };

    facenet_gallery_find_nearest (&query, found, n_found);
    g_assert_cmpuint (found[(i - 1) * 2].identity, ==, 999);
    g_assert_cmpuint (found[(i - 1) * 2 + 1].identity, ==, 998);
  }
}

/* Several threads search one gallery at once, in which one pool serves one of
 * them and the others help themselves. */
static gpointer
search_often (gpointer data)
{
  const Fixture *self = data;
  guint i;

  for (i = 0; i < 50; i++) {
    FacenetQuery query = { self->gallery, self->probes, 1, 1, NULL, 0 };
    FacenetNeighbour found;
    guint n_found;

    facenet_gallery_find_nearest (&query, &found, &n_found);
    g_assert_cmpuint (n_found, ==, 1);
  }
  return NULL;
}

static void
test_concurrent (void)
{
  GThread *threads[3];
  Fixture self;
  guint i;

  set_up (&self, 9000, 128);
  for (i = 0; i < G_N_ELEMENTS (threads); i++) {
    threads[i] = g_thread_new ("search", search_often, &self);
  }
  for (i = 0; i < G_N_ELEMENTS (threads); i++) {
    g_thread_join (threads[i]);
  }
  tear_down (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nearest/small-galleries", test_small);
  g_test_add_func ("/nearest/pieces-and-threads", test_many);
  g_test_add_func ("/nearest/falling-distances", test_falling_distances);
  g_test_add_func ("/nearest/concurrent-searches", test_concurrent);
  return g_test_run ();
}
