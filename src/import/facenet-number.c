/* facenet-number.c - numbers in text files
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * strtod() rounds to the nearest of 2^53 mantissas with integers of any
 * length; a float needs the nearest of 2^24. Here the digits are one integer
 * of 64 bits, scaled in double by a power of ten: three roundings, so within 3
 * units in the last place. Unless that is near the middle between two floats,
 * the float is the one that strtod() leads to; if it is near, strtod() decides.
 */
#include "import/facenet-number-private.h"

#include <string.h>

#define MAX_LENGTH 127          /* characters; "%.18e" writes 25 */
#define MAX_DIGITS 19           /* that 64 bits hold */
#define MAX_POWER 40            /* keeps far from what a float cannot hold */
#define MAX_EXPONENT 9999       /* more digits than anything reads */

/* Of the 52 bits of a double's fraction, a float has 23. */
#define EXTRA_BITS ((guint64) 1 << 29)
#define MARGIN 16               /* units in the last place, more than 3 */

/* *INDENT-OFF* */
static const gdouble powers[MAX_POWER + 1] = {
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13,
  1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22, 1e23, 1e24, 1e25, 1e26,
  1e27, 1e28, 1e29, 1e30, 1e31, 1e32, 1e33, 1e34, 1e35, 1e36, 1e37, 1e38, 1e39,
  1e40,
};
/* *INDENT-ON* */

typedef struct
{
  const gchar *next, *end;
} NumberCursor;

typedef struct
{
  guint64 digits;               /* without point and leading zeros */
  guint n_digits;
  gint exponent;                /* of ten */
} Decimal;

static inline gboolean
is_part (gchar c)
{
  return g_ascii_isalnum (c) || c == '.' || c == '-' || c == '+';
}

static inline gboolean
skip_char (NumberCursor * self, gchar c)
{
  gboolean found = self->next < self->end && *self->next == c;

  self->next += found;
  return found;
}

/* Returns how many digits there were. */
static inline gsize
read_digits (NumberCursor * self, Decimal * decimal)
{
  const gchar *start = self->next;

  while (self->next < self->end && g_ascii_isdigit (*self->next)) {
    if (decimal->n_digits > 0 || *self->next != '0') {
      decimal->n_digits++;
    }
    decimal->digits = decimal->digits * 10 + (guint64) (*self->next - '0');
    self->next++;
  }
  return (gsize) (self->next - start);
}

static inline gboolean
read_exponent (NumberCursor * self, Decimal * decimal)
{
  Decimal power = { 0, 0, 0 };
  gboolean minus;

  if (!skip_char (self, 'e') && !skip_char (self, 'E')) {
    return TRUE;
  }
  minus = skip_char (self, '-');
  if (!minus) {
    skip_char (self, '+');
  }
  if (read_digits (self, &power) == 0 || power.n_digits > 4) {
    return FALSE;
  }
  decimal->exponent += minus ? -(gint) power.digits : (gint) power.digits;
  return TRUE;
}

/* Plain decimal syntax that ends where the token ends. */
static inline gboolean
read_decimal (NumberCursor * self, Decimal * decimal)
{
  gsize n = read_digits (self, decimal);

  if (skip_char (self, '.')) {
    gsize n_fraction = read_digits (self, decimal);

    if (n_fraction > MAX_EXPONENT) {
      return FALSE;
    }
    decimal->exponent = -(gint) n_fraction;
    n += n_fraction;
  }
  return n > 0 && read_exponent (self, decimal)
      && (self->next == self->end || !is_part (*self->next));
}

/* FALSE when value may round to another float than the exact number. */
static inline gboolean
is_far_from_middle (gdouble value)
{
  guint64 bits;
  gint64 distance;

  memcpy (&bits, &value, sizeof bits);
  distance = (gint64) (bits & (EXTRA_BITS - 1)) - (gint64) (EXTRA_BITS / 2);
  return distance > MARGIN || distance < -MARGIN;
}

/* 0 when only strtod() can tell. */
static gsize
read_fast (const gchar * text, gsize size, gfloat * value)
{
  NumberCursor cursor = { text, text + size };
  Decimal decimal = { 0, 0, 0 };
  gboolean minus = skip_char (&cursor, '-');
  gdouble magnitude;

  if (!read_decimal (&cursor, &decimal) || decimal.n_digits > MAX_DIGITS) {
    return 0;
  }
  magnitude = (gdouble) decimal.digits;
  if (decimal.digits != 0) {
    if (ABS (decimal.exponent) > MAX_POWER) {
      return 0;
    }
    magnitude = decimal.exponent < 0 ? magnitude / powers[-decimal.exponent]
        : magnitude * powers[decimal.exponent];
    /* Outside, floats have fewer bits or are infinite. */
    if (magnitude < 1e-30 || magnitude > 1e30
        || !is_far_from_middle (magnitude)) {
      return 0;
    }
  }
  *value = (gfloat) (minus ? -magnitude : magnitude);
  return (gsize) (cursor.next - text);
}

/* The characters are copied first: a file has no NUL at its end, and strtod()
 * alone would take "0x10" and leave "1-2" half read. */
gsize
facenet_number_read (const gchar * text, gsize size, gdouble * value)
{
  gchar copy[MAX_LENGTH + 1];
  gchar *end;
  gsize n = 0;

  while (n < size && n < MAX_LENGTH && is_part (text[n])) {
    copy[n] = text[n];
    n++;
  }
  copy[n] = '\0';
  if (n == 0 || (n < size && is_part (text[n]))
      || strpbrk (copy, "xX") != NULL) {
    return 0;
  }
  *value = g_ascii_strtod (copy, &end);
  return end == copy + n ? n : 0;
}

gsize
facenet_number_read_float (const gchar * text, gsize size, gfloat * value)
{
  gsize n = read_fast (text, size, value);
  gdouble wide;

  if (n == 0) {
    n = facenet_number_read (text, size, &wide);
    if (n > 0) {
      *value = (gfloat) wide;
    }
  }
  return n;
}
