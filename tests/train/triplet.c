/* triplet.c - the triplet loss, its gradient and its mining
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * tests/data/triplet-loss.json holds the case that a well-known course
 * publishes; tests/data/triplet.py makes it.
 */
#include "train/facenet-triplet.h"

#include <json-glib/json-glib.h>
#include <math.h>

#define N_DIMS 128

static void
read_rows (JsonObject * root, const gchar * name, gfloat * rows)
{
  JsonArray *array = json_object_get_array_member (root, name);

  for (guint i = 0; i < 3; i++)
    for (guint k = 0; k < N_DIMS; k++)
      *rows++ = (gfloat) json_array_get_double_element
          (json_array_get_array_element (array, i), k);
}

static void
test_published_case (void)
{
  g_autofree gchar *path =
      g_test_build_filename (G_TEST_DIST, "data", "triplet-loss.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GArray) triplets =
      g_array_new (FALSE, FALSE, sizeof (FacenetTriplet));
  gfloat rows[9 * N_DIMS];
  FacenetTripletBatch batch = { rows, NULL, 9, N_DIMS };
  JsonObject *root;

  g_assert_true (json_parser_load_from_file (parser, path, NULL));
  root = json_node_get_object (json_parser_get_root (parser));
  read_rows (root, "anchor", rows);
  read_rows (root, "positive", rows + 3 * N_DIMS);
  read_rows (root, "negative", rows + 6 * N_DIMS);
  for (guint i = 0; i < 3; i++) {
    FacenetTriplet triplet = { i, 3 + i, 6 + i };

    g_array_append_val (triplets, triplet);
  }
  g_assert_cmpfloat_with_epsilon (facenet_triplet_loss (&batch, triplets,
          json_object_get_double_member (root, "alpha"), NULL, NULL),
      json_object_get_double_member (root, "loss"),
      json_object_get_double_member (root, "tolerance"));
}

#define N_FACES 12
#define N_SMALL 16

static guint labels[N_FACES];

/* Three people, four faces each, at random but always the same: no hinge is
 * so near that a small step crosses it. */
static FacenetTripletBatch
make_batch (gfloat * rows)
{
  FacenetTripletBatch batch = { rows, labels, N_FACES, N_SMALL };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < N_FACES * N_SMALL; i++)
    rows[i] = (gfloat) g_rand_double_range (rand, -0.5, 0.5);
  for (guint i = 0; i < N_FACES; i++)
    labels[i] = i % 3;
  return batch;
}

/* The definition, in double, with embedding number `at` moved by `step`. */
static gdouble
plain_loss (const FacenetTripletBatch * batch, const GArray * triplets,
    guint at, gdouble step)
{
  gdouble sum = 0.0;

  for (guint t = 0; t < triplets->len; t++) {
    FacenetTriplet triplet = g_array_index (triplets, FacenetTriplet, t);
    gdouble hinge = 0.2;

    for (guint k = 0; k < N_SMALL; k++) {
      guint ia = triplet.anchor * N_SMALL + k;
      guint ip = triplet.positive * N_SMALL + k;
      guint in = triplet.negative * N_SMALL + k;
      gdouble a = (gdouble) batch->embeddings[ia] + (ia == at ? step : 0.0);
      gdouble p = (gdouble) batch->embeddings[ip] + (ip == at ? step : 0.0);
      gdouble n = (gdouble) batch->embeddings[in] + (in == at ? step : 0.0);

      hinge += (a - p) * (a - p) - (a - n) * (a - n);
    }
    sum += MAX (hinge, 0.0);
  }
  return sum;
}

static void
test_gradient_is_that_of_differences (gconstpointer data)
{
  gfloat rows[N_FACES * N_SMALL], gradient[N_FACES * N_SMALL];
  FacenetTripletBatch batch = make_batch (rows);
  g_autoptr (GArray) triplets =
      facenet_triplet_mine (&batch, GPOINTER_TO_UINT (data), 0.2);
  guint n_active;
  gdouble loss =
      facenet_triplet_loss (&batch, triplets, 0.2, gradient, &n_active);

  g_assert_cmpuint (n_active, >, 0);
  g_assert_cmpfloat_with_epsilon (loss, plain_loss (&batch, triplets, 0, 0.0),
      1e-9);
  /* A loss of second degree: its central difference is exact but for
   * rounding, away from the hinge. */
  for (guint i = 0; i < N_FACES * N_SMALL; i++) {
    gdouble wanted = (plain_loss (&batch, triplets, i, 1e-6) -
        plain_loss (&batch, triplets, i, -1e-6)) / 2e-6;

    g_assert_cmpfloat_with_epsilon ((gdouble) gradient[i], wanted, 1e-4);
  }
}

static gdouble
distance (const FacenetTripletBatch * batch, guint i, guint j)
{
  gdouble sum = 0.0;

  for (guint k = 0; k < N_SMALL; k++)
    sum += pow ((gdouble) batch->embeddings[i * N_SMALL + k] -
        (gdouble) batch->embeddings[j * N_SMALL + k], 2.0);
  return sum;
}

static void
assert_valid (const FacenetTriplet * triplet)
{
  g_assert_cmpuint (triplet->anchor, !=, triplet->positive);
  g_assert_cmpuint (labels[triplet->anchor], ==, labels[triplet->positive]);
  g_assert_cmpuint (labels[triplet->anchor], !=, labels[triplet->negative]);
}

static void
test_batch_all_has_every_triplet_once (void)
{
  gfloat rows[N_FACES * N_SMALL];
  FacenetTripletBatch batch = make_batch (rows);
  g_autoptr (GArray) triplets = facenet_triplet_mine (&batch,
      FACENET_TRIPLET_MINING_BATCH_ALL, 0.2);
  const FacenetTriplet *last = NULL;

  g_assert_cmpuint (triplets->len, ==, 12 * 3 * 8);
  for (guint i = 0; i < triplets->len; i++) {
    const FacenetTriplet *t = &g_array_index (triplets, FacenetTriplet, i);

    assert_valid (t);
    if (last != NULL)
      g_assert_cmpuint ((last->anchor * N_FACES + last->positive) * N_FACES +
          last->negative, <, (t->anchor * N_FACES + t->positive) * N_FACES +
          t->negative);
    last = t;
  }
}

static void
test_batch_hard_takes_the_extremes (void)
{
  gfloat rows[N_FACES * N_SMALL];
  FacenetTripletBatch batch = make_batch (rows);
  g_autoptr (GArray) triplets = facenet_triplet_mine (&batch,
      FACENET_TRIPLET_MINING_BATCH_HARD, 0.2);

  g_assert_cmpuint (triplets->len, ==, N_FACES);
  for (guint a = 0; a < N_FACES; a++) {
    const FacenetTriplet *t = &g_array_index (triplets, FacenetTriplet, a);

    g_assert_cmpuint (t->anchor, ==, a);
    assert_valid (t);
    for (guint i = 0; i < N_FACES; i++) {
      if (labels[i] == labels[a])
        g_assert_cmpfloat (distance (&batch, a, i), <=, distance (&batch, a,
                t->positive));
      else
        g_assert_cmpfloat (distance (&batch, a, i), >=, distance (&batch, a,
                t->negative));
    }
  }
}

static void
test_semi_hard_lies_within_the_margin (void)
{
  gfloat rows[N_FACES * N_SMALL];
  FacenetTripletBatch batch = make_batch (rows);
  g_autoptr (GArray) triplets = facenet_triplet_mine (&batch,
      FACENET_TRIPLET_MINING_SEMI_HARD, 0.2);
  guint n_seen = 0;

  for (guint a = 0; a < N_FACES; a++) {
    for (guint p = 0; p < N_FACES; p++) {
      gdouble d = distance (&batch, a, p), nearest = (gdouble) INFINITY;

      if (p == a || labels[p] != labels[a])
        continue;
      for (guint n = 0; n < N_FACES; n++)
        if (labels[n] != labels[a] && distance (&batch, a, n) > d)
          nearest = MIN (nearest, distance (&batch, a, n));
      if (nearest < d + 0.2) {
        const FacenetTriplet *t =
            &g_array_index (triplets, FacenetTriplet, n_seen++);

        g_assert_cmpuint (t->anchor, ==, a);
        g_assert_cmpuint (t->positive, ==, p);
        assert_valid (t);
        g_assert_cmpfloat (distance (&batch, a, t->negative), ==, nearest);
      }
    }
  }
  g_assert_cmpuint (n_seen, ==, triplets->len);
  g_assert_cmpuint (n_seen, >, 0);
}

static void
test_equal_distances_take_the_first (void)
{
  static const gfloat rows[] = { 0.0f, 1.0f, -1.0f, 2.0f, -2.0f };
  static const guint who[] = { 0, 0, 0, 1, 1 };
  FacenetTripletBatch batch = { rows, who, 5, 1 };
  g_autoptr (GArray) triplets = facenet_triplet_mine (&batch,
      FACENET_TRIPLET_MINING_BATCH_HARD, 0.2);
  const FacenetTriplet *t = &g_array_index (triplets, FacenetTriplet, 0);

  g_assert_cmpuint (t->positive, ==, 1);
  g_assert_cmpuint (t->negative, ==, 3);
}

static void
test_one_person_or_none_has_no_triplets (void)
{
  static const gfloat rows[] = { 0.0f, 1.0f, 2.0f };
  static const guint one[] = { 7, 7, 7 }, all[] = { 1, 2, 3 };
  gfloat gradient[3] = { 1.0f, 1.0f, 1.0f };
  guint n_active = 9;

  for (guint mining = 0; mining <= FACENET_TRIPLET_MINING_SEMI_HARD; mining++) {
    FacenetTripletBatch batch = { rows, one, 3, 1 };
    g_autoptr (GArray) same = facenet_triplet_mine (&batch, mining, 0.2);
    g_autoptr (GArray) others = NULL;
    g_autoptr (GArray) empty = NULL;

    batch.labels = all;
    others = facenet_triplet_mine (&batch, mining, 0.2);
    g_assert_cmpuint (same->len, ==, 0);
    g_assert_cmpuint (others->len, ==, 0);
    g_assert_cmpfloat (facenet_triplet_loss (&batch, others, 0.2, gradient,
            &n_active), ==, 0.0);
    g_assert_cmpuint (n_active, ==, 0);
    g_assert_cmpfloat (gradient[1], ==, 0.0f);
    batch.n = 0;
    empty = facenet_triplet_mine (&batch, mining, 0.2);
    g_assert_cmpuint (empty->len, ==, 0);
  }
}

static void
test_what_is_no_number_shows_in_the_loss (void)
{
  const gfloat rows[] = { 0.0f, (gfloat) NAN, 2.0f };
  FacenetTripletBatch batch = { rows, NULL, 3, 1 };
  FacenetTriplet triplet = { 0, 1, 2 };
  g_autoptr (GArray) triplets =
      g_array_new (FALSE, FALSE, sizeof (FacenetTriplet));

  g_array_append_val (triplets, triplet);
  g_assert_true (isnan (facenet_triplet_loss (&batch, triplets, 0.2, NULL,
              NULL)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/triplet/published-case", test_published_case);
  g_test_add_data_func ("/triplet/gradient-is-that-of-differences/batch-all",
      GUINT_TO_POINTER (FACENET_TRIPLET_MINING_BATCH_ALL),
      test_gradient_is_that_of_differences);
  g_test_add_data_func ("/triplet/gradient-is-that-of-differences/semi-hard",
      GUINT_TO_POINTER (FACENET_TRIPLET_MINING_SEMI_HARD),
      test_gradient_is_that_of_differences);
  g_test_add_func ("/triplet/batch-all-has-every-triplet-once",
      test_batch_all_has_every_triplet_once);
  g_test_add_func ("/triplet/batch-hard-takes-the-extremes",
      test_batch_hard_takes_the_extremes);
  g_test_add_func ("/triplet/semi-hard-lies-within-the-margin",
      test_semi_hard_lies_within_the_margin);
  g_test_add_func ("/triplet/equal-distances-take-the-first",
      test_equal_distances_take_the_first);
  g_test_add_func ("/triplet/one-person-or-none-has-no-triplets",
      test_one_person_or_none_has_no_triplets);
  g_test_add_func ("/triplet/what-is-no-number-shows-in-the-loss",
      test_what_is_no_number_shows_in_the_loss);
  return g_test_run ();
}
