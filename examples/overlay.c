/* overlay.c - draws who is in the picture
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * usage: overlay PIPELINE…     the words of a gst-launch-1.0 line, in which a
 *                              cairooverlay behind facematch is named "faces"
 *
 * Box, name and distance of each face, in a colour for each event. What comes
 * behind the cairooverlay is a window, a file, whatever the line says. A
 * program that is happy with how it looks uses the element facematchoverlay.
 */
#include <cairo.h>
#include <gst/facenet/gstfacenet.h>
#include <gst/video/video.h>
#include <math.h>

/* How long faces stay that no later frame has told anything of: facenetencode
 * may skip frames, and a detector misses a face now and then. */
#define HOLD (500 * GST_MSECOND)

/* A face, with its box in parts of the frame's width and height. */
typedef struct
{
  gdouble x, y, w, h;
  FacenetEvent event;
  gchar *label;
} Face;

typedef struct
{
  GArray *faces;
  GstClockTime seen;            /* when, PTS */
  gint width, height;           /* of the frames drawn on, in pixels */
} Overlay;

static void
clear_face (gpointer data)
{
  g_free (((Face *) data)->label);
}

/* "Ann Smith 0.31", "Ann Smith? 0.74" or "unknown-3 1.20". */
static gchar *
make_label (const GstFaceMatchMeta * match)
{
  const gchar *event = facenet_event_get_nick (match->event);
  g_autofree gchar *name = NULL;

  if (match->event == FACENET_EVENT_MATCH)
    name = g_strdup (match->name);
  else if (match->event == FACENET_EVENT_UNCERTAIN && match->name != NULL)
    name = g_strconcat (match->name, "?", NULL);
  else if (match->event == FACENET_EVENT_UNKNOWN && match->id != NULL)
    name = g_strdup (match->id);
  else
    name = g_strdup (event);
  if (isnan (match->distance))
    return g_steal_pointer (&name);
  return g_strdup_printf ("%s %.2f", name, match->distance);
}

/* Remembers the faces of a buffer. The boxes are in pixels of the frame that
 * was encoded; the one that is drawn on may be of another size. */
static GstPadProbeReturn
look_at_buffer (GstPad * pad, GstPadProbeInfo * info, gpointer data)
{
  GstBuffer *buffer = gst_pad_probe_info_get_buffer (info);
  Overlay *self = data;
  gpointer state = NULL;
  GstFaceEmbeddingMeta *face;
  gboolean found = FALSE;

  while ((face = gst_buffer_iterate_face_embedding_meta (buffer, &state))) {
    GstFaceMatchMeta *match = gst_buffer_get_face_match_meta (buffer,
        face->index);
    gdouble width = face->frame_width, height = face->frame_height;
    Face seen = { face->x / width, face->y / height, face->w / width,
      face->h / height, FACENET_EVENT_UNKNOWN, NULL
    };

    if (match == NULL)
      continue;
    if (!found)
      g_array_set_size (self->faces, 0);
    found = TRUE;
    seen.event = match->event;
    seen.label = make_label (match);
    g_array_append_val (self->faces, seen);
    self->seen = GST_BUFFER_PTS (buffer);
  }
  return GST_PAD_PROBE_OK;
}

/* Colours that people with colour vision deficiencies can tell apart too. */
static void
set_colour (cairo_t * cr, FacenetEvent event)
{
  switch (event) {
    case FACENET_EVENT_MATCH:
      cairo_set_source_rgb (cr, 0.0, 0.8, 0.6);
      break;
    case FACENET_EVENT_UNCERTAIN:
      cairo_set_source_rgb (cr, 0.95, 0.9, 0.25);
      break;
    case FACENET_EVENT_UNKNOWN:
      cairo_set_source_rgb (cr, 1.0, 0.5, 0.1);
      break;
    default:
      cairo_set_source_rgb (cr, 0.7, 0.7, 0.7);
  }
}

/* Draws the path twice, black below: seen on any ground. */
static void
stroke_outlined (cairo_t * cr, FacenetEvent event, gdouble width)
{
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_set_line_width (cr, 2 * width);
  cairo_stroke_preserve (cr);
  set_colour (cr, event);
  cairo_set_line_width (cr, width);
  cairo_stroke (cr);
}

/* Writes above the box, or inside where there is no room above it. */
static void
draw_label (cairo_t * cr, const Overlay * self, const Face * face)
{
  gdouble size = MAX (12.0, self->height / 24.0);
  gdouble x = face->x * self->width, y = face->y * self->height - size / 3;
  cairo_text_extents_t extents;

  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
      CAIRO_FONT_WEIGHT_BOLD);
  cairo_set_font_size (cr, size);
  cairo_text_extents (cr, face->label, &extents);
  if (y < size)
    y += size * 4 / 3;
  x = CLAMP (x, 0, MAX (0, self->width - extents.x_advance));
  cairo_move_to (cr, x, y);
  cairo_text_path (cr, face->label);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_set_line_width (cr, size / 5);
  cairo_stroke_preserve (cr);
  set_colour (cr, face->event);
  cairo_fill (cr);
}

static void
draw (GstElement * element, cairo_t * cr, guint64 timestamp, guint64 duration,
    gpointer data)
{
  Overlay *self = data;

  if (GST_CLOCK_TIME_IS_VALID (timestamp) && (timestamp < self->seen
          || timestamp - self->seen > HOLD))
    g_array_set_size (self->faces, 0);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; i < self->faces->len; i++) {
    const Face *face = &g_array_index (self->faces, Face, i);

    cairo_rectangle (cr, face->x * self->width, face->y * self->height,
        face->w * self->width, face->h * self->height);
    stroke_outlined (cr, face->event, MAX (2.0, self->height / 240.0));
    draw_label (cr, self, face);
  }
}

static void
learn_size (GstElement * element, GstCaps * caps, gpointer data)
{
  Overlay *self = data;
  GstVideoInfo info;

  if (gst_video_info_from_caps (&info, caps)) {
    self->width = info.width;
    self->height = info.height;
  }
}

/* Waits for the end of the stream; FALSE when it ended with an error. */
static gboolean
wait (GstElement * pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    return TRUE;
  gst_message_parse_error (message, &error, NULL);
  gst_printerr ("%s: %s\n", GST_OBJECT_NAME (GST_MESSAGE_SRC (message)),
      error->message);
  return FALSE;
}

static gboolean
run (GstElement * pipeline, Overlay * self)
{
  g_autoptr (GstElement) overlay = NULL;
  g_autoptr (GstPad) pad = NULL;
  gboolean ok;

  if (GST_IS_BIN (pipeline))
    overlay = gst_bin_get_by_name (GST_BIN (pipeline), "faces");
  if (overlay == NULL) {
    gst_printerr ("The pipeline has no cairooverlay named \"faces\"\n");
    return FALSE;
  }
  pad = gst_element_get_static_pad (overlay, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, look_at_buffer, self,
      NULL);
  g_signal_connect (overlay, "caps-changed", G_CALLBACK (learn_size), self);
  g_signal_connect (overlay, "draw", G_CALLBACK (draw), self);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  ok = wait (pipeline);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return ok;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  Overlay overlay = { NULL, 0, 0, 0 };
  gboolean ok;

  gst_init (&argc, &argv);
  pipeline = gst_parse_launchv ((const gchar **) argv + 1, &error);
  if (error != NULL) {
    gst_printerr ("%s\n", error->message);
    return 1;
  }
  overlay.faces = g_array_new (FALSE, FALSE, sizeof (Face));
  g_array_set_clear_func (overlay.faces, clear_face);
  ok = run (pipeline, &overlay);
  g_array_unref (overlay.faces);
  return ok ? 0 : 1;
}
