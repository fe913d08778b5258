/* print-blas-core.c - runs a pipeline, then names the core of our BLAS
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * usage: print-blas-core [PIPELINE]
 *
 * A child of blas-core.c. Built a second time with FACENET_LINK_OPENBLAS, it
 * is a program that uses the shared OpenBLAS itself, before our library does.
 */
#include <facenet/facenet.h>
#include <gst/gst.h>
#include <stdio.h>

#ifdef FACENET_LINK_OPENBLAS
#include <cblas.h>
#endif

static gboolean
run_pipeline (const gchar * description)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, &error);
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;

  if (pipeline == NULL) {
    g_printerr ("%s\n", error->message);
    return FALSE;
  }
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
}

int
main (int argc, char **argv)
{
#ifdef FACENET_LINK_OPENBLAS
  float one = 1.0f;

  cblas_sscal (1, 2.0f, &one, 1);
#endif
  gst_init (&argc, &argv);
  if (argc > 1 && !run_pipeline (argv[1]))
    return 1;
  puts (facenet_runtime_get_blas_core ());
  return 0;
}
