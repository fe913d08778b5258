/* tracker.c - faces are followed by place, by looks and by given ids
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * People are the axes of a four-dimensional space: any two are at a squared
 * distance of 2. Times are milliseconds, the window is a second.
 */
#include "track/facenet-tracker-private.h"

#include <math.h>

#define DIMS 4
#define WINDOW 1000

typedef struct
{
  FacenetTracker *tracker;
  gfloat vectors[8][DIMS];
  FacenetSighting faces[8];
  FacenetTrack *tracks[8];
  guint n;
} Fixture;

static void
set_up (Fixture * self, gconstpointer data)
{
  self->tracker = facenet_tracker_new (WINDOW, g_free);
  self->n = 0;
}

static void
tear_down (Fixture * self, gconstpointer data)
{
  facenet_tracker_free (self->tracker);
}

/* Puts person into the next frame, turned towards the next person by some
 * squared distance, in a box of 10x10 at x. */
static FacenetSighting *
add (Fixture * self, guint person, gdouble distance, gdouble x)
{
  FacenetSighting *face = &self->faces[self->n];
  gfloat *vector = self->vectors[self->n];
  gdouble cosine = 1 - distance / 2;
  guint i;

  for (i = 0; i < DIMS; i++) {
    vector[i] = 0;
  }
  vector[person] = (gfloat) cosine;
  vector[(person + 1) % DIMS] = (gfloat) sqrt (1 - cosine * cosine);
  face->embedding = vector;
  face->n_dims = DIMS;
  face->track_id = -1;
  face->x = x;
  face->y = 0;
  face->width = face->height = 10;
  face->quality = (gdouble) NAN;
  self->n++;
  return face;
}

static FacenetTrack **
follow (Fixture * self, guint64 now)
{
  facenet_tracker_follow (self->tracker, now, self->faces, self->n,
      self->tracks);
  self->n = 0;
  return self->tracks;
}

/* Two that look alike and come one after the other are two all the same. */
static void
test_resumed (Fixture * self, gconstpointer data)
{
  FacenetTrack *first = NULL, *second = NULL;
  guint i;

  for (i = 0; i < 2; i++) {
    add (self, 0, 0, 0);
    first = follow (self, i)[0];
    facenet_tracker_resume (self->tracker);
    add (self, 0, 0, 100);
    second = follow (self, i)[0];
    g_assert_true (first != second);
  }
  g_assert_cmpuint (facenet_tracker_get_n_tracks (self->tracker), ==, 2);
  g_assert_cmpuint (first->n_faces, ==, 2);
  g_assert_cmpuint (second->n_faces, ==, 2);
}

static void
test_still (Fixture * self, gconstpointer data)
{
  FacenetTrack *first;
  guint i;

  add (self, 0, 0, 0);
  first = follow (self, 100)[0];
  for (i = 1; i < 50; i++) {
    add (self, 0, 0, i);
    g_assert_true (follow (self, 100 + 40 * i)[0] == first);
  }
  g_assert_cmpuint (facenet_tracker_get_n_tracks (self->tracker), ==, 1);
  g_assert_cmpuint (first->n_faces, ==, 50);
  g_assert_cmpuint (first->first_seen, ==, 100);
  g_assert_cmpuint (first->last_seen, ==, 100 + 40 * 49);
  g_assert_false (first->given);
}

/* Two people who pass each other: the boxes change places, the faces do not. */
static void
test_crossing (Fixture * self, gconstpointer data)
{
  FacenetTrack *ann, *bob;
  guint i;

  add (self, 0, 0, 0);
  add (self, 2, 0, 20);
  ann = follow (self, 0)[0];
  bob = self->tracks[1];
  g_assert_true (ann != bob);
  for (i = 1; i <= 20; i++) {
    add (self, 2, 0, 20 - i);
    add (self, 0, 0, i);
    follow (self, 40 * i);
    g_assert_true (self->tracks[0] == bob);
    g_assert_true (self->tracks[1] == ann);
  }
}

/* A poor picture in the same place belongs to the track, a poor picture
 * elsewhere does not. */
static void
test_overlap (Fixture * self, gconstpointer data)
{
  FacenetTrack *first;

  add (self, 0, 0, 0);
  first = follow (self, 0)[0];
  add (self, 0, 1.2, 1);
  g_assert_true (follow (self, 40)[0] == first);
  add (self, 2, 0, 100);
  first = follow (self, 80)[0];
  add (self, 2, 1.2, 150);
  g_assert_true (follow (self, 120)[0] != first);
}

static void
test_other_person_same_place (Fixture * self, gconstpointer data)
{
  FacenetTrack *first;

  add (self, 0, 0, 0);
  first = follow (self, 0)[0];
  add (self, 2, 0, 0);
  g_assert_true (follow (self, 40)[0] != first);
}

static void
test_jump (Fixture * self, gconstpointer data)
{
  FacenetTrack *first;

  add (self, 0, 0, 0);
  first = follow (self, 0)[0];
  add (self, 0, 0.3, 300);
  g_assert_true (follow (self, 900)[0] == first);
}

static void
test_no_boxes (Fixture * self, gconstpointer data)
{
  FacenetTrack *first;

  add (self, 0, 0, 0)->width = 0;
  first = follow (self, 0)[0];
  add (self, 0, 0.3, 0)->width = 0;
  g_assert_true (follow (self, 40)[0] == first);
  add (self, 2, 0, 0)->width = 0;
  g_assert_true (follow (self, 80)[0] != first);
}

/* Twins in one frame are two tracks, each in its place. */
static void
test_twins (Fixture * self, gconstpointer data)
{
  FacenetTrack *left, *right;

  add (self, 0, 0, 0);
  add (self, 0, 0, 100);
  left = follow (self, 0)[0];
  right = self->tracks[1];
  g_assert_true (left != right);
  add (self, 0, 0, 101);
  add (self, 0, 0, 1);
  g_assert_true (follow (self, 40)[0] == right);
  g_assert_true (self->tracks[1] == left);
}

/* Where there was one face there are two that look the same. */
static void
test_second_face (Fixture * self, gconstpointer data)
{
  FacenetTrack *first;

  add (self, 0, 0, 0);
  first = follow (self, 0)[0];
  add (self, 0, 0, 3);
  add (self, 0, 0, 1);
  follow (self, 40);
  g_assert_true (self->tracks[0] != first);
  g_assert_true (self->tracks[1] == first);
  g_assert_cmpuint (first->n_faces, ==, 2);
}

static void
test_given (Fixture * self, gconstpointer data)
{
  FacenetTrack *given, *own;

  add (self, 0, 0, 0)->track_id = 7;
  given = follow (self, 0)[0];
  g_assert_cmpint (given->id, ==, 7);
  g_assert_true (given->given);
  /* The id goes before looks and place. */
  add (self, 2, 0, 300)->track_id = 7;
  add (self, 0, 0, 0);
  g_assert_true (follow (self, 40)[0] == given);
  own = self->tracks[1];
  g_assert_true (own != given);
  g_assert_cmpint (own->id, >, 7);
}

static void
test_given_twice (Fixture * self, gconstpointer data)
{
  add (self, 0, 0, 0)->track_id = 7;
  add (self, 2, 0, 50)->track_id = 7;
  follow (self, 0);
  g_assert_true (self->tracks[0] != self->tracks[1]);
  g_assert_cmpint (self->tracks[0]->id, ==, 7);
  g_assert_false (self->tracks[1]->given);
}

static void
test_ends (Fixture * self, gconstpointer data)
{
  FacenetTrack *ann, *bob;

  add (self, 0, 0, 0);
  add (self, 2, 0, 50);
  ann = follow (self, 0)[0];
  bob = self->tracks[1];
  ann->data = g_strdup ("freed with the track");
  add (self, 2, 0, 50);
  follow (self, 500);
  g_assert_null (facenet_tracker_find_ended (self->tracker, WINDOW));
  g_assert_true (facenet_tracker_find_ended (self->tracker, WINDOW + 1) == ann);
  facenet_tracker_remove (self->tracker, ann);
  g_assert_null (facenet_tracker_find_ended (self->tracker, WINDOW + 1));
  g_assert_cmpuint (facenet_tracker_get_n_tracks (self->tracker), ==, 1);
  g_assert_true (facenet_tracker_get_track (self->tracker, 0) == bob);
  facenet_tracker_set_window (self->tracker, 100);
  g_assert_true (facenet_tracker_find_ended (self->tracker, 601) == bob);
}

/* Four good pictures and three bad ones that weigh a tenth. */
static void
test_quality (Fixture * self, gconstpointer data)
{
  FacenetTrack *track = NULL;
  guint i;

  for (i = 0; i < 7; i++) {
    FacenetSighting *face = add (self, 0, i % 2 == 0 ? 0 : 1, 0);

    face->quality = i % 2 == 0 ? 1 : 0.1;
    track = follow (self, 0)[0];
  }
  /* 4 (1,0) + 0.3 (0.5, 0.866) */
  g_assert_cmpfloat (fabs ((gdouble) track->embedding[0] -
          4.15 / hypot (4.15, 0.3 * sqrt (0.75))), <, 1e-6);
  g_assert_cmpfloat (fabs ((gdouble) track->embedding[1] -
          0.3 * sqrt (0.75) / hypot (4.15, 0.3 * sqrt (0.75))), <, 1e-6);
}

/* Quality that nobody measured counts as one. */
static void
test_no_quality (Fixture * self, gconstpointer data)
{
  FacenetTrack *track;

  add (self, 0, 0, 0);
  follow (self, 0);
  add (self, 0, 1, 0);
  track = follow (self, 0)[0];
  g_assert_cmpuint (track->n_faces, ==, 2);
  g_assert_cmpfloat (fabs ((gdouble) track->embedding[0] -
          1.5 / hypot (1.5, sqrt (0.75))), <, 1e-6);
}

/* A given id that moves on to another person becomes theirs. */
static void
test_forgets (Fixture * self, gconstpointer data)
{
  FacenetTrack *track = NULL;
  guint i;

  for (i = 0; i < 100; i++) {
    add (self, i < 50 ? 0 : 2, 0, 0)->track_id = 1;
    track = follow (self, 40 * i)[0];
  }
  g_assert_cmpfloat (track->embedding[2], >, 0.98);
}

/* Broken numbers and no weight at all: nothing breaks, nothing is lost. */
static void
test_broken (Fixture * self, gconstpointer data)
{
  FacenetTrack *track;

  add (self, 0, 0, 0)->quality = 0;
  track = follow (self, 0)[0];
  g_assert_cmpfloat (track->embedding[0], ==, 1);
  track->data = NULL;
  add (self, 0, 0, 0)->track_id = 3;
  track = follow (self, 0)[0];
  add (self, 0, 0, 0)->track_id = 3;
  self->vectors[0][1] = NAN;
  g_assert_true (follow (self, 40)[0] == track);
  g_assert_cmpfloat (track->embedding[0], ==, 1);
  g_assert_cmpfloat (track->embedding[1], ==, 0);
}

static void
test_other_length (Fixture * self, gconstpointer data)
{
  FacenetTrack *track;
  FacenetSighting *face;

  add (self, 0, 0, 0)->track_id = 1;
  add (self, 0, 0, 50);
  track = follow (self, 0)[0];
  face = add (self, 0, 0, 0);
  face->track_id = 1;
  face->n_dims = 3;
  face = add (self, 0, 0, 50);
  face->n_dims = 3;
  g_assert_true (follow (self, 40)[0] == track);
  g_assert_cmpuint (track->n_dims, ==, 3);
  g_assert_cmpuint (facenet_tracker_get_n_tracks (self->tracker), ==, 3);
}

#define ADD(path, test) \
    g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/tracker/face-that-moves-is-one-track", test_still);
  ADD ("/tracker/faces-one-by-one-are-of-one-frame", test_resumed);
  ADD ("/tracker/people-who-cross-keep-their-tracks", test_crossing);
  ADD ("/tracker/overlap-forgives-a-poor-picture", test_overlap);
  ADD ("/tracker/another-person-in-the-same-place-is-another-track",
      test_other_person_same_place);
  ADD ("/tracker/same-looks-elsewhere-are-the-same-track", test_jump);
  ADD ("/tracker/faces-without-boxes-go-by-looks", test_no_boxes);
  ADD ("/tracker/twins-are-two-tracks", test_twins);
  ADD ("/tracker/track-gets-one-face-of-a-frame", test_second_face);
  ADD ("/tracker/given-id-goes-first", test_given);
  ADD ("/tracker/id-given-twice-counts-once-per-frame", test_given_twice);
  ADD ("/tracker/track-ends-after-the-window", test_ends);
  ADD ("/tracker/embedding-is-weighted-by-quality", test_quality);
  ADD ("/tracker/unknown-quality-weighs-one", test_no_quality);
  ADD ("/tracker/embedding-forgets-what-is-long-ago", test_forgets);
  ADD ("/tracker/broken-numbers-do-no-harm", test_broken);
  ADD ("/tracker/length-of-embeddings-may-change", test_other_length);
  return g_test_run ();
}
