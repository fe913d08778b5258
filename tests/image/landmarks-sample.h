/* landmarks-sample.h - a shape predictor file small enough to reckon with
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * One stage of one tree: where the left eye's corner is brighter than the
 * right one's, all points move; else they stay. In the mean shape the points that
 * frame a face are where OpenFace's template has them.
 */
#pragma once

#include <glib.h>

#include <math.h>

#define SAMPLE_N_POINTS 68

/* How far points move, in dlib's box. */
#define SAMPLE_DX 0.0625
#define SAMPLE_DY -0.03125

/* The frame's sides in dlib's box, from OpenFace's template. */
#define SAMPLE_FRAME_WIDTH (0.971193274221 - 0.0792396913815)
#define SAMPLE_FRAME_HEIGHT (1.06080371126 - 0.182360984545)

static inline void
sample_add_number (GByteArray * file, gint64 value)
{
  guint8 bytes[9] = { 0 };
  guint64 rest = (guint64) ABS (value);
  guint n = 0;

  do {
    bytes[++n] = rest & 0xff;
    rest >>= 8;
  } while (rest > 0);
  bytes[0] = (guint8) (n | (value < 0 ? 0x80 : 0));
  g_byte_array_append (file, bytes, n + 1);
}

static inline void
sample_add_float (GByteArray * file, gdouble value)
{
  gint exponent;
  const gdouble mantissa = frexp (value, &exponent);

  sample_add_number (file, (gint64) (mantissa * (1 << 24)));
  sample_add_number (file, exponent - 24);
}

/* A column with the same x and y for each point. */
static inline void
sample_add_move (GByteArray * file, gdouble dx, gdouble dy)
{
  guint i;

  sample_add_number (file, -2 * SAMPLE_N_POINTS);
  sample_add_number (file, -1);
  for (i = 0; i < SAMPLE_N_POINTS; i++) {
    sample_add_float (file, dx);
    sample_add_float (file, dy);
  }
}

static inline void
sample_add_mean (GByteArray * file)
{
  guint i;

  sample_add_number (file, -2 * SAMPLE_N_POINTS);
  sample_add_number (file, -1);
  for (i = 0; i < SAMPLE_N_POINTS; i++) {
    gdouble x = 0.2 + 0.6 * (i % 7) / 7;
    gdouble y = 0.4 + 0.3 * (i % 5) / 5;

    if (i == 36) {
      x = 0.252418718401;
      y = 0.331052263829;
    } else if (i == 45) {
      x = 0.782865376271;
      y = 0.321305281656;
    } else if (i == 33) {
      x = 0.520712933176;
      y = 0.634268222208;
    }
    sample_add_float (file, x);
    sample_add_float (file, y);
  }
}

static inline GByteArray *
sample_make (void)
{
  GByteArray *file = g_byte_array_new ();
  guint i;

  sample_add_number (file, 1);  /* version */
  sample_add_mean (file);
  sample_add_number (file, 1);  /* stages */
  sample_add_number (file, 1);  /* trees */
  sample_add_number (file, 1);  /* splits */
  sample_add_number (file, 0);
  sample_add_number (file, 1);
  sample_add_float (file, 32.0);
  sample_add_number (file, 2);  /* leaves */
  sample_add_move (file, SAMPLE_DX, SAMPLE_DY);
  sample_add_move (file, 0.0, 0.0);
  for (i = 0; i < 2; i++) {     /* anchors, then offsets */
    sample_add_number (file, 1);
    sample_add_number (file, 2);
    if (i == 0) {
      sample_add_number (file, 36);
      sample_add_number (file, 45);
    } else {
      sample_add_float (file, 0.0);
      sample_add_float (file, 0.0);
      sample_add_float (file, 0.0);
      sample_add_float (file, 0.0);
    }
  }
  return file;
}
