/* facematch-gallery.c - facematch loads galleries, also while it plays
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include <facenet/facenet-model.h>

#include "facematch-harness.h"

#define ADD(path, test) \
    g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

static void
assert_gallery (Fixture * self, guint identities, guint embeddings,
    guint generation)
{
  guint i, e, g;

  g_object_get (self->element, "identities", &i, "embeddings", &e,
      "gallery-generation", &g, NULL);
  g_assert_cmpuint (i, ==, identities);
  g_assert_cmpuint (e, ==, embeddings);
  g_assert_cmpuint (g, ==, generation);
}

static void
assert_gallery_message (Fixture * self, const gchar * location,
    guint identities)
{
  g_autoptr (GstMessage) message =
      pop_message (self, GST_MESSAGE_ELEMENT, "facematch-gallery");
  const GstStructure *structure;
  guint i, e;

  g_assert_nonnull (message);
  structure = gst_message_get_structure (message);
  g_assert_cmpint (gst_structure_n_fields (structure), ==, 3);
  g_assert_cmpstr (gst_structure_get_string (structure, "location"), ==,
      location);
  g_assert_true (gst_structure_get_uint (structure, "identities", &i));
  g_assert_true (gst_structure_get_uint (structure, "embeddings", &e));
  g_assert_cmpuint (i, ==, identities);
  g_assert_cmpuint (e, ==, identities);
}

static void
assert_event (Fixture * self, const gchar * event)
{
  g_autoptr (GstMessage) message = judge_face (self);

  g_assert_cmpstr (get_string (message, "event"), ==, event);
}

static void
count_notify (GObject * object, GParamSpec * pspec, gpointer data)
{
  (*(guint *) data)++;
}

static void
test_loads (Fixture * self, gconstpointer data)
{
  guint n_notified = 0;

  g_signal_connect (self->element, "notify::identities",
      G_CALLBACK (count_notify), &n_notified);
  g_signal_connect (self->element, "notify::embeddings",
      G_CALLBACK (count_notify), &n_notified);
  g_signal_connect (self->element, "notify::gallery-generation",
      G_CALLBACK (count_notify), &n_notified);
  assert_gallery (self, 0, 0, 0);
  fixture_play (self);
  assert_gallery (self, 2, 2, 1);
  g_assert_cmpuint (n_notified, ==, 3);
  g_signal_handlers_disconnect_by_func (self->element, count_notify,
      &n_notified);
  assert_gallery_message (self, self->location, 2);
}

static void
test_no_location (Fixture * self, gconstpointer data)
{
  g_free (self->location);
  self->location = NULL;
  gst_util_set_object_arg (G_OBJECT (self->element), "report", "match+unknown");
  fixture_play (self);
  assert_gallery (self, 0, 0, 1);
  g_assert_null (pop_message (self, GST_MESSAGE_ELEMENT, "facematch-gallery"));
  {
    g_autoptr (GstMessage) message = judge_face (self);

    g_assert_cmpstr (get_string (message, "event"), ==, "unknown");
    g_assert_false (has_field (message, "distance"));
    g_assert_false (has_field (message, "candidates"));
    assert_near (get_double (message, "threshold"), FACENET_GALLERY_THRESHOLD);
  }
  self->location = g_build_filename (self->folder, "people.json", NULL);
}

static void
test_missing (Fixture * self, gconstpointer data)
{
  g_object_set (self->element, "gallery-location", "/no/such/people.json",
      NULL);
  g_assert_cmpint (gst_element_set_state (self->element, GST_STATE_PAUSED), ==,
      GST_STATE_CHANGE_FAILURE);
  assert_says (pop_message (self, GST_MESSAGE_ERROR, NULL),
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, "/no/such/people.json");
  /* Put right, the element goes on. */
  g_object_set (self->element, "gallery-location", self->location, NULL);
  g_assert_cmpint (gst_element_set_state (self->element, GST_STATE_PAUSED), !=,
      GST_STATE_CHANGE_FAILURE);
  assert_gallery (self, 2, 2, 1);
}

static void
test_broken (Fixture * self, gconstpointer data)
{
  g_assert_true (g_file_set_contents (self->location, "{\"format\":", -1,
          NULL));
  g_object_set (self->element, "gallery-location", self->location, NULL);
  g_assert_cmpint (gst_element_set_state (self->element, GST_STATE_PAUSED), ==,
      GST_STATE_CHANGE_FAILURE);
  assert_says (pop_message (self, GST_MESSAGE_ERROR, NULL),
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ, "people.json");
}

static void
test_reload (Fixture * self, gconstpointer data)
{
  g_autoptr (GstMessage) message = NULL;
  guint generation;

  fixture_play (self);
  assert_event (self, "match");
  write_people (self->location, MODEL, 1);
  g_object_set (self->element, "gallery-location", self->location, NULL);
  assert_gallery (self, 1, 1, 2);
  assert_gallery_message (self, self->location, 1);
  message = judge_face (self);
  g_assert_false (has_field (message, "margin"));
  g_assert_true (gst_structure_get_uint (gst_message_get_structure (message),
          "gallery-generation", &generation));
  g_assert_cmpuint (generation, ==, 2);
}

static void
test_unset_while_playing (Fixture * self, gconstpointer data)
{
  gst_util_set_object_arg (G_OBJECT (self->element), "report", "match+unknown");
  fixture_play (self);
  assert_event (self, "match");
  g_object_set (self->element, "gallery-location", NULL, NULL);
  assert_gallery (self, 0, 0, 2);
  assert_event (self, "unknown");
}

static void
test_bad_reload_keeps (Fixture * self, gconstpointer data)
{
  fixture_play (self);
  g_assert_true (g_file_set_contents (self->location, "[]", -1, NULL));
  g_object_set (self->element, "gallery-location", self->location, NULL);
  assert_says (pop_message (self, GST_MESSAGE_WARNING, NULL),
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ, "is kept");
  g_object_set (self->element, "gallery-location", "/no/such/file", NULL);
  assert_says (pop_message (self, GST_MESSAGE_WARNING, NULL),
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, "/no/such/file");
  assert_gallery (self, 2, 2, 1);
  assert_event (self, "match");
  g_assert_null (pop_message (self, GST_MESSAGE_ERROR, NULL));
}

/* Before the first embedding any model will do, afterwards only theirs. */
static void
test_other_model_reload_keeps (Fixture * self, gconstpointer data)
{
  fixture_play (self);
  write_people (self->location, "model-b", 1);
  g_object_set (self->element, "gallery-location", self->location, NULL);
  assert_gallery (self, 1, 1, 2);
  write_people (self->location, MODEL, 2);
  g_object_set (self->element, "gallery-location", self->location, NULL);
  assert_event (self, "match");

  write_people (self->location, "model-b", 1);
  g_object_set (self->element, "gallery-location", self->location, NULL);
  assert_says (pop_message (self, GST_MESSAGE_WARNING, NULL),
      GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS, "model-b");
  assert_gallery (self, 2, 2, 3);
  assert_event (self, "match");
}

static void
test_other_model_is_an_error (Fixture * self, gconstpointer data)
{
  GstBuffer *buffer = new_buffer (0);

  write_people (self->location, "model-b", 2);
  fixture_play (self);
  add_face (buffer);
  g_assert_cmpint (gst_harness_push (self->harness, buffer), ==,
      GST_FLOW_ERROR);
  assert_says (pop_message (self, GST_MESSAGE_ERROR, NULL),
      GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS, self->location);
  g_assert_null (pop_verdict (self));
}

static void
test_other_length_is_an_error (Fixture * self, gconstpointer data)
{
  GstBuffer *buffer = new_buffer (0);
  gfloat probe[3] = { 1, 0, 0 };

  fixture_play (self);
  add_face (buffer);
  gst_buffer_add_face_embedding_meta (buffer, probe, 3, MODEL);
  g_assert_cmpint (gst_harness_push (self->harness, buffer), ==,
      GST_FLOW_ERROR);
  assert_says (pop_message (self, GST_MESSAGE_ERROR, NULL),
      GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS, "expected 3 as");
}

static void
test_cycles (Fixture * self, gconstpointer data)
{
  guint i;

  g_object_set (self->element, "gallery-location", self->location,
      "threshold", 0.4, NULL);
  for (i = 1; i <= 2; i++) {
    gdouble threshold;

    fixture_play (self);
    assert_gallery (self, 2, 2, i);
    assert_event (self, "match");
    gst_harness_teardown (self->harness);
    self->harness = NULL;
    gst_element_set_state (self->element, GST_STATE_NULL);
    gst_element_set_bus (self->element, self->bus);
    assert_gallery (self, 0, 0, i);
    g_object_get (self->element, "threshold", &threshold, NULL);
    g_assert_cmpfloat (threshold, ==, 0.4);
  }
}

/* The stream of a second cycle may be of another model. */
static void
test_forgets_model (Fixture * self, gconstpointer data)
{
  fixture_play (self);
  assert_event (self, "match");
  gst_element_set_state (self->element, GST_STATE_READY);
  write_people (self->location, "model-b", 1);
  g_assert_cmpint (gst_element_set_state (self->element, GST_STATE_PLAYING),
      !=, GST_STATE_CHANGE_FAILURE);
  assert_gallery (self, 1, 1, 2);
}

static gpointer
reload_often (gpointer data)
{
  Fixture *self = data;
  guint i;

  for (i = 0; i < 200; i++) {
    g_object_set (self->element, "gallery-location", self->location, NULL);
  }
  return NULL;
}

static void
test_reload_while_matching (Fixture * self, gconstpointer data)
{
  GThread *thread;
  guint i;

  fixture_play (self);
  thread = g_thread_new ("reload", reload_often, self);
  for (i = 0; i < 500; i++) {
    assert_event (self, "match");
  }
  g_thread_join (thread);
  assert_gallery (self, 2, 2, 201);
}

/* Of a gallery that begins with who is enrolled: nobody else says one. */
static void
test_threshold_of_the_model (Fixture * self, gconstpointer data)
{
  const gfloat probe[DIMS] = { 1, 0, 0, 0 };
  g_autoptr (FacenetModel) model = facenet_model_load (NULL, NULL, NULL);
  g_autoptr (FacenetGallery) gallery = NULL;
  GstBuffer *buffer = new_buffer (0);
  gboolean enrolled, saved;

  g_assert_nonnull (model);
  g_remove (self->location);
  self->harness = gst_harness_new_with_element (self->element, "sink", "src");
  gst_harness_set_src_caps_str (self->harness, "application/x-faces");
  gst_harness_play (self->harness);
  gst_buffer_add_face_embedding_meta (buffer, probe, DIMS,
      facenet_model_get_id (model))->quality = 1;
  gst_buffer_unref (gst_harness_push_and_pull (self->harness, buffer));
  g_signal_emit_by_name (self->element, "enrol", "Eve", &enrolled);
  g_assert_true (enrolled);
  g_signal_emit_by_name (self->element, "save-gallery", self->location, &saved);
  g_assert_true (saved);
  gallery = facenet_gallery_load (self->location, NULL);
  assert_near (facenet_gallery_get_threshold (gallery),
      facenet_model_get_threshold (model));
}

/* That nobody can be enrolled is no fault of the library, but of what the
 * stream shows. */
static void
test_enrol_refusal_is_of_the_stream (Fixture * self, gconstpointer data)
{
  GstBuffer *buffer = new_buffer (0);
  gboolean done = TRUE;

  fixture_play (self);
  add_face (buffer);
  add_face (buffer);
  gst_buffer_unref (gst_harness_push_and_pull (self->harness, buffer));
  g_signal_emit_by_name (self->element, "enrol", "Eve", &done);
  g_assert_false (done);
  assert_says (pop_message (self, GST_MESSAGE_WARNING, NULL), GST_STREAM_ERROR,
      GST_STREAM_ERROR_FAILED, "2 faces");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/facematch-gallery/is-loaded-at-start", test_loads);
  ADD ("/facematch-gallery/without-location-all-are-unknown", test_no_location);
  ADD ("/facematch-gallery/missing-file-is-an-error", test_missing);
  ADD ("/facematch-gallery/broken-file-is-an-error", test_broken);
  ADD ("/facematch-gallery/same-path-reloads", test_reload);
  ADD ("/facematch-gallery/unset-while-playing-empties",
      test_unset_while_playing);
  ADD ("/facematch-gallery/bad-reload-keeps-the-old", test_bad_reload_keeps);
  ADD ("/facematch-gallery/reload-of-another-model-keeps-the-old",
      test_other_model_reload_keeps);
  ADD ("/facematch-gallery/embedding-of-another-model-is-an-error",
      test_other_model_is_an_error);
  ADD ("/facematch-gallery/embedding-of-another-length-is-an-error",
      test_other_length_is_an_error);
  ADD ("/facematch-gallery/two-cycles", test_cycles);
  ADD ("/facematch-gallery/next-stream-may-be-of-another-model",
      test_forgets_model);
  ADD ("/facematch-gallery/reload-while-matching", test_reload_while_matching);
  ADD ("/facematch-gallery/begins-with-the-threshold-of-the-model",
      test_threshold_of_the_model);
  ADD ("/facematch-gallery/enrol-refusal-is-of-the-stream",
      test_enrol_refusal_is_of_the_stream);
  return g_test_run ();
}
