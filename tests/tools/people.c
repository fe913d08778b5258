/* people.c - the people of a gallery file and those who write it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The fixture's pictures are no faces; with --cropped each is one all the same.
 */
#include "fixture.h"

#include <facenet/facenet.h>
#include <string.h>
#include <unistd.h>

static FacenetGallery *
load (const gchar * name)
{
  g_autofree gchar *location = tool_path (name);
  g_autoptr (GError) error = NULL;
  FacenetGallery *gallery = facenet_gallery_load (location, &error);

  g_assert_no_error (error);
  return gallery;
}

static gpointer
run_in_thread (gpointer data)
{
  return tool_run ("%s", (const gchar *) data);
}

/* Two commands that begin at the same time. */
static void
run_both (const gchar * one, const gchar * other)
{
  GThread *thread = g_thread_new ("tool", run_in_thread, (gpointer) one);
  g_autoptr (ToolRun) second = tool_run ("%s", other);
  g_autoptr (ToolRun) first = g_thread_join (thread);

  tool_run_expect (first, 0);
  tool_run_expect (second, 0);
}

static void
test_two_enrol_at_once (void)
{
  g_autoptr (FacenetGallery) gallery = NULL;
  g_autoptr (FacenetGallery) more = NULL;

  for (guint i = 0; i < 4; i++) {
    g_autofree gchar *a = g_strdup_printf ("a/%u.png", i);
    g_autofree gchar *b = g_strdup_printf ("b/%u.png", i);

    tool_write_picture (a, 100 + i, 1);
    tool_write_picture (b, 200 + i, 1);
  }
  run_both ("enrol -c -g @/both.json -n Ann @/a",
      "enrol -c -g @/both.json -n Ben @/b");
  gallery = load ("both.json");
  g_assert_cmpuint (facenet_gallery_get_n_identities (gallery), ==, 2);
  g_assert_cmpuint (facenet_gallery_get_n_embeddings (gallery), ==, 8);

  tool_write_picture ("c.png", 300, 1);
  run_both ("enrol -c -g @/both.json -n Cat @/c.png",
      "calibrate -g @/both.json --write");
  more = load ("both.json");
  g_assert_cmpuint (facenet_gallery_get_n_identities (more), ==, 3);
  g_assert_cmpfloat (facenet_gallery_get_threshold (more), !=,
      facenet_gallery_get_threshold (gallery));
}

/* Before the first picture is read, not behind the last. */
static void
test_says_first_what_cannot_be_written (void)
{
  g_autoptr (ToolRun) run = NULL;

  tool_write ("nothing.png", "no picture", 10);
  run = tool_run ("enrol -c -g @/no/such/folder.json -n Ann @/nothing.png");
  tool_run_expect (run, 2);
  tool_run_expect_error (run, "@/no/such/folder.json: cannot be written");
  g_assert_null (strstr (run->err, "skipped"));
}

static void
run (gint status, const gchar * arguments, const gchar * said)
{
  g_autoptr (ToolRun) run = tool_run ("%s", arguments);

  tool_run_expect (run, status);
  if (status == 0)
    g_assert_nonnull (strstr (run->out, said));
  else
    tool_run_expect_error (run, said);
}

/* Ann with a.png, Ben with b.png, Cat with c.png. */
static void
write_gallery (const gchar * name)
{
  static const gchar *const people[] = { "Ann_Smith", "Ben", "Cat" };

  for (guint i = 0; i < G_N_ELEMENTS (people); i++) {
    g_autofree gchar *file = g_strdup_printf ("three/%s/1.png", people[i]);
    g_autoptr (ToolRun) enrol = NULL;

    tool_write_picture (file, 400 + i, 1);
    if (i + 1 < G_N_ELEMENTS (people))
      continue;
    enrol = tool_run ("enrol -c -g @/%s @/three", name);
    tool_run_expect (enrol, 0);
  }
}

static void
test_gallery_lists_and_shows (void)
{
  g_autoptr (ToolRun) list = NULL;
  g_autoptr (ToolRun) json = NULL;
  g_autoptr (JsonObject) person = NULL;
  JsonObject *details;

  write_gallery ("g1.json");
  list = tool_run ("gallery list @/g1.json");
  tool_run_expect (list, 0);
  g_assert_cmpstr (list->out, ==,
      "ann-smith\t1\tAnn Smith\nben\t1\tBen\ncat\t1\tCat\n");
  json = tool_run ("gallery show --json @/g1.json Ann_Smith");
  tool_run_expect (json, 0);
  person = tool_run_get_json (json, 0);
  g_assert_cmpstr (json_object_get_string_member (person, "id"), ==,
      "ann-smith");
  details = json_object_get_object_member (person, "details");
  details = json_array_get_object_element (json_object_get_array_member
      (details, "embeddings"), 0);
  g_assert_cmpstr (json_object_get_string_member (details, "source"), ==,
      "1.png");
  g_assert_false (json_object_has_member (details, "vector"));
  run (1, "gallery show @/g1.json Zoe", "there is no \"Zoe\" in it");
}

static void
test_gallery_changes_people (void)
{
  g_autoptr (FacenetGallery) gallery = NULL;

  write_gallery ("g2.json");
  run (0, "gallery rename @/g2.json ben Benno --id b1", "3 people");
  run (0, "gallery merge @/g2.json ann_smith Cat", "2 people, 3 embeddings");
  gallery = load ("g2.json");
  g_assert_cmpstr (facenet_gallery_get_identity (gallery, 1)->id, ==, "b1");
  g_assert_cmpstr (facenet_gallery_get_identity (gallery, 1)->name, ==,
      "Benno");
  g_assert_cmpuint (facenet_gallery_get_identity (gallery, 0)->n_embeddings,
      ==, 2);
  run (0, "gallery remove @/g2.json BENNO ann-smith", "0 people, 0 embed");
}

static void
test_gallery_refuses (void)
{
  g_autofree gchar *before = NULL;
  g_autofree gchar *after = NULL;

  write_gallery ("g3.json");
  before = tool_read ("g3.json", NULL);
  run (1, "gallery remove @/g3.json ann-smith zoe", "no \"zoe\"");
  run (2, "gallery rename @/g3.json ben Ben --id cat", "another person");
  run (2, "gallery merge @/g3.json ben ben", "itself");
  run (2, "gallery merge @/g3.json ben", "other arguments");
  run (2, "gallery list @/g3.json --id x", "takes no --id");
  run (2, "gallery forget @/g3.json ben", "expected list");
  run (2, "gallery list @/none.json", "none.json");
  after = tool_read ("g3.json", NULL);
  g_assert_cmpstr (after, ==, before);
}

static void
test_accents_are_one_person (void)
{
  g_autoptr (FacenetGallery) gallery = NULL;

  tool_write_picture ("j1.png", 501, 1);
  tool_write_picture ("j2.png", 502, 1);
  run (0, "enrol -c -g @/jose.json -n Jos\303\251 @/j1.png", "1 enrolled");
  run (0, "enrol -c -g @/jose.json -n Jose\314\201 @/j2.png", "1 people");
  gallery = load ("jose.json");
  g_assert_cmpuint (facenet_gallery_get_n_identities (gallery), ==, 1);
  run (0, "gallery show @/jose.json JOSE\314\201", "jos\303\251");
}

/* Both would have the id kim-a. */
static void
test_namesakes_are_two_people (void)
{
  g_autoptr (ToolRun) enrol = NULL;
  g_autoptr (FacenetGallery) gallery = NULL;

  tool_write_picture ("kim/Kim_(A)/1.png", 601, 1);
  tool_write_picture ("kim/Kim_A/1.png", 602, 1);
  tool_write_picture ("kim/kim_a/2.png", 603, 1);
  enrol = tool_run ("enrol -c -g @/kim.json @/kim");
  tool_run_expect (enrol, 0);
  tool_run_expect_error (enrol, "a new person, kim-a-2: \"Kim (A)\" is kim-a");
  gallery = load ("kim.json");
  g_assert_cmpuint (facenet_gallery_get_n_identities (gallery), ==, 2);
  g_assert_cmpint (facenet_gallery_find (gallery, "kim-a-2"), ==, 1);
  g_assert_cmpuint (facenet_gallery_get_identity (gallery, 1)->n_embeddings,
      ==, 2);
}

/* Neither on stdout nor on stderr, whatever a folder is called. */
static void
test_terminal_obeys_no_name (void)
{
  static const gchar *const lines[] = {
    "enrol -c -g @/evil.json @/evil", "gallery list @/evil.json",
    "gallery show @/evil.json Eve\033[31m\007\302\233m",
    "lint @/evil.json", "identify -c -g @/evil.json @/evil",
    "identify -c --json -g @/evil.json @/evil", "embed -c @/evil",
    "gallery list --json @/evil.json", "convert @/evil.json @/e\033.st",
    "identify -c -g @/none.json @/Eve\033[31m", "\033[31m",
  };

  tool_write_picture ("evil/Eve\033[31m\007\302\233m/1\033.png", 701, 1);
  tool_write ("evil/Eve\033[31m\007\302\233m/no\nnews.png", "x", 1);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (ToolRun) all = tool_run ("%s", lines[i]);
    const gchar *texts[] = { all->out, all->err };

    for (guint k = 0; k < G_N_ELEMENTS (texts); k++) {
      g_assert_null (strchr (texts[k], '\033'));
      g_assert_null (strchr (texts[k], '\007'));
      g_assert_null (strstr (texts[k], "\302\233"));
      g_assert_null (strstr (texts[k], "no\nnews"));
    }
  }
}

static void
test_byte_order_mark_is_skipped (void)
{
  g_autofree gchar *text = NULL;
  g_autofree gchar *marked = NULL;

  write_gallery ("g4.json");
  text = tool_read ("g4.json", NULL);
  marked = g_strconcat ("\357\273\277", text, NULL);
  tool_write ("g5.json", marked, strlen (marked));
  run (0, "gallery list @/g5.json", "ann-smith");
  run (0, "convert @/g5.json @/g5.st", "3 identities");
}

/* Every picture once, whatever links lead to it. */
static void
test_links_are_followed_once (void)
{
  static const gchar *const links[][2] = {
    {".", "loop/Ann/x"}, {".", "loop/Ann/y"}, {"..", "loop/Ann/up"},
    {".", "loop/again"}, {"Ann", "loop/Aaron"}, {"1.png", "loop/Ann/0.png"},
  };
  g_autoptr (ToolRun) embed = NULL;
  g_autoptr (ToolRun) enrol = NULL;
  g_autoptr (FacenetGallery) gallery = NULL;

  tool_write_picture ("loop/Ann/1.png", 801, 1);
  tool_write_picture ("loop/Ben/2.png", 802, 1);
  for (guint i = 0; i < G_N_ELEMENTS (links); i++) {
    g_autofree gchar *path = tool_path (links[i][1]);

    g_assert_cmpint (symlink (links[i][0], path), ==, 0);
  }
  embed = tool_run ("embed -c --json @/loop");
  tool_run_expect (embed, 0);
  g_assert_cmpuint (tool_run_count_lines (embed), ==, 2);
  tool_run_expect_error (embed, "6 links to what is read already");
  enrol = tool_run ("enrol -c -g @/loop.json @/loop");
  tool_run_expect (enrol, 0);
  gallery = load ("loop.json");
  g_assert_cmpuint (facenet_gallery_get_n_identities (gallery), ==, 2);
  g_assert_cmpint (facenet_gallery_find (gallery, "ann"), ==, 0);
  g_assert_cmpuint (facenet_gallery_get_n_embeddings (gallery), ==, 2);
}

static void
test_leavings_are_nobody (void)
{
  static const gchar *const files[] = {
    "nas/@eaDir/T.png", "nas/Ann/@eaDir/1.png/T.png", "nas/#recycle/Bob/1.png",
    "nas/__MACOSX/Ann/._1.png", "nas/lost+found/1.png", "nas/.thumbs/1.png",
    "nas/Ann/Thumbs.db", "nas/Ann/.DS_Store",
  };
  g_autoptr (ToolRun) enrol = NULL;
  g_autoptr (FacenetGallery) gallery = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    if (g_str_has_suffix (files[i], ".png"))
      tool_write_picture (files[i], 900 + i, 1);
    else
      tool_write (files[i], "x", 1);
  }
  tool_write_picture ("nas/Ann/1.png", 900, 1);
  enrol = tool_run ("enrol -c -g @/nas.json @/nas");
  tool_run_expect (enrol, 0);
  tool_run_expect_error (enrol, "8 hidden files and leavings");
  g_assert_null (strstr (enrol->err, "skipped"));
  gallery = load ("nas.json");
  g_assert_cmpuint (facenet_gallery_get_n_identities (gallery), ==, 1);
  g_assert_cmpuint (facenet_gallery_get_n_embeddings (gallery), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tool/people/two-enrol-at-once", test_two_enrol_at_once);
  g_test_add_func ("/tool/people/says-first-what-cannot-be-written",
      test_says_first_what_cannot_be_written);
  g_test_add_func ("/tool/people/gallery-lists-and-shows",
      test_gallery_lists_and_shows);
  g_test_add_func ("/tool/people/gallery-changes-people",
      test_gallery_changes_people);
  g_test_add_func ("/tool/people/gallery-refuses", test_gallery_refuses);
  g_test_add_func ("/tool/people/accents-are-one-person",
      test_accents_are_one_person);
  g_test_add_func ("/tool/people/namesakes-are-two-people",
      test_namesakes_are_two_people);
  g_test_add_func ("/tool/people/terminal-obeys-no-name",
      test_terminal_obeys_no_name);
  g_test_add_func ("/tool/people/byte-order-mark-is-skipped",
      test_byte_order_mark_is_skipped);
  g_test_add_func ("/tool/people/links-are-followed-once",
      test_links_are_followed_once);
  g_test_add_func ("/tool/people/leavings-are-nobody",
      test_leavings_are_nobody);
  return tool_test_main ();
}
