/* archive.h - a writer of zip archives and pickles, for tests
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Just enough of what torch.save() writes to make small state dicts, right
 * ones and wrong ones.
 */
#pragma once

#include <glib.h>

/* How an archive is written, besides plainly. */
typedef enum {
  ARCHIVE_PLAIN = 0,
  ARCHIVE_DESCRIPTORS = 1 << 0, /* sizes behind the data, as torch does */
  ARCHIVE_END_64 = 1 << 1       /* zip64 end record, as torch does */
} ArchiveFlags;

typedef struct {
  ArchiveFlags flags;
  GByteArray *bytes;            /* the files up to here */
  GByteArray *directory;
  guint n_entries;
} Archive;

Archive *archive_new (ArchiveFlags flags);

/* Adds a file; its local header begins at the returned offset. */
guint archive_add (Archive * self, const gchar * name, gconstpointer data,
    gsize size);

/* Ends the archive and frees the writer; (transfer full). */
GByteArray *archive_end (Archive * self);

/* Appends one opcode with its argument to a pickle. */
void pickle_op (GByteArray * pickle, gchar op);
void pickle_int (GByteArray * pickle, gint32 number);
void pickle_string (GByteArray * pickle, const gchar * text);
void pickle_global (GByteArray * pickle, const gchar * module,
    const gchar * name);
void pickle_bytes (GByteArray * pickle, const gchar * bytes, gsize size);

/* A pickle that has begun with a protocol, and an empty dict. */
GByteArray *pickle_new (void);

/* Sets a key of the dict to a view of the storage `key` of that type
 * ("FloatStorage") and n numbers; rank sizes and strides. */
void pickle_tensor (GByteArray * pickle, const gchar * name,
    const gchar * type, const gchar * key, gint32 n, gint32 offset, guint rank,
    const gint32 * sizes, const gint32 * strides);
