/* fixture.c - runs the facenet command and makes images for it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "fixture.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/app/app.h>
#include <gst/gst.h>
#include <math.h>
#include <string.h>

/* Sides of the pictures: unequal, so that a turned one is told apart. */
#define PICTURE_WIDTH 128
#define PICTURE_HEIGHT 96
#define N_BLOTS 6

static gchar *own_folder = NULL;

gchar *
tool_path (const gchar * name)
{
  return g_build_filename (own_folder, name, NULL);
}

ToolRun *
tool_run (const gchar * arguments, ...)
{
  g_autofree gchar *text = NULL;
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = NULL;
  ToolRun *self = g_new0 (ToolRun, 1);
  va_list args;

  va_start (args, arguments);
  text = g_strdup_vprintf (arguments, args);
  va_end (args);
  words = g_strsplit (text, " ", -1);

  g_ptr_array_add (argv, g_strdup (g_getenv ("FACENET_TOOL")));
  for (guint i = 0; words[i]; i++) {
    g_auto (GStrv) parts = g_strsplit (words[i], "@", -1);

    if (words[i][0])
      g_ptr_array_add (argv, g_strjoinv (own_folder, parts));
  }
  g_ptr_array_add (argv, NULL);
  g_test_message ("facenet %s", text);
  process = g_subprocess_newv ((const gchar * const *) argv->pdata,
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &self->out, &self->err,
      &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  self->status = g_subprocess_get_exit_status (process);
  g_test_message ("status %d, stderr: %s", self->status, self->err);
  return self;
}

void
tool_run_free (ToolRun * self)
{
  g_free (self->out);
  g_free (self->err);
  g_free (self);
}

void
tool_run_expect (const ToolRun * self, gint status)
{
  if (self->status != status)
    g_test_message ("stdout: %s", self->out);
  g_assert_cmpint (self->status, ==, status);
}

void
tool_run_expect_error (const ToolRun * self, const gchar * text)
{
  g_auto (GStrv) parts = g_strsplit (text, "@", -1);
  g_autofree gchar *wanted = g_strjoinv (own_folder, parts);

  if (strstr (self->err, wanted) == NULL)
    g_test_message ("not said: %s", wanted);
  g_assert_nonnull (strstr (self->err, wanted));
}

guint
tool_run_count_lines (const ToolRun * self)
{
  guint n = 0;

  for (const gchar * p = self->out; *p; p++)
    n += *p == '\n';
  return n;
}

JsonObject *
tool_run_get_json (const ToolRun * self, guint index)
{
  g_auto (GStrv) lines = g_strsplit (self->out, "\n", -1);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_strv_length (lines), >, index);
  node = json_from_string (lines[index], &error);
  g_assert_no_error (error);
  g_assert_nonnull (node);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
  return json_object_ref (json_node_get_object (node));
}

void
tool_json_get_embedding (JsonObject * object, guint face, gfloat * embedding)
{
  JsonArray *faces = json_object_get_array_member (object, "faces");
  JsonArray *numbers =
      json_object_get_array_member (json_array_get_object_element (faces,
          face), "embedding");

  g_assert_cmpuint (json_array_get_length (numbers), ==, 128);
  for (guint i = 0; i < 128; i++)
    embedding[i] = (gfloat) json_array_get_double_element (numbers, i);
}

void
tool_write (const gchar * name, const void *data, gsize size)
{
  g_autofree gchar *path = tool_path (name);
  g_autofree gchar *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_file_set_contents (path, data, (gssize) size, &error);
  g_assert_no_error (error);
}

gchar *
tool_read (const gchar * name, gsize * size)
{
  g_autofree gchar *path = tool_path (name);
  g_autoptr (GError) error = NULL;
  gchar *data = NULL;

  g_file_get_contents (path, &data, size, &error);
  g_assert_no_error (error);
  return data;
}

/* Encodes pixels, [height, width, 3] without gaps; width is a multiple of 4,
 * so GStreamer's rows have none either. */
static GBytes *
encode (const gchar * encoder, const guint8 * pixels, guint width, guint height)
{
  g_autofree gchar *text = g_strdup_printf ("appsrc name=source format=time "
      "caps=video/x-raw,format=RGB,width=%u,height=%u,framerate=0/1 "
      "! videoconvert ! %s ! appsink name=sink sync=false", width, height,
      encoder);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (text, &error);
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstSample) sample = NULL;
  gsize size = (gsize) width * height * 3;
  gpointer data;

  g_assert_no_error (error);
  source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_app_src_push_buffer (GST_APP_SRC (source),
      gst_buffer_new_memdup (pixels, size));
  gst_app_src_end_of_stream (GST_APP_SRC (source));
  sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), 30 * GST_SECOND);
  g_assert_nonnull (sample);
  gst_buffer_extract_dup (gst_sample_get_buffer (sample), 0, (gsize) - 1,
      &data, &size);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return g_bytes_new_take (data, size);
}

/* Writes an image; a JPEG file gets an EXIF segment behind its first marker. */
static void
write_image (const gchar * name, const guint8 * pixels, guint width,
    guint height, guint orientation)
{
  guint8 exif[] = { 0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0,
    'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1,
    0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (guint8) orientation, 0, 0, 0, 0, 0, 0
  };
  gboolean is_jpeg = g_str_has_suffix (name, ".jpg");
  g_autoptr (GBytes) bytes = encode (is_jpeg ? "jpegenc quality=98"
      : "pngenc snapshot=false", pixels, width, height);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (is_jpeg) {
    g_byte_array_append (file, data, 2);
    g_byte_array_append (file, exif, sizeof exif);
    g_byte_array_append (file, data + 2, (guint) size - 2);
  } else {
    g_byte_array_append (file, data, (guint) size);
  }
  tool_write (name, file->data, file->len);
}

/* Colour of the upright picture at x, y in [0,1]. */
static void
paint (guint seed, gdouble x, gdouble y, guint8 * rgb)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  gdouble sum[3] = { 60, 60, 60 };

  for (guint i = 0; i < N_BLOTS; i++) {
    gdouble dx = x - g_rand_double (rand);
    gdouble dy = y - g_rand_double (rand);
    gdouble near = exp (-(dx * dx + dy * dy) * 20);

    for (guint c = 0; c < 3; c++)
      sum[c] += near * g_rand_double_range (rand, -60, 190);
  }
  for (guint c = 0; c < 3; c++)
    rgb[c] = (guint8) CLAMP (sum[c], 0, 255);
}

/* Where the stored point x, y of an orientation is in the upright picture
 * (EXIF 2.3, table of tag 0x0112: which sides row 0 and column 0 are). */
static void
turn_upright (guint orientation, gdouble * x, gdouble * y)
{
  gdouble column = *x, row = *y;
  gdouble points[8][2] = {
    {column, row}, {1 - column, row}, {1 - column, 1 - row}, {column, 1 - row},
    {row, column}, {1 - row, column}, {1 - row, 1 - column}, {row, 1 - column}
  };

  *x = points[orientation - 1][0];
  *y = points[orientation - 1][1];
}

void
tool_write_picture (const gchar * name, guint seed, guint orientation)
{
  guint width = orientation > 4 ? PICTURE_HEIGHT : PICTURE_WIDTH;
  guint height = orientation > 4 ? PICTURE_WIDTH : PICTURE_HEIGHT;
  g_autofree guint8 *pixels = g_malloc ((gsize) width * height * 3);

  for (guint row = 0; row < height; row++) {
    for (guint column = 0; column < width; column++) {
      gdouble x = (column + 0.5) / width;
      gdouble y = (row + 0.5) / height;

      turn_upright (orientation, &x, &y);
      paint (seed, x, y, pixels + ((gsize) row * width + column) * 3);
    }
  }
  write_image (name, pixels, width, height, orientation);
}

void
tool_write_grey (const gchar * name, guint width, guint height)
{
  gsize size = (gsize) width * height * 3;
  g_autofree guint8 *pixels = g_malloc (size);

  memset (pixels, 128, size);
  write_image (name, pixels, width, height, 1);
}

void
tool_run_pipeline (const gchar * text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (text, &error);
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;

  g_assert_no_error (error);
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND,
      GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

static void
remove_folder (const gchar * path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const gchar *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree gchar *child = g_build_filename (path, name, NULL);

    if (g_file_test (child, G_FILE_TEST_IS_DIR)
        && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
      remove_folder (child);
    else
      g_unlink (child);
  }
  g_rmdir (path);
}

gint
tool_test_main (void)
{
  g_autoptr (GError) error = NULL;
  gint status;

  gst_init (NULL, NULL);
  own_folder = g_dir_make_tmp ("facenet-tool-XXXXXX", &error);
  g_assert_no_error (error);
  status = g_test_run ();
  remove_folder (own_folder);
  g_clear_pointer (&own_folder, g_free);
  return status;
}
