/* facematch-visits.c - one message per visit, and word of who left
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "facematch-stream.h"

static void
test_interval (Fixture * self, gconstpointer data)
{
  static const gint64 expected[] = { 0, 24, 24 };
  guint i;

  g_object_set (self->element, "message-interval", GST_SECOND, NULL);
  fixture_play (self);
  for (i = 0; i < 60; i++) {
    push_person (self, 40 * i, 0);
  }
  for (i = 0; i < 3; i++) {
    g_autoptr (GstMessage) message = expect (self, "match", "ann");

    g_assert_cmpuint (get_time (message, "stream-time"), ==, i * GST_SECOND);
    g_assert_cmpint (get_count (message, "suppressed"), ==, expected[i]);
  }
  g_assert_null (pop_verdict (self));
}

/* What nobody was told holds nothing back. */
static void
test_suppressed_after_post (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) message = NULL;

  g_object_set (self->element, "message-interval", GST_SECOND, NULL);
  report (self, "unknown");
  fixture_play (self);
  push_person (self, 0, 0);
  report (self, "match");
  g_object_set (self->element, "post-messages", FALSE, NULL);
  push_person (self, 40, 0);
  g_assert_null (pop_verdict (self));
  g_object_set (self->element, "post-messages", TRUE, NULL);
  push_person (self, 80, 0);
  message = expect (self, "match", "ann");
  g_assert_cmpint (get_count (message, "suppressed"), ==, 0);
}

static void
test_per_identity (Fixture * self, gconstpointer data)
{
  g_object_set (self->element, "message-interval", 10 * GST_SECOND, NULL);
  fixture_play (self);
  push_person (self, 0, 0);
  push_person (self, 40, 1);
  push_person (self, 80, 0);
  push_person (self, 120, 1);
  gst_message_unref (expect (self, "match", "ann"));
  expect_only (self, "match", "bob");
}

/* Not to have been sure about somebody does not hold back being sure. */
static void
test_per_event (Fixture * self, gconstpointer data)
{
  GstBuffer *buffer = new_frame (0);

  g_object_set (self->element, "message-interval", 10 * GST_SECOND,
      "unknown-threshold", 1.5, NULL);
  report (self, "match+uncertain");
  fixture_play (self);
  add_turned (buffer, 0, 2, 0.9);
  push_buffer (self, buffer);
  gst_message_unref (expect (self, "uncertain", "ann"));
  push_person (self, 5000, 0);
  expect_only (self, "match", "ann");
}

static void
test_lost (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) message = NULL;
  guint i;

  report (self, "lost");
  fixture_play (self);
  for (i = 0; i <= 25; i++) {
    push_person (self, 5000 + 40 * i, 0);
  }
  push_empty (self, 8000);
  g_assert_null (pop_verdict (self));
  push_empty (self, 8001);
  message = expect (self, "lost", "ann");
  g_assert_cmpuint (get_time (message, "dwell"), ==, GST_SECOND);
  /* When and where she was seen last. */
  g_assert_cmpuint (get_time (message, "stream-time"), ==, 6 * GST_SECOND);
  g_assert_true (has_field (message, "face"));
  g_assert_cmpstr (get_string (message, "name"), ==, "Ann Smith");
  g_assert_cmpint (get_track (message), >=, 0);
  g_assert_false (has_field (message, "distance"));
  g_assert_false (has_field (message, "threshold"));
  g_assert_false (has_field (message, "votes"));
  push_empty (self, 20000);
  g_assert_null (pop_verdict (self));
}

static void
test_lost_unconfirmed (Fixture * self, gconstpointer data)
{
  g_object_set (self->element, "min-matches", 3, NULL);
  report (self, "lost");
  fixture_play (self);
  push_person (self, 0, 0);
  push_person (self, 40, 0);
  push_empty (self, 9000);
  g_assert_null (pop_verdict (self));
}

static void
test_lost_at_end (Fixture * self, gconstpointer data)
{
  report (self, "lost");
  fixture_play (self);
  push_person (self, 0, 0);
  push_person (self, 40, 0);
  gst_harness_push_event (self->harness, gst_event_new_eos ());
  {
    g_autoptr (GstMessage) message = expect (self, "lost", "ann");

    g_assert_cmpuint (get_time (message, "dwell"), ==, 40 * GST_MSECOND);
  }
}

static void
test_lost_at_stop (Fixture * self, gconstpointer data)
{
  report (self, "lost");
  fixture_play (self);
  push_person (self, 0, 0);
  gst_element_set_state (self->element, GST_STATE_READY);
  expect_only (self, "lost", "ann");
}

static void
test_lost_in_gap (Fixture * self, gconstpointer data)
{
  report (self, "lost");
  fixture_play (self);
  push_person (self, 0, 0);
  gst_harness_push_event (self->harness,
      gst_event_new_gap (40 * GST_MSECOND, GST_SECOND));
  g_assert_null (pop_verdict (self));
  gst_harness_push_event (self->harness,
      gst_event_new_gap (1040 * GST_MSECOND, GST_SECOND));
  expect_only (self, "lost", "ann");
}

static void
flush (Fixture * self)
{
  GstSegment segment;

  gst_harness_push_event (self->harness, gst_event_new_flush_start ());
  gst_harness_push_event (self->harness, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (self->harness, gst_event_new_segment (&segment));
}

/* What comes after a seek is told as if it were the first time. */
static void
test_flush (Fixture * self, gconstpointer data)
{
  g_object_set (self->element, "message-interval", 100 * GST_SECOND, NULL);
  report (self, "match+lost");
  fixture_play (self);
  push_person (self, 5000, 0);
  gst_message_unref (expect (self, "match", "ann"));
  flush (self);
  gst_message_unref (expect (self, "lost", "ann"));
  push_person (self, 0, 0);
  expect_only (self, "match", "ann");
}

static void
test_back_in_time (Fixture * self, gconstpointer data)
{
  g_object_set (self->element, "message-interval", 100 * GST_SECOND, NULL);
  report (self, "match+lost");
  fixture_play (self);
  push_person (self, 5000, 0);
  gst_message_unref (expect (self, "match", "ann"));
  /* A little is jitter. */
  push_person (self, 4900, 0);
  g_assert_null (pop_verdict (self));
  push_person (self, 0, 0);
  gst_message_unref (expect (self, "lost", "ann"));
  expect_only (self, "match", "ann");
}

/* Played backwards, time passes as well. */
static void
test_reverse (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) message = NULL;
  GstSegment segment;
  guint i;

  report (self, "lost");
  fixture_play (self);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.rate = -1;
  segment.stop = 60 * GST_SECOND;
  gst_harness_push_event (self->harness, gst_event_new_segment (&segment));
  for (i = 0; i <= 25; i++) {
    push_person (self, 60000 - 40 * i, 0);
  }
  push_empty (self, 50000);
  message = expect (self, "lost", "ann");
  g_assert_cmpuint (get_time (message, "dwell"), ==, GST_SECOND);
}

/* A tracker that gives a person a new id has not lost them. */
static void
test_new_track (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) message = NULL;
  guint i;

  report (self, "lost");
  fixture_play (self);
  for (i = 0; i < 250; i++) {
    GstBuffer *buffer = new_frame (40 * i);

    add_person_face (buffer, 0)->track_id = (gint) i / 50;
    push_buffer (self, buffer);
  }
  g_assert_null (pop_verdict (self));
  push_empty (self, 60000);
  message = expect (self, "lost", "ann");
  g_assert_cmpuint (get_time (message, "dwell"), ==, 249 * 40 * GST_MSECOND);
}

static void
expect_unknown (Fixture * self, guint milliseconds, guint person,
    const gchar * id)
{
  push_person (self, milliseconds, person);
  expect_only (self, "unknown", id);
}

static void
test_strangers (Fixture * self, gconstpointer data)
{
  g_object_set (self->element, "message-interval", GST_SECOND, NULL);
  report (self, "unknown");
  fixture_play (self);
  expect_unknown (self, 0, 2, "unknown-1");
  expect_unknown (self, 10000, 3, "unknown-2");
  expect_unknown (self, 20000, 2, "unknown-1");
  expect_unknown (self, 30000, 3, "unknown-2");
  flush (self);
  expect_unknown (self, 0, 3, "unknown-2");
  /* Another stream has strangers of its own. */
  gst_harness_push_event (self->harness, gst_event_new_stream_start ("two"));
  expect_unknown (self, 10000, 3, "unknown-1");
}

/* Told apart by the threshold in use, which is not the gallery's. */
static void
test_strangers_threshold (Fixture * self, gconstpointer data)
{
  GstBuffer *buffer = new_frame (10000);

  g_object_set (self->element, "message-interval", GST_SECOND, "threshold", 0.4,
      NULL);
  report (self, "unknown");
  fixture_play (self);
  expect_unknown (self, 0, 2, "unknown-1");
  add_turned (buffer, 2, 3, 0.6);
  push_buffer (self, buffer);
  expect_only (self, "unknown", "unknown-2");
}

/* Two faces of a frame are never one person. */
static void
test_strangers_alike (Fixture * self, gconstpointer data)
{
  GstBuffer *buffer = new_frame (0);

  g_object_set (self->element, "message-interval", GST_SECOND, NULL);
  report (self, "unknown");
  fixture_play (self);
  add_person_face (buffer, 2);
  add_person_face (buffer, 2)->x = 300;
  push_buffer (self, buffer);
  gst_message_unref (expect (self, "unknown", "unknown-1"));
  expect_only (self, "unknown", "unknown-2");
}

/* An application enrols somebody under the id that we gave. */
static void
test_stranger_enrolled (Fixture * self, gconstpointer data)
{
  g_object_set (self->element, "message-interval", GST_SECOND, NULL);
  report (self, "unknown");
  g_assert_true (g_file_set_contents (self->location,
          "{\"format\":\"facenet-gallery\",\"version\":1,\"model\":{\"id\":\""
          MODEL "\",\"dims\":4},\"identities\":[{\"id\":\"unknown-1\","
          "\"embeddings\":[{\"vector\":[1,0,0,0]}]}]}", -1, NULL));
  fixture_play (self);
  expect_unknown (self, 0, 2, "unknown-2");
}

/* Somebody who is recognised after all. */
static void
test_stranger_recognised (Fixture * self, gconstpointer data)
{
  guint i;

  g_object_set (self->element, "message-interval", 60 * GST_SECOND, NULL);
  report (self, "match+unknown+lost");
  fixture_play (self);
  for (i = 0; i < 200; i++) {
    GstBuffer *buffer = new_frame (40 * i);

    add_turned (buffer, 0, 2, i < 50 ? 1.0 : 0)->track_id = 1;
    push_buffer (self, buffer);
  }
  gst_message_unref (expect (self, "unknown", "unknown-1"));
  gst_message_unref (expect (self, "lost", "unknown-1"));
  expect_only (self, "match", "ann");
}

/* A track id that goes from one person to the next and the next. */
static void
test_stranger_after_another (Fixture * self, gconstpointer data)
{
  static const guint people[] = { 2, 0, 3 };
  guint i;

  g_object_set (self->element, "message-interval", 60 * GST_SECOND, NULL);
  report (self, "match+unknown");
  fixture_play (self);
  for (i = 0; i < 600; i++) {
    GstBuffer *buffer = new_frame (40 * i);

    add_person_face (buffer, people[i / 200])->track_id = 1;
    push_buffer (self, buffer);
  }
  gst_message_unref (expect (self, "unknown", "unknown-1"));
  gst_message_unref (expect (self, "match", "ann"));
  expect_only (self, "unknown", "unknown-2");
}

static void
add_anything (GstBuffer * buffer, GRand * rand)
{
  gfloat vector[8];
  guint i, n = (guint) g_rand_int_range (rand, 1, 9);
  GstFaceEmbeddingMeta *face;

  for (i = 0; i < n; i++) {
    vector[i] = (gfloat) g_rand_double_range (rand, -1, 1);
  }
  if (g_rand_int_range (rand, 0, 5) == 0)
    vector[0] = g_rand_boolean (rand) ? NAN : INFINITY;
  face = gst_buffer_add_face_embedding_meta (buffer, vector, n, MODEL);
  face->quality = g_rand_double_range (rand, -1, 2);
  face->x = g_rand_int (rand);
  face->w = g_rand_int (rand);
  face->h = g_rand_int (rand);
  if (g_rand_boolean (rand))
    face->track_id = G_MAXINT - g_rand_int_range (rand, 0, 5);
}

/* Whatever metadata and times come: nothing breaks, and everybody of whom it
 * was said that they came is said to have left. */
static void
test_anything (Fixture * self, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autoptr (GHashTable) there = g_hash_table_new_full (g_str_hash,
      g_str_equal, g_free, NULL);
  GstClockTime now = 0;
  GstMessage *message;
  guint i, n;

  report (self, "unknown+lost");
  g_free (self->location);
  self->location = NULL;
  fixture_play (self);
  for (i = 0; i < 3000; i++) {
    GstBuffer *buffer;

    now += (guint64) g_rand_int_range (rand, 0, 80) * GST_MSECOND;
    if (g_rand_int_range (rand, 0, 100) == 0)
      now = (guint64) g_rand_int (rand) * 100;
    buffer = new_buffer (g_rand_int_range (rand, 0, 20) == 0
        ? GST_CLOCK_TIME_NONE : now);
    for (n = (guint) g_rand_int_range (rand, 0, 4); n > 0; n--) {
      add_anything (buffer, rand);
    }
    push_buffer (self, buffer);
    if (i % 100 == 0)
      g_object_set (self->element, "match-window",
          (guint64) g_rand_int_range (rand, 0, 3) * GST_SECOND, NULL);
  }
  gst_harness_push_event (self->harness, gst_event_new_eos ());
  while ((message = pop_verdict (self)) != NULL) {
    const gchar *id = get_string (message, "id");

    if (g_strcmp0 (get_string (message, "event"), "unknown") == 0)
      g_hash_table_add (there, g_strdup (id));
    else
      g_assert_true (g_hash_table_remove (there, id));
    gst_message_unref (message);
  }
  g_assert_cmpuint (g_hash_table_size (there), ==, 0);
  self->location = g_build_filename (self->folder, "people.json", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/facematch-visits/interval-holds-back-and-counts", test_interval);
  ADD ("/facematch-visits/interval-begins-with-a-post",
      test_suppressed_after_post);
  ADD ("/facematch-visits/interval-is-per-identity", test_per_identity);
  ADD ("/facematch-visits/interval-is-per-event", test_per_event);
  ADD ("/facematch-visits/lost-says-how-long", test_lost);
  ADD ("/facematch-visits/unconfirmed-is-not-lost", test_lost_unconfirmed);
  ADD ("/facematch-visits/lost-at-the-end-of-the-stream", test_lost_at_end);
  ADD ("/facematch-visits/lost-when-stopped", test_lost_at_stop);
  ADD ("/facematch-visits/lost-in-a-gap", test_lost_in_gap);
  ADD ("/facematch-visits/flush-begins-anew", test_flush);
  ADD ("/facematch-visits/back-in-time-begins-anew", test_back_in_time);
  ADD ("/facematch-visits/played-backwards", test_reverse);
  ADD ("/facematch-visits/new-track-id-is-the-same-visit", test_new_track);
  ADD ("/facematch-visits/strangers-keep-their-ids", test_strangers);
  ADD ("/facematch-visits/strangers-are-told-apart-by-the-threshold",
      test_strangers_threshold);
  ADD ("/facematch-visits/strangers-alike-are-two", test_strangers_alike);
  ADD ("/facematch-visits/stranger-id-is-not-one-of-the-gallery",
      test_stranger_enrolled);
  ADD ("/facematch-visits/stranger-is-recognised-later",
      test_stranger_recognised);
  ADD ("/facematch-visits/stranger-after-somebody-else-is-another",
      test_stranger_after_another);
  ADD ("/facematch-visits/anything-may-come", test_anything);
  return g_test_run ();
}
