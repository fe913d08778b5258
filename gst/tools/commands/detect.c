/* detect.c - facenet detect: where the faces in images are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "common/console.h"
#include "common/files.h"
#include "base/facenet-json-writer.h"
#include "media/drawing.h"
#include "media/finder.h"

#include <gst/gst.h>

static const gchar description[] =
    "Finds the faces in images and five points in each: right eye, left eye,\n"
    "tip of the nose, right and left corner of the mouth. \"Right\" is the\n"
    "person's right. A folder stands for all images in it and below.\n\n"
    "With --json each image is a line\n"
    "  {\"image\":...,\"faces\":[{\"box\":{\"x\":...,\"y\":...,\"width\":...,"
    "\"height\":...},\n"
    "   \"confidence\":...,\"landmarks\":[[x,y],...]}]}\n"
    "or, if it cannot be read, {\"image\":...,\"error\":...}. Coordinates are\n"
    "pixels of the image, (0,0) is its top left corner.\n\n"
    "Exit status: 0 if a face was found, 1 if none was, 2 if no image could\n"
    "be read or something else went wrong.\n\n"
    "Examples:\n"
    "  facenet detect party.jpg\n"
    "  facenet detect --json photos/ > faces.jsonl\n"
    "  facenet detect --draw drawn --min-face-size 12 crowd.jpg";

static void
print_text (const gchar * name, const FacenetFace * faces, guint n_faces)
{
  if (n_faces == 0) {
    g_autofree gchar *line = g_strdup_printf ("%s: no face", name);

    tool_print_line (line);
  }
  for (guint i = 0; i < n_faces; i++) {
    const FacenetRect *box = &faces[i].box;
    g_autofree gchar *line = g_strdup_printf ("%s: face %u of %u, "
        "%.0fx%.0f at %.0f,%.0f, confidence %.2f", name, i + 1, n_faces,
        box->width, box->height, box->x, box->y, faces[i].confidence);

    tool_print_line (line);
  }
}

static void
add_face_json (GString * json, const FacenetFace * face)
{
  facenet_json_open_object (json, NULL);
  facenet_json_open_object (json, "box");
  facenet_json_add_double (json, "x", face->box.x);
  facenet_json_add_double (json, "y", face->box.y);
  facenet_json_add_double (json, "width", face->box.width);
  facenet_json_add_double (json, "height", face->box.height);
  facenet_json_close_object (json);
  facenet_json_add_double (json, "confidence", face->confidence);
  if (face->has_landmarks) {
    facenet_json_open_array (json, "landmarks");
    for (guint i = 0; i < FACENET_N_LANDMARKS; i++) {
      facenet_json_open_array (json, NULL);
      facenet_json_add_double (json, NULL, face->landmarks[i].x);
      facenet_json_add_double (json, NULL, face->landmarks[i].y);
      facenet_json_close_array (json);
    }
    facenet_json_close_array (json);
  }
  facenet_json_close_object (json);
}

static void
print_json (const gchar * name, const FacenetFace * faces, guint n_faces)
{
  g_autoptr (GString) json = g_string_new (NULL);

  facenet_json_open_object (json, NULL);
  facenet_json_add_string (json, "image", name);
  facenet_json_open_array (json, "faces");
  for (guint i = 0; i < n_faces; i++)
    add_face_json (json, &faces[i]);
  facenet_json_close_array (json);
  facenet_json_close_object (json);
  tool_print_line (json->str);
}

typedef struct
{
  ToolFinder *finder;
  ToolDrawings *drawings;       /* NULL = none */
  gboolean json;
  guint n_read, n_faces;
} DetectRun;

/* Prints and draws the faces of an image; FALSE if it cannot be read or the
 * drawing cannot be written. */
static gboolean
detect_image (DetectRun * run, const gchar * location, const gchar * name,
    GError ** error)
{
  g_autoptr (ToolImage) image = tool_image_load (location, error);
  const FacenetFace *faces;
  guint n_faces;

  if (image == NULL)
    return FALSE;
  faces = tool_finder_find (run->finder, image, &n_faces);
  if (run->drawings != NULL && !tool_drawings_save (run->drawings, location,
          image, faces, n_faces, error))
    return FALSE;
  run->n_read++;
  run->n_faces += n_faces;
  if (run->json)
    print_json (name, faces, n_faces);
  else
    print_text (name, faces, n_faces);
  return TRUE;
}

static ToolStatus
detect_images (DetectRun * run, const ToolOptions * options)
{
  g_autoptr (GPtrArray) images =
      tool_files_expand ((const gchar * const *) options->paths);

  for (guint i = 0; i < images->len; i++) {
    const gchar *location = g_ptr_array_index (images, i);
    g_autofree gchar *name = g_filename_display_name (location);
    g_autoptr (GError) error = NULL;

    tool_progress (i, images->len, location);
    if (!detect_image (run, location, name, &error))
      tool_report_failed_image (name, error, run->json);
  }
  if (run->n_read == 0)
    return TOOL_ERROR;
  return run->n_faces > 0 ? TOOL_YES : TOOL_NO;
}

static ToolStatus
run (const ToolCommand * command, gint argc, gchar ** argv)
{
  g_auto (ToolOptions) options = { 0 };
  g_autofree gchar *draw = NULL;
  g_autoptr (ToolDrawings) drawings = NULL;
  g_autoptr (ToolFinder) finder = NULL;
  g_autoptr (GError) error = NULL;
  /* *INDENT-OFF* */
  const GOptionEntry entries[] = {
    { "draw", 0, 0, G_OPTION_ARG_FILENAME, &draw,
      "Write each image with its boxes and points as PNG to this folder",
      "FOLDER" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &options.threads,
      "Number of threads (default: 0, one per core)", "N" },
    G_OPTION_ENTRY_NULL
  };
  /* *INDENT-ON* */

  if (tool_options_parse (&options, command, entries, argc, argv, &error)
      && tool_options_require_paths (&options, command, 1, G_MAXUINT, &error)
      && (draw == NULL || (drawings = tool_drawings_new (draw, &error)))
      && (finder = tool_finder_new (&options, &error))) {
    DetectRun detect_run = {.finder = finder,.drawings = drawings,
      .json = options.json
    };

    gst_init (NULL, NULL);
    return detect_images (&detect_run, &options);
  }
  tool_message ("%s", error->message);
  return TOOL_ERROR;
}

const ToolCommand tool_command_detect = {
  .name = "detect",
  .arguments = "IMAGE...",
  .summary = "Says where the faces in images are",
  .description = description,
  .detects = TRUE,
  .no_model = TRUE,
  .run = run,
};
