/* t7-writer.c - files as Torch7 saves them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A table says first how many entries it has, so that those are collected in
 * a frame of their own until it ends.
 */
#include "t7-writer.h"

#include <string.h>

typedef struct
{
  GByteArray *outer;            /* what was written before */
  gint32 n_entries;
} Frame;

T7Writer *
t7_writer_new (T7Flags flags)
{
  T7Writer *self = g_new0 (T7Writer, 1);

  self->flags = flags;
  self->bytes = g_byte_array_new ();
  self->frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  return self;
}

GBytes *
t7_writer_end (T7Writer * self)
{
  GBytes *bytes = g_byte_array_free_to_bytes (self->bytes);

  g_assert_cmpuint (self->frames->len, ==, 0);
  g_array_unref (self->frames);
  g_free (self);
  return bytes;
}

static void
put (T7Writer * self, const void *data, gsize size)
{
  g_byte_array_append (self->bytes, data, (guint) size);
}

static void
put_line (T7Writer * self, const gchar * text)
{
  put (self, text, strlen (text));
  put (self, "\n", 1);
}

void
t7_int (T7Writer * self, gint32 value)
{
  g_autofree gchar *text = g_strdup_printf ("%d", value);
  gint32 little = GINT32_TO_LE (value);

  if (self->flags & T7_ASCII) {
    put_line (self, text);
  } else {
    put (self, &little, sizeof little);
  }
}

void
t7_long (T7Writer * self, gint64 value)
{
  g_autofree gchar *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);
  gint64 little = GINT64_TO_LE (value);

  if (self->flags & T7_ASCII) {
    put_line (self, text);
  } else {
    put (self, &little, sizeof little);
  }
}

static void
put_double (T7Writer * self, gdouble value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  bits = GUINT64_TO_LE (bits);
  put (self, &bits, sizeof bits);
}

void
t7_double (T7Writer * self, gdouble value)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  if (self->flags & T7_ASCII) {
    put_line (self, g_ascii_formatd (text, sizeof text, "%.17g", value));
  } else {
    put_double (self, value);
  }
}

void
t7_text (T7Writer * self, const gchar * text)
{
  t7_int (self, (gint32) strlen (text));
  put (self, text, strlen (text));
  if ((self->flags & T7_ASCII) && *text != '\0') {
    put (self, "\n", 1);
  }
}

void
t7_class (T7Writer * self, const gchar * name)
{
  if (!(self->flags & T7_OLD)) {
    t7_text (self, "V 1");
  }
  t7_text (self, name);
}

void
t7_number (T7Writer * self, gdouble value)
{
  t7_int (self, 1);
  t7_double (self, value);
}

void
t7_reference (T7Writer * self, gint32 index)
{
  t7_int (self, 4);
  t7_int (self, index);
}

/* Type, index and name of an object of a class; returns the index. */
static gint32
put_head (T7Writer * self, const gchar * name)
{
  gint32 index = ++self->n_objects;

  t7_reference (self, index);
  t7_class (self, name);
  return index;
}

void
t7_long_storage (T7Writer * self, const gint64 * values, gsize n)
{
  put_head (self, "torch.LongStorage");
  t7_long (self, (gint64) n);
  for (gsize i = 0; i < n; i++) {
    t7_long (self, values[i]);
  }
}

static void
put_real (T7Writer * self, gfloat value)
{
  gboolean is_double = (self->flags & T7_DOUBLE) != 0;
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];
  guint32 bits;

  if (self->flags & T7_ASCII) {
    g_ascii_formatd (text, sizeof text, is_double ? "%.17g" : "%.9g",
        (gdouble) value);
    put (self, text, strlen (text));
    put (self, " ", 1);
  } else if (is_double) {
    put_double (self, (gdouble) value);
  } else {
    memcpy (&bits, &value, sizeof bits);
    bits = GUINT32_TO_LE (bits);
    put (self, &bits, sizeof bits);
  }
}

static void
put_reals (T7Writer * self, const gfloat * values, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    put_real (self, values[i]);
  }
  /* The last blank was one too many. */
  if (self->flags & T7_ASCII) {
    self->bytes->data[self->bytes->len - 1] = '\n';
  }
}

static gint32
put_storage_head (T7Writer * self, gsize n)
{
  gint32 index = put_head (self, self->flags & T7_DOUBLE ?
      "torch.DoubleStorage" : "torch.FloatStorage");

  t7_long (self, (gint64) n);
  return index;
}

/* Where the values of a tensor of the model are in the one storage, from 0;
 * G_MAXSIZE when they are of no tensor. *total becomes the size of all. */
static gsize
find_values (const FacenetWeights * weights, const gfloat * values,
    gsize * total)
{
  g_autofree const gchar **names = facenet_weights_list (weights);
  gsize found = G_MAXSIZE;

  *total = 0;
  for (guint i = 0; names[i] != NULL; i++) {
    const FacenetTensor *tensor = facenet_weights_get (weights, names[i]);

    if (tensor->values == values) {
      found = *total;
    }
    *total += tensor->n_values;
  }
  return found;
}

static void
put_shared_storage (T7Writer * self, gsize total)
{
  g_autofree const gchar **names = facenet_weights_list (self->weights);
  g_autofree gfloat *values = g_new (gfloat, total);
  gfloat *next = values;

  if (self->storage != 0) {
    t7_reference (self, self->storage);
    return;
  }
  self->storage = put_storage_head (self, total);
  for (guint i = 0; names[i] != NULL; i++) {
    const FacenetTensor *tensor = facenet_weights_get (self->weights, names[i]);

    memcpy (next, tensor->values, tensor->n_values * sizeof *next);
    next += tensor->n_values;
  }
  put_reals (self, values, total);
}

/* The values with the first dimension closest. */
static gfloat *
turn (const gfloat * values, guint rank, const guint32 * dims, gsize n)
{
  gfloat *turned = g_new (gfloat, n);

  for (gsize i = 0; i < n; i++) {
    gsize rest = i, to = 0;

    for (guint d = rank; d-- > 0;) {
      gsize stride = 1;

      for (guint e = 0; e < d; e++) {
        stride *= dims[e];
      }
      to += rest % dims[d] * stride;
      rest /= dims[d];
    }
    turned[to] = values[i];
  }
  return turned;
}

static void
put_strides (T7Writer * self, guint rank, const guint32 * dims)
{
  for (guint d = 0; d < rank; d++) {
    gint64 stride = 1;

    for (guint e = 0; e < rank; e++) {
      stride *= (self->flags & T7_STRIDED ? e < d : e > d) ? dims[e] : 1;
    }
    t7_long (self, stride);
  }
}

void
t7_tensor (T7Writer * self, const gfloat * values, guint rank,
    const guint32 * dims)
{
  gsize n = 1, total = 0, at = G_MAXSIZE;

  put_head (self, self->flags & T7_DOUBLE ? "torch.DoubleTensor" :
      "torch.FloatTensor");
  t7_int (self, (gint32) rank);
  for (guint d = 0; d < rank; d++) {
    t7_long (self, dims[d]);
    n *= dims[d];
  }
  put_strides (self, rank, dims);
  if (self->flags & T7_SHARED) {
    at = find_values (self->weights, values, &total);
  }
  t7_long (self, at != G_MAXSIZE ? (gint64) at + 1 : 1);
  if (at != G_MAXSIZE) {
    put_shared_storage (self, total);
  } else if (self->flags & T7_STRIDED) {
    g_autofree gfloat *turned = turn (values, rank, dims, n);

    put_storage_head (self, n);
    put_reals (self, turned, n);
  } else {
    put_storage_head (self, n);
    put_reals (self, values, n);
  }
}

void
t7_empty_tensor (T7Writer * self)
{
  put_head (self, "torch.FloatTensor");
  t7_int (self, 0);
  t7_long (self, 1);
  t7_int (self, 0);
}

static void
begin (T7Writer * self)
{
  Frame frame = { self->bytes, 0 };

  g_array_append_val (self->frames, frame);
  self->bytes = g_byte_array_new ();
}

gint32
t7_begin_table (T7Writer * self)
{
  gint32 index = ++self->n_objects;

  t7_int (self, 3);
  t7_int (self, index);
  begin (self);
  return index;
}

gint32
t7_begin_class (T7Writer * self, const gchar * name)
{
  gint32 index = put_head (self, name);

  t7_begin_table (self);
  return index;
}

static Frame *
get_frame (T7Writer * self)
{
  g_assert_cmpuint (self->frames->len, >, 0);
  return &g_array_index (self->frames, Frame, self->frames->len - 1);
}

void
t7_end (T7Writer * self)
{
  Frame frame = *get_frame (self);
  GByteArray *entries = self->bytes;

  g_array_set_size (self->frames, self->frames->len - 1);
  self->bytes = frame.outer;
  t7_int (self, frame.n_entries);
  put (self, entries->data, entries->len);
  g_byte_array_unref (entries);
}

void
t7_key (T7Writer * self, const gchar * name)
{
  get_frame (self)->n_entries++;
  t7_int (self, 2);
  t7_text (self, name);
}

void
t7_next (T7Writer * self)
{
  t7_number (self, ++get_frame (self)->n_entries);
}

void
t7_number_field (T7Writer * self, const gchar * name, gdouble value)
{
  t7_key (self, name);
  t7_number (self, value);
}

void
t7_boolean_field (T7Writer * self, const gchar * name, gboolean value)
{
  t7_key (self, name);
  t7_int (self, 5);
  t7_int (self, value);
}
