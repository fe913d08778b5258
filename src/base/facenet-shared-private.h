/* facenet-shared-private.h - what is read from a file once per process
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A table of the things in use, under the identity of their files, so that
 * those who name one unchanged file share one copy. The last who gives it up
 * frees it.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A kind of things; a static one needs no more than zeros. */
typedef struct {
  GMutex lock;
  GHashTable *in_use;           /* by key; holds no references */
} FacenetSharedTable;

/* The first member of a thing. */
typedef struct {
  guint n_refs;                 /* under the lock of the table */
  gchar *key;                   /* in the table; NULL when not there */
} FacenetShared;

/* Makes a new thing of the file. */
typedef gpointer (*FacenetSharedLoad) (const gchar * location,
    const gchar * variant, GError ** error);

/* One reference, of the caller; nobody else can find it. */
void facenet_shared_init (gpointer thing);

/* The thing in use that was loaded from the same unchanged file in the same
 * variant (NULL: the only one), or else what `load` makes of it; NULL with an
 * error. The lock is held meanwhile: who start together load once. */
gpointer facenet_shared_load (FacenetSharedTable * self,
    const gchar * location, const gchar * variant, FacenetSharedLoad load,
    GError ** error);
void facenet_shared_ref (FacenetSharedTable * self, gpointer thing);
/* Whether it was the last reference: the caller frees the thing then. */
gboolean facenet_shared_unref (FacenetSharedTable * self, gpointer thing);
/* Frees what the header owns, not the thing. */
void facenet_shared_clear (gpointer thing);

G_END_DECLS
