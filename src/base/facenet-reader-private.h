/* facenet-reader-private.h - bytes read in order, never past their end
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Every number of a binary file is read through one of these. A read that
 * does not fit fails the reader for good: it and all later ones give 0 or
 * NULL, and facenet_reader_check() says so. A caller may therefore read a
 * whole record and check once, before it uses any of it.
 */
#pragma once

#include <facenet/facenet-error.h>

G_BEGIN_DECLS

typedef struct {
  const guint8 *data;           /* not owned */
  gsize size;
  gsize offset;                 /* of the next byte, <= size */
  gsize wanted;                 /* bytes of the first read that failed, or 0 */
} FacenetReader;

void facenet_reader_init (FacenetReader * self, const void *data, gsize size);

/* Bytes after the offset; 0 when the reader has failed. */
gsize facenet_reader_remaining (const FacenetReader * self);

/* Little-endian unsigned numbers. */
guint8 facenet_reader_u8 (FacenetReader * self);
guint16 facenet_reader_u16 (FacenetReader * self);
guint32 facenet_reader_u32 (FacenetReader * self);
guint64 facenet_reader_u64 (FacenetReader * self);

/* The next n bytes, inside the data (no copy), or NULL when there are fewer.
 * Not NULL for n = 0. n may be any number that the file claims. */
const guint8 *facenet_reader_slice (FacenetReader * self, guint64 n);

/* Moves to an offset from the start; fails the reader beyond the end. */
void facenet_reader_seek (FacenetReader * self, guint64 offset);

/* FALSE with TRUNCATED when any read has failed. item names the data and
 * what was being read in it, e.g. "a.t7/conv1_w". */
gboolean facenet_reader_check (const FacenetReader * self, const gchar * item,
    GError ** error);

G_END_DECLS
