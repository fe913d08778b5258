/* facematch-door.c - ten minutes at a door
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Twenty people, each of whom comes by four times for ten seconds, at 25
 * frames a second: 15,000 frames with up to two faces each. The pictures are
 * noisy, a tenth of the faces is not found, and every fortieth frame a face
 * looks like somebody else. Who comes and goes must be told once, and the same
 * when the stream is played again.
 */
#include "facematch-harness.h"

#define N_PEOPLE 20
#define N_DIMS 32
#define FPS 25
#define N_FRAMES (600 * FPS)
#define VISIT (10 * FPS)
#define STEP (7 * FPS)          /* between one person's coming and the next's */
#define ROUND (150 * FPS)       /* between a person's visits */

#define ADD(path, test) \
    g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

static void
write_everybody (const gchar * location)
{
  FacenetGalleryModel info = { MODEL, NULL, NULL, N_DIMS };
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&info);
  guint i;

  for (i = 0; i < N_PEOPLE; i++) {
    g_autofree gchar *id = g_strdup_printf ("person-%u", i);
    gfloat vector[N_DIMS] = { 0 };
    FacenetEnrolment enrolment = { vector, N_DIMS, NULL, (gdouble) NAN };

    vector[i] = 1;
    g_assert_true (facenet_gallery_add (gallery, id, NULL, &enrolment, NULL));
  }
  g_assert_true (facenet_gallery_save (gallery, location, NULL));
}

/* A picture of a person, at a squared distance of 0.3 or so from the one in
 * the gallery. */
static GstFaceEmbeddingMeta *
add_noisy (GstBuffer * buffer, guint person, GRand * rand)
{
  gfloat vector[N_DIMS];
  gdouble sum = 0;
  guint i;

  for (i = 0; i < N_DIMS; i++) {
    vector[i] = (gfloat) g_rand_double_range (rand, -0.2, 0.2);
    if (i == person)
      vector[i] += 1;
    sum += (gdouble) vector[i] * (gdouble) vector[i];
  }
  for (i = 0; i < N_DIMS; i++) {
    vector[i] = (gfloat) ((gdouble) vector[i] / sqrt (sum));
  }
  return gst_buffer_add_face_embedding_meta (buffer, vector, N_DIMS, MODEL);
}

/* Whether a person is at the door on a frame, and since how many frames. */
static gboolean
is_there (guint person, guint frame, guint * since)
{
  if (frame < person * STEP)
    return FALSE;
  *since = (frame - person * STEP) % ROUND;
  return *since < VISIT;
}

static void
add_faces (GstBuffer * buffer, guint frame, gboolean gives_tracks, GRand * rand)
{
  guint person, since;

  for (person = 0; person < N_PEOPLE; person++) {
    guint looks = person;
    GstFaceEmbeddingMeta *face;

    /* The last faces of a visit are found, so that its length is known. */
    if (!is_there (person, frame, &since))
      continue;
    if (since > 0 && since < VISIT - 1 && g_rand_int_range (rand, 0, 10) == 0)
      continue;
    if (since % 40 == 39)
      looks = (person + 7) % N_PEOPLE;
    face = add_noisy (buffer, looks, rand);
    face->quality = g_rand_double_range (rand, 0.3, 1);
    face->x = 2 * since;
    face->y = person % 2 == 0 ? 100 : 300;
    face->w = face->h = 80;
    if (gives_tracks)
      face->track_id = (gint) (person + N_PEOPLE * (frame / ROUND));
  }
}

static void
seek_to_start (Fixture * self)
{
  GstSegment segment;

  gst_harness_push_event (self->harness, gst_event_new_flush_start ());
  gst_harness_push_event (self->harness, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (self->harness, gst_event_new_segment (&segment));
}

/* What was told: "event id stream-time dwell" in a line each. */
static gchar *
play (Fixture * self, gboolean gives_tracks)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  GString *told = g_string_new (NULL);
  GstMessage *message;
  guint frame;

  for (frame = 0; frame < N_FRAMES; frame++) {
    GstBuffer *buffer = new_buffer (frame * (GST_SECOND / FPS));

    add_faces (buffer, frame, gives_tracks, rand);
    gst_buffer_unref (gst_harness_push_and_pull (self->harness, buffer));
  }
  seek_to_start (self);
  while ((message = pop_verdict (self)) != NULL) {
    const GstStructure *structure = gst_message_get_structure (message);
    guint64 time = 0, dwell = 0;

    gst_structure_get_uint64 (structure, "stream-time", &time);
    gst_structure_get_uint64 (structure, "dwell", &dwell);
    g_string_append_printf (told, "%s %s %" G_GUINT64_FORMAT " %"
        G_GUINT64_FORMAT "\n", get_string (message, "event"),
        get_string (message, "id"), time / GST_MSECOND, dwell / GST_MSECOND);
    gst_message_unref (message);
  }
  return g_string_free (told, FALSE);
}

static guint
count_lines (const gchar * told, const gchar * start)
{
  g_auto (GStrv) lines = g_strsplit (told, "\n", -1);
  guint i, n = 0;

  for (i = 0; lines[i] != NULL; i++) {
    n += g_str_has_prefix (lines[i], start);
  }
  return n;
}

static void
check (Fixture * self, gboolean gives_tracks)
{
  g_autofree gchar *told = NULL, *again = NULL;
  guint i;

  write_everybody (self->location);
  g_object_set (self->element, "min-matches", 4, "message-interval",
      20 * GST_SECOND, NULL);
  gst_util_set_object_arg (G_OBJECT (self->element), "report",
      "match+unknown+uncertain+lost");
  fixture_play (self);
  told = play (self, gives_tracks);
  g_test_message ("%s", told);
  for (i = 0; i < N_PEOPLE; i++) {
    g_autofree gchar *match = g_strdup_printf ("match person-%u ", i);
    g_autofree gchar *lost = g_strdup_printf ("lost person-%u ", i);
    guint visits = 1 + (N_FRAMES - 1 - i * STEP) / ROUND;

    g_assert_cmpuint (count_lines (told, match), ==, visits);
    g_assert_cmpuint (count_lines (told, lost), ==, visits);
  }
  g_assert_cmpuint (count_lines (told, "unknown"), ==, 0);
  g_assert_cmpuint (count_lines (told, "uncertain"), ==, 0);
  g_assert_nonnull (strstr (told, "lost person-3 30960 9960\n"));
  again = play (self, gives_tracks);
  g_assert_cmpstr (again, ==, told);
}

static void
test_own_tracks (Fixture * self, gconstpointer data)
{
  check (self, FALSE);
}

static void
test_given_tracks (Fixture * self, gconstpointer data)
{
  check (self, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/facematch-door/each-visit-is-told-once", test_own_tracks);
  ADD ("/facematch-door/each-visit-is-told-once-with-given-tracks",
      test_given_tracks);
  return g_test_run ();
}
