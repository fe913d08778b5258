/* facematch-harness.h - a facematch with people, faces and a bus
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The probe is (1,0,0,0); people are put at chosen squared L2 distances from
 * it. No model is needed.
 */
#pragma once

#include <facenet/facenet-gallery.h>
#include <glib/gstdio.h>
#include <gst/check/gstharness.h>
#include <gst/facenet/gstfacenet.h>
#include <math.h>
#include <string.h>

#define MODEL "model-a"
#define DIMS 4
#define assert_near(a, b) g_assert_cmpfloat (fabs ((a) - (b)), <=, 1e-6)

typedef struct {
  gchar *folder;
  gchar *location;              /* people.json: ann at 0.2, bob at 0.5 */
  GstHarness *harness;
  GstElement *element;
  GstBus *bus;
} Fixture;

static inline void
add_person (FacenetGallery * gallery, const gchar * id, const gchar * name,
    gdouble distance)
{
  gdouble cosine = 1 - distance / 2;
  gfloat vector[DIMS] = { (gfloat) cosine,
    (gfloat) sqrt (1 - cosine * cosine), 0, 0
  };
  FacenetEnrolment enrolment = { vector, DIMS, NULL, (gdouble) NAN };

  g_assert_true (facenet_gallery_add (gallery, id, name, &enrolment, NULL));
}

static inline void
write_people (const gchar * location, const gchar * model, guint n_people)
{
  FacenetGalleryModel info = { model, NULL, NULL, DIMS };
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&info);

  if (n_people > 0)
    add_person (gallery, "ann", "Ann Smith", 0.2);
  if (n_people > 1)
    add_person (gallery, "bob", NULL, 0.5);
  g_assert_true (facenet_gallery_save (gallery, location, NULL));
}

static inline void
fixture_set_up (Fixture * self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("facematch-XXXXXX", NULL);
  self->location = g_build_filename (self->folder, "people.json", NULL);
  write_people (self->location, MODEL, 2);
  self->element = gst_element_factory_make ("facematch", NULL);
  g_assert_nonnull (self->element);
  gst_object_ref_sink (self->element);
  self->bus = gst_bus_new ();
  gst_element_set_bus (self->element, self->bus);
  self->harness = NULL;
}

static inline void
fixture_tear_down (Fixture * self, gconstpointer data)
{
  g_autofree gchar *kept = g_strconcat (self->location, "~", NULL);

  if (self->harness != NULL)
    gst_harness_teardown (self->harness);
  gst_element_set_state (self->element, GST_STATE_NULL);
  gst_element_set_bus (self->element, NULL);
  gst_object_unref (self->element);
  gst_object_unref (self->bus);
  g_remove (self->location);
  g_remove (kept);
  g_remove (self->folder);
  g_free (self->location);
  g_free (self->folder);
}

/* Starts the element with the people. */
static inline void
fixture_play (Fixture * self)
{
  g_object_set (self->element, "gallery-location", self->location, NULL);
  self->harness = gst_harness_new_with_element (self->element, "sink", "src");
  gst_harness_set_src_caps_str (self->harness, "application/x-faces");
  gst_harness_play (self->harness);
}

static inline GstBuffer *
new_buffer (GstClockTime pts)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 16, NULL);

  GST_BUFFER_PTS (buffer) = pts;
  return buffer;
}

static inline GstFaceEmbeddingMeta *
add_face (GstBuffer * buffer)
{
  gfloat probe[DIMS] = { 1, 0, 0, 0 };

  return gst_buffer_add_face_embedding_meta (buffer, probe, DIMS, MODEL);
}

/* Sends one buffer with one face through and gives it back. */
static inline GstBuffer *
push_face (Fixture * self)
{
  GstBuffer *buffer = new_buffer (0);

  add_face (buffer);
  buffer = gst_harness_push_and_pull (self->harness, buffer);
  g_assert_nonnull (buffer);
  return buffer;
}

/* The next message of a type, and for element messages of a name; NULL when
 * there is none. Others before it are dropped. */
static inline GstMessage *
pop_message (Fixture * self, GstMessageType type, const gchar * name)
{
  GstMessage *message;

  while ((message = gst_bus_pop_filtered (self->bus, type)) != NULL) {
    if (name == NULL
        || gst_structure_has_name (gst_message_get_structure (message), name))
      return message;
    gst_message_unref (message);
  }
  return NULL;
}

static inline GstMessage *
pop_verdict (Fixture * self)
{
  return pop_message (self, GST_MESSAGE_ELEMENT, "facematch");
}

/* Pushes a face and expects a verdict about it. */
static inline GstMessage *
judge_face (Fixture * self)
{
  GstMessage *message;

  gst_buffer_unref (push_face (self));
  message = pop_verdict (self);
  g_assert_nonnull (message);
  return message;
}

static inline const gchar *
get_string (GstMessage * message, const gchar * field)
{
  return gst_structure_get_string (gst_message_get_structure (message), field);
}

static inline gdouble
get_double (GstMessage * message, const gchar * field)
{
  gdouble number = (gdouble) NAN;

  gst_structure_get_double (gst_message_get_structure (message), field,
      &number);
  return number;
}

static inline gboolean
has_field (GstMessage * message, const gchar * field)
{
  return gst_structure_has_field (gst_message_get_structure (message), field);
}

/* An error or warning whose text says something. */
static inline void
assert_says (GstMessage * message, GQuark domain, gint code, const gchar * text)
{
  g_autoptr (GError) error = NULL;

  g_assert (message != NULL);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, NULL);
  else
    gst_message_parse_warning (message, &error, NULL);
  g_test_message ("%s", error->message);
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, text));
  gst_message_unref (message);
}
