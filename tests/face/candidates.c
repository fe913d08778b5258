/* candidates.c - decoding and suppression against their definitions
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "face/facenet-candidates-private.h"

#include <math.h>
#include <string.h>

#define W 12                    /* of the finest map, halved from level to level */
#define H 8
#define FIRST_BAD_LANDMARK 6

typedef struct
{
  FacenetCandidates found;
  FacenetMapView levels[FACENET_N_LEVELS];
  gfloat *maps[FACENET_N_LEVELS];       /* pixel-major */
} Fixture;

static void
set_up_sized (Fixture * fixture, guint w, guint h)
{
  facenet_candidates_init (&fixture->found);
  for (guint i = 0; i < FACENET_N_LEVELS; i++, w /= 2, h /= 2) {
    gsize n = (gsize) w * h * FACENET_N_CHANNELS;
    FacenetMapView view = { NULL, (gsize) w * FACENET_N_CHANNELS,
      FACENET_N_CHANNELS, 1, {FACENET_N_CHANNELS, h, w}
    };

    view.data = fixture->maps[i] = g_new0 (gfloat, n);
    fixture->levels[i] = view;
    for (gsize k = 0; k < n; k += FACENET_N_CHANNELS)
      view.data[k] = view.data[k + 1] = -20.0f;
  }
}

static void
set_up (Fixture * fixture, gconstpointer data)
{
  set_up_sized (fixture, W, H);
}

static void
tear_down (Fixture * fixture, gconstpointer data)
{
  facenet_candidates_clear (&fixture->found);
  for (guint i = 0; i < FACENET_N_LEVELS; i++)
    g_free (fixture->maps[i]);
}

static gfloat *
cell_at (Fixture * fixture, guint level, guint x, guint y)
{
  const FacenetMapView *map = &fixture->levels[level];

  return map->data + y * map->row + x * map->pixel;
}

/* Both scores such that theirs is `score`. */
static void
set_score (gfloat * cell, gdouble score)
{
  cell[0] = cell[1] = (gfloat) log (score / (1.0 - score));
}

static void
decode (Fixture * fixture, gdouble threshold)
{
  facenet_candidates_decode (&fixture->found, fixture->levels, threshold,
      8 * W, 8 * H);
}

static void
test_a_cell_is_what_the_formulas_say (Fixture * fixture, gconstpointer data)
{
  gfloat *cell = cell_at (fixture, 1, 3, 2);
  const FacenetFaceCandidate *found = fixture->found.items;
  FacenetPoint points[FACENET_N_LANDMARKS];

  cell[0] = 2.0f;
  cell[1] = 1.0f;
  cell[2] = 0.25f;
  cell[3] = -0.5f;
  cell[4] = 1.0f;
  cell[5] = 1.5f;
  for (guint k = 6; k < FACENET_N_CHANNELS; k++)
    cell[k] = (gfloat) k / 4.0f;
  decode (fixture, 0.5);
  g_assert_cmpuint (fixture->found.n, ==, 1);
  g_assert_cmpfloat_with_epsilon (found->score,
      sqrt (1.0 / (1.0 + exp (-2.0)) / (1.0 + exp (-1.0))), 1e-7);
  g_assert_cmpuint (found->index, ==, W * H + 2 * (W / 2) + 3);
  g_assert_cmpfloat_with_epsilon (found->x0, 16.0 * (3.25 - exp (1.0) / 2),
      1e-4);
  g_assert_cmpfloat_with_epsilon (found->x1, 16.0 * (3.25 + exp (1.0) / 2),
      1e-4);
  g_assert_cmpfloat_with_epsilon (found->y0, 16.0 * (1.5 - exp (1.5) / 2),
      1e-4);
  g_assert_cmpfloat_with_epsilon (found->y1, 16.0 * (1.5 + exp (1.5) / 2),
      1e-4);
  g_assert_true (facenet_candidate_get_landmarks (found, fixture->levels,
          points));
  for (guint k = 0; k < FACENET_N_LANDMARKS; k++) {
    g_assert_cmpfloat_with_epsilon (points[k].x, 16.0 * (3.0 + (6 + 2 * k) /
            4.0), 1e-4);
    g_assert_cmpfloat_with_epsilon (points[k].y, 16.0 * (2.0 + (7 + 2 * k) /
            4.0), 1e-4);
  }
  decode (fixture, found->score + 1e-6);
  g_assert_cmpuint (fixture->found.n, ==, 0);
}

static void
test_sizes_are_bounded (Fixture * fixture, gconstpointer data)
{
  gfloat *cell = cell_at (fixture, 2, 1, 1);
  const FacenetFaceCandidate *found = fixture->found.items;

  set_score (cell, 0.9);
  cell[4] = cell[5] = 80.0f;
  decode (fixture, 0.5);
  g_assert_cmpuint (fixture->found.n, ==, 1);
  g_assert_cmpfloat_with_epsilon (found->x1 - found->x0, 32.0 * exp (6.0),
      0.01);
}

/* NaN, infinity and what lies beside the picture. */
static void
test_bad_cells_are_no_faces (Fixture * fixture, gconstpointer data)
{
  const gfloat bad[] = { NAN, INFINITY, -INFINITY };

  for (guint c = 0; c < FIRST_BAD_LANDMARK; c++) {
    for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
      gfloat *cell = cell_at (fixture, 0, 5, 5);

      set_score (cell, 0.9);
      memset (cell + 2, 0, 14 * sizeof *cell);
      cell[c] = bad[i];
      decode (fixture, 0.5);
      /* A score of +infinity is a sure one. */
      g_assert_cmpuint (fixture->found.n, ==, c < 2 && i == 1);
    }
  }
}

static void
test_a_face_without_finite_landmarks_is_one (Fixture * fixture,
    gconstpointer data)
{
  gfloat *cell = cell_at (fixture, 0, 5, 5);
  FacenetPoint points[FACENET_N_LANDMARKS];

  set_score (cell, 0.9);
  cell[9] = NAN;
  decode (fixture, 0.5);
  g_assert_cmpuint (fixture->found.n, ==, 1);
  g_assert_false (facenet_candidate_get_landmarks (fixture->found.items,
          fixture->levels, points));
}

static void
test_centres_are_in_the_picture (Fixture * fixture, gconstpointer data)
{
  for (guint y = 0; y < H; y++)
    for (guint x = 0; x < W; x++)
      set_score (cell_at (fixture, 0, x, y), 0.9);
  facenet_candidates_decode (&fixture->found, fixture->levels, 0.5, 33, 17);
  /* x of 0, 8, 16, 24, 32 and y of 0, 8, 16. */
  g_assert_cmpuint (fixture->found.n, ==, 15);
  set_score (cell_at (fixture, 0, 0, 0), 0.9);
  cell_at (fixture, 0, 0, 0)[2] = -0.01f;
  facenet_candidates_decode (&fixture->found, fixture->levels, 0.5, 33, 17);
  g_assert_cmpuint (fixture->found.n, ==, 14);
}

/* Two boxes of 80 pixels, `shift` cells of 8 apart, and what is left. */
static guint
suppress_two (Fixture * fixture, gfloat shift)
{
  for (guint i = 0; i < 2; i++) {
    gfloat *cell = cell_at (fixture, 0, 5, 1 + i);

    set_score (cell, i == 0 ? 0.8 : 0.9);
    cell[3] = i == 0 ? 0.0f : shift - 1.0f;
    cell[4] = cell[5] = logf (10.0f);
  }
  decode (fixture, 0.5);
  g_assert_cmpuint (fixture->found.n, ==, 2);
  facenet_candidates_suppress (&fixture->found, 10);
  return fixture->found.n;
}

/* Shifted by s of their side, IoU = (1 - s) / (1 + s): 0.4 at s = 3/7. */
static void
test_overlap_is_suppressed_above_0_4 (Fixture * fixture, gconstpointer data)
{
  g_assert_cmpuint (suppress_two (fixture, 4.2f), ==, 1);
  g_assert_cmpfloat_with_epsilon (fixture->found.items[0].score, 0.9, 1e-6);
  g_assert_cmpuint (suppress_two (fixture, 4.4f), ==, 2);
  g_assert_cmpfloat_with_epsilon (fixture->found.items[0].score, 0.9, 1e-6);
}

static void
test_equal_scores_keep_the_order_of_cells (Fixture * fixture,
    gconstpointer data)
{
  for (guint y = 0; y < H; y++)
    for (guint x = 0; x < W; x++)
      set_score (cell_at (fixture, 0, x, y), (x + y) % 3 == 0 ? 0.9 : 0.8);
  decode (fixture, 0.5);
  facenet_candidates_suppress (&fixture->found, 1000);
  g_assert_cmpuint (fixture->found.n, ==, W * H);
  for (guint i = 1; i < W * H; i++) {
    const FacenetFaceCandidate *a = &fixture->found.items[i - 1];
    const FacenetFaceCandidate *b = a + 1;

    g_assert_true (a->score > b->score
        || (a->score == b->score && a->index < b->index));
  }
  facenet_candidates_suppress (&fixture->found, 7);
  g_assert_cmpuint (fixture->found.n, ==, 7);
}

static void
test_of_too_many_the_best_are_kept (void)
{
  const guint w = 160, h = 120;
  const guint n_more = w * h - FACENET_MAX_CANDIDATES;
  Fixture fixture;

  set_up_sized (&fixture, w, h);
  for (guint i = 0; i < w * h; i++)
    /* 7919 is a prime: all cells, in an order of their own. */
    set_score (cell_at (&fixture, 0, i * 7919u % (w * h) % w,
            i * 7919u % (w * h) / w), 0.5 + 0.4 * i / (w * h));
  facenet_candidates_decode (&fixture.found, fixture.levels, 0.4, 8 * w, 8 * h);
  g_assert_cmpuint (fixture.found.n, ==, FACENET_MAX_CANDIDATES);
  facenet_candidates_suppress (&fixture.found, FACENET_MAX_CANDIDATES);
  g_assert_cmpuint (fixture.found.n, ==, FACENET_MAX_CANDIDATES);
  for (guint k = 0; k < FACENET_MAX_CANDIDATES; k++)
    g_assert_cmpfloat_with_epsilon (fixture.found.items[k].score,
        0.5 + 0.4 * (w * h - 1 - k) / (w * h), 1e-6);
  g_assert_cmpfloat (fixture.found.items[FACENET_MAX_CANDIDATES - 1].score, >,
      0.5 + 0.4 * (n_more - 1) / (w * h));
  tear_down (&fixture, NULL);
}

#define ADD(name, func) \
    g_test_add ("/candidates/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-cell-is-what-the-formulas-say", test_a_cell_is_what_the_formulas_say);
  ADD ("sizes-are-bounded", test_sizes_are_bounded);
  ADD ("bad-cells-are-no-faces", test_bad_cells_are_no_faces);
  ADD ("a-face-without-finite-landmarks-is-one",
      test_a_face_without_finite_landmarks_is_one);
  ADD ("centres-are-in-the-picture", test_centres_are_in_the_picture);
  ADD ("overlap-is-suppressed-above-0.4", test_overlap_is_suppressed_above_0_4);
  ADD ("equal-scores-keep-the-order-of-cells",
      test_equal_scores_keep_the_order_of_cells);
  g_test_add_func ("/candidates/of-too-many-the-best-are-kept",
      test_of_too_many_the_best_are_kept);
  return g_test_run ();
}
