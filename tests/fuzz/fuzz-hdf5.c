/* fuzz-hdf5.c - any bytes as a Keras file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * libhdf5 reads in a child process, out of sight of libFuzzer, and may die
 * there; what matters is that this process gets weights or an error.
 */
#include "fuzz-format.h"

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  fuzz_format (FACENET_FORMAT_HDF5, facenet_format_hdf5_load,
      g_bytes_new_static (data, size));
  return 0;
}
