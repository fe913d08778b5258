/* detect.c - what finding faces costs, beside encoding one
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * One thread. A detector looks at RGB pictures of some sizes and nn4.small2
 * encodes a face, in turns of a few passes each, so that all meet the same
 * machine and find their own weights in the caches; printed are minima and
 * their ratios. The picture is noise: of faces there are none, so
 * that the second network does not run.
 */
#include <facenet/facenet.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define N_PASSES 4              /* of a turn */

static gint n_rounds = 200;

/* *INDENT-OFF* */
static const GOptionEntry options[] = {
  { "rounds", 'r', 0, G_OPTION_ARG_INT, &n_rounds, "Turns (200)", "N" },
  G_OPTION_ENTRY_NULL
};
static const gint sizes[][2] = {
  { 320, 240 }, { 640, 480 }, { 1280, 720 }, { 1920, 1080 }
};
/* *INDENT-ON* */

static gdouble
now (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return 1e3 * (gdouble) t.tv_sec + 1e-6 * (gdouble) t.tv_nsec;
}

static gdouble
time_detector (FacenetDetector * detector, const guint8 * bytes, gint w, gint h)
{
  FacenetPixels pixels = { bytes, 3 * (gsize) w };
  FacenetImage image;
  gdouble start = now ();
  guint n_faces;

  facenet_image_init_rgb (&image, &pixels, w, h);
  facenet_detector_detect (detector, &image, &n_faces);
  return now () - start;
}

static gdouble
time_session (FacenetSession * session, const gfloat * face)
{
  gfloat embedding[128];
  gdouble start = now ();

  facenet_session_embed (session, face, 1, embedding);
  return now () - start;
}

static void
run (FacenetDetector * detector, FacenetSession * session,
    const guint8 * bytes, const gfloat * face)
{
  gdouble face_ms = G_MAXDOUBLE, best[G_N_ELEMENTS (sizes)];

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    best[i] = G_MAXDOUBLE;
  for (gint round = 0; round < n_rounds; round++) {
    for (guint pass = 0; pass < N_PASSES; pass++)
      face_ms = MIN (face_ms, time_session (session, face));
    for (guint k = 0; k < G_N_ELEMENTS (sizes); k++)
      for (guint pass = 0; pass < N_PASSES; pass++)
        best[k] = MIN (best[k],
            time_detector (detector, bytes, sizes[k][0], sizes[k][1]));
  }
  printf ("%-10s %8s %6s\n", "", "ms", "ratio");
  printf ("%-10s %8.3f %6.2f\n", "one face", face_ms, 1.0);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    printf ("%4d x %-4d %7.3f %6.2f\n", sizes[i][0], sizes[i][1], best[i],
        best[i] / face_ms);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context =
      g_option_context_new ("- time detection and encoding");
  g_autoptr (GError) error = NULL;
  g_autoptr (FacenetDetector) detector = NULL;
  g_autoptr (FacenetModel) model = NULL;
  g_autoptr (FacenetSession) session = NULL;
  const gsize n_bytes = 3 * 1920 * 1080;
  g_autofree guint8 *bytes = g_malloc (n_bytes);
  g_autofree gfloat *face = g_new0 (gfloat, 3 * 96 * 96);

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)
      || (detector = facenet_detector_new (NULL, 1, &error)) == NULL
      || (model = facenet_model_load (NULL, NULL, &error)) == NULL) {
    fprintf (stderr, "%s\n", error->message);
    return EXIT_FAILURE;
  }
  session = facenet_session_new (model, 1);
  for (gsize i = 0; i < n_bytes; i++)
    bytes[i] = (guint8) (i * i * 2654435761u >> 24);
  run (detector, session, bytes, face);
  return EXIT_SUCCESS;
}
