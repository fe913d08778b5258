/* facematch-messages.c - what facematch says of a face
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "facematch-harness.h"

#define ADD(path, test) \
    g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

typedef struct
{
  const gchar *name;
  GType type;
} Field;

/* A face of which everything is known, and everything to be said of it. */
static void
test_every_field (Fixture * self, gconstpointer data)
{
  const Field fields[] = {
    {"timestamp", G_TYPE_UINT64}, {"stream-time", G_TYPE_UINT64},
    {"running-time", G_TYPE_UINT64}, {"duration", G_TYPE_UINT64},
    {"stream-id", G_TYPE_STRING}, {"event", G_TYPE_STRING},
    {"name", G_TYPE_STRING}, {"id", G_TYPE_STRING},
    {"distance", G_TYPE_DOUBLE}, {"threshold", G_TYPE_DOUBLE},
    {"margin", G_TYPE_DOUBLE}, {"metric", G_TYPE_STRING},
    {"track-id", G_TYPE_INT}, {"face", GST_TYPE_STRUCTURE},
    {"frame-width", G_TYPE_UINT}, {"frame-height", G_TYPE_UINT},
    {"candidates", GST_TYPE_LIST}, {"reason", G_TYPE_STRING},
    {"quality", G_TYPE_DOUBLE}, {"gallery-generation", G_TYPE_UINT}
  };
  GstBuffer *buffer = new_buffer (3 * GST_SECOND);
  GstFaceEmbeddingMeta *face = add_face (buffer);
  g_autoptr (GstMessage) message = NULL;
  const GstStructure *structure;
  guint i;

  g_object_set (self->element, "stream-id", "door", "margin", 0.4, NULL);
  gst_util_set_object_arg (G_OBJECT (self->element), "report", "uncertain");
  fixture_play (self);
  GST_BUFFER_DURATION (buffer) = 40 * GST_MSECOND;
  face->x = 10;
  face->y = 20;
  face->w = 30;
  face->h = 40;
  face->frame_width = 640;
  face->frame_height = 480;
  face->track_id = 7;
  face->quality = 0.75;
  gst_buffer_unref (gst_harness_push_and_pull (self->harness, buffer));

  message = pop_verdict (self);
  g_assert_nonnull (message);
  g_assert_true (GST_MESSAGE_SRC (message) == GST_OBJECT (self->element));
  structure = gst_message_get_structure (message);
  for (i = 0; i < G_N_ELEMENTS (fields); i++) {
    g_test_message ("%s", fields[i].name);
    g_assert_true (gst_structure_has_field_typed (structure, fields[i].name,
            fields[i].type));
  }
  g_assert_cmpint (gst_structure_n_fields (structure), ==,
      G_N_ELEMENTS (fields));
}

/* The values of that message. */
static void
test_values (Fixture * self, gconstpointer data)
{
  GstBuffer *buffer = new_buffer (3 * GST_SECOND);
  GstFaceEmbeddingMeta *face = add_face (buffer);
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GstStructure) box = NULL;
  const GstStructure *structure;
  guint64 timestamp, stream_time, running_time, duration;
  guint x, y, w, h, frame_w, frame_h, generation;
  gint track_id;
  GstSegment segment;

  g_object_set (self->element, "stream-id", "door", NULL);
  fixture_play (self);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = GST_SECOND;
  segment.time = 10 * GST_SECOND;
  gst_harness_push_event (self->harness, gst_event_new_segment (&segment));
  GST_BUFFER_DURATION (buffer) = 40 * GST_MSECOND;
  face->x = 10;
  face->y = 20;
  face->w = 30;
  face->h = 40;
  face->frame_width = 640;
  face->frame_height = 480;
  face->track_id = 0;
  face->quality = 0.75;
  gst_buffer_unref (gst_harness_push_and_pull (self->harness, buffer));

  message = pop_verdict (self);
  structure = gst_message_get_structure (message);
  g_assert_true (gst_structure_get (structure,
          "timestamp", G_TYPE_UINT64, &timestamp,
          "stream-time", G_TYPE_UINT64, &stream_time,
          "running-time", G_TYPE_UINT64, &running_time,
          "duration", G_TYPE_UINT64, &duration,
          "face", GST_TYPE_STRUCTURE, &box,
          "frame-width", G_TYPE_UINT, &frame_w,
          "frame-height", G_TYPE_UINT, &frame_h,
          "track-id", G_TYPE_INT, &track_id,
          "gallery-generation", G_TYPE_UINT, &generation, NULL));
  g_assert_cmpuint (timestamp, ==, 3 * GST_SECOND);
  g_assert_cmpuint (stream_time, ==, 12 * GST_SECOND);
  g_assert_cmpuint (running_time, ==, 2 * GST_SECOND);
  g_assert_cmpuint (duration, ==, 40 * GST_MSECOND);
  g_assert_cmpuint (frame_w, ==, 640);
  g_assert_cmpuint (frame_h, ==, 480);
  g_assert_cmpint (track_id, ==, 0);
  g_assert_cmpuint (generation, ==, 1);
  g_assert_true (gst_structure_has_name (box, "face"));
  g_assert_true (gst_structure_get (box, "x", G_TYPE_UINT, &x, "y",
          G_TYPE_UINT, &y, "width", G_TYPE_UINT, &w, "height", G_TYPE_UINT, &h,
          NULL));
  g_assert_cmpuint (x, ==, 10);
  g_assert_cmpuint (y, ==, 20);
  g_assert_cmpuint (w, ==, 30);
  g_assert_cmpuint (h, ==, 40);
  g_assert_cmpstr (get_string (message, "stream-id"), ==, "door");
  g_assert_cmpstr (get_string (message, "event"), ==, "match");
  g_assert_cmpstr (get_string (message, "id"), ==, "ann");
  g_assert_cmpstr (get_string (message, "name"), ==, "Ann Smith");
  g_assert_cmpstr (get_string (message, "metric"), ==, "squared-l2");
  assert_near (get_double (message, "distance"), 0.2);
  assert_near (get_double (message, "threshold"), 0.7);
  assert_near (get_double (message, "margin"), 0.3);
  assert_near (get_double (message, "quality"), 0.75);
}

/* Of a bare face with one person in the gallery. */
static void
test_leaves_out (Fixture * self, gconstpointer data)
{
  static const gchar *expected[] = { "event", "name", "id", "distance",
    "threshold", "metric", "candidates", "gallery-generation", "stream-id"
  };
  GstBuffer *buffer = new_buffer (GST_CLOCK_TIME_NONE);
  g_autoptr (GstMessage) message = NULL;
  guint i;

  write_people (self->location, MODEL, 1);
  fixture_play (self);
  add_face (buffer);
  gst_buffer_unref (gst_harness_push_and_pull (self->harness, buffer));
  message = pop_verdict (self);
  g_assert_nonnull (message);
  for (i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_assert_true (has_field (message, expected[i]));
  }
  g_assert_cmpint (gst_structure_n_fields (gst_message_get_structure (message)),
      ==, G_N_ELEMENTS (expected));
}

/* The id that the source gave the stream, until there is another. */
static void
test_stream_id (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) own = NULL, given = NULL;

  fixture_play (self);
  gst_harness_push_event (self->harness,
      gst_event_new_stream_start ("camera 3"));
  own = judge_face (self);
  g_assert_cmpstr (get_string (own, "stream-id"), ==, "camera 3");
  g_object_set (self->element, "stream-id", "door", NULL);
  given = judge_face (self);
  g_assert_cmpstr (get_string (given, "stream-id"), ==, "door");
}

static void
test_unknown (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) message = NULL;

  g_object_set (self->element, "threshold", 0.1, NULL);
  gst_util_set_object_arg (G_OBJECT (self->element), "report", "unknown");
  fixture_play (self);
  message = judge_face (self);
  g_assert_cmpstr (get_string (message, "event"), ==, "unknown");
  /* Nobody is named whom an application could take the face for. */
  g_assert_false (has_field (message, "id"));
  g_assert_false (has_field (message, "name"));
  g_assert_false (has_field (message, "reason"));
  assert_near (get_double (message, "distance"), 0.2);
  assert_near (get_double (message, "threshold"), 0.1);
}

static void
test_uncertain (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) far = NULL, ambiguous = NULL;

  g_object_set (self->element, "threshold", 0.1, "unknown-threshold", 0.3,
      NULL);
  gst_util_set_object_arg (G_OBJECT (self->element), "report", "uncertain");
  fixture_play (self);
  far = judge_face (self);
  g_assert_cmpstr (get_string (far, "event"), ==, "uncertain");
  g_assert_cmpstr (get_string (far, "reason"), ==, "beyond-threshold");
  g_assert_cmpstr (get_string (far, "id"), ==, "ann");
  g_object_set (self->element, "threshold", 0.3, "margin", 0.4, NULL);
  ambiguous = judge_face (self);
  g_assert_cmpstr (get_string (ambiguous, "event"), ==, "uncertain");
  g_assert_cmpstr (get_string (ambiguous, "reason"), ==, "ambiguous");
  assert_near (get_double (ambiguous, "margin"), 0.3);
}

/* The event of a face of some quality; what is told of it is freed. */
static gchar *
judge_quality (Fixture * self, GstClockTime pts, gdouble quality)
{
  GstBuffer *buffer = new_buffer (pts);
  g_autoptr (GstMessage) message = NULL;
  const gchar *reason;

  add_face (buffer)->quality = quality;
  gst_buffer_unref (gst_harness_push_and_pull (self->harness, buffer));
  message = pop_verdict (self);
  g_assert_nonnull (message);
  reason = gst_structure_get_string (gst_message_get_structure (message),
      "reason");
  return g_strdup (reason != NULL ? reason : get_string (message, "event"));
}

static void
test_low_quality (Fixture * self, gconstpointer data)
{
  g_autofree gchar *poor = NULL, *good = NULL, *unmeasured = NULL;

  g_object_set (self->element, "min-quality", 0.5, NULL);
  gst_util_set_object_arg (G_OBJECT (self->element), "report", "match+reject");
  fixture_play (self);
  poor = judge_quality (self, 0, 0.49);
  g_assert_cmpstr (poor, ==, "low-quality");
  good = judge_quality (self, GST_SECOND, 0.5);
  g_assert_cmpstr (good, ==, "match");
  unmeasured = judge_quality (self, 2 * GST_SECOND, (gdouble) NAN);
  g_assert_cmpstr (unmeasured, ==, "match");
}

static void
test_low_quality_has_no_vote (Fixture * self, gconstpointer data)
{
  static const gdouble qualities[] = { 0.9, 0.1, 0.1, 0.9 };
  static const gchar *wanted[] = { "not-confirmed", "low-quality",
    "low-quality", "match"
  };

  g_object_set (self->element, "min-quality", 0.5, "min-matches", 2, NULL);
  gst_util_set_object_arg (G_OBJECT (self->element), "report", "match+reject");
  fixture_play (self);
  for (guint i = 0; i < G_N_ELEMENTS (qualities); i++) {
    g_autofree gchar *said =
        judge_quality (self, 40 * GST_MSECOND * i, qualities[i]);

    g_assert_cmpstr (said, ==, wanted[i]);
  }
}

static void
test_verify (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) match = NULL, reject = NULL;

  g_object_set (self->element, "claimed-id", "bob", NULL);
  gst_util_set_object_arg (G_OBJECT (self->element), "mode", "verify");
  gst_util_set_object_arg (G_OBJECT (self->element), "report", "match+reject");
  fixture_play (self);
  match = judge_face (self);
  g_assert_cmpstr (get_string (match, "event"), ==, "match");
  g_assert_cmpstr (get_string (match, "id"), ==, "bob");
  g_assert_false (has_field (match, "margin"));
  g_object_set (self->element, "threshold", 0.3, NULL);
  reject = judge_face (self);
  g_assert_cmpstr (get_string (reject, "event"), ==, "reject");
  g_assert_cmpstr (get_string (reject, "reason"), ==, "claim-failed");
  g_assert_cmpstr (get_string (reject, "id"), ==, "bob");
  assert_near (get_double (reject, "distance"), 0.5);
  g_assert_null (pop_message (self, GST_MESSAGE_WARNING, NULL));
}

/* A claim that nobody can meet is a reject, and once a warning. */
static void
test_verify_nobody (Fixture * self, gconstpointer data)
{
  GstMessage *message;
  guint i;

  gst_util_set_object_arg (G_OBJECT (self->element), "mode", "verify");
  gst_util_set_object_arg (G_OBJECT (self->element), "report", "match+reject");
  fixture_play (self);
  for (i = 0; i < 3; i++) {
    gst_buffer_unref (push_face (self));
  }
  assert_says (pop_message (self, GST_MESSAGE_WARNING, NULL),
      GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS, "no claimed-id");
  g_assert_null (pop_message (self, GST_MESSAGE_WARNING, NULL));

  g_object_set (self->element, "claimed-id", "zoe", NULL);
  for (i = 0; i < 3; i++) {
    message = judge_face (self);
    g_assert_cmpstr (get_string (message, "event"), ==, "reject");
    g_assert_cmpstr (get_string (message, "reason"), ==, "claim-failed");
    g_assert_false (has_field (message, "id"));
    g_assert_false (has_field (message, "candidates"));
    gst_message_unref (message);
  }
}

static void
test_verify_warns_of_stranger (Fixture * self, gconstpointer data)
{
  g_object_set (self->element, "claimed-id", "zoe", NULL);
  gst_util_set_object_arg (G_OBJECT (self->element), "mode", "verify");
  fixture_play (self);
  gst_buffer_unref (push_face (self));
  gst_buffer_unref (push_face (self));
  assert_says (pop_message (self, GST_MESSAGE_WARNING, NULL),
      GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS, "\"zoe\"");
  g_assert_null (pop_message (self, GST_MESSAGE_WARNING, NULL));
  g_object_set (self->element, "claimed-id", "eve", NULL);
  gst_buffer_unref (push_face (self));
  assert_says (pop_message (self, GST_MESSAGE_WARNING, NULL),
      GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS, "\"eve\"");
}

static void
test_unknown_threshold_too_low (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) message = NULL;

  g_object_set (self->element, "threshold", 0.3, "unknown-threshold", 0.1,
      NULL);
  fixture_play (self);
  message = judge_face (self);
  g_assert_cmpstr (get_string (message, "event"), ==, "match");
  gst_buffer_unref (push_face (self));
}

static void
test_unknown_threshold_warns (Fixture * self, gconstpointer data)
{
  g_object_set (self->element, "unknown-threshold", 0.6, NULL);
  fixture_play (self);
  gst_buffer_unref (push_face (self));
  gst_buffer_unref (push_face (self));
  assert_says (pop_message (self, GST_MESSAGE_WARNING, NULL),
      GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS, "unknown-threshold 0.6");
  g_assert_null (pop_message (self, GST_MESSAGE_WARNING, NULL));
}

static void
test_metrics (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) l2 = NULL, cosine = NULL, beyond = NULL;

  gst_util_set_object_arg (G_OBJECT (self->element), "metric", "l2");
  fixture_play (self);
  l2 = judge_face (self);
  g_assert_cmpstr (get_string (l2, "metric"), ==, "l2");
  assert_near (get_double (l2, "distance"), sqrt (0.2));
  assert_near (get_double (l2, "threshold"), sqrt (0.7));
  assert_near (get_double (l2, "margin"), sqrt (0.5) - sqrt (0.2));
  gst_util_set_object_arg (G_OBJECT (self->element), "metric", "cosine");
  cosine = judge_face (self);
  g_assert_cmpstr (get_string (cosine, "metric"), ==, "cosine");
  assert_near (get_double (cosine, "distance"), 0.1);
  assert_near (get_double (cosine, "threshold"), 0.35);
  assert_near (get_double (cosine, "margin"), 0.15);
  g_object_set (self->element, "threshold", 0.09, NULL);
  gst_util_set_object_arg (G_OBJECT (self->element), "report", "unknown");
  beyond = judge_face (self);
  assert_near (get_double (beyond, "threshold"), 0.09);
}

static void
assert_candidate (const GValue * list, guint index, const gchar * id,
    const gchar * name, gdouble distance)
{
  const GstStructure *structure =
      gst_value_get_structure (gst_value_list_get_value (list, index));
  gdouble found;

  g_assert_true (gst_structure_has_name (structure, "candidate"));
  g_assert_cmpint (gst_structure_n_fields (structure), ==, 3);
  g_assert_cmpstr (gst_structure_get_string (structure, "id"), ==, id);
  g_assert_cmpstr (gst_structure_get_string (structure, "name"), ==, name);
  g_assert_true (gst_structure_get_double (structure, "distance", &found));
  assert_near (found, distance);
}

static void
test_candidates (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) one = NULL, all = NULL;
  const GValue *list;

  fixture_play (self);
  one = judge_face (self);
  list = gst_structure_get_value (gst_message_get_structure (one),
      "candidates");
  g_assert_cmpuint (gst_value_list_get_size (list), ==, 1);
  g_object_set (self->element, "top-k", 5, NULL);
  all = judge_face (self);
  list = gst_structure_get_value (gst_message_get_structure (all),
      "candidates");
  g_assert_cmpuint (gst_value_list_get_size (list), ==, 2);
  assert_candidate (list, 0, "ann", "Ann Smith", 0.2);
  assert_candidate (list, 1, "bob", "bob", 0.5);
}

static void
test_report (Fixture * self, gconstpointer data)
{
  fixture_play (self);
  g_object_set (self->element, "threshold", 0.1, NULL);
  gst_buffer_unref (push_face (self));
  g_assert_null (pop_verdict (self));
  gst_util_set_object_arg (G_OBJECT (self->element), "report",
      "match+unknown+uncertain+lost+reject");
  gst_message_unref (judge_face (self));
  g_object_set (self->element, "post-messages", FALSE, NULL);
  gst_buffer_unref (push_face (self));
  g_assert_null (pop_verdict (self));
}

static void
test_batch (Fixture * self, gconstpointer data)
{
  GstBuffer *buffer = new_buffer (0);
  GstFaceEmbeddingMeta *second;
  GstMessage *message;
  gint expected, track_id;

  gst_util_set_object_arg (G_OBJECT (self->element), "report", "match+unknown");
  fixture_play (self);
  add_face (buffer)->track_id = 0;
  second = add_face (buffer);
  second->track_id = 1;
  second->embedding[0] = -1;
  buffer = gst_harness_push_and_pull (self->harness, buffer);
  for (expected = 0; expected < 2; expected++) {
    message = pop_verdict (self);
    g_assert_nonnull (message);
    gst_structure_get_int (gst_message_get_structure (message), "track-id",
        &track_id);
    g_assert_cmpint (track_id, ==, expected);
    g_assert_cmpstr (get_string (message, "event"), ==,
        expected == 0 ? "match" : "unknown");
    gst_message_unref (message);
  }
  g_assert_cmpint (gst_buffer_get_face_match_meta (buffer, 0)->event, ==,
      FACENET_EVENT_MATCH);
  g_assert_cmpint (gst_buffer_get_face_match_meta (buffer, 1)->event, ==,
      FACENET_EVENT_UNKNOWN);
  gst_buffer_unref (buffer);
}

/* As a payloader does, which copies metadata once for each of its packets. */
static void
test_duplicates (Fixture * self, gconstpointer data)
{
  GstBuffer *buffer = new_buffer (0);
  gpointer state = NULL;
  guint i, n = 0;

  fixture_play (self);
  for (i = 0; i < 100; i++) {
    add_face (buffer)->index = 5;
  }
  buffer = gst_harness_push_and_pull (self->harness, buffer);
  while (gst_buffer_iterate_face_match_meta (buffer, &state) != NULL) {
    n++;
  }
  g_assert_cmpuint (n, ==, 1);
  g_assert_nonnull (gst_buffer_get_face_match_meta (buffer, 5));
  gst_message_unref (pop_verdict (self));
  g_assert_null (pop_verdict (self));
  gst_buffer_unref (buffer);
}

static void
test_metadata (Fixture * self, gconstpointer data)
{
  GstBuffer *match, *unknown;
  GstFaceMatchMeta *meta;

  g_object_set (self->element, "post-messages", FALSE, NULL);
  fixture_play (self);
  match = push_face (self);
  meta = gst_buffer_get_face_match_meta (match, 0);
  g_assert_cmpint (meta->event, ==, FACENET_EVENT_MATCH);
  g_assert_cmpstr (meta->id, ==, "ann");
  g_assert_cmpstr (meta->name, ==, "Ann Smith");
  assert_near (meta->distance, 0.2);
  assert_near (meta->margin, 0.3);
  g_object_set (self->element, "threshold", 0.1, NULL);
  unknown = push_face (self);
  meta = gst_buffer_get_face_match_meta (unknown, 0);
  g_assert_cmpint (meta->event, ==, FACENET_EVENT_UNKNOWN);
  g_assert_null (meta->id);
  g_assert_null (meta->name);
  assert_near (meta->distance, 0.2);
  gst_buffer_unref (match);
  gst_buffer_unref (unknown);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/facematch-messages/every-field-has-its-type", test_every_field);
  ADD ("/facematch-messages/values-of-a-match", test_values);
  ADD ("/facematch-messages/leaves-out-what-does-not-apply", test_leaves_out);
  ADD ("/facematch-messages/stream-id", test_stream_id);
  ADD ("/facematch-messages/unknown-names-nobody", test_unknown);
  ADD ("/facematch-messages/uncertain-says-why", test_uncertain);
  ADD ("/facematch-messages/low-quality-is-rejected", test_low_quality);
  ADD ("/facematch-messages/low-quality-has-no-vote",
      test_low_quality_has_no_vote);
  ADD ("/facematch-messages/verify-is-match-or-reject", test_verify);
  ADD ("/facematch-messages/unmeetable-claim-is-a-reject", test_verify_nobody);
  ADD ("/facematch-messages/stranger-claimed-is-warned-about-once",
      test_verify_warns_of_stranger);
  ADD ("/facematch-messages/low-unknown-threshold-is-ignored",
      test_unknown_threshold_too_low);
  ADD ("/facematch-messages/low-unknown-threshold-is-warned-about-once",
      test_unknown_threshold_warns);
  ADD ("/facematch-messages/metrics", test_metrics);
  ADD ("/facematch-messages/candidates", test_candidates);
  ADD ("/facematch-messages/only-what-is-to-be-reported", test_report);
  ADD ("/facematch-messages/every-face-of-a-buffer", test_batch);
  ADD ("/facematch-messages/copied-metadata-counts-once", test_duplicates);
  ADD ("/facematch-messages/metadata-tells-the-same", test_metadata);
  return g_test_run ();
}
