/* facematch-unsaved.c - facematch says when people who were enrolled are lost
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "facematch-harness.h"

#define ADD(path, test) \
    g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

static void
enrol (Fixture * self, const gchar * name)
{
  GstBuffer *buffer = new_buffer (0);
  gboolean done = FALSE;

  add_face (buffer)->quality = 1;
  gst_buffer_unref (gst_harness_push_and_pull (self->harness, buffer));
  g_signal_emit_by_name (self->element, "enrol", name, &done);
  g_assert_true (done);
}

static gboolean
warns_when_stopped (Fixture * self)
{
  GstMessage *message;
  gboolean warned;

  gst_element_set_state (self->element, GST_STATE_READY);
  message = pop_message (self, GST_MESSAGE_WARNING, NULL);
  warned = message != NULL;
  g_clear_pointer (&message, gst_message_unref);
  return warned;
}

static void
test_unsaved (Fixture * self, gconstpointer data)
{
  fixture_play (self);
  enrol (self, "Eve");
  g_assert_true (warns_when_stopped (self));
}

static void
test_saved (Fixture * self, gconstpointer data)
{
  gboolean done = FALSE;

  fixture_play (self);
  enrol (self, "Eve");
  g_signal_emit_by_name (self->element, "save-gallery", NULL, &done);
  g_assert_true (done);
  g_assert_false (warns_when_stopped (self));
}

/* A gallery that is from no file. */
static void
test_saved_first (Fixture * self, gconstpointer data)
{
  gboolean done = FALSE;

  self->harness = gst_harness_new_with_element (self->element, "sink", "src");
  gst_harness_set_src_caps_str (self->harness, "application/x-faces");
  gst_harness_play (self->harness);
  enrol (self, "Eve");
  g_signal_emit_by_name (self->element, "save-gallery", self->location, &done);
  g_assert_true (done);
  g_assert_false (warns_when_stopped (self));
}

static void
test_other_location (Fixture * self, gconstpointer data)
{
  GstMessage *message;

  fixture_play (self);
  enrol (self, "Eve");
  g_object_set (self->element, "gallery-location", NULL, NULL);
  message = pop_message (self, GST_MESSAGE_WARNING, NULL);
  assert_says (message, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
      "not saved");
  g_assert_false (warns_when_stopped (self));
}

static void
test_unchanged (Fixture * self, gconstpointer data)
{
  fixture_play (self);
  g_assert_false (warns_when_stopped (self));
}

/* Another element still has the people. */
static void
test_shared (Fixture * self, gconstpointer data)
{
  GstElement *other = gst_element_factory_make ("facematch", NULL);

  gst_object_ref_sink (other);
  g_object_set (other, "gallery-location", self->location, NULL);
  g_assert_cmpint (gst_element_set_state (other, GST_STATE_PAUSED), !=,
      GST_STATE_CHANGE_FAILURE);
  fixture_play (self);
  enrol (self, "Eve");
  g_assert_false (warns_when_stopped (self));
  gst_element_set_state (other, GST_STATE_NULL);
  gst_object_unref (other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/facematch-unsaved/warns-of-who-is-lost", test_unsaved);
  ADD ("/facematch-unsaved/not-when-saved", test_saved);
  ADD ("/facematch-unsaved/not-when-saved-first", test_saved_first);
  ADD ("/facematch-unsaved/warns-at-another-location", test_other_location);
  ADD ("/facematch-unsaved/not-when-unchanged", test_unchanged);
  ADD ("/facematch-unsaved/not-when-another-has-them", test_shared);
  return g_test_run ();
}
