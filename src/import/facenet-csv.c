/* facenet-csv.c - the values in one CSV file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Values stand on one line or on many, as they left numpy.savetxt() or a loop
 * over a flat tensor; either way they are in row-major order, and where lines
 * end means nothing.
 */
#include "import/facenet-csv-private.h"

#include "import/facenet-number-private.h"

#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define MAX_SHOWN 24            /* characters of a bad value in a message */

typedef struct
{
  const gchar *text;
  gsize size;
  gsize offset;
} CsvCursor;

static inline gboolean
is_space (gchar c)
{
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static void
skip_spaces (CsvCursor * self)
{
  while (self->offset < self->size && is_space (self->text[self->offset])) {
    self->offset++;
  }
}

/* TRUE when there was a comma. */
static gboolean
skip_separator (CsvCursor * self)
{
  gboolean comma;

  skip_spaces (self);
  comma = self->offset < self->size && self->text[self->offset] == ',';
  if (comma) {
    self->offset++;
    skip_spaces (self);
  }
  return comma;
}

static void
fail_value (const CsvCursor * self, const gchar * item, GError ** error)
{
  const gchar *start = self->text + self->offset;
  gsize left = self->size - self->offset, n = 0;
  g_autofree gchar *found = NULL;
  g_autofree gchar *shown = NULL;
  guint line = 1;

  for (gsize i = 0; i < self->offset; i++) {
    line += self->text[i] == '\n';
  }
  while (n < left && n < MAX_SHOWN && start[n] != ',' && start[n] != '\n'
      && start[n] != '\0') {
    n++;
  }
  found = g_strndup (start, n);
  shown = g_strescape (found, NULL);
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: line %u has \"%s\", expected a number", item, line, shown);
}

static gboolean
read_values (CsvCursor * self, gfloat * values, gsize * n_values,
    const gchar * item, GError ** error)
{
  gboolean comma = FALSE;
  gsize n = 0;

  skip_spaces (self);
  while (comma || self->offset < self->size) {
    gsize length = facenet_number_read_float (self->text + self->offset,
        self->size - self->offset, &values[n]);

    if (length == 0) {
      fail_value (self, item, error);
      return FALSE;
    }
    n++;
    self->offset += length;
    comma = skip_separator (self);
  }
  *n_values = n;
  return TRUE;
}

gfloat *
facenet_csv_parse (GBytes * bytes, const gchar * item, gsize * n_values,
    GError ** error)
{
  CsvCursor cursor = { NULL, 0, 0 };
  g_autofree gfloat *values = NULL;

  cursor.text = g_bytes_get_data (bytes, &cursor.size);
  if (cursor.size >= 3 && memcmp (cursor.text, BYTE_ORDER_MARK, 3) == 0) {
    cursor.offset = 3;
  }
  /* A digit and a separator each, but for the last: no more than this. */
  values = g_try_new (gfloat, cursor.size / 2 + 1);
  if (values == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: no memory for its values", item);
    return NULL;
  }
  if (!read_values (&cursor, values, n_values, item, error)) {
    return NULL;
  }
  if (*n_values == 0) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_TRUNCATED,
        "%s: no values, expected those of a tensor", item);
    return NULL;
  }
  return g_realloc_n (g_steal_pointer (&values), *n_values, sizeof (gfloat));
}
