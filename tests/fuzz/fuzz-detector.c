/* fuzz-detector.c - any bytes as a detector file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * What is accepted must find faces in a picture, or none, without reading or
 * writing beside its maps.
 */
#include "fuzz-private.h"

#include "face/facenet-candidates-private.h"

#include <math.h>

#define SIDE 96

static void
run_pass (const FacenetDetectorModel * model, FacenetMapView * levels,
    FacenetPass * pass)
{
  g_autoptr (FacenetPool) pool = facenet_pool_new (1);
  FacenetMapView input = facenet_pass_get_input (pass);
  gfloat *scratch =
      facenet_arena_alloc (facenet_compiled_get_scratch_size (&model->detect));

  for (guint c = 0; c < 3; c++)
    for (guint y = 0; y < SIDE; y++)
      for (guint x = 0; x < SIDE; x++)
        input.data[y * input.row + x * input.pixel + c * input.channel] =
            (gfloat) ((x * y + 31 * c) % 256) / 127.5f - 1.0f;
  facenet_pass_run (pass, pool, &scratch);
  for (guint i = 0; i < FACENET_N_LEVELS; i++)
    levels[i] = facenet_pass_get_map (pass, model->levels[i]);
  facenet_arena_free (scratch);
}

static void
detect (const FacenetDetectorModel * model)
{
  g_autoptr (FacenetPass) pass = facenet_pass_new (&model->detect, SIDE, SIDE);
  FacenetMapView levels[FACENET_N_LEVELS];
  FacenetCandidates candidates;

  run_pass (model, levels, pass);
  facenet_candidates_init (&candidates);
  facenet_candidates_decode (&candidates, levels, 0.1, SIDE, SIDE);
  facenet_candidates_suppress (&candidates, 100);
  for (guint i = 0; i < candidates.n; i++) {
    FacenetPoint points[FACENET_N_LANDMARKS];

    g_assert (isfinite (candidates.items[i].x0 + candidates.items[i].x1));
    facenet_candidate_get_landmarks (&candidates.items[i], levels, points);
  }
  facenet_candidates_clear (&candidates);
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (FacenetWeights) weights =
      facenet_weights_parse (bytes, "fuzz", &error);
  FacenetDetectorModel *model;

  if (weights == NULL)
    return 0;
  model = facenet_detector_model_new (weights, &error);
  if (model == NULL) {
    g_assert (error != NULL && error->domain == FACENET_ERROR);
    return 0;
  }
  g_assert (error == NULL);
  detect (model);
  facenet_detector_model_unref (model);
  return 0;
}
