/* facematch-stream.h - a stream of faces over time for facematch
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * People are axes of a space, any two at a squared distance of 2. Ann and Bob,
 * axes 0 and 1, are in the gallery, axes 2 and 3 are strangers.
 */
#pragma once

#include "facematch-harness.h"

#define ADD(path, test) \
    g_test_add (path, Fixture, NULL, stream_set_up, test, fixture_tear_down)

/* Writes a gallery in which Ann has these members more, each begun by a
 * comma. */
static inline void
write_gallery (Fixture * self, const gchar * members)
{
  g_autofree gchar *text = g_strdup_printf ("{\"format\":\"facenet-gallery\","
      "\"version\":1,\"model\":{\"id\":\"" MODEL "\",\"dims\":4},"
      "\"identities\":[{\"id\":\"ann\",\"name\":\"Ann Smith\"%s,"
      "\"embeddings\":[{\"vector\":[1,0,0,0]}]},{\"id\":\"bob\","
      "\"embeddings\":[{\"vector\":[0,1,0,0]}]}]}", members);

  g_assert_true (g_file_set_contents (self->location, text, -1, NULL));
}

static inline void
stream_set_up (Fixture * self, gconstpointer data)
{
  fixture_set_up (self, data);
  write_gallery (self, "");
}

/* Puts a person into a buffer, turned towards another by a squared
 * distance. */
static inline GstFaceEmbeddingMeta *
add_turned (GstBuffer * buffer, guint person, guint towards, gdouble distance)
{
  gdouble cosine = 1 - distance / 2;
  gfloat vector[DIMS] = { 0 };
  GstFaceEmbeddingMeta *face;

  vector[towards] = (gfloat) sqrt (1 - cosine * cosine);
  vector[person] = (gfloat) cosine;
  face = gst_buffer_add_face_embedding_meta (buffer, vector, DIMS, MODEL);
  face->x = 100;
  face->y = 100;
  face->w = face->h = 50;
  face->frame_width = 640;
  face->frame_height = 480;
  return face;
}

static inline GstFaceEmbeddingMeta *
add_person_face (GstBuffer * buffer, guint person)
{
  return add_turned (buffer, person, (person + 1) % DIMS, 0);
}

/* Sends a buffer through; what facematch said of its first face, or -1. */
static inline gint
push_buffer (Fixture * self, GstBuffer * buffer)
{
  GstFaceMatchMeta *meta;
  gint event;

  buffer = gst_harness_push_and_pull (self->harness, buffer);
  g_assert_nonnull (buffer);
  meta = gst_buffer_get_face_match_meta (buffer, 0);
  event = meta != NULL ? (gint) meta->event : -1;
  gst_buffer_unref (buffer);
  return event;
}

static inline GstBuffer *
new_frame (guint milliseconds)
{
  return new_buffer (milliseconds * GST_MSECOND);
}

static inline gint
push_person (Fixture * self, guint milliseconds, guint person)
{
  GstBuffer *buffer = new_frame (milliseconds);

  add_person_face (buffer, person);
  return push_buffer (self, buffer);
}

static inline void
push_empty (Fixture * self, guint milliseconds)
{
  push_buffer (self, new_frame (milliseconds));
}

static inline gint64
get_count (GstMessage * message, const gchar * field)
{
  const GstStructure *structure = gst_message_get_structure (message);
  guint number;

  return gst_structure_get_uint (structure, field, &number)
      ? (gint64) number : -1;
}

static inline guint64
get_time (GstMessage * message, const gchar * field)
{
  guint64 time = GST_CLOCK_TIME_NONE;

  gst_structure_get_uint64 (gst_message_get_structure (message), field, &time);
  return time;
}

static inline gint
get_track (GstMessage * message)
{
  gint id = -1;

  gst_structure_get_int (gst_message_get_structure (message), "track-id", &id);
  return id;
}

/* The next message, which must be of this event and id. */
static inline GstMessage *
expect (Fixture * self, const gchar * event, const gchar * id)
{
  GstMessage *message = pop_verdict (self);

  g_assert_nonnull (message);
  g_assert_cmpstr (get_string (message, "event"), ==, event);
  g_assert_cmpstr (get_string (message, "id"), ==, id);
  return message;
}

static inline void
expect_only (Fixture * self, const gchar * event, const gchar * id)
{
  gst_message_unref (expect (self, event, id));
  g_assert_null (pop_verdict (self));
}

static inline void
report (Fixture * self, const gchar * events)
{
  gst_util_set_object_arg (G_OBJECT (self->element), "report", events);
}
