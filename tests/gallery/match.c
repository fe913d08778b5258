/* match.c - what becomes of a face
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The probe is (1,0,0,0), people are put at chosen distances from it.
 */
#include <float.h>
#include <string.h>

#include "gallery/facenet-gallery-private.h"
#include "samples.h"

/* Distances of these few numbers are right to within this. */
#define TOLERANCE 1e-6

static const gfloat probe[SAMPLE_DIMS] = { 1, 0, 0, 0 };

static FacenetGallery *
new_gallery (gdouble ann, gdouble bob, gdouble eve)
{
  FacenetGallery *gallery = facenet_gallery_new (&sample_model);

  if (ann > 0)
    sample_add (gallery, "ann", ann);
  if (bob > 0)
    sample_add (gallery, "bob", bob);
  if (eve > 0)
    sample_add (gallery, "eve", eve);
  return gallery;
}

static void
init_policy (FacenetMatchPolicy * policy, gdouble threshold,
    gdouble unknown_threshold, gdouble margin)
{
  memset (policy, 0, sizeof *policy);
  policy->threshold = threshold;
  policy->unknown_threshold = unknown_threshold;
  policy->margin = margin;
  policy->top_k = 1;
}

static void
test_nearest_decides (void)
{
  g_autoptr (FacenetGallery) gallery = new_gallery (0.5, 0.2, 0.9);
  FacenetMatchPolicy policy;
  FacenetVerdict match;
  FacenetCandidate candidate;

  init_policy (&policy, 0.6, 0, 0);
  facenet_gallery_match (gallery, &policy, probe, 1, &match, &candidate);
  g_assert_cmpint (match.event, ==, FACENET_EVENT_MATCH);
  g_assert_null (match.reason);
  g_assert_cmpuint (match.n_candidates, ==, 1);
  g_assert_cmpfloat (match.threshold, ==, 0.6);
  assert_near (match.margin, 0.3, TOLERANCE);
  g_assert_cmpuint (candidate.identity, ==, 1);
  g_assert_cmpstr (candidate.id, ==, "bob");
  g_assert_cmpstr (candidate.name, ==, "bob");
  assert_near (candidate.distance, 0.2, TOLERANCE);
}

static void
test_nearest_embedding_counts (void)
{
  g_autoptr (FacenetGallery) gallery = new_gallery (0.5, 0.3, 0);
  FacenetMatchPolicy policy;
  FacenetVerdict match;
  FacenetCandidate candidates[3];

  sample_add (gallery, "ann", 0.1);
  sample_add (gallery, "ann", 0.7);
  init_policy (&policy, 0.6, 0, 0);
  policy.top_k = 3;
  facenet_gallery_match (gallery, &policy, probe, 1, &match, candidates);
  g_assert_cmpuint (match.n_candidates, ==, 2);
  g_assert_cmpstr (candidates[0].id, ==, "ann");
  assert_near (candidates[0].distance, 0.1, TOLERANCE);
  assert_near (match.margin, 0.2, TOLERANCE);
}

/* What becomes of a probe whose nearest is at 0.5 and the next at 0.6. */
static FacenetEvent
judge (gdouble threshold, gdouble unknown_threshold, gdouble margin,
    const gchar ** reason)
{
  g_autoptr (FacenetGallery) gallery = new_gallery (0.5, 0.6, 0);
  FacenetMatchPolicy policy;
  FacenetVerdict match;
  FacenetCandidate candidate;

  init_policy (&policy, threshold, unknown_threshold, margin);
  facenet_gallery_match (gallery, &policy, probe, 1, &match, &candidate);
  g_assert_cmpstr (candidate.id, ==, "ann");
  *reason = match.reason;
  return match.event;
}

static void
test_thresholds (void)
{
  const gchar *reason;

  g_assert_cmpint (judge (0.55, 0, 0, &reason), ==, FACENET_EVENT_MATCH);
  g_assert_null (reason);
  g_assert_cmpint (judge (0.45, 0, 0, &reason), ==, FACENET_EVENT_UNKNOWN);
  g_assert_null (reason);
  g_assert_cmpint (judge (0.45, 0.55, 0, &reason), ==, FACENET_EVENT_UNCERTAIN);
  g_assert_cmpstr (reason, ==, "beyond-threshold");
  g_assert_cmpint (judge (0.3, 0.45, 0, &reason), ==, FACENET_EVENT_UNKNOWN);
  /* An unknown threshold below the threshold is the threshold. */
  g_assert_cmpint (judge (0.55, 0.3, 0, &reason), ==, FACENET_EVENT_MATCH);
  g_assert_cmpint (judge (0.45, 0.3, 0, &reason), ==, FACENET_EVENT_UNKNOWN);
}

static void
test_margin (void)
{
  const gchar *reason;

  g_assert_cmpint (judge (0.9, 0, 0.09, &reason), ==, FACENET_EVENT_MATCH);
  g_assert_cmpint (judge (0.9, 0, 0.11, &reason), ==, FACENET_EVENT_UNCERTAIN);
  g_assert_cmpstr (reason, ==, "ambiguous");
  /* Too far is too far, whoever else is near. */
  g_assert_cmpint (judge (0.45, 0, 0.11, &reason), ==, FACENET_EVENT_UNKNOWN);
  g_assert_cmpint (judge (0.45, 0.9, 0.11, &reason), ==,
      FACENET_EVENT_UNCERTAIN);
  g_assert_cmpstr (reason, ==, "beyond-threshold");
}

/* A distance equal to a threshold is within it, a margin equal to the wanted
 * one is enough. */
static void
test_edges_are_inside (void)
{
  g_autoptr (FacenetGallery) gallery = new_gallery (0.5, 0.6, 0);
  FacenetMatchPolicy policy;
  FacenetVerdict match;
  FacenetCandidate candidate;

  init_policy (&policy, 0.9, 0, 0);
  facenet_gallery_match (gallery, &policy, probe, 1, &match, &candidate);
  init_policy (&policy, candidate.distance, 0, match.margin);
  facenet_gallery_match (gallery, &policy, probe, 1, &match, &candidate);
  g_assert_cmpint (match.event, ==, FACENET_EVENT_MATCH);
  policy.threshold -= 1e-9;
  policy.unknown_threshold = candidate.distance;
  facenet_gallery_match (gallery, &policy, probe, 1, &match, &candidate);
  g_assert_cmpint (match.event, ==, FACENET_EVENT_UNCERTAIN);
  policy.threshold = candidate.distance;
  policy.claimed_id = "ann";
  facenet_gallery_match (gallery, &policy, probe, 1, &match, &candidate);
  g_assert_cmpint (match.event, ==, FACENET_EVENT_MATCH);
}

static void
test_tie (void)
{
  g_autoptr (FacenetGallery) gallery = new_gallery (0.5, 0.5, 0.5);
  FacenetMatchPolicy policy;
  FacenetVerdict match;
  FacenetCandidate candidates[2];

  init_policy (&policy, 0.9, 0, 0);
  policy.top_k = 2;
  facenet_gallery_match (gallery, &policy, probe, 1, &match, candidates);
  g_assert_cmpint (match.event, ==, FACENET_EVENT_MATCH);
  g_assert_cmpfloat (match.margin, ==, 0);
  g_assert_cmpstr (candidates[0].id, ==, "ann");
  g_assert_cmpstr (candidates[1].id, ==, "bob");
  policy.margin = 1e-9;
  facenet_gallery_match (gallery, &policy, probe, 1, &match, candidates);
  g_assert_cmpint (match.event, ==, FACENET_EVENT_UNCERTAIN);
  g_assert_cmpstr (match.reason, ==, "ambiguous");
}

static void
test_one_identity (void)
{
  g_autoptr (FacenetGallery) gallery = new_gallery (0.5, 0, 0);
  FacenetMatchPolicy policy;
  FacenetVerdict match;
  FacenetCandidate candidate;

  sample_add (gallery, "ann", 0.51);
  init_policy (&policy, 0.9, 0, 0.3);
  facenet_gallery_match (gallery, &policy, probe, 1, &match, &candidate);
  g_assert_cmpint (match.event, ==, FACENET_EVENT_MATCH);
  g_assert_true (isnan (match.margin));
}

static void
test_nobody (void)
{
  g_autoptr (FacenetGallery) bound = facenet_gallery_new (&sample_model);
  g_autoptr (FacenetGallery) unbound = facenet_gallery_new (NULL);
  FacenetGallery *galleries[] = { bound, unbound };
  FacenetMatchPolicy policy;
  guint i;

  init_policy (&policy, 0, 0, 0);
  for (i = 0; i < G_N_ELEMENTS (galleries); i++) {
    FacenetVerdict match;
    FacenetCandidate candidate;

    facenet_gallery_match (galleries[i], &policy, probe, 1, &match, &candidate);
    g_assert_cmpint (match.event, ==, FACENET_EVENT_UNKNOWN);
    g_assert_cmpuint (match.n_candidates, ==, 0);
    g_assert_cmpfloat (match.threshold, ==, FACENET_GALLERY_THRESHOLD);
    g_assert_true (isnan (match.margin));
  }
}

static void
test_nan_is_nobody (void)
{
  g_autoptr (FacenetGallery) gallery = new_gallery (0.5, 0.6, 0);
  gfloat broken[SAMPLE_DIMS] = { NAN, 0, 0, 0 };
  FacenetMatchPolicy policy;
  FacenetVerdict match;
  FacenetCandidate candidate;

  init_policy (&policy, 0, 0, 0);
  facenet_gallery_match (gallery, &policy, broken, 1, &match, &candidate);
  g_assert_cmpint (match.event, ==, FACENET_EVENT_UNKNOWN);
  g_assert_cmpuint (match.n_candidates, ==, 0);
}

static void
test_verify (void)
{
  g_autoptr (FacenetGallery) gallery = new_gallery (0.5, 0.2, 0);
  FacenetMatchPolicy policy;
  FacenetVerdict match;
  FacenetCandidate candidate;

  init_policy (&policy, 0.6, 0, 0.5);
  policy.claimed_id = "ann";
  facenet_gallery_match (gallery, &policy, probe, 1, &match, &candidate);
  g_assert_cmpint (match.event, ==, FACENET_EVENT_MATCH);
  g_assert_null (match.reason);
  g_assert_cmpstr (candidate.id, ==, "ann");
  g_assert_true (isnan (match.margin));

  policy.threshold = 0.4;
  policy.unknown_threshold = 0.9;
  facenet_gallery_match (gallery, &policy, probe, 1, &match, &candidate);
  g_assert_cmpint (match.event, ==, FACENET_EVENT_REJECT);
  g_assert_cmpstr (match.reason, ==, "claim-failed");
  g_assert_cmpuint (match.n_candidates, ==, 1);
  assert_near (candidate.distance, 0.5, TOLERANCE);

  policy.claimed_id = "zoe";
  facenet_gallery_match (gallery, &policy, probe, 1, &match, &candidate);
  g_assert_cmpint (match.event, ==, FACENET_EVENT_REJECT);
  g_assert_cmpstr (match.reason, ==, "claim-failed");
  g_assert_cmpuint (match.n_candidates, ==, 0);
}

static void
test_gallery_threshold (void)
{
  g_autoptr (FacenetGallery) gallery = new_gallery (0.5, 0.9, 0);
  FacenetMatchPolicy policy;
  FacenetVerdict match;
  FacenetCandidate candidate;

  init_policy (&policy, 0, 0, 0);
  facenet_gallery_match (gallery, &policy, probe, 1, &match, &candidate);
  g_assert_cmpfloat (match.threshold, ==, FACENET_GALLERY_THRESHOLD);
  facenet_gallery_set_threshold (gallery, 0.4);
  facenet_gallery_match (gallery, &policy, probe, 1, &match, &candidate);
  g_assert_cmpfloat (match.threshold, ==, 0.4);
  g_assert_cmpint (match.event, ==, FACENET_EVENT_UNKNOWN);
  policy.metric = FACENET_METRIC_COSINE;
  facenet_gallery_match (gallery, &policy, probe, 1, &match, &candidate);
  assert_near (match.threshold, 0.2, 1e-12);
  policy.threshold = 0.3;
  facenet_gallery_match (gallery, &policy, probe, 1, &match, &candidate);
  g_assert_cmpfloat (match.threshold, ==, 0.3);
  g_assert_cmpint (match.event, ==, FACENET_EVENT_MATCH);
}

/* A person's own threshold goes before all others, in its own scale. */
static void
test_own_threshold (void)
{
  static const gchar text[] =
      "{\"format\":\"facenet-gallery\",\"version\":1,"
      "\"model\":{\"id\":\"m\",\"dims\":4},\"defaults\":{\"threshold\":0.1},"
      "\"identities\":[{\"id\":\"ann\",\"threshold\":2.5,"
      "\"embeddings\":[{\"vector\":[0,1,0,0]}]},{\"id\":\"bob\","
      "\"embeddings\":[{\"vector\":[-1,0,0,0]}]}]}";
  g_autoptr (FacenetGallery) gallery =
      facenet_gallery_parse (text, strlen (text), "own", NULL);
  FacenetMatchPolicy policy;
  FacenetVerdict match;
  FacenetCandidate candidate;

  init_policy (&policy, 0.2, 0, 0);
  facenet_gallery_match (gallery, &policy, probe, 1, &match, &candidate);
  g_assert_cmpfloat (match.threshold, ==, 2.5);
  g_assert_cmpint (match.event, ==, FACENET_EVENT_MATCH);
  policy.metric = FACENET_METRIC_COSINE;
  facenet_gallery_match (gallery, &policy, probe, 1, &match, &candidate);
  g_assert_cmpfloat (match.threshold, ==, 1.25);
  g_assert_cmpint (match.event, ==, FACENET_EVENT_MATCH);
}

/* The same decisions in every metric, with all numbers in that metric. */
static void
test_metrics (void)
{
  g_autoptr (FacenetGallery) gallery = new_gallery (0.36, 0.64, 0);
  FacenetMetric metrics[] = { FACENET_METRIC_L2, FACENET_METRIC_COSINE };
  gdouble expected[][3] = { {0.6, 0.8, 0.2}, {0.18, 0.32, 0.14} };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (metrics); i++) {
    FacenetMatchPolicy policy;
    FacenetVerdict match;
    FacenetCandidate candidates[2];

    init_policy (&policy, expected[i][0] + 1e-3, 0, expected[i][2] - 1e-3);
    policy.metric = metrics[i];
    policy.top_k = 2;
    facenet_gallery_match (gallery, &policy, probe, 1, &match, candidates);
    g_assert_cmpint (match.event, ==, FACENET_EVENT_MATCH);
    assert_near (candidates[0].distance, expected[i][0], TOLERANCE);
    assert_near (candidates[1].distance, expected[i][1], TOLERANCE);
    assert_near (match.margin, expected[i][2], TOLERANCE);
    policy.margin += 2e-3;
    facenet_gallery_match (gallery, &policy, probe, 1, &match, candidates);
    g_assert_cmpint (match.event, ==, FACENET_EVENT_UNCERTAIN);
    policy.threshold -= 2e-3;
    facenet_gallery_match (gallery, &policy, probe, 1, &match, candidates);
    g_assert_cmpint (match.event, ==, FACENET_EVENT_UNKNOWN);
  }
}

static gint
compare_distance (gconstpointer a, gconstpointer b, gpointer data)
{
  const gdouble *distances = data;
  guint x = *(const guint *) a, y = *(const guint *) b;

  if (distances[x] < distances[y])
    return -1;
  return distances[x] > distances[y] || x > y;
}

/* A gallery of random people, each with none to four embeddings; some are the
 * same face. */
static FacenetGallery *
random_gallery (GRand * random, guint n_people)
{
  FacenetGallery *gallery = facenet_gallery_new (&sample_model);
  guint i, j;

  for (i = 0; i < n_people; i++) {
    for (j = 0; j < 1 + (guint) g_rand_int_range (random, 0, 4); j++) {
      g_autofree gchar *id = g_strdup_printf ("p%u", i);

      sample_add (gallery, id, g_rand_int_range (random, 1, 40) / 10.0);
    }
  }
  return gallery;
}

/* Every probe of a batch finds what sorting all distances finds. */
static void
test_against_sorting (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  guint round;

  for (round = 0; round < 50; round++) {
    guint n_people = (guint) g_rand_int_range (random, 1, 20);
    guint top_k = (guint) g_rand_int_range (random, 1, 25);
    g_autoptr (FacenetGallery) gallery = random_gallery (random, n_people);
    g_autofree FacenetCandidate *found = g_new (FacenetCandidate, 3 * top_k);
    gfloat probes[3 * SAMPLE_DIMS];
    FacenetVerdict matches[3];
    FacenetMatchPolicy policy;
    guint p, i, j;

    for (p = 0; p < 3; p++) {
      sample_at (probes + p * SAMPLE_DIMS, p * 1.3, 1);
    }
    init_policy (&policy, 0.5, 0, 0);
    policy.top_k = top_k;
    facenet_gallery_match (gallery, &policy, probes, 3, matches, found);
    for (p = 0; p < 3; p++) {
      gdouble distances[20];
      guint order[20];

      for (i = 0; i < n_people; i++) {
        order[i] = i;
        distances[i] = (gdouble) INFINITY;
        for (j = 0; j < facenet_gallery_get_identity (gallery,
                i)->n_embeddings; j++) {
          distances[i] = MIN (distances[i],
              facenet_squared_l2 (probes + p * SAMPLE_DIMS,
                  facenet_gallery_get_embedding (gallery, i, j), SAMPLE_DIMS));
        }
      }
      g_qsort_with_data (order, (gint) n_people, sizeof (guint),
          compare_distance, distances);
      g_assert_cmpuint (matches[p].n_candidates, ==, MIN (top_k, n_people));
      for (i = 0; i < matches[p].n_candidates; i++) {
        g_assert_cmpuint (found[p * top_k + i].identity, ==, order[i]);
        g_assert_cmpfloat (found[p * top_k + i].distance, ==,
            distances[order[i]]);
      }
      if (n_people > 1)
        g_assert_cmpfloat (matches[p].margin, ==,
            distances[order[1]] - distances[order[0]]);
    }
  }
}

static void
test_nicks (void)
{
  g_assert_cmpstr (facenet_event_get_nick (FACENET_EVENT_MATCH), ==, "match");
  g_assert_cmpstr (facenet_event_get_nick (FACENET_EVENT_UNKNOWN), ==,
      "unknown");
  g_assert_cmpstr (facenet_event_get_nick (FACENET_EVENT_UNCERTAIN), ==,
      "uncertain");
  g_assert_cmpstr (facenet_event_get_nick (FACENET_EVENT_LOST), ==, "lost");
  g_assert_cmpstr (facenet_event_get_nick (FACENET_EVENT_REJECT), ==, "reject");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/match/nearest-identity-decides", test_nearest_decides);
  g_test_add_func ("/match/nearest-embedding-of-a-person-counts",
      test_nearest_embedding_counts);
  g_test_add_func ("/match/two-thresholds", test_thresholds);
  g_test_add_func ("/match/margin", test_margin);
  g_test_add_func ("/match/edges-are-inside", test_edges_are_inside);
  g_test_add_func ("/match/tie-goes-to-the-earlier-without-margin", test_tie);
  g_test_add_func ("/match/one-identity-has-no-margin", test_one_identity);
  g_test_add_func ("/match/empty-gallery-knows-nobody", test_nobody);
  g_test_add_func ("/match/nan-is-nobody", test_nan_is_nobody);
  g_test_add_func ("/match/verify", test_verify);
  g_test_add_func ("/match/threshold-of-gallery-and-policy",
      test_gallery_threshold);
  g_test_add_func ("/match/own-threshold-goes-first", test_own_threshold);
  g_test_add_func ("/match/same-decisions-in-every-metric", test_metrics);
  g_test_add_func ("/match/agrees-with-sorting-everything",
      test_against_sorting);
  g_test_add_func ("/match/nicks", test_nicks);
  return g_test_run ();
}
