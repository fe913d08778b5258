/* facematch-log.c - events as lines of a file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include <fcntl.h>
#include <json-glib/json-glib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "facematch-stream.h"

static gchar *
get_path (Fixture * self, const gchar * name)
{
  return g_build_filename (self->folder, name, NULL);
}

static void
set_log (Fixture * self, const gchar * name)
{
  g_autofree gchar *path = get_path (self, name);

  g_object_set (self->element, "log-location", path, NULL);
}

/* Reads and removes a log: its lines, which must all be whole. */
static gchar **
take_lines (Fixture * self, const gchar * name)
{
  g_autofree gchar *path = get_path (self, name);
  g_autofree gchar *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  g_remove (path);
  if (length == 0)
    return g_new0 (gchar *, 1);
  g_assert_cmpint (text[length - 1], ==, '\n');
  text[length - 1] = '\0';
  return g_strsplit (text, "\n", -1);
}

static void
assert_lines (Fixture * self, const gchar * name, guint n)
{
  g_auto (GStrv) lines = take_lines (self, name);

  g_assert_cmpuint (g_strv_length (lines), ==, n);
}

static JsonObject *
parse_line (const gchar * line, JsonNode ** node)
{
  g_autoptr (GError) error = NULL;

  g_test_message ("%s", line);
  *node = json_from_string (line, &error);
  g_assert_no_error (error);
  return json_node_get_object (*node);
}

/* Each field of the message is in the line, with the same value. */
static void
test_same_fields (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_auto (GStrv) lines = NULL;
  const GstStructure *structure;
  JsonObject *line, *member;
  GstBuffer *buffer = new_frame (3000);
  gint i;

  write_gallery (self, ",\"tags\":[\"staff\"],\"action\":\"alert\"");
  g_object_set (self->element, "message-interval", GST_SECOND, "stream-id",
      "the \"door\"\n", "threshold", 0.5, NULL);
  set_log (self, "log");
  fixture_play (self);
  add_turned (buffer, 0, 1, 0.25)->quality = 0.5;
  push_buffer (self, buffer);
  message = expect (self, "match", "ann");
  structure = gst_message_get_structure (message);
  lines = take_lines (self, "log");
  g_assert_cmpuint (g_strv_length (lines), ==, 1);
  line = parse_line (lines[0], &node);
  for (i = 0; i < gst_structure_n_fields (structure); i++) {
    g_assert_true (json_object_has_member (line,
            gst_structure_nth_field_name (structure, (guint) i)));
  }
  g_assert_cmpint (json_object_get_size (line), ==,
      gst_structure_n_fields (structure) + 1);
  g_assert_true (json_object_has_member (line, "time"));
  g_assert_cmpint (json_object_get_int_member (line, "timestamp"), ==,
      3 * GST_SECOND);
  g_assert_cmpstr (json_object_get_string_member (line, "stream-id"), ==,
      "the \"door\"\n");
  g_assert_cmpstr (json_object_get_string_member (line, "id"), ==, "ann");
  assert_near (json_object_get_double_member (line, "distance"), 0.25);
  g_assert_cmpint (json_object_get_int_member (line, "votes"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (line, "suppressed"), ==, 0);
  member = json_object_get_object_member (line, "face");
  g_assert_cmpint (json_object_get_int_member (member, "width"), ==, 50);
  g_assert_cmpstr (json_array_get_string_element (json_object_get_array_member
          (line, "tags"), 0), ==, "staff");
  member = json_array_get_object_element (json_object_get_array_member (line,
          "candidates"), 0);
  g_assert_cmpstr (json_object_get_string_member (member, "name"), ==,
      "Ann Smith");
}

static void
test_every_event (Fixture * self, gconstpointer data)
{
  static const gchar *expected[] = { "match", "unknown", "lost", "lost" };
  g_auto (GStrv) lines = NULL;
  guint i;

  report (self, "match+unknown+lost");
  set_log (self, "log");
  fixture_play (self);
  push_person (self, 0, 0);
  push_person (self, 40, 2);
  push_empty (self, 9000);
  lines = take_lines (self, "log");
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  for (i = 0; i < 4; i++) {
    g_autoptr (JsonNode) node = NULL;
    JsonObject *line = parse_line (lines[i], &node);

    g_assert_cmpstr (json_object_get_string_member (line, "event"), ==,
        expected[i]);
    g_assert_true (json_object_has_member (line, "dwell") == (i >= 2));
  }
}

static void
test_biometrics (Fixture * self, gconstpointer data)
{
  g_auto (GStrv) lines = NULL;
  g_autoptr (JsonNode) first = NULL, second = NULL;
  JsonArray *embedding;

  set_log (self, "log");
  fixture_play (self);
  push_person (self, 0, 0);
  g_object_set (self->element, "log-biometrics", TRUE, NULL);
  push_person (self, 40, 0);
  lines = take_lines (self, "log");
  g_assert_false (json_object_has_member (parse_line (lines[0], &first),
          "embedding"));
  embedding = json_object_get_array_member (parse_line (lines[1], &second),
      "embedding");
  g_assert_cmpuint (json_array_get_length (embedding), ==, DIMS);
  g_assert_cmpfloat (json_array_get_double_element (embedding, 0), ==, 1);
}

/* The file is there for its own sake, not for the bus. */
static void
test_without_messages (Fixture * self, gconstpointer data)
{
  g_object_set (self->element, "post-messages", FALSE, NULL);
  set_log (self, "log");
  fixture_play (self);
  push_person (self, 0, 0);
  g_assert_null (pop_verdict (self));
  assert_lines (self, "log", 1);
}

static void
test_action (Fixture * self, gconstpointer data)
{
  write_gallery (self, ",\"action\":\"log\"");
  set_log (self, "log");
  fixture_play (self);
  push_person (self, 0, 0);
  g_assert_null (pop_verdict (self));
  push_person (self, 40, 1);
  expect_only (self, "match", "bob");
  assert_lines (self, "log", 2);
}

static void
test_ignored (Fixture * self, gconstpointer data)
{
  write_gallery (self, ",\"action\":\"ignore\"");
  set_log (self, "log");
  fixture_play (self);
  push_person (self, 0, 0);
  assert_lines (self, "log", 0);
}

/* As logrotate does it, and as people do it. */
static void
test_rotation (Fixture * self, gconstpointer data)
{
  g_autofree gchar *log = get_path (self, "log");
  g_autofree gchar *old = get_path (self, "log.1");

  set_log (self, "log");
  fixture_play (self);
  push_person (self, 0, 0);
  g_assert_cmpint (g_rename (log, old), ==, 0);
  push_person (self, 40, 0);
  push_person (self, 80, 0);
  assert_lines (self, "log", 2);
  assert_lines (self, "log.1", 1);
  push_person (self, 120, 0);
  assert_lines (self, "log", 1);
}

static void
test_set_again (Fixture * self, gconstpointer data)
{
  g_autofree gchar *log = get_path (self, "log");

  set_log (self, "log");
  fixture_play (self);
  push_person (self, 0, 0);
  g_remove (log);
  set_log (self, "log");
  g_assert_true (g_file_test (log, G_FILE_TEST_EXISTS));
  push_person (self, 40, 0);
  set_log (self, "other");
  push_person (self, 80, 0);
  push_person (self, 120, 0);
  g_object_set (self->element, "log-location", NULL, NULL);
  push_person (self, 160, 0);
  assert_lines (self, "log", 1);
  assert_lines (self, "other", 2);
}

/* Lines are added to what a run before has left. */
static void
test_appends (Fixture * self, gconstpointer data)
{
  g_autofree gchar *log = get_path (self, "log");

  g_assert_true (g_file_set_contents (log, "{}\n", -1, NULL));
  set_log (self, "log");
  fixture_play (self);
  push_person (self, 0, 0);
  assert_lines (self, "log", 2);
}

static void
test_owner_only (Fixture * self, gconstpointer data)
{
  g_autofree gchar *log = get_path (self, "log");
  GStatBuf status;

  set_log (self, "log");
  fixture_play (self);
  g_assert_cmpint (g_stat (log, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
  g_remove (log);
}

static void
test_cannot_start (Fixture * self, gconstpointer data)
{
  g_object_set (self->element, "log-location", "/no/such/folder/log", NULL);
  g_assert_cmpint (gst_element_set_state (self->element, GST_STATE_PAUSED), ==,
      GST_STATE_CHANGE_FAILURE);
  assert_says (pop_message (self, GST_MESSAGE_ERROR, NULL),
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, "/no/such/folder/log");
}

/* A log that fails is warned about, once until it works again. */
static void
test_fails_later (Fixture * self, gconstpointer data)
{
  g_autofree gchar *away = get_path (self, "away");
  g_autofree gchar *gone = get_path (self, "gone");
  guint round;

  g_assert_cmpint (g_mkdir (away, 0700), ==, 0);
  set_log (self, "away/log");
  fixture_play (self);
  for (round = 0; round < 2; round++) {
    push_person (self, 0, 0);
    g_assert_cmpint (g_rename (away, gone), ==, 0);
    push_person (self, 40, 0);
    push_person (self, 80, 0);
    assert_says (pop_message (self, GST_MESSAGE_WARNING, NULL),
        GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, "away/log");
    g_assert_null (pop_message (self, GST_MESSAGE_WARNING, NULL));
    g_assert_cmpint (g_rename (gone, away), ==, 0);
  }
  push_person (self, 120, 0);
  assert_lines (self, "away/log", 3);
  g_rmdir (away);
}

/* A full disk is no reason to stop the stream. */
static void
test_full (Fixture * self, gconstpointer data)
{
  g_object_set (self->element, "log-location", "/dev/full", NULL);
  fixture_play (self);
  push_person (self, 0, 0);
  push_person (self, 40, 0);
  assert_says (pop_message (self, GST_MESSAGE_WARNING, NULL),
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, "/dev/full");
  g_assert_null (pop_message (self, GST_MESSAGE_WARNING, NULL));
}

/* Nor is a pipe that nobody reads any more one to end the process. */
static void
test_broken_pipe (Fixture * self, gconstpointer data)
{
  g_autofree gchar *path = get_path (self, "pipe");
  gint reader;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  reader = g_open (path, O_RDONLY | O_NONBLOCK, 0);
  set_log (self, "pipe");
  fixture_play (self);
  push_person (self, 0, 0);
  close (reader);
  push_person (self, 40, 0);
  assert_says (pop_message (self, GST_MESSAGE_WARNING, NULL),
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, "pipe");
  g_remove (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/facematch-log/has-the-fields-of-the-message", test_same_fields);
  ADD ("/facematch-log/has-every-event", test_every_event);
  ADD ("/facematch-log/has-embeddings-only-when-told", test_biometrics);
  ADD ("/facematch-log/needs-no-messages", test_without_messages);
  ADD ("/facematch-log/has-those-who-are-only-logged", test_action);
  ADD ("/facematch-log/has-not-those-who-are-ignored", test_ignored);
  ADD ("/facematch-log/follows-rotation", test_rotation);
  ADD ("/facematch-log/opens-anew-when-set", test_set_again);
  ADD ("/facematch-log/appends", test_appends);
  ADD ("/facematch-log/is-for-its-owner", test_owner_only);
  ADD ("/facematch-log/cannot-be-opened-at-start", test_cannot_start);
  ADD ("/facematch-log/failure-is-warned-about-once", test_fails_later);
  ADD ("/facematch-log/full-disk-is-survived", test_full);
  ADD ("/facematch-log/broken-pipe-is-survived", test_broken_pipe);
  return g_test_run ();
}
