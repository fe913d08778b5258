/* facenet-hdf5.c - libhdf5, opened when it is wanted
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Linking it would load thirty libraries into every process that uses the
 * plugin, libcurl and OpenSSL among them, for a file that most never see.
 */
/* For RTLD_DEFAULT. */
#define _GNU_SOURCE

#include "import/facenet-hdf5-private.h"

#include <dlfcn.h>

typedef struct
{
  const gchar *name;
  gsize offset;                 /* of the pointer in FacenetHdf5 */
} Symbol;

/* Twice, so that a name which is a macro is the function it stands for. */
#define NAME(name) #name
#define SYMBOL(name) { NAME (name), G_STRUCT_OFFSET (FacenetHdf5, name) },

/* *INDENT-OFF* */
static const Symbol symbols[] = {
  FACENET_HDF5_FUNCTIONS (SYMBOL)
  { "H5P_CLS_FILE_ACCESS_ID_g", G_STRUCT_OFFSET (FacenetHdf5, file_access) },
  { "H5T_NATIVE_FLOAT_g", G_STRUCT_OFFSET (FacenetHdf5, native_float) },
};
/* *INDENT-ON* */

static GMutex lock;
static FacenetHdf5 library;
static gboolean is_open;

/* In a program that links libhdf5 itself its variables lie in the program, and
 * libhdf5 uses those: whoever asks the library gets copies that stay 0. */
static gpointer
find_symbol (void *handle, const gchar * name)
{
  gpointer symbol = dlsym (RTLD_DEFAULT, name);

  return symbol != NULL ? symbol : dlsym (handle, name);
}

static gboolean
find_symbols (void *handle)
{
  for (guint i = 0; i < G_N_ELEMENTS (symbols); i++) {
    gpointer *place = G_STRUCT_MEMBER_P (&library, symbols[i].offset);

    *place = find_symbol (handle, symbols[i].name);
    if (*place == NULL) {
      return FALSE;
    }
  }
  return library.H5open () >= 0;
}

/* Never closed: it keeps types and an exit handler of its own. */
static gboolean
open_library (const gchar * location, GError ** error)
{
  void *handle = dlopen (FACENET_HDF5_LIBRARY, RTLD_LAZY | RTLD_LOCAL);

  if (handle != NULL && find_symbols (handle)) {
    return TRUE;
  }
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
      "%s: a Keras .h5 file, needs %s to read it: %s", location,
      FACENET_HDF5_LIBRARY, handle == NULL ? dlerror () :
      "the one found lacks functions");
  return FALSE;
}

const FacenetHdf5 *
facenet_hdf5_open (const gchar * location, GError ** error)
{
  gboolean ok;

  g_mutex_lock (&lock);
  if (!is_open) {
    is_open = open_library (location, error);
  }
  ok = is_open;
  g_mutex_unlock (&lock);
  return ok ? &library : NULL;
}
