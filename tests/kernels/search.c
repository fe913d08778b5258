/* search.c - loops that look for near rows
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Every set of loops that this processor can run, against the definition.
 */
#include <facenet/facenet-metric.h>
#include <math.h>

#include "kernels/facenet-search-private.h"

#define MAX_ROWS 40

/* Lengths with and without a rest behind the vectors of each set. */
static const guint lengths[] = { 1, 4, 15, 16, 17, 31, 48, 100, 128, 131 };

static gfloat *
random_floats (GRand * random, gsize n)
{
  gfloat *values = g_new (gfloat, n);
  gsize i;

  for (i = 0; i < n; i++) {
    values[i] = (gfloat) g_rand_double_range (random, -1, 1);
  }
  return values;
}

/* Walks through rows as a caller does and compares every find. */
static void
check_walk (const FacenetSearchLoops * loops, const gfloat * probe,
    const FacenetSearchRows * rows, gfloat cut)
{
  gsize from = 0, i;

  while (from <= rows->n_rows) {
    FacenetSearchRows rest = *rows;
    gfloat found = -1.0f, expected = 0.0f;
    gsize next;

    rest.data += from * rows->n_dims;
    rest.n_rows -= from;
    next = loops->next_near (probe, &rest, cut, &found);
    for (i = 0; i < rest.n_rows; i++) {
      expected = (gfloat) facenet_squared_l2 (probe,
          rest.data + i * rows->n_dims, rows->n_dims);
      if (expected <= cut)
        break;
    }
    g_assert_cmpuint (next, ==, i);
    /* To the last bit. */
    if (i < rest.n_rows)
      g_assert_cmpmem (&found, sizeof found, &expected, sizeof expected);
    from += next + 1;
  }
}

static void
test_distances (gconstpointer data)
{
  const FacenetSearchLoops *loops = data;
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  guint l, n;

  for (l = 0; l < G_N_ELEMENTS (lengths); l++) {
    guint n_dims = lengths[l];
    g_autofree gfloat *values =
        random_floats (random, (gsize) n_dims * MAX_ROWS);
    g_autofree gfloat *probe = random_floats (random, n_dims);

    for (n = 0; n <= 9; n++) {
      FacenetSearchRows rows = { values, n, n_dims };

      check_walk (loops, probe, &rows, INFINITY);
      check_walk (loops, probe, &rows, (gfloat) n_dims * 0.6f);
      check_walk (loops, probe, &rows, -1.0f);
    }
  }
}

static void
test_nan (gconstpointer data)
{
  const FacenetSearchLoops *loops = data;
  gfloat values[5 * 16] = { 0 }, probe[16] = { 0 };
  FacenetSearchRows rows = { values, 5, 16 };
  gfloat distance;

  probe[3] = NAN;
  g_assert_cmpuint (loops->next_near (probe, &rows, INFINITY, &distance), ==,
      5);
}

/* Rows that are too near, too far or no numbers. */
static void
test_odd (gconstpointer data)
{
  const FacenetSearchLoops *loops = data;
  gfloat values[11 * 20] = { 0 }, zero[20] = { 0 };
  guint n, i;

  for (i = 0; i < 11; i++) {
    values[i * 20 + i] = 1.0f;
  }
  for (n = 0; n <= 11; n++) {
    FacenetSearchRows rows = { values, n, 20 };

    g_assert_cmpuint (loops->next_odd (zero, &rows, 0.9f, 1.1f), ==, n);
    for (i = 0; i < n; i++) {
      static const gfloat odd[] = { 0.5f, 2.0f, NAN, INFINITY };
      guint j;

      for (j = 0; j < G_N_ELEMENTS (odd); j++) {
        values[i * 20 + i] = odd[j];
        g_assert_cmpuint (loops->next_odd (zero, &rows, 0.9f, 1.1f), ==, i);
      }
      values[i * 20 + i] = 1.0f;
    }
  }
}

static gdouble
multiply (const gfloat * a, const gfloat * b, guint n)
{
  gdouble sum = 0;
  guint i;

  for (i = 0; i < n; i++) {
    sum += (gdouble) a[i] * (gdouble) b[i];
  }
  return sum;
}

/* Whether the bit of a row and a lane is as it should be, where the product is
 * not so near the bound that rounding decides. */
static void
check_bit (gboolean set, gdouble product, gdouble bound)
{
  if (fabs (product - bound) > 1e-4)
    g_assert_cmpint (set, ==, product >= bound);
}

static void
check_steps (const FacenetSearchLoops * loops, const gfloat * lanes,
    const gfloat * probes, const FacenetSearchRows * rows,
    const gfloat * bounds)
{
  guint16 masks[FACENET_SEARCH_MAX_STEP];
  FacenetSearchRows rest = *rows;
  gsize from = 0, row;
  guint lane;

  while (from < rows->n_rows) {
    gsize next, skipped;

    rest.data = rows->data + from * rows->n_dims;
    rest.n_rows = rows->n_rows - from;
    next = loops->next_step (lanes, bounds, &rest, masks);
    g_assert_cmpuint (next, <=, rest.n_rows);
    for (row = from; row < MIN (rows->n_rows, from + next + loops->step); row++) {
      skipped = row - from;
      for (lane = 0; lane < FACENET_SEARCH_LANES; lane++) {
        gboolean set = skipped >= next
            && (masks[skipped - next] >> lane & 1) != 0;

        check_bit (set, multiply (probes + lane * rows->n_dims,
                rows->data + row * rows->n_dims, rows->n_dims),
            (gdouble) bounds[lane]);
      }
    }
    /* No bits for rows that are not there. */
    if (next < rest.n_rows)
      for (row = rest.n_rows - next; row < loops->step; row++) {
        g_assert_cmpuint (masks[row], ==, 0);
      }
    from += next + loops->step;
  }
}

static void
test_groups (gconstpointer data)
{
  const FacenetSearchLoops *loops = data;
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  guint l, n, i, lane;

  if (loops->next_step == NULL) {
    g_test_skip ("has no loop for groups");
    return;
  }
  g_assert_cmpuint (loops->step, <=, FACENET_SEARCH_MAX_STEP);
  for (l = 0; l < G_N_ELEMENTS (lengths); l++) {
    guint n_dims = lengths[l];
    g_autofree gfloat *values =
        random_floats (random, (gsize) n_dims * MAX_ROWS);
    g_autofree gfloat *probes =
        random_floats (random, (gsize) n_dims * FACENET_SEARCH_LANES);
    g_autofree gfloat *lanes = g_new (gfloat, n_dims * FACENET_SEARCH_LANES);
    gfloat bounds[FACENET_SEARCH_LANES];

    for (lane = 0; lane < FACENET_SEARCH_LANES; lane++) {
      bounds[lane] = (gfloat) (sqrt (n_dims) * (0.1 * lane - 0.4));
      for (i = 0; i < n_dims; i++) {
        lanes[i * FACENET_SEARCH_LANES + lane] = probes[lane * n_dims + i];
      }
    }
    bounds[3] = INFINITY;
    for (n = 0; n <= MAX_ROWS; n++) {
      FacenetSearchRows rows = { values, n, n_dims };

      check_steps (loops, lanes, probes, &rows, bounds);
    }
  }
}

int
main (int argc, char **argv)
{
  const FacenetSearchLoops *const *list = facenet_search_list_loops ();
  guint i;

  g_test_init (&argc, &argv, NULL);
  for (i = 0; list[i] != NULL; i++) {
    g_autofree gchar *distances =
        g_strdup_printf ("/search/%s/distances-to-the-last-bit", list[i]->name);
    g_autofree gchar *nan =
        g_strdup_printf ("/search/%s/nan-is-never-near", list[i]->name);
    g_autofree gchar *odd =
        g_strdup_printf ("/search/%s/odd-rows", list[i]->name);
    g_autofree gchar *groups =
        g_strdup_printf ("/search/%s/groups-of-probes", list[i]->name);

    g_test_add_data_func (distances, list[i], test_distances);
    g_test_add_data_func (nan, list[i], test_nan);
    g_test_add_data_func (odd, list[i], test_odd);
    g_test_add_data_func (groups, list[i], test_groups);
  }
  return g_test_run ();
}
