/* plot.c - plots as files
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The library draws SVG; for PNG, appsrc ! rsvgdec ! videoconvert ! pngenc !
 * appsink paints it.
 */
#include "plot.h"

#include <gst/app/app.h>
#include <string.h>

#define TIMEOUT (30 * GST_SECOND)

static gboolean
has_ending (const gchar * location, const gchar * ending)
{
  gsize length = strlen (location), n = strlen (ending);

  return length > n && g_ascii_strcasecmp (location + length - n, ending) == 0;
}

gboolean
tool_plot_check (const gchar * location, GError ** error)
{
  static const gchar *const elements[] = { "rsvgdec", "pngenc" };
  g_autofree gchar *name = NULL;

  if (location == NULL || has_ending (location, ".svg"))
    return TRUE;
  name = g_filename_display_name (location);
  if (!has_ending (location, ".png")) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: the name of a plot must end in .svg or .png", name);
    return FALSE;
  }
  gst_init (NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++) {
    g_autoptr (GstElementFactory) factory =
        gst_element_factory_find (elements[i]);

    if (factory == NULL) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
          "%s: a PNG plot needs GStreamer's %s (package %s); an .svg plot does "
          "not", name, elements[i],
          i == 0 ? "gstreamer1.0-plugins-bad" : "gstreamer1.0-plugins-good");
      return FALSE;
    }
  }
  return TRUE;
}

/* Why a pipeline gave no picture. */
static void
set_cause (GstElement * pipeline, const gchar * location, GError ** error)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_autoptr (GError) cause = NULL;
  g_autofree gchar *name = g_filename_display_name (location);

  if (message)
    gst_message_parse_error (message, &cause, NULL);
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: the plot cannot be drawn: %s", name,
      cause ? cause->message : "no answer");
}

static GstSample *
paint (GstElement * pipeline, gchar * svg)
{
  g_autoptr (GstElement) source =
      gst_bin_get_by_name (GST_BIN (pipeline), "source");
  g_autoptr (GstElement) sink =
      gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  gsize size = strlen (svg);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_app_src_push_buffer (GST_APP_SRC (source),
      gst_buffer_new_wrapped (svg, size));
  gst_app_src_end_of_stream (GST_APP_SRC (source));
  return gst_app_sink_try_pull_sample (GST_APP_SINK (sink), TIMEOUT);
}

static gboolean
save_png (const FacenetPlot * plot, const gchar * location, GError ** error)
{
  g_autoptr (GstElement) pipeline = gst_parse_launch ("appsrc name=source "
      "caps=image/svg+xml ! rsvgdec ! videoconvert ! pngenc ! "
      "appsink name=sink sync=false", error);
  g_autoptr (GstSample) sample = NULL;
  GstMapInfo map;
  gboolean done = FALSE;

  if (pipeline == NULL)
    return FALSE;
  sample = paint (pipeline, facenet_plot_to_svg (plot));
  if (sample == NULL) {
    set_cause (pipeline, location, error);
  } else if (gst_buffer_map (gst_sample_get_buffer (sample), &map,
          GST_MAP_READ)) {
    done = g_file_set_contents (location, (const gchar *) map.data,
        (gssize) map.size, error);
    gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return done;
}

gboolean
tool_plot_save (const FacenetPlot * plot, const gchar * location,
    GError ** error)
{
  return has_ending (location, ".png") ? save_png (plot, location, error)
      : facenet_plot_save (plot, location, error);
}
