/* same-verdicts.c - everyone who is asked gives the same verdict
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * One gallery with every rule in it. What facenet_gallery_match() decides is
 * compared with what facenet identify prints, whom facenet scan lists, what
 * facematch attaches and posts, and the colour that facematchoverlay draws.
 */
#include "evaluate/verdicts.h"
#include "scan/subjects.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <gst/check/gstharness.h>
#include <gst/facenet/gstfacenet.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <unistd.h>

#define MODEL "model-a"
#define DIMS 8
#define SIDE 240
#define UNKNOWN_THRESHOLD 0.6
#define MARGIN 0.05
#define BOX 100
#define TOLERANCE 1e-6

/* *INDENT-OFF* */
static const gchar people[] = "{\"format\":\"facenet-gallery\",\"version\":1,"
    "\"model\":{\"id\":\"" MODEL "\",\"dims\":8},"
    "\"defaults\":{\"threshold\":0.5},\"identities\":["
    "{\"id\":\"ann\",\"name\":\"Ann Smith\",\"embeddings\":["
    "{\"vector\":[1,0,0,0,0,0,0,0]}]},"
    "{\"id\":\"bob\",\"name\":\"Bob\",\"valid-until\":\"2020-01-01T00:00:00Z\","
    "\"embeddings\":[{\"vector\":[0,1,0,0,0,0,0,0]}]},"
    "{\"id\":\"poster\",\"name\":\"Poster\",\"decoy\":true,\"embeddings\":["
    "{\"vector\":[0,0,1,0,0,0,0,0]}]},"
    "{\"id\":\"cat\",\"name\":\"Cat\",\"threshold\":0.1,\"embeddings\":["
    "{\"vector\":[0,0,0,1,0,0,0,0]}]},"
    "{\"id\":\"dan\",\"name\":\"Dan\",\"embeddings\":["
    "{\"vector\":[0,0,0,0,1,0,0,0]}]},"
    "{\"id\":\"dana\",\"name\":\"Dana\",\"embeddings\":["
    "{\"vector\":[0,0,0,0,1,0,0,0]}]},"
    "{\"id\":\"eve\",\"name\":\"Eve\",\"action\":\"ignore\",\"embeddings\":["
    "{\"vector\":[0,0,0,0,0,1,0,0]}]}]}";

/* axis: of the face; distance: squared, by which it is turned to axis 7. */
static const struct
{
  const gchar *what;
  guint axis;
  gdouble distance;
  const gchar *claimed_id;
  FacenetEvent event;
  const gchar *reason;
  const gchar *id;
  gboolean reportable;
} cases[] = {
  {"plain match", 0, 0.2, NULL, FACENET_EVENT_MATCH, NULL, "ann", TRUE},
  {"expired", 1, 0.2, NULL, FACENET_EVENT_REJECT, "expired", "bob", TRUE},
  {"decoy", 2, 0.2, NULL, FACENET_EVENT_REJECT, "decoy", NULL, FALSE},
  {"nearly a decoy", 2, 0.55, NULL, FACENET_EVENT_REJECT, "decoy", NULL, FALSE},
  {"far from a decoy", 2, 0.9, NULL, FACENET_EVENT_UNKNOWN, NULL, NULL, TRUE},
  {"own threshold", 3, 0.05, NULL, FACENET_EVENT_MATCH, NULL, "cat", TRUE},
  {"beyond own threshold", 3, 0.2, NULL, FACENET_EVENT_UNCERTAIN,
    "beyond-threshold", "cat", TRUE},
  {"tie", 4, 0.1, NULL, FACENET_EVENT_UNCERTAIN, "ambiguous", "dan", TRUE},
  {"ignored", 5, 0.2, NULL, FACENET_EVENT_MATCH, NULL, "eve", FALSE},
  {"unknown", 6, 0, NULL, FACENET_EVENT_UNKNOWN, NULL, NULL, TRUE},
  {"claim", 0, 0.2, "ann", FACENET_EVENT_MATCH, NULL, "ann", TRUE},
  {"false claim", 4, 0.2, "ann", FACENET_EVENT_REJECT, "claim-failed", "ann",
    TRUE},
  {"claim of nobody", 0, 0, "zoe", FACENET_EVENT_REJECT, "claim-failed", NULL,
    TRUE},
  {"expired claim", 1, 0.2, "bob", FACENET_EVENT_REJECT, "expired", "bob",
    TRUE},
  {"claimed decoy", 2, 0.2, "poster", FACENET_EVENT_REJECT, "decoy", NULL,
    FALSE},
};
/* *INDENT-ON* */

typedef struct
{
  gchar *folder;
  gchar *location;
  FacenetGallery *gallery;
} Fixture;

static void
fixture_set_up (Fixture * self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("verdicts-XXXXXX", NULL);
  self->location = g_build_filename (self->folder, "people.json", NULL);
  g_assert_true (g_file_set_contents (self->location, people, -1, NULL));
  self->gallery = facenet_gallery_load (self->location, NULL);
  g_assert_nonnull (self->gallery);
}

static void
fixture_tear_down (Fixture * self, gconstpointer data)
{
  facenet_gallery_unref (self->gallery);
  g_remove (self->location);
  g_remove (self->folder);
  g_free (self->location);
  g_free (self->folder);
}

static void
fill_probe (guint i, gfloat probe[DIMS])
{
  gdouble cosine = 1 - cases[i].distance / 2;

  memset (probe, 0, DIMS * sizeof *probe);
  probe[7] = (gfloat) sqrt (1 - cosine * cosine);
  probe[cases[i].axis] = (gfloat) cosine;
}

static void
fill_policy (guint i, FacenetMatchPolicy * policy)
{
  memset (policy, 0, sizeof *policy);
  policy->unknown_threshold = UNKNOWN_THRESHOLD;
  policy->margin = MARGIN;
  policy->claimed_id = cases[i].claimed_id;
  policy->top_k = 1;
}

/* The library's verdict, which all others are compared with. */
static FacenetVerdict
decide (const Fixture * self, guint i)
{
  FacenetMatchPolicy policy;
  FacenetCandidate candidate;
  FacenetVerdict verdict;
  gfloat probe[DIMS];

  fill_probe (i, probe);
  fill_policy (i, &policy);
  facenet_gallery_match (self->gallery, &policy, probe, 1, &verdict,
      &candidate);
  g_test_message ("%s", cases[i].what);
  return verdict;
}

static void
test_library (Fixture * self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FacenetVerdict verdict = decide (self, i);

    g_assert_cmpint (verdict.event, ==, cases[i].event);
    g_assert_cmpstr (verdict.reason, ==, cases[i].reason);
    g_assert_cmpstr (verdict.id, ==, cases[i].id);
    g_assert_cmpint (verdict.reportable, ==, cases[i].reportable);
    g_assert_cmpint (verdict.decoy, ==, cases[i].axis == 2);
    if (cases[i].id != NULL && g_strcmp0 (cases[i].reason, "claim-failed") != 0)
      g_assert_cmpfloat_with_epsilon (verdict.distance, cases[i].distance,
          TOLERANCE);
    if (verdict.decoy)
      g_assert_true (isnan (verdict.distance) && verdict.n_candidates == 0);
  }
}

/* Expiry is a matter of the time that is asked about. */
static void
test_time (Fixture * self, gconstpointer data)
{
  FacenetMatchPolicy policy;
  FacenetCandidate candidate;
  FacenetVerdict verdict;
  gfloat probe[DIMS];

  fill_probe (1, probe);
  fill_policy (1, &policy);
  policy.now = G_GINT64_CONSTANT (1577836800000000);    /* 2020-01-01 */
  facenet_gallery_match (self->gallery, &policy, probe, 1, &verdict,
      &candidate);
  g_assert_cmpint (verdict.event, ==, FACENET_EVENT_MATCH);
  g_assert_false (verdict.expired);
  policy.now++;
  facenet_gallery_match (self->gallery, &policy, probe, 1, &verdict,
      &candidate);
  g_assert_cmpint (verdict.event, ==, FACENET_EVENT_REJECT);
  g_assert_true (verdict.expired);
}

/* What an image's box is in JSON does not matter here. */
void
tool_box_add_json (const ToolBox * box, GString * json)
{
}

/* What identify prints with --json of one face, (transfer full). */
static JsonNode *
identify (const Fixture * self, guint i)
{
  g_autofree gchar *path = g_build_filename (self->folder, "out", NULL);
  g_autofree gchar *text = NULL;
  gint kept = dup (STDOUT_FILENO);
  gint file = g_open (path, O_RDWR | O_CREAT | O_TRUNC, 0600);
  gfloat probe[DIMS];
  gdouble quality = 1;
  ToolBox box = { 0, 0, BOX, BOX };
  ToolFaces faces = { 1, 1, DIMS, &box, &quality, probe };
  g_autoptr (ToolVerdicts) verdicts = NULL;
  FacenetMatchPolicy policy;

  fill_probe (i, probe);
  fill_policy (i, &policy);
  verdicts = tool_verdicts_new (&faces, self->gallery, &policy);
  fflush (stdout);
  dup2 (file, STDOUT_FILENO);
  tool_verdicts_print_json (verdicts, "image");
  fflush (stdout);
  dup2 (kept, STDOUT_FILENO);
  close (kept);
  close (file);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_remove (path);
  return json_from_string (text, NULL);
}

static void
test_identify (Fixture * self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FacenetVerdict verdict = decide (self, i);
    g_autoptr (JsonNode) node = identify (self, i);
    JsonObject *face = json_array_get_object_element
        (json_object_get_array_member (json_node_get_object (node), "faces"),
        0);
    const gchar *id = json_object_get_null_member (face, "id") ? NULL
        : json_object_get_string_member (face, "id");

    g_assert_cmpstr (json_object_get_string_member (face, "event"), ==,
        facenet_event_get_nick (verdict.event));
    g_assert_cmpstr (json_object_get_string_member_with_default (face,
            "reason", NULL), ==, verdict.reason);
    /* Of an unknown face it prints the nearest person, too. */
    if (verdict.event != FACENET_EVENT_UNKNOWN)
      g_assert_cmpstr (id, ==, verdict.id);
    else
      g_assert_cmpstr (id, !=, "poster");
  }
}

static void
test_scan (Fixture * self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FacenetVerdict verdict = decide (self, i);
    ToolSubjectRules rules = {.gallery = self->gallery,.strangers = TRUE,
      .stranger_distance = 0.5
    };
    g_autoptr (GPtrArray) scans =
        g_ptr_array_new_with_free_func ((GDestroyNotify) tool_scan_free);
    ToolScan *scan = tool_scan_new ("film", "/film");
    ToolTrack *track = tool_track_new (g_new (gfloat, DIMS));
    g_autoptr (GPtrArray) subjects = NULL;
    const gchar *id = NULL;
    gboolean known = FALSE;

    fill_policy (i, &rules.policy);
    fill_probe (i, track->embedding);
    g_ptr_array_add (scan->tracks, track);
    g_ptr_array_add (scans, scan);
    subjects = tool_subjects_new (scans, DIMS, &rules);
    if (track->subject != TOOL_NOBODY) {
      const ToolSubject *subject = g_ptr_array_index (subjects, track->subject);

      known = subject->known;
      id = subject->id;
    }
    g_assert_cmpint (known, ==, verdict.event == FACENET_EVENT_MATCH
        && verdict.reportable);
    if (known)
      g_assert_cmpstr (id, ==, verdict.id);
    /* Nothing at all of a decoy, nor of somebody to be ignored. */
    g_assert_cmpint (track->subject == TOOL_NOBODY, ==, !verdict.reportable);
  }
}

static GstHarness *
new_harness (const Fixture * self, guint i)
{
  g_autoptr (GstElementFactory) overlay =
      gst_element_factory_find ("facematchoverlay");
  gchar number[2][G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree gchar *line = g_strdup_printf ("facematch gallery-location=%s "
      "unknown-threshold=%s margin=%s mode=%s claimed-id=%s "
      "report=match+unknown+uncertain+reject%s", self->location,
      g_ascii_dtostr (number[0], sizeof number[0], UNKNOWN_THRESHOLD),
      g_ascii_dtostr (number[1], sizeof number[1], MARGIN),
      cases[i].claimed_id != NULL ? "verify" : "identify",
      cases[i].claimed_id != NULL ? cases[i].claimed_id : "none",
      overlay != NULL ? " ! facematchoverlay" : "");
  GstHarness *harness = gst_harness_new_parse (line);

  gst_harness_set_src_caps_str (harness, "video/x-raw,format=RGB,width=240,"
      "height=240,framerate=0/1");
  return harness;
}

static GstBuffer *
push_face (GstHarness * harness, guint i)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 3 * SIDE * SIDE, NULL);
  GstFaceEmbeddingMeta *face;
  gfloat probe[DIMS];

  fill_probe (i, probe);
  gst_buffer_memset (buffer, 0, 0, (gsize) - 1);
  GST_BUFFER_PTS (buffer) = 0;
  face = gst_buffer_add_face_embedding_meta (buffer, probe, DIMS, MODEL);
  face->x = face->y = BOX;
  face->w = face->h = BOX;
  face->frame_width = face->frame_height = SIDE;
  buffer = gst_harness_push_and_pull (harness, buffer);
  g_assert_nonnull (buffer);
  return buffer;
}

static void
compare_meta (GstBuffer * buffer, const FacenetVerdict * verdict)
{
  GstFaceMatchMeta *meta = gst_buffer_get_face_match_meta (buffer, 0);

  g_assert_nonnull (meta);
  g_assert_cmpint (meta->event, ==, verdict->event);
  g_assert_cmpstr (meta->id, ==, verdict->id);
  g_assert_cmpstr (meta->name, ==, verdict->name);
  g_assert_true (isnan (meta->distance) == isnan (verdict->distance));
  if (!isnan (meta->distance))
    g_assert_cmpfloat_with_epsilon (meta->distance, verdict->distance,
        TOLERANCE);
}

static void
compare_message (GstBus * bus, const FacenetVerdict * verdict)
{
  g_autoptr (GstMessage) message = NULL;
  const GstStructure *fields = NULL;

  do {
    g_clear_pointer (&message, gst_message_unref);
    message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT);
    if (message != NULL)
      fields = gst_message_get_structure (message);
  } while (message != NULL && !gst_structure_has_name (fields, "facematch"));
  g_assert_cmpint (message != NULL, ==, verdict->reportable);
  if (message == NULL)
    return;
  g_assert_cmpstr (gst_structure_get_string (fields, "event"), ==,
      facenet_event_get_nick (verdict->event));
  g_assert_cmpstr (gst_structure_get_string (fields, "reason"), ==,
      verdict->reason);
  g_assert_cmpstr (gst_structure_get_string (fields, "id"), ==, verdict->id);
}

/* The left edge of the box, in the middle. */
static void
compare_colour (GstBuffer * buffer, const FacenetVerdict * verdict)
{
  static const guint8 colours[][3] = {
    [FACENET_EVENT_MATCH] = {0, 204, 153},
    [FACENET_EVENT_UNKNOWN] = {255, 128, 26},
    [FACENET_EVENT_UNCERTAIN] = {242, 230, 64},
    [FACENET_EVENT_LOST] = {179, 179, 179},
    [FACENET_EVENT_REJECT] = {179, 179, 179},
  };
  guint8 pixel[3];

  gst_buffer_extract (buffer, 3 * ((BOX + BOX / 2) * SIDE + BOX), pixel, 3);
  for (guint c = 0; c < 3; c++)
    g_assert_cmpint (ABS (pixel[c] - colours[verdict->event][c]), <=, 2);
}

static void
test_pipeline (Fixture * self, gconstpointer data)
{
  g_autoptr (GstElementFactory) overlay =
      gst_element_factory_find ("facematchoverlay");

  if (overlay == NULL)
    g_test_message ("facematchoverlay is not built: no colours");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FacenetVerdict verdict = decide (self, i);
    GstHarness *harness = new_harness (self, i);
    GstBus *bus = gst_bus_new ();
    GstBuffer *buffer;

    gst_element_set_bus (harness->element, bus);
    buffer = push_face (harness, i);
    compare_meta (buffer, &verdict);
    compare_message (bus, &verdict);
    if (overlay != NULL)
      compare_colour (buffer, &verdict);
    gst_buffer_unref (buffer);
    gst_element_set_bus (harness->element, NULL);
    gst_object_unref (bus);
    gst_harness_teardown (harness);
  }
}

#define ADD(path, test) \
    g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/same-verdicts/library", test_library);
  ADD ("/same-verdicts/time-may-be-given", test_time);
  ADD ("/same-verdicts/identify", test_identify);
  ADD ("/same-verdicts/scan", test_scan);
  ADD ("/same-verdicts/facematch-and-overlay", test_pipeline);
  return g_test_run ();
}
