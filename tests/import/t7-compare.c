/* t7-compare.c - a Torch7 file, and what this engine makes of it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * t7-compare FOLDER KIND   writes into FOLDER the shipped model as model.t7
 *                          (KIND: binary, ascii, or old: as before 2016),
 *                          a face as face.f32 and the embedding that this
 *                          file gives of it as embedding.f32, for another
 *                          program to compare
 */
#include "t7-writer.h"

#include "import/facenet-import.h"
#include "network/facenet-model-private.h"
#include "network/facenet-session-private.h"

#include <string.h>

#define FACE_SIZE (3 * 96 * 96)

static void
put (const gchar * folder, const gchar * name, const void *data, gsize size)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, data, (gssize) size, NULL));
}

int
main (int argc, char **argv)
{
  g_autoptr (FacenetWeights) weights = NULL;
  g_autoptr (FacenetModel) shipped = NULL;
  g_autoptr (FacenetModel) model = NULL;
  g_autoptr (FacenetSession) session = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *path = NULL;
  gfloat embedding[128];
  gboolean is_old;
  gfloat *face = g_newa (gfloat, FACE_SIZE);

  g_assert_cmpint (argc, ==, 3);
  weights = facenet_weights_load (g_getenv ("FACENET_MODEL"), &error);
  g_assert_no_error (error);
  is_old = g_str_equal (argv[2], "old");
  bytes = t7_write_model (weights, g_str_equal (argv[2], "ascii") ?
      T7_ASCII : is_old ? T7_STD | T7_OLD : T7_PLAIN);
  put (argv[1], "model.t7", g_bytes_get_data (bytes, NULL),
      g_bytes_get_size (bytes));

  path = g_build_filename (argv[1], "model.t7", NULL);
  model = facenet_import_model (path, NULL, &error);
  g_assert_no_error (error);
  shipped = facenet_model_load (NULL, NULL, &error);
  g_assert_no_error (error);
  /* From running_std variances come back only nearly. */
  g_assert_true (is_old == (strcmp (facenet_model_get_id (model),
              facenet_model_get_id (shipped)) != 0));
  for (guint i = 0; i < FACE_SIZE; i++) {
    face[i] = (gfloat) (i * 2654435761u >> 24) / 255.0f;
  }
  session = facenet_session_new (model, 1);
  facenet_session_embed (session, face, 1, embedding);
  put (argv[1], "face.f32", face, FACE_SIZE * sizeof *face);
  put (argv[1], "embedding.f32", embedding, sizeof embedding);
  return 0;
}
