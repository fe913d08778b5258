/* scan-parts.c - pieces of facenet scan by themselves
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Faces are unit vectors along an axis, so that those of two people are at
 * squared distance 2.
 */
#include "tools/scan/appearances.h"
#include "tools/scan/follow.h"
#include "tools/scan/report.h"
#include "tools/scan/subjects.h"

#include <math.h>
#include <string.h>

#define DIMS 8
#define MS G_GUINT64_CONSTANT (1000000)
#define MODEL "0123456789abcdef"

/* Who is to be seen on a frame: the axis of a face, in a box at x. */
static void
add_frame (ToolFollower * follower, guint64 ms, const guint * people,
    guint n_people, gdouble quality)
{
  gfloat embeddings[4 * DIMS] = { 0 };
  ToolBox boxes[4];
  gdouble qualities[4];
  ToolTrack *tracks[4];
  ToolFaces faces = { n_people, n_people, DIMS, boxes, qualities, embeddings };

  for (guint i = 0; i < n_people; i++) {
    embeddings[i * DIMS + people[i]] = 1;
    boxes[i] = (ToolBox) {
    (gint) i *200, 50, 100, 100};
    qualities[i] = quality;
  }
  tool_follower_add (follower, ms * MS, &faces, tracks);
}

static const ToolTrack *
get_track (GPtrArray * tracks, guint index)
{
  g_assert_cmpuint (tracks->len, >, index);
  return g_ptr_array_index (tracks, index);
}

static void
expect_track (GPtrArray * tracks, guint index, guint person, guint64 start,
    guint64 end, guint n_faces)
{
  const ToolTrack *track = get_track (tracks, index);

  g_assert_cmpfloat_with_epsilon (track->embedding[person], 1, 1e-6);
  g_assert_cmpuint (track->start, ==, start * MS);
  g_assert_cmpuint (track->end, ==, end * MS);
  g_assert_cmpuint (track->n_faces, ==, n_faces);
}

static void
test_a_track_lasts_until_the_frame_without_the_face (void)
{
  g_autoptr (ToolFollower) follower = tool_follower_new (DIMS);
  g_autoptr (GPtrArray) tracks = NULL;
  const guint person = 3;

  add_frame (follower, 0, NULL, 0, 1);
  add_frame (follower, 200, &person, 1, 0.5);
  add_frame (follower, 400, &person, 1, 0.8);
  add_frame (follower, 600, &person, 1, 0.7);
  add_frame (follower, 800, NULL, 0, 1);
  tracks = tool_follower_finish (follower, 1000 * MS);
  g_assert_cmpuint (tracks->len, ==, 1);
  expect_track (tracks, 0, person, 200, 800, 3);
  g_assert_cmpfloat (get_track (tracks, 0)->quality, ==, 0.8);
  g_assert_cmpuint (get_track (tracks, 0)->best, ==, 400 * MS);
}

static void
test_a_track_ends_with_the_video (void)
{
  g_autoptr (ToolFollower) follower = tool_follower_new (DIMS);
  g_autoptr (GPtrArray) tracks = NULL;
  const guint person = 3;

  add_frame (follower, 200, &person, 1, 0.5);
  tracks = tool_follower_finish (follower, 240 * MS);
  g_assert_cmpuint (tracks->len, ==, 1);
  expect_track (tracks, 0, person, 200, 240, 1);
}

static void
test_another_face_at_the_same_place_is_another_track (void)
{
  g_autoptr (ToolFollower) follower = tool_follower_new (DIMS);
  g_autoptr (GPtrArray) tracks = NULL;
  const guint people[] = { 1, 2 };

  for (guint64 i = 0; i < 10; i++)
    add_frame (follower, i * 200, &people[i >= 5], 1, 0.5);
  tracks = tool_follower_finish (follower, 2000 * MS);
  g_assert_cmpuint (tracks->len, ==, 2);
  expect_track (tracks, 0, 1, 0, 1000, 5);
  expect_track (tracks, 1, 2, 1000, 2000, 5);
}

/* The tracker takes faces up to 1.4 apart for one person if they lie on each
 * other; a scan does not. */
static void
test_a_cut_to_somebody_alike_is_seen (void)
{
  g_autoptr (ToolFollower) follower = tool_follower_new (DIMS);
  g_autoptr (GPtrArray) tracks = NULL;
  gfloat embedding[DIMS] = { 0 };
  ToolBox box = { 0, 0, 100, 100 };
  gdouble quality = 0.9;
  ToolFaces faces = { 1, 1, DIMS, &box, &quality, embedding };
  ToolTrack *first, *second, *again;

  embedding[0] = 1;
  tool_follower_add (follower, 0, &faces, &first);
  /* Squared distance 1. */
  embedding[0] = 0.5f;
  embedding[1] = sqrtf (0.75f);
  tool_follower_add (follower, 200 * MS, &faces, &second);
  g_assert_true (second != first);
  /* Not torn for good: back to the first. */
  embedding[0] = 1;
  embedding[1] = 0;
  tool_follower_add (follower, 400 * MS, &faces, &again);
  g_assert_true (again == first);
  tracks = tool_follower_finish (follower, 600 * MS);
  g_assert_cmpuint (tracks->len, ==, 2);
  g_assert_cmpuint (get_track (tracks, 0)->n_faces, ==, 2);
  g_assert_cmpuint (get_track (tracks, 0)->end, ==, 600 * MS);
}

static void
test_people_beside_each_other_are_kept_apart (void)
{
  g_autoptr (ToolFollower) follower = tool_follower_new (DIMS);
  g_autoptr (GPtrArray) tracks = NULL;
  const guint people[] = { 4, 5 };

  for (guint64 i = 0; i < 5; i++)
    add_frame (follower, i * 200, people, i < 3 ? 2 : 1, 0.5);
  tracks = tool_follower_finish (follower, 1000 * MS);
  g_assert_cmpuint (tracks->len, ==, 2);
  expect_track (tracks, 0, 5, 0, 600, 3);
  expect_track (tracks, 1, 4, 0, 1000, 5);
}

/* A video with tracks of these people: {person, start ms, end ms, faces}. */
static ToolScan *
make_scan (const gchar * name, const guint (*tracks)[4], guint n_tracks)
{
  g_autofree gchar *path = g_strconcat ("/films/", name, NULL);
  ToolScan *scan = tool_scan_new (name, path);

  for (guint i = 0; i < n_tracks; i++) {
    ToolTrack *track = tool_track_new (g_new0 (gfloat, DIMS));

    track->embedding[tracks[i][0]] = 1;
    track->start = track->best = tracks[i][1] * MS;
    track->end = tracks[i][2] * MS;
    track->n_faces = tracks[i][3];
    track->quality = 0.5;
    g_ptr_array_add (scan->tracks, track);
  }
  return scan;
}

static GPtrArray *
new_scans (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) tool_scan_free);
}

/* Persons 0 and 1 of the axes of their numbers. */
static FacenetGallery *
make_gallery (void)
{
  FacenetGalleryModel model = { MODEL, "test", "none", DIMS };
  FacenetGallery *gallery = facenet_gallery_new (&model);
  const gchar *names[] = { "Ann & <Co>", "Bob \"B\", jr." };
  const gchar *ids[] = { "ann", "bob" };

  for (guint i = 0; i < 2; i++) {
    gfloat embedding[DIMS] = { 0 };
    FacenetEnrolment enrolment = { embedding, DIMS, NULL, 1 };

    embedding[i] = 1;
    g_assert_true (facenet_gallery_add (gallery, ids[i], names[i], &enrolment,
            NULL));
  }
  return gallery;
}

static void
rules_init (ToolSubjectRules * rules, const FacenetGallery * gallery)
{
  memset (rules, 0, sizeof *rules);
  rules->gallery = gallery;
  rules->policy.top_k = 1;
  rules->strangers = TRUE;
  rules->stranger_distance = 0.7;
  rules->min_faces = 3;
}

/* Who appears when, with names. */
static void
find (ToolFindings * findings, GPtrArray * scans,
    const ToolSubjectRules * rules, guint64 gap)
{
  guint number = 0;

  findings->scans = scans;
  findings->subjects = tool_subjects_new (scans, DIMS, rules);
  findings->appearances = tool_appearances_new (scans, gap, rules->min_faces);
  for (guint i = 0; i < findings->appearances->len; i++)
    tool_subject_name (g_ptr_array_index (findings->subjects, g_array_index
            (findings->appearances, ToolAppearance, i).subject), &number);
}

static void
findings_clear (ToolFindings * findings)
{
  g_ptr_array_unref (findings->subjects);
  g_array_unref (findings->appearances);
}

static void
expect_report (const ToolFindings * findings, ToolReportFormat format,
    guint only, const gchar * wanted)
{
  g_autoptr (GString) text = tool_report_write (findings, format, only);

  g_assert_cmpstr (text->str, ==, wanted);
}

/* *INDENT-OFF* */
static const guint party[][4] = {
  {0, 1000, 3000, 10}, {5, 1200, 2200, 5}, {1, 2000, 6000, 20},
  {0, 4500, 5000, 2}, {0, 8000, 8200, 1}, {6, 9000, 9400, 2}
};
static const guint picnic[][4] = {
  {6, 0, 1000, 5}, {5, 3600000, 3601000, 5}
};
/* *INDENT-ON* */

static GPtrArray *
make_party (void)
{
  GPtrArray *scans = new_scans ();

  g_ptr_array_add (scans, make_scan ("party.avi", party, G_N_ELEMENTS (party)));
  g_ptr_array_add (scans, make_scan ("a,b.avi", picnic, G_N_ELEMENTS (picnic)));
  return scans;
}

static void
test_every_format_says_the_same (void)
{
  g_autoptr (GPtrArray) scans = make_party ();
  g_autoptr (FacenetGallery) gallery = make_gallery ();
  ToolSubjectRules rules;
  ToolFindings findings;

  rules_init (&rules, gallery);
  find (&findings, scans, &rules, 2000 * MS);
  expect_report (&findings, TOOL_REPORT_TEXT, TOOL_ALL_SCANS,
      "party.avi: 00:00:01.000 - 00:00:05.000: Ann & <Co> (ann), "
      "distance 0.0000, 12 faces\n"
      "party.avi: 00:00:01.200 - 00:00:02.200: unknown 1, 5 faces\n"
      "party.avi: 00:00:02.000 - 00:00:06.000: Bob \"B\", jr. (bob), "
      "distance 0.0000, 20 faces\n"
      "a,b.avi: 00:00:00.000 - 00:00:01.000: unknown 2, 5 faces\n"
      "a,b.avi: 01:00:00.000 - 01:00:01.000: unknown 1, 5 faces\n");
  expect_report (&findings, TOOL_REPORT_CSV, TOOL_ALL_SCANS,
      "file,id,name,start,end,faces,best_distance\n"
      "party.avi,ann,Ann & <Co>,1.000,5.000,12,0.0000\n"
      "party.avi,unknown-1,unknown 1,1.200,2.200,5,\n"
      "party.avi,bob,\"Bob \"\"B\"\", jr.\",2.000,6.000,20,0.0000\n"
      "\"a,b.avi\",unknown-2,unknown 2,0.000,1.000,5,\n"
      "\"a,b.avi\",unknown-1,unknown 1,3600.000,3601.000,5,\n");
  expect_report (&findings, TOOL_REPORT_JSON, 0,
      "{\"file\":\"party.avi\",\"event\":\"match\",\"id\":\"ann\",\"name\":"
      "\"Ann & <Co>\",\"start\":1,\"end\":5,\"faces\":12,"
      "\"best_distance\":0}\n"
      "{\"file\":\"party.avi\",\"event\":\"unknown\",\"id\":\"unknown-1\","
      "\"name\":\"unknown 1\",\"start\":1.2,\"end\":2.2,\"faces\":5,"
      "\"best_distance\":null}\n"
      "{\"file\":\"party.avi\",\"event\":\"match\",\"id\":\"bob\",\"name\":"
      "\"Bob \\\"B\\\", jr.\",\"start\":2,\"end\":6,\"faces\":20,"
      "\"best_distance\":0}\n");
  findings_clear (&findings);
}

/* Cues do not overlap, name all who are there, and none is too short. */
static void
test_webvtt_plays_as_chapters (void)
{
  g_autoptr (GPtrArray) scans = make_party ();
  g_autoptr (FacenetGallery) gallery = make_gallery ();
  ToolSubjectRules rules;
  ToolFindings findings;

  rules_init (&rules, gallery);
  find (&findings, scans, &rules, 2000 * MS);
  expect_report (&findings, TOOL_REPORT_WEBVTT, 0,
      "WEBVTT\n"
      "\n1\n00:00:01.000 --> 00:00:02.000\nAnn &amp; &lt;Co&gt;, unknown 1\n"
      "\n2\n00:00:02.000 --> 00:00:05.000\n"
      "Ann &amp; &lt;Co&gt;, Bob \"B\", jr.\n"
      "\n3\n00:00:05.000 --> 00:00:06.000\nBob \"B\", jr.\n");
  expect_report (&findings, TOOL_REPORT_WEBVTT, 1,
      "WEBVTT\n"
      "\n1\n00:00:00.000 --> 00:00:01.000\nunknown 2\n"
      "\n2\n01:00:00.000 --> 01:00:01.000\nunknown 1\n");
  findings_clear (&findings);
}

static void
test_a_broken_video_is_a_json_line (void)
{
  g_autoptr (GPtrArray) scans = make_party ();
  ToolScan *scan = g_ptr_array_index (scans, 1);
  ToolSubjectRules rules;
  ToolFindings findings;

  rules_init (&rules, NULL);
  rules.min_quality = 0.9;
  g_set_error_literal (&scan->error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "a,b.avi: is \"broken\"");
  find (&findings, scans, &rules, 0);
  expect_report (&findings, TOOL_REPORT_JSON, TOOL_ALL_SCANS,
      "{\"file\":\"a,b.avi\",\"error\":\"a,b.avi: is \\\"broken\\\"\"}\n");
  findings_clear (&findings);
}

static guint
count_appearances (guint64 gap, guint min_faces, gdouble min_quality,
    gboolean strangers)
{
  g_autoptr (GPtrArray) scans = make_party ();
  g_autoptr (FacenetGallery) gallery = make_gallery ();
  ToolSubjectRules rules;
  ToolFindings findings;
  guint n;

  rules_init (&rules, gallery);
  rules.min_faces = min_faces;
  rules.min_quality = min_quality;
  rules.strangers = strangers;
  find (&findings, scans, &rules, gap);
  n = findings.appearances->len;
  findings_clear (&findings);
  return n;
}

static void
test_gap_and_minima_leave_out_and_join (void)
{
  g_assert_cmpuint (count_appearances (2000 * MS, 3, 0, TRUE), ==, 5);
  /* Ann is away for 1500 and then for 3000 ms. */
  g_assert_cmpuint (count_appearances (1500 * MS, 1, 0, TRUE), ==, 7);
  g_assert_cmpuint (count_appearances (1499 * MS, 1, 0, TRUE), ==, 8);
  g_assert_cmpuint (count_appearances (3000 * MS, 1, 0, TRUE), ==, 6);
  g_assert_cmpuint (count_appearances (2000 * MS, 3, 0, FALSE), ==, 2);
  g_assert_cmpuint (count_appearances (2000 * MS, 3, 0.5, TRUE), ==, 5);
  g_assert_cmpuint (count_appearances (2000 * MS, 3, 0.51, TRUE), ==, 0);
}

static void
test_strangers_are_one_when_near (void)
{
  static const guint tracks[][4] = {
    {4, 0, 1000, 5}, {5, 2000, 3000, 3}, {4, 4000, 5000, 1}
  };
  g_autoptr (GPtrArray) scans = new_scans ();
  ToolScan *scan = make_scan ("a.avi", tracks, G_N_ELEMENTS (tracks));
  ToolTrack *between = g_ptr_array_index (scan->tracks, 2);
  ToolSubjectRules rules;
  ToolFindings findings;

  g_ptr_array_add (scans, scan);
  /* Squared distance 0.59 to 4, 1 to 5. */
  between->embedding[4] = sqrtf (0.5f);
  between->embedding[5] = sqrtf (0.5f);
  rules_init (&rules, NULL);
  find (&findings, scans, &rules, 0);
  g_assert_cmpint (between->subject, ==,
      ((ToolTrack *) g_ptr_array_index (scan->tracks, 0))->subject);
  g_assert_cmpuint (findings.subjects->len, ==, 2);
  findings_clear (&findings);
}

gint
main (gint argc, gchar ** argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan/a-track-lasts-until-the-frame-without-the-face",
      test_a_track_lasts_until_the_frame_without_the_face);
  g_test_add_func ("/scan/a-track-ends-with-the-video",
      test_a_track_ends_with_the_video);
  g_test_add_func ("/scan/another-face-at-the-same-place-is-another-track",
      test_another_face_at_the_same_place_is_another_track);
  g_test_add_func ("/scan/a-cut-to-somebody-alike-is-seen",
      test_a_cut_to_somebody_alike_is_seen);
  g_test_add_func ("/scan/people-beside-each-other-are-kept-apart",
      test_people_beside_each_other_are_kept_apart);
  g_test_add_func ("/scan/every-format-says-the-same",
      test_every_format_says_the_same);
  g_test_add_func ("/scan/webvtt-plays-as-chapters",
      test_webvtt_plays_as_chapters);
  g_test_add_func ("/scan/a-broken-video-is-a-json-line",
      test_a_broken_video_is_a_json_line);
  g_test_add_func ("/scan/gap-and-minima-leave-out-and-join",
      test_gap_and_minima_leave_out_and_join);
  g_test_add_func ("/scan/strangers-are-one-when-near",
      test_strangers_are_one_when_near);
  return g_test_run ();
}
