/* drawing.c - pictures with their faces drawn in
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Boxes are green, points red; lines are as thick as the picture is large.
 * appsrc ! pngenc ! appsink packs the picture.
 */
#include "drawing.h"

#include <errno.h>
#include <gst/app/app.h>
#include <gst/video/video.h>
#include <math.h>
#include <string.h>

/* Pixels of the longer side of a picture to one pixel of a line. */
#define SIDE_PER_LINE 400
#define TIMEOUT (60 * GST_SECOND)

struct _ToolDrawings
{
  gchar *folder;
  GHashTable *names;            /* of the drawings of this run */
};

static const guint8 green[3] = { 0, 230, 0 };
static const guint8 red[3] = { 255, 40, 40 };

/* A coordinate, moved into the picture, as a pixel or the end of the side. */
static gint
clamp_pixel (gdouble value, gint side)
{
  return (gint) CLAMP (value, 0.0, (gdouble) side);
}

/* Fills x0 <= x < x1, y0 <= y < y1 as far as it is in the picture. */
static void
fill (ToolImage * image, gdouble x0, gdouble y0, gdouble x1, gdouble y1,
    const guint8 colour[3])
{
  const gint left = clamp_pixel (x0, image->width);
  const gint right = clamp_pixel (x1, image->width);
  const gint bottom = clamp_pixel (y1, image->height);

  for (gint y = clamp_pixel (y0, image->height); y < bottom; y++) {
    guint8 *row = image->data + (gsize) y * image->stride;

    for (gint x = left; x < right; x++)
      memcpy (row + 3 * x, colour, 3);
  }
}

static void
draw_box (ToolImage * image, const FacenetRect * box, gdouble line)
{
  const gdouble left = box->x, right = box->x + box->width;
  const gdouble top = box->y, bottom = box->y + box->height;

  fill (image, left, top, right, top + line, green);
  fill (image, left, bottom - line, right, bottom, green);
  fill (image, left, top, left + line, bottom, green);
  fill (image, right - line, top, right, bottom, green);
}

static ToolImage *
draw (const ToolImage * image, const FacenetFace * faces, guint n_faces)
{
  ToolImage *drawing = tool_image_new (image->width, image->height);
  const gdouble line =
      ceil ((gdouble) MAX (image->width, image->height) / SIDE_PER_LINE);

  memcpy (drawing->data, image->data, image->stride * (gsize) image->height);
  for (guint i = 0; i < n_faces; i++) {
    draw_box (drawing, &faces[i].box, line);
    if (!faces[i].has_landmarks)
      continue;
    for (guint k = 0; k < FACENET_N_LANDMARKS; k++) {
      const FacenetPoint *point = &faces[i].landmarks[k];

      fill (drawing, point->x - line, point->y - line, point->x + line,
          point->y + line, red);
    }
  }
  return drawing;
}

/* The picture as PNG; (transfer full). Takes the image. */
static GBytes *
pack (ToolImage * image, GError ** error)
{
  g_autofree gchar *text = g_strdup_printf ("appsrc name=source "
      "caps=video/x-raw,format=RGB,width=%d,height=%d,framerate=0/1 "
      "! pngenc ! appsink name=sink sync=false", image->width, image->height);
  const gsize size = image->stride * (gsize) image->height;
  GstBuffer *buffer = gst_buffer_new_wrapped_full (0, image->data, size, 0,
      size, image, (GDestroyNotify) tool_image_free);
  g_autoptr (GstElement) pipeline = gst_parse_launch (text, NULL);
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstSample) sample = NULL;
  gpointer data;
  gsize n_bytes;

  if (pipeline != NULL) {
    source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
    sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  }
  if (source == NULL || sink == NULL) {
    gst_buffer_unref (buffer);
    g_set_error_literal (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "cannot draw: GStreamer has no appsrc, pngenc or appsink (packages "
        "gstreamer1.0-plugins-base and -good)");
    return NULL;
  }
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_app_src_push_buffer (GST_APP_SRC (source), buffer);
  sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), TIMEOUT);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  if (sample == NULL) {
    g_set_error_literal (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "cannot draw: the PNG encoder failed");
    return NULL;
  }
  gst_buffer_extract_dup (gst_sample_get_buffer (sample), 0, (gsize) - 1,
      &data, &n_bytes);
  return g_bytes_new_take (data, n_bytes);
}

ToolDrawings *
tool_drawings_new (const gchar * folder, GError ** error)
{
  ToolDrawings *self;

  if (g_mkdir_with_parents (folder, 0777) != 0) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
        "--draw: %s: cannot be made: %s", folder, g_strerror (errno));
    return NULL;
  }
  self = g_new0 (ToolDrawings, 1);
  self->folder = g_strdup (folder);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
tool_drawings_free (ToolDrawings * self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->names);
  g_free (self->folder);
  g_free (self);
}

/* FOLDER/NAME.png, else FOLDER/NAME-2.png and so on; (transfer full). */
static gchar *
choose_path (ToolDrawings * self, const gchar * location)
{
  g_autofree gchar *base = g_path_get_basename (location);
  gchar *dot = strrchr (base, '.');
  gchar *name;

  if (dot != NULL && dot != base)
    *dot = '\0';
  name = g_strconcat (base, ".png", NULL);
  for (guint i = 2; g_hash_table_contains (self->names, name); i++) {
    g_free (name);
    name = g_strdup_printf ("%s-%u.png", base, i);
  }
  g_hash_table_add (self->names, name);
  return g_build_filename (self->folder, name, NULL);
}

gboolean
tool_drawings_save (ToolDrawings * self, const gchar * location,
    const ToolImage * image, const FacenetFace * faces, guint n_faces,
    GError ** error)
{
  g_autofree gchar *path = choose_path (self, location);
  g_autoptr (GBytes) png = pack (draw (image, faces, n_faces), error);
  g_autoptr (GError) cause = NULL;

  if (png == NULL)
    return FALSE;
  if (g_file_set_contents (path, g_bytes_get_data (png, NULL),
          (gssize) g_bytes_get_size (png), &cause))
    return TRUE;
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN, "--draw: %s",
      cause->message);
  return FALSE;
}
