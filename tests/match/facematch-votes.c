/* facematch-votes.c - nobody is confirmed by a single mistaken frame
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "facematch-stream.h"

static void
test_votes (Fixture * self, gconstpointer data)
{
  GstMessage *message;

  g_object_set (self->element, "min-matches", 3, NULL);
  report (self, "match+reject");
  fixture_play (self);
  g_assert_cmpint (push_person (self, 0, 0), ==, FACENET_EVENT_REJECT);
  message = expect (self, "reject", "ann");
  g_assert_cmpstr (get_string (message, "reason"), ==, "not-confirmed");
  g_assert_cmpint (get_count (message, "votes"), ==, 1);
  g_assert_cmpint (get_track (message), >=, 0);
  g_assert_false (has_field (message, "suppressed"));
  gst_message_unref (message);
  /* Said once for each track. */
  g_assert_cmpint (push_person (self, 40, 0), ==, FACENET_EVENT_REJECT);
  g_assert_null (pop_verdict (self));
  g_assert_cmpint (push_person (self, 80, 0), ==, FACENET_EVENT_MATCH);
  message = expect (self, "match", "ann");
  g_assert_cmpint (get_count (message, "votes"), ==, 3);
  g_assert_cmpstr (get_string (message, "name"), ==, "Ann Smith");
  gst_message_unref (message);
  g_assert_cmpint (push_person (self, 120, 0), ==, FACENET_EVENT_MATCH);
  expect_only (self, "match", "ann");
}

static void
test_window (Fixture * self, gconstpointer data)
{
  guint i;

  g_object_set (self->element, "min-matches", 3, "match-window",
      2 * GST_SECOND, NULL);
  fixture_play (self);
  for (i = 0; i < 10; i++) {
    push_person (self, 1500 * i, 0);
  }
  g_assert_null (pop_verdict (self));
  g_object_set (self->element, "match-window", 3 * GST_SECOND, NULL);
  push_person (self, 15000, 0);
  expect_only (self, "match", "ann");
}

/* In the middle of Ann's track one frame looks like Bob. */
static void
push_mistake (Fixture * self, gint track_id)
{
  guint i;

  for (i = 0; i < 30; i++) {
    GstBuffer *buffer = new_frame (40 * i);

    add_person_face (buffer, i == 10 || i == 20 ? 1 : 0)->track_id = track_id;
    push_buffer (self, buffer);
  }
}

static guint
count_of (Fixture * self, const gchar * id)
{
  GstMessage *message;
  guint n = 0;

  while ((message = pop_verdict (self)) != NULL) {
    n += g_strcmp0 (get_string (message, "id"), id) == 0;
    gst_message_unref (message);
  }
  return n;
}

/* Two mistakes within a window are two votes for a track of their own. */
static void
test_mistake_own_track (Fixture * self, gconstpointer data)
{
  g_object_set (self->element, "min-matches", 3, NULL);
  fixture_play (self);
  push_mistake (self, -1);
  g_assert_cmpuint (count_of (self, "bob"), ==, 0);
}

static void
test_mistake_given_track (Fixture * self, gconstpointer data)
{
  g_object_set (self->element, "min-matches", 2, NULL);
  fixture_play (self);
  push_mistake (self, 5);
  g_assert_cmpuint (count_of (self, "bob"), ==, 0);
}

/* That somebody was confirmed is not taken back by a message. */
static void
test_mistake_is_not_told (Fixture * self, gconstpointer data)
{
  guint i;

  g_object_set (self->element, "message-interval", GST_SECOND, NULL);
  report (self, "match+unknown+reject");
  fixture_play (self);
  for (i = 0; i < 10; i++) {
    GstBuffer *buffer = new_frame (40 * i);

    add_person_face (buffer, i == 5 ? 1 : 0)->track_id = 5;
    g_assert_cmpint (push_buffer (self, buffer), ==, i == 5
        ? FACENET_EVENT_REJECT : FACENET_EVENT_MATCH);
  }
  expect_only (self, "match", "ann");
}

/* The mistake comes first, when the track knows nothing better. */
static void
test_mistake_first (Fixture * self, gconstpointer data)
{
  guint i;

  g_object_set (self->element, "min-matches", 2, NULL);
  report (self, "match+unknown");
  fixture_play (self);
  for (i = 0; i < 10; i++) {
    GstBuffer *buffer = new_frame (40 * i);

    add_person_face (buffer, i == 0 ? 0 : 2)->track_id = 1;
    push_buffer (self, buffer);
  }
  g_assert_cmpuint (count_of (self, "ann"), ==, 0);
}

/* Somebody else behind the same track id is not waved through. */
static void
test_taken_over (Fixture * self, gconstpointer data)
{
  GstBuffer *buffer;
  guint i;

  g_object_set (self->element, "min-matches", 2, NULL);
  report (self, "match+unknown+lost");
  fixture_play (self);
  for (i = 0; i < 200; i++) {
    buffer = new_frame (40 * i);
    add_person_face (buffer, i < 50 ? 0 : 2)->track_id = 1;
    if (push_buffer (self, buffer) == FACENET_EVENT_MATCH)
      g_assert_cmpuint (i, <, 50);
  }
  for (i = 1; i < 50; i++) {
    gst_message_unref (expect (self, "match", "ann"));
  }
  {
    g_autoptr (GstMessage) lost = expect (self, "lost", "ann");

    g_assert_cmpuint (get_time (lost, "dwell"), ==, 49 * 40 * GST_MSECOND);
  }
  gst_message_unref (expect (self, "unknown", "unknown-1"));
}

/* Two poor pictures, each a bit too far from Ann, but in different ways. */
static void
test_fusion (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) message = NULL;
  GstBuffer *buffer;

  g_object_set (self->element, "message-interval", GST_SECOND, NULL);
  fixture_play (self);
  buffer = new_frame (0);
  add_turned (buffer, 0, 2, 0.8);
  g_assert_cmpint (push_buffer (self, buffer), ==, FACENET_EVENT_UNKNOWN);
  buffer = new_frame (0);
  add_turned (buffer, 0, 3, 0.8);
  g_assert_cmpint (push_buffer (self, buffer), ==, FACENET_EVENT_MATCH);
  message = expect (self, "match", "ann");
  /* (0.6, 0.8) and (0.6, -0.8) in planes at a right angle. */
  assert_near (get_double (message, "distance"),
      2 - 2 * 1.2 / sqrt (1.44 + 2 * 0.64));
}

/* A sharp picture outweighs blurred ones. */
static void
test_quality (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) message = NULL;
  GstBuffer *buffer;

  g_object_set (self->element, "message-interval", GST_SECOND, NULL);
  fixture_play (self);
  buffer = new_frame (0);
  add_turned (buffer, 0, 2, 0.8)->quality = 0.1;
  push_buffer (self, buffer);
  buffer = new_frame (0);
  add_person_face (buffer, 0)->quality = 1;
  push_buffer (self, buffer);
  message = expect (self, "match", "ann");
  assert_near (get_double (message, "distance"),
      2 - 2 * 1.06 / hypot (1.06, 0.08));
}

/* Somebody unknown is confirmed by votes, too. */
static void
test_unknown (Fixture * self, gconstpointer data)
{
  g_object_set (self->element, "min-matches", 3, NULL);
  report (self, "match+unknown+reject");
  fixture_play (self);
  push_person (self, 0, 2);
  {
    g_autoptr (GstMessage) message = expect (self, "reject", NULL);

    g_assert_cmpstr (get_string (message, "reason"), ==, "not-confirmed");
    g_assert_false (has_field (message, "name"));
  }
  push_person (self, 40, 2);
  g_assert_null (pop_verdict (self));
  push_person (self, 80, 2);
  {
    g_autoptr (GstMessage) message = expect (self, "unknown", "unknown-1");

    g_assert_false (has_field (message, "name"));
    g_assert_cmpint (get_count (message, "votes"), ==, 3);
  }
}

/* Without timestamps no time passes, and every vote counts. */
static void
test_no_timestamps (Fixture * self, gconstpointer data)
{
  guint i;

  g_object_set (self->element, "min-matches", 3, NULL);
  fixture_play (self);
  for (i = 0; i < 3; i++) {
    GstBuffer *buffer = new_buffer (GST_CLOCK_TIME_NONE);

    add_person_face (buffer, 0);
    push_buffer (self, buffer);
  }
  expect_only (self, "match", "ann");
}

static void
test_verify (Fixture * self, gconstpointer data)
{
  guint i;

  g_object_set (self->element, "min-matches", 3, "claimed-id", "bob", NULL);
  gst_util_set_object_arg (G_OBJECT (self->element), "mode", "verify");
  report (self, "match+reject");
  fixture_play (self);
  push_person (self, 0, 0);
  {
    g_autoptr (GstMessage) message = expect (self, "reject", "bob");

    g_assert_cmpstr (get_string (message, "reason"), ==, "claim-failed");
  }
  for (i = 0; i < 3; i++) {
    push_person (self, 40 + 40 * i, 1);
  }
  {
    g_autoptr (GstMessage) message = expect (self, "reject", "bob");

    g_assert_cmpstr (get_string (message, "reason"), ==, "not-confirmed");
  }
  expect_only (self, "match", "bob");
}

/* Without min-matches and the like every buffer is judged by itself and says
 * nothing of votes. */
static void
test_defaults (Fixture * self, gconstpointer data)
{
  guint i;

  report (self, "match+unknown+uncertain+reject");
  fixture_play (self);
  for (i = 0; i < 4; i++) {
    GstMessage *message;

    push_person (self, 40 * i, i % 2 == 0 ? 0 : 2);
    message = expect (self, i % 2 == 0 ? "match" : "unknown",
        i % 2 == 0 ? "ann" : NULL);
    g_assert_false (has_field (message, "votes"));
    g_assert_false (has_field (message, "suppressed"));
    g_assert_false (has_field (message, "track-id"));
    gst_message_unref (message);
    g_assert_null (pop_verdict (self));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/facematch-votes/enough-of-them-confirm", test_votes);
  ADD ("/facematch-votes/outside-the-window-do-not-count", test_window);
  ADD ("/facematch-votes/one-frame-is-no-match", test_mistake_own_track);
  ADD ("/facematch-votes/one-frame-on-a-given-track-is-no-match",
      test_mistake_given_track);
  ADD ("/facematch-votes/one-frame-of-somebody-confirmed-is-not-told",
      test_mistake_is_not_told);
  ADD ("/facematch-votes/first-frame-is-no-match", test_mistake_first);
  ADD ("/facematch-votes/track-taken-over-is-no-match", test_taken_over);
  ADD ("/facematch-votes/mean-of-a-track-decides", test_fusion);
  ADD ("/facematch-votes/quality-weighs", test_quality);
  ADD ("/facematch-votes/confirm-nobody", test_unknown);
  ADD ("/facematch-votes/without-timestamps", test_no_timestamps);
  ADD ("/facematch-votes/confirm-a-claim", test_verify);
  ADD ("/facematch-votes/none-by-default", test_defaults);
  return g_test_run ();
}
