/* facenet-augment.c - one photo, as if taken many times
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * In the order in which a camera does it: where the detector saw the face,
 * light, focus, distance, noise of the sensor, compression. What is drawn is
 * drawn first and always, so that no change depends on whether another one
 * happens.
 *
 * Strength 1: shifts of 3.6 % of the side are one sigma of what facedetect's
 * boxes differ from the true frame by (FACENET_ROI_OFFSET_Y), its scale
 * differs by 7 %.
 */
#include "train/facenet-augment-private.h"
#include "train/facenet-degrade-private.h"
#include "train/facenet-jpeg-private.h"
#include "train/facenet-jitter-private.h"

#include <math.h>

#define SHRINK_SIDE 40.0
#define JPEG_QUALITY 40.0

/* What one picture gets; 0 in blur, side, noise and quality is nothing. */
typedef struct
{
  FacenetJitter jitter;
  gdouble brightness, contrast;
  gdouble blur;
  guint side;
  gdouble noise;
  guint quality;
} Draw;

void
facenet_augment_init (FacenetAugment * self, gdouble strength)
{
  self->chance = MIN (0.3 * strength, 1.0);
  self->flip = strength > 0.0 ? 0.5 : 0.0;
  self->shift = 0.05 * strength;
  self->scale = 0.08 * strength;
  self->rotation = 6.0 * strength;
  self->brightness = 0.12 * strength;
  self->contrast = 0.25 * strength;
  self->blur = 1.5 * strength;
  self->shrink = SHRINK_SIDE / MAX (strength, 1.0);
  self->noise = 0.04 * strength;
  self->quality = JPEG_QUALITY / MAX (strength, 1.0);
}

/* A number in [-most, most]. */
static gdouble
draw_around_zero (GRand * rand, gdouble most)
{
  return most * (2.0 * g_rand_double (rand) - 1.0);
}

/* A number between from and to, or with 1 - chance nothing. */
static gdouble
draw_by_chance (GRand * rand, gdouble chance, gdouble from, gdouble to)
{
  const gboolean happens = g_rand_double (rand) < chance;
  const gdouble value = from + (to - from) * g_rand_double (rand);

  return happens ? value : 0.0;
}

static void
draw_init (Draw * self, const FacenetAugment * limits, GRand * rand)
{
  const gdouble chance = limits->chance;

  self->jitter.flip = g_rand_double (rand) < limits->flip;
  self->jitter.shift_x = draw_around_zero (rand, limits->shift);
  self->jitter.shift_y = draw_around_zero (rand, limits->shift);
  self->jitter.scale = exp (draw_around_zero (rand, limits->scale));
  self->jitter.rotation =
      draw_around_zero (rand, limits->rotation) * G_PI / 180.0;
  self->brightness = draw_around_zero (rand, limits->brightness);
  self->contrast = exp (draw_around_zero (rand, limits->contrast));
  self->blur = draw_by_chance (rand, chance, 0.3, MAX (limits->blur, 0.3));
  self->side = (guint) draw_by_chance (rand, chance, limits->shrink,
      FACENET_AUGMENT_FACE);
  self->noise = draw_by_chance (rand, chance, 0.0, limits->noise);
  self->quality = (guint) draw_by_chance (rand, chance, limits->quality, 95.0);
}

void
facenet_augment_apply (const FacenetAugment * self, const guint8 * picture,
    GRand * rand, gfloat * face)
{
  Draw draw;

  draw_init (&draw, self, rand);
  facenet_jitter_apply (&draw.jitter, picture, FACENET_AUGMENT_SIDE, face,
      FACENET_AUGMENT_FACE);
  if (draw.brightness != 0.0 || draw.contrast != 1.0)
    facenet_degrade_light (face, FACENET_AUGMENT_FACE, draw.contrast,
        draw.brightness);
  if (draw.blur > 0.0)
    facenet_degrade_blur (face, FACENET_AUGMENT_FACE, draw.blur);
  if (draw.side > 0)
    facenet_degrade_shrink (face, FACENET_AUGMENT_FACE, draw.side);
  if (draw.noise > 0.0)
    facenet_degrade_noise (face, FACENET_AUGMENT_FACE, draw.noise, rand);
  if (draw.quality > 0)
    facenet_jpeg_degrade (face, FACENET_AUGMENT_FACE, draw.quality);
}
