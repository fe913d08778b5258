/* fixture.h - runs the facenet command and makes images for it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What a run of the command came to. */
typedef struct {
  gint status;
  gchar *out;
  gchar *err;
} ToolRun;

/* arguments: separated by blanks, "@" stands for the test's own folder. */
ToolRun *tool_run (const gchar * arguments, ...) G_GNUC_PRINTF (1, 2);
void tool_run_free (ToolRun * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolRun, tool_run_free)

/* Fails the test when one of these is not so. */
void tool_run_expect (const ToolRun * self, gint status);
void tool_run_expect_error (const ToolRun * self, const gchar * text);

/* Line number index of the output, which must be a JSON object; (transfer
 * full). */
JsonObject *tool_run_get_json (const ToolRun * self, guint index);
guint tool_run_count_lines (const ToolRun * self);

/* Embedding of face number face in an object that embed printed. */
void tool_json_get_embedding (JsonObject * object, guint face,
    gfloat * embedding);

/* A path in the test's own folder; (transfer full). */
gchar *tool_path (const gchar * name);
void tool_write (const gchar * name, const void *data, gsize size);
gchar *tool_read (const gchar * name, gsize * size);

/* A picture that is no face: smooth blots of colour, others for another seed.
 * orientation, EXIF's 1 to 8, is how the camera was held: the pixels are
 * stored so that turning them by it gives the picture of 1. The encoder
 * follows from the name, .png or .jpg; JPEG files get an EXIF header. */
void tool_write_picture (const gchar * name, guint seed, guint orientation);

/* A plain grey picture of this size, JPEG or PNG. */
void tool_write_grey (const gchar * name, guint width, guint height);

/* Runs a pipeline to its end, which must be no error. */
void tool_run_pipeline (const gchar * text);

/* Makes the test's own folder, runs the tests, removes the folder. */
gint tool_test_main (void);

G_END_DECLS
