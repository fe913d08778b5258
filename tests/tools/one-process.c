/* one-process.c - the command's libfacenet beside that of the plugin
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Linked as the command is, to a static libfacenet. The plugin brings the
 * shared one into the same process, and both must do their work. GLib knows
 * one type of a name, so that only the shared one may register its types.
 */
#include <dlfcn.h>
#include <facenet/facenet.h>
#include <glib/gstdio.h>
#include <gst/gst.h>

#define SIDE 96
#define PICTURE "videotestsrc num-buffers=1 pattern=smpte75 ! " \
    "video/x-raw,format=RGB,width=96,height=96 ! "

/* The pixels of PICTURE as planes, 0 to 1. */
static void
read_picture (gfloat * face)
{
  g_autoptr (GstElement) pipeline =
      gst_parse_launch (PICTURE "appsink name=sink", NULL);
  g_autoptr (GstElement) sink =
      gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_autoptr (GstSample) sample = NULL;
  GstMapInfo map;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_signal_emit_by_name (sink, "pull-sample", &sample);
  g_assert_nonnull (sample);
  g_assert_true (gst_buffer_map (gst_sample_get_buffer (sample), &map,
          GST_MAP_READ));
  g_assert_cmpuint (map.size, ==, 3 * SIDE * SIDE);
  for (guint i = 0; i < SIDE * SIDE; i++) {
    for (guint c = 0; c < 3; c++)
      face[c * SIDE * SIDE + i] = (gfloat) map.data[3 * i + c] / 255.0f;
  }
  gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

/* Enrols PICTURE with the static library. */
static void
write_gallery (const gchar * location)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FacenetModel) model = facenet_model_load (NULL, NULL, &error);
  g_autoptr (FacenetSession) session = NULL;
  g_autoptr (FacenetGallery) gallery = NULL;
  g_autofree gfloat *face = g_new (gfloat, 3 * SIDE * SIDE);
  g_autofree gfloat *embedding = NULL;
  FacenetEnrolment enrolment = { NULL, 0, "picture", 1.0 };
  FacenetGalleryModel bound = {.id = NULL };

  g_assert_no_error (error);
  bound.id = facenet_model_get_id (model);
  bound.n_dims = enrolment.n_dims = facenet_model_get_dims (model);
  enrolment.embedding = embedding = g_new (gfloat, bound.n_dims);
  session = facenet_session_new (model, 2);
  read_picture (face);
  facenet_session_embed (session, face, 1, embedding);
  gallery = facenet_gallery_new (&bound);
  g_assert_true (facenet_gallery_add (gallery, "ann", "Ann", &enrolment,
          &error));
  g_assert_true (facenet_gallery_save (gallery, location, &error));
  g_assert_no_error (error);
}

/* (transfer full): what facematch posts of PICTURE. */
static GstMessage *
match (const gchar * location)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *text = g_strdup_printf (PICTURE "facenetencode ! "
      "facematch gallery-location=%s ! fakesink", location);
  g_autoptr (GstElement) pipeline = gst_parse_launch (text, &error);
  g_autoptr (GstBus) bus = NULL;
  GstMessage *message = NULL;

  g_assert_no_error (error);
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  do {
    g_clear_pointer (&message, gst_message_unref);
    message = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND,
        GST_MESSAGE_ELEMENT | GST_MESSAGE_ERROR);
    g_assert_nonnull (message);
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
      gst_message_parse_error (message, &error, NULL);
    g_assert_no_error (error);
  } while (!gst_message_has_name (message, "facematch"));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return message;
}

/* How many types of libfacenet GLib knows. */
static guint
count_types (void)
{
  guint n_types, n_ours = 0;
  g_autofree GType *types = g_type_children (G_TYPE_BOXED, &n_types);

  for (guint i = 0; i < n_types; i++)
    n_ours += g_str_has_prefix (g_type_name (types[i]), "Facenet");
  return n_ours;
}

/* The library that the plugin is linked to, which must be there. */
static gpointer
open_shared (void)
{
  g_autoptr (GRegex) regex = g_regex_new ("/.*/libfacenet-[^/\n]*", 0, 0, NULL);
  g_autoptr (GMatchInfo) found = NULL;
  g_autofree gchar *maps = NULL;
  g_autofree gchar *location = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL));
  g_assert_true (g_regex_match (regex, maps, 0, &found));
  location = g_match_info_fetch (found, 0);
  return dlopen (location, RTLD_NOW | RTLD_NOLOAD);
}

static void
test_both_work (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("facenet-XXXXXX", NULL);
  g_autofree gchar *location = g_build_filename (folder, "gallery.json", NULL);
  g_autoptr (GstMessage) message = NULL;
  const GstStructure *fields;
  gdouble distance = 1;
  GType (*get_type) (void);

  write_gallery (location);
  /* The static copy has no type, and nothing for the plugin to link with. */
  g_assert_cmpuint (count_types (), ==, 0);
  g_assert_null (dlsym (RTLD_DEFAULT, "facenet_model_get_type"));

  message = match (location);
  fields = gst_message_get_structure (message);
  g_assert_cmpstr (gst_structure_get_string (fields, "event"), ==, "match");
  g_assert_cmpstr (gst_structure_get_string (fields, "id"), ==, "ann");
  g_assert_true (gst_structure_get_double (fields, "distance", &distance));
  g_assert_cmpfloat (distance, <, 0.001);

  *(gpointer *) (&get_type) = dlsym (open_shared (), "facenet_model_get_type");
  g_assert_cmpstr (g_type_name (get_type ()), ==, "FacenetModel");
  g_unlink (location);
  g_rmdir (folder);
}

gint
main (gint argc, gchar ** argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
  g_test_add_func ("/tools/one-process/both-work", test_both_work);
  return g_test_run ();
}
