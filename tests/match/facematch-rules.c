/* facematch-rules.c - what the gallery asks for a person is done
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "facematch-stream.h"

static void
test_tags_and_action (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) ann = NULL, bob = NULL;
  const GValue *tags;

  write_gallery (self, ",\"tags\":[\"staff\",\"night\"],"
      "\"action\":\"open-gate\"");
  fixture_play (self);
  push_person (self, 0, 0);
  ann = expect (self, "match", "ann");
  g_assert_cmpstr (get_string (ann, "action"), ==, "open-gate");
  tags = gst_structure_get_value (gst_message_get_structure (ann), "tags");
  g_assert_cmpuint (gst_value_list_get_size (tags), ==, 2);
  g_assert_cmpstr (g_value_get_string (gst_value_list_get_value (tags, 1)), ==,
      "night");
  push_person (self, 40, 1);
  bob = expect (self, "match", "bob");
  g_assert_false (has_field (bob, "tags"));
  g_assert_false (has_field (bob, "action"));
}

static void
test_ignore (Fixture * self, gconstpointer data)
{
  write_gallery (self, ",\"action\":\"ignore\"");
  report (self, "match+unknown+uncertain+lost+reject");
  fixture_play (self);
  g_assert_cmpint (push_person (self, 0, 0), ==, FACENET_EVENT_MATCH);
  push_empty (self, 9000);
  g_assert_null (pop_verdict (self));
  push_person (self, 10000, 1);
  expect_only (self, "match", "bob");
}

static void
test_decoy (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) message = NULL;
  const GValue *candidates;

  write_gallery (self, ",\"decoy\":true,\"action\":\"alert\"");
  report (self, "match+unknown+uncertain+lost+reject");
  g_object_set (self->element, "top-k", 2, "min-matches", 2, NULL);
  fixture_play (self);
  push_person (self, 0, 0);
  g_assert_cmpint (push_person (self, 40, 0), ==, FACENET_EVENT_REJECT);
  push_empty (self, 9000);
  g_assert_null (pop_verdict (self));
  g_object_set (self->element, "min-matches", 1, NULL);
  push_person (self, 10000, 1);
  message = expect (self, "match", "bob");
  candidates = gst_structure_get_value (gst_message_get_structure (message),
      "candidates");
  g_assert_cmpuint (gst_value_list_get_size (candidates), ==, 1);
}

static void
assert_valid (Fixture * self, guint min_matches, gint event)
{
  guint i;

  g_object_set (self->element, "min-matches", min_matches, NULL);
  report (self, "match+reject+lost");
  fixture_play (self);
  for (i = 1; i < min_matches; i++) {
    push_person (self, 40 * i, 0);
    gst_message_unref (expect (self, "reject", "ann"));
  }
  g_assert_cmpint (push_person (self, 40 * i, 0), ==, event);
}

static void
test_valid (Fixture * self, gconstpointer data)
{
  write_gallery (self, ",\"valid-until\":\"2999-01-01T00:00:00Z\"");
  assert_valid (self, 1, FACENET_EVENT_MATCH);
  expect_only (self, "match", "ann");
}

static void
test_expired (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) message = NULL;

  write_gallery (self, ",\"valid-until\":\"2020-01-01T00:00:00Z\"");
  assert_valid (self, 1, FACENET_EVENT_REJECT);
  message = expect (self, "reject", "ann");
  g_assert_cmpstr (get_string (message, "reason"), ==, "expired");
  assert_near (get_double (message, "distance"), 0);
}

/* Not before the votes say who it is; and nobody was there who could leave.
 * That it was not clear who it is does not hold back that it is. */
static void
test_expired_track (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) message = NULL;

  g_object_set (self->element, "message-interval", 60 * GST_SECOND, NULL);
  write_gallery (self, ",\"valid-until\":\"2020-01-01T00:00:00Z\"");
  assert_valid (self, 2, FACENET_EVENT_REJECT);
  message = expect (self, "reject", "ann");
  g_assert_cmpstr (get_string (message, "reason"), ==, "expired");
  push_empty (self, 9000);
  g_assert_null (pop_verdict (self));
}

static void
test_expired_alone (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) message = NULL;

  write_gallery (self, ",\"valid-until\":\"2020-01-01T00:00:00Z\"");
  report (self, "match+reject");
  fixture_play (self);
  g_assert_cmpint (push_person (self, 0, 0), ==, FACENET_EVENT_REJECT);
  message = expect (self, "reject", "ann");
  g_assert_cmpstr (get_string (message, "reason"), ==, "expired");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/facematch-rules/tags-and-action-are-handed-on", test_tags_and_action);
  ADD ("/facematch-rules/ignored-person-is-not-told", test_ignore);
  ADD ("/facematch-rules/decoy-is-a-reject-and-never-told", test_decoy);
  ADD ("/facematch-rules/valid-person-is-accepted", test_valid);
  ADD ("/facematch-rules/expired-person-is-rejected", test_expired);
  ADD ("/facematch-rules/expired-person-is-confirmed-first",
      test_expired_track);
  ADD ("/facematch-rules/expired-person-without-votes", test_expired_alone);
  return g_test_run ();
}
