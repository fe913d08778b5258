/* facematch-live.c - facematch's gallery is changed while it plays
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "facematch-harness.h"

#define ADD(path, test) \
    g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

static gboolean
act (Fixture * self, const gchar * signal, const gchar * string)
{
  gboolean done = FALSE;

  if (g_str_equal (signal, "reload-gallery"))
    g_signal_emit_by_name (self->element, signal, &done);
  else
    g_signal_emit_by_name (self->element, signal, string, &done);
  return done;
}

static guint
get_uint (Fixture * self, const gchar * property)
{
  guint number;

  g_object_get (self->element, property, &number, NULL);
  return number;
}

static void
assert_gallery (Fixture * self, guint identities, guint embeddings)
{
  g_assert_cmpuint (get_uint (self, "identities"), ==, identities);
  g_assert_cmpuint (get_uint (self, "embeddings"), ==, embeddings);
}

static void
assert_warned (Fixture * self, const gchar * text)
{
  GstMessage *message = pop_message (self, GST_MESSAGE_WARNING, NULL);
  g_autoptr (GError) warning = NULL;

  g_assert_nonnull (message);
  gst_message_parse_warning (message, &warning, NULL);
  g_test_message ("%s", warning->message);
  g_assert_nonnull (strstr (warning->message, text));
  gst_message_unref (message);
  g_assert_null (pop_message (self, GST_MESSAGE_WARNING, NULL));
}

/* It was refused, for that reason, and nothing has changed. */
static void
assert_refuses (Fixture * self, const gchar * signal, const gchar * string,
    const gchar * reason)
{
  guint generation = get_uint (self, "gallery-generation");

  g_assert_false (act (self, signal, string));
  assert_warned (self, reason);
  g_assert_cmpuint (get_uint (self, "gallery-generation"), ==, generation);
}

static void
play_empty (Fixture * self)
{
  gst_util_set_object_arg (G_OBJECT (self->element), "report", "match+unknown");
  self->harness = gst_harness_new_with_element (self->element, "sink", "src");
  gst_harness_set_src_caps_str (self->harness, "application/x-faces");
  gst_harness_play (self->harness);
}

/* A buffer with faces of that quality. */
static void
push_faces (Fixture * self, GstClockTime pts, guint n_faces, gdouble quality)
{
  GstBuffer *buffer = new_buffer (pts);
  guint i;

  for (i = 0; i < n_faces; i++) {
    GstFaceEmbeddingMeta *face = add_face (buffer);

    face->index = i;
    face->quality = quality;
  }
  gst_buffer_unref (gst_harness_push_and_pull (self->harness, buffer));
}

/* One of n_faces of a frame, as facecrop gives it. */
static void
push_cropped_face (Fixture * self, guint n_faces)
{
  GstBuffer *buffer = new_buffer (0);

  add_face (buffer)->quality = 1;
  gst_buffer_add_face_crop_meta (buffer)->n_faces = n_faces;
  gst_buffer_unref (gst_harness_push_and_pull (self->harness, buffer));
}

static void
assert_sees (Fixture * self, const gchar * event, const gchar * id)
{
  g_autoptr (GstMessage) message = judge_face (self);

  g_assert_cmpstr (get_string (message, "event"), ==, event);
  g_assert_cmpstr (get_string (message, "id"), ==, id);
}

static void
count_notify (GObject * object, GParamSpec * pspec, gpointer data)
{
  (*(guint *) data)++;
}

static void
test_enrol (Fixture * self, gconstpointer data)
{
  g_autoptr (FacenetGallery) gallery = NULL;
  g_autoptr (GstMessage) message = NULL;
  g_autofree gchar *text = NULL;
  guint n_notified = 0;

  play_empty (self);
  assert_sees (self, "unknown", NULL);
  g_signal_connect (self->element, "notify::embeddings",
      G_CALLBACK (count_notify), &n_notified);
  push_faces (self, 0, 1, 0.75);
  g_assert_true (act (self, "enrol", "Zo\xc3\xab Smith"));
  g_signal_handlers_disconnect_by_func (self->element, count_notify,
      &n_notified);
  g_assert_cmpuint (n_notified, ==, 1);
  assert_gallery (self, 1, 1);
  message = pop_message (self, GST_MESSAGE_ELEMENT, "facematch-gallery");
  g_assert_nonnull (message);
  g_assert_false (has_field (message, "location"));
  assert_sees (self, "match", "zo\xc3\xab-smith");

  g_assert_true (act (self, "save-gallery", self->location));
  gallery = facenet_gallery_load (self->location, NULL);
  g_assert_nonnull (gallery);
  g_assert_true (facenet_gallery_check_model (gallery, MODEL, DIMS, NULL));
  g_assert_cmpstr (facenet_gallery_get_identity (gallery, 0)->name, ==,
      "Zo\xc3\xab Smith");
  g_assert_true (g_file_get_contents (self->location, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\"quality\": 0.75"));
}

static void
test_enrol_again (Fixture * self, gconstpointer data)
{
  fixture_play (self);
  push_faces (self, 0, 1, 1);
  g_assert_true (act (self, "enrol", "Ann Smith"));
  assert_gallery (self, 2, 3);
  assert_refuses (self, "enrol", "Ann Smith", "enrolled already");
  g_assert_true (act (self, "enrol", "Ann"));
  assert_gallery (self, 3, 4);
  g_assert_true (act (self, "remove", "ann-2"));
  assert_gallery (self, 2, 3);
}

static void
test_enrol_refuses (Fixture * self, gconstpointer data)
{
  assert_refuses (self, "enrol", "Eve", "no face");
  play_empty (self);
  assert_refuses (self, "enrol", "Eve", "no face");
  push_faces (self, 0, 2, 1);
  assert_refuses (self, "enrol", "Eve", "2 faces");
  push_cropped_face (self, 3);
  assert_refuses (self, "enrol", "Eve", "3 faces");
  push_faces (self, 0, 1, 0.39);
  assert_refuses (self, "enrol", "Eve", "quality 0.39, expected 0.4");
  push_faces (self, 0, 1, 0.41);
  assert_refuses (self, "enrol", "", "name");
  assert_refuses (self, "enrol", " \t", "name");
  assert_refuses (self, "enrol", NULL, "name");
  assert_refuses (self, "enrol", "\xff", "name");
  push_faces (self, GST_SECOND + 1, 0, 0);
  assert_refuses (self, "enrol", "Eve", "no face");
  push_faces (self, GST_SECOND, 0, 0);
  g_assert_true (act (self, "enrol", "Eve"));
  push_faces (self, GST_CLOCK_TIME_NONE, 1, 1);
  push_faces (self, GST_CLOCK_TIME_NONE, 0, 1);
  assert_refuses (self, "enrol", "Eve", "no face");
}

static void
push_gap (Fixture * self, GstClockTime time)
{
  g_assert_true (gst_harness_push_event (self->harness,
          gst_event_new_gap (time, 40 * GST_MSECOND)));
}

/* Behind facecrop there are no buffers where nobody is. */
static void
test_enrol_refuses_in_gap (Fixture * self, gconstpointer data)
{
  play_empty (self);
  push_faces (self, 0, 1, 1);
  push_gap (self, GST_SECOND);
  assert_refuses (self, "enrol", "Eve", "no face");
  push_faces (self, GST_SECOND, 1, 1);
  push_gap (self, GST_SECOND + 40 * GST_MSECOND);
  g_assert_true (act (self, "enrol", "Eve"));
}

/* What was seen belongs to where it was seen. */
static void
test_enrol_refuses_after_seek (Fixture * self, gconstpointer data)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  play_empty (self);
  push_faces (self, 0, 1, 1);
  gst_harness_push_event (self->harness, gst_event_new_flush_start ());
  gst_harness_push_event (self->harness, gst_event_new_flush_stop (TRUE));
  gst_harness_push_event (self->harness, gst_event_new_segment (&segment));
  assert_refuses (self, "enrol", "Eve", "no face");
  push_faces (self, 0, 1, 1);
  gst_harness_push_event (self->harness, gst_event_new_stream_start ("two"));
  assert_refuses (self, "enrol", "Eve", "no face");
}

/* What was seen belongs to its stream. */
static void
test_forgets_faces (Fixture * self, gconstpointer data)
{
  fixture_play (self);
  push_faces (self, 0, 1, 1);
  gst_element_set_state (self->element, GST_STATE_READY);
  assert_refuses (self, "enrol", "Eve", "no gallery");
  assert_refuses (self, "remove", "ann", "no gallery");
  assert_refuses (self, "save-gallery", self->location, "no gallery");
  assert_refuses (self, "reload-gallery", NULL, "no gallery");
  gst_element_set_state (self->element, GST_STATE_PLAYING);
  assert_refuses (self, "enrol", "Eve", "no face");
}

static void
test_remove (Fixture * self, gconstpointer data)
{
  fixture_play (self);
  assert_sees (self, "match", "ann");
  g_assert_true (act (self, "remove", "ann"));
  assert_gallery (self, 1, 1);
  assert_sees (self, "match", "bob");
  assert_refuses (self, "remove", "ann", "\"ann\" is not in the gallery");
  assert_refuses (self, "remove", NULL, "not in the gallery");
  g_assert_true (act (self, "remove", "bob"));
  assert_gallery (self, 0, 0);
  /* The file knows nothing of it. */
  g_assert_true (act (self, "reload-gallery", NULL));
  assert_gallery (self, 2, 2);
}

static void
test_reload (Fixture * self, gconstpointer data)
{
  fixture_play (self);
  write_people (self->location, MODEL, 1);
  g_assert_true (act (self, "reload-gallery", NULL));
  assert_gallery (self, 1, 1);
  g_assert_true (g_file_set_contents (self->location, "{", -1, NULL));
  assert_refuses (self, "reload-gallery", NULL, "is kept");
  assert_sees (self, "match", "ann");
  g_object_set (self->element, "gallery-location", NULL, NULL);
  assert_refuses (self, "reload-gallery", NULL, "location");
}

static void
test_save (Fixture * self, gconstpointer data)
{
  g_autoptr (FacenetGallery) gallery = NULL;

  play_empty (self);
  assert_refuses (self, "save-gallery", NULL, "from no file");
  assert_refuses (self, "save-gallery", self->location, "bound to no model");
  g_object_set (self->element, "gallery-location", self->location, NULL);
  assert_refuses (self, "save-gallery", "/no/such/folder/people.json",
      "/no/such/folder");
  g_assert_true (act (self, "remove", "bob"));
  g_assert_true (act (self, "save-gallery", NULL));
  gallery = facenet_gallery_load (self->location, NULL);
  g_assert_cmpuint (facenet_gallery_get_n_identities (gallery), ==, 1);

  /* What could not be loaded is not overwritten by what was before. */
  g_assert_true (g_file_set_contents (self->location, "{", -1, NULL));
  g_object_set (self->element, "gallery-location", "/no/such/file", NULL);
  assert_warned (self, "/no/such/file");
  assert_refuses (self, "save-gallery", NULL, "has changed the file");
  g_assert_false (g_file_test ("/no/such/file", G_FILE_TEST_EXISTS));
}

/* Another program enrolled Zoe and removed Bob meanwhile. */
static void
test_save_keeps_others (Fixture * self, gconstpointer data)
{
  g_autoptr (FacenetGallery) theirs = NULL, both = NULL;

  fixture_play (self);
  push_faces (self, 0, 1, 1);
  g_assert_true (act (self, "enrol", "Eve"));
  theirs = facenet_gallery_load (self->location, NULL);
  add_person (theirs, "zoe", NULL, 1.5);
  g_assert_true (facenet_gallery_remove (theirs, "bob", NULL));
  g_assert_true (facenet_gallery_save (theirs, self->location, NULL));

  g_assert_true (act (self, "save-gallery", NULL));
  both = facenet_gallery_load (self->location, NULL);
  g_assert_cmpuint (facenet_gallery_get_n_identities (both), ==, 3);
  assert_gallery (self, 3, 3);
  g_assert_true (act (self, "save-gallery", NULL));
  g_assert_null (pop_message (self, GST_MESSAGE_WARNING, NULL));
}

/* An embedding for a person whom another program has removed. */
static void
test_save_refuses_conflict (Fixture * self, gconstpointer data)
{
  g_autoptr (FacenetGallery) theirs = NULL;

  fixture_play (self);
  push_faces (self, 0, 1, 1);
  g_assert_true (act (self, "enrol", "Ann Smith"));
  theirs = facenet_gallery_load (self->location, NULL);
  g_assert_true (facenet_gallery_remove (theirs, "ann", NULL));
  g_assert_true (facenet_gallery_save (theirs, self->location, NULL));
  assert_refuses (self, "save-gallery", NULL, "\"ann\" is no longer in it");
  assert_gallery (self, 2, 3);
}

/* A second element on the same file, with a bus of its own. */
static void
second_set_up (Fixture * self, const Fixture * first, const gchar * location)
{
  *self = *first;
  self->element = gst_element_factory_make ("facematch", NULL);
  gst_object_ref_sink (self->element);
  self->bus = gst_bus_new ();
  gst_element_set_bus (self->element, self->bus);
  g_object_set (self->element, "gallery-location", location, NULL);
  play_empty (self);
}

static void
second_tear_down (Fixture * self)
{
  gst_harness_teardown (self->harness);
  gst_element_set_state (self->element, GST_STATE_NULL);
  gst_element_set_bus (self->element, NULL);
  gst_object_unref (self->element);
  gst_object_unref (self->bus);
}

static void
test_shared (Fixture * self, gconstpointer data)
{
  g_autofree gchar *other_name = g_build_filename (self->folder, ".",
      "people.json", NULL);
  g_autoptr (GstMessage) message = NULL;
  Fixture second;

  fixture_play (self);
  second_set_up (&second, self, other_name);
  assert_sees (&second, "match", "ann");
  push_faces (self, 0, 1, 1);
  g_assert_true (act (self, "enrol", "Eve"));

  /* Known at both doors, with a message and new counters at each. */
  while ((message = pop_message (&second, GST_MESSAGE_ELEMENT,
              "facematch-gallery")) != NULL)
    g_clear_pointer (&message, gst_message_unref);
  assert_sees (&second, "match", "eve");
  assert_gallery (&second, 3, 3);
  g_assert_cmpuint (get_uint (&second, "gallery-generation"), ==, 2);

  /* Also when the other is started later, and is the only one left. */
  second_tear_down (&second);
  second_set_up (&second, self, self->location);
  assert_sees (&second, "match", "eve");
  gst_element_set_state (self->element, GST_STATE_READY);
  g_assert_true (act (&second, "remove", "eve"));
  assert_sees (&second, "match", "ann");
  second_tear_down (&second);
}

/* One stream's model is not the other's: the file now fits one of them. */
static void
test_shared_of_other_model (Fixture * self, gconstpointer data)
{
  Fixture second;

  fixture_play (self);
  second_set_up (&second, self, self->location);
  assert_sees (&second, "match", "ann");
  write_people (self->location, "model-b", 1);
  g_assert_true (act (self, "reload-gallery", NULL));
  assert_gallery (self, 1, 1);
  push_faces (&second, 0, 1, 1);
  assert_warned (&second, "is kept");
  assert_gallery (&second, 2, 2);
  push_faces (&second, 0, 1, 1);
  g_assert_null (pop_message (&second, GST_MESSAGE_WARNING, NULL));
  assert_sees (&second, "match", "ann");
  second_tear_down (&second);
}

static void
wait_for_generation (Fixture * self, guint generation)
{
  guint i;

  for (i = 0; i < 1000; i++) {
    if (get_uint (self, "gallery-generation") >= generation)
      break;
    g_usleep (10000);
  }
  g_assert_cmpuint (get_uint (self, "gallery-generation"), ==, generation);
}

static void
wait_for_warning (Fixture * self, const gchar * text)
{
  GstMessage *message = gst_bus_timed_pop_filtered (self->bus,
      10 * GST_SECOND, GST_MESSAGE_WARNING);
  g_autoptr (GError) warning = NULL;

  g_assert_nonnull (message);
  gst_message_parse_warning (message, &warning, NULL);
  g_test_message ("%s", warning->message);
  g_assert_nonnull (strstr (warning->message, text));
  gst_message_unref (message);
}

/* Nobody runs a main loop here, and no buffer passes. */
static void
test_auto_reload (Fixture * self, gconstpointer data)
{
  g_object_set (self->element, "auto-reload", TRUE, NULL);
  fixture_play (self);
  write_people (self->location, MODEL, 1);
  wait_for_generation (self, 2);
  assert_gallery (self, 1, 1);

  g_assert_cmpint (g_remove (self->location), ==, 0);
  wait_for_warning (self, "No such file");
  assert_gallery (self, 1, 1);
  assert_sees (self, "match", "ann");
  write_people (self->location, MODEL, 2);
  wait_for_generation (self, 3);

  /* Nothing is said, or loaded, of a file that stays as it is. */
  g_usleep (G_USEC_PER_SEC);
  g_assert_null (pop_message (self, GST_MESSAGE_WARNING, NULL));
  g_assert_cmpuint (get_uint (self, "gallery-generation"), ==, 3);
}

/* Writes into the file itself, a piece every 50 ms. */
static void
write_slowly (const gchar * location, const gchar * text, gsize length)
{
  FILE *file = g_fopen (location, "w");
  gsize i;

  g_assert_nonnull (file);
  for (i = 0; i < length; i++) {
    g_assert_cmpint (fputc (text[i], file), !=, EOF);
    if (i % (length / 20) == 0) {
      fflush (file);
      g_usleep (50000);
    }
  }
  fclose (file);
}

/* A writer that takes a second is waited for; one that never finishes is not. */
static void
test_auto_reload_of_partial_writes (Fixture * self, gconstpointer data)
{
  g_autofree gchar *text = NULL;
  gsize length;

  g_object_set (self->element, "auto-reload", TRUE, NULL);
  fixture_play (self);
  g_assert_true (g_file_get_contents (self->location, &text, &length, NULL));
  write_slowly (self->location, text, length);
  wait_for_generation (self, 2);
  g_assert_null (pop_message (self, GST_MESSAGE_WARNING, NULL));

  write_slowly (self->location, text, length / 2);
  wait_for_warning (self, "is kept");
  assert_gallery (self, 2, 2);
  assert_sees (self, "match", "ann");
}

static void
test_auto_reload_set_while_playing (Fixture * self, gconstpointer data)
{
  fixture_play (self);
  write_people (self->location, MODEL, 1);
  g_usleep (G_USEC_PER_SEC);
  assert_gallery (self, 2, 2);
  g_object_set (self->element, "auto-reload", TRUE, NULL);
  wait_for_generation (self, 2);
  g_object_set (self->element, "auto-reload", FALSE, NULL);
  write_people (self->location, MODEL, 2);
  g_usleep (G_USEC_PER_SEC);
  assert_gallery (self, 1, 1);
}

/* Neither what somebody wrote nor what was enrolled is thrown away. */
static void
test_auto_reload_keeps_unsaved (Fixture * self, gconstpointer data)
{
  g_object_set (self->element, "auto-reload", TRUE, NULL);
  fixture_play (self);
  push_faces (self, 0, 1, 1);
  g_assert_true (act (self, "enrol", "Eve"));
  write_people (self->location, MODEL, 1);
  wait_for_warning (self, "not saved");
  assert_gallery (self, 3, 3);
  g_assert_true (act (self, "save-gallery", NULL));
  g_usleep (G_USEC_PER_SEC);
  /* Bob is in neither any more: another program removed him. */
  assert_gallery (self, 2, 2);
  g_assert_cmpuint (get_uint (self, "gallery-generation"), ==, 3);
  write_people (self->location, MODEL, 1);
  wait_for_generation (self, 4);
}

#define N_RELOADS 1000

static gpointer
reload_often (gpointer data)
{
  Fixture *self = data;
  guint i;

  for (i = 0; i < N_RELOADS; i++) {
    if (i % 50 == 0)
      write_people (self->location, MODEL, 1 + i / 50 % 2);
    g_assert_true (act (self, "reload-gallery", NULL));
  }
  return NULL;
}

/* Meanwhile faces are judged and people come and go. */
static void
test_reload_under_load (Fixture * self, gconstpointer data)
{
  GThread *thread;
  Fixture second;
  guint i = 0;

  fixture_play (self);
  second_set_up (&second, self, self->location);
  thread = g_thread_new ("reload", reload_often, self);
  while (get_uint (self, "gallery-generation") < N_RELOADS + 1) {
    assert_sees (self, "match", "ann");
    assert_sees (&second, "match", "ann");
    if (i++ % 10 == 0)
      act (&second, "remove", "bob");
  }
  g_thread_join (thread);
  g_assert_null (pop_message (self, GST_MESSAGE_WARNING, NULL));
  second_tear_down (&second);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/facematch-live/enrols-who-is-seen", test_enrol);
  ADD ("/facematch-live/enrols-more-of-whom-it-knows", test_enrol_again);
  ADD ("/facematch-live/refuses-to-enrol-anything-else", test_enrol_refuses);
  ADD ("/facematch-live/enrol-refuses-in-a-gap", test_enrol_refuses_in_gap);
  ADD ("/facematch-live/enrol-refuses-after-a-seek",
      test_enrol_refuses_after_seek);
  ADD ("/facematch-live/faces-are-forgotten-with-the-stream",
      test_forgets_faces);
  ADD ("/facematch-live/removes", test_remove);
  ADD ("/facematch-live/reloads", test_reload);
  ADD ("/facematch-live/saves", test_save);
  ADD ("/facematch-live/save-keeps-what-others-wrote", test_save_keeps_others);
  ADD ("/facematch-live/refuses-to-save-a-conflict",
      test_save_refuses_conflict);
  ADD ("/facematch-live/elements-share-a-file", test_shared);
  ADD ("/facematch-live/shares-no-other-model", test_shared_of_other_model);
  ADD ("/facematch-live/auto-reload", test_auto_reload);
  ADD ("/facematch-live/auto-reload-of-partial-writes",
      test_auto_reload_of_partial_writes);
  ADD ("/facematch-live/auto-reload-set-while-playing",
      test_auto_reload_set_while_playing);
  ADD ("/facematch-live/auto-reload-keeps-what-is-not-saved",
      test_auto_reload_keeps_unsaved);
  ADD ("/facematch-live/reload-under-load", test_reload_under_load);
  return g_test_run ();
}
