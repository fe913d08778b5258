/* facenet-zip-private.h - a zip archive of files that are stored as they are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The container of torch.save(), which never compresses. Whatever can be read
 * in two ways is refused, so that every reader sees the same files in it.
 */
#pragma once

#include <facenet/facenet-error.h>

G_BEGIN_DECLS

typedef struct {
  gchar *name;                  /* UTF-8, "folder/file" */
  const guint8 *data;           /* inside the archive */
  gsize size;                   /* bytes of data */
  guint32 crc;                  /* of data */
  gsize begin, end;             /* of all that belongs to it in the archive */
} FacenetZipEntry;

typedef struct {
  GBytes *bytes;                /* the archive */
  gchar *location;              /* its name, for errors */
  GArray *entries;              /* of FacenetZipEntry, as they lie in it */
  GHashTable *names;            /* name to FacenetZipEntry */
} FacenetZip;

/* Checks directory, headers, sizes and checksums of the whole archive; keeps a
 * reference to bytes. FORMAT or TRUNCATED; (transfer full). */
FacenetZip *facenet_zip_open (GBytes * bytes, const gchar * location,
    GError ** error);
void facenet_zip_free (FacenetZip * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetZip, facenet_zip_free)

/* NULL when there is none of that name. */
const FacenetZipEntry *facenet_zip_find (const FacenetZip * self,
    const gchar * name);

G_END_DECLS
