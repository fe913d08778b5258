/* scan-state.c - what facenet scan keeps for the next time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "tools/scan/state.h"

#include <facenet/facenet-error.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define DIMS 8
#define N_TRACKS 5
#define MS G_GUINT64_CONSTANT (1000000)
#define MODEL "0123456789abcdef"

/* Track number i: an axis as its face, and other numbers of its own. */
static ToolTrack *
make_track (guint i)
{
  ToolTrack *track = tool_track_new (g_new0 (gfloat, DIMS));

  track->embedding[i] = 1;
  track->start = track->best = i * 1000 * MS;
  track->end = track->start + (i + 1) * MS;
  track->n_faces = i + 1;
  track->quality = 0.5;
  return track;
}

static void
expect_tracks (const ToolScan * scan)
{
  g_assert_cmpuint (scan->tracks->len, ==, N_TRACKS);
  for (guint i = 0; i < N_TRACKS; i++) {
    const ToolTrack *track = g_ptr_array_index (scan->tracks, i);
    g_autoptr (ToolTrack) wanted = make_track (i);

    g_assert_cmpmem (track->embedding, DIMS * sizeof (gfloat),
        wanted->embedding, DIMS * sizeof (gfloat));
    g_assert_cmpuint (track->start, ==, wanted->start);
    g_assert_cmpuint (track->end, ==, wanted->end);
    g_assert_cmpuint (track->best, ==, wanted->best);
    g_assert_cmpuint (track->n_faces, ==, wanted->n_faces);
    g_assert_cmpfloat (track->quality, ==, wanted->quality);
    g_assert_cmpint (track->subject, ==, TOOL_NOBODY);
  }
}

static void
settings_init (ToolScanSettings * settings)
{
  settings->model_id = MODEL;
  settings->n_dims = DIMS;
  settings->rate = 5;
  settings->detector_id = "detector";
  settings->detector_threshold = 0.5;
  settings->min_face_size = 20;
}

/* A folder with a video that is none, scanned and kept. */
static gchar *
keep_scan (const ToolScanSettings * settings, gchar ** video)
{
  gchar *folder = g_dir_make_tmp ("facenet-scan-XXXXXX", NULL);
  g_autofree gchar *kept = g_build_filename (folder, "kept", NULL);
  g_autoptr (ToolScan) scan = NULL;
  ToolTrack *track;

  *video = g_build_filename (folder, "party.avi", NULL);
  g_assert_true (g_file_set_contents (*video, "film", -1, NULL));
  scan = tool_scan_new ("party.avi", *video);
  for (guint i = 0; i < N_TRACKS; i++)
    g_ptr_array_add (scan->tracks, make_track (i));
  track = g_ptr_array_index (scan->tracks, 0);
  track->shot = g_bytes_new_static ("jpeg", 4);
  scan->duration = 10000 * MS;
  scan->length = 12100 * MS;
  g_assert_true (tool_state_prepare (kept, NULL));
  g_assert_true (tool_state_save (kept, scan, settings, NULL));
  g_free (folder);
  return g_steal_pointer (&kept);
}

/* The one file in a folder. */
static gchar *
get_kept_file (const gchar * folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  return g_build_filename (folder, g_dir_read_name (dir), NULL);
}

static void
remove_kept (const gchar * folder, const gchar * video)
{
  g_autofree gchar *file = get_kept_file (folder);
  g_autofree gchar *parent = g_path_get_dirname (video);

  g_unlink (file);
  g_rmdir (folder);
  g_unlink (video);
  g_rmdir (parent);
}

static void
test_what_is_kept_comes_back (void)
{
  ToolScanSettings settings;
  g_autofree gchar *video = NULL;
  g_autofree gchar *folder = NULL;
  g_autofree gchar *file = NULL;
  g_autoptr (ToolScan) scan = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GError) error = NULL;
  const ToolTrack *track;
  GStatBuf info;

  settings_init (&settings);
  folder = keep_scan (&settings, &video);
  scan = tool_state_load (folder, "my party", video, &settings, &error);
  g_assert_no_error (error);
  g_assert_nonnull (scan);
  g_assert_cmpstr (scan->name, ==, "my party");
  g_assert_cmpuint (scan->duration, ==, 10000 * MS);
  g_assert_error (scan->error, FACENET_ERROR, FACENET_ERROR_TRUNCATED);
  g_assert_cmpstr (scan->error->message, ==, "my party: its pictures end "
      "after 10 of 12 s: is it cut off?");
  expect_tracks (scan);
  track = g_ptr_array_index (scan->tracks, 0);
  g_assert_cmpmem (g_bytes_get_data (track->shot, NULL), 4, "jpeg", 4);
  track = g_ptr_array_index (scan->tracks, 1);
  g_assert_null (track->shot);
  /* Faces are nobody else's business. */
  file = get_kept_file (folder);
  g_assert_cmpint (g_stat (file, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);

  all = tool_state_load_all (folder, &settings, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 1);
  g_assert_cmpstr (((ToolScan *) g_ptr_array_index (all, 0))->name, ==, video);
  settings.model_id = "another";
  g_assert_null (tool_state_load_all (folder, &settings, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH);
  remove_kept (folder, video);
}

static gboolean
is_kept (const gchar * folder, const gchar * video,
    const ToolScanSettings * settings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ToolScan) scan =
      tool_state_load (folder, "a", video, settings, &error);

  g_assert_no_error (error);
  return scan != NULL;
}

static void
test_what_changed_is_scanned_again (void)
{
  ToolScanSettings settings, other;
  g_autofree gchar *video = NULL;
  g_autofree gchar *folder = NULL;

  settings_init (&settings);
  folder = keep_scan (&settings, &video);
  g_assert_true (is_kept (folder, video, &settings));
  g_assert_false (is_kept (folder, "/films/other.avi", &settings));
  other = settings;
  other.rate = 4;
  g_assert_false (is_kept (folder, video, &other));
  other = settings;
  other.min_face_size = 0;
  g_assert_false (is_kept (folder, video, &other));
  other = settings;
  other.detector_threshold = 0.0;
  g_assert_false (is_kept (folder, video, &other));
  other = settings;
  other.detector_id = "another";
  g_assert_false (is_kept (folder, video, &other));
  other = settings;
  other.model_id = "another";
  g_assert_false (is_kept (folder, video, &other));
  g_assert_true (g_file_set_contents (video, "longer film", -1, NULL));
  g_assert_false (is_kept (folder, video, &settings));
  remove_kept (folder, video);
}

/* Without waiting for the disk, as g_file_set_contents() does. */
static void
write_file (const gchar * path, const gchar * data, gsize size)
{
  FILE *file = fopen (path, "wb");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (data, 1, size, file), ==, size);
  g_assert_cmpint (fclose (file), ==, 0);
}

/* Cut anywhere it is refused; with any byte changed it is refused, seen as
 * that of another video, or right as far as anybody can tell. */
static void
test_damaged_state_is_no_crash (void)
{
  ToolScanSettings settings;
  g_autofree gchar *video = NULL;
  g_autofree gchar *folder = NULL;
  g_autofree gchar *file = NULL;
  g_autofree gchar *data = NULL;
  gsize size;

  settings_init (&settings);
  folder = keep_scan (&settings, &video);
  file = get_kept_file (folder);
  g_assert_true (g_file_get_contents (file, &data, &size, NULL));
  for (gsize i = 0; i < size; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (ToolScan) cut = NULL;
    g_autoptr (ToolScan) changed = NULL;

    write_file (file, data, i);
    cut = tool_state_load (folder, "a", video, &settings, &error);
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
    g_clear_error (&error);
    data[i] = (gchar) (data[i] ^ 0x41);
    write_file (file, data, size);
    data[i] = (gchar) (data[i] ^ 0x41);
    changed = tool_state_load (folder, "a", video, &settings, &error);
    g_assert_true (changed == NULL || error == NULL);
  }
  remove_kept (folder, video);
}

gint
main (gint argc, gchar ** argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan/what-is-kept-comes-back",
      test_what_is_kept_comes_back);
  g_test_add_func ("/scan/what-changed-is-scanned-again",
      test_what_changed_is_scanned_again);
  g_test_add_func ("/scan/damaged-state-is-no-crash",
      test_damaged_state_is_no_crash);
  return g_test_run ();
}
