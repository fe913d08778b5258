/* quality-copies.h - pictures and what becomes of them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Copies as cameras make them: out of focus, with less light, from farther
 * away; each of eight bits again.
 */
#pragma once

#include <facenet/facenet-cropper.h>
#include <facenet/facenet-quality.h>
#include <string.h>

#define SIDE 96

/* data: [height,width,3], owned */
typedef struct {
  gint width, height;
  guint8 *data;
} Picture;

static inline void
picture_clear (Picture * self)
{
  g_clear_pointer (&self->data, g_free);
}

static inline void
picture_alloc (Picture * self, gint width, gint height)
{
  self->width = width;
  self->height = height;
  self->data = g_malloc ((gsize) (3 * width * height));
}

/* Measures the face in a rectangle of the picture. */
static inline void
picture_measure (const Picture * self, const FacenetRect * rect,
    FacenetQuality * quality)
{
  g_autoptr (FacenetCropper) cropper = facenet_cropper_new (SIDE, SIDE);
  g_autofree gfloat *face = g_new (gfloat, 3 * SIDE * SIDE);
  const FacenetPixels pixels = { self->data, 3 * (gsize) self->width };
  FacenetImage image;

  facenet_image_init_rgb (&image, &pixels, self->width, self->height);
  facenet_cropper_crop_rect (cropper, &image, rect, face, NULL);
  facenet_quality_measure (quality, face, SIDE, SIDE,
      MIN (rect->width, rect->height));
}

/* Means over 2 radius + 1 pixels in a row; edges repeat. step: bytes from one
 * pixel to the next. */
static inline void
smooth_line (guint8 * line, gint n, gint step, gint radius)
{
  g_autofree guint8 *old = g_new (guint8, n);
  gint i, k;

  for (i = 0; i < n; i++)
    old[i] = line[i * step];
  for (i = 0; i < n; i++) {
    gint sum = radius;

    for (k = -radius; k <= radius; k++)
      sum += old[CLAMP (i + k, 0, n - 1)];
    line[i * step] = (guint8) (sum / (2 * radius + 1));
  }
}

/* Two box filters, one after the other. */
static inline void
picture_blur (const Picture * self, Picture * copy, gint radius)
{
  const gint row = 3 * self->width;
  gint i, pass;

  picture_alloc (copy, self->width, self->height);
  memcpy (copy->data, self->data, (gsize) (row * self->height));
  for (pass = 0; pass < 2; pass++) {
    for (i = 0; i < 3 * self->height; i++)
      smooth_line (copy->data + i / 3 * row + i % 3, self->width, 3, radius);
    for (i = 0; i < row; i++)
      smooth_line (copy->data + i, self->height, row, radius);
  }
}

static inline void
picture_darken (const Picture * self, Picture * copy, gdouble gain)
{
  gint i;

  picture_alloc (copy, self->width, self->height);
  for (i = 0; i < 3 * self->width * self->height; i++)
    copy->data[i] = (guint8) (gain * self->data[i] + 0.5);
}

/* Means of factor x factor pixels. */
static inline void
picture_shrink (const Picture * self, Picture * copy, gint factor)
{
  gint x, y, c, i;

  picture_alloc (copy, self->width / factor, self->height / factor);
  for (y = 0; y < copy->height; y++) {
    for (x = 0; x < copy->width; x++) {
      for (c = 0; c < 3; c++) {
        gint sum = factor * factor / 2;

        for (i = 0; i < factor * factor; i++)
          sum += self->data[((y * factor + i / factor) * self->width
                  + x * factor + i % factor) * 3 + c];
        copy->data[(y * copy->width + x) * 3 + c] =
            (guint8) (sum / (factor * factor));
      }
    }
  }
}

/* Blurred, dark and tiny copies all score lower than the picture. */
static inline void
picture_check_copies (const Picture * self, const FacenetRect * rect,
    const gchar * name)
{
  static const gdouble gains[] = { 0.8, 0.5, 0.3, 0.1 };
  const gint unit = MAX (1, (gint) (rect->width / SIDE + 0.5));
  FacenetQuality original, copied;
  guint i;

  picture_measure (self, rect, &original);
  g_test_message ("%s: sharpness %.3f exposure %.3f size %.3f pose %.3f "
      "score %.3f", name, original.sharpness, original.exposure,
      original.size, original.pose, original.score);
  for (i = 0; i < G_N_ELEMENTS (gains); i++) {
    Picture copy;

    picture_darken (self, &copy, gains[i]);
    picture_measure (&copy, rect, &copied);
    g_test_message ("  light x %.1f: %.3f", gains[i], copied.score);
    g_assert_cmpfloat (copied.exposure, <, original.exposure);
    g_assert_cmpfloat (copied.score, <, original.score);
    picture_clear (&copy);
  }
  for (i = 1; i <= 4; i *= 2) {
    Picture copy;

    picture_blur (self, &copy, unit * (gint) i);
    picture_measure (&copy, rect, &copied);
    g_test_message ("  blur %u: %.3f", i, copied.score);
    g_assert_cmpfloat (copied.sharpness, <, original.sharpness);
    g_assert_cmpfloat (copied.score, <, original.score);
    picture_clear (&copy);
  }
  for (i = 2; i <= 4; i++) {
    const FacenetRect small = { rect->x / i, rect->y / i, rect->width / i,
      rect->height / i
    };
    Picture copy;

    picture_shrink (self, &copy, (gint) i);
    picture_measure (&copy, &small, &copied);
    g_test_message ("  1/%u as large: %.3f", i, copied.score);
    g_assert_cmpfloat (copied.size, <, original.size);
    g_assert_cmpfloat (copied.score, <, original.score);
    picture_clear (&copy);
  }
}
