/* gallery.c - enrol, identify and verify, on pictures that are faces
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The fixture's pictures are no faces, so the recommended thresholds mean
 * nothing to them: what matters is that a picture is at distance 0 from itself
 * and farther from every other.
 */
#include "fixture.h"

#include <facenet/facenet.h>
#include <math.h>
#include <string.h>

/* Below the distance of any two of the pictures. */
#define NEAR "0.001"

/* Two people, one with two pictures, and two files that are no pictures of
 * anybody. */
static void
write_people (void)
{
  tool_write_picture ("people/Ann_Smith/1.png", 11, 1);
  tool_write_picture ("people/Ann_Smith/2.png", 12, 1);
  tool_write_picture ("people/bob/1.png", 21, 1);
  tool_write ("people/bob/notes.txt", "Bob is new here.\n", 17);
  tool_write ("people/index.html", "<html></html>\n", 14);
}

static void
enrol_people (const gchar * gallery)
{
  g_autoptr (ToolRun) run = NULL;

  write_people ();
  run = tool_run ("enrol --cropped --gallery @/%s @/people", gallery);
  tool_run_expect (run, 0);
}

/* The first face of the object on line index. */
static JsonObject *
get_face (const ToolRun * run, guint index)
{
  g_autoptr (JsonObject) object = tool_run_get_json (run, index);
  JsonArray *faces = json_object_get_array_member (object, "faces");

  g_assert_cmpuint (json_array_get_length (faces), ==, 1);
  return json_object_ref (json_array_get_object_element (faces, 0));
}

static void
test_enrol_takes_a_folder_per_person (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (JsonObject) result = NULL;
  g_autoptr (FacenetGallery) gallery = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *location = tool_path ("folders.json");
  FacenetGalleryModel model;
  JsonArray *skipped;

  write_people ();
  run = tool_run ("enrol --cropped --json --gallery @/folders.json @/people");
  tool_run_expect (run, 0);
  result = tool_run_get_json (run, 0);
  g_assert_cmpint (json_object_get_int_member (result, "enrolled"), ==, 3);
  skipped = json_object_get_array_member (result, "skipped");
  g_assert_cmpuint (json_array_get_length (skipped), ==, 2);
  tool_run_expect_error (run, "@/people/index.html: skipped: is in no");
  tool_run_expect_error (run, "@/people/bob/notes.txt: skipped: ");

  gallery = facenet_gallery_load (location, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (facenet_gallery_get_n_identities (gallery), ==, 2);
  g_assert_cmpstr (facenet_gallery_get_identity (gallery, 0)->id, ==,
      "ann-smith");
  g_assert_cmpstr (facenet_gallery_get_identity (gallery, 0)->name, ==,
      "Ann Smith");
  g_assert_cmpuint (facenet_gallery_get_identity (gallery, 0)->n_embeddings,
      ==, 2);
  g_assert_cmpstr (facenet_gallery_get_identity (gallery, 1)->id, ==, "bob");
  g_assert_cmpfloat (facenet_gallery_get_threshold (gallery), >, 0);
  facenet_gallery_get_model (gallery, &model);
  g_assert_cmpuint (strlen (model.id), ==, 64);
  g_assert_cmpuint (model.n_dims, ==, 128);
}

static void
test_enrolling_again_changes_nothing (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autofree gchar *before = NULL;
  g_autofree gchar *after = NULL;
  gsize before_size, after_size;

  enrol_people ("again.json");
  before = tool_read ("again.json", &before_size);
  run = tool_run ("enrol --cropped --json --gallery @/again.json @/people");
  tool_run_expect (run, 1);
  tool_run_expect_error (run, "1.png: skipped: is enrolled already");
  after = tool_read ("again.json", &after_size);
  g_assert_cmpmem (before, before_size, after, after_size);
}

static void
test_enrol_adds_to_a_person_by_name (void)
{
  g_autoptr (ToolRun) first = NULL;
  g_autoptr (ToolRun) second = NULL;
  g_autoptr (ToolRun) third = NULL;
  g_autoptr (FacenetGallery) gallery = NULL;
  g_autofree gchar *location = tool_path ("names.json");

  enrol_people ("names.json");
  tool_write_picture ("ann3.png", 13, 1);
  tool_write_picture ("zoe.png", 31, 1);
  tool_write_picture ("more/zoe2.png", 32, 1);
  first = tool_run ("enrol -c -g @/names.json --name Ann_Smith @/ann3.png");
  second = tool_run ("enrol -c -g @/names.json -n Zoe --id z1 @/zoe.png "
      "@/more");
  third = tool_run ("enrol -c -g @/names.json -n Zoe --id z1 @/none.png");
  tool_run_expect (first, 0);
  tool_run_expect (second, 0);
  tool_run_expect (third, 1);

  gallery = facenet_gallery_load (location, NULL);
  g_assert_cmpuint (facenet_gallery_get_n_identities (gallery), ==, 3);
  g_assert_cmpuint (facenet_gallery_get_identity (gallery, 0)->n_embeddings,
      ==, 3);
  g_assert_cmpstr (facenet_gallery_get_identity (gallery, 2)->id, ==, "z1");
  g_assert_cmpstr (facenet_gallery_get_identity (gallery, 2)->name, ==, "Zoe");
  g_assert_cmpuint (facenet_gallery_get_identity (gallery, 2)->n_embeddings,
      ==, 2);
}

/* A person keeps the id, and with it what the gallery says of them. */
static void
test_enrol_finds_a_person_of_another_id (void)
{
  g_autoptr (ToolRun) own = NULL;
  g_autoptr (ToolRun) named = NULL;
  g_autoptr (ToolRun) folder = NULL;
  g_autoptr (FacenetGallery) gallery = NULL;
  g_autofree gchar *location = tool_path ("ids.json");

  tool_write_picture ("simm1.png", 51, 1);
  tool_write_picture ("simm2.png", 52, 1);
  tool_write_picture ("staff/John_Simm/3.png", 53, 1);
  own = tool_run ("enrol -c -g @/ids.json -n %s --id emp-1042 @/simm1.png",
      "John_Simm");
  tool_run_expect (own, 0);
  named = tool_run ("enrol -c -g @/ids.json -n %s @/simm2.png", "john_simm");
  tool_run_expect (named, 0);
  folder = tool_run ("enrol -c -g @/ids.json @/staff");
  tool_run_expect (folder, 0);
  gallery = facenet_gallery_load (location, NULL);
  g_assert_cmpuint (facenet_gallery_get_n_identities (gallery), ==, 1);
  g_assert_cmpstr (facenet_gallery_get_identity (gallery, 0)->id, ==,
      "emp-1042");
  g_assert_cmpuint (facenet_gallery_get_identity (gallery, 0)->n_embeddings,
      ==, 3);
}

static void
test_a_name_is_kept_in_any_locale (void)
{
  static const gchar name[] = "Zo\xc3\xab_\xe6\x9d\x8e";
  g_autofree gchar *before = g_strdup (g_getenv ("LC_ALL"));
  g_autofree gchar *location = tool_path ("locale.json");
  g_autoptr (FacenetGallery) gallery = NULL;
  g_autoptr (ToolRun) run = NULL;

  tool_write_picture ("zoe.png", 31, 1);
  g_setenv ("LC_ALL", "C", TRUE);
  run = tool_run ("enrol -c -g @/locale.json --name %s @/zoe.png", name);
  if (before)
    g_setenv ("LC_ALL", before, TRUE);
  else
    g_unsetenv ("LC_ALL");
  tool_run_expect (run, 0);
  gallery = facenet_gallery_load (location, NULL);
  g_assert_cmpstr (facenet_gallery_get_identity (gallery, 0)->name, ==, name);
  g_assert_cmpstr (facenet_gallery_get_identity (gallery, 0)->id, ==,
      "zo\xc3\xab-\xe6\x9d\x8e");
}

/* The arguments fail, say why, and leave the gallery file as it is. */
static void
expect_refused (const gchar * arguments, const gchar * gallery,
    const gchar * said)
{
  gsize before_size, after_size;
  g_autofree gchar *before = tool_read (gallery, &before_size);
  g_autofree gchar *after = NULL;
  g_autoptr (ToolRun) run = tool_run ("%s -c -g @/%s", arguments, gallery);

  tool_run_expect (run, 2);
  tool_run_expect_error (run, said);
  after = tool_read (gallery, &after_size);
  g_assert_cmpmem (before, before_size, after, after_size);
}

static void
test_a_gallery_of_another_model_is_refused (void)
{
  g_autofree gchar *text = NULL;
  gchar *id;
  gsize size;

  enrol_people ("other.json");
  text = tool_read ("other.json", &size);
  id = strstr (text, "\"model\"");
  g_assert_nonnull (id);
  id = strstr (id, "\"id\"");
  g_assert_nonnull (id);
  id = strchr (id + 4, '"');
  memcpy (id + 1, "0123456789abcdef", 16);
  tool_write ("other.json", text, size);

  expect_refused ("enrol @/people", "other.json", "@/other.json: ");
  expect_refused ("identify @/people/bob/1.png", "other.json",
      "0123456789abcdef");
}

static void
test_a_broken_gallery_is_refused (void)
{
  g_autofree gchar *text = NULL;
  gsize size;

  enrol_people ("cut.json");
  text = tool_read ("cut.json", &size);
  tool_write ("cut.json", text, size / 2);
  expect_refused ("enrol @/people", "cut.json", "cut.json");
  expect_refused ("identify @/people/bob/1.png", "cut.json", "cut.json");
}

static void
test_paths_that_cannot_be_used_are_named (void)
{
  g_autoptr (ToolRun) flat = NULL;
  g_autoptr (ToolRun) missing = NULL;
  g_autoptr (ToolRun) nowhere = NULL;
  g_autoptr (ToolRun) no_gallery = NULL;

  write_people ();
  flat = tool_run ("enrol -c -g @/g.json @/people/Ann_Smith");
  tool_run_expect (flat, 2);
  tool_run_expect_error (flat, "@/people/Ann_Smith: has no folder per person");
  missing = tool_run ("enrol -c -g @/g.json @/nobody");
  tool_run_expect (missing, 2);
  tool_run_expect_error (missing, "@/nobody: ");
  nowhere = tool_run ("enrol -c -g @/no/where/g.json @/people");
  tool_run_expect (nowhere, 2);
  tool_run_expect_error (nowhere, "@/no/where");
  no_gallery = tool_run ("identify -c -g @/g.json @/people");
  tool_run_expect (no_gallery, 2);
  tool_run_expect_error (no_gallery, "g.json");
}

static void
test_identify_finds_whom_it_knows (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (JsonObject) bob = NULL;
  g_autoptr (JsonObject) stranger = NULL;
  JsonArray *candidates;

  enrol_people ("known.json");
  tool_write_picture ("stranger.png", 41, 1);
  run = tool_run ("identify --cropped --json -g @/known.json --threshold "
      NEAR " --top-k 5 @/people/bob/1.png @/stranger.png @/none.png");
  tool_run_expect (run, 0);
  g_assert_cmpuint (tool_run_count_lines (run), ==, 3);
  tool_run_expect_error (run, "@/none.png: ");

  bob = get_face (run, 0);
  g_assert_cmpstr (json_object_get_string_member (bob, "event"), ==, "match");
  g_assert_cmpfloat (json_object_get_double_member (bob, "quality"), >, 0);
  g_assert_cmpstr (json_object_get_string_member (bob, "id"), ==, "bob");
  g_assert_cmpfloat (json_object_get_double_member (bob, "distance"), <, 1e-6);
  candidates = json_object_get_array_member (bob, "candidates");
  g_assert_cmpuint (json_array_get_length (candidates), ==, 2);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member
      (json_array_get_object_element (candidates, 1), "distance")
      - json_object_get_double_member (bob, "distance"),
      json_object_get_double_member (bob, "margin"), 1e-6);

  stranger = get_face (run, 1);
  g_assert_cmpstr (json_object_get_string_member (stranger, "event"), ==,
      "unknown");
  g_assert_cmpfloat (json_object_get_double_member (stranger, "distance"), >,
      0.001);
}

static void
test_identify_without_a_match_says_no (void)
{
  g_autoptr (ToolRun) stranger = NULL;
  g_autoptr (ToolRun) zero = NULL;
  g_autoptr (ToolRun) ambiguous = NULL;
  g_autoptr (JsonObject) face = NULL;

  enrol_people ("strict.json");
  tool_write_picture ("stranger.png", 41, 1);
  stranger = tool_run ("identify -c -g @/strict.json --threshold " NEAR
      " @/stranger.png");
  tool_run_expect (stranger, 1);
  g_assert_nonnull (strstr (stranger->out, "unknown, nearest is "));

  /* 0 is a threshold like any other, not the default. */
  zero = tool_run ("identify -c -g @/strict.json --threshold 0 @/stranger.png");
  tool_run_expect (zero, 1);

  ambiguous = tool_run ("identify -c -j -g @/strict.json --margin 3.9 "
      "@/people/bob/1.png");
  tool_run_expect (ambiguous, 1);
  face = get_face (ambiguous, 0);
  g_assert_cmpstr (json_object_get_string_member (face, "event"), ==,
      "uncertain");
  g_assert_cmpstr (json_object_get_string_member (face, "reason"), ==,
      "ambiguous");
}

/* Adds members to the person of that id in a gallery file. */
static void
add_members (const gchar * gallery, const gchar * id, const gchar * members)
{
  gsize size;
  g_autofree gchar *before = tool_read (gallery, &size);
  g_autoptr (GString) text = g_string_new (before);
  g_autofree gchar *member = g_strdup_printf ("\"id\": \"%s\",", id);
  g_autofree gchar *more = g_strconcat (member, members, ",", NULL);

  g_assert_cmpuint (g_string_replace (text, member, more, 1), ==, 1);
  tool_write (gallery, text->str, text->len);
}

static void
test_identify_rejects_whom_it_no_longer_accepts (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (ToolRun) valid = NULL;
  g_autoptr (JsonObject) face = NULL;

  enrol_people ("rules.json");
  add_members ("rules.json", "bob",
      "\"valid-until\": \"2001-01-01T00:00:00Z\"");
  run = tool_run ("identify -c -j -g @/rules.json @/people/bob/1.png");
  tool_run_expect (run, 1);
  face = get_face (run, 0);
  g_assert_cmpstr (json_object_get_string_member (face, "event"), ==, "reject");
  g_assert_cmpstr (json_object_get_string_member (face, "reason"), ==,
      "expired");
  g_assert_cmpstr (json_object_get_string_member (face, "id"), ==, "bob");

  enrol_people ("later.json");
  add_members ("later.json", "bob",
      "\"valid-until\": \"9001-01-01T00:00:00Z\"");
  valid = tool_run ("identify -c -g @/later.json @/people/bob/1.png");
  tool_run_expect (valid, 0);
}

/* It is what the face is nearest to, but nothing is said of it. */
static void
test_identify_says_nothing_of_a_decoy (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (ToolRun) text = NULL;
  g_autoptr (ToolRun) other = NULL;
  g_autoptr (JsonObject) face = NULL;
  JsonArray *candidates;

  enrol_people ("decoy.json");
  add_members ("decoy.json", "bob", "\"decoy\": true");
  run = tool_run ("identify -c -j -k 5 -g @/decoy.json @/people/bob/1.png");
  tool_run_expect (run, 1);
  face = get_face (run, 0);
  g_assert_cmpstr (json_object_get_string_member (face, "event"), ==, "reject");
  g_assert_cmpstr (json_object_get_string_member (face, "reason"), ==, "decoy");
  g_assert_true (json_object_get_null_member (face, "id"));
  g_assert_true (json_object_get_null_member (face, "distance"));
  candidates = json_object_get_array_member (face, "candidates");
  g_assert_cmpuint (json_array_get_length (candidates), ==, 1);
  g_assert_cmpstr (json_object_get_string_member
      (json_array_get_object_element (candidates, 0), "id"), ==, "ann-smith");

  text = tool_run ("identify -c -g @/decoy.json @/people/bob/1.png");
  tool_run_expect (text, 1);
  g_assert_nonnull (strstr (text->out, "reject, decoy"));
  g_assert_null (strstr (text->out, "(bob)"));

  other = tool_run ("identify -c -k 5 -g @/decoy.json "
      "@/people/Ann_Smith/1.png");
  tool_run_expect (other, 0);
  g_assert_null (strstr (other->out, "(bob)"));
}

static void
test_verify_compares_two_images (void)
{
  g_autoptr (ToolRun) same = NULL;
  g_autoptr (ToolRun) different = NULL;
  g_autoptr (ToolRun) l2 = NULL;
  g_autoptr (ToolRun) text = NULL;
  g_autoptr (JsonObject) a = NULL;
  g_autoptr (JsonObject) b = NULL;
  g_autoptr (JsonObject) c = NULL;

  tool_write_picture ("a.png", 51, 1);
  tool_write_picture ("b.png", 52, 1);
  same = tool_run ("verify --cropped --json @/a.png @/a.png");
  tool_run_expect (same, 0);
  a = tool_run_get_json (same, 0);
  g_assert_cmpfloat (json_object_get_double_member (a, "distance"), <, 1e-6);
  g_assert_true (json_object_get_boolean_member (a, "same"));

  different = tool_run ("verify --cropped --json --threshold " NEAR
      " @/a.png @/b.png");
  tool_run_expect (different, 1);
  b = tool_run_get_json (different, 0);
  g_assert_false (json_object_get_boolean_member (b, "same"));
  g_assert_cmpfloat (json_object_get_double_member (b, "threshold"), ==, 0.001);

  l2 = tool_run ("verify --cropped --json --metric l2 @/a.png @/b.png");
  c = tool_run_get_json (l2, 0);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (c,
          "distance"), sqrt (json_object_get_double_member (b, "distance")),
      1e-6);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (c,
          "threshold"), sqrt (json_object_get_double_member (a, "threshold")),
      1e-6);

  text = tool_run ("verify --cropped @/a.png @/a.png");
  tool_run_expect (text, 0);
  g_assert_true (g_str_has_prefix (text->out, "same person: distance 0.0000"));
}

static void
test_verify_takes_the_models_threshold_for_two_faces (void)
{
  g_autoptr (ToolRun) info = tool_run ("info --json");
  g_autoptr (JsonObject) model = tool_run_get_json (info, 0);
  JsonObject *metadata = json_object_get_object_member (model, "metadata");
  const gchar *key = json_object_has_member (metadata,
      "threshold-verification") ? "threshold-verification" : "threshold";
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (JsonObject) result = NULL;

  tool_write_picture ("a.png", 51, 1);
  run = tool_run ("verify --cropped --json @/a.png @/a.png");
  result = tool_run_get_json (run, 0);
  g_assert_cmpfloat (json_object_get_double_member (result, "threshold"), ==,
      g_ascii_strtod (json_object_get_string_member (metadata, key), NULL));
}

gint
main (gint argc, gchar ** argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tool/enrol/finds-a-person-of-another-id",
      test_enrol_finds_a_person_of_another_id);
  g_test_add_func ("/tool/enrol/takes-a-folder-per-person",
      test_enrol_takes_a_folder_per_person);
  g_test_add_func ("/tool/enrol/again-changes-nothing",
      test_enrolling_again_changes_nothing);
  g_test_add_func ("/tool/enrol/adds-to-a-person-by-name",
      test_enrol_adds_to_a_person_by_name);
  g_test_add_func ("/tool/enrol/keeps-a-name-in-any-locale",
      test_a_name_is_kept_in_any_locale);
  g_test_add_func ("/tool/gallery/of-another-model-is-refused",
      test_a_gallery_of_another_model_is_refused);
  g_test_add_func ("/tool/gallery/broken-is-refused",
      test_a_broken_gallery_is_refused);
  g_test_add_func ("/tool/gallery/paths-that-cannot-be-used-are-named",
      test_paths_that_cannot_be_used_are_named);
  g_test_add_func ("/tool/identify/finds-whom-it-knows",
      test_identify_finds_whom_it_knows);
  g_test_add_func ("/tool/identify/without-a-match-says-no",
      test_identify_without_a_match_says_no);
  g_test_add_func ("/tool/identify/rejects-whom-it-no-longer-accepts",
      test_identify_rejects_whom_it_no_longer_accepts);
  g_test_add_func ("/tool/identify/says-nothing-of-a-decoy",
      test_identify_says_nothing_of_a_decoy);
  g_test_add_func ("/tool/verify/compares-two-images",
      test_verify_compares_two_images);
  g_test_add_func ("/tool/verify/takes-the-models-threshold",
      test_verify_takes_the_models_threshold_for_two_faces);
  return tool_test_main ();
}
