/* facenet-t7-stream-private.h - the numbers and strings of a Torch7 file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Like FacenetReader, which it reads through, a stream fails for good: what
 * does not fit or is no number gives 0 or NULL, as does everything after it.
 */
#pragma once

#include "base/facenet-reader-private.h"

G_BEGIN_DECLS

typedef struct {
  FacenetReader reader;
  gboolean is_ascii;
  gboolean is_malformed;        /* at the reader's offset */
} FacenetT7Stream;

gint32 facenet_t7_stream_int (FacenetT7Stream * self);
gint64 facenet_t7_stream_long (FacenetT7Stream * self);
gdouble facenet_t7_stream_double (FacenetT7Stream * self);

/* n bytes of text, or of anything. */
const guint8 *facenet_t7_stream_bytes (FacenetT7Stream * self, guint64 n);

/* A length and as many bytes; NULL when the stream has failed. */
const gchar *facenet_t7_stream_string (FacenetT7Stream * self, gsize * length);

/* n numbers of an ASCII file; into values unless that is NULL. */
void facenet_t7_stream_numbers (FacenetT7Stream * self, gfloat * values,
    gsize n);

/* FALSE when that many numbers cannot be left in an ASCII file; fails the
 * stream then. Nothing is read. */
gboolean facenet_t7_stream_may_have (FacenetT7Stream * self, guint64 n);

/* Whether nothing is left, but line ends in an ASCII file. */
gboolean facenet_t7_stream_is_at_end (FacenetT7Stream * self);

/* FALSE with FORMAT or TRUNCATED when the stream has failed. */
gboolean facenet_t7_stream_check (const FacenetT7Stream * self,
    const gchar * location, GError ** error);

G_END_DECLS
