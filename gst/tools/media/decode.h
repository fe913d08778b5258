/* decode.h - what decoding pictures and videos have in common
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* name: of the file, for errors
 * kind: what is wanted of it, "picture" or "video"
 * pipeline: from a filesrc named "source" and a decodebin named "decoder" to
 *   an appsink named "sink"; NULL until it is built
 * first: the element behind the decoder
 * missing: the decoder that is not installed
 * too_large: "WIDTHxHEIGHT", when the picture is
 * is_picture: the data are an image or a video
 * n_ignored: video tracks beside the first
 * The last three are written by streaming threads. */
typedef struct {
  const gchar *name;
  const gchar *kind;
  GstElement *pipeline;
  GstElement *first;
  gchar *missing;
  gchar *too_large;
  gint is_picture;
  gint n_ignored;
} ToolDecode;

/* A file that can be read and has something in it; OPEN or TRUNCATED. */
gboolean tool_decode_check_file (const ToolDecode * self,
    const gchar * location, GError ** error);

/* Builds the pipeline behind the decoder from its description, in which
 * "first" is what the decoder is linked to, and connects it. */
gboolean tool_decode_build (ToolDecode * self, const gchar * location,
    const gchar * description, GError ** error);

/* Waits for a message that ends decoding: error, end of stream, the first
 * picture in the sink or a stop of our own; NULL when timeout is over.
 * (transfer full) */
GstMessage *tool_decode_wait (ToolDecode * self, GstMessageType ends,
    GstClockTime timeout);

/* Why nothing was decoded, from the last message (NULL: none came for
 * timeout). */
void tool_decode_set_error (const ToolDecode * self, GstMessage * message,
    GstClockTime timeout, GError ** error);

/* Stops and frees the pipeline and what was learned. */
void tool_decode_clear (ToolDecode * self);

G_END_DECLS
