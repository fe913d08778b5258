/* fuzz-landmarks.c - any bytes as a shape predictor
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * What is accepted finds some frame of finite numbers in any picture.
 */
#include "fuzz-private.h"

#include "image/facenet-aligner-private.h"
#include "image/facenet-landmarks-private.h"

#include <facenet/facenet-error.h>
#include <math.h>

#define SIDE 32

static void
align (FacenetLandmarks * landmarks)
{
  static const guint8 pixels[3 * SIDE * SIDE] = { 255, 128, 0 };
  const FacenetPixels rows = { pixels, 3 * SIDE };
  const FacenetRect guess = { 4, 4, 24, 24 };
  FacenetAligner *aligner = facenet_aligner_new (landmarks);
  FacenetAffine affine;
  FacenetImage image;

  facenet_image_init_rgb (&image, &rows, SIDE, SIDE);
  facenet_aligner_align (aligner, &image, &guess, &affine, NULL);
  g_assert (isfinite (affine.xu) && isfinite (affine.yu));
  g_assert (isfinite (affine.x0) && isfinite (affine.y0));
  facenet_aligner_free (aligner);
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  g_autoptr (GError) error = NULL;
  FacenetLandmarks *landmarks =
      facenet_landmarks_parse (data, size, "fuzz", &error);

  if (landmarks == NULL) {
    g_assert (error != NULL && error->domain == FACENET_ERROR);
    return 0;
  }
  g_assert (error == NULL);
  align (landmarks);
  facenet_landmarks_unref (landmarks);
  return 0;
}
