/* facenet-format-hdf5-none.c - Keras HDF5 files in a build without libhdf5
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * They are recognised all the same, to say what is missing.
 */
#include "import/facenet-import-private.h"

#include <string.h>

FacenetWeights *
facenet_format_hdf5_load (const FacenetSource * source, GError ** error)
{
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: an HDF5 file (Keras .h5), which this build cannot read; it "
      "needs libhdf5: meson setup -Dhdf5=enabled", source->location);
  return NULL;
}
