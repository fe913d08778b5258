/* people.c - the people of a gallery file and those who write it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The fixture's pictures are no faces; with --cropped each is one all the same.
 */
#include "fixture.h"

#include <facenet/facenet.h>
#include <string.h>

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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tool/people/two-enrol-at-once", test_two_enrol_at_once);
  g_test_add_func ("/tool/people/says-first-what-cannot-be-written",
      test_says_first_what_cannot_be_written);
  return tool_test_main ();
}
