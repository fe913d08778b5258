/* train-photos.c - facenet train on photographs of people
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The photographs of tests/example-photos.h as a camera far away would see
 * them: faces of 11x11 pixels at half the contrast, among which the shipped
 * model finds its way less well. Training on some photographs of each person
 * has to help with their other ones.
 */
#include "../example-photos.h"
#include "fixture.h"

static gchar *photos;           /* a folder per person */

/* Writes what that camera sees of a photograph. */
static void
write_far_away (const gchar * photo, const gchar * name)
{
  g_autofree gchar *location = tool_path (name);
  g_autofree gchar *text = g_strdup_printf ("filesrc location=%s ! jpegdec "
      "! videocrop left=20 right=22 top=27 bottom=15 ! videoconvertscale "
      "! video/x-raw,width=11,height=11,format=RGB ! videoconvertscale "
      "! video/x-raw,width=24,height=24,format=RGB "
      "! videobalance contrast=0.5 brightness=-0.1 ! videoconvert "
      "! pngenc ! filesink location=%s", photo, location);

  tool_write (name, "", 0);
  tool_run_pipeline (text);
}

static void
write_people (void)
{
  g_autoptr (GDir) dir = g_dir_open (photos, 0, NULL);
  const gchar *person, *photo;

  while ((person = g_dir_read_name (dir)) != NULL) {
    g_autofree gchar *folder = g_build_filename (photos, person, NULL);
    g_autoptr (GDir) inner = g_dir_open (folder, 0, NULL);

    while (inner && (photo = g_dir_read_name (inner)) != NULL) {
      g_autofree gchar *source = g_build_filename (folder, photo, NULL);
      g_autofree gchar *name = g_strdup_printf ("far/%s/%s.png", person, photo);

      write_far_away (source, name);
    }
  }
}

static gdouble
get_figure (JsonObject * object, const gchar * when, const gchar * figure)
{
  return json_object_get_double_member (json_object_get_object_member (object,
          when), figure);
}

static void
test_held_out_photos_are_told_apart_better (void)
{
  g_autoptr (ToolRun) run = NULL;
  g_autoptr (JsonObject) object = NULL;
  JsonArray *epochs;
  gdouble first, last;

  if (photos == NULL) {
    g_test_skip (EXAMPLE_PHOTOS_MISSING);
    return;
  }
  write_people ();
  run = tool_run ("train --json --cropped @/far -o @/far.safetensors "
      "--epochs 12 --batch 5x6 --lr 0.001");
  tool_run_expect (run, 0);
  object = tool_run_get_json (run, 0);
  epochs = json_object_get_array_member (object, "epochs");
  first = json_object_get_double_member (json_array_get_object_element (epochs,
          0), "loss");
  last = json_object_get_double_member (json_array_get_object_element (epochs,
          json_array_get_length (epochs) - 1), "loss");
  g_test_message ("loss %g -> %g, AUC %g -> %g, d' %g -> %g", first, last,
      get_figure (object, "before", "auc"), get_figure (object, "after",
          "auc"), get_figure (object, "before", "separation"),
      get_figure (object, "after", "separation"));
  g_assert_cmpfloat (last, <, 0.5 * first);
  g_assert_cmpfloat (get_figure (object, "after", "auc"), >,
      get_figure (object, "before", "auc") + 0.01);
  g_assert_cmpfloat (get_figure (object, "after", "separation"), >,
      1.2 * get_figure (object, "before", "separation"));
}

gint
main (gint argc, gchar ** argv)
{
  gint status;

  g_test_init (&argc, &argv, NULL);
  photos = example_photos_find ();
  g_test_add_func ("/tool/train/held-out-photos-are-told-apart-better",
      test_held_out_photos_are_told_apart_better);
  status = tool_test_main ();
  g_free (photos);
  return status;
}
