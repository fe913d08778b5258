/* facenet-quality.c - how fit for recognition a face is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Four cheap proxies, computed from the luma Y = 0.299 R + 0.587 G + 0.114 B
 * (ITU-R BT.601-7, section 2.5.1) of the crop that the network sees. Each
 * goes through the saturating curve x / (x + x0), which is 1/2 at x0 and never
 * stops growing: of two copies of a face the worse one scores lower, however
 * good both are.
 *
 * Measured on the 55 photographs of 150x150 pixels of tests/encode/
 * quality-photos.c, lowest, median and highest score: as they are 0.43, 0.66,
 * 0.86; half the light 0.41, 0.63, 0.82; a tenth of it 0.18, 0.31, 0.49; blurred
 * over 9 pixels 0.24, 0.42, 0.56; a quarter of the size 0.22, 0.38, 0.52.
 */
#include "image/facenet-quality-private.h"

#include <math.h>
#include <string.h>

/* Levels of luma that are told apart: half a step of eight bits. */
#define N_LEVELS 512

/* Luma variance below which a picture is flat: a standard deviation of 0.03,
 * eight steps of eight bits. Keeps noise on a flat picture from counting as
 * detail. */
#define FLAT_VARIANCE 0.001

/* Where the curves are 1/2: energy of the Laplacian over variance; range of
 * luma, squared; side of the face in pixels of its picture, squared. */
#define HALF_DETAIL 0.1
#define HALF_RANGE 0.15
#define HALF_SIDE 48.0

/* The share of the darkest and of the brightest pixels that the range leaves
 * out, and how many levels from the very darkest or brightest are clipped. */
#define TAIL 0.05
#define CLIPPED 5

/* The two halves are compared as means of GRID x GRID blocks, so that neither
 * fine detail nor its loss has a say. */
#define GRID 12

static gdouble
saturate (gdouble x, gdouble half)
{
  return x / (x + half);
}

/* face: [3,n] planes R, G, B; luma: [n] */
static void
compute_luma (const gfloat * face, guint n, gfloat * luma)
{
  const gfloat *r = face;
  const gfloat *g = face + n;
  const gfloat *b = face + 2 * (gsize) n;
  guint i;

  for (i = 0; i < n; i++)
    luma[i] = 0.299f * r[i] + 0.587f * g[i] + 0.114f * b[i];
}

static gdouble
compute_variance (const gfloat * luma, guint n)
{
  gdouble sum = 0.0;
  gdouble squares = 0.0;
  guint i;

  for (i = 0; i < n; i++) {
    const gdouble value = (gdouble) luma[i];

    sum += value;
    squares += value * value;
  }
  return MAX (squares / n - (sum / n) * (sum / n), 0.0);
}

/* Mean square of the Laplacian, the sum of the four neighbours less four
 * times the pixel, inside the border. luma: [h,w] */
static gdouble
compute_detail (const gfloat * luma, guint h, guint w)
{
  gdouble sum = 0.0;
  guint x, y;

  for (y = 1; y + 1 < h; y++) {
    const gfloat *row = luma + (gsize) y * w;
    const gfloat *above = row - w;
    const gfloat *below = row + w;
    gfloat row_sum = 0.0f;

    for (x = 1; x + 1 < w; x++) {
      const gfloat value = row[x - 1] + row[x + 1] + above[x] + below[x]
          - 4.0f * row[x];

      row_sum += value * value;
    }
    sum += (gdouble) row_sum;
  }
  return sum / ((gdouble) (h - 2) * (w - 2));
}

/* The level below which a share of the n values lie, in [0,1]. */
static gdouble
find_level (const guint * counts, guint n, gdouble share)
{
  const gdouble wanted = share * n;
  gdouble below = 0.0;
  guint i;

  for (i = 0; i < N_LEVELS; i++) {
    if (counts[i] > 0 && below + counts[i] >= wanted)
      return (i + (wanted - below) / counts[i]) / N_LEVELS;
    below += counts[i];
  }
  return 1.0;
}

/* How many of the values lie in the lowest or the highest CLIPPED levels that
 * any lies in. */
static guint
count_clipped (const guint * counts)
{
  guint low = 0;
  guint high = N_LEVELS - 1;
  guint i, clipped = 0;

  while (low < high && counts[low] == 0)
    low++;
  while (high > low && counts[high] == 0)
    high--;
  for (i = low; i <= high; i++) {
    if (i < low + CLIPPED || i + CLIPPED > high)
      clipped += counts[i];
  }
  return clipped;
}

static gdouble
measure_exposure (const gfloat * luma, guint n)
{
  guint counts[N_LEVELS] = { 0 };
  gdouble range;
  guint i;

  for (i = 0; i < n; i++)
    counts[MIN ((guint) (luma[i] * N_LEVELS), N_LEVELS - 1)]++;
  range = find_level (counts, n, 1.0 - TAIL) - find_level (counts, n, TAIL);
  return saturate (range * range, HALF_RANGE * HALF_RANGE)
      * (1.0 - (gdouble) count_clipped (counts) / n);
}

/* blocks: [GRID,GRID] means of luma [h,w] */
static void
compute_blocks (const gfloat * luma, guint h, guint w, gdouble * blocks)
{
  guint i, j, x, y;

  for (i = 0; i < GRID; i++) {
    for (j = 0; j < GRID; j++) {
      const guint top = i * h / GRID, bottom = (i + 1) * h / GRID;
      const guint left = j * w / GRID, right = (j + 1) * w / GRID;
      gdouble sum = 0.0;

      for (y = top; y < bottom; y++) {
        for (x = left; x < right; x++)
          sum += (gdouble) luma[(gsize) y * w + x];
      }
      blocks[i * GRID + j] = sum / ((bottom - top) * (right - left));
    }
  }
}

/* With e and o the even and the odd part of the blocks about the middle
 * column, their mean taken off, the correlation of the picture with its mirror
 * image is (e.e - o.o) / (e.e + o.o), and (1 + correlation) / 2 is the share of
 * the even part. */
static gdouble
measure_pose (const gfloat * luma, guint h, guint w)
{
  gdouble blocks[GRID * GRID];
  gdouble mean = 0.0;
  gdouble even = 0.0;
  gdouble odd = 0.0;
  guint i, j;

  compute_blocks (luma, h, w, blocks);
  for (i = 0; i < GRID * GRID; i++)
    mean += blocks[i] / (GRID * GRID);
  for (i = 0; i < GRID; i++) {
    for (j = 0; j < GRID / 2; j++) {
      const gdouble left = blocks[i * GRID + j] - mean;
      const gdouble right = blocks[(i + 1) * GRID - 1 - j] - mean;

      even += (left + right) * (left + right);
      odd += (left - right) * (left - right);
    }
  }
  return even + odd > 0.0 ? even / (even + odd) : 0.0;
}

void
facenet_quality_measure_with (FacenetQuality * quality, const gfloat * face,
    guint height, guint width, gdouble side, gfloat * luma)
{
  const guint n = height * width;
  gdouble detail;

  compute_luma (face, n, luma);
  detail = compute_detail (luma, height, width)
      / (compute_variance (luma, n) + FLAT_VARIANCE);
  quality->sharpness = saturate (detail, HALF_DETAIL);
  quality->exposure = measure_exposure (luma, n);
  quality->size = saturate (side * side, HALF_SIDE * HALF_SIDE);
  quality->pose = measure_pose (luma, height, width);
  quality->score = sqrt (sqrt (quality->sharpness * quality->exposure
          * quality->size * quality->pose));
}

/**
 * facenet_quality_measure: (skip)
 * @quality: (out caller-allocates): the measures
 * @face: [3,h,w] floats, planes R, G, B in [0,1], as
 *   facenet_cropper_crop_face() gives them
 * @height: h, at least 12
 * @width: w, at least 12
 * @side: side of the face in pixels of the picture it was cropped from, > 0:
 *   the shorter side of the rectangle that was cropped
 *
 * Measures how fit for recognition a face is. With Y the luma of the crop:
 *
 * * sharpness = q / (q + 0.1), where q is the energy of Y's Laplacian over its
 *   variance plus 0.001 (the variance of the Laplacian as a measure of focus:
 *   Pech-Pacheco and others, "Diatom autofocusing in brightfield microscopy",
 *   ICPR 2000). Over the variance it does not depend on the light, and a blur,
 *   which takes more from high frequencies than from low ones, always lowers
 *   it;
 * * exposure = r² / (r² + 0.15²) (1 - c), where r is the range from the 5th to
 *   the 95th percentile of Y, and c the share of pixels within 5/512 of the
 *   darkest or of the brightest one. A range, and not a mean, is the same for
 *   dark and for light skin;
 * * size = s² / (s² + 48²), where s is @side;
 * * pose = the even share of Y about the middle column, in blocks of a 12th of
 *   the crop: 1 when both halves are alike, 1/2 when they have nothing in
 *   common (left and right compared as a measure of pose and of lighting from
 *   the side: Gao and others, "Standardization of face image sample quality",
 *   ICB 2007);
 * * score = (sharpness exposure size pose)^(1/4).
 *
 * Since: 0.1
 */
void
facenet_quality_measure (FacenetQuality * quality, const gfloat * face,
    guint height, guint width, gdouble side)
{
  g_autofree gfloat *luma = NULL;

  g_return_if_fail (quality != NULL && face != NULL);
  g_return_if_fail (height >= GRID && width >= GRID);
  g_return_if_fail (side > 0.0);

  luma = g_new (gfloat, (gsize) height * width);
  facenet_quality_measure_with (quality, face, height, width, side, luma);
}
