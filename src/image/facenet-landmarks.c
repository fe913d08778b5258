/* facenet-landmarks.c - shape predictor files of dlib's, loaded and shared
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * dlib writes a number as one byte, of which the lower four bits say how many
 * bytes follow and the highest bit that it is negative, and then its absolute
 * value, little-endian; a float as two such numbers, mantissa and exponent of
 * 2; a list as its length and its items; a matrix as the negated numbers of
 * rows and columns and its values, row by row. A shape predictor is:
 *
 *   version 1; mean shape, a column of 2n floats
 *   list of stages, each a list of trees, each
 *     list of splits: first feature, second feature, threshold
 *     list of leaves: a column of 2n floats
 *   list of stages, each a list of the point that a feature belongs to
 *   list of stages, each a list of two floats, its offset from that point
 *
 * A count is believed only as far as there are bytes left for so much, so that
 * a broken file cannot ask for more memory than a few times its size.
 *
 * A file of 100 MB is 65 MB in memory: all who name the same one share it.
 */
#include "image/facenet-landmarks-private.h"

#include <math.h>
#include <string.h>

#include "base/facenet-file-private.h"
#include "base/facenet-reader-private.h"

/* Where Debian's libdlib-data has it. */
#define DEFAULT_LOCATION "/usr/share/dlib/shape_predictor_68_face_landmarks.dat"

#define MAX_FILE_SIZE (512 * 1024 * 1024)

#define VERSION 1
#define MAX_STAGES 64
#define MAX_LEAVES 256
#define MAX_EXPONENT 1000

/* No number has fewer bytes, no float has fewer than two numbers'. */
#define MIN_NUMBER 2
#define MIN_FLOAT (2 * MIN_NUMBER)

typedef struct
{
  FacenetReader reader;
  gchar *fault;                 /* the first one found, or NULL */
} Parser;

static FacenetSharedTable table;

static void
G_GNUC_PRINTF (2, 3)
complain (Parser * self, const gchar * format, ...)
{
  va_list args;

  if (self->fault != NULL || self->reader.wanted > 0)
    return;
  va_start (args, format);
  self->fault = g_strdup_vprintf (format, args);
  va_end (args);
}

static gboolean
has_failed (const Parser * self)
{
  return self->fault != NULL || self->reader.wanted > 0;
}

static gint64
read_any_number (Parser * self)
{
  const guint8 control = facenet_reader_u8 (&self->reader);
  const guint n = control & 0x0f;
  const guint8 *bytes = facenet_reader_slice (&self->reader, n);
  guint64 value = 0;
  guint i;

  if (bytes == NULL)
    return 0;
  if ((control & 0x70) != 0 || n == 0 || n > 8) {
    complain (self, "byte %" G_GSIZE_FORMAT " is not a number of dlib's",
        self->reader.offset - n - 1);
    return 0;
  }
  for (i = n; i-- > 0;)
    value = value << 8 | bytes[i];
  if (value > G_MAXINT64) {
    complain (self, "a number is beyond 63 bits");
    return 0;
  }
  return (control & 0x80) != 0 ? -(gint64) value : (gint64) value;
}

/* A number of up to 7 bytes, away from the end of the file: nearly all of the
 * 33 million there are. FALSE leaves it to read_number(). */
static inline gboolean
read_short_number (FacenetReader * reader, gint64 * number)
{
  const guint8 *bytes = reader->data + reader->offset;
  guint64 value;
  guint n;

  if (facenet_reader_remaining (reader) < 1 + sizeof value)
    return FALSE;
  n = bytes[0] & 0x0f;
  if ((bytes[0] & 0x70) != 0 || n == 0 || n > 7)
    return FALSE;
  memcpy (&value, bytes + 1, sizeof value);
  value = GUINT64_FROM_LE (value) & ((G_GUINT64_CONSTANT (1) << 8 * n) - 1);
  reader->offset += 1 + n;
  *number = (bytes[0] & 0x80) != 0 ? -(gint64) value : (gint64) value;
  return TRUE;
}

static gint64
read_number (Parser * self)
{
  gint64 number;

  if (read_short_number (&self->reader, &number))
    return number;
  return read_any_number (self);
}

static gfloat
read_float (Parser * self)
{
  const gint64 mantissa = read_number (self);
  const gint64 exponent = read_number (self);
  gdouble value;

  if (ABS (exponent) > MAX_EXPONENT) {
    complain (self, "a value is not finite");
    return 0.0f;
  }
  value = ldexp ((gdouble) mantissa, (gint) exponent);
  if (fabs (value) > (gdouble) G_MAXFLOAT)
    complain (self, "a value is beyond single precision");
  return (gfloat) value;
}

/* A length of items of at least item_size bytes; 0 after a failure. */
static guint
read_count (Parser * self, const gchar * what, gsize item_size, guint limit)
{
  const gint64 n = read_number (self);

  if (has_failed (self))
    return 0;
  if (n < 1 || n > limit) {
    complain (self, "%" G_GINT64_FORMAT " %s, expected 1 to %u", n, what,
        limit);
    return 0;
  }
  if ((guint64) n * item_size > facenet_reader_remaining (&self->reader)) {
    /* Fails the reader: they cannot all be there. */
    facenet_reader_slice (&self->reader, (guint64) n * item_size);
    return 0;
  }
  return (guint) n;
}

static void
check_count (Parser * self, const gchar * what, gint64 n, gint64 wanted)
{
  if (n != wanted)
    complain (self, "%" G_GINT64_FORMAT " %s, expected %" G_GINT64_FORMAT, n,
        what, wanted);
}

/* A column of FACENET_SHAPE_SIZE floats. */
static void
read_shape (Parser * self, gfloat * shape)
{
  const gint64 rows = read_number (self);
  const gint64 columns = read_number (self);
  guint i;

  /* Files older than 2011 have them without the minus. */
  check_count (self, "rows in a shape", ABS (rows), FACENET_SHAPE_SIZE);
  check_count (self, "columns in a shape", ABS (columns), 1);
  for (i = 0; i < FACENET_SHAPE_SIZE && !has_failed (self); i++)
    shape[i] = read_float (self);
}

static void
read_splits (Parser * self, FacenetSplit * splits, guint n)
{
  guint i;

  check_count (self, "splits in a tree", read_number (self), n);
  for (i = 0; i < n && !has_failed (self); i++) {
    const gint64 first = read_number (self);
    const gint64 second = read_number (self);

    if (first < 0 || first > G_MAXUINT16 || second < 0 || second > G_MAXUINT16)
      complain (self, "a split is by a feature beyond %u", G_MAXUINT16);
    splits[i].first = (guint16) first;
    splits[i].second = (guint16) second;
    splits[i].threshold = read_float (self);
  }
}

static void
read_leaves (Parser * self, gfloat * leaves, guint n)
{
  guint i;

  check_count (self, "leaves in a tree", read_number (self), n);
  for (i = 0; i < n && !has_failed (self); i++)
    read_shape (self, leaves + (gsize) i * FACENET_SHAPE_SIZE);
}

/* All trees are as large as the first: what it says of its splits is looked at
 * before it is read. */
static guint
peek_leaves (Parser * self)
{
  const gsize offset = self->reader.offset;
  const guint n = read_count (self, "splits in a tree", 2 * MIN_NUMBER
      + MIN_FLOAT, MAX_LEAVES - 1) + 1;

  if ((n & (n - 1)) != 0)
    complain (self, "%u leaves in a tree, expected a power of 2", n);
  if (!has_failed (self))
    facenet_reader_seek (&self->reader, offset);
  return n;
}

static void
read_stage (Parser * self, FacenetLandmarks * landmarks, FacenetStage * stage)
{
  const gsize shape = FACENET_SHAPE_SIZE;
  guint n_leaves = landmarks->n_leaves;
  guint n, i;

  n = read_count (self, "trees in a stage", shape * MIN_FLOAT, G_MAXINT32);
  if (n_leaves == 0 && !has_failed (self))
    n_leaves = landmarks->n_leaves = peek_leaves (self);
  if (has_failed (self))
    return;
  if ((guint64) n * n_leaves * shape * MIN_FLOAT >
      facenet_reader_remaining (&self->reader)) {
    facenet_reader_slice (&self->reader, G_MAXUINT64);
    return;
  }
  stage->n_trees = n;
  stage->splits = g_new (FacenetSplit, (gsize) n * (n_leaves - 1));
  stage->leaves = g_new (gfloat, (gsize) n * n_leaves * shape);
  for (i = 0; i < n && !has_failed (self); i++) {
    read_splits (self, stage->splits + (gsize) i * (n_leaves - 1),
        n_leaves - 1);
    read_leaves (self, stage->leaves + (gsize) i * n_leaves * shape, n_leaves);
  }
}

static void
read_anchors (Parser * self, FacenetStage * stage)
{
  guint i;

  stage->n_features = read_count (self, "features in a stage", MIN_NUMBER,
      G_MAXUINT16 + 1);
  stage->features = g_new0 (FacenetFeature, stage->n_features);
  for (i = 0; i < stage->n_features && !has_failed (self); i++) {
    const gint64 anchor = read_number (self);

    if (anchor < 0 || anchor >= FACENET_N_SHAPE_POINTS)
      complain (self, "a feature is at point %" G_GINT64_FORMAT " of %u",
          anchor, FACENET_N_SHAPE_POINTS);
    stage->features[i].anchor = (guint16) anchor;
  }
}

static void
read_offsets (Parser * self, FacenetStage * stage)
{
  guint i;

  check_count (self, "offsets in a stage", read_number (self),
      stage->n_features);
  for (i = 0; i < stage->n_features && !has_failed (self); i++) {
    stage->features[i].dx = read_float (self);
    stage->features[i].dy = read_float (self);
  }
}

/* Splits are read before it is known how many features there are. */
static void
check_splits (Parser * self, const FacenetStage * stage, guint n_leaves)
{
  const gsize n = (gsize) stage->n_trees * (n_leaves - 1);
  gsize i;

  for (i = 0; i < n; i++) {
    const FacenetSplit *split = &stage->splits[i];

    if (MAX (split->first, split->second) >= stage->n_features)
      complain (self, "a split is by feature %u of %u",
          MAX (split->first, split->second), stage->n_features);
  }
}

static void
read_all (Parser * self, FacenetLandmarks * landmarks)
{
  guint i, n;

  check_count (self, "is the version", read_number (self), VERSION);
  read_shape (self, landmarks->mean);
  n = read_count (self, "stages", MIN_NUMBER, MAX_STAGES);
  landmarks->stages = g_new0 (FacenetStage, n);
  landmarks->n_stages = n;
  for (i = 0; i < n && !has_failed (self); i++)
    read_stage (self, landmarks, &landmarks->stages[i]);
  check_count (self, "stages with features", read_number (self), n);
  for (i = 0; i < n && !has_failed (self); i++)
    read_anchors (self, &landmarks->stages[i]);
  check_count (self, "stages with offsets", read_number (self), n);
  for (i = 0; i < n && !has_failed (self); i++)
    read_offsets (self, &landmarks->stages[i]);
  for (i = 0; i < n && !has_failed (self); i++)
    check_splits (self, &landmarks->stages[i], landmarks->n_leaves);
}

/* Frees landmarks that no one shares. */
static void
free_unshared (FacenetLandmarks * self)
{
  guint i;

  for (i = 0; i < self->n_stages; i++) {
    g_free (self->stages[i].features);
    g_free (self->stages[i].splits);
    g_free (self->stages[i].leaves);
  }
  g_free (self->stages);
  facenet_shared_clear (self);
  g_free (self);
}

FacenetLandmarks *
facenet_landmarks_parse (const void *data, gsize size, const gchar * location,
    GError ** error)
{
  FacenetLandmarks *landmarks = g_new0 (FacenetLandmarks, 1);
  Parser parser = { 0 };

  facenet_shared_init (landmarks);
  facenet_reader_init (&parser.reader, data, size);
  read_all (&parser, landmarks);
  if (!has_failed (&parser))
    return landmarks;
  if (parser.fault != NULL)
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: not a shape predictor for " G_STRINGIFY (FACENET_N_SHAPE_POINTS)
        " points: %s", location, parser.fault);
  else
    facenet_reader_check (&parser.reader, location, error);
  g_free (parser.fault);
  free_unshared (landmarks);
  return NULL;
}

/* What is meant when no file is named. */
static const gchar *
find_default (void)
{
  const gchar *location = g_getenv ("FACENET_LANDMARKS");

  return location != NULL && *location != '\0' ? location : DEFAULT_LOCATION;
}

static gpointer
load_unshared (const gchar * location, const gchar * variant, GError ** error)
{
  g_autoptr (GBytes) bytes = facenet_file_read (location, MAX_FILE_SIZE, error);
  gconstpointer data;
  gsize size;

  if (bytes == NULL) {
    if (g_str_equal (location, DEFAULT_LOCATION))
      g_prefix_error (error, "no landmarks, install libdlib-data: ");
    return NULL;
  }
  data = g_bytes_get_data (bytes, &size);
  return facenet_landmarks_parse (data, size, location, error);
}

/**
 * facenet_landmarks_load: (skip)
 * @location: (nullable): a shape predictor of dlib's for 68 points; %NULL for
 *   the one that the environment variable `FACENET_LANDMARKS` names, else that
 *   in Debian's package libdlib-data
 * @error: return location for an error
 *
 * Loads a file of landmarks, or shares what is in use already when @location
 * is the same unchanged file.
 *
 * Errors: %FACENET_ERROR_OPEN, %FACENET_ERROR_LIMIT, %FACENET_ERROR_FORMAT and
 * %FACENET_ERROR_TRUNCATED.
 *
 * Returns: (transfer full) (nullable): the landmarks
 *
 * Since: 0.1
 */
FacenetLandmarks *
facenet_landmarks_load (const gchar * location, GError ** error)
{
  if (location == NULL)
    location = find_default ();
  return facenet_shared_load (&table, location, NULL, load_unshared, error);
}

/**
 * facenet_landmarks_ref: (skip)
 * @self: landmarks
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
FacenetLandmarks *
facenet_landmarks_ref (FacenetLandmarks * self)
{
  g_return_val_if_fail (self != NULL, NULL);

  facenet_shared_ref (&table, self);
  return self;
}

/**
 * facenet_landmarks_unref: (skip)
 * @self: (transfer full): landmarks
 *
 * Gives up a reference; the last one frees them.
 *
 * Since: 0.1
 */
void
facenet_landmarks_unref (FacenetLandmarks * self)
{
  g_return_if_fail (self != NULL);

  if (facenet_shared_unref (&table, self))
    free_unshared (self);
}
