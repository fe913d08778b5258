/* scan.c - facenet scan on small films of real people
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The films show photographs, one second each, on black. Without them, or
 * without AVI files, only what needs no film is tested.
 */
#include "../example-photos.h"
#include "fixture.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>
#include <sys/stat.h>

#define FPS 10
#define FRAMES_PER_PHOTO 10
#define N_ENROLLED 5
/* Photographs of each person behind those that are enrolled. */
#define SIMM "John_Simm"
#define SAVAGE "John_Savage"
#define STRANGER "John_Schneider"

static gchar *photos;           /* a folder per person */
static gboolean ready;          /* there are films and a gallery */

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar * const *) a, *(const gchar * const *) b);
}

/* Photograph number index of a person; (transfer full). */
static gchar *
find_photo (const gchar * person, guint index)
{
  g_autofree gchar *folder = g_build_filename (photos, person, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const gchar *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  g_assert_cmpuint (index, <, names->len);
  return g_build_filename (folder, names->pdata[index], NULL);
}

static void
copy_photo (const gchar * person, guint index, const gchar * name)
{
  g_autofree gchar *path = find_photo (person, index);
  g_autofree gchar *data = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  tool_write (name, data, size);
}

/* One shot of a film. */
typedef struct
{
  const gchar *person;
  guint photo;
} Shot;

/* Makes a film; behind the decoder of the photographs comes mux, from 320x240
 * pixels to the file's format. */
static void
make_film (const gchar * name, const Shot * shots, guint n_shots,
    const gchar * mux)
{
  g_autofree gchar *path = tool_path (name);
  g_autofree gchar *frames = g_strconcat (path, ".frames", NULL);
  g_autofree gchar *text =
      g_strdup_printf ("multifilesrc location=%s/%%04d.jpg "
      "caps=image/jpeg,framerate=%d/1 ! jpegdec ! videobox left=-85 right=-85 "
      "top=-45 bottom=-45 ! %s ! filesink location=%s", frames, FPS, mux, path);

  for (guint i = 0; i < n_shots * FRAMES_PER_PHOTO; i++) {
    g_autofree gchar *frame = g_strdup_printf ("%s.frames/%04u.jpg", name, i);
    const Shot *shot = &shots[i / FRAMES_PER_PHOTO];

    copy_photo (shot->person, shot->photo, frame);
  }
  tool_run_pipeline (text);
}

#define AVI "videoconvert ! jpegenc quality=90 ! avimux"

static void
make_films (void)
{
  static const Shot first[] = {
    {SIMM, 6}, {SIMM, 7}, {STRANGER, 6}, {SAVAGE, 7}
  };
  static const Shot second[] = { {STRANGER, 7}, {SIMM, 8} };
  g_autoptr (ToolRun) enrol = NULL;

  if (photos == NULL || gst_element_factory_find ("avimux") == NULL)
    return;
  for (guint i = 0; i < N_ENROLLED; i++) {
    g_autofree gchar *simm = g_strdup_printf ("people/" SIMM "/%u.jpg", i);
    g_autofree gchar *savage = g_strdup_printf ("people/" SAVAGE "/%u.jpg", i);

    copy_photo (SIMM, i, simm);
    copy_photo (SAVAGE, i, savage);
  }
  make_film ("one.avi", first, G_N_ELEMENTS (first), AVI);
  make_film ("two.avi", second, G_N_ELEMENTS (second), AVI);
  enrol = tool_run ("enrol -g @/people.json @/people");
  tool_run_expect (enrol, 0);
  ready = TRUE;
}

static gboolean
is_ready (void)
{
  if (!ready)
    g_test_skip ("photographs or AVI files are missing");
  return ready;
}

/* Line index is that appearance, its times right within a frame looked at. */
static void
expect_appearance (const ToolRun * run, guint index, const gchar * file,
    const gchar * id, gdouble start, gdouble end)
{
  g_autoptr (JsonObject) object = tool_run_get_json (run, index);
  g_autofree gchar *name =
      g_path_get_basename (json_object_get_string_member (object, "file"));
  gboolean known = !g_str_has_prefix (id, "unknown");

  g_assert_cmpstr (name, ==, file);
  g_assert_cmpstr (json_object_get_string_member (object, "id"), ==, id);
  g_assert_cmpstr (json_object_get_string_member (object, "event"), ==,
      known ? "match" : "unknown");
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (object,
          "start"), start, 0.21);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (object,
          "end"), end, 0.21);
  g_assert_cmpint (json_object_get_int_member (object, "faces"), >=, 4);
  g_assert_true (json_object_get_null_member (object, "best_distance")
      != known);
  if (known)
    g_assert_cmpfloat (json_object_get_double_member (object,
            "best_distance"), <, 0.7);
}

static void
expect_both_films (const ToolRun * run)
{
  g_assert_cmpuint (tool_run_count_lines (run), ==, 5);
  expect_appearance (run, 0, "one.avi", "john-simm", 0, 2);
  expect_appearance (run, 1, "one.avi", "unknown-1", 2, 3);
  expect_appearance (run, 2, "one.avi", "john-savage", 3, 4);
  expect_appearance (run, 3, "two.avi", "unknown-1", 0, 1);
  expect_appearance (run, 4, "two.avi", "john-simm", 1, 2);
}

static void
test_who_is_seen_and_when (void)
{
  g_autoptr (ToolRun) run = NULL;

  if (!is_ready ())
    return;
  run = tool_run ("scan --json -g @/people.json @/one.avi @/two.avi");
  tool_run_expect (run, 0);
  expect_both_films (run);
}

/* What it keeps serves the tests behind it. */
static void
test_output_does_not_depend_on_jobs (void)
{
  g_autoptr (ToolRun) one = NULL, three = NULL;

  if (!is_ready ())
    return;
  one = tool_run ("scan -J 1 -f csv -g @/people.json @/one.avi @/two.avi");
  tool_run_expect (one, 0);
  three = tool_run ("scan -J 3 -f csv -g @/people.json --state @/kept "
      "@/one.avi @/two.avi");
  tool_run_expect (three, 0);
  g_assert_cmpstr (three->out, ==, one->out);
}

/* Replaces a film by zeros without anybody noticing. */
static void
spoil (const gchar * name)
{
  g_autofree gchar *path = tool_path (name);
  g_autofree gchar *zeros = NULL;
  struct timespec times[2];
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  times[0] = info.st_atim;
  times[1] = info.st_mtim;
  zeros = g_malloc0 ((gsize) info.st_size);
  tool_write (name, zeros, (gsize) info.st_size);
  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
}

/* Starts a scan of these films and kills it once the first is kept. */
static void
kill_scan (const gchar * state)
{
  g_autofree gchar *folder = tool_path (state);
  g_autofree gchar *one = tool_path ("first.avi");
  g_autofree gchar *two = tool_path ("second.avi");
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error,
      g_getenv ("FACENET_TOOL"), "scan", "--jobs=1", "--state", folder, one,
      two, NULL);
  guint n_kept = 0;

  g_assert_no_error (error);
  for (guint i = 0; n_kept == 0 && i < 6000; i++) {
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
    const gchar *name;

    while (dir && (name = g_dir_read_name (dir)))
      n_kept += g_str_has_suffix (name, ".facenet-scan");
    g_usleep (10000);
  }
  g_subprocess_force_exit (process);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_cmpuint (n_kept, ==, 1);
}

static void
test_a_killed_scan_goes_on_where_it_was (void)
{
  static const Shot first[] = { {SIMM, 6} };
  static const Shot second[] = { {SAVAGE, 7}, {STRANGER, 6}, {SIMM, 6} };
  g_autoptr (ToolRun) run = NULL;

  if (!is_ready ())
    return;
  make_film ("first.avi", first, G_N_ELEMENTS (first), AVI);
  make_film ("second.avi", second, G_N_ELEMENTS (second), AVI);
  kill_scan ("killed");
  spoil ("first.avi");
  run = tool_run ("scan --json --known-only -g @/people.json -s @/killed "
      "@/first.avi @/second.avi");
  tool_run_expect (run, 0);
  g_assert_cmpuint (tool_run_count_lines (run), ==, 3);
  expect_appearance (run, 0, "first.avi", "john-simm", 0, 1);
  expect_appearance (run, 1, "second.avi", "john-savage", 0, 1);
  expect_appearance (run, 2, "second.avi", "john-simm", 2, 3);
}

static void
test_find_asks_what_is_kept (void)
{
  g_autoptr (ToolRun) again = NULL, found = NULL, missed = NULL;
  g_autoptr (JsonObject) first = NULL, second = NULL;

  if (!is_ready ())
    return;
  again = tool_run ("scan --json -g @/people.json -s @/kept @/one.avi "
      "@/two.avi");
  tool_run_expect (again, 0);
  expect_both_films (again);
  copy_photo (SIMM, 0, "wanted.jpg");
  found = tool_run ("scan --json -s @/kept --find @/wanted.jpg");
  tool_run_expect (found, 0);
  g_assert_cmpuint (tool_run_count_lines (found), ==, 2);
  first = tool_run_get_json (found, 0);
  second = tool_run_get_json (found, 1);
  g_assert_cmpfloat (json_object_get_double_member (first, "best_distance"),
      <=, json_object_get_double_member (second, "best_distance"));
  g_assert_cmpstr (json_object_get_string_member (first, "name"), ==,
      json_object_get_string_member (second, "name"));

  missed = tool_run ("scan -s @/kept --find @/wanted.jpg --threshold 0");
  tool_run_expect (missed, 1);
  tool_run_expect_error (missed, "nobody matches the photo");
  g_assert_cmpstr (missed->out, ==, "");
}

static void
test_files_are_written_per_video (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autofree gchar *folder = tool_path ("out");
  g_autofree gchar *one = NULL, *two = NULL, *svg = NULL;

  if (!is_ready ())
    return;
  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  run = tool_run ("scan -g @/people.json -s @/kept -f webvtt -o @/out --sheet "
      "@/out/sheet.svg @/one.avi @/two.avi");
  tool_run_expect (run, 0);
  g_assert_cmpstr (run->out, ==, "");
  one = tool_read ("out/one.vtt", NULL);
  g_assert_true (g_str_has_prefix (one,
          "WEBVTT\n\n1\n00:00:00.000 --> 00:00:0"));
  g_assert_nonnull (strstr (one, "\nJohn Savage\n"));
  two = tool_read ("out/two.vtt", NULL);
  g_assert_nonnull (strstr (two, "\nunknown 1\n"));
  svg = tool_read ("out/sheet.svg", NULL);
  g_assert_nonnull (strstr (svg, ">John Simm</text>"));
  g_assert_nonnull (strstr (svg, ">2 times, 00:00:0"));
  g_assert_nonnull (strstr (svg, ">unknown 1</text>"));
  g_assert_nonnull (strstr (svg, "data:image/jpeg;base64,/9j/"));
}

static void
test_a_sheet_is_a_png_picture (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autofree gchar *png = NULL;
  gsize size;

  if (!is_ready ())
    return;
  if (gst_element_factory_find ("rsvgdec") == NULL
      && gst_element_factory_find ("gdkpixbufdec") == NULL) {
    g_test_skip ("nothing here draws SVG");
    return;
  }
  run = tool_run ("scan -s @/kept --sheet @/sheet.png @/one.avi @/two.avi");
  tool_run_expect (run, 0);
  png = tool_read ("sheet.png", &size);
  /* Its header (PNG, 11.2.2): six cells wide, one high. */
  g_assert_cmpuint (size, >, 10000);
  g_assert_cmpmem (png + 1, 3, "PNG", 3);
  g_assert_cmpmem (png + 16, 8, "\0\0\004\060\0\0\0\360", 8);
}

/* The width is stored halved, as DVDs and old cameras do. */
static void
test_pixels_that_are_not_square (void)
{
  static const Shot shots[] = { {SIMM, 6} };
  g_autoptr (ToolRun) run = NULL;

  if (!is_ready ())
    return;
  if (gst_element_factory_find ("matroskamux") == NULL) {
    g_test_skip ("Matroska files are missing");
    return;
  }
  make_film ("wide.mkv", shots, G_N_ELEMENTS (shots), "videoconvertscale "
      "! video/x-raw,width=160,height=240,pixel-aspect-ratio=2/1 "
      "! jpegenc quality=95 ! matroskamux");
  run = tool_run ("scan --json -g @/people.json @/wide.mkv");
  tool_run_expect (run, 0);
  g_assert_cmpuint (tool_run_count_lines (run), ==, 1);
  expect_appearance (run, 0, "wide.mkv", "john-simm", 0, 1);
}

/* Telephones store the frames as the camera was held, and in the track header
 * (ISO 14496-12, 8.3.2) a matrix that turns them upright. */
/* A film of nothing, from frames of five a second to the file's format. */
static void
make_empty_film (const gchar * name, const gchar * text)
{
  g_autofree gchar *path = tool_path (name);
  g_autofree gchar *pipeline = g_strdup_printf ("%s location=%s "
      "videotestsrc num-buffers=10 ! video/x-raw,width=320,height=240,"
      "framerate=5/1 ! jpegenc ! out. videotestsrc num-buffers=10 "
      "! video/x-raw,width=320,height=240,framerate=5/1 ! jpegenc ! %s", text,
      path, strstr (text, "mux") ? "out." : "fakesink");

  tool_run_pipeline (pipeline);
}

static void
test_what_is_not_looked_at_is_told (void)
{
  g_autoptr (ToolRun) enrol = NULL;
  g_autoptr (ToolRun) raw = NULL;
  g_autoptr (ToolRun) dual = NULL;

  if (gst_element_factory_find ("matroskamux") == NULL) {
    g_test_skip ("Matroska is not installed");
    return;
  }
  tool_write_picture ("ann.png", 5, 1);
  enrol = tool_run ("enrol -c -g @/ann.json -n Ann @/ann.png");
  tool_run_expect (enrol, 0);
  make_empty_film ("raw.mjpeg", "filesink name=out");
  raw = tool_run ("scan -g @/ann.json @/raw.mjpeg");
  tool_run_expect (raw, 2);
  tool_run_expect_error (raw, "9 of its 10 frames do not say when");
  make_empty_film ("dual.mkv", "matroskamux name=out ! filesink");
  dual = tool_run ("scan -g @/ann.json @/dual.mkv");
  tool_run_expect (dual, 1);
  tool_run_expect_error (dual, "2 video tracks, only the first is looked at");
}

static void
test_films_are_turned_upright (void)
{
  static const Shot shots[] = { {SIMM, 6} };
  static const guint8 upright[] = { 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 1, 0, 0
  };
  static const guint8 turned[] = { 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0,
    0, 1, 0, 0, 0, 0, 0, 0
  };
  g_autoptr (ToolRun) lying = NULL, run = NULL;
  g_autofree gchar *film = NULL;
  guint n_headers = 0;
  gsize size;

  if (!is_ready ())
    return;
  if (gst_element_factory_find ("qtmux") == NULL) {
    g_test_skip ("QuickTime files are missing");
    return;
  }
  make_film ("lying.mov", shots, G_N_ELEMENTS (shots), "videoconvert "
      "! videoflip video-direction=90r ! jpegenc ! qtmux");
  lying = tool_run ("scan --json -g @/people.json @/lying.mov");
  tool_run_expect (lying, 1);

  film = tool_read ("lying.mov", &size);
  for (gsize i = 0; i + 100 < size; i++) {
    if (memcmp (film + i, "tkhd", 4) == 0
        && memcmp (film + i + 44, upright, sizeof upright) == 0) {
      memcpy (film + i + 44, turned, sizeof turned);
      n_headers++;
    }
  }
  g_assert_cmpuint (n_headers, ==, 1);
  tool_write ("turned.mov", film, size);
  run = tool_run ("scan --json -g @/people.json @/turned.mov");
  tool_run_expect (run, 0);
  g_assert_cmpuint (tool_run_count_lines (run), ==, 1);
  expect_appearance (run, 0, "turned.mov", "john-simm", 0, 1);
}

static void
test_bad_files_do_not_stop_the_others (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autofree gchar *film = NULL;
  gsize size;

  if (!is_ready ())
    return;
  tool_write ("empty.avi", "", 0);
  tool_write ("text.avi", "No film, only words, and not many.\n", 35);
  film = tool_read ("two.avi", &size);
  tool_write ("head.avi", film, 300);
  run = tool_run ("scan --json -g @/people.json @/empty.avi @/text.avi "
      "@/head.avi @/no.avi @/two.avi");
  tool_run_expect (run, 2);
  tool_run_expect_error (run, "@/empty.avi: is empty");
  tool_run_expect_error (run, "@/text.avi: ");
  tool_run_expect_error (run, "@/head.avi: ");
  tool_run_expect_error (run, "@/no.avi: ");
  g_assert_cmpuint (tool_run_count_lines (run), ==, 6);
  expect_appearance (run, 1, "two.avi", "john-simm", 1, 2);
  object = tool_run_get_json (run, 2);
  g_assert_true (json_object_has_member (object, "error"));
}

/* What was seen before the end of a film that was cut off is told. */
static void
test_a_film_cut_off_is_told_up_to_there (void)
{
  static const Shot shots[] =
      { {SIMM, 6}, {SAVAGE, 7}, {SAVAGE, 7}, {SIMM, 6} };
  g_autoptr (ToolRun) run = NULL;
  g_autofree gchar *film = NULL;
  gsize size;

  if (!is_ready ())
    return;
  if (gst_element_factory_find ("matroskamux") == NULL) {
    g_test_skip ("Matroska files are missing");
    return;
  }
  make_film ("long.mkv", shots, G_N_ELEMENTS (shots), "videoconvert "
      "! jpegenc ! matroskamux");
  film = tool_read ("long.mkv", &size);
  tool_write ("cut.mkv", film, size / 3);
  run = tool_run ("scan --json -g @/people.json @/cut.mkv");
  tool_run_expect (run, 2);
  tool_run_expect_error (run, "@/cut.mkv: its pictures end after ");
  expect_appearance (run, 0, "cut.mkv", "john-simm", 0, 1);
}

static void
test_mistakes_are_told_before_the_scan (void)
{
  g_autoptr (ToolRun) run = NULL;

  static const struct
  {
    const gchar *arguments;
    const gchar *message;
  } mistakes[] = {
    {"scan", "expected VIDEO"},
    {"scan --rate -1 a.avi", "--rate: expected 0 to 1000, got -1"},
    {"scan --gap 1e9 a.avi", "--gap: expected 0 to 86400, got 1e+09"},
    {"scan --min-faces 0 a.avi", "--min-faces: expected 1 to"},
    {"scan --min-quality 2 a.avi", "--min-quality: expected 0 to 1, got 2"},
    {"scan --format xml a.avi",
        "--format: expected text, csv, json or webvtt, got xml"},
    {"scan --json --format csv a.avi", "exclude each other"},
    {"scan --format webvtt a.avi b.avi", "--output must be an existing folder"},
    {"scan --sheet faces.gif a.avi",
        "the name must end in .png or .svg, got faces.gif"},
    {"scan --known-only a.avi", "--known-only needs --gallery FILE"},
    {"scan --find a.jpg -g b.json a.avi", "exclude each other"},
    {"scan -g @/no.json a.avi", "@/no.json: "},
    {"scan --state @/nothing", "@/nothing: "},
    {"scan -o @/no/out.csv a.avi", "@/no/out.csv: cannot be written"},
    {"scan --sheet @/no/a.svg a.avi", "@/no/a.svg: cannot be written"},
    {"scan -s /dev/null/kept a.avi", "/dev/null/kept: scans cannot be kept"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++) {
    run = tool_run ("%s", mistakes[i].arguments);
    tool_run_expect (run, 2);
    tool_run_expect_error (run, mistakes[i].message);
    g_clear_pointer (&run, tool_run_free);
  }
}

gint
main (gint argc, gchar ** argv)
{
  gint status;

  g_test_init (&argc, &argv, NULL);
  photos = example_photos_find ();
  g_test_add_func ("/tool/scan/mistakes-are-told-before-the-scan",
      test_mistakes_are_told_before_the_scan);
  g_test_add_func ("/tool/scan/make-films", make_films);
  g_test_add_func ("/tool/scan/who-is-seen-and-when",
      test_who_is_seen_and_when);
  g_test_add_func ("/tool/scan/output-does-not-depend-on-jobs",
      test_output_does_not_depend_on_jobs);
  g_test_add_func ("/tool/scan/a-killed-scan-goes-on-where-it-was",
      test_a_killed_scan_goes_on_where_it_was);
  g_test_add_func ("/tool/scan/find-asks-what-is-kept",
      test_find_asks_what_is_kept);
  g_test_add_func ("/tool/scan/files-are-written-per-video",
      test_files_are_written_per_video);
  g_test_add_func ("/tool/scan/a-sheet-is-a-png-picture",
      test_a_sheet_is_a_png_picture);
  g_test_add_func ("/tool/scan/pixels-that-are-not-square",
      test_pixels_that_are_not_square);
  g_test_add_func ("/tool/scan/films-are-turned-upright",
      test_films_are_turned_upright);
  g_test_add_func ("/tool/scan/what-is-not-looked-at-is-told",
      test_what_is_not_looked_at_is_told);
  g_test_add_func ("/tool/scan/bad-files-do-not-stop-the-others",
      test_bad_files_do_not_stop_the_others);
  g_test_add_func ("/tool/scan/a-film-cut-off-is-told-up-to-there",
      test_a_film_cut_off_is_told_up_to_there);
  status = tool_test_main ();
  g_free (photos);
  return status;
}
