/* samples.h - small galleries for the tests
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Embeddings of four numbers that lie on a circle: the squared L2 distance of
 * two is 2 - 2 cos of the angle between them.
 */
#pragma once

#include <facenet/facenet-gallery.h>
#include <facenet/facenet-match.h>
#include <math.h>

#define SAMPLE_DIMS 4

#define assert_near(a, b, tolerance) \
    g_assert_cmpfloat (fabs ((gdouble) (a) - (gdouble) (b)), <=, tolerance)

static const FacenetGalleryModel sample_model = {
  "model-a", "tiny", "rgb-96-unit", SAMPLE_DIMS
};

/* The point at this squared L2 distance from (1,0,0,0); on the one side of it,
 * or with sign -1 on the other. */
static inline void
sample_at (gfloat vector[SAMPLE_DIMS], gdouble distance, gdouble sign)
{
  gdouble cosine = 1 - distance / 2;

  vector[0] = (gfloat) cosine;
  vector[1] = (gfloat) (sign * sqrt (MAX (0, 1 - cosine * cosine)));
  vector[2] = vector[3] = 0.0f;
}

static inline void
sample_add (FacenetGallery * gallery, const gchar * id, gdouble distance)
{
  gfloat vector[SAMPLE_DIMS];
  FacenetEnrolment enrolment = { vector, SAMPLE_DIMS, NULL, (gdouble) NAN };
  g_autoptr (GError) error = NULL;

  sample_at (vector, distance, 1);
  facenet_gallery_add (gallery, id, NULL, &enrolment, &error);
  g_assert_no_error (error);
}
