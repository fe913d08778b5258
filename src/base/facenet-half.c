/* facenet-half.c - numbers as files store them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A half has 1 sign bit, 5 exponent bits (bias 15) and 10 fraction bits; a
 * float has 1, 8 (bias 127) and 23. IEEE 754-2019, section 3.6.
 *
 * Widening is exact and without branches, so that compilers may vectorise it.
 * It computes with normal floats only: a thread of a media pipeline may run
 * with denormals flushed to zero.
 */
#include "base/facenet-half-private.h"

#include <string.h>

#define HALF_EXPONENT 0x7c00u
#define FLOAT_EXPONENT 0x7f800000u

static inline gfloat
float_from_bits (guint32 bits)
{
  gfloat value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static inline guint32
bits_of_float (gfloat value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

static inline gfloat
widen (guint16 half)
{
  guint32 sign = (half & 0x8000u) << 16;
  guint32 exponent = half & HALF_EXPONENT;
  guint32 shifted = (half & 0x7fffu) << 13;
  /* Exponents move from bias 15 to 127; infinity and NaN go to the top. */
  guint32 normal = shifted + (112u << 23);
  guint32 special = shifted | FLOAT_EXPONENT;
  /* A subnormal is fraction * 2^-24: as the fraction of a number in
   * [2^-14, 2^-13), less its leading 2^-14. */
  guint32 subnormal = bits_of_float (float_from_bits (shifted | 113u << 23)
      - float_from_bits (113u << 23));
  guint32 bits = exponent == HALF_EXPONENT ? special : normal;

  return float_from_bits (sign | (exponent == 0 ? subnormal : bits));
}

gfloat
facenet_half_to_float (guint16 half)
{
  return widen (half);
}

guint16
facenet_half_from_float (gfloat value)
{
  guint32 bits = bits_of_float (value);
  guint32 sign = bits >> 16 & 0x8000u;
  guint32 magnitude = bits & 0x7fffffffu;
  guint32 exponent = magnitude >> 23;
  guint32 fraction, rest, tie, half;
  guint shift;

  if (magnitude > FLOAT_EXPONENT) {
    return (guint16) (sign | 0x7e00u);
  }
  if (exponent >= 143) {
    return (guint16) (sign | HALF_EXPONENT);
  }
  /* Below half of the least subnormal, 2^-25. */
  if (exponent < 102) {
    return (guint16) sign;
  }
  /* With its leading 1; a subnormal half loses more bits of it. */
  fraction = (magnitude & 0x7fffffu) | 0x800000u;
  shift = exponent < 113 ? 126 - exponent : 13;
  half = fraction >> shift;
  if (exponent >= 113) {
    half += (exponent - 113) << 10;
  }
  rest = fraction & ((1u << shift) - 1);
  tie = 1u << (shift - 1);
  /* A carry moves on into the exponent, up to infinity, as it should. */
  if (rest > tie || (rest == tie && (half & 1) != 0)) {
    half++;
  }
  return (guint16) (sign | half);
}

void
facenet_half_read (gfloat * values, const guint8 * bytes, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    guint16 half;

    memcpy (&half, bytes + 2 * i, sizeof half);
    values[i] = widen (GUINT16_FROM_LE (half));
  }
}

void
facenet_half_write (guint8 * bytes, const gfloat * values, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    guint16 half = GUINT16_TO_LE (facenet_half_from_float (values[i]));

    memcpy (bytes + 2 * i, &half, sizeof half);
  }
}

void
facenet_float_read (gfloat * values, const guint8 * bytes, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    guint32 bits;

    memcpy (&bits, bytes + 4 * i, sizeof bits);
    values[i] = float_from_bits (GUINT32_FROM_LE (bits));
  }
}

void
facenet_float_write (guint8 * bytes, const gfloat * values, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    guint32 bits = GUINT32_TO_LE (bits_of_float (values[i]));

    memcpy (bytes + 4 * i, &bits, sizeof bits);
  }
}
