/* visits.c - who comes and goes, without a pipeline
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * People are axes of a space, any two at a squared distance of 2. Ann and Bob,
 * axes 0 and 1, are in the gallery, the others are unknown. tests/match has the
 * same and more through the element.
 */
#include <facenet/facenet-visits.h>
#include <math.h>
#include <string.h>

#define DIMS 4
#define MAX_FACES 4
#define MS G_GUINT64_CONSTANT (1000000)
#define SECOND (1000 * MS)
#define TOLERANCE 1e-6

typedef struct
{
  FacenetGallery *gallery;
  FacenetVisits *visits;
  FacenetVisitOptions options;
  gfloat vectors[MAX_FACES][DIMS];
  FacenetSighting faces[MAX_FACES];
  guint notes[MAX_FACES];
  guint n;
} Fixture;

static void
add_person (FacenetGallery * gallery, const gchar * id, guint axis)
{
  gfloat vector[DIMS] = { 0 };
  FacenetEnrolment enrolment = { vector, DIMS, NULL, (gdouble) NAN };

  vector[axis] = 1;
  g_assert_true (facenet_gallery_add (gallery, id, NULL, &enrolment, NULL));
}

static void
set_up (Fixture * self, gconstpointer data)
{
  FacenetGalleryModel model = { "model-a", NULL, NULL, DIMS };

  self->gallery = facenet_gallery_new (&model);
  add_person (self->gallery, "ann", 0);
  add_person (self->gallery, "bob", 1);
  self->visits = facenet_visits_new_with_notes (sizeof (guint));
  facenet_visits_set_gallery (self->visits, self->gallery);
  self->options.follow = TRUE;
  self->options.min_matches = 1;
  self->options.window = 2 * SECOND;
  facenet_visits_set_options (self->visits, &self->options);
  self->n = 0;
}

static void
tear_down (Fixture * self, gconstpointer data)
{
  facenet_visits_unref (self->visits);
  facenet_gallery_unref (self->gallery);
}

/* Puts a person into the next frame, turned towards the next by a squared
 * distance, in a box of 50x50. */
static FacenetSighting *
add (Fixture * self, guint person, gdouble distance)
{
  FacenetSighting *face = &self->faces[self->n];
  gfloat *vector = self->vectors[self->n];
  gdouble cosine = 1 - distance / 2;

  memset (vector, 0, sizeof self->vectors[0]);
  vector[(person + 1) % DIMS] = (gfloat) sqrt (1 - cosine * cosine);
  vector[person] = (gfloat) cosine;
  face->embedding = vector;
  face->n_dims = DIMS;
  face->track_id = -1;
  face->x = face->y = 100 * self->n;
  face->width = face->height = 50;
  face->quality = (gdouble) NAN;
  self->n++;
  return face;
}

static void
see (Fixture * self, guint64 ms)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < self->n; i++)
    self->notes[i] = (guint) ms + i;
  facenet_visits_advance (self->visits, ms * MS, FALSE);
  g_assert_true (facenet_visits_see (self->visits, self->faces, self->n, 0,
          self->notes, &error));
  self->n = 0;
}

static void
see_person (Fixture * self, guint64 ms, guint person)
{
  add (self, person, 0);
  see (self, ms);
}

/* The next event, which must be this one. */
static const FacenetVisitEvent *
expect (Fixture * self, FacenetEvent event, const gchar * id)
{
  const FacenetVisitEvent *next = facenet_visits_pop (self->visits);

  g_assert_nonnull (next);
  g_assert_cmpint (next->verdict.event, ==, event);
  g_assert_cmpstr (next->verdict.id, ==, id);
  return next;
}

static void
expect_none (Fixture * self)
{
  g_assert_null (facenet_visits_pop (self->visits));
}

static void
test_visit (Fixture * self, gconstpointer data)
{
  const FacenetVisitEvent *event;

  for (guint i = 0; i < 10; i++) {
    add (self, 0, i == 5 ? 0 : 0.1)->quality = i == 5 ? 0.9 : 0.5;
    see (self, 5000 + 40 * i);
    event = expect (self, FACENET_EVENT_MATCH, "ann");
    g_assert_cmpint (event->face, ==, 0);
    g_assert_cmpint (event->votes, ==, (gint) i + 1);
    g_assert_cmpuint (event->verdict.n_candidates, ==, 1);
    g_assert_cmpuint (event->visit.number, ==, 1);
    g_assert_cmpint (event->visit.best == (5000 + 40 * i) * MS, ==,
        i == 0 || i == 5);
    expect_none (self);
  }
  see (self, 5400);
  expect_none (self);
  see (self, 7361);
  event = expect (self, FACENET_EVENT_LOST, "ann");
  g_assert_cmpint (event->face, ==, -1);
  g_assert_cmpstr (event->verdict.name, ==, "ann");
  g_assert_true (isnan (event->verdict.distance));
  g_assert_cmpuint (event->visit.start, ==, 5000 * MS);
  g_assert_cmpuint (event->visit.end, ==, 5360 * MS);
  g_assert_cmpuint (event->visit.gone, ==, 5400 * MS);
  g_assert_cmpuint (event->visit.best, ==, 5200 * MS);
  g_assert_cmpuint (event->visit.dwell, ==, 360 * MS);
  g_assert_cmpuint (event->visit.n_faces, ==, 10);
  g_assert_cmpfloat (event->visit.quality, ==, 0.9);
  g_assert_cmpuint (*(const guint *) event->note, ==, 5360);
  expect_none (self);
}

/* The mean of a visit is weighted by quality. */
static void
test_mean (Fixture * self, gconstpointer data)
{
  const FacenetVisitEvent *event;
  const gdouble length = hypot (1 * 0.8 + 0.2 * 0.9,
      0.2 * sqrt (1 - 0.81));

  add (self, 0, 0)->quality = 0.8;
  see (self, 0);
  add (self, 0, 0.2)->quality = 0.2;
  see (self, 40);
  facenet_visits_end (self->visits);
  event = expect (self, FACENET_EVENT_LOST, "ann");
  g_assert_cmpuint (event->visit.n_dims, ==, DIMS);
  g_assert_cmpfloat_with_epsilon (event->visit.embedding[0],
      (0.8 + 0.2 * 0.9) / length, TOLERANCE);
  g_assert_cmpfloat_with_epsilon (event->visit.embedding[2], 0, TOLERANCE);
}

/* The detector misses a face on some frames, or finds half of it, or it leaves
 * the frame for a moment: it is the same visit. */
static void
test_missed (Fixture * self, gconstpointer data)
{
  const FacenetVisitEvent *event;

  for (guint i = 0; i < 100; i++) {
    FacenetSighting *face;

    if (i % 10 == 3 || i % 10 == 4) {
      see (self, 40 * i);
      expect_none (self);
      continue;
    }
    face = add (self, 2, i % 10 == 7 ? 1.0 : i % 10 == 8 ? 0.5 : 0);
    if (i % 10 == 7 || i % 10 == 8)
      face->width = 25;
    face->x = i > 50 ? -20.0 : 100.0 - 2.0 * i;
    see (self, 40 * i);
    event = expect (self, FACENET_EVENT_UNKNOWN, "unknown-1");
    g_assert_cmpuint (event->visit.number, ==, 1);
    expect_none (self);
  }
  facenet_visits_end (self->visits);
  event = expect (self, FACENET_EVENT_LOST, "unknown-1");
  g_assert_cmpuint (event->visit.n_faces, ==, 80);
  expect_none (self);
}

/* Back after the window: a new visit of the same unknown person. */
static void
test_unknown (Fixture * self, gconstpointer data)
{
  see_person (self, 0, 2);
  expect (self, FACENET_EVENT_UNKNOWN, "unknown-1");
  see_person (self, 9000, 3);
  expect (self, FACENET_EVENT_LOST, "unknown-1");
  g_assert_cmpuint (expect (self, FACENET_EVENT_UNKNOWN,
          "unknown-2")->visit.number, ==, 2);
  see_person (self, 18000, 2);
  expect (self, FACENET_EVENT_LOST, "unknown-2");
  g_assert_cmpuint (expect (self, FACENET_EVENT_UNKNOWN,
          "unknown-1")->visit.number, ==, 3);
  facenet_visits_end (self->visits);
  expect (self, FACENET_EVENT_LOST, "unknown-1");
  facenet_visits_reset (self->visits);
  see_person (self, 0, 3);
  expect (self, FACENET_EVENT_UNKNOWN, "unknown-1");
}

static void
test_votes (Fixture * self, gconstpointer data)
{
  const FacenetVisitEvent *event;

  self->options.min_matches = 3;
  facenet_visits_set_options (self->visits, &self->options);
  for (guint i = 0; i < 2; i++) {
    see_person (self, 40 * i, 0);
    event = expect (self, FACENET_EVENT_REJECT, "ann");
    g_assert_cmpstr (event->verdict.reason, ==, "not-confirmed");
    g_assert_cmpint (event->repeated, ==, i == 1);
  }
  see_person (self, 80, 0);
  expect (self, FACENET_EVENT_MATCH, "ann");
  facenet_visits_end (self->visits);
  event = expect (self, FACENET_EVENT_LOST, "ann");
  g_assert_cmpuint (event->visit.dwell, ==, 80 * MS);
}

static void
test_interval (Fixture * self, gconstpointer data)
{
  gint64 suppressed = -1;

  see_person (self, 0, 0);
  g_assert_true (facenet_visits_admit (self->visits, expect (self,
              FACENET_EVENT_MATCH, "ann"), &suppressed));
  g_assert_cmpint (suppressed, ==, -1);
  self->options.interval = SECOND;
  facenet_visits_set_options (self->visits, &self->options);
  for (guint i = 1; i < 60; i++) {
    see_person (self, 40 * i, 0);
    g_assert_cmpint (facenet_visits_admit (self->visits, expect (self,
                FACENET_EVENT_MATCH, "ann"), &suppressed), ==, i % 25 == 1);
    if (i % 25 == 1)
      g_assert_cmpint (suppressed, ==, i == 1 ? 0 : 24);
  }
}

/* Without a gallery a track is a visit; with a split, a cut ends one. */
static void
test_cut (Fixture * self, gconstpointer data)
{
  const FacenetVisitEvent *event;

  facenet_visits_set_gallery (self->visits, NULL);
  self->options.split_distance = 0.8;
  facenet_visits_set_options (self->visits, &self->options);
  for (guint i = 0; i < 20; i++) {
    /* At a cut another person stands there, who looks somewhat alike; on one
     * frame the picture is bad. */
    add (self, 0, i == 4 ? 1.3 : i < 10 ? 0 : 1.2);
    if (i == 4) {
      self->vectors[0][3] = self->vectors[0][1];
      self->vectors[0][1] = 0;
    }
    see (self, 200 * i);
    /* The bad picture was a visit that did not go on. */
    if (i == 10)
      g_assert_cmpuint (expect (self, FACENET_EVENT_LOST,
              NULL)->visit.number, ==, 2);
    event = expect (self, FACENET_EVENT_UNKNOWN, NULL);
    g_assert_cmpuint (event->visit.number, ==, i == 4 ? 2 : i < 10 ? 1 : 3);
  }
  facenet_visits_advance (self->visits, 4000 * MS, FALSE);
  facenet_visits_end (self->visits);
  event = expect (self, FACENET_EVENT_LOST, NULL);
  g_assert_cmpuint (event->visit.number, ==, 3);
  g_assert_cmpuint (event->visit.start, ==, 2000 * MS);
  g_assert_cmpuint (event->visit.gone, ==, 4000 * MS);
  g_assert_cmpuint (event->visit.n_faces, ==, 10);
  g_assert_cmpfloat_with_epsilon (event->visit.embedding[0], 0.4, TOLERANCE);
  event = expect (self, FACENET_EVENT_LOST, NULL);
  g_assert_cmpuint (event->visit.n_faces, ==, 9);
  g_assert_cmpfloat_with_epsilon (event->visit.embedding[0], 1, TOLERANCE);
  expect_none (self);
}

/* The gallery goes while somebody is there. */
static void
test_no_gallery_any_more (Fixture * self, gconstpointer data)
{
  const FacenetVisitEvent *event;

  see_person (self, 0, 0);
  expect (self, FACENET_EVENT_MATCH, "ann");
  facenet_visits_set_gallery (self->visits, NULL);
  see_person (self, 40, 0);
  expect (self, FACENET_EVENT_UNKNOWN, NULL);
  facenet_visits_end (self->visits);
  event = expect (self, FACENET_EVENT_LOST, "ann");
  g_assert_cmpstr (event->verdict.name, ==, "ann");
  g_assert_true (event->verdict.reportable);
  g_assert_cmpuint (event->visit.n_faces, ==, 2);
  expect_none (self);
}

/* A time that goes back begins anew, and a claim is a claim. */
static void
test_back_in_time (Fixture * self, gconstpointer data)
{
  FacenetMatchPolicy policy = {.claimed_id = "bob" };

  see_person (self, 5000, 0);
  expect (self, FACENET_EVENT_MATCH, "ann");
  g_assert_true (facenet_visits_advance (self->visits, 4500 * MS, FALSE));
  expect_none (self);
  g_assert_false (facenet_visits_advance (self->visits, 1000 * MS, FALSE));
  expect (self, FACENET_EVENT_LOST, "ann");
  g_assert_true (facenet_visits_advance (self->visits, 500 * MS, TRUE));
  facenet_visits_set_policy (self->visits, &policy);
  see_person (self, 1000, 0);
  expect (self, FACENET_EVENT_REJECT, "bob");
}

static void
test_other_length (Fixture * self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  add (self, 0, 0)->n_dims = DIMS - 1;
  facenet_visits_advance (self->visits, 0, FALSE);
  g_assert_false (facenet_visits_see (self->visits, self->faces, 1, 0, NULL,
          &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE);
  expect_none (self);
}

/* Events that were not popped: those of visits stay. */
static void
test_unpopped (Fixture * self, gconstpointer data)
{
  see_person (self, 0, 0);
  see_person (self, 9000, 1);
  see_person (self, 18000, 2);
  expect (self, FACENET_EVENT_LOST, "ann");
  expect (self, FACENET_EVENT_LOST, "bob");
  expect (self, FACENET_EVENT_UNKNOWN, "unknown-1");
  expect_none (self);
}

/* The same faces give the same events, to the last bit. */
static void
test_deterministic (Fixture * self, gconstpointer data)
{
  GString *text[2];

  self->options.min_matches = 2;
  facenet_visits_set_options (self->visits, &self->options);
  for (guint round = 0; round < 2; round++) {
    g_autoptr (GRand) rand = g_rand_new_with_seed (7);
    const FacenetVisitEvent *event;

    text[round] = g_string_new (NULL);
    for (guint i = 0; i < 500; i++) {
      for (guint k = (guint) g_rand_int_range (rand, 0, MAX_FACES); k > 0; k--)
        add (self, (guint) g_rand_int_range (rand, 0, DIMS),
            g_rand_double_range (rand, 0, 1.2))->quality = g_rand_double (rand);
      see (self, 100 * i);
      while ((event = facenet_visits_pop (self->visits)) != NULL)
        g_string_append_printf (text[round], "%s %s %d %a %u\n",
            facenet_event_get_nick (event->verdict.event),
            event->verdict.id != NULL ? event->verdict.id : "", event->votes,
            event->verdict.distance, event->visit.n_faces);
    }
    facenet_visits_end (self->visits);
    while (facenet_visits_pop (self->visits) != NULL);
    facenet_visits_reset (self->visits);
  }
  g_assert_cmpuint (text[0]->len, >, 1000);
  g_assert_cmpstr (text[0]->str, ==, text[1]->str);
  g_string_free (text[0], TRUE);
  g_string_free (text[1], TRUE);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/visits/comes-and-goes", test_visit);
  ADD ("/visits/mean-is-weighted-by-quality", test_mean);
  ADD ("/visits/missed-half-and-border-faces-are-one-visit", test_missed);
  ADD ("/visits/unknown-people-keep-their-ids", test_unknown);
  ADD ("/visits/votes-confirm", test_votes);
  ADD ("/visits/interval-limits-and-counts", test_interval);
  ADD ("/visits/cut-ends-a-visit", test_cut);
  ADD ("/visits/gallery-goes-while-somebody-is-there",
      test_no_gallery_any_more);
  ADD ("/visits/back-in-time-begins-anew", test_back_in_time);
  ADD ("/visits/other-length-is-an-error", test_other_length);
  ADD ("/visits/events-of-visits-wait", test_unpopped);
  ADD ("/visits/same-faces-give-the-same-events", test_deterministic);
  return g_test_run ();
}
