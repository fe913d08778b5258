/* messages.c - runs a pipeline and reads what facematch says
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * usage: messages PIPELINE…        the words of a gst-launch-1.0 line
 *
 * Prints a line per face, e.g.
 *   0:00:03.000000000 match Ann Smith, 0.31 of 1.00, 120x120 at 64,48
 */
#include <gst/gst.h>

/* Fields that do not apply are left out, so each one is asked for. */
static void
print_face (const GstStructure * message)
{
  const GstStructure *face = NULL;
  guint64 time = 0;
  gdouble distance, threshold;
  guint x = 0, y = 0, w = 0, h = 0;

  gst_structure_get_uint64 (message, "stream-time", &time);
  gst_print ("%" GST_TIME_FORMAT " %s", GST_TIME_ARGS (time),
      gst_structure_get_string (message, "event"));
  if (gst_structure_has_field (message, "name"))
    gst_print (" %s", gst_structure_get_string (message, "name"));
  if (gst_structure_get_double (message, "distance", &distance)
      && gst_structure_get_double (message, "threshold", &threshold))
    gst_print (", %.2f of %.2f", distance, threshold);
  if (gst_structure_has_field (message, "face"))
    face = gst_value_get_structure (gst_structure_get_value (message, "face"));
  if (face != NULL && gst_structure_get (face, "x", G_TYPE_UINT, &x,
          "y", G_TYPE_UINT, &y, "width", G_TYPE_UINT, &w,
          "height", G_TYPE_UINT, &h, NULL))
    gst_print (", %ux%u at %u,%u", w, h, x, y);
  if (gst_structure_has_field (message, "reason"))
    gst_print (" (%s)", gst_structure_get_string (message, "reason"));
  gst_print ("\n");
}

static void
print_error (GstMessage * message)
{
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, NULL);
  else
    gst_message_parse_warning (message, &error, NULL);
  gst_printerr ("%s: %s\n", GST_OBJECT_NAME (GST_MESSAGE_SRC (message)),
      error->message);
}

/* Reads the bus until the stream ends; FALSE when it ended with an error. */
static gboolean
read_bus (GstBus * bus)
{
  while (TRUE) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop (bus,
        GST_CLOCK_TIME_NONE);

    switch (GST_MESSAGE_TYPE (message)) {
      case GST_MESSAGE_ELEMENT:
        if (gst_message_has_name (message, "facematch"))
          print_face (gst_message_get_structure (message));
        break;
      case GST_MESSAGE_WARNING:
        print_error (message);
        break;
      case GST_MESSAGE_ERROR:
        print_error (message);
        return FALSE;
      case GST_MESSAGE_EOS:
        return TRUE;
      default:
        break;
    }
  }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstBus) bus = NULL;
  gboolean ok;

  gst_init (&argc, &argv);
  pipeline = gst_parse_launchv ((const gchar **) argv + 1, &error);
  if (error != NULL) {
    gst_printerr ("%s\n", error->message);
    return 1;
  }
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  ok = read_bus (bus);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return ok ? 0 : 1;
}
