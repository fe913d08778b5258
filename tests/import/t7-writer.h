/* t7-writer.h - files as Torch7 saves them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "weights/facenet-weights-private.h"

typedef enum
{
  T7_PLAIN = 0,                 /* binary, floats, each with its own storage */
  T7_ASCII = 1 << 0,
  T7_DOUBLE = 1 << 1,
  T7_SHARED = 1 << 2,           /* one storage for all */
  T7_STRIDED = 1 << 3,          /* the first dimension lies closest */
  T7_STD = 1 << 4,              /* running_std in place of running_var */
  T7_OLD = 1 << 5               /* from before classes had versions */
} T7Flags;

typedef struct
{
  T7Flags flags;
  GByteArray *bytes;
  GArray *frames;               /* tables that are not complete */
  gint32 n_objects;
  const FacenetWeights *weights;
  gint32 storage;               /* index of the shared one; 0: not written */
} T7Writer;

T7Writer *t7_writer_new (T7Flags flags);

/* (transfer full): what was written; frees the writer. */
GBytes *t7_writer_end (T7Writer * self);

/* Parts of objects. */
void t7_int (T7Writer * self, gint32 value);
void t7_long (T7Writer * self, gint64 value);
void t7_double (T7Writer * self, gdouble value);
void t7_text (T7Writer * self, const gchar * text);
void t7_class (T7Writer * self, const gchar * name);

/* Whole objects. */
void t7_number (T7Writer * self, gdouble value);
void t7_reference (T7Writer * self, gint32 index);
void t7_long_storage (T7Writer * self, const gint64 * values, gsize n);
void t7_tensor (T7Writer * self, const gfloat * values, guint rank,
    const guint32 * dims);
void t7_empty_tensor (T7Writer * self);

/* A table, of itself or as the fields of a class, until t7_end(). They return
 * its index. */
gint32 t7_begin_table (T7Writer * self);
gint32 t7_begin_class (T7Writer * self, const gchar * name);
void t7_end (T7Writer * self);

/* A key of the table; what is written next is its value. */
void t7_key (T7Writer * self, const gchar * name);
void t7_next (T7Writer * self);
void t7_number_field (T7Writer * self, const gchar * name, gdouble value);
void t7_boolean_field (T7Writer * self, const gchar * name, gboolean value);

/* The model as OpenFace has it, of the layers that the weights are for. With
 * running_std, variances are those that come back from it only nearly. */
GBytes *t7_write_model (const FacenetWeights * weights, T7Flags flags);
